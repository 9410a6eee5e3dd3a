/* json_patch.c: reads JSON patches and applies their operations.
 *
 * Source of all rules and messages: gopkg.in/evanphx/json-patch.v4, patch.go */
#include "kustomize/patch/json_patch.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/go_values.h"
#include "base/nearest.h"
#include "kustomize/resource/json_document.h"
#include "kustomize/resource/key_index.h"
#include "kustomize/text/json_text.h"
#include "yaml/decode.h"
#include "yaml/written.h"

enum { STEPS_OF_A_PATCH = 20 };

/* A path is followed by searching each map on its way: what that may add up to. */
static const uint64_t most_looked_at = 1000 * UINT64_C(1000000);

struct operation {
    const char *name, *path, *from; /* NULL where absent or no string */
    const struct node *value;       /* NULL where absent or null */
    origin origin, name_at;         /* of the path, else of the operation; of the name, else of the operation */
};

struct json_patch {
    struct operation *items;
    size_t count;
};

/* An operation at work on a document. */
struct work {
    struct tree *tree;
    struct node **root;
    uint64_t *looked_at; /* members of the containers on all ways so far */
    const struct operation *operation;
    struct error *error;
};

/* A member of a map or list, whether or not it is there. */
struct location {
    struct node *container; /* NULL: the way to it is missing */
    const char *key;
};

static struct operation read_operation(const struct node *node)
{
    const struct node *value = node_find(node, "value");
    return (struct operation){node_string(node_find(node, "op")),   node_string(node_find(node, "path")),
                              node_string(node_find(node, "from")), node_is_null(value) ? NULL : value,
                              field_origin(node, "path"),           field_origin(node, "op")};
}

static bool check_list(const struct node *list, struct error *error)
{
    if (!node_is_list(list))
        return error_at(error, list->origin, "a JSON patch is a list of operations");
    for (uint32_t i = 0; i < list->count; i++)
        if (!node_is_map(list->items[i]) && !node_is_null(list->items[i]))
            return error_at(error, list->items[i]->origin, "a JSON patch's operation is a map of op, path and value");
    return true;
}

struct json_patch *json_patch_read(struct tree *tree, const struct yaml_text *text, struct error *error)
{
    struct node *list = NULL;
    struct json_patch *patch = ARENA_NEW(tree->arena, struct json_patch);
    bool strict = text->size && text->bytes[0] == '[';
    if (!text->size) {
        error_set(error, "empty json patch operations");
        return NULL;
    }
    if (strict ? !(list = json_text_parse(tree, text, error)) : !parse_yaml11(tree, text, &list, error))
        return NULL;
    if (!list || node_is_null(list))
        return patch;
    if (!check_list(list, error))
        return NULL;
    patch->items = ARENA_ARRAY(tree->arena, list->count, struct operation);
    for (patch->count = 0; patch->count < list->count; patch->count++)
        patch->items[patch->count] = read_operation(list->items[patch->count]);
    return patch;
}

size_t json_patch_count(const struct json_patch *patch)
{
    return patch->count;
}

const struct node *json_patch_value(const struct json_patch *patch, size_t index)
{
    return patch->items[index].value;
}

bool json_patch_reads_annotations(const struct json_patch *patch)
{
    for (size_t i = 0; i < patch->count; i++) {
        const struct operation *operation = &patch->items[i];
        const char *name = operation->name ? operation->name : "", *path = NULL;
        if (strcmp(name, "test") == 0)
            path = operation->path;
        else if (strcmp(name, "copy") == 0 || strcmp(name, "move") == 0)
            path = operation->from;
        if (path && (!*path || strcmp(path, "/metadata") == 0 || strcmp(path, "/metadata/annotations") == 0))
            return true;
    }
    return false;
}

/* The index that a key means in a list of this length, from its end where it is negative. False: outside. */
static bool list_index(const char *key, uint32_t count, int64_t *index)
{
    if (!go_read_integer(key, index) || *index >= (int64_t)count || *index < -(int64_t)count)
        return false;
    *index += *index < 0 ? (int64_t)count : 0;
    return true;
}

static struct node *find_member(const struct work *work, const struct location *place)
{
    int64_t index;
    if (node_is_map(place->container))
        return node_get(place->container, intern_string(work->tree->keys, place->key));
    return list_index(place->key, place->container->count, &index) ? place->container->items[index] : NULL;
}

/* ~1 is a slash, ~0 a tilde. */
static const char *decode_segment(struct arena *arena, const char *segment, size_t size)
{
    char *key = arena_copy(arena, segment, size), *out = key;
    for (const char *at = key; *at; at++) {
        bool escape = at[0] == '~' && (at[1] == '0' || at[1] == '1');
        *out++ = (char)(!escape ? *at : *++at == '0' ? '~' : '/');
    }
    *out = '\0';
    return key;
}

/* Follows a path to its last segment. What stands before the first slash is skipped, whatever it is. */
static struct location find_location(const struct work *work, const char *path)
{
    struct location place = {NULL, ""};
    const char *at = strchr(path, '/');
    struct node *container = *work->root;
    for (; at && (node_is_map(container) || node_is_list(container));) {
        size_t size = strcspn(at + 1, "/");
        place.container = container;
        *work->looked_at += container->count;
        place.key = decode_segment(work->tree->arena, at + 1, size);
        at = at[1 + size] ? at + 1 + size : NULL;
        container = at ? find_member(work, &place) : NULL;
    }
    if (at)
        place.container = NULL;
    return place;
}

static bool missing_path(const struct work *work, const char *what, const char *path)
{
    return error_at(work->error, work->operation->origin,
                    "%s operation does not apply: doc is missing %s: \"%s\": missing value%s", work->operation->name,
                    what, path, *path && *path != '/' ? ": a path begins with a slash" : "");
}

static bool bad_index(const struct work *work, const char *path, const char *key)
{
    int64_t index;
    bool number = go_read_integer(key, &index);
    return error_at(work->error, work->operation->origin, "error in %s for path: '%s': %s: '%s'", work->operation->name,
                    path, number ? "Unable to access invalid index" : "value was not a proper array index", key);
}

static struct node *new_value(const struct work *work, const struct node *value)
{
    if (!value) {
        struct node *null = tree_null(work->tree);
        null->tagged = true; /* the patch's own: see same_member */
        return null;
    }
    struct node *copy = tree_copy(work->tree, value);
    if (!copy)
        tree_refuse_copy(work->tree, work->operation->origin, work->error);
    return copy;
}

/* The value that the operation brings. */
static struct node *own_value(const struct work *work, const struct location *place)
{
    struct node *value = new_value(work, work->operation->value);
    if (!work->tree->writers || !value)
        return value;
    if (!work->operation->value) {
        written_computed(work->tree, value, "patches", 0, "the operation has no value");
        return value;
    }
    bool replaces = place && (node_is_map(place->container) || strcmp(work->operation->name, "replace") == 0);
    if (value->kind == NODE_SCALAR && replaces)
        written_over(work->tree, value, find_member(work, place), "patches");
    else
        written_subtree(work->tree, value, "patches");
    return value;
}

static bool insert_value(const struct work *work, const struct location *place, const char *path, struct node *value)
{
    int64_t index;
    if (!value)
        return false;
    if (node_is_map(place->container)) {
        tree_set_named(work->tree, place->container, place->key, value);
        return true;
    }
    uint32_t count = place->container->count;
    if (strcmp(place->key, "-") == 0)
        index = count;
    else if (!list_index(place->key, count + 1, &index))
        return bad_index(work, path, place->key);
    tree_insert(work->tree, place->container, (size_t)index, value);
    return true;
}

static bool add_value(const struct work *work)
{
    const char *path = work->operation->path;
    struct location place = find_location(work, path);
    if (!place.container)
        return missing_path(work, "path", path);
    return insert_value(work, &place, path, own_value(work, &place));
}

static bool take_out(const struct work *work, const struct location *place, const char *path)
{
    int64_t index;
    if (node_is_map(place->container)) {
        if (tree_remove(place->container, intern_string(work->tree->keys, place->key)))
            return true;
        return error_at(work->error, work->operation->origin,
                        "error in %s for path: '%s': Unable to remove nonexistent key: %s: missing value",
                        work->operation->name, path, place->key);
    }
    if (!list_index(place->key, place->container->count, &index))
        return bad_index(work, path, place->key);
    tree_remove_item(place->container, (size_t)index);
    return true;
}

static bool remove_member(const struct work *work)
{
    const char *path = work->operation->path;
    struct location place = find_location(work, path);
    return place.container ? take_out(work, &place, path) : missing_path(work, "path", path);
}

static bool replace_root(const struct work *work)
{
    const struct node *value = work->operation->value;
    if (!value || node_is_scalar(value))
        return error_at(work->error, work->operation->origin, "replace operation value must be object or array");
    struct node *root = own_value(work, NULL);
    if (root)
        *work->root = root;
    return root;
}

static bool replace_value(const struct work *work)
{
    const char *path = work->operation->path;
    if (!*path)
        return replace_root(work);
    struct location place = find_location(work, path);
    int64_t index;
    if (!place.container)
        return missing_path(work, "path", path);
    bool map = node_is_map(place.container);
    if (!map && !list_index(place.key, place.container->count, &index))
        return missing_path(work, "key", path);
    struct node *value = own_value(work, &place);
    if (value && map)
        tree_set_named(work->tree, place.container, place.key, value);
    else if (value)
        place.container->items[index] = value;
    return value;
}

/* The place that `from` names, for move and copy; a missing key of a map counts as null. */
static bool find_source(const struct work *work, struct location *source, struct node **value)
{
    int64_t index;
    const char *from = work->operation->from;
    if (!from)
        return error_at(work->error, work->operation->origin,
                        "%s operation failed to decode from: operation, missing from field: missing value",
                        work->operation->name);
    *source = find_location(work, from);
    if (!source->container)
        return missing_path(work, "from path", from);
    if (node_is_list(source->container) && !list_index(source->key, source->container->count, &index))
        return bad_index(work, from, source->key);
    *value = find_member(work, source);
    return true;
}

static bool move_value(const struct work *work)
{
    struct location source, destination;
    struct node *value;
    if (!find_source(work, &source, &value) || !take_out(work, &source, work->operation->from))
        return false;
    destination = find_location(work, work->operation->path);
    if (!destination.container)
        return missing_path(work, "destination path", work->operation->path);
    return insert_value(work, &destination, work->operation->path, value);
}

static bool copy_value(const struct work *work)
{
    struct location source;
    struct node *value;
    if (!find_source(work, &source, &value))
        return false;
    struct location destination = find_location(work, work->operation->path);
    if (!destination.container)
        return missing_path(work, "destination path", work->operation->path);
    return insert_value(work, &destination, work->operation->path, new_value(work, value));
}

const char *json_patch_operation(const struct json_patch *patch, size_t index)
{
    return patch->items[index].name;
}

const char *json_patch_path(const struct json_patch *patch, size_t index, origin *at)
{
    *at = patch->items[index].origin;
    return patch->items[index].path;
}

const char *json_patch_copies_nothing(struct tree *tree, const struct json_patch *patch, size_t index,
                                      struct node *root, uint64_t *looked_at, origin *at)
{
    const struct operation *operation = &patch->items[index];
    const struct work work = {tree, &root, looked_at, operation, NULL};
    if (!operation->name || strcmp(operation->name, "copy") != 0 || !operation->from)
        return NULL;
    struct location source = find_location(&work, operation->from);
    *at = operation->origin;
    return node_is_map(source.container) && !find_member(&work, &source) ? operation->from : NULL;
}

static bool same_json(struct arena *arena, const struct node *left, const struct node *right);

/* A null that an operation has put into the document is a value to json-patch, and equals no null within another one.
 */
static bool same_member(struct arena *arena, const struct node *member, const struct node *wanted)
{
    return !(node_is_null(member) && member->tagged) && same_json(arena, member, wanted);
}

static bool same_entries(struct arena *arena, const struct node *left, const struct node *right)
{
    struct key_index index;
    key_index_init(&index, arena, right, left->count);
    for (uint32_t i = 0; i < left->count; i++) {
        const struct entry *match = key_index_find(&index, left->entries[i].key);
        if (!match || !same_member(arena, left->entries[i].value, match->value))
            return false;
    }
    return true;
}

/* kustomize compares texts of JSON: 1 and 1.0 differ, and so do "<" and "\u003c". */
static bool same_json(struct arena *arena, const struct node *left, const struct node *right)
{
    if (!left || !right || node_is_null(left) || node_is_null(right))
        return (!left || node_is_null(left)) && (!right || node_is_null(right));
    if (left->kind != right->kind || left->count != right->count)
        return false;
    if (left->kind == NODE_SCALAR)
        return (left->tag == TAG_STRING) == (right->tag == TAG_STRING) && left->tagged == right->tagged &&
               memcmp(left->text, right->text, left->count) == 0;
    if (left->kind == NODE_MAP)
        return same_entries(arena, left, right);
    for (uint32_t i = 0; i < left->count; i++)
        if (!same_member(arena, left->items[i], right->items[i]))
            return false;
    return true;
}

static bool test_value(const struct work *work)
{
    const char *path = work->operation->path;
    struct location place = find_location(work, path);
    int64_t index;
    if (*path && !place.container)
        return missing_path(work, "path", path);
    if (*path && node_is_list(place.container) && !list_index(place.key, place.container->count, &index))
        return bad_index(work, path, place.key);
    const struct node *value = *path ? find_member(work, &place) : *work->root, *wanted = work->operation->value;
    if (same_json(work->tree->arena, value, wanted))
        return true;
    if (!node_is_scalar(value) || !node_is_scalar(wanted))
        return error_at(work->error, work->operation->origin, "testing value %s failed: test failed", path);
    if (strcmp(value->text, wanted->text) == 0)
        return error_at(
            work->error, work->operation->origin,
            "testing value %s failed: test failed: the type or the spelling in JSON differs (kustomize's is "
            "as Go writes it, with \\u003c, \\u003e and \\u0026): write the patch in YAML",
            path);
    return error_at(work->error, work->operation->origin, "testing value %s failed: test failed: it is '%s', not '%s'",
                    path, value->text, wanted->text);
}

static const struct kind {
    const char *name;
    bool (*apply)(const struct work *work);
} kinds[] = {
    {"add", add_value},   {"remove", remove_member}, {"replace", replace_value},
    {"move", move_value}, {"test", test_value},      {"copy", copy_value},
};

static bool unexpected_kind(const struct work *work)
{
    static const char *const names[] = {"add", "remove", "replace", "move", "copy", "test", NULL};
    const char *name = work->operation->name, *near = name ? nearest_name(name, names) : NULL;
    return error_at(work->error, work->operation->name_at,
                    "Unexpected kind: %s: op must be add, remove, replace, move, copy or test" DID_YOU_MEAN,
                    name ? name : "unknown", MEANT(near));
}

static bool apply_operation(const struct work *work)
{
    const struct operation *operation = work->operation;
    for (size_t i = 0; operation->name && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, operation->name) != 0)
            continue;
        if (operation->path)
            return kinds[i].apply(work);
        return error_at(work->error, operation->origin, "%s operation failed to decode path: missing value",
                        operation->name);
    }
    return unexpected_kind(work);
}

bool json_patch_apply(struct tree *tree, const struct json_patch *patch, struct node **root, struct error *error)
{
    struct node *document = json_document(tree, *root, error);
    if (!document)
        return false;
    uint64_t looked_at = 0;
    for (size_t i = 0; i < patch->count; i++) {
        const struct work work = {tree, &document, &looked_at, &patch->items[i], error};
        if (!apply_operation(&work))
            return false;
        if (looked_at > most_looked_at)
            return error_at(error, patch->items[i].origin,
                            "the JSON patch takes too long: %zu operations on large maps or lists", patch->count);
    }
    if (!node_is_map(document))
        return error_at(error, document->origin,
                        "json: cannot unmarshal array into Go value of type map: a JSON patch "
                        "must leave an object");
    if (!json_document_reread(tree, document, error)) {
        if (patch->count)
            error_locate_at(error, patch->items[patch->count - 1].origin);
        return false;
    }
    *root = document;
    return tree_count_steps(tree, STEPS_OF_A_PATCH + (size_t)(looked_at / 32), error);
}
