/* sync_order.c: what Argo CD syncs before what it needs: hooks and waves wait for pods that wait for a later one.
 *
 * Source: gitops-engine pkg/sync/sync_context.go, pkg/sync/hook, pkg/sync/syncwaves */
#include <stdlib.h>
#include <string.h>

#include "check/pod_references.h"
#include "check/workloads.h"

enum phase { PRE_SYNC, SYNC, POST_SYNC, OTHER_PHASE };

struct turn {
    enum phase phase;
    long wave;
};

struct order_check {
    struct check_input *input;
    const struct check_target *target;
};

/* The earliest phase in which a hook runs. */
static enum phase phase_of(const struct check_object *object)
{
    static const struct {
        const char *word;
        enum phase phase;
    } words[] = {
        {"PreSync", PRE_SYNC},        {"pre-install", PRE_SYNC},   {"pre-upgrade", PRE_SYNC},
        {"PostSync", POST_SYNC},      {"post-install", POST_SYNC}, {"post-upgrade", POST_SYNC},
        {"SyncFail", OTHER_PHASE},    {"PostDelete", OTHER_PHASE}, {"PreDelete", OTHER_PHASE},
        {"post-delete", OTHER_PHASE}, {"Skip", OTHER_PHASE},
    };
    const char *own = object_annotation(object, "argocd.argoproj.io/hook"),
               *hook = own ? own : object_annotation(object, "helm.sh/hook");
    for (size_t i = 0; hook && i < sizeof words / sizeof *words; i++)
        if (strstr(hook, words[i].word))
            return words[i].phase;
    return SYNC;
}

static struct turn turn_of(const struct check_object *object)
{
    const char *own = object_annotation(object, "argocd.argoproj.io/sync-wave"),
               *wave = own ? own : object_annotation(object, "helm.sh/hook-weight");
    return (struct turn){phase_of(object), wave ? strtol(wave, NULL, 10) : 0};
}

static bool is_before(struct turn one, struct turn other)
{
    return one.phase < other.phase || (one.phase == other.phase && one.wave < other.wave);
}

static const char *turn_text(struct arena *arena, struct turn turn)
{
    static const char *const names[] = {"PreSync", "Sync", "PostSync", ""};
    return arena_format(arena, "%s, wave %ld", names[turn.phase], turn.wave);
}

static bool is_object(const struct check_object *object, const char *kind, const char *name, const char *namespace)
{
    const char *made = strcmp(kind, "Secret") == 0 ? made_secret(object) : NULL;
    bool named =
        (strcmp(object->kind, kind) == 0 && strcmp(object->name, name) == 0) || (made && strcmp(made, name) == 0);
    return named && strcmp(object->namespace, namespace) == 0;
}

/* What has the name, in its earliest turn: hooks of several phases may bring the same object. */
static const struct check_object *find_needed(const struct order_check *check, const char *kind, const char *name,
                                              const char *namespace)
{
    const struct check_object *found = NULL;
    for (size_t i = 0; i < check->target->object_count; i++) {
        const struct check_object *object = &check->target->objects[i];
        if (is_object(object, kind, name, namespace) && (!found || is_before(turn_of(object), turn_of(found))))
            found = object;
    }
    return found;
}

static void check_need(const struct order_check *check, const struct check_object *object, const char *kind,
                       const struct node *reference, const char *field)
{
    struct arena *arena = check->input->arena;
    const struct node *name = node_find(reference, field);
    struct turn turn = turn_of(object);
    const struct check_object *needed = node_text(name) && !node_equals(node_find(reference, "optional"), "true")
                                            ? find_needed(check, kind, name->text, object->namespace)
                                            : NULL;
    if (!needed || turn_of(needed).phase == OTHER_PHASE || !is_before(turn, turn_of(needed)))
        return;
    struct finding *finding = check_report(
        check->input, check->target, RA122, name->origin, object,
        "%s '%s' is synced in %s, and needs the %s '%s', which comes only in %s: the first sync waits without end",
        object->kind, object->name, turn_text(arena, turn), needed->kind, needed->name,
        turn_text(arena, turn_of(needed)));
    struct span place = check_place(check->target, needed->root->origin, needed);
    if (place.file && !finding->related_count)
        finding_add_related(check->input->findings, finding, place, "what it needs");
}

struct needing {
    const struct order_check *check;
    const struct check_object *object;
};

static void visit_need(void *context, const char *kind, const struct node *reference, const char *field)
{
    const struct needing *needing = context;
    check_need(needing->check, needing->object, kind, reference, field);
}

/* Argo CD does not wait for the pods of a CronJob. */
static void check_pods(const struct order_check *check, const struct workload *workload)
{
    const struct reference_visitor visitor = {visit_need, &(struct needing){check, workload->object}};
    size_t count;
    struct container *containers = find_containers(check->input->arena, workload->pod, &count);
    if (strcmp(workload->object->kind, "CronJob") == 0 || turn_of(workload->object).phase == OTHER_PHASE)
        return;
    for (size_t i = 0; i < count; i++)
        visit_variables(containers[i].node, &visitor);
    visit_volumes(workload->pod, &visitor);
    check_need(check, workload->object, "ServiceAccount", workload->pod, "serviceAccountName");
}

/* A namespace that is made after what lies in it. The destination's own may be made by CreateNamespace=true. */
static void check_namespace(const struct order_check *check, const struct check_object *namespace)
{
    struct turn turn = turn_of(namespace);
    const char *wave = object_annotation(namespace, "argocd.argoproj.io/sync-wave");
    bool is_destination = check->target->found && check->target->found->namespace &&
                          strcmp(check->target->found->namespace, namespace->name) == 0;
    for (size_t i = 0; wave && !is_destination && i < check->target->object_count; i++) {
        const struct check_object *object = &check->target->objects[i];
        if (object->cluster_scoped || strcmp(object->namespace, namespace->name) != 0 ||
            !is_before(turn_of(object), turn))
            continue;
        const struct node *at =
            node_find(node_find(node_find(namespace->root, "metadata"), "annotations"), "argocd.argoproj.io/sync-wave");
        check_report(check->input, check->target, RA122, at->origin, namespace,
                     "Namespace '%s' comes in %s, after %s '%s', which lies in it (%s): the first sync fails",
                     namespace->name, turn_text(check->input->arena, turn), object->kind, object->name,
                     turn_text(check->input->arena, turn_of(object)));
        return;
    }
}

static bool has_claim(const struct workload *workload, const char *name)
{
    const struct node *volumes = node_find(workload->pod, "volumes");
    for (uint32_t i = 0; node_is_list(volumes) && i < volumes->count; i++)
        if (node_equals(node_find(node_find(volumes->items[i], "persistentVolumeClaim"), "claimName"), name))
            return true;
    return false;
}

/* A claim of a class that waits for its first pod is never bound before that pod is there. */
static void check_claim(const struct order_check *check, const struct check_object *claim)
{
    const struct workload_list *all = check->input->workloads;
    const struct workload *first = NULL;
    for (size_t i = 0; i < all->count; i++) {
        const struct workload *workload = &all->items[i];
        if (workload->target == check->target && strcmp(workload->object->namespace, claim->namespace) == 0 &&
            has_claim(workload, claim->name) &&
            (!first || is_before(turn_of(workload->object), turn_of(first->object))))
            first = workload;
    }
    if (first && is_before(turn_of(claim), turn_of(first->object)))
        check_report(
            check->input, check->target, RA122, claim->root->origin, claim,
            "PersistentVolumeClaim '%s' is synced before %s '%s', which uses it: where its class waits for the "
            "first pod, it is never bound, and the sync waits without end",
            claim->name, first->object->kind, first->object->name)
            ->severity = SEVERITY_NOTE;
}

static void check_sync_order(struct check_input *input)
{
    for (size_t i = 0; i < input->workloads->count; i++)
        check_pods(&(struct order_check){input, input->workloads->items[i].target}, &input->workloads->items[i]);
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            if (strcmp(object->kind, "Namespace") == 0)
                check_namespace(&(struct order_check){input, &input->targets[i]}, object);
            else if (strcmp(object->kind, "PersistentVolumeClaim") == 0)
                check_claim(&(struct order_check){input, &input->targets[i]}, object);
        }
}

static const enum rule_id ids[] = {RA122, RULE_COUNT};
const struct check sync_order_check = {"sync_order", ids, check_sync_order};
