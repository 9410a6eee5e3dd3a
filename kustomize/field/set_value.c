/* set_value.c: writes values into fields as kustomize does.
 *
 * Source: kyaml/yaml/fns.go FieldSetter, api/filters/filtersutil */
#include "kustomize/field/set_value.h"
#include "yaml/setter_quotes.h"

#include <stdlib.h>
#include <string.h>

#include "yaml/resolve.h"

bool set_owned_scalar(struct tree *tree, struct node *scalar, const struct new_scalar *value, struct error *error)
{
    if (!demand_kind(scalar, NODE_SCALAR, error))
        return false;
    if (value->parts)
        written_parts(tree, scalar, value->step, value->parts, value->part_count);
    else
        written_from(tree, scalar, value->step, value->from);
    tree_set_text(tree, scalar, value->text, value->size);
    scalar->tag = (uint8_t)value->tag;
    scalar->schema = 0;
    return true;
}

static bool holds_value(const struct node *scalar, const struct new_scalar *value)
{
    return scalar->tag == value->tag && scalar->count == value->size &&
           memcmp(scalar->text, value->text, value->size) == 0;
}

bool set_found_scalar(const struct found_field *field, const struct new_scalar *value, struct error *error)
{
    const struct node *node = field->node;
    if (!demand_kind(node, NODE_SCALAR, error))
        return false;
    if (holds_value(node, value) && !field->tree->writers)
        return true;
    struct node *own = trail_own(field->tree, field->trail);
    if (!set_owned_scalar(field->tree, own, value, error))
        return false;
    tree_write_twins(field->tree, field->trail->root, own);
    return true;
}

/* Keys and values to set in maps, sorted by key. */
struct entry_text {
    const struct key *key;
    const char *value;
    origin origin;
    bool quoted;           /* see setter_quotes */
    struct node *added;    /* what was added for it to the resource at hand; NULL: nothing yet */
    enum node_style style; /* of kustomize's one node for the resource at hand */
};

struct entry_texts {
    struct entry_text *items;
    size_t count;
    const char *step;          /* the field that lists them */
    struct resource *resource; /* the one at hand */
};

static int compare_keys(const void *left, const void *right)
{
    const struct entry_text *one = left, *other = right;
    return strcmp(one->key->text, other->key->text);
}

static struct entry_texts entry_texts(struct tree *tree, const struct list *pairs, const char *transformer_kind)
{
    struct entry_text *items = ARENA_ARRAY(tree->arena, pairs->count, struct entry_text);
    for (size_t i = 0; i < pairs->count; i++) {
        const struct pair *pair = (const struct pair *)pairs->items + i;
        const char *value = pair->value ? pair->value : "";
        items[i] = (struct entry_text){.key = intern_string(tree->keys, pair->key),
                                       .value = value,
                                       .origin = pair->origin,
                                       .quoted = setter_quotes(value, strlen(value))};
    }
    if (pairs->count)
        qsort(items, pairs->count, sizeof *items, compare_keys);
    bool labels = strcmp(transformer_kind, "LabelTransformer") == 0;
    return (struct entry_texts){items, pairs->count, labels ? "labels" : "commonAnnotations", NULL};
}

static bool holds_text(const struct node *map, const struct entry_text *wanted)
{
    const struct node *value = node_get(map, wanted->key);
    return value && value->tag == TAG_STRING && node_equals(value, wanted->value);
}

static struct node *new_value(struct tree *tree, const struct entry_text *wanted, const struct node *old,
                              const char *step)
{
    struct node *fresh = tree_scalar(tree, wanted->value, strlen(wanted->value), TAG_STRING, wanted->style);
    fresh->origin = wanted->origin;
    written_over(tree, fresh, old, step);
    return fresh;
}

/* kustomize adds one and the same node everywhere, and whatever gives it a style gives it to all places. */
static void set_style(struct tree *tree, struct entry_text *wanted, enum node_style style, struct resource *resource)
{
    if (wanted->style == style)
        return;
    wanted->style = style;
    if (!wanted->added)
        return;
    wanted->added->style = (uint8_t)style;
    tree_write_twins(tree, &resource->root, wanted->added);
}

static void add_entry(struct tree *tree, struct node *map, struct entry_text *wanted, const struct entry_texts *entries)
{
    struct node *fresh = new_value(tree, wanted, NULL, entries->step);
    tree_set(tree, map, wanted->key, fresh);
    if (!wanted->added)
        wanted->added = fresh;
    else if (!wanted->added->twins)
        wanted->added->twins = ++entries->resource->twins;
    fresh->twins = wanted->added->twins;
}

static void replace_entry(struct tree *tree, struct node *map, const struct entry_text *wanted,
                          const struct entry_texts *entries)
{
    const struct node *old = node_get(map, wanted->key);
    struct node *fresh = new_value(tree, wanted, old, entries->step);
    fresh->twins = old->kind == NODE_SCALAR ? old->twins : 0;
    tree_set(tree, map, wanted->key, fresh);
    tree_write_twins(tree, &entries->resource->root, fresh);
}

/* A new value is quoted where YAML 1.1 would not read a string, an old one keeps its style. */
static void set_entry(const struct found_field *field, struct entry_text *wanted, const struct entry_texts *entries)
{
    struct tree *tree = field->tree;
    struct resource *resource = entries->resource;
    const struct node *old = node_get(trail_end(field->trail), wanted->key);
    if (wanted->style == STYLE_PLAIN && wanted->quoted)
        set_style(tree, wanted, STYLE_DOUBLE_QUOTED, resource);
    if (old)
        set_style(tree, wanted, old->kind == NODE_SCALAR ? (enum node_style)old->style : STYLE_PLAIN, resource);
    bool same = holds_text(trail_end(field->trail), wanted);
    if (same && !tree->writers)
        return;
    struct node *map = trail_own(tree, field->trail);
    if (same)
        written_from(tree, tree_own_value(tree, map, wanted->key), entries->step, wanted->origin);
    else if (old)
        replace_entry(tree, map, wanted, entries);
    else
        add_entry(tree, map, wanted, entries);
}

static bool set_missing(void *context, const struct found_field *field, struct error *error)
{
    struct entry_texts *entries = context;
    if (node_is_null(field->node))
        return true; /* kyaml then fills a node that stays null */
    if (!demand_kind(field->node, NODE_MAP, error))
        return false;
    for (size_t i = 0; i < entries->count; i++) {
        if (!tree_count_steps(field->tree, 1, error))
            return false;
        set_entry(field, &entries->items[i], entries);
    }
    return true;
}

static void start_resource(struct entry_texts *entries, struct resource *resource)
{
    entries->resource = resource;
    for (size_t i = 0; i < entries->count; i++) {
        entries->items[i].added = NULL;
        entries->items[i].style = STYLE_PLAIN;
    }
}

/* Whether one spec finds what another one makes: then a key has to be set everywhere before the next one, as kustomize
 * does it. Otherwise one walk sets all. */
static bool specs_overlap(struct field_specs specs)
{
    for (size_t i = 0; i < specs.count; i++)
        for (size_t j = i + 1; !specs.items[i].create && j < specs.count; j++) {
            size_t size = strlen(specs.items[i].path);
            if (specs.items[j].create && strncmp(specs.items[j].path, specs.items[i].path, size) == 0 &&
                specs.items[j].path[size] == '/')
                return true;
        }
    return false;
}

static bool set_in_resource(struct field_paths *paths, struct entry_texts *entries, bool one_by_one,
                            struct resource *resource, struct error *error)
{
    start_resource(entries, resource);
    if (!one_by_one)
        return field_paths_visit(paths, resource, CREATE_MAP, set_missing, entries, error);
    for (size_t i = 0; i < entries->count; i++) {
        struct entry_texts one = {&entries->items[i], 1, entries->step, resource};
        if (!field_paths_visit(paths, resource, CREATE_MAP, set_missing, &one, error))
            return false;
    }
    return true;
}

bool set_entries(struct kust_target *target, const struct list *pairs, struct field_specs specs,
                 const char *transformer_kind, struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    struct entry_texts entries = entry_texts(target->render->tree, pairs, transformer_kind);
    struct field_paths *paths = field_paths_of(target->render, specs);
    if (!tree_count_steps(target->render->tree, specs.count * specs.count / 32, error))
        return false;
    bool one_by_one = entries.count > 1 && specs_overlap(specs);
    for (size_t i = 0; entries.count && i < resources->count; i++) {
        if (!set_in_resource(paths, &entries, one_by_one, resources->items[i], error))
            return false;
        resources_refresh(resources, resources->items[i]);
    }
    return kust_target_transformed(target, transformer_kind, error);
}
