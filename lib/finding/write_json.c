/* write_json.c: findings as JSON, for programs. docs/check-findings.schema.json describes it. */
#include "finding/write.h"
#include "json/json.h"

static struct json_value *place_value(const struct span *place)
{
    struct json_value *value = json_map_new();
    json_map_put_text(value, "file", place->file ? place->file : ".");
    if (place->line) {
        json_map_put_number(value, "line", place->line);
        json_map_put_number(value, "column", place->column);
    }
    if (place->end_line) {
        json_map_put_number(value, "endLine", place->end_line);
        json_map_put_number(value, "endColumn", place->end_column);
    }
    return value;
}

static struct json_value *resource_value(const struct finding_resource *resource)
{
    struct json_value *value = json_map_new();
    json_map_put_text(value, "apiVersion", resource->api_version);
    json_map_put_text(value, "kind", resource->kind);
    json_map_put_text(value, "namespace", resource->namespace);
    json_map_put_text(value, "name", resource->name);
    return value;
}

static struct json_value *related_value(const struct finding *finding)
{
    struct json_value *list = json_list_new();
    for (size_t i = 0; i < finding->related_count; i++) {
        struct json_value *value = place_value(&finding->related[i].place);
        json_map_put_text(value, "text", finding->related[i].text);
        json_list_put(list, value);
    }
    return list;
}

static struct json_value *exception_value(const struct exception *exception)
{
    struct json_value *value = json_map_new();
    json_map_put_text(value, "reason", exception->reason);
    json_map_put_text(value, "until", exception->until);
    json_map_put(value, "place", place_value(&exception->place));
    return value;
}

static struct json_value *finding_value(const struct finding_report *report, const struct finding *finding)
{
    struct json_value *value = json_map_new(), *targets = json_list_new();
    json_map_put_text(value, "rule", finding->rule->id);
    json_map_put_text(value, "name", finding->rule->name);
    json_map_put_text(value, "severity", severity_text(finding->severity));
    json_map_put_text(value, "message", finding->message);
    json_map_put_text(value, "fix", finding->fix);
    json_map_put(value, "place", place_value(&finding->place));
    if (finding->resource.kind)
        json_map_put(value, "resource", resource_value(&finding->resource));
    json_map_put_text(value, "field", finding->field);
    for (size_t i = 0; i < finding->target_count; i++)
        json_list_put_text(targets, finding->targets[i]);
    json_map_put(value, "targets", targets);
    json_map_put(value, "related", related_value(finding));
    json_map_put_text(value, "fingerprint", finding_fingerprint(report->findings->arena, finding));
    if (finding->exception)
        json_map_put(value, "exception", exception_value(finding->exception));
    else
        json_map_put_null(value, "exception");
    return value;
}

void write_findings_json(const struct finding_report *report, struct text *out)
{
    struct json_value *root = json_map_new(), *summary = json_map_new(), *list = json_list_new();
    json_map_put_number(summary, "errors", (long long)report_count(report, SEVERITY_ERROR));
    json_map_put_number(summary, "warnings", (long long)report_count(report, SEVERITY_WARNING));
    json_map_put_number(summary, "notes", (long long)report_count(report, SEVERITY_NOTE));
    json_map_put_number(summary, "excepted", (long long)report_excepted(report));
    json_map_put_number(summary, "targets", (long long)report->target_count);
    for (size_t i = 0; i < report->findings->count; i++)
        json_list_put(list, finding_value(report, report->findings->items[i]));
    json_map_put_number(root, "version", 1);
    json_map_put(root, "summary", summary);
    json_map_put(root, "findings", list);
    json_value_write(root, out);
    json_value_free(root);
}
