/* field_trie.c: one walk for many field paths. */
#include "kustomize/field/field_trie.h"

#include <string.h>

#include "kustomize/field/field_path.h"

enum { KEYS_OF_A_STEP = 32 };

struct branch {
    struct field_name name;
    struct field_trie *to;
};

struct field_trie {
    struct branch *branches;
    size_t branch_count, branch_room;
    uint32_t *numbers; /* of the paths that end here */
    size_t number_count, number_room;
};

struct field_trie *field_trie_new(struct arena *arena)
{
    return ARENA_NEW(arena, struct field_trie);
}

static struct field_trie *branch_for(struct field_trie *trie, struct arena *arena, struct field_name name)
{
    for (size_t i = 0; i < trie->branch_count; i++)
        if (trie->branches[i].name.key == name.key && !name.problem == !trie->branches[i].name.problem)
            return trie->branches[i].to;
    trie->branches = arena_grow(arena, trie->branches, trie->branch_count, &trie->branch_room, sizeof *trie->branches);
    struct field_trie *to = field_trie_new(arena);
    trie->branches[trie->branch_count++] = (struct branch){name, to};
    return to;
}

void field_trie_add(struct field_trie *trie, struct arena *arena, struct intern *keys, const char *path,
                    uint32_t number)
{
    char *name = arena_alloc(arena, strlen(path) + 1);
    path += *path == '/'; /* one in front is allowed */
    while (path) {
        size_t size = field_path_next(&path, name);
        trie = branch_for(trie, arena, field_name_read(arena, keys, name, size));
    }
    trie->numbers = arena_grow(arena, trie->numbers, trie->number_count, &trie->number_room, sizeof *trie->numbers);
    trie->numbers[trie->number_count++] = number;
}

struct walk {
    struct tree *tree;
    struct trail trail;
    trie_visitor *visit;
    void *context;
    struct error *error;
};

static bool walk_node(struct walk *walk, const struct field_trie *trie, const struct node *node);

static bool walk_child(struct walk *walk, const struct field_trie *trie, const struct node *child, uint32_t index)
{
    if (walk->trail.depth == TRAIL_LONGEST)
        return error_at(walk->error, child->origin, "fields are nested more than %d deep", TRAIL_LONGEST);
    walk->trail.steps[walk->trail.depth++] = index;
    bool good = walk_node(walk, trie, child);
    walk->trail.depth--;
    return good;
}

static bool walk_map(struct walk *walk, const struct field_trie *trie, const struct node *map)
{
    if (!tree_count_steps(walk->tree, trie->branch_count * (1 + map->count / KEYS_OF_A_STEP), walk->error))
        return false;
    for (size_t i = 0; i < trie->branch_count; i++) {
        const struct field_name *name = &trie->branches[i].name;
        if (name->problem)
            return error_at(walk->error, map->origin, "fieldName: %s: %s", name->name, name->problem);
        const struct entry *entry = name->key ? node_entry(map, name->key) : NULL;
        if (!entry && name->key)
            continue;
        if (!entry ? !walk_node(walk, trie->branches[i].to, map)
                   : !walk_child(walk, trie->branches[i].to, entry->value, (uint32_t)(entry - map->entries)))
            return false;
        map = trail_end(&walk->trail); /* a visit may have copied it */
    }
    return true;
}

static bool walk_list(struct walk *walk, const struct field_trie *trie, const struct node *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (!walk_child(walk, trie, list->items[i], i))
            return false;
        list = trail_end(&walk->trail);
    }
    return true;
}

static bool walk_node(struct walk *walk, const struct field_trie *trie, const struct node *node)
{
    if (trie->number_count &&
        !walk->visit(walk->context, walk->tree, &walk->trail, trie->numbers, trie->number_count, walk->error))
        return false;
    if (!trie->branch_count)
        return true;
    node = trail_end(&walk->trail);
    if (node_is_null(node))
        return true;
    if (node_is_map(node))
        return walk_map(walk, trie, node);
    if (node_is_list(node))
        return walk_list(walk, trie, node);
    return error_at(walk->error, node->origin, "expected sequence or mapping node, found the scalar '%s'", node->text);
}

bool field_trie_walk(const struct field_trie *trie, struct tree *tree, struct node **root, trie_visitor *visit,
                     void *context, struct error *error)
{
    struct walk walk;
    walk.tree = tree;
    walk.visit = visit;
    walk.context = context;
    walk.error = error;
    trail_start(&walk.trail, root);
    return walk_node(&walk, trie, *root);
}
