/* dotted_path.c: the parts of paths, and where they lead.
 *
 * Source: kustomize kyaml/utils/pathsplitter.go, kyaml/yaml/fns.go (PathGetter). */
#include "kustomize/field/dotted_path.h"

#include <inttypes.h>
#include <string.h>

#include "base/go_values.h"
#include "base/nearest.h"

static void add_part(struct arena *arena, struct dotted_path *path, size_t *room, const char *part)
{
    path->parts = arena_grow(arena, path->parts, path->count, room, sizeof *path->parts);
    path->parts[path->count++] = part;
}

size_t path_next_part(const char **path, char delimiter, char *part)
{
    const char stops[] = {delimiter, '\\', '\0'};
    size_t size = strcspn(*path, stops);
    const char *at = *path + size;
    memcpy(part, *path, size);
    for (; *at && *at != delimiter; at++) {
        bool escaped = at[0] == '\\' && at[1] == delimiter;
        at += escaped;
        part[size++] = *at;
    }
    part[size] = '\0';
    *path = *at ? at + 1 : NULL;
    return size;
}

static const char *read_part(struct arena *arena, const char **rest)
{
    char *part = arena_alloc(arena, strlen(*rest) + 1);
    path_next_part(rest, '.', part);
    return part;
}

static bool ends_with_bracket(const char *text)
{
    size_t size = strlen(text);
    return size && text[size - 1] == ']';
}

static const char *without_brackets(struct arena *arena, const char *text)
{
    text += strspn(text, "[]");
    size_t size = strlen(text);
    while (size && strchr("[]", text[size - 1]))
        size--;
    return arena_copy(arena, text, size);
}

/* The parts of a bracket that has dots in it, together. */
static const char *read_bracket(struct arena *arena, const char *first, const char **rest)
{
    struct text whole = {0};
    text_string(&whole, first);
    while (*rest && !ends_with_bracket(text_content(&whole)))
        text_format(&whole, ".%s", read_part(arena, rest));
    const char *bracket = arena_copy(arena, text_content(&whole), whole.size);
    text_free(&whole);
    return strchr(bracket, '=') ? bracket : without_brackets(arena, bracket);
}

struct dotted_path dotted_path_split(struct arena *arena, const char *text)
{
    struct dotted_path path = {0};
    size_t room = 0;
    const char *rest = *text == '.' ? text + 1 : text;
    while (rest) {
        const char *part = read_part(arena, &rest);
        if (*part == '[' && !ends_with_bracket(part))
            part = read_bracket(arena, part, &rest);
        add_part(arena, &path, &room, part);
    }
    return path;
}

bool part_is_bracketed(const char *part)
{
    return *part == '[' && ends_with_bracket(part);
}

bool part_split(struct arena *arena, const char *part, const char **key, const char **value)
{
    const char *equals = strchr(part, '=');
    if (!equals)
        return false;
    *key = arena_copy(arena, part + 1, (size_t)(equals - part - 1));
    *value = arena_copy(arena, equals + 1, strlen(equals + 1) - 1);
    return true;
}

static bool same_text(const struct node *node, const char *text, size_t size)
{
    size_t count = node->kind == NODE_SCALAR ? node->count : 0;
    return count == size && (!size || memcmp(node->text, text, size) == 0);
}

static bool item_matches(const struct node *item, const char *key, size_t key_size, const char *value,
                         size_t value_size)
{
    if (!key_size)
        return same_text(item, value, value_size);
    for (uint32_t i = 0; item->kind == NODE_MAP && i < item->count; i++) {
        const struct key *name = item->entries[i].key;
        if (name->size == key_size && memcmp(name->text, key, key_size) == 0)
            return same_text(item->entries[i].value, value, value_size);
    }
    return false;
}

/* Each step sets *index to the child, or to the count where there is none. */

static bool step_to_match(const struct node *list, const char *part, size_t size, uint32_t *index, struct error *error)
{
    const char *equals = memchr(part, '=', size);
    if (!equals)
        return error_set(error, "list path element must contain fieldName=fieldValue for element to match");
    if (!demand_kind(list, NODE_LIST, error))
        return false;
    const char *value = equals + 1, *end = part + size - 1;
    for (*index = 0; *index < list->count; ++*index)
        if (item_matches(list->items[*index], part + 1, (size_t)(equals - part - 1), value, (size_t)(end - value)))
            return true;
    return true;
}

static bool step_to_item(const struct node *list, int64_t number, uint32_t *index, struct error *error)
{
    if (number < 0)
        return error_set(error, "array index %" PRId64 " cannot be negative", number);
    if (!demand_kind(list, NODE_LIST, error))
        return false;
    *index = number < list->count ? (uint32_t)number : list->count;
    return true;
}

static bool step_to_last(const struct node *list, uint32_t *index, struct error *error)
{
    if (!demand_kind(list, NODE_LIST, error))
        return false;
    if (!list->count)
        return error_at(error, list->origin, "an empty list has no last item");
    *index = list->count - 1;
    return true;
}

static bool step_to_key(const struct node *map, const char *part, size_t size, uint32_t *index, struct error *error)
{
    if (!demand_kind(map, NODE_MAP, error))
        return false;
    for (*index = 0; *index < map->count; ++*index) {
        const struct key *key = map->entries[*index].key;
        if (key->size == size && memcmp(key->text, part, size) == 0)
            return true;
    }
    return true;
}

static bool step_down(const struct node *node, const char *part, size_t size, uint32_t *index, struct error *error)
{
    int64_t number;
    *index = node->count;
    if (go_read_integer_part(part, size, &number))
        return node_is_null(node) || step_to_item(node, number, index, error);
    if (size == 1 && *part == '-')
        return step_to_last(node, index, error);
    if (size == 1 && *part == '*')
        return error_set(error, "wildcard is not supported in PathGetter");
    if (*part == '[' && part[size - 1] == ']')
        return node_is_null(node) || step_to_match(node, part, size, index, error);
    return node_is_null(node) || step_to_key(node, part, size, index, error);
}

static struct node *child_at(const struct node *node, uint32_t index)
{
    if (node->kind == NODE_SCALAR || index >= node->count)
        return NULL;
    return node->kind == NODE_MAP ? node->entries[index].value : node->items[index];
}

/* Without blanks around it. */
static const char *trim_part(const char *part, size_t *size)
{
    static const char blanks[] = " \t\n\v\f\r";
    part += strspn(part, blanks);
    *size = strlen(part);
    while (*size && strchr(blanks, part[*size - 1]))
        --*size;
    return part;
}

bool dotted_path_lookup(struct node *const *root, struct dotted_path path, struct trail *trail, struct node **out,
                        size_t *looked_at, struct error *error)
{
    struct node *node = *root;
    size_t depth = 0;
    for (size_t i = 0; node && i < path.count; i++) {
        size_t size;
        const char *part = trim_part(path.parts[i], &size);
        uint32_t index;
        if (!size)
            continue;
        if (depth == TRAIL_LONGEST)
            return error_set(error, "the path has more than %d parts", TRAIL_LONGEST);
        if (!step_down(node, part, size, &index, error))
            return false;
        *looked_at += index;
        if (trail)
            trail->steps[depth] = index;
        depth++;
        node = child_at(node, index);
    }
    if (trail)
        trail->depth = depth;
    *out = node;
    return true;
}

/* What kyaml makes where there is nothing: the part behind decides. NULL: it is the last. */
static struct node *new_value(struct tree *tree, const struct dotted_path *path, size_t next)
{
    int64_t number;
    size_t size = 0;
    const char *part = "";
    for (; next < path->count && !size; next++)
        part = trim_part(path->parts[next], &size);
    if (!size)
        return tree_plain(tree, "");
    bool of_list =
        (*part == '[' && part[size - 1] == ']') || (go_read_integer_part(part, size, &number) && number >= 0);
    return of_list ? tree_list(tree) : tree_map(tree);
}

/* Appends [key=value] to a list, and a key to a map; nothing for a number, whose item is not made. */
static bool append_child(struct tree *tree, struct node *parent, const char *part, size_t size, struct node *value)
{
    if (parent->kind == NODE_MAP) {
        tree_set(tree, parent, intern_bytes(tree->keys, part, size), value);
        return true;
    }
    if (*part != '[')
        return false;
    const char *equals = memchr(part, '=', size), *text = equals + 1;
    size_t key_size = (size_t)(equals - part - 1);
    struct node *item = tree_scalar(tree, text, (size_t)(part + size - 1 - text), TAG_NONE, STYLE_PLAIN);
    if (key_size) {
        struct node *map = tree_map(tree);
        tree_set(tree, map, intern_bytes(tree->keys, part + 1, key_size), item);
        item = map;
    }
    tree_append(tree, parent, item);
    return true;
}

bool dotted_path_create(struct tree *tree, struct node **root, struct dotted_path path, struct node **out,
                        struct error *error)
{
    struct node *node = tree_own(tree, root);
    *out = NULL;
    for (size_t i = 0; i < path.count; i++) {
        size_t size;
        const char *part = trim_part(path.parts[i], &size);
        uint32_t index;
        if (!size)
            continue;
        if (!step_down(node, part, size, &index, error))
            return false;
        if (node->kind == NODE_SCALAR) {
            if (*part != '[')
                return true;
            node = tree_list(tree); /* what is put into a null is never printed */
            index = 0;
        }
        if (index == node->count && !append_child(tree, node, part, size, new_value(tree, &path, i + 1)))
            return true;
        node = node->kind == NODE_MAP ? tree_own_value(tree, node, node->entries[index].key)
                                      : tree_own_item(tree, node, index);
    }
    *out = node;
    return true;
}

static const char *missing_key(struct arena *arena, const struct node *map, const char *parent, const char *key)
{
    const char **names = ARENA_ARRAY(arena, map->count + 1, const char *);
    for (uint32_t i = 0; i < map->count; i++)
        names[i] = map->entries[i].key->text;
    names[map->count] = NULL;
    const char *near = nearest_name(key, names);
    return arena_format(arena, ": %s has no '%s'" DID_YOU_MEAN, parent, key, MEANT(near));
}

const char *dotted_path_end(struct arena *arena, const struct node *root, struct dotted_path path)
{
    const char *parent = "the object";
    for (size_t i = 0; root && i < path.count; i++) {
        const char *part = path.parts[i];
        struct error ignored = {0};
        uint32_t index = 0;
        bool found = *part && step_down(root, part, strlen(part), &index, &ignored);
        error_free(&ignored);
        struct node *below = found ? child_at(root, index) : NULL;
        if (!below && (!found || !node_is_map(root)))
            return "";
        if (!below)
            return missing_key(arena, root, parent, part);
        root = below;
        parent = arena_format(arena, "'%s'", part);
    }
    return "";
}
