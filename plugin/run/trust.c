/* trust.c: refuses resources that only the root project may have, and secrets in plain text. */
#define _GNU_SOURCE /* memmem */
#include "plugin/run/trust.h"

#include <string.h>

#include "yaml/parse.h"

enum { DEEPEST_LIST = 16 };

static const char argocd_group[] = "argoproj.io", own_group[] = "rootapp.dev", secret_kind[] = "Secret";

bool trust_is_root(const struct trust *trust)
{
    return trust->root_project && *trust->root_project && trust->project &&
           strcmp(trust->root_project, trust->project) == 0;
}

const char *trust_reason(const struct trust *trust, struct arena *arena)
{
    if (!trust->root_project || !*trust->root_project)
        return "accepted in no project: the plugin's command line names none with --root-project";
    return arena_format(arena, "accepted only in project '%s', and this Application's project is '%s'",
                        trust->root_project, trust->project ? trust->project : "");
}

static bool in_group(const struct node *root, const char *group)
{
    const char *version = node_text_or(node_get(root, &key_apiVersion), "");
    size_t size = strlen(group);
    return strncmp(version, group, size) == 0 && (version[size] == '/' || !version[size]);
}

/* Without a group, in any of the spellings that Argo CD reads so: "v1", "/v1", "". */
static bool in_core_group(const struct node *root)
{
    const char *version = node_text_or(node_get(root, &key_apiVersion), "");
    const char *slash = strchr(version, '/');
    return !slash || slash == version;
}

/* In its fields, or in what `kubectl apply` has kept of them. */
static bool has_secret(const struct node *root)
{
    if (!in_core_group(root) || !node_equals(node_get(root, &key_kind), secret_kind))
        return false;
    const struct node *annotations = node_get(node_get(root, &key_metadata), &key_annotations);
    return !node_is_empty(node_get(root, &key_data)) || !node_is_empty(node_get(root, &key_stringData)) ||
           node_find(annotations, "kubectl.kubernetes.io/last-applied-configuration");
}

static bool refuse_object(const struct node *root, struct error *error, const char *reason)
{
    const struct node *name = node_get(node_get(root, &key_metadata), &key_name);
    return error_at(error, root->origin, "%s '%s': %s", node_text_or(node_get(root, &key_kind), "resource"),
                    node_text_or(name, ""), reason);
}

/* The length of the first name in a list, and the rest of the list; NULL after the last. */
static const char *next_name(const char *list, size_t *size)
{
    *size = strcspn(list, ",");
    return list[*size] ? list + *size + 1 : NULL;
}

static bool is_listed(const char *list, const char *name)
{
    size_t size;
    for (const char *rest; list; list = rest) {
        rest = next_name(list, &size);
        if (strlen(name) == size && strncmp(list, name, size) == 0)
            return true;
    }
    return false;
}

bool trust_may_allow(const char *kinds, struct error *error)
{
    static const char *const deciding[] = {"Application", "ApplicationSet", "AppProject", ""};
    for (size_t i = 0; i < sizeof deciding / sizeof *deciding; i++)
        if (is_listed(kinds, deciding[i]))
            return error_set(error, "--allow-kinds must not name '%s'", deciding[i]);
    return true;
}

/* Whether a resource of the group is one that everybody may have. */
static bool is_allowed(const struct trust *trust, const struct node *root)
{
    const char *kind = node_text(node_get(root, &key_kind));
    return trust_is_root(trust) || (trust->allowed && kind && is_listed(trust->allowed, kind));
}

/* Values tagged !!binary are decoded only when they are printed: Argo CD would read another key or kind than is looked
 * at here. */
static bool check_keys(const struct node *map, struct error *error)
{
    for (uint32_t i = 0; node_is_map(map) && i < map->count; i++)
        if (map->entries[i].tag == TAG_BINARY)
            return error_at(error, map->entries[i].origin, "a key tagged !!binary is refused: write it as text");
    return true;
}

static bool check_plain(const struct node *scalar, struct error *error)
{
    if (!node_is_scalar(scalar) || node_tag(scalar) != TAG_BINARY)
        return true;
    return error_at(error, scalar->origin, "an apiVersion or kind tagged !!binary is refused: write it as text");
}

static bool check_disguise(const struct node *root, struct error *error)
{
    const struct node *metadata = node_get(root, &key_metadata);
    return check_keys(root, error) && check_keys(metadata, error) &&
           check_keys(node_get(metadata, &key_annotations), error) &&
           check_plain(node_get(root, &key_apiVersion), error) && check_plain(node_get(root, &key_kind), error);
}

static bool check_node(const struct trust *trust, const struct node *root, unsigned depth, struct error *error)
{
    if (!node_is_map(root))
        return true;
    if (!check_disguise(root, error))
        return false;
    if (in_group(root, own_group))
        return refuse_object(root, error,
                             "generates only where 'generators' names it; no cluster knows it as a resource");
    if (in_group(root, argocd_group) && !is_allowed(trust, root)) {
        struct arena *arena = arena_new();
        refuse_object(root, error, trust_reason(trust, arena));
        arena_free(arena);
        return false;
    }
    if (trust->refuse_secrets && has_secret(root))
        return refuse_object(root, error,
                             "a Secret in plain text is refused (--refuse-secrets); commit a SealedSecret instead");
    const struct node *items = node_get(root, &key_items);
    if (!node_is_list(items))
        return true;
    if (depth == DEEPEST_LIST)
        return refuse_object(root, error, "lists within lists within lists are refused");
    for (uint32_t i = 0; i < items->count; i++)
        if (!check_node(trust, items->items[i], depth + 1, error))
            return false;
    return true;
}

bool trust_check(const struct trust *trust, const struct rendered *rendered, struct error *error)
{
    for (size_t i = 0; i < rendered->count; i++)
        if (!check_node(trust, rendered->items[i], 0, error))
            return false;
    return true;
}

static bool has_word(const char *text, size_t size, const char *wanted)
{
    return memmem(text, size, wanted, strlen(wanted)) != NULL;
}

/* Whether a document can say what is refused. A YAML text spells a word with its own letters or with escapes, which
 * begin with a backslash. */
static bool may_say(const struct trust *trust, const char *text, size_t size)
{
    return memchr(text, '\\', size) || has_word(text, size, own_group) ||
           (!trust_is_root(trust) && has_word(text, size, argocd_group)) ||
           (trust->refuse_secrets && has_word(text, size, secret_kind));
}

static bool check_document(const struct trust *trust, const char *text, size_t size, struct error *error)
{
    struct arena *arena = arena_new();
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct origins *origins = origins_new();
    const struct yaml_text yaml = {.file = "the printed text", .bytes = text, .size = size, .origins = origins};
    struct node *root = NULL;
    bool good = parse_yaml11(&tree, &yaml, &root, error) && check_node(trust, root, 0, error);
    error_resolve(error, origins);
    origins_free(origins);
    arena_free(arena);
    return good;
}

static bool check_documents(const struct trust *trust, const char *separator, const char *text, size_t size,
                            struct error *error)
{
    const char *end = text + size;
    while (text < end) {
        const char *next = memmem(text, (size_t)(end - text), separator, strlen(separator));
        size_t length = (size_t)((next ? next + 1 : end) - text);
        if (may_say(trust, text, length) && !check_document(trust, text, length, error))
            return false;
        text = next ? next + strlen(separator) : end;
    }
    return true;
}

bool trust_check_text(const struct trust *trust, const char *text, size_t size, struct error *error)
{
    return check_documents(trust, "\n---\n", text, size, error);
}

bool trust_check_json(const struct trust *trust, const char *text, size_t size, struct error *error)
{
    return check_documents(trust, "\n", text, size, error);
}
