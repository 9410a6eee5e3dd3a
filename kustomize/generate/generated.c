/* generated.c: makes an object from key-value pairs, with its options (kustomize's api/internal/generators). */
#include "kustomize/generate/generated.h"
#include "yaml/setter_quotes.h"
#include "yaml/written.h"

#include <string.h>

#include "base/digest.h"
#include "kustomize/field/set_value.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/plugin_decode.h"
#include "kustomize/kustomization/provenance.h"
#include "kustomize/kustomization/suggest.h"
#include "kustomize/kustomization/transformers.h"

/* Local pairs win over global ones. */
static bool set_pairs(struct tree *tree, struct node *metadata, const struct key *field, const struct list *pairs,
                      struct error *error)
{
    for (size_t i = 0; i < pairs->count; i++) {
        const struct pair *pair = (const struct pair *)pairs->items + i;
        const char *text = pair->value ? pair->value : "";
        const struct key *key = intern_string(tree->keys, pair->key);
        struct node *map = tree_demand_map(tree, metadata, field), *value = styled_string(tree, text, strlen(text));
        value->origin = pair->origin;
        written_over(tree, value, NULL, "generator");
        if (!node_get(map, key))
            tree_add(tree, map, (struct entry){key, value, value->origin, TAG_NONE, STYLE_PLAIN});
        if (!tree_count_steps(tree, 1 + map->count / 32, error))
            return false;
    }
    return true;
}

static bool set_options(struct tree *tree, struct node *root, const struct generator_options *local,
                        const struct generator_options *global, struct error *error)
{
    struct node *metadata = node_get(root, &key_metadata);
    const struct generator_options *both[] = {local, global};
    const struct generator_options *immutable = NULL;
    for (size_t i = 0; i < 2; i++) {
        if (!both[i])
            continue;
        if (!set_pairs(tree, metadata, &key_labels, &both[i]->labels, error) ||
            !set_pairs(tree, metadata, &key_annotations, &both[i]->annotations, error))
            return false;
        immutable = immutable || !both[i]->immutable ? immutable : both[i];
    }
    if (immutable) {
        const struct writer_part part = {.size = WHOLE_VALUE, .from = field_origin(immutable->node, "immutable")};
        struct node *value = tree_bool(tree, true);
        written_new(tree, value, "generator", &part, 1);
        tree_set_named(tree, root, "immutable", value);
    }
    return true;
}

/* `from`: what decides it, the name of the generator; 0: nothing does. */
static struct node *fixed_value(struct tree *tree, const char *text, origin from)
{
    const struct writer_part part = {.size = WHOLE_VALUE, .from = from, .computed = "the generator makes it so"};
    struct node *value = tree_plain(tree, text);
    written_new(tree, value, "generator", &part, 1);
    return value;
}

/* A plugin's configuration has its name and namespace in its metadata. */
static origin argument_origin(const struct generator_arguments *arguments, const char *field)
{
    const struct node *metadata = node_get(arguments->node, &key_metadata);
    return field_origin(metadata ? metadata : arguments->node, field);
}

static struct node *argument_value(struct tree *tree, const struct generator_arguments *arguments, const char *field,
                                   const char *text)
{
    const struct writer_part part = {.size = WHOLE_VALUE, .from = argument_origin(arguments, field)};
    struct node *value = styled_string(tree, text, strlen(text));
    written_new(tree, value, "generator", &part, 1);
    return value;
}

static struct node *make_base(struct tree *tree, const char *kind, const struct generator_arguments *arguments,
                              origin generator)
{
    struct node *root = tree_map(tree), *metadata = tree_map(tree);
    root->origin = metadata->origin = field_origin(arguments->node, "name");
    tree_set(tree, root, &key_apiVersion, fixed_value(tree, "v1", 0));
    tree_set(tree, root, &key_kind, fixed_value(tree, kind, generator));
    tree_set(tree, root, &key_metadata, metadata);
    tree_set(tree, metadata, &key_name, argument_value(tree, arguments, "name", arguments->name));
    if (arguments->namespace && *arguments->namespace)
        tree_set(tree, metadata, &key_namespace, argument_value(tree, arguments, "namespace", arguments->namespace));
    return root;
}

static enum behavior behavior_from(const char *text)
{
    if (!text)
        return BEHAVIOR_UNSPECIFIED;
    return strcmp(text, "create") == 0    ? BEHAVIOR_CREATE
           : strcmp(text, "replace") == 0 ? BEHAVIOR_REPLACE
           : strcmp(text, "merge") == 0   ? BEHAVIOR_MERGE
                                          : BEHAVIOR_UNSPECIFIED;
}

/* kustomize takes any other word for none. */
static void notice_behavior(struct render *render, const struct generator_arguments *arguments)
{
    static const char *const names[] = {"create", "merge", "replace", NULL};
    const char *behavior = arguments->behavior;
    if (behavior && *behavior && strcmp(behavior, "unspecified") != 0 &&
        behavior_from(behavior) == BEHAVIOR_UNSPECIFIED && wants_notices(render))
        render_notice(render, RA745, field_origin(arguments->node, "behavior"),
                      "the behavior '%s' is none of create, merge and replace, and ignored%s", behavior,
                      suggest_name(render->arena, behavior, names));
}

static bool keeps_name(const struct generator_options *options)
{
    return options && options->disable_name_suffix_hash;
}

/* `generator`: where it is named. */
static bool generate_one(struct kust_target *target, const struct generated_kind *kind,
                         const struct generator_arguments *arguments, const struct generator_options *global,
                         origin generator, struct error *error)
{
    struct tree *tree = target->render->tree;
    struct key_values pairs = {0};
    if (!arguments->name || !*arguments->name)
        return error_at(error, field_origin(arguments->node, "name"), "a configmap must have a name");
    if (!load_key_values(target, arguments, &pairs, error))
        return false;
    struct node *root = make_base(tree, kind->kind, arguments, generator);
    kind->fill(tree, root, arguments, &pairs, generator);
    if (!set_options(tree, root, arguments->options, global, error))
        return false;
    struct resource *resource = resource_new(tree->arena, root);
    resource->behavior = behavior_from(arguments->behavior);
    notice_behavior(target->render, arguments);
    if (wants_notices(target->render))
        notice_merged(target, resource, arguments);
    resource->generated = true;
    resource->needs_hash = !keeps_name(arguments->options) && !keeps_name(global);
    annotate_generator(target, resource, kind->generator);
    return absorb_generated(target, resource, error);
}

bool generate_all(struct kust_target *target, const struct generated_kind *kind, const struct list *all,
                  struct error *error)
{
    const struct generator_arguments *items = all->items;
    const struct kustomization *kustomization = target->kustomization;
    origin generator = all->count ? field_key_origin(kustomization->node, kind->field) : 0;
    for (size_t i = 0; i < all->count; i++)
        if (!generate_one(target, kind, &items[i], kustomization->generator_options, generator, error))
            return false;
    return true;
}

bool generate_from_config(struct kust_target *target, const struct generated_kind *kind, const struct node *config,
                          struct error *error)
{
    struct object_meta metadata = {0};
    struct generator_arguments arguments = {0};
    const struct node *own = node_get(config, &key_metadata);
    if ((own && !decode(target->render->tree, own, &object_meta_type, DECODE_AS_GO_LENIENT, &metadata, error)) ||
        !plugin_decode(target, config, kind->arguments, &arguments, error))
        return false;
    if (!arguments.name || !*arguments.name)
        arguments.name = metadata.name;
    if (!arguments.namespace || !*arguments.namespace)
        arguments.namespace = metadata.namespace;
    return generate_one(target, kind, &arguments, NULL, field_origin(config, "kind"), error);
}
