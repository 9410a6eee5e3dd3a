/* edits.c: changes a kustomization file as `kustomize edit` does. */
#include "kustomize/edit/edits.h"

#include <stdlib.h>
#include <string.h>

#include "base/go_values.h"
#include "kustomize/edit/edit_parts.h"

static bool set_texts(const struct edits *edits, struct tree *tree, struct node *file)
{
    const struct edit_pair fields[] = {
        {"namePrefix", edits->name_prefix}, {"nameSuffix", edits->name_suffix}, {"namespace", edits->namespace}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].value && *fields[i].value)
            tree_set_string(tree, file, fields[i].name, fields[i].value);
    return true;
}

static bool set_replicas(const struct edits *edits, struct tree *tree, struct node *file, struct error *error)
{
    struct node *given = tree_list(tree);
    for (size_t i = 0; i < edits->replicas.count; i++) {
        const struct edit_pair *pair = &edits->replicas.items[i];
        int64_t count;
        if (!go_read_integer(pair->value, &count))
            return error_set(error, "parameter replicas[%s]: '%s' is no whole number of 64 bits", pair->name,
                             pair->value);
        struct node *item = tree_map(tree);
        tree_set_string(tree, item, "name", pair->name);
        tree_set_named(tree, item, "count", tree_int(tree, count));
        edit_put_named(tree, given, item);
    }
    return !given->count || edit_named_items(tree, file, "replicas", given, error);
}

/* Pairs. Source: edit/add/addmetadata.go; of a value in double quotes these are taken off (ConvertSliceToMap). */

static bool put_pair(struct tree *tree, struct node *map, const struct edit_pair *pair, const char *what, bool force,
                     struct error *error)
{
    const char *value = pair->value;
    size_t size = strlen(value);
    if (!*pair->name)
        return error_set(error, "%s: a name is empty", what);
    if (node_find(map, pair->name) && !force)
        return error_set(error, "%s: the kustomization file has '%s' already; set %s to replace it", what, pair->name,
                         strcmp(what, "commonLabels") == 0 ? "forceCommonLabels" : "forceCommonAnnotations");
    if (size >= 2 && value[0] == '"' && value[size - 1] == '"')
        value = arena_copy(tree->arena, value + 1, size - 2);
    tree_set_string(tree, map, pair->name, value);
    return true;
}

/* `what` is how messages call the field. */
static bool add_pairs(const struct edit_pairs *pairs, struct tree *tree, struct node *file, const char *field,
                      const char *what, bool force, struct error *error)
{
    struct node *map = pairs->count ? edit_value(tree, file, field, NODE_MAP, error) : file;
    for (size_t i = 0; map && i < pairs->count; i++)
        if (!put_pair(tree, map, &pairs->items[i], what, force, error))
            return false;
    return map != NULL;
}

static bool is_true(const struct node *map, const char *field)
{
    return node_equals(node_find(map, field), "true");
}

/* The first item of `labels` that is for the same places, or a new one. */
static struct node *label_item(struct tree *tree, struct node *labels, bool include_templates)
{
    for (uint32_t i = 0; i < labels->count; i++)
        if (node_is_map(labels->items[i]) && !is_true(labels->items[i], "includeSelectors") &&
            is_true(labels->items[i], "includeTemplates") == include_templates)
            return tree_own_item(tree, labels, i);
    struct node *item = tree_map(tree);
    if (include_templates)
        tree_set_named(tree, item, "includeTemplates", tree_bool(tree, true));
    tree_append(tree, labels, item);
    return item;
}

static bool add_labels(const struct edits *edits, struct tree *tree, struct node *file, struct error *error)
{
    const struct edit_pairs *pairs = &edits->labels;
    if (!pairs->count)
        return true;
    if (!edits->labels_without_selector && edits->labels_include_templates)
        return error_set(error, "commonLabels: labelIncludeTemplates needs labelWithoutSelector");
    if (!edits->labels_without_selector)
        return add_pairs(pairs, tree, file, "commonLabels", "commonLabels", edits->force_labels, error);
    struct node *labels = edit_value(tree, file, "labels", NODE_LIST, error);
    struct node *item = labels ? label_item(tree, labels, edits->labels_include_templates) : NULL;
    return item && add_pairs(pairs, tree, item, "pairs", "commonLabels", edits->force_labels, error);
}

static bool add_patches(const struct edits *edits, const struct kust_target *target, struct node *file,
                        struct error *error)
{
    struct tree *tree = target->render->tree;
    struct node *list = edits->patches.count ? edit_value(tree, file, "patches", NODE_LIST, error) : file;
    for (size_t i = 0; list && i < edits->patches.count; i++) {
        const char *text = edits->patches.items[i];
        struct node *patch = NULL;
        struct yaml_text yaml = {.file = arena_format(tree->arena, "parameter patches[%zu]", i),
                                 .bytes = text,
                                 .size = strlen(text),
                                 .origins = target->render->origins};
        if (!parse_yaml11(tree, &yaml, &patch, error))
            return false;
        if (!node_is_map(patch))
            return error_in(error, (struct place){yaml.file, 1, 1}, "a patch is a map of target, patch, path, options");
        tree_append(tree, list, patch);
    }
    return list != NULL;
}

bool edits_apply(const struct edits *edits, const struct kust_target *target, struct node **root, struct error *error)
{
    struct tree *tree = target->render->tree;
    if (!*root || node_is_null(*root))
        *root = tree_map(tree);
    if (!node_is_map(*root))
        return true; /* the reading of it says what is wrong */
    struct node *file = tree_own(tree, root);
    return set_texts(edits, tree, file) && edit_images(&edits->images, tree, file, error) &&
           set_replicas(edits, tree, file, error) && add_labels(edits, tree, file, error) &&
           add_pairs(&edits->annotations, tree, file, "commonAnnotations", "commonAnnotations",
                     edits->force_annotations, error) &&
           add_patches(edits, target, file, error) && edit_components(edits, target, file, error);
}
