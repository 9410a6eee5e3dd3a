/* kust_target.c: what a kustomization reads: files, resources in them, and their places. */
#include "kustomize/kustomization/kust_target.h"

#include <string.h>

#include "base/path.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/provenance.h"
#include "kustomize/kustomization/suggest.h"
#include "kustomize/resource/history.h"
#include "kustomize/resource/json_document.h"
#include "kustomize/text/lfs_pointer.h"
#include "kustomize/text/url.h"

struct kust_target kust_target_root(struct render *render)
{
    return (struct kust_target){.render = render, .source = render->options->source, .origin = {".", "", ""}};
}

struct kust_target kust_target_below(const struct kust_target *parent, struct render *render, const char *directory)
{
    return (struct kust_target){.render = render,
                                .parent = parent,
                                .source = parent->source,
                                .clone = parent->clone,
                                .directory = directory,
                                .origin = parent->origin};
}

char *kust_target_name(const struct kust_target *target, const char *path)
{
    struct arena *arena = target->render->arena;
    if (url_is_file(path))
        return url_without_secrets(arena, path);
    char *name = path_join(arena, target->directory, path);
    return target->clone ? arena_format(arena, "%s//%s", target->clone->name, name) : name;
}

bool render_forgives(struct render *render, const char *kind, const char *name, origin at, struct error *error)
{
    const struct engine_options *options = render->options;
    error_resolve(error, render->origins);
    bool forgiven = options->forgive && options->forgive(options->forgive_context, kind, name, error);
    if (!forgiven)
        return false;
    render_notice(render, RA701, at, "the patch or replacement changes nothing: %s", error->message);
    error_free(error);
    return true;
}

void render_warn(struct render *render, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_format_list(render->warnings, format, arguments);
    va_end(arguments);
    text_byte(render->warnings, '\n');
}

/* kustomize's load restriction: the file, links resolved, lies in the kustomization's own directory or below. Nobody
 * lifts it for a clone. */
static bool is_restricted(const struct kust_target *target)
{
    return !target->render->options->load_restrictions_none || target->clone;
}

static bool check_within(const struct kust_target *target, const char *real, struct error *error)
{
    return path_is_within(real, target->directory) ||
           error_set(error, "security; file '%s' is not in or below '%s'", real, kust_target_name(target, "."));
}

static bool is_allowed(const struct kust_target *target, const char *path, struct error *error)
{
    if (!is_restricted(target))
        return true;
    const char *real = source_resolve(target->source, target->render->arena, path, error);
    return real && check_within(target, real, error);
}

/* Links may have been exchanged since it was allowed: what counts in the end is the file that was opened. */
static bool read_allowed(const struct kust_target *target, const char *path, struct file_bytes *out,
                         struct error *error)
{
    return is_allowed(target, path, error) && source_read(target->source, target->render->arena, path, out, error) &&
           (!is_restricted(target) || check_within(target, out->real ? out->real : path, error));
}

/* A file that is not there may be there under a name like it. */
static bool suggest_file(const struct kust_target *target, const char *path, struct error *error)
{
    const struct render *render = target->render;
    struct name_list list = {0};
    struct error ignored = {0};
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *directory = slash ? arena_copy(render->arena, path, (size_t)(slash - path)) : ".";
    if (strpbrk(name, "*?") && source_kind(target->source, path) == FILE_ABSENT) {
        error_append(error, ": patterns are not expanded: list each file");
        return false;
    }
    if (source_kind(target->source, path) == FILE_ABSENT &&
        source_list(target->source, render->arena, directory, &list, &ignored)) {
        const char **names = ARENA_ARRAY(render->arena, list.count + 1, const char *);
        memcpy(names, list.names, list.count * sizeof *names);
        names[list.count] = NULL;
        error_append(error, suggest_name(render->arena, name, names));
    }
    error_free(&ignored);
    return false;
}

bool kust_target_read(struct kust_target *target, const char *path, struct file_bytes *out, struct error *error)
{
    const struct render *render = target->render;
    if (url_is_file(path))
        return remote_read(render->remote, path, out, error);
    if (path_is_absolute(path))
        return error_set(error, "security; file '%s' is not in or below '%s': an absolute path leaves the repository",
                         path, target->directory);
    char *full = path_join(render->arena, target->directory, path);
    return read_allowed(target, full, out, error) || suggest_file(target, full, error);
}

/* The name's place, else that of what should hold it. */
static origin place_of_name(const struct node *root)
{
    const struct entry *metadata = node_entry(root, &key_metadata);
    const struct node *name = metadata ? node_get(metadata->value, &key_name) : NULL;
    if (name && name->origin)
        return name->origin;
    return metadata && metadata->origin ? metadata->origin : root->origin;
}

bool check_metadata(const struct node *root, struct error *error)
{
    const struct node *kind_node = node_get(root, &key_kind);
    const char *kind = node_is_empty(kind_node) ? NULL : node_text(kind_node);
    const struct node *name = node_get(node_get(root, &key_metadata), &key_name);
    if (is_lfs_pointer(node_text(root)))
        return error_at(error, root->origin, "missing Resource metadata: " LFS_POINTER);
    if (!node_is_map(root))
        return error_at(error, root->origin,
                        "missing Resource metadata: expected a map with apiVersion, kind and metadata");
    if (!kind || !*kind || node_is_null(node_get(root, &key_kind)))
        return error_at(error, root->origin, "%s",
                        node_get(root, &key_apiVersion) || node_get(root, &key_metadata) ? "missing kind in object"
                                                                                         : "missing Resource metadata");
    if (string_ends(kind, "List"))
        return true;
    if (node_is_empty(name) || !node_text(name) || !*node_text(name))
        return error_at(error, place_of_name(root), "missing metadata.name in object of kind %s", kind);
    return true;
}

struct node_queue {
    struct node **items;
    size_t count, room;
};

static void enqueue_node(struct arena *arena, struct node_queue *queue, struct node *node)
{
    queue->items = arena_grow(arena, queue->items, queue->count, &queue->room, sizeof *queue->items);
    queue->items[queue->count++] = node;
}

static bool enqueue_checked(struct arena *arena, struct node_queue *queue, struct node *node, struct error *error)
{
    if (node_is_empty(node))
        return true;
    if (!check_metadata(node, error))
        return false;
    enqueue_node(arena, queue, node);
    return true;
}

static bool is_list_kind(const struct node *root)
{
    const char *kind = node_text(node_get(root, &key_kind));
    return kind && string_ends(kind, "List") && node_get(root, &key_items);
}

/* A list's items join the end of the queue, as kustomize's inlineAnyEmbeddedLists appends them. */
static bool expand_list(struct tree *tree, struct node_queue *queue, struct node *list, struct error *error)
{
    struct node *items = node_get(list, &key_items);
    if (node_is_null(items))
        return true;
    if (!node_is_list(items))
        return error_at(error, items->origin, "expected array in %s/items", node_text(node_get(list, &key_kind)));
    for (size_t i = 0; i < items->count; i++) {
        struct node *item = json_list_item(tree, items->items[i], error);
        if (!item || !enqueue_checked(tree->arena, queue, item, error))
            return false;
    }
    return true;
}

static bool add_resource(const struct render *render, struct resource_matches *out, struct node *root,
                         struct error *error)
{
    struct resource *resource = resource_new(render->arena, root);
    resource->cluster_scoped = schema_set_meet_kind(render->schemas, &resource->id.gvk);
    out->items = arena_grow(render->arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = resource;
    return history_read(render->arena, resource, render->options->refuse_build_annotations, error);
}

bool kust_target_parse_resources(struct kust_target *target, const struct yaml_text *text, struct resource_matches *out,
                                 struct error *error)
{
    struct render *render = target->render;
    struct node_array documents = {0};
    struct node_queue queue = {0};
    if (!parse_documents(render->tree, text, &documents, error))
        return false;
    for (size_t i = 0; i < documents.count; i++)
        if (!enqueue_checked(render->arena, &queue, documents.items[i], error))
            return false;
    for (size_t i = 0; i < queue.count; i++) {
        bool good = is_list_kind(queue.items[i]) ? expand_list(render->tree, &queue, queue.items[i], error)
                                                 : add_resource(render, out, queue.items[i], error);
        if (!good)
            return false;
    }
    return true;
}

struct yaml_text kust_target_file_text(const struct kust_target *target, const char *path,
                                       const struct file_bytes *file)
{
    return (struct yaml_text){kust_target_name(target, path), file->bytes, file->size, target->render->origins, 0};
}

struct yaml_text kust_target_inline_text(const struct kust_target *target, const char *text, size_t size, origin scalar)
{
    return (struct yaml_text){kust_target_name(target, target->file), text, size, target->render->origins, scalar};
}

bool kust_target_read_document(struct kust_target *target, const char *path, struct yaml_text *text, struct node **root,
                               struct error *error)
{
    struct file_bytes file;
    *root = NULL;
    if (!kust_target_read(target, path, &file, error))
        return false;
    *text = kust_target_file_text(target, path, &file);
    return parse_yaml11(target->render->tree, text, root, error);
}

bool kust_target_read_resources(struct kust_target *target, const char *path, struct resource_matches *out,
                                struct error *error)
{
    struct file_bytes file;
    if (!kust_target_read(target, path, &file, error))
        return false;
    const struct yaml_text text = kust_target_file_text(target, path, &file);
    return kust_target_parse_resources(target, &text, out, error);
}

bool kust_target_transformed(struct kust_target *target, const char *transformer_kind, struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    if (target->render->track_origins)
        for (size_t i = 0; i < resources->count; i++)
            if (!node_is_empty(resources->items[i]->root))
                annotate_transformer(target, resources->items[i], transformer_kind);
    size_t looked_at = resources->may_have_empty || target->render->track_origins ? resources->count / 8 : 0;
    resources_drop_empties(resources);
    return tree_count_steps(target->render->tree, 1 + looked_at, error);
}
