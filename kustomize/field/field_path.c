/* field_path.c: walks from a resource to the fields that field specs name.
 *
 * Facts: api/filters/fieldspec/fieldspec.go, api/filters/fsslice, kyaml/yaml/fns.go (PathGetter), kyaml/utils. */
#include "kustomize/field/field_path.h"

#include <string.h>

#include "kustomize/field/dotted_path.h"
#include "kustomize/kustomization/kind_table.h"

enum { KEYS_OF_A_STEP = 32 };

/* One name of a path, as kyaml takes it: without blanks around it, and without the mark of a list. */
struct field_name {
    const struct key *key; /* NULL: a blank name, which stays where it is */
    const char *name;      /* as messages call it */
    const char *problem;   /* what is wrong with the name as the name of a field; NULL: nothing */
    bool list;             /* it ended with [] */
};

/* A name of a path, and the names that may follow it: a path alone is a chain, paths with a beginning in common fork.
 */
struct field_trie {
    struct field_name name;            /* that leads here; of no meaning at the root */
    struct field_trie *below, *beside; /* the first name that may follow; the next one behind the same name */
    uint32_t *numbers;                 /* of the paths that end here */
    size_t number_count, number_room;
};

struct path {
    struct field_trie *chain;
    const struct field_spec *spec;
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

static struct field_name read_name(struct arena *arena, struct intern *keys, const char *text, size_t size)
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

static struct path compile_path(struct arena *arena, struct intern *keys, const struct field_spec *spec)
{
    const char *rest = spec->path + (*spec->path == '/');
    size_t segments = 1, depth = 0;
    for (const char *at = rest; *at; at++)
        segments += *at == '/';
    struct field_trie *chain = ARENA_ARRAY(arena, segments + 1, struct field_trie);
    char *name = arena_alloc(arena, strlen(rest) + 1);
    chain[0] = (struct field_trie){0};
    for (; rest; depth++) {
        size_t size = path_next_part(&rest, '/', name);
        chain[depth].below = &chain[depth + 1];
        chain[depth + 1] = (struct field_trie){.name = read_name(arena, keys, name, size)};
    }
    bool annotations = depth == 2 && chain[1].name.key == &key_metadata && chain[2].name.key == &key_annotations;
    return (struct path){chain, spec, annotations};
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
        kind->items[kind->count++] = compile_path(arena, paths->tree->keys, spec);
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

struct field_trie *field_trie_new(struct arena *arena)
{
    return ARENA_NEW(arena, struct field_trie);
}

static struct field_trie *follow_name(struct field_trie *trie, struct arena *arena, struct field_name name)
{
    struct field_trie **place = &trie->below;
    for (; *place; place = &(*place)->beside)
        if ((*place)->name.key == name.key && !name.problem == !(*place)->name.problem)
            return *place;
    *place = ARENA_NEW(arena, struct field_trie);
    (*place)->name = name;
    return *place;
}

void field_trie_add(struct field_trie *trie, struct arena *arena, struct intern *keys, const char *path,
                    uint32_t number)
{
    char *name = arena_alloc(arena, strlen(path) + 1);
    path += *path == '/'; /* one in front is allowed */
    while (path) {
        size_t size = path_next_part(&path, '/', name);
        trie = follow_name(trie, arena, read_name(arena, keys, name, size));
    }
    trie->numbers = arena_grow(arena, trie->numbers, trie->number_count, &trie->number_room, sizeof *trie->numbers);
    trie->numbers[trie->number_count++] = number;
}

struct field_walk {
    struct tree *tree;
    enum create_kind create; /* CREATE_NOTHING also where the spec does not say create, or for several paths at once */
    field_visitor *visit;
    void *context;
    struct trail trail;
};

static bool walk_node(struct field_walk *walk, const struct field_trie *trie, const struct node *node,
                      struct error *error);

static bool walk_child(struct field_walk *walk, const struct field_trie *trie, const struct node *child, uint32_t index,
                       struct error *error)
{
    if (walk->trail.depth == TRAIL_LONGEST)
        return error_at(error, child->origin, "fields are nested more than %d deep", TRAIL_LONGEST);
    walk->trail.steps[walk->trail.depth++] = index;
    bool good = walk_node(walk, trie, child, error);
    walk->trail.depth--;
    return good;
}

static bool walk_list(struct field_walk *walk, const struct field_trie *trie, const struct node *list,
                      struct error *error)
{
    walk->tree->steps += list->count;
    for (uint32_t i = 0; i < list->count; i++) {
        if (!walk_child(walk, trie, list->items[i], i, error))
            return false;
        list = trail_end(&walk->trail); /* a visit may have copied it */
    }
    return true;
}

/* What is made in the place of a part that is not there. */
static enum create_kind created_kind(const struct field_walk *walk, const struct field_trie *part)
{
    if (walk->create == CREATE_NOTHING || part->name.list)
        return CREATE_NOTHING;
    return part->below ? CREATE_MAP : walk->create;
}

/* Adds the key; a scalar is empty and untagged. */
static const struct node *create_field(struct field_walk *walk, const struct field_name *part, enum create_kind kind)
{
    struct node *map = trail_own(walk->tree, &walk->trail);
    struct node *value = kind == CREATE_MAP ? tree_map(walk->tree) : tree_plain(walk->tree, "");
    value->origin = map->origin;
    tree_set(walk->tree, map, part->key, value);
    return map;
}

/* Turns the null at the end of the trail into what should be there; a scalar keeps its text. */
static const struct node *convert_null(struct field_walk *walk, enum create_kind kind)
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

static bool walk_part(struct field_walk *walk, const struct field_trie *part, const struct node *map,
                      struct error *error)
{
    const struct field_name *name = &part->name;
    if (name->problem)
        return error_at(error, map->origin, "fieldName: %s: %s", name->name, name->problem);
    if (!name->key)
        return walk_node(walk, part, map, error);
    enum create_kind kind = created_kind(walk, part);
    const struct entry *entry = node_entry(map, name->key);
    if (!entry && kind == CREATE_NOTHING)
        return true;
    if (!entry) {
        map = create_field(walk, name, kind);
        entry = &map->entries[map->count - 1];
    }
    const struct node *value = entry->value;
    uint32_t index = (uint32_t)(entry - map->entries);
    if (!node_is_null(value) || (kind == CREATE_NOTHING && !name->list))
        return walk_child(walk, part, value, index, error);
    walk->trail.steps[walk->trail.depth++] = index;
    value = convert_null(walk, kind);
    walk->trail.depth--;
    return walk_child(walk, part, value, index, error);
}

static bool walk_map(struct field_walk *walk, const struct field_trie *trie, const struct node *map,
                     struct error *error)
{
    for (const struct field_trie *part = trie->below; part; part = part->beside) {
        if (!tree_count_steps(walk->tree, map->count / KEYS_OF_A_STEP + (part->beside != NULL), error) ||
            !walk_part(walk, part, map, error))
            return false;
        if (part->beside)
            map = trail_end(&walk->trail); /* a visit may have copied it */
    }
    return true;
}

static bool walk_node(struct field_walk *walk, const struct field_trie *trie, const struct node *node,
                      struct error *error)
{
    if (trie->number_count || !trie->below) {
        const struct found_field found = {walk->tree, &walk->trail, node, trie->numbers, trie->number_count};
        if (!walk->visit(walk->context, &found, error))
            return false;
        if (!trie->below)
            return true;
        node = trail_end(&walk->trail);
    }
    if (node_is_null(node))
        return true;
    if (node->kind == NODE_LIST)
        return walk_list(walk, trie, node, error);
    if (node->kind == NODE_MAP)
        return walk_map(walk, trie, node, error);
    return error_at(error, node->origin, "expected sequence or mapping node, found the scalar '%s'", node->text);
}

bool field_trie_walk(const struct field_trie *trie, struct tree *tree, struct node **root, field_visitor *visit,
                     void *context, struct error *error)
{
    struct field_walk walk;
    walk.tree = tree;
    walk.create = CREATE_NOTHING;
    walk.visit = visit;
    walk.context = context;
    trail_start(&walk.trail, root);
    return walk_node(&walk, trie, *root, error);
}

bool field_paths_visit(struct field_paths *paths, struct resource *resource, enum create_kind create,
                       field_visitor *visit, void *context, struct error *error)
{
    if (!resource->root)
        return true;
    const struct kind_paths *kind = paths_of_kind(paths, &resource->id.gvk);
    if (!tree_count_steps(paths->tree, 1 + kind->count, error))
        return false;
    struct field_walk walk;
    walk.tree = paths->tree;
    walk.visit = visit;
    walk.context = context;
    trail_start(&walk.trail, &resource->root);
    for (size_t i = 0; i < kind->count; i++) {
        const struct path *path = &kind->items[i];
        walk.create = path->spec->create ? create : CREATE_NOTHING;
        walk.trail.depth = 0;
        if (path->annotations)
            resource_demand_annotations(paths->tree, resource);
        if (!walk_node(&walk, path->chain, resource->root, error))
            return error_wrap(error, "considering field '%s' of object %s", path->spec->path,
                              id_text(paths->tree->arena, &resource->id));
    }
    return true;
}
