/* mounted_keys.c: keys of ConfigMaps and Secrets that volumes ask for: those that are not there, and those that a mount
 * by subPath never renews; and Services of StatefulSets. */
#include <string.h>

#include "check/workloads.h"

struct key_check {
    struct check_input *input;
    const struct workload *workload;
};

static const struct node *find_named(const struct node *list, const char *name)
{
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        if (node_equals(node_find(list->items[i], "name"), name))
            return list->items[i];
    return NULL;
}

static const struct check_object *find_object(const struct key_check *check, const char *kind, const char *name)
{
    const struct workload *workload = check->workload;
    for (size_t i = 0; name && i < workload->target->object_count; i++) {
        const struct check_object *object = &workload->target->objects[i];
        if (strcmp(object->kind, kind) == 0 && strcmp(object->name, name) == 0 &&
            strcmp(object->namespace, workload->object->namespace) == 0)
            return object;
    }
    return NULL;
}

static bool has_key(const struct check_object *object, const char *key)
{
    return node_find(node_find(object->root, "data"), key) || node_find(node_find(object->root, "binaryData"), key) ||
           node_find(node_find(object->root, "stringData"), key);
}

/* What has no data at all gets it in the cluster. */
static bool has_data(const struct check_object *object)
{
    return !node_is_empty(node_find(object->root, "data")) || !node_is_empty(node_find(object->root, "binaryData")) ||
           !node_is_empty(node_find(object->root, "stringData"));
}

/* The ConfigMap or Secret of a volume, if it is in the same target. `source`: what the volume says about it. */
static const struct check_object *volume_object(const struct key_check *check, const struct node *volume,
                                                const struct node **source)
{
    const struct node *config = node_find(volume, "configMap"), *secret = node_find(volume, "secret");
    *source = config ? config : secret;
    return config   ? find_object(check, "ConfigMap", node_text(node_find(config, "name")))
           : secret ? find_object(check, "Secret", node_text(node_find(secret, "secretName")))
                    : NULL;
}

static void check_items(const struct key_check *check, const struct node *volume)
{
    const struct node *source;
    const struct check_object *object = volume_object(check, volume, &source);
    const struct node *items = node_find(source, "items");
    bool optional = node_equals(node_find(source, "optional"), "true");
    for (uint32_t i = 0; object && !optional && has_data(object) && node_is_list(items) && i < items->count; i++) {
        const struct node *key = node_find(items->items[i], "key");
        if (node_text(key) && !has_key(object, key->text))
            check_report(check->input, check->workload->target, RA304, key->origin, check->workload->object,
                         "%s '%s' has no key '%s': the pod does not start", object->kind, object->name, key->text);
    }
}

static bool has_path(const struct check_object *object, const struct node *source, const char *path)
{
    const struct node *items = node_find(source, "items");
    for (uint32_t i = 0; node_is_list(items) && i < items->count; i++)
        if (node_equals(node_find(items->items[i], "path"), path))
            return true;
    return !node_is_list(items) && has_key(object, path);
}

/* What kustomize puts behind a generated name. Source: kustomize api/hasher, encode */
static bool is_restarted(const struct workload *workload)
{
    static const char *const template[] = {"spec", "template", "metadata", "annotations", NULL};
    static const char *const own[] = {"metadata", "annotations", NULL};
    const struct node *const maps[] = {node_path(workload->object->root, template),
                                       node_path(workload->object->root, own)};
    for (size_t k = 0; k < 2; k++)
        for (uint32_t i = 0; node_is_map(maps[k]) && i < maps[k]->count; i++) {
            const char *key = maps[k]->entries[i].key->text;
            if (strstr(key, "checksum") || strstr(key, "reloader") || strstr(key, "config-hash") ||
                strstr(key, "sha256"))
                return true;
        }
    return false;
}

static void check_mount(const struct key_check *check, const struct node *mount)
{
    const struct node *path = node_find(mount, "subPath"), *source = NULL;
    const char *name = node_text(node_find(mount, "name"));
    const struct node *volume =
        name && node_text(path) ? find_named(node_find(check->workload->pod, "volumes"), name) : NULL;
    const struct check_object *object = volume ? volume_object(check, volume, &source) : NULL;
    if (!object || !*path->text || !has_data(object))
        return;
    if (!has_path(object, source, path->text)) {
        if (!strchr(path->text, '/'))
            check_report(check->input, check->workload->target, RA304, path->origin, check->workload->object,
                         "%s '%s' has no key '%s': an empty directory is mounted", object->kind, object->name,
                         path->text);
    } else if (check->workload->selector && !name_has_hash(object->name) && !is_restarted(check->workload) &&
               !node_equals(node_find(object->root, "immutable"), "true")) {
        check_report(check->input, check->workload->target, RA311, path->origin, check->workload->object,
                     "%s '%s' mounts '%s' of %s '%s' by subPath: a change of it never reaches the pods that run",
                     check->workload->object->kind, check->workload->object->name, path->text, object->kind,
                     object->name);
    }
}

static void check_mounts(const struct key_check *check)
{
    size_t count;
    struct container *containers = find_containers(check->input->arena, check->workload->pod, &count);
    for (size_t i = 0; i < count; i++) {
        const struct node *mounts = node_find(containers[i].node, "volumeMounts");
        for (uint32_t k = 0; node_is_list(mounts) && k < mounts->count; k++)
            check_mount(check, mounts->items[k]);
    }
}

/* The pods run without it, and have no names of their own. */
static void check_service(const struct key_check *check)
{
    const struct check_object *set = check->workload->object;
    const struct node *name = node_find(node_find(set->root, "spec"), "serviceName");
    if (strcmp(set->kind, "StatefulSet") != 0 || !node_text(name) || !*name->text)
        return;
    for (size_t i = 0; i < check->input->target_count; i++)
        for (size_t j = 0; j < check->input->targets[i].object_count; j++) {
            const struct check_object *object = &check->input->targets[i].objects[j];
            if (strcmp(object->kind, "Service") == 0 && strcmp(object->name, name->text) == 0 &&
                strcmp(object->namespace, set->namespace) == 0)
                return;
        }
    check_report(check->input, check->workload->target, RA304, name->origin, set,
                 "StatefulSet '%s' names the Service '%s', which is not there: its pods have no names in DNS",
                 set->name, name->text)
        ->severity = check->workload->target->found ? SEVERITY_WARNING : SEVERITY_NOTE; /* alone, it may be a part */
}

static void check_mounted_keys(struct check_input *input)
{
    for (size_t i = 0; i < input->workloads->count; i++) {
        const struct key_check check = {input, &input->workloads->items[i]};
        const struct node *volumes = node_find(check.workload->pod, "volumes");
        for (uint32_t k = 0; node_is_list(volumes) && k < volumes->count; k++)
            check_items(&check, volumes->items[k]);
        check_mounts(&check);
        check_service(&check);
    }
}

static const enum rule_id ids[] = {RA304, RA311, RULE_COUNT};
const struct check mounted_keys_check = {"mounted_keys", ids, check_mounted_keys};
