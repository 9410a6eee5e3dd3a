/* provenance.c: the annotations config.kubernetes.io/origin and alpha.config.kubernetes.io/transformations. */
#include "kustomize/kustomization/provenance.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "yaml/emit_v3.h"
#include "yaml/scalar.h"

static const char origin_key[] = "config.kubernetes.io/origin";
static const char transformations_key[] = "alpha.config.kubernetes.io/transformations";

/* Annotations that kustomize removes before it prints. Source: api/resource/resource.go BuildAnnotations */
static const char *const build_annotations[] = {
    "internal.config.kubernetes.io/previousKinds",
    "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes",
    "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces",
    "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange",
    "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior",
    "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/path",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
    "config.kubernetes.io/path",
    "config.kubernetes.io/index",
    "config.k8s.io/id",
    "internal.config.kubernetes.io/helm-generated",
};

/* The origin of a repository begins anew, and has a name of its own where its root is meant: kustomize prints the
 * placeholder that it uses before the clone has a directory. Source: api/resource/origin.go Append */
static struct provenance origin_of_repository(struct arena *arena, const struct repository_url *url)
{
    const char *path = path_clean(arena, url->directory);
    return (struct provenance){strcmp(path, ".") == 0 ? "notCloned" : path, url->clone, url->ref};
}

struct provenance origin_below(const struct kust_target *target, const char *path)
{
    struct arena *arena = target->render->arena;
    struct provenance below = target->origin;
    struct repository_url url;
    if (target->render->track_origins && repository_url_parse(arena, path, &url))
        return origin_of_repository(arena, &url);
    below.path = path_join(arena, below.path, path);
    return below;
}

/* As go-yaml encodes a string: in double quotes where it would be taken for something else. */
static void set_text(struct tree *tree, struct node *map, const char *key, const char *value)
{
    size_t size = strlen(value);
    bool other = node_resolve(value, size) != TAG_STRING || scalar_needs_quotes(value, size);
    enum node_style style = memchr(value, '\n', size) ? STYLE_LITERAL : other ? STYLE_DOUBLE_QUOTED : STYLE_PLAIN;
    tree_set_named(tree, map, key, tree_scalar(tree, value, size, TAG_STRING, style));
}

/* A map of strings, which is never nested too deep. */
static void write_map(const struct node *map, struct text *text)
{
    struct error ignored = {0};
    emit_v3(map, text, &ignored);
    error_free(&ignored);
}

static void add_field(struct tree *tree, struct text *text, const char *key, const char *value)
{
    struct node *map = tree_map(tree);
    if (!value || !*value)
        return;
    set_text(tree, map, key, value);
    write_map(map, text);
}

/* Origins are YAML texts within an annotation, their fields in the order of kustomize's types. */
static void write_file_origin(struct tree *tree, struct text *text, const struct provenance *from)
{
    add_field(tree, text, "path", from->path);
    add_field(tree, text, "repo", from->repo);
    add_field(tree, text, "ref", from->ref);
}

/* A line of an origin, which write_file_origin wrote. */
static void copy_field(struct text *text, const char *key, const char *from, const char *lines)
{
    size_t size = strlen(from);
    for (const char *line = lines; *line; line += strcspn(line, "\n"), line += *line == '\n')
        if (strncmp(line, from, size) == 0 && line[size] == ':')
            text_format(text, "%s%.*s\n", key, (int)(strcspn(line, "\n") - size), line + size);
}

/* Source: api/resource/origin.go OriginFromCustomPlugin */
static void write_plugin_origin(struct tree *tree, struct text *text, const struct resource *plugin)
{
    struct node *whole = tree_map(tree), *by = tree_map(tree);
    const char *lines = resource_annotation(plugin, origin_key);
    copy_field(text, "repo", "repo", lines);
    copy_field(text, "ref", "ref", lines);
    copy_field(text, "configuredIn", "path", lines);
    set_text(tree, by, "apiVersion", plugin->group_version);
    set_text(tree, by, "kind", plugin->id.gvk.kind);
    set_text(tree, by, "name", plugin->id.name);
    if (*plugin->id.namespace)
        set_text(tree, by, "namespace", plugin->id.namespace);
    tree_set_named(tree, whole, "configuredBy", by);
    write_map(whole, text);
}

/* Whether the origin of what runs is known: that of a plugin may not be. */
static bool has_origin(const struct kust_target *target)
{
    return !target->plugin || resource_annotation(target->plugin, origin_key);
}

static void write_builtin_origin(struct text *text, const struct kust_target *target, const char *kind)
{
    if (target->plugin) {
        write_plugin_origin(target->render->tree, text, target->plugin);
        return;
    }
    struct tree *tree = target->render->tree;
    add_field(tree, text, "repo", target->origin.repo);
    add_field(tree, text, "ref", target->origin.ref);
    add_field(tree, text, "configuredIn", path_join(tree->arena, target->origin.path, target->file));
    text_format(text, "configuredBy:\n  apiVersion: builtin\n  kind: %s\n", kind);
}

static void set_annotation(struct kust_target *target, struct resource *resource, const char *key,
                           const struct text *value)
{
    struct tree *tree = target->render->tree;
    struct node *annotations = resource_own_annotations(tree, resource);
    if (annotations)
        tree_set_string(tree, annotations, key, text_content(value));
}

static void set_file_origin(struct kust_target *target, struct resource *resource, const char *path)
{
    struct provenance from = origin_below(target, path);
    struct text value = {0};
    write_file_origin(target->render->tree, &value, &from);
    set_annotation(target, resource, origin_key, &value);
    text_free(&value);
}

bool annotate_file_origin(struct kust_target *target, struct resource *resource, const char *path, struct error *error)
{
    const struct node *old = node_get(node_get(resource->root, &key_metadata), &key_annotations);
    if (old && !node_is_null(old) && !demand_kind(old, NODE_MAP, error))
        return error_wrap(error, "metadata/annotations");
    set_file_origin(target, resource, path);
    return true;
}

void annotate_inline_origin(struct kust_target *target, struct resource *resource)
{
    resource_write_annotations(target->render->tree, resource);
    set_file_origin(target, resource, target->file);
}

/* kustomize's SetOrigin and AddTransformation write all annotations anew. */
static void write_annotation(struct kust_target *target, struct resource *resource, const char *key,
                             const struct text *value)
{
    resource_write_annotations(target->render->tree, resource);
    set_annotation(target, resource, key, value);
}

void annotate_generator(struct kust_target *target, struct resource *resource, const char *kind)
{
    if (!target->render->track_origins || !has_origin(target) || resource_annotation(resource, origin_key))
        return;
    struct text value = {0};
    write_builtin_origin(&value, target, kind);
    write_annotation(target, resource, origin_key, &value);
    text_free(&value);
}

/* One item of a YAML list: the first line after "- ", the others below it. */
static void write_list_item(struct text *text, const struct text *item)
{
    const char *line = text_content(item);
    for (const char *lead = "- "; *line; lead = "  ") {
        size_t size = strcspn(line, "\n") + 1;
        text_string(text, lead);
        text_bytes(text, line, size);
        line += size;
    }
}

void annotate_transformer(struct kust_target *target, struct resource *resource, const char *kind)
{
    struct text latest = {0}, value = {0};
    if (!has_origin(target))
        return;
    write_builtin_origin(&latest, target, kind);
    if (!resource_annotation(resource, origin_key)) {
        write_annotation(target, resource, origin_key, &latest);
    } else {
        const char *before = resource_annotation(resource, transformations_key);
        text_string(&value, before ? before : "");
        write_list_item(&value, &latest);
        write_annotation(target, resource, transformations_key, &value);
    }
    text_free(&latest);
    text_free(&value);
}

static bool is_build_annotation(const struct key *key)
{
    for (size_t i = 0; i < sizeof build_annotations / sizeof *build_annotations; i++)
        if (strcmp(key->text, build_annotations[i]) == 0)
            return true;
    return false;
}

static bool is_kept(const struct key *key, bool keep_origins, bool keep_transformations)
{
    if (strcmp(key->text, origin_key) == 0)
        return keep_origins;
    if (strcmp(key->text, transformations_key) == 0)
        return keep_transformations;
    return !is_build_annotation(key);
}

static bool is_final(const struct node *annotations, bool keep_origins, bool keep_transformations)
{
    if (annotations->unprintable)
        return false;
    for (size_t i = 0; i < annotations->count; i++) {
        const struct entry *entry = &annotations->entries[i];
        if (node_resolve(entry->key->text, entry->key->size) != TAG_STRING || !node_is_scalar(entry->value) ||
            node_tag(entry->value) != TAG_STRING || entry->value->style == STYLE_FOLDED ||
            !is_kept(entry->key, keep_origins, keep_transformations))
            return false;
    }
    return true;
}

static int by_text(const void *left, const void *right)
{
    const struct key *a = ((const struct entry *)left)->key, *b = ((const struct entry *)right)->key;
    return strcmp(a->text, b->text);
}

/* All values become the strings that they are written as: 1 is "1", null is "null". The keys are in order, which counts
 * where two become one. Source: kyaml/yaml/rnode.go SetAnnotations */
static struct node *final_annotations(struct tree *tree, const struct node *annotations, bool keep_origins,
                                      bool keep_transformations)
{
    struct node *final = metadata_texts(tree, annotations);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < final->count; i++)
        if (is_kept(final->entries[i].key, keep_origins, keep_transformations))
            final->entries[kept++] = final->entries[i];
    final->count = kept;
    if (kept)
        qsort(final->entries, kept, sizeof *final->entries, by_text);
    return final;
}

/* Each kind that goes is taken out by a SetAnnotations, and the build annotations by one more, where there are any. */
static void join_annotations(struct tree *tree, struct resource *resource, int kinds)
{
    while (kinds-- > 0)
        resource_join_annotations(tree, resource);
    if (!node_is_empty(node_get(node_get(resource->root, &key_metadata), &key_annotations)))
        resource_join_annotations(tree, resource);
}

void finish_annotations(struct tree *tree, struct resource *resource, bool keep_origins, bool keep_transformations)
{
    join_annotations(tree, resource, !keep_origins + !keep_transformations);
    const struct node *metadata = node_get(resource->root, &key_metadata);
    const struct node *annotations = node_get(metadata, &key_annotations);
    if (annotations && node_is_map(annotations) && annotations->count &&
        is_final(annotations, keep_origins, keep_transformations))
        return;
    if (metadata && !annotations)
        return;
    if (keep_origins && keep_transformations && !(node_is_map(annotations) && annotations->count))
        return;
    struct node *own = tree_demand_map(tree, tree_own(tree, &resource->root), &key_metadata);
    struct node *final = final_annotations(tree, annotations, keep_origins, keep_transformations);
    if (final->count || final->unprintable)
        tree_set(tree, own, &key_annotations, final);
    else if (own)
        tree_remove(own, &key_annotations);
}
