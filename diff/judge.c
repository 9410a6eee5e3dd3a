/* judge.c: what the checks share. */
#include "diff/judge.h"

#include <string.h>

bool text_is(const char *text, const char *other)
{
    return text && other && strcmp(text, other) == 0;
}

bool is_listed(const char *text, const char *const *list)
{
    while (text && *list && strcmp(*list, text) != 0)
        list++;
    return text && *list;
}

bool path_begins(const char *path, const char *with)
{
    size_t size = strlen(with);
    return strncmp(path, with, size) == 0 && (!path[size] || path[size] == '.');
}

bool path_ends(const char *path, const char *with)
{
    size_t size = strlen(path), wanted = strlen(with);
    return size >= wanted && strcmp(path + size - wanted, with) == 0 &&
           (size == wanted || path[size - wanted - 1] == '.');
}

bool has_sync_option(const struct node *resource, const char *option)
{
    const char *options = node_text(AT(resource, "metadata", "annotations", "argocd.argoproj.io/sync-options"));
    size_t size = strlen(option);
    for (const char *at = options ? strstr(options, option) : NULL; at; at = strstr(at + 1, option))
        if ((at == options || at[-1] == ',' || at[-1] == ' ') && (!at[size] || at[size] == ','))
            return true;
    return false;
}

bool is_replaced(const struct node *resource)
{
    return has_sync_option(resource, "Replace=true") && has_sync_option(resource, "Force=true");
}

/* One that neither goes when it has succeeded nor before the next one comes is in the next one's way. */
static bool gives_way(const char *policy)
{
    return !policy || strstr(policy, "BeforeHookCreation") || strstr(policy, "HookSucceeded") ||
           strstr(policy, "before-hook-creation") || strstr(policy, "hook-succeeded");
}

/* Argo CD runs Helm's hooks as its own. */
bool is_hook(const struct node *resource)
{
    const struct node *annotations = AT(resource, "metadata", "annotations");
    const char *own = node_text(node_find(annotations, "argocd.argoproj.io/hook"));
    if (own)
        return gives_way(node_text(node_find(annotations, "argocd.argoproj.io/hook-delete-policy")));
    return node_find(annotations, "helm.sh/hook") &&
           gives_way(node_text(node_find(annotations, "helm.sh/hook-delete-policy")));
}

const struct node *pod_spec(const struct node *resource)
{
    const char *kind = node_text(node_get(resource, &key_kind));
    if (text_is(kind, "Pod"))
        return node_get(resource, &key_spec);
    if (text_is(kind, "CronJob"))
        return AT(resource, "spec", "jobTemplate", "spec", "template", "spec");
    return AT(resource, "spec", "template", "spec");
}

const struct node *find_object(const struct diff_side *side, const char *kind, const char *name)
{
    for (size_t i = 0; i < side->count; i++)
        if (node_equals(node_get(side->items[i], &key_kind), kind) &&
            node_equals(node_get(node_get(side->items[i], &key_metadata), &key_name), name))
            return side->items[i];
    return NULL;
}

/* "# rootapp:allow RULE REASON" behind the value. */
static const char *find_permission(struct report *report, const char *line, const char *rule)
{
    const char *comment = line ? strstr(line, "# rootapp:allow ") : NULL;
    size_t size = strlen(rule);
    if (!comment)
        return NULL;
    comment += strlen("# rootapp:allow ");
    if (strncmp(comment, rule, size) != 0 || (comment[size] && comment[size] != ' '))
        return NULL;
    return arena_string(report->arena, comment[size] ? comment + size + 1 : "without a reason");
}

__attribute__((format(printf, 5, 0))) static void add(struct judge *judge, enum risk_number rule, enum risk_level level,
                                                      const struct field_change *field, const char *format,
                                                      va_list arguments)
{
    struct report *report = judge->report;
    const struct resource_change *resource = judge->resource;
    report->risks =
        arena_grow(report->arena, report->risks, report->risk_count, &report->risk_room, sizeof *report->risks);
    struct risk *risk = &report->risks[report->risk_count++];
    *risk = (struct risk){.rule = &risk_rules[rule],
                          .level = level,
                          .message = arena_format_list(report->arena, format, arguments),
                          .application = judge->application,
                          .resource = resource,
                          .field = field};
    risk->on_base = field ? !field->new : resource && !resource->head;
    if (field)
        risk->source = risk->on_base ? field->was : field->source;
    else if (resource)
        risk->source = risk->on_base ? resource->was : resource->source;
    risk->allowed = field ? find_permission(report, field->line, risk->rule->name) : NULL;
}

void risk_add(struct judge *judge, enum risk_number rule, const struct field_change *field, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(judge, rule, risk_rules[rule].level, field, format, arguments);
    va_end(arguments);
}

void risk_add_as(struct judge *judge, enum risk_number rule, enum risk_level level, const struct field_change *field,
                 const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(judge, rule, level, field, format, arguments);
    va_end(arguments);
}

void risk_add_at(struct judge *judge, enum risk_number rule, struct place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(judge, rule, risk_rules[rule].level, NULL, format, arguments);
    va_end(arguments);
    struct risk *risk = &judge->report->risks[judge->report->risk_count - 1];
    risk->source = place;
    risk->on_base = false;
}
