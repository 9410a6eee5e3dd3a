/* value_add.c: puts one value into a field of many resources (the ValueAddTransformer, a plugin only).
 *
 * Source: api/internal/builtins/ValueAddTransformer.go, api/filters/valueadd, kyaml/filesys/util.go */
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "kustomize/field/dotted_path.h"
#include "kustomize/field/set_value.h"
#include "kustomize/kustomization/plugin_decode.h"
#include "kustomize/kustomization/selector.h"
#include "kustomize/kustomization/transformers.h"
#include "kustomize/transform/namespace.h"

struct value_target {
    const struct node *node;
    const struct selector_fields *selector; /* NULL: all resources */
    const char *field_path;
    int64_t position; /* within a file path, from 1; 0: the value replaces all */
};

struct value_add_fields {
    const char *value, *target_file;
    struct list targets; /* of struct value_target */
};

static const struct field target_fields[] = {
    FIELD_POINTER(struct value_target, selector, "selector", &selector_type),
    FIELD_STRING(struct value_target, field_path, "fieldPath"),
    FIELD_INT(struct value_target, position, "filePathPosition"),
    FIELD_END,
};
static const struct struct_type target_type = {"Target", sizeof(struct value_target), target_fields,
                                               (int)offsetof(struct value_target, node)};

static const struct field plugin_fields[] = {
    FIELD_STRING(struct value_add_fields, value, "value"),
    FIELD_STRING(struct value_add_fields, target_file, "targetFilePath"),
    FIELD_LIST(struct value_add_fields, targets, "targets", &target_type),
    FIELD_END,
};
static const struct struct_type plugin_type = {"ValueAddTransformerPlugin", sizeof(struct value_add_fields),
                                               plugin_fields, -1};

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static const char *trim_text(struct arena *arena, const char *text)
{
    size_t size = strlen(text);
    while (size && is_blank(*text))
        text++, size--;
    while (size && is_blank(text[size - 1]))
        size--;
    return arena_copy(arena, text, size);
}

/* Values within file paths. */

/* The parts of a path; an absolute one begins with an empty part. */
static struct string_list split_file_path(struct arena *arena, const char *path)
{
    struct string_list parts = {0};
    if (!*path)
        return parts;
    size_t slashes = strspn(path, "/");
    if (slashes)
        string_list_add(arena, &parts, "");
    if (slashes == 1 && !path[1])
        return parts;
    for (const char *part = path + slashes; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
        string_list_add(arena, &parts, arena_copy(arena, part, strcspn(part, "/")));
    return parts;
}

static const char *insert_part(struct arena *arena, const char *path, uint64_t position, const char *value)
{
    struct string_list parts = split_file_path(arena, path);
    bool absolute = parts.count && !*parts.items[0];
    size_t index = position > parts.count ? parts.count : (size_t)position;
    if (absolute && index < parts.count)
        index++;
    struct text joined = {0};
    for (size_t i = absolute; i <= parts.count; i++) {
        if (i == index)
            text_format(&joined, "%s%s", joined.size ? "/" : "", value);
        if (i < parts.count && *parts.items[i])
            text_format(&joined, "%s%s", joined.size ? "/" : "", parts.items[i]);
    }
    const char *clean = path_clean(arena, text_content(&joined));
    text_free(&joined);
    return absolute ? arena_format(arena, "/%s", clean) : clean;
}

/* The parts of a path with slashes, which is otherwise one with dots. */
static struct dotted_path split_field_path(struct arena *arena, const char *rest)
{
    struct string_list parts = {0};
    while (rest) {
        char *part = arena_alloc(arena, strlen(rest) + 1);
        path_next_part(&rest, '/', part);
        string_list_add(arena, &parts, part);
    }
    return (struct dotted_path){parts.items, parts.count};
}

struct added_value {
    const char *text;
    origin origin;
};

static bool add_value(struct tree *tree, struct resource *resource, const struct value_target *to,
                      const struct added_value *value, struct error *error)
{
    const char *text = value->text;
    struct dotted_path path = split_field_path(tree->arena, to->field_path);
    struct node *at;
    if (!dotted_path_create(tree, &resource->root, path, &at, error) || (at && !demand_kind(at, NODE_SCALAR, error))) {
        error_locate_at(error, resource->root->origin);
        return error_wrap(error, "fieldPath '%s'", to->field_path);
    }
    if (!at)
        return true;
    if (to->position)
        text = insert_part(tree->arena, at->text, (uint64_t)to->position - 1, text);
    const struct writer_part part = {
        0, WHOLE_VALUE, value->origin, 0, WHOLE_VALUE, false, to->position ? "it is put into a file path" : NULL};
    const struct new_scalar wanted = {text, strlen(text), TAG_NONE, "ValueAddTransformer", 0, &part, 1};
    if (!set_owned_scalar(tree, at, &wanted, error))
        return false;
    tree_write_twins(tree, &resource->root, at);
    return true;
}

static bool apply_target(struct kust_target *target, const struct value_target *to, const struct added_value *value,
                         struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    struct resource_matches chosen = {resources->items, resources->count, resources->count};
    if (to->selector) {
        struct selector *selector = selector_compile(target->render->arena, to->selector, error);
        chosen = (struct resource_matches){0};
        if (!selector || !selector_select(selector, resources, target->render->tree, &chosen, error))
            return false;
    }
    if (strcmp(to->field_path, "metadata/namespace") == 0) {
        struct namespace_settings settings = {.namespace = value->text, .origin = value->origin};
        return set_namespace_of(target, chosen.items, chosen.count, &settings, error);
    }
    for (size_t i = 0; i < chosen.count; i++) {
        if (!add_value(target->render->tree, chosen.items[i], to, value, error))
            return false;
        resources_refresh(resources, chosen.items[i]);
    }
    return true;
}

static bool check_targets(const struct node *config, const struct list *targets, struct error *error)
{
    const struct value_target *items = targets->items;
    for (size_t i = 0; i < targets->count; i++) {
        origin at = items[i].node ? items[i].node->origin : config->origin;
        if (!items[i].field_path || !*items[i].field_path)
            return error_at(error, at, "fieldPath cannot be empty");
        if (items[i].position < 0)
            return error_at(error, at, "value of FilePathPosition (%lld) cannot be negative",
                            (long long)items[i].position);
    }
    return true;
}

static bool apply_targets(struct kust_target *target, const struct list *targets, const struct added_value *value,
                          struct error *error)
{
    const struct value_target *items = targets->items;
    for (size_t i = 0; i < targets->count; i++)
        if (!apply_target(target, &items[i], value, error))
            return false;
    return true;
}

/* The targets that a file lists. */
static bool read_targets(struct kust_target *target, const char *path, struct list *out, struct error *error)
{
    struct value_add_fields fields = {0};
    struct yaml_text text;
    struct node *root;
    if (!kust_target_read_document(target, path, &text, &root, error) ||
        (root && !decode(target->render->tree, root, &plugin_type, DECODE_AS_GO_LENIENT, &fields, error)))
        return false;
    *out = fields.targets;
    return true;
}

/* The value is the directory's own name unless the configuration says another. */
static const char *value_of(const struct kust_target *target, const struct value_add_fields *fields)
{
    const char *value = fields->value ? trim_text(target->render->arena, fields->value) : "";
    return *value ? value : path_base(target->directory);
}

bool value_add_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    struct value_add_fields fields = {0};
    struct list more = {0};
    if (!plugin_decode(target, config, &plugin_type, &fields, error))
        return false;
    if (fields.target_file && *fields.target_file && !read_targets(target, fields.target_file, &more, error))
        return false;
    if (!fields.targets.count && !more.count)
        return error_at(error, config->origin, "must specify at least one target");
    if (!check_targets(config, &fields.targets, error) || !check_targets(config, &more, error))
        return false;
    const struct added_value added = {value_of(target, &fields), field_origin(config, "value")}, *value = &added;
    if (strcmp(value->text, ".") == 0)
        return error_at(error, config->origin, "the directory has no name of its own: say which value to add");
    return apply_targets(target, &fields.targets, value, error) && apply_targets(target, &more, value, error) &&
           kust_target_transformed(target, "ValueAddTransformer", error);
}
