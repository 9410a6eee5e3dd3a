/* individual_files.c: writes each resource to a file of its own. */
#include "plugin/run/individual_files.h"

#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "base/text.h"
#include "kustomize/resource/json_document.h"
#include "kustomize/resource/resource.h"
#include "plugin/run/output.h"
#include "yaml/emit.h"

struct named_file {
    const char *name;
    const char *namespace; /* as kustomize groups by it; NULL: cluster scoped */
    struct text text;
};

struct files {
    struct arena *arena;
    struct named_file *items;
    size_t count;
    bool several_namespaces;
};

static void lower_case(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

static const char *joined_path(struct arena *arena, const char *left, const char *right)
{
    return *left ? arena_format(arena, "%s_%s", left, right) : right;
}

/* Source of the names: kustomize/commands/build/writer.go. */
static void name_file(struct files *files, struct named_file *file, const struct node *root)
{
    const struct node *metadata = node_get(root, &key_metadata);
    struct resource_id id = {
        .gvk = gvk_from(files->arena, string_or_empty(node_text(node_get(root, &key_apiVersion))),
                        string_or_empty(node_text(node_get(root, &key_kind)))),
        .name = string_or_empty(node_text(node_get(metadata, &key_name))),
        .namespace = string_or_empty(node_text(node_get(metadata, &key_namespace))),
    };
    file->namespace = gvk_is_cluster_scoped(&id.gvk) ? NULL : id_effective_namespace(&id);
    file->name = joined_path(files->arena, joined_path(files->arena, id.gvk.group, id.gvk.version), id.gvk.kind);
    char *name = arena_format(files->arena, "%s_%s.yaml", file->name, id.name);
    lower_case(name);
    file->name = name;
}

static void find_namespaces(struct files *files)
{
    const char *first = NULL;
    for (size_t i = 0; i < files->count; i++) {
        const char *namespace = files->items[i].namespace;
        if (!first)
            first = namespace;
        else if (namespace && strcmp(namespace, first) != 0)
            files->several_namespaces = true;
    }
}

/* Puts the namespace before the name where there are several, and checks that each name can be a file of its own. */
static bool finish_names(struct files *files, struct error *error)
{
    struct map *seen = map_new(files->arena);
    for (size_t i = 0; i < files->count; i++) {
        struct named_file *file = &files->items[i];
        if (files->several_namespaces && file->namespace) {
            char *name = arena_format(files->arena, "%s_%s", file->namespace, file->name);
            lower_case(name);
            file->name = name;
        }
        if (strchr(file->name, '/'))
            return error_set(error, "-o: '%s' cannot be the name of a file; name a file instead of a directory",
                             file->name);
        void **slot = map_slot(seen, file->name, strlen(file->name));
        if (*slot)
            return error_set(error, "-o: two resources would be written to '%s'; name a file instead of a directory",
                             file->name);
        *slot = file;
    }
    return true;
}

static bool write_files(struct files *files, const char *directory, struct error *error)
{
    for (size_t i = 0; i < files->count; i++)
        if (!output_file(path_join(files->arena, directory, files->items[i].name), &files->items[i].text, error))
            return false;
    return true;
}

/* A number in the quotes of the text whose place it took is a number where it is decoded. */
static void unquote_values(struct node *node)
{
    bool quoted = node->style == STYLE_SINGLE_QUOTED || node->style == STYLE_DOUBLE_QUOTED;
    bool number = node->tag == TAG_INT || node->tag == TAG_FLOAT || node->tag == TAG_BOOL || node->tag == TAG_NULL;
    if (node->kind == NODE_SCALAR && quoted && number)
        node->style = STYLE_PLAIN;
    for (uint32_t i = 0; node->kind != NODE_SCALAR && i < node->count; i++)
        unquote_values(node->kind == NODE_MAP ? node->entries[i].value : node->items[i]);
}

/* kustomize decodes each resource and writes that; what it prints goes through a text in between, which changes folded
 * texts and what is empty, and keeps quotes. */
static bool write_decoded(struct arena *arena, const struct node *resource, struct text *out, struct error *error)
{
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct node *decoded = tree_copy(&tree, resource);
    json_clear_styles(decoded);
    unquote_values(decoded);
    return emit_yaml(decoded, out, error);
}

bool individual_files_write(const char *directory, const struct rendered *rendered, struct error *error)
{
    struct arena *arena = arena_new();
    struct files files = {
        .arena = arena, .items = ARENA_ARRAY(arena, rendered->count, struct named_file), .count = rendered->count};
    bool good = true;
    for (size_t i = 0; i < files.count && good; i++) {
        name_file(&files, &files.items[i], rendered->items[i]);
        good = write_decoded(arena, rendered->items[i], &files.items[i].text, error);
    }
    find_namespaces(&files);
    good = good && finish_names(&files, error) && write_files(&files, directory, error);
    for (size_t i = 0; i < files.count; i++)
        text_free(&files.items[i].text);
    arena_free(arena);
    return good;
}
