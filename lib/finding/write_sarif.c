/* write_sarif.c: findings as SARIF 2.1.0, as GitHub's code scanning takes it.
 *
 * Limits: 25,000 results of a run, one location of a result is shown, 20 tags. Source: docs.github.com, "SARIF support
 * for code scanning". */
#include "finding/write.h"
#include "json/json.h"

#include <string.h>

enum { MOST_RESULTS = 25000 };

static struct json_value *text_value(const char *text)
{
    struct json_value *value = json_map_new();
    json_map_put_text(value, "text", text);
    return value;
}

static const char *level_of(enum severity severity)
{
    return severity == SEVERITY_OFF ? "none" : severity_text(severity);
}

static struct json_value *rule_value(const struct rule *rule)
{
    struct json_value *value = json_map_new(), *properties = json_map_new(), *configuration = json_map_new();
    struct text help = {0};
    text_format(&help, "%s %s", rule->why, rule->fix);
    json_map_put_text(value, "id", rule->id);
    json_map_put_text(value, "name", rule->name);
    json_map_put(value, "shortDescription", text_value(rule->summary));
    json_map_put(value, "fullDescription", text_value(rule->why));
    json_map_put(value, "help", text_value(text_content(&help)));
    json_map_put_text(value, "helpUri", "https://github.com/rootapp/rootapp/blob/main/docs/checks.md");
    json_map_put_text(configuration, "level", level_of(rule->severity));
    json_map_put(value, "defaultConfiguration", configuration);
    if (strcmp(rule->id, "RA407") == 0 || strncmp(rule->id, "RA5", 3) == 0) {
        json_map_put_text(properties, "security-severity", rule->severity == SEVERITY_ERROR ? "8.0" : "5.0");
        struct json_value *tags = json_list_new();
        json_list_put_text(tags, "security");
        json_map_put(properties, "tags", tags);
    }
    json_map_put(value, "properties", properties);
    text_free(&help);
    return value;
}

/* Characters that a URI has in its path as they are; others are escaped. */
static void write_uri(struct text *out, const char *path)
{
    for (; *path; path++) {
        unsigned char byte = (unsigned char)*path;
        bool plain = byte < 0x80 && (strchr("-._~/!$&'()*+,;=@", byte) || (byte >= '0' && byte <= '9') ||
                                     (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z'));
        if (plain)
            text_byte(out, (char)byte);
        else
            text_format(out, "%%%02X", byte);
    }
}

static struct json_value *physical_value(const struct span *place)
{
    struct json_value *value = json_map_new(), *artifact = json_map_new(), *region = json_map_new();
    struct text uri = {0};
    write_uri(&uri, place->file ? place->file : ".");
    json_map_put_text(artifact, "uri", text_content(&uri));
    json_map_put_text(artifact, "uriBaseId", "%SRCROOT%");
    json_map_put(value, "artifactLocation", artifact);
    json_map_put_number(region, "startLine", place->line ? place->line : 1);
    json_map_put_number(region, "startColumn", place->column ? place->column : 1);
    if (place->end_line) {
        json_map_put_number(region, "endLine", place->end_line);
        json_map_put_number(region, "endColumn", place->end_column);
    }
    json_map_put(value, "region", region);
    text_free(&uri);
    return value;
}

static struct json_value *logical_value(const struct finding *finding)
{
    const struct finding_resource *resource = &finding->resource;
    struct text name = {0};
    text_format(&name, "%s/%s/%s/%s%s%s", finding->target_count ? finding->targets[0] : "repository",
                resource->api_version ? resource->api_version : "", resource->kind,
                resource->name ? resource->name : "", finding->field ? "/" : "", finding->field ? finding->field : "");
    struct json_value *list = json_list_new(), *value = json_map_new();
    json_map_put_text(value, "fullyQualifiedName", text_content(&name));
    json_list_put(list, value);
    text_free(&name);
    return list;
}

static struct json_value *locations_value(const struct finding *finding)
{
    struct json_value *list = json_list_new(), *location = json_map_new();
    json_map_put(location, "physicalLocation", physical_value(&finding->place));
    if (finding->resource.kind)
        json_map_put(location, "logicalLocations", logical_value(finding));
    json_list_put(list, location);
    return list;
}

static struct json_value *related_value(const struct finding *finding)
{
    struct json_value *list = json_list_new();
    for (size_t i = 0; i < finding->related_count; i++) {
        struct json_value *location = json_map_new();
        json_map_put_number(location, "id", (long long)i + 1);
        json_map_put(location, "physicalLocation", physical_value(&finding->related[i].place));
        json_map_put(location, "message", text_value(finding->related[i].text));
        json_list_put(list, location);
    }
    return list;
}

static struct json_value *suppressions_value(const struct exception *exception)
{
    struct json_value *list = json_list_new(), *value = json_map_new();
    json_map_put_text(value, "kind", exception->is_inline ? "inSource" : "external");
    json_map_put_text(value, "status", "accepted");
    json_map_put_text(value, "justification", exception->reason);
    json_list_put(list, value);
    return list;
}

/* What a person reads first: the message, the remedy, and the targets. */
static struct json_value *message_value(const struct finding *finding)
{
    struct text text = {0};
    text_string(&text, finding->message);
    if (finding->fix)
        text_format(&text, " Fix: %s", finding->fix);
    for (size_t i = 0; i < finding->target_count && i < 10; i++)
        text_format(&text, "%s%s", i ? ", " : " In ", finding->targets[i]);
    if (text.size && text_content(&text)[text.size - 1] != '.')
        text_byte(&text, '.');
    struct json_value *value = text_value(text_content(&text));
    text_free(&text);
    return value;
}

static struct json_value *result_value(const struct finding_report *report, const struct finding *finding, size_t index)
{
    struct json_value *value = json_map_new(), *prints = json_map_new();
    json_map_put_text(value, "ruleId", finding->rule->id);
    json_map_put_number(value, "ruleIndex", (long long)index);
    json_map_put_text(value, "level", level_of(finding->severity));
    json_map_put(value, "message", message_value(finding));
    json_map_put(value, "locations", locations_value(finding));
    if (finding->related_count)
        json_map_put(value, "relatedLocations", related_value(finding));
    json_map_put_text(prints, "rootapp/v1", finding_fingerprint(report->findings->arena, finding));
    json_map_put(value, "partialFingerprints", prints);
    if (finding->exception)
        json_map_put(value, "suppressions", suppressions_value(finding->exception));
    return value;
}

/* The rules that were found, in the order of the table, and where each is in the list. */
static struct json_value *rules_value(const struct finding_report *report, size_t indices[RULE_COUNT])
{
    struct json_value *list = json_list_new();
    size_t count = 0;
    for (size_t i = 0; i < RULE_COUNT; i++)
        for (size_t k = 0; k < report->findings->count; k++)
            if (report->findings->items[k]->rule == &rules[i]) {
                indices[i] = count++;
                json_list_put(list, rule_value(&rules[i]));
                break;
            }
    return list;
}

static struct json_value *tool_value(struct json_value *found_rules, const char *version)
{
    struct json_value *tool = json_map_new(), *driver = json_map_new();
    json_map_put_text(driver, "name", "rootapp");
    json_map_put_text(driver, "version", version);
    json_map_put_text(driver, "informationUri", "https://github.com/rootapp/rootapp");
    json_map_put(driver, "rules", found_rules);
    json_map_put(tool, "driver", driver);
    return tool;
}

/* More than may be uploaded are left out, and said so. */
static struct json_value *invocations_value(size_t left_out)
{
    struct json_value *list = json_list_new(), *invocation = json_map_new(), *notes = json_list_new();
    json_map_put(invocation, "executionSuccessful", json_bool_value(true));
    if (left_out) {
        struct json_value *note = json_map_new();
        struct text text = {0};
        text_format(&text, "%zu more findings are left out: a run may have %d results.", left_out, MOST_RESULTS);
        json_map_put_text(note, "level", "warning");
        json_map_put(note, "message", text_value(text_content(&text)));
        json_list_put(notes, note);
        text_free(&text);
    }
    json_map_put(invocation, "toolExecutionNotifications", notes);
    json_list_put(list, invocation);
    return list;
}

void write_findings_sarif(const struct finding_report *report, struct text *out)
{
    size_t indices[RULE_COUNT] = {0}, count = report->findings->count,
           shown = count < MOST_RESULTS ? count : MOST_RESULTS;
    struct json_value *root = json_map_new(), *runs = json_list_new(), *run = json_map_new(),
                      *results = json_list_new();
    struct json_value *details = json_map_new(), *bases = json_map_new(), *base = json_map_new();
    json_map_put_text(root, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_map_put_text(root, "version", "2.1.0");
    json_map_put(run, "tool", tool_value(rules_value(report, indices), report->version));
    json_map_put_text(details, "id", "rootapp/check/");
    json_map_put(run, "automationDetails", details);
    json_map_put(run, "invocations", invocations_value(count - shown));
    json_map_put(base, "description", text_value("The repository's root."));
    json_map_put(bases, "%SRCROOT%", base);
    json_map_put(run, "originalUriBaseIds", bases);
    for (size_t i = 0; i < shown; i++) {
        const struct finding *finding = report->findings->items[i];
        json_list_put(results, result_value(report, finding, indices[finding->rule - rules]));
    }
    json_map_put(run, "results", results);
    json_map_put_text(run, "columnKind", "unicodeCodePoints");
    json_list_put(runs, run);
    json_map_put(root, "runs", runs);
    json_value_write(root, out);
    json_value_free(root);
}
