/* check_definition.c: definitions of custom resources that no longer take what is there. */
#include <string.h>

#include "diff/judge.h"

enum { DEEPEST_SCHEMA = 40 };

static bool is_in_use(const struct node *version)
{
    return node_equals(node_find(version, "served"), "true") || node_equals(node_find(version, "storage"), "true");
}

static const struct node *find_version(const struct node *definition, const char *name)
{
    const struct node *versions = AT(definition, "spec", "versions");
    for (size_t i = 0; node_is_list(versions) && i < versions->count; i++)
        if (node_equals(node_get(versions->items[i], &key_name), name))
            return versions->items[i];
    return NULL;
}

/* Adds the fields, from the schema's root, that are required on head and were not, in maps that base knows. Returns how
 * many. */
static size_t find_required(struct text *path, const struct node *base, const struct node *head, unsigned depth,
                            struct text *first)
{
    const struct node *required = node_find(head, "required"), *before = node_find(base, "required");
    const struct node *properties = node_find(head, "properties"), *known = node_find(base, "properties");
    size_t count = 0, size = path->size;
    if (!base || !head || depth > DEEPEST_SCHEMA)
        return 0;
    for (size_t i = 0; node_is_list(required) && i < required->count; i++) {
        const char *name = node_text(required->items[i]);
        if (!name || node_list_has(before, name))
            continue;
        if (!first->size)
            text_format(first, "%s%s%s", text_content(path), size ? "." : "", name);
        count++;
    }
    for (size_t i = 0; node_is_map(properties) && i < properties->count; i++) {
        const char *name = properties->entries[i].key ? properties->entries[i].key->text : "";
        text_format(path, "%s%s", size ? "." : "", name);
        count += find_required(path, node_find(known, name), properties->entries[i].value, depth + 1, first);
        text_cut(path, size);
    }
    text_string(path, "[]");
    count += find_required(path, node_find(base, "items"), node_find(head, "items"), depth + 1, first);
    text_cut(path, size);
    return count;
}

static void check_required(struct judge *judge, const char *name, const struct node *old, const struct node *new)
{
    struct text path = {0}, first = {0};
    size_t count =
        find_required(&path, AT(old, "schema", "openAPIV3Schema"), AT(new, "schema", "openAPIV3Schema"), 0, &first);
    const char *others = count > 1 ? arena_format(judge->report->arena, " and %zu more fields are", count - 1) : " is";
    if (count)
        risk_add_as(judge, RISK_CRD_VERSION, RISK_WARNING, NULL,
                    "CustomResourceDefinition %s: in version %s %s%s required, and was not", judge->resource->id.name,
                    name, text_content(&first), others);
    text_free(&path);
    text_free(&first);
}

static void check_version(struct judge *judge, const struct node *old)
{
    const struct resource_change *change = judge->resource;
    const char *name = node_text(node_get(old, &key_name));
    const struct node *new = name ? find_version(change->head, name) : NULL;
    if (name && is_in_use(old) && (!new || !node_equals(node_find(new, "served"), "true")))
        risk_add(judge, RISK_CRD_VERSION, NULL, "CustomResourceDefinition %s: version %s is served no longer",
                 change->id.name, name);
    else if (name && new)
        check_required(judge, name, old, new);
}

void check_definition(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    const struct node *versions = AT(change->base, "spec", "versions");
    const char *before = node_text(AT(change->base, "spec", "scope")),
               *after = node_text(AT(change->head, "spec", "scope"));
    if (!text_is(change->id.kind, "CustomResourceDefinition") || !change->base || !change->head)
        return;
    if (before && after && strcmp(before, after) != 0)
        risk_add(judge, RISK_CRD_VERSION, NULL,
                 "CustomResourceDefinition %s: %s instead of %s: all objects of this kind would have to be made anew",
                 change->id.name, after, before);
    for (size_t i = 0; node_is_list(versions) && i < versions->count; i++)
        check_version(judge, versions->items[i]);
}
