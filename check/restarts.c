/* restarts.c: ConfigMaps that pods read when they start only, and whose changes start no new ones. */
#include <string.h>

#include "base/map.h"
#include "check/workloads.h"

/* What kustomize puts behind a generated name. Source: kustomize api/hasher, encode */
/* Something else starts them: a checksum in the template, or a controller that watches. */
static bool is_restarted(const struct node *annotations)
{
    for (uint32_t i = 0; node_is_map(annotations) && i < annotations->count; i++) {
        const char *key = annotations->entries[i].key ? annotations->entries[i].key->text : "";
        if (strstr(key, "checksum") || strstr(key, "reloader") || strstr(key, "config-hash") || strstr(key, "sha256"))
            return true;
    }
    return false;
}

static const struct check_object *find_config(const struct check_target *target, const struct check_object *object,
                                              const char *name)
{
    for (size_t i = 0; i < target->object_count; i++)
        if (strcmp(target->objects[i].kind, "ConfigMap") == 0 && strcmp(target->objects[i].name, name) == 0 &&
            strcmp(target->objects[i].namespace, object->namespace) == 0)
            return &target->objects[i];
    return NULL;
}

static bool is_immutable(const struct check_object *config)
{
    return node_equals(node_find(config->root, "immutable"), "true");
}

static void check_name(struct check_input *input, const struct workload *workload, const struct node *reference)
{
    const struct node *name = node_find(reference, "name");
    const char *text = node_text(name);
    const struct check_object *config =
        text && !name_has_hash(text) ? find_config(workload->target, workload->object, text) : NULL;
    if (config && !is_immutable(config))
        check_report(input, workload->target, RA311, name->origin, workload->object,
                     "%s '%s' reads ConfigMap '%s' into variables: a change of it starts no new pods",
                     workload->object->kind, workload->object->name, text);
}

static void check_workload(struct check_input *input, const struct workload *workload)
{
    static const char *const template[] = {"spec", "template", "metadata", "annotations", NULL};
    static const char *const own[] = {"metadata", "annotations", NULL};
    size_t count;
    if (is_restarted(node_path(workload->object->root, template)) ||
        is_restarted(node_path(workload->object->root, own)))
        return;
    struct container *containers = find_containers(input->arena, workload->pod, &count);
    for (size_t i = 0; i < count; i++) {
        const struct node *env = node_find(containers[i].node, "env"), *from = node_find(containers[i].node, "envFrom");
        for (uint32_t k = 0; node_is_list(env) && k < env->count; k++)
            check_name(input, workload, node_find(node_find(env->items[k], "valueFrom"), "configMapKeyRef"));
        for (uint32_t k = 0; node_is_list(from) && k < from->count; k++)
            check_name(input, workload, node_find(from->items[k], "configMapRef"));
    }
}

/* Of those that go on running; each run of a Job reads anew. */
static void check_restarts(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            struct workload workload;
            if (workload_of(&input->targets[i], &input->targets[i].objects[j], &workload) && workload.selector)
                check_workload(input, &workload);
        }
}

static const enum rule_id ids[] = {RA311, RULE_COUNT};
const struct check restarts_check = {"restarts", ids, check_restarts};
