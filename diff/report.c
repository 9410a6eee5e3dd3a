/* report.c: counts of a report, and its rules by name. */
#include "diff/report.h"

const struct risk_rule risk_rules[RISK_COUNT] = {
#define RISK(id, name, level, meaning) [RISK_##id] = {name, level, meaning},
#include "diff/risk_rules.def"
#undef RISK
};

const char *const risk_levels[] = {"note", "warning", "danger", NULL};

size_t count_applications(const struct report *report, enum application_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < report->count; i++)
        count += report->applications[i].state == state;
    return count;
}

size_t count_risks(const struct report *report, enum risk_level level)
{
    size_t count = 0;
    for (size_t i = 0; i < report->risk_count; i++)
        count += report->risks[i].level == level && !report->risks[i].allowed && !report->risks[i].again;
    return count;
}

bool anything_differs(const struct report *report)
{
    return report->root.count || report->count > count_applications(report, APPLICATION_SAME);
}

void note_comparison(struct report *report, const char *line)
{
    report->notes =
        arena_grow(report->arena, report->notes, report->note_count, &report->note_room, sizeof *report->notes);
    report->notes[report->note_count++] = line;
}
