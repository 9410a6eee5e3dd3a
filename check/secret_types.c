/* secret_types.c: Secrets, and what becomes one, that lack a key which their type demands.
 *
 * Source: k8s.io/kubernetes pkg/apis/core/validation ValidateSecret */
#include <string.h>

#include "check/workloads.h"

static const struct {
    const char *type;
    const char *keys[3]; /* all of them */
} types[] = {
    {"kubernetes.io/dockerconfigjson", {".dockerconfigjson", NULL}},
    {"kubernetes.io/dockercfg", {".dockercfg", NULL}},
    {"kubernetes.io/tls", {"tls.crt", "tls.key", NULL}},
    {"kubernetes.io/ssh-auth", {"ssh-privatekey", NULL}},
};

/* Where the keys stand, of each kind. */
static bool has_key(const struct check_object *object, const char *key)
{
    static const char *const fields[][4] = {
        {"data", NULL}, {"stringData", NULL}, {"spec", "encryptedData", NULL}, {"spec", "template", "data", NULL}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (node_find(node_path(object->root, fields[i]), key))
            return true;
    return false;
}

static const struct node *type_of(const struct check_object *object)
{
    static const char *const sealed[] = {"spec", "template", "type", NULL}, *const plain[] = {"type", NULL};
    if (strcmp(object->kind, "SealedSecret") == 0)
        return node_path(object->root, sealed);
    return strcmp(object->kind, "Secret") == 0 && !*object->group ? node_path(object->root, plain) : NULL;
}

/* What has no keys at all gets them in the cluster. */
static bool has_any(const struct check_object *object)
{
    static const char *const sealed[] = {"spec", "encryptedData", NULL};
    return !node_is_empty(node_find(object->root, "data")) || !node_is_empty(node_find(object->root, "stringData")) ||
           !node_is_empty(node_path(object->root, sealed));
}

static void check_object(struct check_input *input, const struct check_target *target,
                         const struct check_object *object)
{
    const struct node *type = type_of(object);
    for (size_t i = 0; node_text(type) && has_any(object) && i < sizeof types / sizeof *types; i++)
        for (const char *const *key = types[i].keys; strcmp(types[i].type, type->text) == 0 && *key; key++)
            if (!has_key(object, *key))
                check_report(input, target, RA210, type->origin, object,
                             "%s '%s' is of type %s, and lacks the key '%s'", object->kind, object->name, type->text,
                             *key)
                    ->field = "type";
}

static void check_secret_types(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++)
            check_object(input, &input->targets[i], &input->targets[i].objects[j]);
}

static const enum rule_id ids[] = {RA210, RULE_COUNT};
const struct check secret_types_check = {"secret_types", ids, check_secret_types};
