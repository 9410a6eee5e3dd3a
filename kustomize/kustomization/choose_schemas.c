/* choose_schemas.c: reads the schemas that a kustomization's `openapi` names.
 *
 * Source: api/krusty/kustomizer.go Run and api/internal/target/kusttarget.go accumulateDirectory */
#include <string.h>

#include "kustomize/kustomization/kust_target.h"
#include "kustomize/text/json_text.h"

static const struct pair *openapi_setting(const struct list *openapi, const char *key)
{
    const struct pair *pairs = openapi->items;
    for (size_t i = 0; i < openapi->count; i++)
        if (strcmp(pairs[i].key, key) == 0)
            return &pairs[i];
    return NULL;
}

/* JSON where the file begins with a brace, else YAML. */
static struct node *parse_schemas(struct tree *tree, const struct yaml_text *text, struct error *error)
{
    struct node *schema = NULL;
    if (text->size && text->bytes[0] == '{')
        return json_text_parse(tree, text, error);
    if (!parse_yaml11(tree, text, &schema, error))
        return NULL;
    return schema ? schema : tree_map(tree);
}

bool kust_target_choose_schemas(struct kust_target *target, struct error *error)
{
    struct render *render = target->render;
    const struct list *openapi = &target->kustomization->openapi;
    const struct pair *path = openapi_setting(openapi, "path"), *version = openapi_setting(openapi, "version");
    struct node *schema = NULL;
    origin at = openapi->node ? openapi->node->origin : 0;
    struct file_bytes file;
    if (path) {
        if (!kust_target_read(target, path->value, &file, error)) {
            error_locate_at(error, path->origin);
            return error_wrap(error, "openapi");
        }
        const struct yaml_text text = kust_target_file_text(target, path->value, &file);
        schema = parse_schemas(render->tree, &text, error);
        if (!schema)
            return error_wrap(error, "invalid schema file");
    }
    return schema_set_choose(render->schemas, !target->parent, version ? version->value : NULL, schema, at, error);
}
