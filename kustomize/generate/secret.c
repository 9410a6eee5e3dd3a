/* secret.c: generates the Secrets of `secretGenerator`. */
#include <string.h>

#include "kustomize/generate/generated.h"
#include "kustomize/kustomization/transformers.h"
#include "yaml/written.h"

/* All data is base64; without any, the empty map stays. */
static void fill_secret(struct tree *tree, struct node *root, const struct generator_arguments *arguments,
                        const struct key_values *pairs, origin generator)
{
    const char *type = arguments->type && *arguments->type ? arguments->type : "Opaque";
    struct node *type_value = styled_string(tree, type, strlen(type));
    bool given = arguments->type && *arguments->type;
    const struct writer_part part = {.size = WHOLE_VALUE,
                                     .from = given ? field_origin(arguments->node, "type") : generator,
                                     .computed = given ? NULL : "it is the type of a Secret that names none"};
    written_new(tree, type_value, "generator", &part, 1);
    tree_set(tree, root, &key_type, type_value);
    struct node *data = tree_demand_map(tree, root, &key_data);
    for (size_t i = 0; i < pairs->count; i++) {
        const struct key_value *pair = &pairs->items[i];
        struct node *value = base64_string(tree, pair->value, pair->value_size);
        value->origin = pair->origin;
        note_pair(tree, value, pair, "it is base64");
        append_entry(tree, data, pair->key, pair->key_size, value);
    }
}

static const struct generated_kind secret = {"Secret", "SecretGenerator", "secretGenerator", &secret_arguments_type,
                                             fill_secret};

bool generate_secrets(struct kust_target *target, struct error *error)
{
    return generate_all(target, &secret, &target->kustomization->secret_generator, error);
}

bool secret_generator(struct kust_target *target, const struct node *config, struct error *error)
{
    return generate_from_config(target, &secret, config, error);
}
