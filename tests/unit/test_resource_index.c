/* test_resource_index.c: what the index gives, against looking at every resource, through random changes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "kustomize/resource/resources.h"

enum { RESOURCES = 150, CHANGES = 4000, NAMES = 3, OTHERS = 6 };

static struct arena *arena;
static struct tree tree;
static struct resources all;
static struct resource *resources[RESOURCES];

static const char *const kinds[OTHERS] = {"ConfigMap", "Namespace", "Role", "ClusterRole", "A", "B"};
static const char *const versions[OTHERS] = {"v1", "rbac.authorization.k8s.io/v1", "a/v1", "a/v2", "b/v1", ""};
static const char *const namespaces[OTHERS] = {"", "default", "x", "y", "z", "w"};

/* Of this random sequence the same comes in every run. */
static size_t below(size_t count)
{
    static unsigned long long state = 1;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(state >> 33) % count;
}

static const char *any_name(void)
{
    return arena_format(arena, "n%zu", below(NAMES));
}

static void add(size_t i)
{
    struct node *root = tree_map(&tree), *metadata = tree_map(&tree);
    tree_set_string(&tree, root, "apiVersion", versions[below(OTHERS)]);
    tree_set_string(&tree, root, "kind", kinds[below(OTHERS)]);
    tree_set_named(&tree, root, "metadata", metadata);
    tree_set_string(&tree, metadata, "name", any_name());
    tree_set_string(&tree, metadata, "namespace", namespaces[below(OTHERS)]);
    resources[i] = resource_new(arena, root);
    resources_add(&all, resources[i]);
}

static void change(struct resource *resource)
{
    if (below(2))
        resource_store_past_id(arena, resource);
    switch (below(5)) {
    case 0:
        resources_set_name(&all, &tree, resource, any_name());
        break;
    case 1:
        resources_set_namespace(&all, &tree, resource, namespaces[below(OTHERS)]);
        break;
    case 2:
        resources_set_kind(&all, &tree, resource, kinds[below(OTHERS)]);
        break;
    case 3:
        tree_set_string(&tree, resource->root, "apiVersion", versions[below(OTHERS)]);
        resources_refresh(&all, resource);
        break;
    default:
        if (!below(50))
            resource_forget_history(resource);
    }
}

static bool had_id(const struct resource *resource, const struct resource_id *id)
{
    for (size_t i = 0; i < resource->past_count; i++) {
        struct resource_id past = resource_past_id(resource, i);
        if (id_equal(&past, id))
            return true;
    }
    return id_equal(&resource->id, id);
}

static void check_ids(void)
{
    struct resource_id id = resources[below(RESOURCES)]->id;
    id.namespace = namespaces[below(OTHERS)];
    struct resource_matches current = resources_by_current_id(&all, &id), any = resources_by_any_id(&all, &id);
    size_t currents = 0, anys = 0;
    for (size_t i = 0; i < RESOURCES; i++) {
        if (id_equal(&resources[i]->id, &id))
            cr_assert_eq(current.items[currents++], resources[i]);
        if (had_id(resources[i], &id))
            cr_assert_eq(any.items[anys++], resources[i]);
    }
    cr_assert_eq(currents, current.count);
    cr_assert_eq(anys, any.count);
}

static bool fits(const char *wanted, const char *text)
{
    return !wanted || strcmp(wanted, text) == 0;
}

/* Whether an id of the resource, its today's group and version included, has all that the clue says. */
static bool fits_clue(const struct resource *resource, const struct resource_clue *clue)
{
    for (size_t i = 0; i <= resource->past_count; i++) {
        struct resource_id id = i ? resource_past_id(resource, i - 1) : resource->id;
        if (fits(clue->name, id.name) && fits(clue->facts[FACT_KIND], id.gvk.kind) &&
            fits(clue->facts[FACT_NAMESPACE], *id.namespace ? id.namespace : "default") &&
            fits(clue->facts[FACT_GROUP], id.gvk.group) && fits(clue->facts[FACT_VERSION], id.gvk.version))
            return true;
    }
    return false;
}

static bool is_among(const struct resource_matches *candidates, const struct resource *resource)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (candidates->items[i] == resource)
            return true;
    return false;
}

static void check_clue(void)
{
    const struct resource_clue clue = {.name = below(2) ? any_name() : NULL,
                                       .facts = {[FACT_KIND] = below(2) ? kinds[below(OTHERS)] : NULL,
                                                 [FACT_NAMESPACE] = below(2) ? namespaces[1 + below(5)] : NULL,
                                                 [FACT_GROUP] = below(2) ? "a" : NULL,
                                                 [FACT_VERSION] = below(2) ? "v1" : NULL}};
    struct resource_matches candidates = resources_candidates(&all, &clue);
    for (size_t i = 1; i < candidates.count; i++)
        cr_assert_lt(candidates.items[i - 1]->position, candidates.items[i]->position);
    for (size_t i = 0; i < RESOURCES; i++)
        cr_assert(!fits_clue(resources[i], &clue) || is_among(&candidates, resources[i]));
}

Test(resource_index, finds_what_looking_at_each_finds)
{
    arena = arena_new();
    tree = (struct tree){.arena = arena, .keys = intern_new(arena), .owner = 1};
    resources_init(&all, arena, NULL);
    for (size_t i = 0; i < RESOURCES; i++)
        add(i);
    for (size_t i = 0; i < CHANGES; i++) {
        change(resources[below(RESOURCES)]);
        check_ids();
        check_clue();
    }
    arena_free(arena);
}

Test(resource_index, looks_at_few_of_many_that_share_a_name)
{
    arena = arena_new();
    tree = (struct tree){.arena = arena, .keys = intern_new(arena), .owner = 1};
    resources_init(&all, arena, NULL);
    for (size_t i = 0; i < RESOURCES; i++) {
        add(i);
        resources_set_name(&all, &tree, resources[i], "web");
        resources_set_namespace(&all, &tree, resources[i], arena_format(arena, "team-%zu", i));
    }
    const struct resource_clue clue = {.name = "web", .facts = {[FACT_NAMESPACE] = "team-7"}};
    struct resource_matches found = resources_candidates(&all, &clue);
    cr_assert_eq(found.count, 1);
    cr_assert_eq(found.items[0], resources[7]);
    cr_assert(resources_have_many(&all, "web"));
    arena_free(arena);
}
