/* check_pods.c: containers that lose limits or probes, and pods that may do more than before. */
#include <string.h>

#include "diff/judge.h"

/* What a value of a field gives: the last names of its path, and the value; NULL: any. */
static const struct privilege {
    const char *path, *value, *meaning;
} privileges[] = {
    {"securityContext.privileged", "true", "is privileged"},
    {"securityContext.allowPrivilegeEscalation", "true", "may gain privileges"},
    {"hostNetwork", "true", "uses the node's network"},
    {"hostPID", "true", "sees the node's processes"},
    {"hostIPC", "true", "shares the node's memory segments"},
    {"hostPath", NULL, "mounts a directory of the node"},
    {"hostPath.path", NULL, "mounts another directory of the node"},
    {"capabilities.add", NULL, "has more capabilities"},
    {"runAsNonRoot", "false", "may run as root"},
    {"seccompProfile.type", "Unconfined", "is no longer limited by seccomp"},
};

/* What protects, and is gone. */
static const struct privilege losses[] = {
    {"runAsNonRoot", NULL, "may run as root"},
    {"seccompProfile", NULL, "is no longer limited by seccomp"},
    {"readOnlyRootFilesystem", NULL, "may write to its file system"},
    {"capabilities.drop", NULL, "keeps its capabilities"},
    {"securityContext", NULL, "loses its security context"},
};

static bool is_given(const struct privilege *row, const char *path, const struct node *value)
{
    return path_ends(path, row->path) && value && (!row->value || node_equals(value, row->value));
}

/* Whether a value gives it, or something below that value does. `path` is changed, and left as it was. */
static bool gives_privilege(const struct privilege *row, struct text *path, const struct node *value)
{
    size_t size = path->size;
    bool found = is_given(row, path->bytes, value);
    for (size_t i = 0; !found && (node_is_map(value) || node_is_list(value)) && i < value->count; i++) {
        const struct key *key = node_is_map(value) ? value->entries[i].key : NULL;
        text_format(path, ".%s", key ? key->text : "[]");
        found = gives_privilege(row, path, node_is_map(value) ? value->entries[i].value : value->items[i]);
        text_cut(path, size);
    }
    return found;
}

/* An item of a list that was added belongs to the list. */
static bool matches_privilege(const struct field_change *field, const struct privilege *row)
{
    struct text path = {0};
    const char *item = strrchr(field->path, '[');
    bool in_list = field->op == FIELD_ADD && item && item > field->path && field->path[strlen(field->path) - 1] == ']';
    text_bytes(&path, field->path, in_list ? (size_t)(item - field->path - 1) : strlen(field->path));
    bool found = field->op != FIELD_REMOVE && gives_privilege(row, &path, field->new);
    text_free(&path);
    return found;
}

static void check_privileges(struct judge *judge, const struct resource_change *change,
                             const struct field_change *field)
{
    for (size_t i = 0; i < sizeof privileges / sizeof *privileges; i++)
        if (matches_privilege(field, &privileges[i])) {
            risk_add(judge, RISK_PRIVILEGE, field, "%s %s %s: %s", change->id.kind, change->id.name,
                     privileges[i].meaning, field->path);
            return;
        }
    for (size_t i = 0; field->op == FIELD_REMOVE && i < sizeof losses / sizeof *losses; i++)
        if (path_ends(field->path, losses[i].path)) {
            risk_add(judge, RISK_PRIVILEGE, field, "%s %s %s: %s is gone", change->id.kind, change->id.name,
                     losses[i].meaning, field->path);
            return;
        }
}

static void check_losses(struct judge *judge, const struct resource_change *change, const struct field_change *field)
{
    static const char *const probes[] = {"readinessProbe", "livenessProbe", "startupProbe"};
    if (field->op != FIELD_REMOVE)
        return;
    if (path_ends(field->path, "limits") || strstr(field->path, "resources.limits.") ||
        path_ends(field->path, "resources"))
        risk_add(judge, RISK_LIMITS_REMOVED, field, "%s %s: %s is gone", change->id.kind, change->id.name, field->path);
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
        if (path_ends(field->path, probes[i]))
            risk_add(judge, RISK_PROBE_REMOVED, field, "%s %s: %s is gone", change->id.kind, change->id.name,
                     field->path);
}

static void check_level(struct judge *judge, const struct resource_change *change, const struct field_change *field)
{
    bool loosened = strstr(field->path, "pod-security\\.kubernetes\\.io/enforce") &&
                    !node_equals(field->new, "restricted") && !node_equals(field->old, "privileged") &&
                    !(node_equals(field->new, "baseline") && field->op == FIELD_ADD);
    if (loosened)
        risk_add(judge, RISK_PRIVILEGE, field, "Namespace %s: its pods may do more", change->id.name);
}

void check_pods(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    bool namespace = text_is(change->id.kind, "Namespace");
    if (!change->base || !change->head || (!namespace && !pod_spec(change->head)))
        return;
    for (size_t i = 0; i < change->count; i++) {
        if (namespace) {
            check_level(judge, change, &change->fields[i]);
            continue;
        }
        check_privileges(judge, change, &change->fields[i]);
        check_losses(judge, change, &change->fields[i]);
    }
}
