/* history.c: reads build annotations of the input. Source: api/internal/utils/annotations.go and
 * api/resource/resource.go */
#include "kustomize/resource/history.h"

#include <string.h>

static const char domain[] = "internal.config.kubernetes.io/";

static const struct node *annotations_of(const struct resource *resource)
{
    const struct node *annotations = node_get(node_get(resource->root, &key_metadata), &key_annotations);
    return node_is_map(annotations) ? annotations : NULL;
}

/* What helm gave is marked within a render (helm.c). */
static const char helm_mark[] = "internal.config.kubernetes.io/helm-generated";

static bool is_build_annotation(const struct entry *entry)
{
    return entry->key && strncmp(entry->key->text, domain, sizeof domain - 1) == 0;
}

static const struct entry *first_build_annotation(const struct node *annotations)
{
    for (uint32_t i = 0; annotations && i < annotations->count; i++)
        if (is_build_annotation(&annotations->entries[i]))
            return &annotations->entries[i];
    return NULL;
}

/* Among all entries, those with a key that was there before included. */
static const struct entry *find_build_annotation(const struct node *map, bool marks_count)
{
    const struct left_out *more = node_is_map(map) ? map->unprintable : NULL;
    size_t own = node_is_map(map) ? map->count : 0;
    for (size_t i = 0; i < own + (more ? more->count : 0); i++) {
        const struct entry *entry = i < own ? &map->entries[i] : &more->entries[i - own];
        if (is_build_annotation(entry) && (marks_count || strcmp(entry->key->text, helm_mark) != 0))
            return entry;
    }
    return NULL;
}

/* The same, in further maps of annotations too. */
static const struct entry *find_history(const struct resource *resource, bool marks_count)
{
    const struct node *metadata = node_get(resource->root, &key_metadata);
    const struct left_out *more = node_is_map(metadata) ? metadata->unprintable : NULL;
    const struct entry *found = find_build_annotation(node_get(metadata, &key_annotations), marks_count);
    for (size_t i = 0; !found && more && i < more->count; i++)
        if (more->entries[i].key == &key_annotations)
            found = find_build_annotation(more->entries[i].value, marks_count);
    return found;
}

static const char *value_of(const struct resource *resource, const char *name)
{
    char key[64];
    strcpy(key, domain);
    strncat(key, name, sizeof key - sizeof domain);
    return resource_annotation(resource, key);
}

/* The values between commas; no annotation has none, an empty one has one. */
static struct string_list split_history(struct arena *arena, const char *value)
{
    struct string_list list = {0};
    while (value) {
        size_t size = strcspn(value, ",");
        string_list_add(arena, &list, arena_copy(arena, value, size));
        value = value[size] ? value + size + 1 : NULL;
    }
    return list;
}

static bool read_past_ids(struct arena *arena, struct resource *resource, struct error *error)
{
    struct string_list names = split_history(arena, value_of(resource, "previousNames"));
    struct string_list namespaces = split_history(arena, value_of(resource, "previousNamespaces"));
    struct string_list kinds = split_history(arena, value_of(resource, "previousKinds"));
    if (!names.count)
        return true;
    if (names.count != namespaces.count || names.count != kinds.count)
        return error_at(error, resource->root->origin,
                        "number of previous names, number of previous namespaces, number of previous kinds not equal");
    resource->past = ARENA_ARRAY(arena, names.count, struct past_id);
    resource->past_count = resource->past_room = names.count;
    for (size_t i = 0; i < names.count; i++)
        resource->past[i] = (struct past_id){names.items[i], namespaces.items[i], kinds.items[i]};
    return true;
}

static bool is_enabled(const struct resource *resource, const char *name)
{
    const char *value = value_of(resource, name);
    return value && strcmp(value, "enabled") == 0;
}

static const char *const behavior_names[] = {[BEHAVIOR_UNSPECIFIED] = "unspecified",
                                             [BEHAVIOR_CREATE] = "create",
                                             [BEHAVIOR_REPLACE] = "replace",
                                             [BEHAVIOR_MERGE] = "merge"};

static enum behavior read_behavior(const struct resource *resource)
{
    const char *value = value_of(resource, "generatorBehavior");
    for (size_t i = BEHAVIOR_CREATE; value && i < sizeof behavior_names / sizeof *behavior_names; i++)
        if (strcmp(behavior_names[i], value) == 0)
            return (enum behavior)i;
    return BEHAVIOR_UNSPECIFIED;
}

static bool refuse_history(const struct entry *found, struct error *error)
{
    return error_at(error, found->origin, "the annotation '%s' belongs to a build in progress: remove it",
                    found->key->text);
}

bool history_check(const struct resource *resource, struct error *error)
{
    const struct entry *found = find_history(resource, false);
    return !found || refuse_history(found, error);
}

bool history_read(struct arena *arena, struct resource *resource, bool refuse, struct error *error)
{
    const struct entry *found = find_history(resource, true);
    if (!found)
        return true;
    if (refuse)
        return refuse_history(found, error);
    resource->prefixes = split_history(arena, value_of(resource, "prefixes"));
    resource->suffixes = split_history(arena, value_of(resource, "suffixes"));
    resource->behavior = read_behavior(resource);
    resource->generated = value_of(resource, "generatorBehavior") != NULL;
    resource->needs_hash = is_enabled(resource, "needsHashSuffix");
    resource->name_change_allowed = is_enabled(resource, "allowNameChange");
    resource->kind_change_allowed = is_enabled(resource, "allowKindChange");
    return read_past_ids(arena, resource, error);
}

static void write_value(struct tree *tree, struct node *annotations, const char *name, const char *value)
{
    tree_set_string(tree, annotations, arena_format(tree->arena, "%s%s", domain, name), value);
}

static void write_strings(struct tree *tree, struct node *annotations, const char *name, const struct string_list *list)
{
    struct text joined = {0};
    for (size_t i = 0; i < list->count; i++)
        text_format(&joined, "%s%s", i ? "," : "", list->items[i]);
    if (list->count)
        write_value(tree, annotations, name, text_content(&joined));
    text_free(&joined);
}

static void write_past_ids(struct tree *tree, const struct resource *resource, struct node *annotations)
{
    struct string_list names = {0}, namespaces = {0}, kinds = {0};
    for (size_t i = 0; i < resource->past_count; i++) {
        string_list_add(tree->arena, &names, resource->past[i].name);
        string_list_add(tree->arena, &namespaces, resource->past[i].namespace);
        string_list_add(tree->arena, &kinds, resource->past[i].kind);
    }
    write_strings(tree, annotations, "previousNames", &names);
    write_strings(tree, annotations, "previousNamespaces", &namespaces);
    write_strings(tree, annotations, "previousKinds", &kinds);
}

void history_write(struct tree *tree, const struct resource *resource, struct node *annotations)
{
    if (!annotations)
        return;
    write_past_ids(tree, resource, annotations);
    write_strings(tree, annotations, "prefixes", &resource->prefixes);
    write_strings(tree, annotations, "suffixes", &resource->suffixes);
    if (resource->needs_hash)
        write_value(tree, annotations, "needsHashSuffix", "enabled");
    if (resource->generated)
        write_value(tree, annotations, "generatorBehavior", behavior_names[resource->behavior]);
    if (resource->name_change_allowed)
        write_value(tree, annotations, "allowNameChange", "enabled");
    if (resource->kind_change_allowed)
        write_value(tree, annotations, "allowKindChange", "enabled");
}

void history_show(struct tree *tree, struct resource *resource)
{
    history_write(tree, resource, resource_own_annotations(tree, resource));
}

void history_hide(struct tree *tree, struct resource *resource)
{
    if (!first_build_annotation(annotations_of(resource)))
        return;
    struct node *annotations = resource_own_annotations(tree, resource);
    for (const struct entry *entry; (entry = first_build_annotation(annotations));)
        tree_remove(annotations, entry->key);
}
