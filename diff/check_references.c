/* check_references.c: what workloads name, and is rendered no longer. */
#include <string.h>

#include "diff/judge.h"

/* Where a pod's spec names other objects: the field that holds the name, the field around it, and the kind. */
static const struct reference {
    const char *around, *field, *kind;
} references[] = {
    {"configMapRef", "name", "ConfigMap"},
    {"configMapKeyRef", "name", "ConfigMap"},
    {"configMap", "name", "ConfigMap"},
    {"secretRef", "name", "Secret"},
    {"secretKeyRef", "name", "Secret"},
    {"secret", "secretName", "Secret"},
    {"persistentVolumeClaim", "claimName", "PersistentVolumeClaim"},
};

static const char *const secret_kinds[] = {"Secret", "SealedSecret", "ExternalSecret", NULL};

/* A SealedSecret and an ExternalSecret become Secrets of their names. */
static bool is_rendered(const struct diff_side *side, const char *kind, const char *name)
{
    for (size_t i = 0; text_is(kind, "Secret") && secret_kinds[i]; i++)
        if (find_object(side, secret_kinds[i], name))
            return true;
    return find_object(side, kind, name);
}

static void check_name(struct judge *judge, const char *owner, const char *kind, const struct node *name)
{
    const struct application *application = judge->application;
    const char *text = node_text(name);
    if (text && is_rendered(&application->base, kind, text) && !is_rendered(&application->head, kind, text))
        risk_add(judge, RISK_REMOVED_USED, NULL, "%s %s is removed, and %s still names it", kind, text, owner);
}

static void walk_references(struct judge *judge, const char *owner, const struct node *node)
{
    for (size_t i = 0; node_is_list(node) && i < node->count; i++)
        walk_references(judge, owner, node->items[i]);
    for (size_t i = 0; node_is_map(node) && i < node->count; i++) {
        const struct entry *entry = &node->entries[i];
        for (size_t row = 0; entry->key && row < sizeof references / sizeof *references; row++)
            if (strcmp(references[row].around, entry->key->text) == 0 &&
                !node_equals(node_find(entry->value, "optional"), "true"))
                check_name(judge, owner, references[row].kind, node_find(entry->value, references[row].field));
        walk_references(judge, owner, entry->value);
    }
}

/* A name that was rendered, and became one that is not. What is made outside of the repository is not rendered on
 * either side, and cannot be told from a slip of the pen. */
static void check_field(struct judge *judge, const struct resource_change *change, const struct field_change *field)
{
    const struct application *application = judge->application;
    const char *old = node_text(field->old), *new = node_text(field->new), *kind = NULL;
    for (size_t row = 0; row < sizeof references / sizeof *references && !kind; row++)
        if (path_ends(field->path,
                      arena_format(judge->report->arena, "%s.%s", references[row].around, references[row].field)))
            kind = references[row].kind;
    kind = kind ? kind : path_ends(field->path, "serviceAccountName") ? "ServiceAccount" : NULL;
    if (kind && old && new && !field->follows &&is_rendered(&application->base, kind, old) &&
        !is_rendered(&application->head, kind, new) && !is_rendered(&application->base, kind, new))
        risk_add(judge, RISK_DANGLING, field, "%s %s names %s %s, which is not rendered", change->id.kind,
                 change->id.name, kind, new);
}

void check_new_references(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    for (size_t i = 0; pod_spec(change->head) && i < change->count; i++)
        check_field(judge, change, &change->fields[i]);
}

static bool has_removed(const struct application *application)
{
    for (size_t i = 0; i < application->resources.count; i++)
        if (application->resources.items[i].change != CHANGE_ADDED)
            return true;
    return false;
}

void check_references(struct judge *judge)
{
    const struct application *application = judge->application;
    for (size_t i = 0; has_removed(application) && i < application->head.count; i++) {
        const struct node *resource = application->head.items[i], *spec = pod_spec(resource);
        const char *name = node_text(node_get(node_get(resource, &key_metadata), &key_name));
        const char *owner =
            arena_format(judge->report->arena, "%s %s", node_text(node_get(resource, &key_kind)), name ? name : "");
        if (!spec)
            continue;
        walk_references(judge, owner, spec);
        check_name(judge, owner, "ServiceAccount", node_find(spec, "serviceAccountName"));
    }
}
