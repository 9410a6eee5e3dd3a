/* list_keys.c: by what the items of lists are told apart, as server-side apply does. */
#include "diff/list_keys.h"

#include <string.h>

/* Source: Kubernetes, x-kubernetes-list-map-keys of its OpenAPI. In the order of `env` a later variable can use an
 * earlier one, and initContainers run one after the other. */
static const struct list_key rows[] = {
    {"containers", NULL, {"name"}, NULL, false},
    {"initContainers", NULL, {"name"}, NULL, true},
    {"ephemeralContainers", NULL, {"name"}, NULL, false},
    {"volumes", NULL, {"name"}, NULL, false},
    {"env", NULL, {"name"}, NULL, true},
    {"imagePullSecrets", NULL, {"name"}, NULL, false},
    {"ports", "Service", {"port", "protocol"}, "TCP", false},
    {"ports", NULL, {"containerPort", "protocol"}, "TCP", false},
    {"volumeMounts", NULL, {"mountPath"}, NULL, false},
    {"volumeDevices", NULL, {"devicePath"}, NULL, false},
    {"hostAliases", NULL, {"ip"}, NULL, false},
    {"topologySpreadConstraints", NULL, {"topologyKey", "whenUnsatisfiable"}, NULL, false},
    {"ownerReferences", NULL, {"uid"}, NULL, false},
    {"versions", "CustomResourceDefinition", {"name"}, NULL, false},
    {"webhooks", NULL, {"name"}, NULL, false},
};

/* Any other list of maps that all have a name of their own. What its order means is not known. */
static const struct list_key by_name = {"", NULL, {"name"}, NULL, true};

/* A JSON text between quotes could hold what ends the key; such an item is told apart by its place. */
static bool add_part(const struct list_key *key, const char *name, const struct node *item, struct text *out)
{
    const char *value = node_text(node_find(item, name));
    if (!value && name != key->keys[0])
        value = key->otherwise;
    if (!value || strpbrk(value, "[]=,\n"))
        return false;
    text_format(out, "%s%s=%s", out->size ? "," : "", name, value);
    return true;
}

bool list_key_write(const struct list_key *key, const struct node *item, struct text *out)
{
    text_cut(out, 0);
    bool good = node_is_map(item) && key->keys[0];
    for (size_t i = 0; good && i < MOST_LIST_KEYS && key->keys[i]; i++)
        good = add_part(key, key->keys[i], item, out);
    return good;
}

static bool key_equal(const struct list_key *key, const struct node *left, const struct node *right)
{
    for (size_t i = 0; i < MOST_LIST_KEYS && key->keys[i]; i++) {
        const char *one = node_text(node_find(left, key->keys[i])), *other = node_text(node_find(right, key->keys[i]));
        one = one ? one : key->otherwise;
        other = other ? other : key->otherwise;
        if (!one || !other || strcmp(one, other) != 0)
            return false;
    }
    return true;
}

enum { MOST_COMPARED = 200 };

/* Whether each item has a key, and none twice. */
static bool tells_apart(const struct list_key *key, const struct node *list)
{
    struct text text = {0};
    bool good = !list || list->count <= MOST_COMPARED;
    for (size_t i = 0; good && list && i < list->count; i++) {
        good = list_key_write(key, list->items[i], &text);
        for (size_t other = 0; good && other < i; other++)
            good = !key_equal(key, list->items[i], list->items[other]);
    }
    text_free(&text);
    return good;
}

static const struct list_key *find_row(const char *kind, const char *list)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].list, list) == 0 && (!rows[i].kind || strcmp(rows[i].kind, kind) == 0))
            return &rows[i];
    return &by_name;
}

/* The name of the field behind the last point of a path. */
static const char *field_of(const char *path)
{
    const char *point = strrchr(path, '.');
    return point ? point + 1 : path;
}

const struct list_key *list_key_of(const struct list_keys *custom, const struct object_id *id, const char *path,
                                   const struct node *old, const struct node *new)
{
    const struct list_key *row = custom ? list_keys_find(custom, id, path) : NULL;
    row = row ? row : find_row(id->kind, field_of(path));
    if (!row->keys[0])
        return NULL;
    if (!tells_apart(row, old) || !tells_apart(row, new))
        row = row != &by_name && tells_apart(&by_name, old) && tells_apart(&by_name, new) ? &by_name : NULL;
    return row;
}
