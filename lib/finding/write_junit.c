/* write_junit.c: findings as JUnit's XML: a suite a target, a case a rule. */
#include <string.h>

#include "base/utf8.h"
#include "finding/write.h"

/* XML 1.0 has no control characters but three. */
static void write_xml(struct text *out, const char *text)
{
    struct text valid = {0};
    utf8_add_valid(&valid, text, strlen(text));
    for (const char *at = text_content(&valid); *at; at++)
        if (strchr("<>&\"'", *at))
            text_format(out, "&#%d;", *at);
        else if ((unsigned char)*at < ' ')
            text_byte(out, ' ');
        else
            text_byte(out, *at);
    text_free(&valid);
}

static bool has_target(const struct finding *finding, const char *target)
{
    for (size_t i = 0; i < finding->target_count; i++)
        if (strcmp(finding->targets[i], target) == 0)
            return true;
    return !target[0] && !finding->target_count;
}

static bool is_failure(const struct finding *finding, const struct rule *rule, const char *target)
{
    return finding->rule == rule && !finding->exception && finding->severity > SEVERITY_NOTE &&
           has_target(finding, target);
}

static void write_failure(const struct finding *finding, struct text *out)
{
    text_format(out, "      <failure type=\"%s\" message=\"", severity_text(finding->severity));
    write_xml(out, finding->message);
    text_string(out, "\">");
    write_xml(out, finding->place.file ? finding->place.file : ".");
    text_format(out, ":%u:%u: ", finding->place.line, finding->place.column);
    write_xml(out, finding->message);
    text_string(out, "</failure>\n");
}

/* The first finding is the case's place; all are its failures. */
static bool write_case(const struct finding_report *report, const struct rule *rule, const char *target,
                       struct text *out)
{
    const struct finding *first = NULL;
    text_format(out, "    <testcase classname=\"");
    write_xml(out, *target ? target : "repository");
    text_format(out, "\" name=\"%s %s\"", rule->id, rule->name);
    for (size_t i = 0; !first && i < report->findings->count; i++)
        if (is_failure(report->findings->items[i], rule, target))
            first = report->findings->items[i];
    if (!first) {
        text_string(out, "/>\n");
        return false;
    }
    text_string(out, " file=\"");
    write_xml(out, first->place.file ? first->place.file : ".");
    text_format(out, "\" line=\"%u\">\n", first->place.line);
    for (size_t i = 0; i < report->findings->count; i++)
        if (is_failure(report->findings->items[i], rule, target))
            write_failure(report->findings->items[i], out);
    text_string(out, "    </testcase>\n");
    return true;
}

static void write_suite(const struct finding_report *report, const char *target, struct text *out)
{
    struct text cases = {0};
    size_t count = 0, failures = 0;
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (!report->provides || report->provides((enum rule_id)i)) {
            failures += write_case(report, &rules[i], target, &cases);
            count++;
        }
    text_string(out, "  <testsuite name=\"");
    write_xml(out, *target ? target : "repository");
    text_format(out, "\" tests=\"%zu\" failures=\"%zu\">\n%s  </testsuite>\n", count, failures, text_content(&cases));
    text_free(&cases);
}

void write_findings_junit(const struct finding_report *report, struct text *out)
{
    text_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"rootapp check\">\n");
    write_suite(report, "", out);
    for (size_t i = 0; i < report->target_count; i++)
        write_suite(report, report->targets[i], out);
    text_string(out, "</testsuites>\n");
}
