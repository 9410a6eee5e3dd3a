/* values.c: the values that a chart is given. */
#include <string.h>

#include "base/path.h"
#include "kustomize/helm/helm.h"
#include "kustomize/patch/strategic_merge.h"
#include "yaml/emit.h"

/* Reads a file of values: of the kustomization or, below the place that its chart would have in the chart home, of the
 * chart, wherever that is. */
static bool read_values(const struct inflation *inflation, const char *path, struct file_bytes *out,
                        struct error *error)
{
    struct kust_target *target = inflation->target;
    struct arena *arena = target->render->arena;
    const char *place = path_join(arena, inflation->home, inflation->chart.name), *clean = path_clean(arena, path);
    bool elsewhere = inflation->source != target->source && path_is_within(clean, place);
    if (!elsewhere)
        return kust_target_read(target, path, out, error);
    return source_read(inflation->source, arena,
                       path_join(arena, inflation->directory, path_relative(arena, place, clean)), out, error);
}

static const char *values_path(const struct inflation *inflation)
{
    struct arena *arena = inflation->target->render->arena;
    const struct helm_chart *chart = &inflation->chart;
    if (chart->values_file && *chart->values_file)
        return chart->values_file;
    return path_join(arena, inflation->home, path_join(arena, chart->name, "values.yaml"));
}

/* Both trees in one: `override` lets the inline values win, `merge` those of the file. */
static bool merge_values(const struct inflation *inflation, struct node *from_file, struct node **inline_values,
                         struct error *error)
{
    struct render *render = inflation->target->render;
    struct merge walk = {.tree = render->tree, .schemas = render->schemas, .error = error};
    const char *how = inflation->chart.values_merge;
    bool file_wins = how && strcmp(how, "merge") == 0;
    struct node *under = file_wins ? *inline_values : from_file, *over = file_wins ? from_file : *inline_values;
    tree_share(over);
    if (!merge_nodes(&walk, under, over, NULL, inline_values))
        return error_wrap(error, "could not merge values");
    if (!*inline_values)
        *inline_values = tree_map(render->tree);
    return true;
}

static bool merge_file(const struct inflation *inflation, const char *path, const struct file_bytes *file,
                       struct node **inline_values, struct error *error)
{
    struct render *render = inflation->target->render;
    struct yaml_text text = kust_target_file_text(inflation->target, path, file);
    struct node *from_file = NULL;
    if (!parse_first(render->tree, &text, &from_file, error))
        return error_wrap(error, "could not parse values file into rnode");
    if (!from_file)
        return error_set(error, "could not parse values file into rnode: '%s' is empty", path);
    return merge_values(inflation, from_file, inline_values, error);
}

/* Inline values as JSON, which is YAML too: what helm reads is the same. */
static const char *write_tree(const struct inflation *inflation, const struct node *values, struct error *error)
{
    struct text json = {0};
    const char *path = NULL;
    if (emit_json(values, &json, error))
        path = helm_file(inflation->helm, text_content(&json), json.size, error);
    text_free(&json);
    return path;
}

/* The inline values as they were read are the tree of a JSON text, whose keys are strings whatever they look like. */
static void mark_keys(struct node *node)
{
    for (uint32_t i = 0; node->kind != NODE_SCALAR && i < node->count; i++) {
        if (node->kind == NODE_MAP) {
            node->entries[i].tag = TAG_STRING;
            node->entries[i].style = STYLE_DOUBLE_QUOTED;
        }
        mark_keys(node->kind == NODE_MAP ? node->entries[i].value : node->items[i]);
    }
}

static const char *write_main(const struct inflation *inflation, struct error *error)
{
    const struct helm_chart *chart = &inflation->chart;
    struct tree *tree = inflation->target->render->tree;
    struct node *inline_values = chart->values_inline ? tree_copy(tree, chart->values_inline) : NULL;
    const char *path = values_path(inflation);
    struct file_bytes file;
    if (chart->values_inline && !inline_values)
        return tree_refuse_copy(tree, chart->values_inline->origin, error), NULL;
    if (inline_values)
        mark_keys(inline_values);
    bool replaces = inline_values && chart->values_merge && strcmp(chart->values_merge, "replace") == 0;
    if (replaces)
        return write_tree(inflation, inline_values, error);
    if (!read_values(inflation, path, &file, error))
        return NULL;
    if (!inline_values)
        return helm_file(inflation->helm, file.bytes, file.size, error);
    return merge_file(inflation, path, &file, &inline_values, error) ? write_tree(inflation, inline_values, error)
                                                                     : NULL;
}

bool helm_values(const struct inflation *inflation, struct string_list *files, struct error *error)
{
    struct arena *arena = inflation->target->render->arena;
    const struct list *additional = &inflation->chart.additional_values_files;
    const char *const *paths = additional->items, *path = write_main(inflation, error);
    for (size_t i = 0; path && i <= additional->count; i++) {
        struct file_bytes file;
        string_list_add(arena, files, path);
        if (i == additional->count)
            return true;
        path = NULL;
        if (read_values(inflation, paths[i], &file, error))
            path = helm_file(inflation->helm, file.bytes, file.size, error);
        else
            error_wrap(error, "could not load additionalValuesFile");
    }
    return false;
}
