/* owners.c: objects that two Applications have. */
#include <string.h>

#include "base/map.h"
#include "check/workloads.h"

struct first_owner {
    const struct check_target *target;
    const struct check_object *object;
};

/* Hooks are made anew for each sync, and generated names are different ones each time. */
static bool is_kept(const struct check_object *object)
{
    const struct node *annotations = node_get(node_get(object->root, &key_metadata), &key_annotations);
    return *object->name && !node_find(annotations, "argocd.argoproj.io/hook") &&
           !node_find(annotations, "helm.sh/hook");
}

static const char *const name_path[] = {"metadata", "name", NULL};

static void tell_owners(struct check_input *input, const struct first_owner *first, const struct first_owner *second)
{
    origin at = check_origin(second->object->root, name_path);
    bool same_app = strcmp(first->target->found->app, second->target->found->app) == 0;
    struct finding *finding =
        check_report(input, second->target, RA104, at, second->object,
                     same_app ? "%s '%s' belongs to another Application of '%s' in the same cluster and namespace, too"
                              : "%s '%s' belongs to '%s', too: the same cluster and namespace",
                     second->object->kind, second->object->name, first->target->found->app);
    struct span other = check_place(first->target, check_origin(first->object->root, name_path), first->object);
    if (!finding->related_count && other.file)
        finding_add_related(input->findings, finding, other, "the other one");
}

static void note_owner(struct check_input *input, struct map *owners, const struct check_target *target,
                       const struct check_object *object)
{
    const char *place = cluster_namespace_key(input->arena, target, object->cluster_scoped ? "" : object->namespace);
    const char *key =
        arena_join(input->arena, (const char *const[]){place, object->group, object->kind, object->name}, 4, '\n');
    void **slot = map_slot(owners, key, strlen(key));
    struct first_owner *first = *slot;
    if (first && first->target != target) {
        tell_owners(input, first, &(struct first_owner){target, object});
    } else if (!first) {
        first = ARENA_NEW(input->arena, struct first_owner);
        *first = (struct first_owner){target, object};
        *slot = first;
    }
}

static void check_owners(struct check_input *input)
{
    struct map *owners = map_new(input->arena);
    for (size_t i = 0; i < input->target_count; i++) {
        const struct check_target *target = &input->targets[i];
        for (size_t j = 0; target->found && j < target->object_count; j++)
            if (is_kept(&target->objects[j]))
                note_owner(input, owners, target, &target->objects[j]);
    }
}

static const enum rule_id ids[] = {RA104, RULE_COUNT};
const struct check owners_check = {"owners", ids, check_owners};
