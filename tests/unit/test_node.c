/* test_node.c: what plain scalars mean, and looking at nodes. */
#include <criterion/criterion.h>

#include "tests/unit/tree_fixture.h"
#include "yaml/resolve.h"

TestSuite(node, .init = tree_set_up, .fini = tree_tear_down);

struct expectation {
    const char *text;
    enum node_tag core, yaml11;
};

Test(node, plain_scalars_resolve_as_in_go_yaml)
{
    static const struct expectation cases[] = {
        {"", TAG_NULL, TAG_NULL},
        {"~", TAG_NULL, TAG_NULL},
        {"nULL", TAG_STRING, TAG_STRING},
        {"True", TAG_BOOL, TAG_BOOL},
        {"yes", TAG_STRING, TAG_BOOL},
        {"Off", TAG_STRING, TAG_BOOL},
        {"0777", TAG_INT, TAG_INT},
        {"08", TAG_FLOAT, TAG_FLOAT},
        {"0o17", TAG_INT, TAG_INT},
        {"0o-7", TAG_INT, TAG_STRING},
        {"0b-11", TAG_INT, TAG_INT},
        {"-0x8000000000000000", TAG_INT, TAG_INT},
        {"0x10000000000000000", TAG_STRING, TAG_STRING},
        {"18446744073709551615", TAG_INT, TAG_INT},
        {"18446744073709551616", TAG_FLOAT, TAG_FLOAT},
        {"+9223372036854775808", TAG_FLOAT, TAG_FLOAT},
        {"1_000", TAG_INT, TAG_INT},
        {".1_0", TAG_FLOAT, TAG_FLOAT},
        {".1_", TAG_STRING, TAG_STRING},
        {"1e400", TAG_STRING, TAG_STRING},
        {"-.Inf", TAG_FLOAT, TAG_FLOAT},
        {"-.nan", TAG_STRING, TAG_STRING},
        {"1:30", TAG_STRING, TAG_STRING},
        {"2001-2-28", TAG_TIMESTAMP, TAG_TIMESTAMP},
        {"2001-02-29", TAG_STRING, TAG_STRING},
        {"2001-1-1T1:2:3.5+24:60", TAG_TIMESTAMP, TAG_TIMESTAMP},
        {"2001-1-1  1:2:3,5", TAG_TIMESTAMP, TAG_TIMESTAMP},
        {"2001-1-1 1:2:3Z", TAG_STRING, TAG_STRING},
        {"<<", TAG_MERGE, TAG_MERGE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = cases[i].text;
        cr_expect_eq(node_resolve(text, strlen(text)), cases[i].core, "%s", text);
        cr_expect_eq(resolve_yaml11(text, strlen(text)), cases[i].yaml11, "%s by YAML 1.1", text);
    }
}

Test(node, numbers_have_values)
{
    struct integer integer;
    cr_assert(resolve_integer("-0x1_F", 6, &integer));
    cr_assert(integer.negative && integer.magnitude == 31);
    cr_assert(resolve_integer("017", 3, &integer));
    cr_assert(!integer.negative && integer.magnitude == 15);
    cr_assert(!resolve_integer("09", 2, &integer));
    double number;
    cr_assert(resolve_float("09.5", 4, &number));
    cr_assert_eq(number, 9.5);
    cr_assert(resolve_float("-.INF", 5, &number));
    cr_assert(number < -1e308);
}

Test(node, emptiness_is_that_of_kyaml)
{
    cr_assert(node_is_empty(NULL));
    cr_assert(node_is_empty(tree_null(&tree)));
    cr_assert_not(node_is_empty(tree_plain(&tree, "~")), "a text without a tag is no null, whatever it says");
    cr_assert(node_is_empty(tree_map(&tree)));
    cr_assert(node_is_empty(tree_list(&tree)));
    cr_assert_not(node_is_empty(tree_string(&tree, "")));
    cr_assert_not(node_is_null(NULL));
    cr_assert_not(node_is_null(tree_string(&tree, "null")));
}

static struct node *map_of(const char *const *keys, size_t count)
{
    struct node *map = tree_map(&tree);
    for (size_t i = 0; i < count; i++)
        tree_set_string(&tree, map, keys[i], keys[i]);
    return map;
}

Test(node, order_of_keys_makes_no_difference)
{
    static const char *const forward[] = {"a", "b", "c"}, *const backward[] = {"c", "b", "a"},
                             *const other[] = {"a", "b", "d"};
    cr_assert(node_same(map_of(forward, 3), map_of(backward, 3)));
    cr_assert_not(node_same(map_of(forward, 3), map_of(other, 3)));
    cr_assert_not(node_same(tree_plain(&tree, "1"), tree_string(&tree, "1")));
}
