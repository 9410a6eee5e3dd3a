/* config.c: merging and sorting configs of field specs.
 *
 * Facts: api/internal/plugins/builtinconfig, api/types/fieldspec.go, kyaml/resid/gvk.go */
#include "kustomize/specs/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "kustomize/resource/kind_order.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* What is sorted, with the texts that it is sorted by. */
struct sorted {
    size_t index;
    long rank;
    const char *text;
};

static int compare_sorted(const void *left_item, const void *right_item)
{
    const struct sorted *left = left_item, *right = right_item;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    int order = strcmp(left->text, right->text);
    return order ? order : (left->index > right->index) - (left->index < right->index);
}

/* The order of items of this size, each of which begins with its gvk. */
static struct sorted *order_of(struct arena *arena, const void *items, size_t count, size_t size)
{
    struct sorted *order = ARENA_ARRAY(arena, count, struct sorted);
    for (size_t i = 0; i < count; i++) {
        const struct gvk *gvk = (const void *)((const char *)items + i * size);
        order[i] = (struct sorted){i, kind_rank(&default_kind_order, gvk->kind),
                                   arena_format(arena, "%s_%s_%s", string_or(gvk->group, "~G"),
                                                string_or(gvk->version, "~V"), string_or(gvk->kind, "~K"))};
    }
    qsort(order, count, sizeof *order, compare_sorted);
    return order;
}

/* A sorted copy; the array itself where it has nothing to sort. */
static const void *sorted_copy(struct arena *arena, const void *items, size_t count, size_t size)
{
    if (count < 2)
        return items;
    const struct sorted *order = order_of(arena, items, count, size);
    char *copy = arena_alloc(arena, memory_product(count, size));
    for (size_t i = 0; i < count; i++)
        memcpy(copy + i * size, (const char *)items + order[i].index * size, size);
    return copy;
}

/* The lists of a config that hold field specs, and what messages call them. */
static const struct {
    const char *name;
    size_t offset;
} lists[] = {
    {"NamePrefix", offsetof(struct config, name_prefix)},
    {"NameSuffix", offsetof(struct config, name_suffix)},
    {"NameSpace", offsetof(struct config, namespace)},
    {"CommonAnnotations", offsetof(struct config, common_annotations)},
    {"CommonLabels", offsetof(struct config, common_labels)},
    {"Labels", offsetof(struct config, labels)},
    {"TemplateLabels", offsetof(struct config, template_labels)},
    {"VolumeClaimTemplateLabels", offsetof(struct config, volume_claim_template_labels)},
    {"VarReference", offsetof(struct config, var_references)},
    {"Images", offsetof(struct config, images)},
    {"Replicas", offsetof(struct config, replicas)},
};

static struct field_specs *list_of(struct config *config, size_t index)
{
    return (struct field_specs *)(void *)((char *)config + lists[index].offset);
}

static const struct field_specs *const_list_of(const struct config *config, size_t index)
{
    return (const struct field_specs *)(const void *)((const char *)config + lists[index].offset);
}

bool config_is_builtin_list(const void *items)
{
    const struct config *builtin = config_builtin();
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (items && const_list_of(builtin, i)->items == items)
            return true;
    return items && builtin->name_references.items == items;
}

void config_sort(struct arena *arena, struct config *config)
{
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        struct field_specs *specs = list_of(config, i);
        specs->items = sorted_copy(arena, specs->items, specs->count, sizeof *specs->items);
    }
    struct name_references *references = &config->name_references;
    references->items = sorted_copy(arena, references->items, references->count, sizeof *references->items);
}

/* Merging compares each with each. */
enum { MOST_SPECS = 10000, SPECS_A_STEP = 8 };

/* The first spec that the other one selects and that has its path. */
static const struct field_spec *find_spec(const struct field_spec *specs, size_t count, const struct field_spec *other)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(specs[i].path, other->path) == 0 && gvk_selected_by(&specs[i].gvk, &other->gvk))
            return &specs[i];
    return NULL;
}

bool field_specs_merge(struct tree *tree, struct field_specs specs, struct field_specs more, struct field_specs *out,
                       struct error *error)
{
    *out = specs;
    if (!more.count || (specs.items == more.items && specs.count == more.count))
        return true;
    if (specs.count + more.count > MOST_SPECS)
        return error_set(error, "more than %d field specs in one list", MOST_SPECS);
    struct field_spec *merged = ARENA_ARRAY(tree->arena, specs.count + more.count, struct field_spec);
    size_t count = specs.count;
    if (count)
        memcpy(merged, specs.items, count * sizeof *merged);
    for (size_t i = 0; i < more.count; i++) {
        if (!tree_count_steps(tree, count / SPECS_A_STEP, error))
            return false;
        const struct field_spec *known = find_spec(merged, count, &more.items[i]);
        if (known && known->create != more.items[i].create)
            return error_set(error, "conflicting fieldspecs: path '%s' of %s has create: %s and create: %s",
                             known->path, string_or(known->gvk.kind, "any kind"), known->create ? "true" : "false",
                             known->create ? "false" : "true");
        if (!known)
            merged[count++] = more.items[i];
    }
    *out = (struct field_specs){merged, count};
    return true;
}

static struct name_reference *find_reference(struct name_reference *items, size_t count, const struct gvk *referred)
{
    for (size_t i = 0; i < count; i++)
        if (gvk_equal(&items[i].referred, referred))
            return &items[i];
    return NULL;
}

bool name_references_merge(struct tree *tree, struct name_references references, struct name_references more,
                           struct name_references *out, struct error *error)
{
    *out = references;
    if (!more.count || (references.items == more.items && references.count == more.count))
        return true;
    if (references.count + more.count > MOST_SPECS)
        return error_set(error, "more than %d name references", MOST_SPECS);
    struct name_reference *merged = ARENA_ARRAY(tree->arena, references.count + more.count, struct name_reference);
    size_t count = references.count;
    if (count)
        memcpy(merged, references.items, count * sizeof *merged);
    for (size_t i = 0; i < more.count; i++) {
        const struct name_reference *fresh = &more.items[i];
        if (!tree_count_steps(tree, count / SPECS_A_STEP, error))
            return false;
        struct name_reference *known = find_reference(merged, count, &fresh->referred);
        if (!known)
            merged[count++] = *fresh;
        else if (!field_specs_merge(tree, known->referrers, fresh->referrers, &known->referrers, error))
            return false;
    }
    *out = (struct name_references){merged, count};
    return true;
}

static bool is_empty(const struct config *config)
{
    static const struct config empty;
    return memcmp(config, &empty, sizeof empty) == 0;
}

/* A spec is dropped where an earlier one is selected by it, so that merging into nothing is no copy: of a config of
 * one's own, {kind: Foo} comes first in order and makes the builtin spec for all kinds redundant. */
const struct config *config_merge(struct tree *tree, const struct config *config, const struct config *other,
                                  struct error *error)
{
    if (is_empty(other) || memcmp(config, other, sizeof *config) == 0)
        return config;
    if (is_empty(config) && memcmp(other, config_builtin(), sizeof *other) == 0)
        return other;
    struct config *merged = ARENA_NEW(tree->arena, struct config);
    *merged = *config;
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        struct field_specs *specs = list_of(merged, i);
        if (!field_specs_merge(tree, *specs, *const_list_of(other, i), specs, error)) {
            error_wrap(error, "failed to merge %s fieldSpec", lists[i].name);
            return NULL;
        }
    }
    if (!name_references_merge(tree, merged->name_references, other->name_references, &merged->name_references,
                               error)) {
        error_wrap(error, "failed to merge NameReference fieldSpec");
        return NULL;
    }
    config_sort(tree->arena, merged);
    return merged;
}
