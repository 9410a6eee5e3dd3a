/* seal_manifest.c: takes the values out of a Secret's manifest. */
#define _GNU_SOURCE
#include "plugin/run/seal_manifest.h"

#include <string.h>

#include "plugin/run/secrecy.h"
#include "yaml/layout.h"
#include "yaml/scalar.h"

enum { DEEPEST = 100 };

struct manifest {
    const char *name;
    const struct layout_node *data, *strings;
    seal_take_entry *take;
    void *context;
    struct error *error;
};

/* The arena keeps its memory for as long as the process lives. */
static void forget_node(const struct layout_node *node, unsigned depth)
{
    if (!node || depth > DEEPEST)
        return;
    if (node->kind == LAYOUT_SCALAR)
        explicit_bzero((void *)(uintptr_t)node->text, node->size);
    for (uint32_t i = 0; i < node->count; i++)
        forget_node(node->items[i].value, depth + 1);
}

/* As kubeseal writes an empty value. */
static bool is_empty(const struct layout_node *scalar)
{
    return scalar->kind == LAYOUT_NOTHING ||
           (scalar->style == STYLE_PLAIN && (strcmp(scalar->text, "null") == 0 || strcmp(scalar->text, "~") == 0));
}

static bool take_item(struct manifest *manifest, const struct layout_item *item, bool encoded)
{
    const char *key = layout_text(item->key);
    const struct layout_node *scalar = item->value;
    struct text decoded = {0}, value = {0};
    if (!key || !scalar || (scalar->kind != LAYOUT_SCALAR && scalar->kind != LAYOUT_NOTHING))
        return error_set(manifest->error, "%s: '%s' of the Secret is no text", manifest->name, key ? key : "a key");
    size_t size = is_empty(scalar) ? 0 : scalar->size;
    bool good = !encoded || !size || scalar_base64(scalar->text, size, &decoded);
    if (good && encoded)
        secret_bytes(&value, text_content(&decoded), decoded.size);
    else if (good && size)
        secret_bytes(&value, scalar->text, size);
    secret_forget(&decoded);
    return good ? manifest->take(manifest->context, key, &value)
                : error_set(manifest->error, "%s: '%s' under 'data' is not base64; texts belong under 'stringData'",
                            manifest->name, key);
}

static bool take_map(struct manifest *manifest, const struct layout_node *map, const struct layout_node *wins)
{
    for (uint32_t i = 0; map && map->kind == LAYOUT_MAP && i < map->count; i++) {
        const char *key = layout_text(map->items[i].key);
        bool hidden = key && (layout_find(wins, key) || layout_find(map, key) != &map->items[i]);
        if (!hidden && !take_item(manifest, &map->items[i], map == manifest->data))
            return false;
    }
    return true;
}

static bool read_document(struct manifest *manifest, const struct layout_node *document)
{
    const char *kind = layout_text(layout_value(document, "kind"));
    if (!kind || strcmp(kind, "Secret") != 0)
        return error_set(manifest->error, "%s: is no Secret%s%s", manifest->name, kind ? ", but of the kind " : "",
                         kind ? kind : "");
    if (layout_value(document, "sops"))
        return error_set(manifest->error,
                         "%s: is encrypted by SOPS: 'sops --decrypt FILE | rootapp seal --from-secret -'",
                         manifest->name);
    manifest->data = layout_value(document, "data");
    manifest->strings = layout_value(document, "stringData");
    if (!manifest->data && !manifest->strings)
        return error_set(manifest->error, "%s: the Secret has neither 'data' nor 'stringData'", manifest->name);
    return take_map(manifest, manifest->data, manifest->strings) && take_map(manifest, manifest->strings, NULL);
}

bool seal_manifest_read(struct arena *arena, const char *name, const struct text *file, seal_take_entry *take,
                        void *context, struct error *error)
{
    struct layout layout = {0};
    struct error problem = {0};
    struct manifest manifest = {.name = name, .take = take, .context = context, .error = error};
    const struct layout_node *document = NULL;
    bool good = layout_read(arena, name, text_content(file), file->size, &layout, &problem);
    for (size_t i = 0; good && i < layout.count; i++) {
        good = !document || layout.documents[i]->kind == LAYOUT_NOTHING ||
               error_set(error, "%s: holds several documents: give one Secret", name);
        document = document ? document : layout.documents[i];
    }
    if (problem.message) /* which may quote the line */
        error_set(error, "%s: line %u is no YAML", name, problem.line);
    error_free(&problem);
    good = good && (document ? read_document(&manifest, document) : error_set(error, "%s: is empty", name));
    for (size_t i = 0; i < layout.count; i++)
        forget_node(layout.documents[i], 0);
    return good;
}
