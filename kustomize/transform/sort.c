/* sort.c: puts the resources in output order. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "kustomize/kustomization/suggest.h"
#include "kustomize/kustomization/transformers.h"
#include "kustomize/resource/kind_order.h"

struct ranked {
    struct resource *resource;
    long rank;
};

/* Compares two texts that are given in pieces, as if they were joined. A NULL ends each. */
static int compare_joined(const char *const *left, const char *const *right)
{
    const char *a = *left, *b = *right;
    for (;;) {
        while (a && !*a)
            a = *++left;
        while (b && !*b)
            b = *++right;
        if (!a || !b)
            return (a != NULL) - (b != NULL);
        if (*a != *b)
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        a++;
        b++;
    }
}

static int compare_gvks(const struct gvk *a, const struct gvk *b)
{
    if (gvk_equal(a, b))
        return 0;
    const char *left[] = {string_or(a->group, "~G"), "_", string_or(a->version, "~V"), "_",
                          string_or(a->kind, "~K"),  NULL};
    const char *right[] = {string_or(b->group, "~G"), "_", string_or(b->version, "~V"), "_",
                           string_or(b->kind, "~K"),  NULL};
    return compare_joined(left, right);
}

/* The kinds are the same here: namespace and name decide. */
static int compare_names(const struct resource_id *a, const struct resource_id *b)
{
    if (strcmp(a->namespace, b->namespace) == 0)
        return strcmp(string_or(a->name, "~N"), string_or(b->name, "~N"));
    const char *left[] = {string_or(a->namespace, "~X"), "|", string_or(a->name, "~N"), NULL};
    const char *right[] = {string_or(b->namespace, "~X"), "|", string_or(b->name, "~N"), NULL};
    return compare_joined(left, right);
}

/* Namespaces of a group other than the core's come in the reverse order of everything else. */
static int compare_types(const struct ranked *left, const struct ranked *right)
{
    const struct gvk *a = &left->resource->id.gvk, *b = &right->resource->id.gvk;
    int order = compare_gvks(a, b);
    bool namespaces = strcmp(a->kind, "Namespace") == 0 && strcmp(b->kind, "Namespace") == 0;
    return namespaces && (!*a->group || !*b->group) ? -order : order;
}

static int compare_ranked(const void *left_item, const void *right_item)
{
    const struct ranked *left = left_item, *right = right_item;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    int order = compare_types(left, right);
    if (!order)
        order = compare_names(&left->resource->id, &right->resource->id);
    if (!order)
        order = left->resource->position < right->resource->position ? -1 : 1;
    return order;
}

static bool sort_legacy(struct kust_target *target, const struct kind_order *order, struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    struct arena *arena = target->render->arena;
    struct ranked *items = ARENA_ARRAY(arena, resources->count, struct ranked);
    size_t steps = (order->first_count + order->last_count) / 8;
    if (!tree_count_steps(target->render->tree, resources->count * steps, error))
        return false;
    for (size_t i = 0; i < resources->count; i++)
        items[i] = (struct ranked){resources->items[i], kind_rank(order, resources->items[i]->id.gvk.kind)};
    if (resources->count)
        qsort(items, resources->count, sizeof *items, compare_ranked);
    for (size_t i = 0; i < resources->count; i++)
        resources->items[i] = items[i].resource;
    return resources_check_ids(resources, error);
}

static struct kind_order custom_order(const struct legacy_sort_options *options)
{
    return (struct kind_order){options->order_first.items, options->order_last.items, options->order_first.count,
                               options->order_last.count};
}

bool sort_resources(struct kust_target *target, struct error *error)
{
    static const char *const orders[] = {"fifo", "legacy", NULL};
    const struct sort_options *options = target->kustomization->sort_options;
    if (!options)
        return target->render->options->keeps_order || sort_legacy(target, &default_kind_order, error);
    const char *order = options->order ? options->order : "";
    bool legacy = strcmp(order, "legacy") == 0;
    if (!legacy && strcmp(order, "fifo") != 0)
        return error_at(error, field_origin(options->node, "order"),
                        "the field 'sortOptions.order' must be one of [fifo, legacy]%s",
                        suggest_name(target->render->arena, order, orders));
    if (!legacy && options->legacy)
        return error_at(error, field_origin(options->node, "legacySortOptions"),
                        "the field 'sortOptions.legacySortOptions' is set but the selected sort order is '%s', not "
                        "'legacy'",
                        order);
    if (!legacy)
        return true;
    struct kind_order custom = options->legacy ? custom_order(options->legacy) : default_kind_order;
    return sort_legacy(target, &custom, error);
}
