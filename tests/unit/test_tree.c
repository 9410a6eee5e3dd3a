/* test_tree.c: making nodes, and writing only to what the tree owns. */
#include <criterion/criterion.h>

#include "yaml/tree.h"

static struct tree base, overlay;

static void setup(void)
{
    base.arena = overlay.arena = arena_new();
    base.keys = overlay.keys = intern_new(base.arena);
    base.owner = 1;
    overlay.owner = 2;
}

static void teardown(void)
{
    arena_free(base.arena);
}

TestSuite(tree, .init = setup, .fini = teardown);

Test(tree, a_write_leaves_the_shared_tree_alone)
{
    struct node *root = tree_map(&base), *metadata = tree_map(&base);
    tree_set(&base, root, &key_metadata, metadata);
    tree_set(&base, root, &key_spec, tree_map(&base));
    tree_set_string(&base, metadata, "name", "old");

    struct node *mine = root;
    struct node *own = tree_own_value(&overlay, tree_own(&overlay, &mine), &key_metadata);
    tree_set(&overlay, own, &key_name, tree_string(&overlay, "new"));

    cr_assert(node_equals(node_get(metadata, &key_name), "old"));
    cr_assert(node_equals(node_get(node_get(mine, &key_metadata), &key_name), "new"));
    cr_assert_eq(node_get(mine, &key_spec), node_get(root, &key_spec), "what was not written stays shared");
    cr_assert_eq(tree_own(&overlay, &mine), mine, "owned once");
}

Test(tree, a_trail_owns_the_whole_way)
{
    struct node *root = tree_map(&base), *list = tree_list(&base);
    tree_set(&base, root, &key_containers, list);
    tree_append(&base, list, tree_string(&base, "a"));
    tree_append(&base, list, tree_string(&base, "b"));

    struct node *mine = root;
    struct trail trail = {.root = &mine, .depth = 2, .steps = {0, 1}};
    tree_set_text(&overlay, trail_own(&overlay, &trail), "c", 1);

    cr_assert(node_equals(list->items[1], "b"));
    cr_assert(node_equals(node_get(mine, &key_containers)->items[1], "c"));
}

Test(tree, lists_grow_and_shrink)
{
    struct node *list = tree_list(&base);
    for (int i = 0; i < 20; i++)
        tree_append(&base, list, tree_int(&base, i));
    tree_insert(&base, list, 0, tree_string(&base, "first"));
    tree_remove_item(list, 1);
    tree_remove_item(list, list->count - 1);
    cr_assert_eq(list->count, 19);
    cr_assert(node_equals(list->items[0], "first"));
    cr_assert(node_equals(list->items[1], "1"));
    cr_assert(node_equals(list->items[18], "18"));
}

Test(tree, keys_keep_their_place)
{
    struct node *map = tree_map(&base);
    tree_set_string(&base, map, "a", "1");
    tree_set_string(&base, map, "b", "2");
    tree_set_string(&base, map, "a", "3");
    cr_assert_eq(map->count, 2);
    cr_assert(node_equals(map->entries[0].value, "3"));
    cr_assert(tree_remove(map, intern_string(base.keys, "a")));
    cr_assert_not(tree_remove(map, intern_string(base.keys, "a")));
    cr_assert(node_equals(map->entries[0].value, "2"));
}

Test(tree, a_demanded_map_replaces_null_only)
{
    struct node *map = tree_map(&base);
    tree_set(&base, map, &key_labels, tree_null(&base));
    tree_set_string(&base, map, "name", "x");
    cr_assert(node_is_map(tree_demand_map(&base, map, &key_labels)));
    cr_assert(node_is_map(tree_demand_map(&base, map, &key_annotations)));
    cr_assert_null(tree_demand_map(&base, map, &key_name));
}

Test(tree, copies_stop_at_the_limit)
{
    struct node *list = tree_list(&base);
    for (int i = 0; i < 10; i++)
        tree_append(&base, list, tree_int(&base, i));
    struct node *copy = tree_copy(&base, list);
    cr_assert(node_same(copy, list));
    cr_assert_neq(copy->items[3], list->items[3]);
    base.node_limit = base.nodes + 5;
    cr_assert_null(tree_copy(&base, list));
}

/* labels.a, other.a and other.b, all of which say x; the first two are twins. */
static struct node *map_with_twins(void)
{
    struct node *root = tree_map(&base), *labels = tree_map(&base), *other = tree_map(&base);
    tree_set(&base, root, &key_labels, labels);
    tree_set_named(&base, root, "other", other);
    tree_set_string(&base, labels, "a", "x");
    tree_set_string(&base, other, "a", "x");
    tree_set_string(&base, other, "b", "x");
    labels->entries[0].value->twins = other->entries[0].value->twins = 1;
    return root;
}

Test(tree, a_write_to_one_twin_is_a_write_to_all)
{
    struct node *root = map_with_twins(), *mine = root;
    struct node *labels = tree_own_value(&overlay, tree_own(&overlay, &mine), &key_labels);
    struct node *written = tree_own(&overlay, &labels->entries[0].value);
    tree_set_text(&overlay, written, "y", 1);
    tree_write_twins(&overlay, &mine, written);

    const struct node *other = node_find(mine, "other");
    cr_assert(node_equals(node_find(other, "a"), "y"));
    cr_assert(node_equals(node_find(other, "b"), "x"));
    cr_assert(node_equals(node_find(node_find(root, "other"), "a"), "x"), "the shared tree stays as it is");
}

Test(tree, a_copy_is_no_twin)
{
    struct node *copy = tree_copy(&overlay, map_with_twins());
    cr_assert_eq(node_get(copy, &key_labels)->entries[0].value->twins, 0);
}
