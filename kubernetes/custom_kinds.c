/* custom_kinds.c: makes tables like the builtin one from CustomResourceDefinitions. */
#include "kubernetes/custom_kinds.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/nearest.h"
#include "kubernetes/api_table.h"

/* Beyond these a definition is not known: numbers in tables have 16 bits, and no depth is the input's. */
enum { MOST_NUMBERS = 60000, DEEPEST = 100 };

struct custom_kind {
    struct api_table table;
    struct api_kind kind;
    const char *api_version, *name;
};

struct custom_kinds {
    struct arena *arena;
    struct custom_kind **items;
    size_t count, room;
};

/* A table that grows. */
struct table_maker {
    struct arena *arena;
    struct map *name_numbers;
    const char **names;
    size_t name_count, name_room;
    struct api_shape *shapes;
    size_t shape_count, shape_room;
    uint16_t *starts;
    size_t type_count, type_room;
    struct api_field *fields;
    size_t field_count, field_room;
    bool too_large;
};

struct custom_kinds *custom_kinds_new(struct arena *arena)
{
    struct custom_kinds *kinds = ARENA_NEW(arena, struct custom_kinds);
    kinds->arena = arena;
    return kinds;
}

static uint16_t number_of(struct table_maker *maker, size_t count)
{
    maker->too_large = maker->too_large || count > MOST_NUMBERS;
    return (uint16_t)(maker->too_large ? 0 : count);
}

static uint16_t add_name(struct table_maker *maker, const char *name)
{
    void **slot = map_slot(maker->name_numbers, name, strlen(name));
    if (*slot)
        return (uint16_t)((uintptr_t)*slot - 1);
    uint16_t number = number_of(maker, maker->name_count);
    maker->names = arena_grow(maker->arena, maker->names, maker->name_count, &maker->name_room, sizeof *maker->names);
    maker->names[maker->name_count++] = name;
    *slot = (void *)((uintptr_t)number + 1);
    return number;
}

static uint16_t add_shape(struct table_maker *maker, enum api_shape_kind kind, uint16_t of)
{
    uint16_t number = number_of(maker, maker->shape_count);
    maker->shapes =
        arena_grow(maker->arena, maker->shapes, maker->shape_count, &maker->shape_room, sizeof *maker->shapes);
    maker->shapes[maker->shape_count++] = (struct api_shape){(uint16_t)kind, of};
    return number;
}

static bool is_true(const struct node *schema, const char *key)
{
    return node_equals(node_find(schema, key), "true");
}

static bool is_required(const struct node *schema, const char *name)
{
    const struct node *required = node_find(schema, "required");
    for (uint32_t i = 0; node_is_list(required) && i < required->count; i++)
        if (node_equals(required->items[i], name))
            return true;
    return false;
}

static uint16_t shape_of(struct table_maker *maker, const struct node *schema, size_t depth);

static int compare_entries(const void *left, const void *right)
{
    return strcmp((*(const struct entry *const *)left)->key->text, (*(const struct entry *const *)right)->key->text);
}

static const struct entry **sorted_entries(struct arena *arena, const struct node *map)
{
    const struct entry **sorted = ARENA_ARRAY(arena, map->count, const struct entry *);
    for (uint32_t i = 0; i < map->count; i++)
        sorted[i] = &map->entries[i];
    qsort(sorted, map->count, sizeof *sorted, compare_entries);
    return sorted;
}

/* The fields of one type stand together, so those of the types within are made first. */
static uint16_t add_type(struct table_maker *maker, const struct node *schema, size_t depth)
{
    const struct node *properties = node_find(schema, "properties");
    const struct entry **sorted = sorted_entries(maker->arena, properties);
    struct api_field *fields = ARENA_ARRAY(maker->arena, properties->count, struct api_field);
    for (uint32_t i = 0; i < properties->count && !maker->too_large; i++)
        fields[i] = (struct api_field){
            .name = add_name(maker, sorted[i]->key->text),
            .shape = shape_of(maker, sorted[i]->value, depth + 1),
            .versions = UINT8_MAX,
            .required = is_required(schema, sorted[i]->key->text) ? UINT8_MAX : 0,
        };
    for (uint32_t i = 0; i < properties->count; i++) {
        maker->fields =
            arena_grow(maker->arena, maker->fields, maker->field_count, &maker->field_room, sizeof *maker->fields);
        maker->fields[maker->field_count++] = fields[i];
    }
    maker->starts =
        arena_grow(maker->arena, maker->starts, maker->type_count + 1, &maker->type_room, sizeof *maker->starts);
    maker->starts[maker->type_count + 1] = number_of(maker, maker->field_count);
    return number_of(maker, maker->type_count++);
}

static uint16_t object_shape(struct table_maker *maker, const struct node *schema, size_t depth)
{
    const struct node *others = node_find(schema, "additionalProperties");
    bool is_open =
        is_true(schema, "x-kubernetes-preserve-unknown-fields") || is_true(schema, "x-kubernetes-embedded-resource");
    if (node_is_map(node_find(schema, "properties"))) {
        uint16_t type = add_type(maker, schema, depth);
        return add_shape(maker, is_open ? SHAPE_OPEN_TYPE : SHAPE_TYPE, type);
    }
    if (node_is_map(others) && !is_open)
        return add_shape(maker, SHAPE_MAP, shape_of(maker, others, depth + 1));
    return add_shape(maker, SHAPE_OBJECT, 0);
}

static const struct {
    const char *type;
    enum api_shape_kind shape;
} scalar_shapes[] = {
    {"string", SHAPE_STRING}, {"integer", SHAPE_INTEGER}, {"number", SHAPE_NUMBER}, {"boolean", SHAPE_BOOLEAN}};

static uint16_t shape_of(struct table_maker *maker, const struct node *schema, size_t depth)
{
    const struct node *type = node_find(schema, "type");
    if (is_true(schema, "x-kubernetes-int-or-string"))
        return add_shape(maker, SHAPE_INT_OR_STRING, 0);
    for (size_t i = 0; i < sizeof scalar_shapes / sizeof *scalar_shapes; i++)
        if (node_equals(type, scalar_shapes[i].type))
            return add_shape(maker, scalar_shapes[i].shape, 0);
    if (depth < DEEPEST && node_equals(type, "array"))
        return add_shape(maker, SHAPE_LIST, shape_of(maker, node_find(schema, "items"), depth + 1));
    if (depth < DEEPEST && node_equals(type, "object"))
        return object_shape(maker, schema, depth);
    return add_shape(maker, SHAPE_ANY, 0);
}

static void finish_table(struct table_maker *maker, struct api_table *out)
{
    *out = (struct api_table){
        .versions = 1,
        .own_names = maker->names,
        .shapes = maker->shapes,
        .starts = maker->starts,
        .fields = maker->fields,
    };
}

static void add_version(struct custom_kinds *kinds, const char *group, const char *kind, const struct node *version)
{
    const char *name = node_text(node_find(version, "name"));
    const struct node *schema = node_find(node_find(version, "schema"), "openAPIV3Schema");
    struct table_maker maker = {.arena = kinds->arena, .name_numbers = map_new(kinds->arena)};
    if (!name || node_equals(node_find(version, "served"), "false"))
        return;
    struct custom_kind *custom = ARENA_NEW(kinds->arena, struct custom_kind);
    maker.starts = arena_grow(kinds->arena, NULL, 0, &maker.type_room, sizeof *maker.starts);
    maker.starts[0] = 0;
    add_name(&maker, "");
    custom->kind = (struct api_kind){.group = add_name(&maker, group),
                                     .version = add_name(&maker, name),
                                     .kind = add_name(&maker, kind),
                                     .versions = 1};
    uint16_t shape = shape_of(&maker, schema, 0);
    bool is_known = !maker.too_large && maker.shapes[shape].kind == SHAPE_TYPE;
    custom->kind.type = (uint16_t)(is_known ? maker.shapes[shape].of + 1 : 0);
    custom->api_version = arena_format(kinds->arena, "%s/%s", group, name);
    custom->name = kind;
    finish_table(&maker, &custom->table);
    kinds->items = arena_grow(kinds->arena, kinds->items, kinds->count, &kinds->room, sizeof(struct custom_kind *));
    kinds->items[kinds->count++] = custom;
}

void custom_kinds_add(struct custom_kinds *kinds, const struct node *definition)
{
    const struct node *spec = node_find(definition, "spec");
    const char *group = node_text(node_find(spec, "group"));
    const char *kind = node_text(node_find(node_find(spec, "names"), "kind"));
    const struct node *versions = node_find(spec, "versions");
    if (!node_equals(node_find(definition, "kind"), "CustomResourceDefinition") || !group || !kind ||
        !node_equals(node_find(definition, "apiVersion"), "apiextensions.k8s.io/v1") || !node_is_list(versions))
        return;
    for (uint32_t i = 0; i < versions->count; i++)
        add_version(kinds, group, kind, versions->items[i]);
}

struct known_kind custom_kinds_find(const struct custom_kinds *kinds, const char *api_version, const char *kind)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (strcmp(kinds->items[i]->api_version, api_version) == 0 && strcmp(kinds->items[i]->name, kind) == 0)
            return (struct known_kind){&kinds->items[i]->table, &kinds->items[i]->kind};
    return (struct known_kind){0};
}

const char *custom_kinds_nearest(struct arena *arena, const struct custom_kinds *kinds, const char *api_version,
                                 const char *kind)
{
    const char **names = ARENA_ARRAY(arena, kinds->count + 1, const char *);
    size_t count = 0;
    for (size_t i = 0; i < kinds->count; i++)
        if (strcmp(kinds->items[i]->api_version, api_version) == 0)
            names[count++] = kinds->items[i]->name;
    const char *near = nearest_name(kind, names);
    return near ? arena_format(arena, "%s %s", api_version, near) : NULL;
}
