/* config_map.c: generates the ConfigMaps of `configMapGenerator`. */
#include "base/utf8.h"
#include "kustomize/generate/generated.h"
#include "kustomize/kustomization/transformers.h"

/* Text goes to `data`, bytes that are not UTF-8 to `binaryData`. */
static void fill_map(struct tree *tree, struct node *root, const struct generator_arguments *arguments,
                     const struct key_values *pairs, origin generator)
{
    (void)arguments;
    (void)generator;
    for (size_t i = 0; i < pairs->count; i++) {
        const struct key_value *pair = &pairs->items[i];
        bool is_text = utf8_is_valid(pair->value, pair->value_size);
        struct node *map = tree_demand_map(tree, root, is_text ? &key_data : &key_binaryData);
        struct node *value = is_text ? styled_string(tree, pair->value, pair->value_size)
                                     : base64_string(tree, pair->value, pair->value_size);
        value->origin = pair->origin;
        note_pair(tree, value, pair, is_text ? NULL : "it is base64");
        append_entry(tree, map, pair->key, pair->key_size, value);
    }
}

static const struct generated_kind config_map = {"ConfigMap", "ConfigMapGenerator", "configMapGenerator",
                                                 &config_map_arguments_type, fill_map};

bool generate_config_maps(struct kust_target *target, struct error *error)
{
    return generate_all(target, &config_map, &target->kustomization->config_map_generator, error);
}

bool config_map_generator(struct kust_target *target, const struct node *config, struct error *error)
{
    return generate_from_config(target, &config_map, config, error);
}
