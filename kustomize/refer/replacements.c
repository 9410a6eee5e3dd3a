/* replacements.c: copies values from fields of one resource into fields of others. */
#include <string.h>

#include "base/text.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/plugin_decode.h"
#include "kustomize/kustomization/suggest.h"
#include "kustomize/kustomization/transformers.h"
#include "kustomize/refer/replacement_selection.h"
#include "kustomize/refer/replacement_value.h"
#include "kustomize/resource/history.h"

enum { STEPS_OF_A_FIELD = 10 };

/* Source: kustomize api/types/replacement.go DefaultReplacementFieldPath */
static const char default_field[] = "metadata.name";

static bool holds_history(const char *path)
{
    return strcmp(path, "metadata") == 0 || strcmp(path, "metadata.annotations") == 0;
}

static const struct node *missing_source(struct kust_target *target, const struct replacement_source *source,
                                         const struct resource *resource, const char *field, struct error *error)
{
    struct arena *arena = target->render->arena;
    error_at(error, field_origin(source->node, "fieldPath"), "fieldPath `%s` is missing for replacement source %s%s",
             field, id_text(arena, &resource->id),
             dotted_path_end(arena, resource->root, dotted_path_split(arena, field)));
    return NULL;
}

/* In place: a target may be the source itself. */
static const struct node *look_up_field(struct kust_target *target, const struct replacement_source *source,
                                        struct resource *resource, const char *field, struct error *error)
{
    struct tree *tree = target->render->tree;
    struct trail trail;
    trail_start(&trail, &resource->root);
    struct node *value = NULL;
    size_t looked_at = 0;
    if (!dotted_path_lookup(&resource->root, dotted_path_split(tree->arena, field), &trail, &value, &looked_at,
                            error)) {
        error_locate_at(error, field_origin(source->node, "fieldPath"));
        error_wrap(error, "error looking up replacement source '%s'", field);
        return NULL;
    }
    if (!tree_count_steps(tree, looked_at / LOOKS_A_STEP, error))
        return NULL;
    if (!value || (node_is_empty(value) && !(value->kind == NODE_SCALAR && value->tag == TAG_NONE)))
        return missing_source(target, source, resource, field, error);
    return trail_own(tree, &trail);
}

/* kustomize keeps a resource's history among its annotations, and copies it with them. */
static const struct node *look_up_source(struct kust_target *target, const struct replacement_source *source,
                                         struct error *error)
{
    struct tree *tree = target->render->tree;
    struct resource *resource = replacement_source_find(kust_target_resources(target), tree, source, error);
    if (!resource)
        return NULL;
    const char *field = source->field_path && *source->field_path ? source->field_path : default_field;
    bool shows = holds_history(field) && resource_has_history(resource);
    if (!shows)
        return look_up_field(target, source, resource, field, error);
    history_show(tree, resource);
    const struct node *value = look_up_field(target, source, resource, field, error);
    const struct node *copy = value ? tree_copy(tree, value) : NULL;
    history_hide(tree, resource);
    if (value && !copy)
        tree_refuse_copy(tree, field_origin(source->node, "fieldPath"), error);
    return copy;
}

static const struct node *read_source(struct kust_target *target, const struct replacement *replacement,
                                      struct error *error)
{
    const struct replacement_source *source = replacement->source;
    if (replacement->source_value && source) {
        error_at(error, field_origin(replacement->node, "sourceValue"),
                 "value and resource selectors are mutually exclusive");
        return NULL;
    }
    if (replacement->source_value) {
        struct node *value = tree_plain(target->render->tree, replacement->source_value);
        if (target->render->tree->writers)
            value->origin = field_origin(replacement->node, "sourceValue");
        return value;
    }
    const struct node *value = look_up_source(target, source, error);
    return value ? replacement_refine(target->render->tree, value, source->options, error) : NULL;
}

static bool not_found(const struct kust_target *target, const struct resource *resource,
                      const struct path_matcher *path, origin at, bool create, struct error *error)
{
    const char *what = create ? "find or create" : "find";
    if (error->message)
        error_locate_at(error, at);
    if (error->message)
        return error_wrap(error, "unable to %s field \"%s\" in replacement target", what, path_matcher_text(path));
    return error_at(error, at, "unable to %s field \"%s\" in replacement target %s%s%s", what, path_matcher_text(path),
                    id_text(target->render->arena, &resource->id),
                    dotted_path_end(target->render->arena, resource->root, path_matcher_path(path)),
                    create ? "" : ": correct the path, or set options.create to add the field");
}

/* A pattern is not anchored: [name=app] finds app-proxy too. */
static void notice_many(struct kust_target *target, const struct path_matcher *path, origin at, size_t count)
{
    const char *text = path_matcher_text(path);
    if (count > 1 && wants_notices(target->render) && strstr(text, "=") && !strchr(text, '*'))
        render_notice(target->render, RA721, at,
                      "\"%s\" finds %zu fields in one resource: a value in brackets is a pattern that matches parts of "
                      "names; write [name=^app$] for one element",
                      text, count);
}

static size_t count_containers(const struct resource *resource)
{
    static const char *const pods[][6] = {
        {"spec", NULL}, {"spec", "template", "spec", NULL}, {"spec", "jobTemplate", "spec", "template", "spec", NULL}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof pods / sizeof *pods; i++) {
        const struct node *pod = node_at(resource->root, pods[i]);
        const struct node *main = node_get(pod, &key_containers), *init = node_get(pod, &key_initContainers);
        count += (node_is_list(main) ? main->count : 0) + (node_is_list(init) ? init->count : 0);
    }
    return count;
}

/* `create` makes an element, too, where none has the name. */
static void notice_created(struct kust_target *target, const struct resource *resource, const struct path_matcher *path,
                           origin at, size_t before)
{
    if (count_containers(resource) > before)
        notice_about(target->render,
                     render_notice(target->render, RA724, at,
                                   "%s '%s' has no container of this name, and \"%s\" adds one: is it misspelt?",
                                   resource->id.gvk.kind, resource->id.name, path_matcher_text(path)),
                     resource, NULL);
}

static const char *type_of(enum node_tag tag)
{
    return tag == TAG_BOOL                      ? "a boolean"
           : tag == TAG_INT || tag == TAG_FLOAT ? "a number"
           : tag == TAG_NULL                    ? "null"
                                                : NULL;
}

/* Where nothing was, the text decides what it is: without quotes, "true" is no text any more. */
static void notice_type(struct kust_target *target, const struct path_matcher *path, origin at,
                        const struct node *value, const struct node *before, const struct node *field)
{
    static const char *const texts[] = {".env.", "data.", ".args", ".command", "stringData.", "matchLabels."};
    const char *text = path_matcher_text(path), *type = type_of(node_tag(field));
    bool open = before->kind != NODE_SCALAR || !before->count || node_is_null(before) || node_tag(before) == TAG_STRING;
    if (!wants_notices(target->render) || value->kind != NODE_SCALAR ||
        (value->tag != TAG_NONE && node_tag(value) != TAG_STRING) || !type || !open || field->kind != NODE_SCALAR ||
        field->style != STYLE_PLAIN || string_begins(text, "metadata."))
        return;
    struct finding *finding =
        render_notice(target->render, RA723, at, "the text '%s' becomes %s at %s: what is made anew has no quotes",
                      field->text, type, text);
    bool is_text = false;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        is_text = is_text || strstr(text, texts[i]);
    if (finding && !is_text)
        finding->severity = SEVERITY_NOTE;
}

static bool write_field(struct kust_target *target, struct resource *resource, struct path_matcher *path, origin at,
                        const struct node *value, const struct field_options *options, struct error *error)
{
    struct tree *tree = target->render->tree;
    bool create = options && options->create;
    struct node_array found = {0};
    enum structured structured = replacement_write_structured(path, tree, &resource->root, value, options, error);
    if (structured != NOT_STRUCTURED)
        return structured == STRUCTURED_WRITTEN;
    size_t containers = create && wants_notices(target->render) ? count_containers(resource) : SIZE_MAX;
    bool done = create ? path_matcher_create(path, 0, &resource->root, (enum node_kind)value->kind, &found, error)
                       : path_matcher_find(path, 0, &resource->root, &found, error);
    if (!done || !found.count)
        return not_found(target, resource, path, at, create, error);
    notice_many(target, path, at, found.count);
    notice_created(target, resource, path, at, containers);
    for (size_t i = 0; i < found.count; i++) {
        const struct node before = *found.items[i];
        if (!replacement_write(tree, found.items[i], value, options, error))
            return false;
        notice_type(target, path, at, value, &before, found.items[i]);
        tree_write_twins(tree, &resource->root, found.items[i]);
    }
    return true;
}

/* A resource's history goes with its annotations, and the source's comes. */
static bool take_history(struct kust_target *target, struct resource *resource, const char *path, struct error *error)
{
    struct render *render = target->render;
    if (!holds_history(path))
        return true;
    resource_forget_history(resource);
    if (!history_read(render->arena, resource, false, error))
        return false;
    resources_index_past(kust_target_resources(target), resource);
    history_hide(render->tree, resource);
    return true;
}

static void notice_no_target(struct kust_target *target, const struct selector_fields *select)
{
    struct resource_id wanted = {{"", "", select->kind ? select->kind : ""}, select->name ? select->name : "", ""};
    render_notice(target->render, RA720, field_origin(select->node, select->name ? "name" : "kind"),
                  "the replacement changes nothing: no resource matches its target%s%s",
                  target_shown(target->render->arena, select), suggest_id(kust_target_resources(target), &wanted));
}

static bool write_target(struct kust_target *target, const struct replacement_target *to, const struct node *value,
                         struct error *error)
{
    static const char *const only_default[] = {default_field};
    const char *const *fields = to->field_paths.count ? to->field_paths.items : only_default;
    size_t field_count = to->field_paths.count ? to->field_paths.count : 1;
    struct resource_matches matches = {0};
    struct tree *tree = target->render->tree;
    if (!replacement_targets_find(kust_target_resources(target), tree, to, &matches, error))
        return false;
    if (!matches.count && wants_notices(target->render))
        notice_no_target(target, to->select);
    struct path_matcher **paths = ARENA_ARRAY(tree->arena, field_count, struct path_matcher *);
    for (size_t j = 0; j < field_count; j++) {
        paths[j] = path_matcher_compile(tree, fields[j], list_origin(&to->field_paths, j), error);
        if (!paths[j])
            return false;
    }
    for (size_t i = 0; i < matches.count; i++) {
        for (size_t j = 0; j < field_count; j++) {
            if (strcmp(fields[j], "metadata") == 0 || string_begins(fields[j], "metadata.annotations"))
                resource_demand_annotations(tree, matches.items[i]);
            if (!tree_count_steps(tree, STEPS_OF_A_FIELD, error) ||
                !write_field(target, matches.items[i], paths[j], list_origin(&to->field_paths, j), value, to->options,
                             error) ||
                !take_history(target, matches.items[i], fields[j], error))
                return false;
        }
        resources_refresh(kust_target_resources(target), matches.items[i]);
    }
    return true;
}

static bool without_source(const struct kust_target *target, const struct replacement *replacement, struct error *error)
{
    const struct replacement_source *source = replacement->source;
    return render_forgives(target->render, source ? source->kind : NULL, source ? source->name : NULL,
                           replacement->node ? replacement->node->origin : 0, error);
}

static bool replace_targets(struct kust_target *target, const struct replacement *replacement, struct error *error)
{
    const struct replacement_target *targets = replacement->targets.items;
    const struct node *value = read_source(target, replacement, error);
    if (!value)
        return without_source(target, replacement, error);
    for (size_t i = 0; i < replacement->targets.count; i++)
        if (!write_target(target, &targets[i], value, error))
            return false;
    return true;
}

/* Reading: a replacement may stand in a file, alone or in a list. */

struct replacements {
    struct read_replacement {
        const struct replacement *replacement;
        bool in_field; /* of a kustomization, where an empty list of targets is none */
    } * items;
    size_t count, room;
};

static void add_replacement(struct arena *arena, struct replacements *all, const struct replacement *replacement,
                            bool in_field)
{
    all->items = arena_grow(arena, all->items, all->count, &all->room, sizeof *all->items);
    all->items[all->count++] = (struct read_replacement){replacement, in_field};
}

static bool read_one(struct kust_target *target, const struct node *node, struct replacements *all, struct error *error)
{
    struct tree *tree = target->render->tree;
    struct replacement *replacement = ARENA_NEW(tree->arena, struct replacement);
    if (!node_is_null(node) && !decode(tree, node, &replacement_type, DECODE_AS_GO_LENIENT, replacement, error))
        return false;
    notice_unknown_fields(target->render, "a replacement", node, &replacement_type);
    replacement->path = NULL; /* files do not name files */
    add_replacement(tree->arena, all, replacement, false);
    return true;
}

static bool read_file(struct kust_target *target, const char *path, struct replacements *all, struct error *error)
{
    struct yaml_text text;
    struct node *root;
    if (!kust_target_read_document(target, path, &text, &root, error))
        return false;
    if (node_is_map(root))
        return read_one(target, root, all, error);
    if (!node_is_list(root))
        return error_in(error, (struct place){text.file, 1, 1},
                        "unsupported replacement type encountered within replacement path: expected a map or a list");
    for (uint32_t i = 0; i < root->count; i++)
        if (!read_one(target, root->items[i], all, error))
            return false;
    return true;
}

static bool check_replacement(const struct read_replacement *read, struct error *error)
{
    const struct replacement *replacement = read->replacement;
    bool has_targets = read->in_field ? replacement->targets.count : replacement->targets.node != NULL;
    if ((replacement->source || replacement->source_value) && has_targets)
        return true;
    return error_at(error, field_origin(replacement->node, "source"),
                    "replacements must specify a source and at least one target");
}

/* Reads all before any is applied. */
static bool apply_list(struct kust_target *target, const struct list *list, bool in_field, struct error *error)
{
    const struct replacement *items = list->items;
    struct replacements all = {0};
    for (size_t i = 0; i < list->count; i++) {
        const char *path = items[i].path ? items[i].path : "";
        if (*path && (items[i].source || items[i].targets.count))
            return error_at(error, field_origin(items[i].node, "path"),
                            "cannot specify both path and inline replacement");
        if (*path && !read_file(target, path, &all, error)) {
            error_locate_at(error, field_origin(items[i].node, "path"));
            return false;
        }
        if (!*path)
            add_replacement(target->render->arena, &all, &items[i], in_field);
    }
    for (size_t i = 0; i < all.count; i++)
        if (!check_replacement(&all.items[i], error) || !replace_targets(target, all.items[i].replacement, error))
            return false;
    return kust_target_transformed(target, "ReplacementTransformer", error);
}

bool apply_replacements(struct kust_target *target, struct error *error)
{
    const struct list *list = &target->kustomization->replacements;
    return !list->count || apply_list(target, list, true, error);
}

struct replacement_arguments {
    struct list replacements;
};

bool replacement_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    static const struct field fields[] = {
        FIELD_LIST(struct replacement_arguments, replacements, "replacements", &replacement_type),
        FIELD_END,
    };
    static const struct struct_type type = {"ReplacementTransformerPlugin", sizeof(struct replacement_arguments),
                                            fields, -1};
    struct replacement_arguments arguments = {0};
    return plugin_decode(target, config, &type, &arguments, error) &&
           apply_list(target, &arguments.replacements, false, error);
}
