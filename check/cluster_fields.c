/* cluster_fields.c: fields that the cluster writes, in manifests that were copied out of one. */
#include <string.h>

#include "check/check.h"
#include "kubernetes/api.h"

static const char *const own_metadata[] = {"resourceVersion", "uid", "selfLink", "generation", "managedFields"};

/* The end of an annotation's key, and who writes it. */
static const char *const own_annotations[] = {
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
    "pv.kubernetes.io/bind-completed",
    "pv.kubernetes.io/bound-by-controller",
    "control-plane.alpha.kubernetes.io/leader",
};

static void tell(struct check_input *input, const struct check_target *target, const struct check_object *object,
                 const struct entry *entry, const char *field)
{
    struct finding *finding =
        check_report(input, target, RA125, entry->origin, object,
                     "%s '%s' has the field %s, which the cluster writes: it was copied out of one", object->kind,
                     object->name, field);
    finding->field = field;
}

static const struct entry *find_entry(const struct node *map, const char *key)
{
    for (uint32_t i = 0; node_is_map(map) && i < map->count; i++)
        if (strcmp(map->entries[i].key->text, key) == 0)
            return &map->entries[i];
    return NULL;
}

static const struct entry *find_one(const struct node *map, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = find_entry(map, keys[i]);
        if (entry && !node_is_empty(entry->value))
            return entry;
    }
    return NULL;
}

/* Tools that write definitions leave an empty status in them. */
static const struct entry *find_status(const struct check_object *object)
{
    const struct entry *status = find_entry(object->root, "status");
    bool counts = api_is_builtin(object->api_version) && strcmp(object->kind, "CustomResourceDefinition") != 0;
    return status && counts && node_is_map(status->value) && status->value->count ? status : NULL;
}

static void check_object(struct check_input *input, const struct check_target *target,
                         const struct check_object *object)
{
    struct arena *arena = input->findings->arena;
    const struct node *metadata = node_find(object->root, "metadata");
    const struct entry *own = find_one(metadata, own_metadata, sizeof own_metadata / sizeof *own_metadata);
    const struct entry *noted =
        find_one(node_find(metadata, "annotations"), own_annotations, sizeof own_annotations / sizeof *own_annotations);
    const struct entry *status = find_status(object);
    if (own)
        tell(input, target, object, own, arena_format(arena, "metadata.%s", own->key->text));
    if (noted)
        tell(input, target, object, noted, arena_format(arena, "metadata.annotations.%s", noted->key->text));
    if (status)
        tell(input, target, object, status, "status");
}

static void check_cluster_fields(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++)
            check_object(input, &input->targets[i], &input->targets[i].objects[j]);
}

static const enum rule_id ids[] = {RA125, RULE_COUNT};
const struct check cluster_fields_check = {"cluster_fields", ids, check_cluster_fields};
