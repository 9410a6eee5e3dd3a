/* write_github.c: findings as commands of GitHub's workflows, which become annotations, and as a summary in Markdown.
 *
 * A step shows 10 errors and 10 warnings: what changes in the pull request comes first, and the rest is in the summary.
 */
#include <string.h>

#include "finding/write.h"

enum { MOST_SHOWN = 10, LARGEST_SUMMARY = 1000 * 1000 };

/* Source: actions/toolkit, packages/core/src/command.ts. What could begin another command is escaped. */
static void write_escaped(struct text *out, const char *text, bool property)
{
    for (; *text; text++)
        if (*text == '%' || *text == '\r' || *text == '\n' || (property && (*text == ':' || *text == ',')))
            text_format(out, "%%%02X", (unsigned char)*text);
        else
            text_byte(out, *text);
}

static void write_property(struct text *out, const char *name, const char *value)
{
    text_format(out, "%s=", name);
    write_escaped(out, value, true);
}

static void write_command(const struct finding *finding, struct text *out)
{
    static const char *const commands[] = {"", "notice", "warning", "error"};
    const struct span *place = &finding->place;
    text_format(out, "::%s ", commands[finding->severity]);
    write_property(out, "file", place->file ? place->file : ".");
    text_format(out, ",line=%u", place->line ? place->line : 1);
    if (place->line && place->end_line)
        text_format(out, ",endLine=%u,col=%u,endColumn=%u", place->end_line, place->column, place->end_column);
    else if (place->line)
        text_format(out, ",col=%u", place->column);
    text_format(out, ",title=%s %s::", finding->rule->id, finding->rule->name);
    write_escaped(out, finding->message, false);
    if (finding->fix) {
        text_string(out, "%0Afix: ");
        write_escaped(out, finding->fix, false);
    }
    text_byte(out, '\n');
}

static bool is_shown(const struct finding *finding, enum severity severity)
{
    return finding->severity == severity && !finding->exception;
}

static bool is_changed(const struct finding_report *report, const struct finding *finding)
{
    for (size_t i = 0; i < report->changed_count; i++)
        if (finding->place.file && strcmp(report->changed[i], finding->place.file) == 0)
            return true;
    return false;
}

static size_t write_some(const struct finding_report *report, enum severity severity, bool changed, size_t most,
                         struct text *out)
{
    size_t count = 0;
    for (size_t i = 0; i < report->findings->count && count < most; i++) {
        const struct finding *finding = report->findings->items[i];
        if (!is_shown(finding, severity) || is_changed(report, finding) != changed)
            continue;
        write_command(finding, out);
        count++;
    }
    return count;
}

static void write_severity(const struct finding_report *report, enum severity severity, struct text *out)
{
    size_t all = report_count(report, severity), most = all > MOST_SHOWN ? MOST_SHOWN : all;
    size_t shown = write_some(report, severity, true, most, out);
    shown += write_some(report, severity, false, most - shown, out);
    if (all > shown)
        text_format(out, "%zu more %s%s in the summary\n", all - shown, severity_text(severity),
                    all - shown == 1 ? "" : "s");
}

void write_findings_github(const struct finding_report *report, struct text *out)
{
    write_severity(report, SEVERITY_ERROR, out);
    write_severity(report, SEVERITY_WARNING, out);
    write_severity(report, SEVERITY_NOTE, out);
}

/* Nothing in a cell is markup. */
static void write_cell(struct text *out, const char *text)
{
    for (; *text; text++)
        if (*text == '\n' || *text == '\r')
            text_byte(out, ' ');
        else if (strchr("|\\`*_<>[]&", *text))
            text_format(out, "&#%d;", *text);
        else
            text_byte(out, *text);
}

static void write_row(const struct finding *finding, struct text *out)
{
    text_format(out, "| %s | %s | ", severity_text(finding->severity), finding->rule->id);
    write_cell(out, finding->place.file ? finding->place.file : ".");
    if (finding->place.line)
        text_format(out, ":%u", finding->place.line);
    text_string(out, " | ");
    write_cell(out, finding->message);
    text_string(out, " |\n");
}

void write_findings_markdown(const struct finding_report *report, struct text *out)
{
    text_string(out, "### rootapp check\n\n");
    write_findings_summary(report, out);
    text_string(out, "\n\n| | Rule | Place | Finding |\n|---|---|---|---|\n");
    for (enum severity severity = SEVERITY_ERROR; severity > SEVERITY_OFF; severity--)
        for (size_t i = 0; i < report->findings->count && out->size < LARGEST_SUMMARY; i++)
            if (is_shown(report->findings->items[i], severity))
                write_row(report->findings->items[i], out);
}
