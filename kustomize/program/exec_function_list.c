/* exec_function_list.c: runs a KRM function: resources in and out as a ResourceList, with the annotations that kyaml
 * keeps on the way.
 *
 * Source: kyaml runfn/runfn.go, fn/runtime/runtimeutil/runtimeutil.go, kio/kio.go, kio/byteio_reader.go. What kyaml
 * restores of comments and of the order of keys does not outlive the printing. */
#include <string.h>

#include "base/path.h"
#include "base/process.h"
#include "kustomize/program/exec_function.h"
#include "yaml/emit.h"
#include "yaml/emit_v3.h"

static const char local_config[] = "config.kubernetes.io/local-config";
static const char index_key[] = "internal.config.kubernetes.io/index", old_index_key[] = "config.kubernetes.io/index";
static const char path_key[] = "internal.config.kubernetes.io/path", old_path_key[] = "config.kubernetes.io/path";
static const char id_key[] = "internal.config.kubernetes.io/id", old_id_key[] = "config.k8s.io/id";
static const char migration_key[] = "internal.config.kubernetes.io/annotations-migration-resource-id";
static const char indent_key[] = "internal.config.kubernetes.io/seqindent";

static const char *annotation_text(const struct node *root, const char *key)
{
    return node_text(node_find(node_get(node_get(root, &key_metadata), &key_annotations), key));
}

static void clear_annotation(struct tree *tree, struct node *root, const char *key)
{
    struct node *metadata = node_get(root, &key_metadata), *annotations = node_get(metadata, &key_annotations);
    if (node_find(annotations, key))
        tree_remove(annotations, intern_string(tree->keys, key));
    if (node_is_map(annotations) && !annotations->count)
        tree_remove(metadata, &key_annotations);
}

/* Each of the two keys of a path gets the value of the other where it has none. */
static void pair_paths(struct tree *tree, struct node *root)
{
    const char *path = annotation_text(root, path_key), *old = annotation_text(root, old_path_key);
    if (path && *path && !(old && *old))
        external_annotate(tree, root, old_path_key, path);
    else if (old && *old && !(path && *path))
        external_annotate(tree, root, path_key, old);
}

static bool parse_all(const struct external *external, const char *name, const struct text *text,
                      struct node_array *out, struct error *error)
{
    const struct render *render = external->target->render;
    const struct yaml_text yaml = {.file = name,
                                   .bytes = arena_copy(render->arena, text_content(text), text->size),
                                   .size = text->size,
                                   .origins = render->origins};
    return parse_documents(render->tree, &yaml, out, error);
}

/* The configuration as the function gets it; kustomize ignores it where the function gives it back. */
static struct node *read_config(const struct external *external, struct error *error)
{
    struct tree *tree = external->target->render->tree;
    struct node_array nodes = {0};
    struct text text = {0};
    bool good =
        emit_yaml(external->config->root, &text, error) && parse_all(external, external->name, &text, &nodes, error);
    text_free(&text);
    if (!good || nodes.count != 1)
        return NULL;
    external_annotate(tree, nodes.items[0], local_config, "true");
    return nodes.items[0];
}

/* What kyaml notes in each resource on its way to a function. */
static bool number_item(struct tree *tree, struct node *root, size_t position, struct error *error)
{
    const char *index = arena_format(tree->arena, "%zu", position),
               *id = arena_format(tree->arena, "%zu", position + 1);
    if (!node_is_map(root) || !external_annotate(tree, root, old_index_key, index))
        return error_at(error, root->origin, "a function can only be given objects with metadata");
    external_annotate(tree, root, index_key, index);
    external_annotate(tree, root, migration_key, index);
    pair_paths(tree, root);
    external_annotate(tree, root, id_key, id);
    external_annotate(tree, root, old_id_key, id);
    return true;
}

static struct node *make_list(struct tree *tree, const struct node_array *nodes, struct node *config,
                              struct error *error)
{
    struct node *list = tree_map(tree), *items = tree_list(tree);
    tree_set(tree, list, &key_apiVersion, tree_plain(tree, "config.kubernetes.io/v1"));
    tree_set(tree, list, &key_kind, tree_plain(tree, "ResourceList"));
    tree_set(tree, list, &key_items, items);
    for (size_t i = 0; i < nodes->count; i++) {
        if (!number_item(tree, nodes->items[i], i, error))
            return NULL;
        tree_append(tree, items, nodes->items[i]);
    }
    tree_set_named(tree, list, "functionConfig", config);
    return list;
}

/* Where kyaml would put a resource that has no file: "namespace/kind_name.yaml". */
static void default_path(struct tree *tree, struct node *root)
{
    const struct node *metadata = node_get(root, &key_metadata);
    const char *kind = node_text(node_get(root, &key_kind)), *name = node_text(node_get(metadata, &key_name));
    const char *namespace = node_text(node_get(metadata, &key_namespace));
    pair_paths(tree, root);
    if (annotation_text(root, path_key))
        return;
    const char *file =
        arena_format(tree->arena, "%s_%s.yaml", arena_lower(tree->arena, kind ? kind : ""), name ? name : "");
    const char *path = namespace && *namespace ? path_join(tree->arena, namespace, file) : file;
    external_annotate(tree, root, path_key, path);
    external_annotate(tree, root, old_path_key, path);
}

static bool finish_item(struct tree *tree, struct node *root, struct error *error)
{
    static const char *const notes[] = {id_key, old_id_key, migration_key, index_key, old_index_key, indent_key};
    if (!node_is_map(root))
        return error_at(error, root->origin, "a function must give back objects");
    default_path(tree, root);
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        clear_annotation(tree, root, notes[i]);
    return true;
}

static bool write_all(const struct node_array *nodes, struct text *out, struct error *error)
{
    for (size_t i = 0; i < nodes->count; i++) {
        if (i)
            text_string(out, "---\n");
        if (!emit_v3(nodes->items[i], out, error))
            return false;
    }
    return true;
}

/* Variables of the configuration and of the command line, which wins; what has not exactly one = is left out. */
static const char *const *function_environment(const struct external *external, const struct function_spec *spec)
{
    const struct function_options *options = &external->target->render->options->functions;
    struct arena *arena = external->target->render->arena;
    const struct list *own = &spec->exec.environment;
    const char **changes = ARENA_ARRAY(arena, own->count + options->environment_count + 1, const char *);
    size_t count = 0;
    for (size_t i = 0; i < own->count + options->environment_count; i++) {
        const char *variable =
            i < own->count ? ((const char *const *)own->items)[i] : options->environment[i - own->count];
        const char *equals = strchr(variable, '=');
        if (equals && !strchr(equals + 1, '='))
            changes[count++] = variable;
    }
    return process_environment(arena, changes);
}

static const char *const *function_arguments(struct arena *arena, const struct function_spec *spec)
{
    const struct list *words = &spec->exec.arguments;
    const char **out = ARENA_ARRAY(arena, words->count + 2, const char *);
    out[0] = spec->exec.path;
    if (words->count)
        memcpy(out + 1, words->items, words->count * sizeof *out);
    return out;
}

/* Gives the nodes to the program and takes what it gives back. */
static bool exchange_list(const struct external *external, const struct function_spec *spec, struct node *config,
                          struct node_array *nodes, struct error *error)
{
    struct tree *tree = external->target->render->tree;
    struct text input = {0}, output = {0};
    struct node *list = make_list(tree, nodes, config, error);
    bool good = list && emit_v3(list, &input, error);
    struct process process = {.arguments = function_arguments(tree->arena, spec),
                              .environment = function_environment(external, spec),
                              .input = text_content(&input),
                              .input_size = input.size};
    const char *name = arena_format(tree->arena, "the output of %s", external->name);
    *nodes = (struct node_array){0};
    good = good && external_run(external, &process, &output, error) && parse_all(external, name, &output, nodes, error);
    for (size_t i = 0; good && i < nodes->count; i++)
        good = finish_item(tree, nodes->items[i], error);
    text_free(&input);
    text_free(&output);
    return good;
}

bool function_run(const struct external *external, const struct function_spec *spec, const struct text *resources,
                  struct text *output, struct error *error)
{
    struct tree *tree = external->target->render->tree;
    struct node *config = read_config(external, error);
    struct node_array nodes = {0};
    if (!config)
        return false;
    if (spec->container.image && *spec->container.image)
        return error_set(error, "function '%s' is a container, and containers are not run: use exec",
                         spec->container.image);
    if (resources && !parse_all(external, external->name, resources, &nodes, error))
        return false;
    if (!resources) {
        nodes.items = arena_grow(tree->arena, nodes.items, 0, &nodes.room, sizeof *nodes.items);
        nodes.items[nodes.count] = tree_copy(tree, config);
        if (!nodes.items[nodes.count++])
            return tree_refuse_copy(tree, config->origin, error);
    }
    bool runs = external->target->render->options->functions.exec && spec->exec.path && *spec->exec.path;
    if (runs && !exchange_list(external, spec, config, &nodes, error))
        return false;
    return write_all(&nodes, output, error);
}
