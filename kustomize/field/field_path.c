/* field_path.c: walks from a resource to the fields that field specs name.
 *
 * Facts: api/filters/fieldspec/fieldspec.go, api/filters/fsslice, kyaml/yaml/fns.go (PathGetter), kyaml/utils. */
#include "kustomize/field/field_path.h"

#include <string.h>

#include "kustomize/kustomization/kind_table.h"

struct path {
    struct field_name *parts;
    size_t count;
    size_t spec;
    bool annotations; /* it leads to metadata.annotations */
};

/* The paths that apply to one kind. */
struct kind_paths {
    struct path *items;
    size_t count;
};

struct field_paths {
    struct tree *tree;
    struct field_specs specs;
    struct kind_table *kinds; /* of struct kind_paths */
};

static struct field_paths *with_table(struct tree *tree, struct field_specs specs, struct kind_table *kinds)
{
    struct field_paths *paths = ARENA_NEW(tree->arena, struct field_paths);
    *paths = (struct field_paths){tree, specs, kinds};
    return paths;
}

struct field_paths *field_paths_compile(struct tree *tree, struct field_specs specs)
{
    return with_table(tree, specs, kind_table_new(tree->arena));
}

struct field_paths *field_paths_of(const struct render *render, struct field_specs specs)
{
    return with_table(render->tree, specs, kind_table_of(render, specs.items));
}

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_number(const char *name)
{
    const char *digits = name + (*name == '-' || *name == '+');
    return *digits && strspn(digits, "0123456789") == strlen(digits);
}

/* kyaml takes some names for positions in a list, and then refuses a map. */
static const char *problem_of(const char *name)
{
    size_t size = strlen(name);
    if (!size)
        return "cannot set or create an empty field name";
    if (strcmp(name, "*") == 0)
        return "wildcard is not supported in PathGetter: lists are gone through by themselves, so leave it out";
    if (strcmp(name, "-") == 0 || is_number(name) || (name[0] == '[' && name[size - 1] == ']'))
        return "wrong node kind: expected SequenceNode but got MappingNode: lists are gone through by themselves, so "
               "leave positions out of the path";
    return NULL;
}

/* Most names are words, with which nothing can be wrong. */
static bool is_word(const char *text, size_t size)
{
    return size && is_letter(text[0]) && is_letter(text[size - 1]);
}

struct field_name field_name_read(struct arena *arena, struct intern *keys, const char *text, size_t size)
{
    struct field_name part = {0};
    if (size >= 2 && memcmp(text + size - 2, "[]", 2) == 0) {
        part.list = true;
        size -= 2;
    }
    if (is_word(text, size)) {
        part.key = intern_bytes(keys, text, size);
        part.name = part.key->text;
        return part;
    }
    part.name = arena_copy(arena, text, size);
    part.problem = size ? NULL : problem_of("");
    while (size && is_blank(text[0]))
        text++, size--;
    while (size && is_blank(text[size - 1]))
        size--;
    if (!size)
        return part;
    part.problem = problem_of(arena_copy(arena, text, size));
    part.key = intern_bytes(keys, text, size);
    return part;
}

size_t field_path_next(const char **path, char *segment)
{
    size_t size = strcspn(*path, "/\\");
    const char *at = *path + size;
    memcpy(segment, *path, size);
    for (; *at && *at != '/'; at++) {
        bool escaped_slash = at[0] == '\\' && at[1] == '/';
        at += escaped_slash;
        segment[size++] = *at;
    }
    *path = *at ? at + 1 : NULL;
    return size;
}

static struct path compile_path(struct arena *arena, struct intern *keys, const char *text, size_t spec)
{
    size_t segments = 1, size = strlen(text);
    for (const char *at = text; *at; at++)
        segments += *at == '/';
    struct path path = {.parts = ARENA_ARRAY(arena, segments, struct field_name), .spec = spec};
    char *segment = arena_alloc(arena, size + 1);
    const char *rest = text + (*text == '/');
    while (rest) {
        size_t length = field_path_next(&rest, segment);
        path.parts[path.count++] = field_name_read(arena, keys, segment, length);
    }
    path.annotations = path.count == 2 && path.parts[0].key == &key_metadata && path.parts[1].key == &key_annotations;
    return path;
}

static struct kind_paths *compile_kind(struct field_paths *paths, const struct gvk *gvk)
{
    struct arena *arena = kind_table_arena(paths->kinds);
    struct kind_paths *kind = ARENA_NEW(arena, struct kind_paths);
    size_t room = 0;
    paths->tree->steps += paths->specs.count / 4;
    for (size_t i = 0; i < paths->specs.count; i++) {
        const struct field_spec *spec = &paths->specs.items[i];
        if (!gvk_selected_by(gvk, &spec->gvk))
            continue;
        kind->items = arena_grow(arena, kind->items, kind->count, &room, sizeof *kind->items);
        kind->items[kind->count++] = compile_path(arena, paths->tree->keys, spec->path, i);
    }
    return kind;
}

static const struct kind_paths *paths_of_kind(struct field_paths *paths, const struct gvk *gvk)
{
    void **slot = kind_table_slot(paths->kinds, gvk);
    if (!*slot)
        *slot = compile_kind(paths, gvk);
    return *slot;
}

struct walk {
    struct tree *tree;
    const struct path *path;
    enum create_kind create; /* CREATE_NOTHING also where the spec does not say create */
    field_visitor *visit;
    void *context;
    struct trail trail;
};

static bool walk_node(struct walk *walk, const struct node *node, size_t depth, struct error *error);

static bool step_down(struct walk *walk, const struct node *parent, uint32_t index, struct error *error)
{
    if (walk->trail.depth == TRAIL_LONGEST)
        return error_at(error, parent->origin, "nested more than %d deep", TRAIL_LONGEST);
    walk->trail.steps[walk->trail.depth++] = index;
    return true;
}

static bool walk_list(struct walk *walk, const struct node *list, size_t depth, struct error *error)
{
    walk->tree->steps += list->count;
    for (uint32_t i = 0; i < list->count; i++) {
        if (!step_down(walk, list, i, error) || !walk_node(walk, list->items[i], depth, error))
            return false;
        walk->trail.depth--;
        list = trail_end(&walk->trail); /* a visit may have copied it */
    }
    return true;
}

/* What is made in the place of a part that is not there. */
static enum create_kind created_kind(const struct walk *walk, size_t depth)
{
    if (walk->create == CREATE_NOTHING || walk->path->parts[depth].list)
        return CREATE_NOTHING;
    return depth + 1 < walk->path->count ? CREATE_MAP : walk->create;
}

/* Adds the key; a scalar is empty and untagged. */
static const struct node *create_field(struct walk *walk, const struct field_name *part, enum create_kind kind)
{
    struct node *map = trail_own(walk->tree, &walk->trail);
    struct node *value = kind == CREATE_MAP ? tree_map(walk->tree) : tree_plain(walk->tree, "");
    value->origin = map->origin;
    tree_set(walk->tree, map, part->key, value);
    return map;
}

/* Turns the null at the end of the trail into what should be there; a scalar keeps its text. */
static const struct node *convert_null(struct walk *walk, enum create_kind kind)
{
    static const enum node_tag tags[] = {[CREATE_NOTHING] = TAG_LIST,
                                         [CREATE_UNTAGGED] = TAG_NONE,
                                         [CREATE_STRING] = TAG_STRING,
                                         [CREATE_INT] = TAG_INT,
                                         [CREATE_MAP] = TAG_MAP};
    struct node *node = trail_own(walk->tree, &walk->trail);
    node->tag = (uint8_t)tags[kind];
    if (kind != CREATE_MAP && kind != CREATE_NOTHING)
        return node;
    node->kind = kind == CREATE_MAP ? NODE_MAP : NODE_LIST;
    node->style = STYLE_PLAIN;
    node->count = node->room = 0;
    node->entries = NULL;
    return node;
}

static bool walk_map(struct walk *walk, const struct node *map, size_t depth, struct error *error)
{
    const struct field_name *part = &walk->path->parts[depth];
    if (part->problem)
        return error_at(error, map->origin, "fieldName: %s: %s", part->name, part->problem);
    if (!part->key)
        return walk_node(walk, map, depth + 1, error);
    enum create_kind kind = created_kind(walk, depth);
    const struct entry *entry = node_entry(map, part->key);
    walk->tree->steps += map->count / 32;
    if (!entry && kind == CREATE_NOTHING)
        return true;
    if (!entry) {
        map = create_field(walk, part, kind);
        entry = &map->entries[map->count - 1];
    }
    const struct node *value = entry->value;
    if (!step_down(walk, map, (uint32_t)(entry - map->entries), error))
        return false;
    if (node_is_null(value) && (kind != CREATE_NOTHING || part->list))
        value = convert_null(walk, kind);
    bool ok = walk_node(walk, value, depth + 1, error);
    walk->trail.depth--;
    return ok;
}

static bool walk_node(struct walk *walk, const struct node *node, size_t depth, struct error *error)
{
    if (depth == walk->path->count)
        return walk->visit(walk->context, &(struct found_field){walk->tree, &walk->trail, node, walk->path->spec},
                           error);
    if (node_is_null(node))
        return true;
    if (node->kind == NODE_LIST)
        return walk_list(walk, node, depth, error);
    if (node->kind == NODE_MAP)
        return walk_map(walk, node, depth, error);
    return error_at(error, node->origin, "expected sequence or mapping node");
}

bool field_paths_visit(struct field_paths *paths, struct resource *resource, enum create_kind create,
                       field_visitor *visit, void *context, struct error *error)
{
    if (!resource->root)
        return true;
    const struct kind_paths *kind = paths_of_kind(paths, &resource->id.gvk);
    if (!tree_count_steps(paths->tree, 1 + kind->count, error))
        return false;
    struct walk walk;
    walk.tree = paths->tree;
    walk.visit = visit;
    walk.context = context;
    trail_start(&walk.trail, &resource->root);
    for (size_t i = 0; i < kind->count; i++) {
        const struct field_spec *spec = &paths->specs.items[kind->items[i].spec];
        walk.path = &kind->items[i];
        walk.create = spec->create ? create : CREATE_NOTHING;
        walk.trail.depth = 0;
        if (walk.path->annotations)
            resource_demand_annotations(paths->tree, resource);
        if (!walk_node(&walk, resource->root, 0, error))
            return error_wrap(error, "considering field '%s' of object %s", spec->path,
                              id_text(paths->tree->arena, &resource->id));
    }
    return true;
}

bool visit_fields(struct tree *tree, struct resource *resource, struct field_specs specs, enum create_kind create,
                  field_visitor *visit, void *context, struct error *error)
{
    return field_paths_visit(field_paths_compile(tree, specs), resource, create, visit, context, error);
}
