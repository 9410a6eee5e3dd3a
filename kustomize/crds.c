/* crds.c: makes field specs of what OpenAPI definitions say about the fields of custom resources.
 *
 * Source: api/internal/accumulator/loadconfigfromcrds.go */
#include "kustomize/crds.h"

#include <string.h>

#include "kustomize/resource/key_index.h"

/* A definition may name others many times over. */
enum { DEEPEST_TYPE = 64, MOST_PROPERTIES = 100000 };

struct crd_reader {
    struct tree *tree;
    struct key_index types; /* by name */
    struct config *config;
    struct gvk gvk;
    const struct node *open[DEEPEST_TYPE]; /* definitions on the way to the one at hand */
    size_t depth, properties;
};

static const struct node *properties_of(const struct node *type)
{
    const struct node *schema = node_find(type, "Schema");
    return node_find(schema ? schema : node_find(type, "schema"), "properties");
}

static bool add_spec(struct crd_reader *reader, struct field_specs *list, const char *path, struct error *error)
{
    struct field_spec spec = {reader->gvk, path, false};
    return field_specs_merge(reader->tree, *list, (struct field_specs){&spec, 1}, list, error);
}

/* A property that names an object by its kind and version. */
static bool add_reference(struct crd_reader *reader, const struct node *property, const char *path, struct error *error)
{
    const char *version = node_string(node_find(property, "x-kubernetes-object-ref-api-version"));
    const char *kind = node_string(node_find(property, "x-kubernetes-object-ref-kind"));
    const char *name_key = node_string(node_find(property, "x-kubernetes-object-ref-name-key"));
    if (!version || !kind)
        return true;
    struct field_spec *spec = ARENA_NEW(reader->tree->arena, struct field_spec);
    *spec = (struct field_spec){reader->gvk,
                                arena_format(reader->tree->arena, "%s/%s", path, name_key ? name_key : "name"), false};
    struct name_reference reference = {{"", version, kind}, {spec, 1}};
    struct name_references *all = &reader->config->name_references;
    return name_references_merge(reader->tree, *all, (struct name_references){&reference, 1}, all, error);
}

static bool read_type(struct crd_reader *reader, const char *name, const char *path, struct error *error);

static bool read_property(struct crd_reader *reader, const struct entry *property, const char *path,
                          struct error *error)
{
    struct config *config = reader->config;
    const char *own = arena_format(reader->tree->arena, "%s%s%s", path, *path ? "/" : "", property->key->text);
    const char *other = node_string(node_find(property->value, "$ref"));
    if (++reader->properties > MOST_PROPERTIES)
        return error_at(error, property->origin, "more than %d properties", MOST_PROPERTIES);
    if (node_string(node_find(property->value, "x-kubernetes-annotation")) &&
        !add_spec(reader, &config->common_annotations, own, error))
        return false;
    if (node_string(node_find(property->value, "x-kubernetes-label-selector")) &&
        !add_spec(reader, &config->common_labels, own, error))
        return false;
    if (node_string(node_find(property->value, "x-kubernetes-identity")) &&
        !add_spec(reader, &config->name_prefix, own, error))
        return false;
    return add_reference(reader, property->value, own, error) && (!other || read_type(reader, other, own, error));
}

/* kustomize follows a type that contains itself until its stack is used up. */
static bool read_type(struct crd_reader *reader, const char *name, const char *path, struct error *error)
{
    const struct entry *found = key_index_find(&reader->types, intern_string(reader->tree->keys, name));
    const struct node *type = found ? found->value : NULL, *properties = properties_of(type);
    if (!node_is_map(properties))
        return true;
    if (reader->depth == DEEPEST_TYPE)
        return error_at(error, type->origin, "definitions are nested more than %d deep", DEEPEST_TYPE);
    for (size_t i = 0; i < reader->depth; i++)
        if (reader->open[i] == type)
            return error_at(error, type->origin, "the definition of '%s' contains itself", name);
    reader->open[reader->depth++] = type;
    for (uint32_t i = 0; i < properties->count; i++)
        if (!read_property(reader, &properties->entries[i], path, error))
            return false;
    reader->depth--;
    return true;
}

static bool looks_like_resource(const struct node *type)
{
    const struct node *properties = properties_of(type);
    return node_get(properties, &key_kind) && node_get(properties, &key_apiVersion) &&
           node_get(properties, &key_metadata);
}

/* "example.com/apis/v1.Bee" is of kind Bee. */
static const char *kind_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

bool read_crds(struct render *render, const struct node *root, struct config *out, struct error *error)
{
    if (!node_is_map(root))
        return error_at(error, root->origin, "unable to parse open API definition: expected a map of definitions");
    struct crd_reader reader = {.tree = render->tree, .config = out};
    key_index_init(&reader.types, render->arena, root, root->count);
    for (uint32_t i = 0; i < root->count; i++) {
        const char *name = root->entries[i].key->text;
        if (!looks_like_resource(root->entries[i].value))
            continue;
        reader.gvk = (struct gvk){"", "", kind_of(name)};
        if (!read_type(&reader, name, "", error))
            return false;
    }
    config_sort(render->arena, out);
    return true;
}
