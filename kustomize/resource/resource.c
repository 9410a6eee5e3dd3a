/* resource.c: the identity and history of one resource. */
#include "kustomize/resource/resource.h"

#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "yaml/written.h"

/* Most tables ask for each of many kinds: the first letter tells nearly all apart, without a call. */
static inline bool accepts_text(const char *wanted, const char *text)
{
    return !*wanted || (*wanted == *text && strcmp(wanted, text) == 0);
}

bool gvk_selected_by(const struct gvk *gvk, const struct gvk *selector)
{
    return accepts_text(selector->kind, gvk->kind) && accepts_text(selector->group, gvk->group) &&
           accepts_text(selector->version, gvk->version);
}

bool gvk_equal(const struct gvk *left, const struct gvk *right)
{
    return strcmp(left->kind, right->kind) == 0 && strcmp(left->version, right->version) == 0 &&
           strcmp(left->group, right->group) == 0;
}

struct gvk gvk_from(struct arena *arena, const char *api_version, const char *kind)
{
    const char *slash = strchr(api_version, '/');
    if (!slash)
        return (struct gvk){"", api_version, kind};
    return (struct gvk){arena_copy(arena, api_version, (size_t)(slash - api_version)), slash + 1, kind};
}

/* The word that stands for "no namespace at all". Source: kyaml/resid/resid.go */
const char not_a_namespace[] = "_non_namespaceable_";

static const char *effective_namespace(bool cluster_scoped, const char *namespace)
{
    if (cluster_scoped)
        return not_a_namespace;
    return *namespace ? namespace : "default";
}

const char *id_effective_namespace(const struct resource_id *id)
{
    return effective_namespace(gvk_is_cluster_scoped(&id->gvk), id->namespace);
}

bool id_equal(const struct resource_id *left, const struct resource_id *right)
{
    return strcmp(left->name, right->name) == 0 && gvk_equal(&left->gvk, &right->gvk) &&
           (strcmp(effective_namespace(false, left->namespace), effective_namespace(false, right->namespace)) == 0 ||
            gvk_is_cluster_scoped(&left->gvk)); /* asked last, and once: it takes the longest */
}

void id_write(const struct resource_id *id, struct text *out)
{
    text_format(out, "%s.%s.%s/%s.%s", string_or(id->gvk.kind, "[noKind]"), string_or(id->gvk.version, "[noVer]"),
                string_or(id->gvk.group, "[noGrp]"), string_or(id->name, "[noName]"),
                string_or(id->namespace, "[noNs]"));
}

const char *id_text(struct arena *arena, const struct resource_id *id)
{
    struct text text = {0};
    id_write(id, &text);
    const char *copy = arena_copy(arena, text_content(&text), text.size);
    text_free(&text);
    return copy;
}

void string_list_add(struct arena *arena, struct string_list *list, const char *item)
{
    list->items = arena_grow(arena, list->items, list->count, &list->room, sizeof *list->items);
    list->items[list->count++] = item;
}

/* A string of metadata: null and empty values count as absent (kyaml RNode.getMetaStringField). */
static const char *metadata_text(const struct node *metadata, const struct key *key)
{
    const struct node *value = node_get(metadata, key);
    return node_is_empty(value) ? "" : node_text_or(value, "");
}

void resource_read_identity(struct arena *arena, struct resource *resource)
{
    const char *api_version = node_text_or(node_get(resource->root, &key_apiVersion), "");
    const char *kind = node_text_or(node_get(resource->root, &key_kind), "");
    const struct node *metadata = node_get(resource->root, &key_metadata);
    resource->id.name = metadata_text(metadata, &key_name);
    resource->id.namespace = metadata_text(metadata, &key_namespace);
    if (api_version == resource->group_version && kind == resource->id.gvk.kind)
        return;
    resource->group_version = api_version;
    resource->id.gvk = gvk_from(arena, api_version, kind);
    resource->cluster_scoped = gvk_is_cluster_scoped(&resource->id.gvk);
}

struct resource *resource_new(struct arena *arena, struct node *root)
{
    struct resource *resource = ARENA_NEW(arena, struct resource);
    resource->root = root;
    resource_read_identity(arena, resource);
    return resource;
}

static void *copy_array(struct arena *arena, const void *items, size_t count, size_t item_size)
{
    return count ? memcpy(arena_alloc(arena, memory_product(count, item_size)), items, count * item_size) : NULL;
}

static struct string_list copy_strings(struct arena *arena, const struct string_list *list)
{
    return (struct string_list){copy_array(arena, list->items, list->count, sizeof *list->items), list->count,
                                list->count};
}

struct resource *resource_copy(struct arena *arena, const struct resource *resource)
{
    struct resource *copy = arena_alloc(arena, sizeof *copy);
    *copy = *resource;
    copy->past = copy_array(arena, resource->past, resource->past_count, sizeof *copy->past);
    copy->past_room = resource->past_count;
    copy->prefixes = copy_strings(arena, &resource->prefixes);
    copy->suffixes = copy_strings(arena, &resource->suffixes);
    copy->variables = copy_strings(arena, &resource->variables);
    copy->referrers = copy_strings(arena, &resource->referrers);
    return copy;
}

struct resource_id resource_past_id(const struct resource *resource, size_t index)
{
    const struct past_id *past = &resource->past[index];
    const struct gvk *today = &resource->id.gvk;
    return (struct resource_id){{today->group, today->version, past->kind}, past->name, past->namespace};
}

struct resource_id resource_original_id(const struct resource *resource)
{
    return resource->past_count ? resource_past_id(resource, 0) : resource->id;
}

/* kustomize appends name, namespace and kind to three comma-separated annotations, and an empty one is not appended to
 * any: then their counts differ and it crashes. Such resources have no name, and none is loaded. */
void resource_store_past_id(struct arena *arena, struct resource *resource)
{
    resource->past =
        arena_grow(arena, resource->past, resource->past_count, &resource->past_room, sizeof *resource->past);
    resource->past[resource->past_count++] =
        (struct past_id){resource->id.name, effective_namespace(resource->cluster_scoped, resource->id.namespace),
                         resource->id.gvk.kind};
}

void resource_forget_history(struct resource *resource)
{
    resource->past_count = 0;
    resource->prefixes.count = resource->suffixes.count = resource->referrers.count = 0;
    resource->needs_hash = resource->generated = false;
    resource->behavior = BEHAVIOR_UNSPECIFIED;
}

bool resource_has_history(const struct resource *resource)
{
    return resource->past_count || resource->prefixes.count || resource->suffixes.count || resource->needs_hash ||
           resource->generated;
}

/* The text of a scalar, of whatever type, as a string; that of a map or list is empty. */
static struct node *text_of(struct tree *tree, const struct node *value)
{
    bool scalar = node_is_scalar(value);
    struct node *text =
        tree_scalar(tree, scalar ? value->text : "", scalar ? value->count : 0, TAG_STRING, STYLE_PLAIN);
    text->origin = value->origin;
    if (!scalar)
        written_computed(tree, text, "resources", 0, "a map or list becomes an empty text there");
    return text;
}

static void add_text(struct tree *tree, struct node *map, const struct entry *entry, struct node *text)
{
    tree_add(tree, map, (struct entry){entry->key, text, entry->origin, TAG_NONE, STYLE_PLAIN});
}

/* Writes texts into a map whose nodes are all its own. */
static void put_texts(struct tree *tree, struct node *map, const struct entry *entries, size_t count)
{
    struct map *places = count ? map_new(tree->arena) : NULL;
    for (uint32_t i = 0; places && i < map->count; i++)
        *map_slot(places, map->entries[i].key->text, map->entries[i].key->size) = map->entries[i].value;
    for (size_t i = 0; i < count; i++) {
        const struct key *key = entries[i].key;
        struct node *text = text_of(tree, entries[i].value);
        struct node **place = key ? (struct node **)map_slot(places, key->text, key->size) : NULL;
        if (place && *place)
            **place = *text;
        else if (place)
            add_text(tree, map, &entries[i], *place = text);
    }
}

static bool has_complex_key(const struct left_out *left_out)
{
    for (size_t i = 0; i < left_out->count; i++)
        if (!left_out->entries[i].key)
            return true;
    return false;
}

struct node *metadata_texts(struct tree *tree, const struct node *map)
{
    struct node *texts = tree_map(tree);
    for (uint32_t i = 0; node_is_map(map) && i < map->count; i++)
        add_text(tree, texts, &map->entries[i], text_of(tree, map->entries[i].value));
    struct left_out *more = node_is_map(map) ? map->unprintable : NULL;
    if (!more)
        return texts;
    put_texts(tree, texts, more->entries, more->count);
    if (has_complex_key(more))
        texts->unprintable = more;
    return texts;
}

/* What a second map with the key becomes: the values of the first are written over its own. NULL: it cannot. */
static struct node *join_maps(struct tree *tree, const struct node *first, struct node *second)
{
    struct node *texts = metadata_texts(tree, first);
    if (!texts->count)
        return second;
    struct node *joined = node_is_map(second) ? tree_copy(tree, second) : node_is_null(second) ? tree_map(tree) : NULL;
    if (joined)
        put_texts(tree, joined, texts->entries, texts->count);
    return joined;
}

/* The entries that a map left out, without one of them. NULL: no other. */
static struct left_out *without_fields(struct arena *arena, const struct left_out *all, size_t index)
{
    struct left_out *rest = ARENA_NEW(arena, struct left_out);
    rest->origins = all->origins;
    rest->entries = ARENA_ARRAY(arena, all->count, struct entry);
    for (size_t i = 0; i < all->count; i++)
        if (i != index)
            rest->entries[rest->count++] = all->entries[i];
    return rest->count ? rest : NULL;
}

/* SetLabels and SetAnnotations remove the first map with the key, and find the second one where they write. */
static bool metadata_join(struct tree *tree, struct node *metadata, const struct key *key)
{
    const struct left_out *more = metadata ? metadata->unprintable : NULL;
    size_t i = 0;
    while (more && i < more->count && more->entries[i].key != key)
        i++;
    if (!more || i == more->count)
        return false;
    struct node *joined = join_maps(tree, node_get(metadata, key), more->entries[i].value);
    if (!joined)
        return false;
    metadata->unprintable = without_fields(tree->arena, more, i);
    tree_set(tree, metadata, key, joined);
    return true;
}

void metadata_make_texts(struct tree *tree, struct node *metadata, const struct key *key)
{
    if (metadata_join(tree, metadata, key))
        return;
    struct node *texts = metadata_texts(tree, node_get(metadata, key));
    tree_remove(metadata, key);
    if (texts->count || texts->unprintable)
        tree_set(tree, metadata, key, texts);
}

void resource_write_annotations(struct tree *tree, struct resource *resource)
{
    if (!node_get(node_get(resource->root, &key_metadata), &key_annotations))
        return;
    metadata_make_texts(tree, tree_own_value(tree, tree_own(tree, &resource->root), &key_metadata), &key_annotations);
}

void resource_join_annotations(struct tree *tree, struct resource *resource)
{
    const struct node *metadata = node_get(resource->root, &key_metadata);
    if (node_is_map(metadata) && metadata->unprintable)
        metadata_join(tree, tree_own_value(tree, tree_own(tree, &resource->root), &key_metadata), &key_annotations);
}

void resource_demand_annotations(struct tree *tree, struct resource *resource)
{
    const struct node *old = node_get(node_get(resource->root, &key_metadata), &key_annotations);
    if (!resource_has_history(resource) || (!node_is_scalar(old) && !node_is_empty(old)))
        return;
    struct node *metadata = tree_demand_map(tree, tree_own(tree, &resource->root), &key_metadata);
    if (!metadata)
        return;
    if (node_is_scalar(old)) /* kyaml's ClearEmptyAnnotations takes a text for an empty map */
        tree_remove(metadata, &key_annotations);
    tree_demand_map(tree, metadata, &key_annotations);
}

/* Whether the shorter list is the end of the longer; an empty one only equals an empty one. */
static bool same_ending(const struct string_list *left, const struct string_list *right)
{
    const struct string_list *shorter = left->count < right->count ? left : right;
    const struct string_list *longer = shorter == left ? right : left;
    size_t offset = longer->count - shorter->count;
    if (!shorter->count)
        return offset == 0;
    for (size_t i = 0; i < shorter->count; i++)
        if (strcmp(shorter->items[i], longer->items[i + offset]) != 0)
            return false;
    return true;
}

bool resource_same_affixes(const struct resource *left, const struct resource *right, bool empty_matches)
{
    bool any_prefix = empty_matches && (!left->prefixes.count || !right->prefixes.count);
    bool any_suffix = empty_matches && (!left->suffixes.count || !right->suffixes.count);
    return (any_prefix || same_ending(&left->prefixes, &right->prefixes)) &&
           (any_suffix || same_ending(&left->suffixes, &right->suffixes));
}

static const char *metadata_map_text(const struct resource *resource, const struct key *map, const char *key)
{
    return node_text(node_last(node_get(node_get(resource->root, &key_metadata), map), key));
}

const char *resource_annotation(const struct resource *resource, const char *key)
{
    return metadata_map_text(resource, &key_annotations, key);
}

struct node *resource_own_annotations(struct tree *tree, struct resource *resource)
{
    struct node *metadata = tree_demand_map(tree, tree_own(tree, &resource->root), &key_metadata);
    return metadata ? tree_demand_map(tree, metadata, &key_annotations) : NULL;
}

bool resource_was_named(const struct resource *resource, const char *name)
{
    for (size_t i = 0; i < resource->past_count; i++)
        if (strcmp(resource->past[i].name, name) == 0)
            return true;
    return false;
}
