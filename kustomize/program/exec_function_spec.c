/* exec_function_spec.c: reads which program a function's configuration names.
 *
 * Source: kyaml fn/runtime/runtimeutil/functiontypes.go GetFunctionSpec */
#include <string.h>

#include "kustomize/program/exec_function.h"

struct mount_fields {
    const char *type, *source, *destination;
    bool writable;
};

static const struct field mount_fields[] = {
    FIELD_STRING(struct mount_fields, type, "type"),
    FIELD_STRING(struct mount_fields, source, "src"),
    FIELD_STRING(struct mount_fields, destination, "dst"),
    FIELD_BOOL(struct mount_fields, writable, "rw"),
    FIELD_END,
};
static const struct struct_type mount_type = {"StorageMount", sizeof(struct mount_fields), mount_fields, -1};

#define CONTAINER(member) (offsetof(struct function_spec, container.member) - offsetof(struct function_spec, container))
#define EXEC(member) (offsetof(struct function_spec, exec.member) - offsetof(struct function_spec, exec))

static const struct field container_fields[] = {
    {"image", FIELD_IS_STRING, CONTAINER(image), NULL, false},
    {"network", FIELD_IS_BOOL, CONTAINER(network), NULL, false},
    {"mounts", FIELD_IS_LIST, CONTAINER(mounts), &mount_type, false},
    {"envs", FIELD_IS_LIST, CONTAINER(environment), NULL, false},
    FIELD_END,
};
static const struct struct_type container_type = {"ContainerSpec", sizeof(((struct function_spec *)NULL)->container),
                                                  container_fields, -1};

static const struct field exec_fields[] = {
    {"path", FIELD_IS_STRING, EXEC(path), NULL, false},
    {"args", FIELD_IS_LIST, EXEC(arguments), NULL, false},
    {"envs", FIELD_IS_LIST, EXEC(environment), NULL, false},
    FIELD_END,
};
static const struct struct_type exec_type = {"ExecSpec", sizeof(((struct function_spec *)NULL)->exec), exec_fields, -1};

static const struct field spec_fields[] = {
    FIELD_BOOL(struct function_spec, defer_failure, "deferFailure"),
    FIELD_STRUCT(struct function_spec, container, "container", &container_type),
    FIELD_STRUCT(struct function_spec, exec, "exec", &exec_type),
    FIELD_END,
};
static const struct struct_type spec_type = {"FunctionSpec", sizeof(struct function_spec), spec_fields,
                                             offsetof(struct function_spec, node)};

static bool decode_spec(struct tree *tree, const char *name, const struct node *from, const struct function_spec **out,
                        struct error *error)
{
    struct function_spec *spec = ARENA_NEW(tree->arena, struct function_spec);
    *out = spec;
    if (!from || node_is_null(from) || decode(tree, from, &spec_type, DECODE_AS_GO, spec, error))
        return true;
    return error_wrap(error, "failed to get FunctionSpec: %s unmarshal error", name);
}

static bool read_annotation(struct render *render, const char *name, const char *value,
                            const struct function_spec **out, struct error *error)
{
    const struct yaml_text text = {.file = name, .bytes = value, .size = strlen(value), .origins = render->origins};
    struct node *root = NULL;
    if (!parse_yaml11(render->tree, &text, &root, error))
        return error_wrap(error, "failed to get FunctionSpec: %s unmarshal error", name);
    return decode_spec(render->tree, name, root, out, error);
}

bool function_spec_read(struct render *render, const struct resource *config, const struct function_spec **out,
                        struct error *error)
{
    static const char *const annotations[] = {"config.kubernetes.io/function", "config.k8s.io/function"};
    *out = NULL;
    for (size_t i = 0; i < sizeof annotations / sizeof *annotations; i++) {
        const char *value = resource_annotation(config, annotations[i]);
        if (value && *value)
            return read_annotation(render, annotations[i], value, out, error);
    }
    const struct node *field = node_find(node_get(config->root, &key_metadata), "configFn");
    if (field && !node_is_null(field))
        return decode_spec(render->tree, "configFn", field, out, error);
    const char *image = resource_annotation(config, "config.kubernetes.io/container");
    if (!image || !*image)
        return true;
    struct function_spec *spec = ARENA_NEW(render->arena, struct function_spec);
    spec->container.image = image;
    *out = spec;
    return true;
}
