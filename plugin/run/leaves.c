/* leaves.c: lists the leaves of a resource, and finds those that a path means. */
#include "plugin/run/leaves.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "diff/changes.h"
#include "kustomize/field/dotted_path.h"

enum { MOST_SHOWN = 10, DEEPEST = 600 };

struct leaf_walk {
    struct arena *arena;
    struct leaves *out;
    struct leaf_step steps[DEEPEST];
    size_t depth;
};

/* The key by which an item is told from others: its name, where it has one. */
static const char *name_of(const struct node *item)
{
    return node_text(node_get(item, &key_name));
}

static const char *path_text(struct arena *arena, const struct leaf_step *steps, size_t count)
{
    struct text text = {0};
    for (size_t i = 0; i < count; i++) {
        const char *name = steps[i].key ? NULL : name_of(steps[i].item);
        if (steps[i].key)
            path_add_field(&text, steps[i].key);
        else if (name)
            text_format(&text, "%s[name=%s]", text.size ? "." : "", name);
        else
            text_format(&text, "%s%zu", text.size ? "." : "", steps[i].index);
    }
    const char *copy = arena_copy(arena, text_content(&text), text.size);
    text_free(&text);
    return copy;
}

static void add_leaf(struct leaf_walk *walk, const struct node *node)
{
    struct leaves *out = walk->out;
    const struct leaf_step *steps =
        (const struct leaf_step *)(const void *)arena_copy(walk->arena, walk->steps, walk->depth * sizeof *steps);
    out->items = arena_grow(walk->arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] =
        (struct leaf){node, steps, walk->depth, path_text(walk->arena, walk->steps, walk->depth)};
}

static void walk_node(struct leaf_walk *walk, const struct node *node)
{
    if (node->kind == NODE_SCALAR || !node->count) {
        add_leaf(walk, node);
        return;
    }
    for (uint32_t i = 0; i < node->count && walk->depth < DEEPEST; i++) {
        const struct entry *entry = node->kind == NODE_MAP ? &node->entries[i] : NULL;
        const struct node *child = entry ? entry->value : node->items[i];
        walk->steps[walk->depth++] = (struct leaf_step){entry ? entry->key->text : NULL, i, entry ? NULL : child};
        walk_node(walk, child);
        walk->depth--;
    }
}

void leaves_of(struct arena *arena, const struct node *root, struct leaves *out)
{
    struct leaf_walk *walk = ARENA_NEW(arena, struct leaf_walk);
    *out = (struct leaves){0};
    walk->arena = arena;
    walk->out = out;
    walk_node(walk, root);
}

/* containers[0] is containers and 0. */
static struct dotted_path split_field(struct arena *arena, const char *field)
{
    struct dotted_path path = dotted_path_split(arena, field);
    struct dotted_path out = {ARENA_ARRAY(arena, 2 * path.count + 1, const char *), 0};
    for (size_t i = 0; i < path.count; i++) {
        const char *part = path.parts[i], *open = strrchr(part, '[');
        size_t digits = open ? strspn(open + 1, "0123456789") : 0;
        if (!digits || strcmp(open + 1 + digits, "]") != 0) {
            out.parts[out.count++] = part;
            continue;
        }
        if (open > part)
            out.parts[out.count++] = arena_copy(arena, part, (size_t)(open - part));
        out.parts[out.count++] = arena_copy(arena, open + 1, digits);
    }
    return out;
}

static bool is_item(struct arena *arena, const struct leaf_step *step, const char *part)
{
    const char *key, *value;
    if (!part_is_bracketed(part))
        return strspn(part, "0123456789") == strlen(part) && (size_t)atol(part) == step->index;
    if (!part_split(arena, part, &key, &value))
        return false;
    return node_equals(*key ? node_find(step->item, key) : step->item, value);
}

static bool fits_path(struct arena *arena, const struct leaf *leaf, size_t from, struct dotted_path path)
{
    for (size_t i = 0; i < path.count; i++) {
        const struct leaf_step *step = &leaf->steps[from + i];
        if (step->key ? strcmp(step->key, path.parts[i]) != 0 : !is_item(arena, step, path.parts[i]))
            return false;
    }
    return true;
}

/* How many steps lead to the field that the path means: from the root on if it fits there, else anywhere. 0: none. */
static size_t field_depth(struct arena *arena, const struct leaf *leaf, struct dotted_path path, bool from_root)
{
    for (size_t from = 0; from + path.count <= leaf->count && (!from_root || !from); from++)
        if (fits_path(arena, leaf, from, path))
            return from + path.count;
    return 0;
}

static bool same_field(const struct leaf *left, const struct leaf *right, size_t depth)
{
    if (left->count < depth || right->count < depth)
        return false;
    for (size_t i = 0; i < depth; i++)
        if (left->steps[i].index != right->steps[i].index)
            return false;
    return true;
}

static bool no_field(struct arena *arena, const struct leaves *all, const char *field, struct error *error)
{
    const char **paths = ARENA_ARRAY(arena, all->count + 1, const char *);
    for (size_t i = 0; i < all->count; i++)
        paths[i] = all->items[i].steps[all->items[i].count - 1].key ? all->items[i].steps[all->items[i].count - 1].key
                                                                    : all->items[i].path;
    const char *near = nearest_name(field, paths);
    if (near)
        return error_set(error, "no field '%s' in the resource (did you mean '%s'?)", field, near);
    return error_set(error, "no field '%s' in the resource; without a field, all of it is shown", field);
}

static bool many_fields(const struct leaves *found, const char *field, struct error *error)
{
    struct text list = {0};
    for (size_t i = 0; i < found->count && i < MOST_SHOWN; i++)
        text_format(&list, "%s%s", i ? ", " : "", found->items[i].path);
    error_set(error, "'%s' may mean several fields: %s%s", field, text_content(&list),
              found->count > MOST_SHOWN ? ", ..." : "");
    text_free(&list);
    return false;
}

bool leaves_find(struct arena *arena, const struct leaves *all, const char *field, struct leaves *out,
                 struct error *error)
{
    struct dotted_path path = split_field(arena, field);
    size_t first_depth = 0;
    bool several = false;
    *out = (struct leaves){0};
    for (int from_root = 1; from_root >= 0 && !out->count; from_root--)
        for (size_t i = 0; i < all->count; i++) {
            const struct leaf *leaf = &all->items[i];
            size_t depth = field_depth(arena, leaf, path, from_root);
            if (!depth)
                continue;
            first_depth = out->count ? first_depth : depth;
            several = several || (out->count && !same_field(&out->items[0], leaf, first_depth));
            out->items = arena_grow(arena, out->items, out->count, &out->room, sizeof *out->items);
            out->items[out->count++] = *leaf;
        }
    if (!out->count)
        return no_field(arena, all, field, error);
    return !several || many_fields(out, field, error);
}
