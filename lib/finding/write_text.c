/* write_text.c: findings as lines for persons, editors and logs. */
#include <string.h>

#include "base/visible.h"
#include "base/wrap.h"
#include "finding/write.h"

static void write_visible(struct text *out, const char *text)
{
    visible_bytes(out, text, strlen(text), VISIBLE_LINE);
}

size_t report_count(const struct finding_report *report, enum severity severity)
{
    size_t count = 0;
    for (size_t i = 0; i < report->findings->count; i++)
        count += report->findings->items[i]->severity == severity && !report->findings->items[i]->exception;
    return count;
}

size_t report_excepted(const struct finding_report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < report->findings->count; i++)
        count += report->findings->items[i]->exception != NULL;
    return count;
}

static void write_count(struct text *out, size_t count, const char *what)
{
    if (count)
        text_format(out, "%s%zu %s%s", out->size ? ", " : "", count, what, count == 1 ? "" : "s");
}

void write_findings_summary(const struct finding_report *report, struct text *out)
{
    struct text counts = {0};
    write_count(&counts, report_count(report, SEVERITY_ERROR), "error");
    write_count(&counts, report_count(report, SEVERITY_WARNING), "warning");
    write_count(&counts, report_count(report, SEVERITY_NOTE), "note");
    text_format(out, "%s in %zu target%s", counts.size ? text_content(&counts) : "nothing found", report->target_count,
                report->target_count == 1 ? "" : "s");
    if (report_excepted(report))
        text_format(out, "; %zu excepted", report_excepted(report));
    text_free(&counts);
}

static void write_place(struct text *out, const struct span *place)
{
    write_visible(out, place->file ? place->file : ".");
    if (place->line)
        text_format(out, ":%u:%u", place->line, place->column);
}

static bool is_shown(const struct finding_report *report, const struct finding *finding)
{
    return finding->severity != SEVERITY_OFF && (report->verbose || !finding->exception);
}

/* Lines. */

static void write_line(const struct finding *finding, struct text *out)
{
    write_place(out, &finding->place);
    text_format(out, ": %s: ", severity_text(finding->severity));
    write_visible(out, finding->message);
    text_format(out, " [%s %s]", finding->rule->id, finding->rule->name);
    for (size_t i = 0; i < finding->target_count; i++) {
        text_string(out, i ? " " : " (");
        write_visible(out, finding->targets[i]);
    }
    text_string(out, finding->target_count ? ")" : "");
    text_string(out, finding->exception ? " (excepted)\n" : "\n");
}

void write_findings_lines(const struct finding_report *report, struct text *out)
{
    for (size_t i = 0; i < report->findings->count; i++)
        if (is_shown(report, report->findings->items[i]))
            write_line(report->findings->items[i], out);
}

/* A terminal. */

enum { WIDEST_LINE = 120, MOST_TARGETS = 6, INDENT = 6 };

static const char *const severity_colours[] = {"", "\033[36m", "\033[33m", "\033[31m"};

struct style {
    const char *bold, *dim, *severity, *end;
    size_t width;
};

static struct style style_of(enum severity severity, bool colours, size_t width)
{
    if (!colours)
        return (struct style){"", "", "", "", width};
    return (struct style){"\033[1m", "\033[2m", severity_colours[severity], "\033[0m", width};
}

/* What stands at the place, and carets below it. */
static void write_source(const struct finding_report *report, const struct finding *finding, const struct style *style,
                         struct text *out)
{
    const struct span *place = &finding->place;
    const char *line = place->line && report->line ? report->line(report->context, place->file, place->line) : NULL;
    if (!line || strlen(line) > WIDEST_LINE || strlen(line) + 1 < place->column)
        return;
    unsigned width =
        place->end_line == place->line && place->end_column > place->column ? place->end_column - place->column : 1;
    text_format(out, "  %s%6u │%s ", style->dim, place->line, style->end);
    write_visible(out, line);
    text_format(out, "\n          %s", style->severity);
    text_repeat(out, ' ', place->column);
    text_repeat(out, '^', width);
    text_format(out, "%s\n", style->end);
}

static void write_targets(const struct finding *finding, struct text *out)
{
    for (size_t i = 0; i < finding->target_count && i < MOST_TARGETS; i++) {
        text_string(out, i ? ", " : "      in ");
        write_visible(out, finding->targets[i]);
    }
    if (finding->target_count > MOST_TARGETS)
        text_format(out, " and %zu more", finding->target_count - MOST_TARGETS);
    if (finding->target_count)
        text_byte(out, '\n');
}

static void write_related(const struct finding *finding, const struct style *style, struct text *out)
{
    for (size_t i = 0; i < finding->related_count; i++) {
        struct text line = {0};
        write_place(&line, &finding->related[i].place);
        text_string(&line, ": ");
        write_visible(&line, finding->related[i].text);
        text_repeat(out, ' ', INDENT);
        text_wrap(out, text_content(&line), INDENT, style->width);
        text_free(&line);
    }
}

static void write_fix(const struct finding *finding, const struct style *style, struct text *out)
{
    struct text line = {0};
    text_string(&line, "fix: ");
    write_visible(&line, finding->fix);
    text_repeat(out, ' ', INDENT);
    text_wrap(out, text_content(&line), INDENT, style->width);
    text_free(&line);
}

static void write_message(const struct finding *finding, const struct style *style, struct text *out)
{
    struct text place = {0}, message = {0};
    const char *severity = severity_text(finding->severity);
    write_place(&place, &finding->place);
    write_visible(&message, finding->message);
    text_format(&message, " %s[%s]%s%s", style->dim, finding->rule->id, style->end,
                finding->exception ? " (excepted)" : "");
    text_format(out, "%s%s: %s%s%s%s:%s ", style->bold, text_content(&place), style->severity, severity, style->end,
                style->bold, style->end);
    text_wrap_from(out, text_content(&message), place.size + strlen(": : ") + strlen(severity), INDENT, style->width);
    text_free(&place);
    text_free(&message);
}

static void write_finding(const struct finding_report *report, const struct finding *finding, const struct style *style,
                          struct text *out)
{
    write_message(finding, style, out);
    write_source(report, finding, style, out);
    write_related(finding, style, out);
    write_targets(finding, out);
    if (finding->fix)
        write_fix(finding, style, out);
}

void write_findings_terminal(const struct finding_report *report, bool colours, size_t width, struct text *out)
{
    for (size_t i = 0; i < report->findings->count; i++) {
        const struct finding *finding = report->findings->items[i];
        const struct style style = style_of(finding->severity, colours, width);
        if (is_shown(report, finding))
            write_finding(report, finding, &style, out);
    }
}
