/* page_findings.c: writes what was found, by rule, so that a thousand findings of one rule are one line until somebody
 * asks. */
#include "plugin/report/page_parts.h"

#include "plugin/report/html.h"

enum { FEW = 25 }; /* findings that are all shown at once */

static void write_place(const struct span *place, struct text *out)
{
    if (!place->file)
        return;
    text_string(out, " <code>");
    html_text(out, place->file);
    if (place->line)
        text_format(out, ":%u", place->line);
    if (place->line && place->column)
        text_format(out, ":%u", place->column);
    text_string(out, "</code>");
}

static void write_place_and_message(const struct finding *finding, struct text *out)
{
    write_place(&finding->place, out);
    text_byte(out, ' ');
    html_name(out, finding->message);
}

/* Severities of one rule are apart, because policies may give others to some. */
static void write_rule_id(const struct finding *finding, struct text *out)
{
    text_format(out, "rule:%s:%s", finding->rule->id, severity_text(finding->severity));
}

void page_finding(const struct finding *finding, struct text *out)
{
    const char *level = severity_text(finding->severity);
    text_format(out, "<li><span class=\"badge %s\">%s</span>", level, level);
    write_place_and_message(finding, out);
    text_string(out, " <a href=\"#");
    write_rule_id(finding, out);
    text_format(out, "\">%s</a></li>\n", finding->rule->id);
}

static void write_finding(const struct finding *finding, struct text *out)
{
    text_string(out, "<li>");
    write_place_and_message(finding, out);
    if (finding->fix) {
        text_string(out, "<br>fix: <code>");
        html_text(out, finding->fix);
        text_string(out, "</code>");
    }
    for (size_t i = 0; i < finding->target_count; i++) {
        text_string(out, i ? ", " : "<br>in ");
        html_name(out, finding->targets[i]);
    }
    text_string(out, "</li>\n");
}

static bool is_shown(const struct finding *finding, enum severity severity)
{
    return !finding->exception && finding->severity == severity;
}

static void write_rule(const struct board *board, const struct finding *first, size_t count, bool open,
                       struct text *out)
{
    const char *level = severity_text(first->severity);
    text_format(out, "<details%s><summary><span class=\"badge %s\">%zu %s%s</span> %s %s</summary>\n<div id=\"",
                open ? " open" : "", level, count, level, page_plural(count), first->rule->id, first->rule->name);
    write_rule_id(first, out);
    text_string(out, "\"><p class=\"why\">");
    html_text(out, first->rule->summary);
    text_string(out, "</p>\n<ul class=\"findings\">\n");
    for (size_t i = 0; i < board->findings->count; i++) {
        const struct finding *finding = board->findings->items[i];
        if (is_shown(finding, first->severity) && finding->rule == first->rule)
            write_finding(finding, out);
    }
    text_string(out, "</ul></div></details>\n");
}

/* What is worse comes first; of one severity, rules in the order of their ids. */
static void write_severity(const struct board *board, enum severity severity, bool open, struct text *out)
{
    size_t counts[RULE_COUNT] = {0};
    const struct finding *first[RULE_COUNT] = {0};
    for (size_t i = 0; i < board->findings->count; i++) {
        const struct finding *finding = board->findings->items[i];
        size_t rule = (size_t)(finding->rule - rules);
        if (is_shown(finding, severity) && !counts[rule]++)
            first[rule] = finding;
    }
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (counts[i])
            write_rule(board, first[i], counts[i], open || (severity == SEVERITY_ERROR && counts[i] <= FEW), out);
}

void page_findings(const struct board *board, struct text *out)
{
    size_t excepted = 0;
    for (size_t i = 0; i < board->findings->count; i++)
        excepted += board->findings->items[i]->exception != NULL;
    size_t shown = board->findings->count - excepted;
    text_string(out, "<section id=\"findings\"><h2>What <code>rootapp check</code> finds</h2>\n");
    text_string(out, shown ? "" : "<p>Nothing.</p>\n");
    for (int severity = SEVERITY_ERROR; severity > SEVERITY_OFF; severity--)
        write_severity(board, (enum severity)severity, shown <= FEW, out);
    if (excepted)
        text_format(out, "<p>%zu more %s permitted by exceptions.</p>\n", excepted, excepted == 1 ? "is" : "are");
    text_string(out, "</section>\n");
}
