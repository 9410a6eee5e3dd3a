/* selectors.c: selectors of workloads, Services, budgets and network policies against the pods that there are. */
#include <string.h>

#include "check/workloads.h"
#include "kubernetes/selector.h"

/* The first pair of labels that the pods do not have; NULL: none. */
static const struct entry *first_difference(const struct node *wanted, const struct node *labels)
{
    for (uint32_t i = 0; node_is_map(wanted) && i < wanted->count; i++) {
        const char *have = node_text(node_find(labels, wanted->entries[i].key->text));
        if (!have || !node_equals(wanted->entries[i].value, have))
            return &wanted->entries[i];
    }
    return NULL;
}

static void check_own_selector(struct check_input *input, const struct workload *workload)
{
    if (!workload->selector || selector_matches(workload->selector, workload->labels))
        return;
    const struct entry *differs = first_difference(node_find(workload->selector, "matchLabels"), workload->labels);
    const char *have = differs ? node_text(node_find(workload->labels, differs->key->text)) : NULL;
    struct finding *finding = check_report(
        input, workload->target, RA301, differs ? differs->value->origin : workload->selector->origin, workload->object,
        "the selector of %s '%s' does not match its own pods", workload->object->kind, workload->object->name);
    if (have)
        finding->fix = arena_format(input->findings->arena, "%s: %s", differs->key->text, have);
    finding->field = "spec.selector";
}

/* The workload that was probably meant: one that has the label that differs, of the same target before others. */
static const struct workload *nearest_workload(const struct neighbours *near, const struct check_target *target,
                                               const struct node *wanted)
{
    const struct workload *found = NULL;
    for (size_t i = 0; i < near->count; i++) {
        const struct entry *differs = first_difference(wanted, near->items[i]->labels);
        bool has_key = differs && node_text(node_find(near->items[i]->labels, differs->key->text));
        if (has_key && (!found || near->items[i]->target == target))
            found = near->items[i];
    }
    return found;
}

static void explain_pods(struct check_input *input, struct finding *finding, const struct workload *near,
                         const struct entry *differs)
{
    const struct node *have = node_find(near->labels, differs->key->text);
    finding->fix = arena_format(input->findings->arena, "%s: %s", differs->key->text, node_text(have));
    struct span place = check_place(near->target, have->origin, near->object);
    if (place.file && !finding->related_count)
        finding_add_related(
            input->findings, finding, place,
            arena_format(input->arena, "%s '%s' has '%s'", near->object->kind, near->object->name, node_text(have)));
}

static bool any_matches(const struct neighbours *near, const struct node *selector,
                        bool (*matches)(const struct node *, const struct node *))
{
    for (size_t i = 0; i < near->count; i++)
        if (matches(selector, near->items[i]->labels))
            return true;
    return false;
}

static void check_service(struct check_input *input, const struct workload_list *workloads,
                          const struct check_target *target, const struct check_object *object)
{
    const struct node *spec = node_find(object->root, "spec"), *selector = node_find(spec, "selector");
    const struct neighbours *pods = find_neighbours(input, workloads, target, object);
    if (!node_is_map(selector) || !selector->count || node_equals(node_find(spec, "type"), "ExternalName") ||
        any_matches(pods, selector, labels_match) || may_have_operator(target, "argoproj.io"))
        return;
    const struct workload *near = nearest_workload(pods, target, selector);
    const struct entry *differs = near ? first_difference(selector, near->labels) : &selector->entries[0];
    struct finding *finding = check_report(input, target, RA302, differs->value->origin, object,
                                           "the selector of Service '%s' matches no pod", object->name);
    finding->field = "spec.selector";
    if (!target->found && !workloads->count) /* a part of something: its pods are elsewhere */
        finding->severity = SEVERITY_NOTE;
    if (near)
        explain_pods(input, finding, near, differs);
}

static const char *const selector_path[] = {"spec", "selector", "matchLabels", NULL};
static const char *const pod_selector_path[] = {"spec", "podSelector", "matchLabels", NULL};

/* An empty selector means all pods of the namespace, and there may be some of other Applications. */
static void check_protector(struct check_input *input, const struct workload_list *workloads,
                            const struct check_target *target, const struct check_object *object, const char *field,
                            const char *const *path)
{
    const struct node *selector = node_find(node_find(object->root, "spec"), field);
    const struct neighbours *pods = find_neighbours(input, workloads, target, object);
    if (node_is_empty(selector) || any_matches(pods, selector, selector_matches) ||
        may_have_operator(target, "argoproj.io"))
        return;
    const struct node *labels = node_path(object->root, path);
    origin at = node_is_map(labels) && labels->count ? labels->entries[0].value->origin : selector->origin;
    struct finding *finding = check_report(input, target, RA309, at, object, "the selector of %s '%s' matches no pod",
                                           object->kind, object->name);
    finding->field = arena_format(input->findings->arena, "spec.%s", field);
}

static void check_object(struct check_input *input, const struct workload_list *workloads,
                         const struct check_target *target, const struct check_object *object)
{
    if (check_is_kind(object, "", "Service"))
        check_service(input, workloads, target, object);
    else if (check_is_kind(object, "policy", "PodDisruptionBudget"))
        check_protector(input, workloads, target, object, "selector", selector_path);
    else if (check_is_kind(object, "networking.k8s.io", "NetworkPolicy"))
        check_protector(input, workloads, target, object, "podSelector", pod_selector_path);
}

static bool is_other_app(const struct workload *left, const struct workload *right)
{
    return left->target->found && right->target->found &&
           strcmp(left->target->found->app, right->target->found->app) != 0;
}

/* Two workloads of different apps in one namespace, of which one selects the other's pods. */
static void check_pair(struct check_input *input, const struct workload *one, const struct workload *other)
{
    if (!is_other_app(one, other) || !selector_matches(one->selector, other->labels))
        return;
    struct finding *finding =
        check_report(input, one->target, RA305, one->selector->origin, one->object,
                     "the selector of %s '%s' matches the pods of %s '%s' in app '%s', too", one->object->kind,
                     one->object->name, other->object->kind, other->object->name, other->target->found->app);
    finding->field = "spec.selector";
}

static void check_neighbours(struct check_input *input, const struct workload_list *workloads,
                             const struct workload *workload)
{
    const struct neighbours *near = find_neighbours(input, workloads, workload->target, workload->object);
    for (size_t i = 0; workload->selector && i < near->count; i++)
        check_pair(input, workload, near->items[i]);
}

static void check_selectors(struct check_input *input)
{
    const struct workload_list *workloads = input->workloads;
    for (size_t i = 0; i < workloads->count; i++) {
        check_own_selector(input, &workloads->items[i]);
        check_neighbours(input, workloads, &workloads->items[i]);
    }
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++)
            check_object(input, workloads, &input->targets[i], &input->targets[i].objects[j]);
}

static const enum rule_id ids[] = {RA301, RA302, RA305, RA309, RULE_COUNT};
const struct check selectors_check = {"selectors", ids, check_selectors};
