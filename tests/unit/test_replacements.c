/* test_replacements.c: paths, what they find and make, and what is written there. */
#include <criterion/criterion.h>
#include <string.h>

#include "kustomize/refer/replacement_value.h"
#include "tree_fixture.h"
#include "yaml/emit_v3.h"

TestSuite(replacements, .init = tree_set_up, .fini = tree_tear_down);

static struct node *parse(const char *text)
{
    struct yaml_text yaml = {"test.yaml", text, strlen(text), origins, 0};
    struct node *root = NULL;
    cr_assert(parse_first(&tree, &yaml, &root, &error), "%s", error.message);
    return root;
}

static const char *print(const struct node *node)
{
    struct text text = {0};
    cr_assert(emit_v3(node, &text, &error));
    const char *copy = arena_copy(arena, text_content(&text), text.size);
    text_free(&text);
    return copy;
}

static void expect_parts(const char *text, const char *joined)
{
    struct dotted_path path = dotted_path_split(arena, text);
    struct text parts = {0};
    for (size_t i = 0; i < path.count; i++)
        text_format(&parts, "%s%s", i ? "|" : "", path.parts[i]);
    cr_expect_str_eq(text_content(&parts), joined, "%s gives %s", text, text_content(&parts));
    text_free(&parts);
}

Test(replacements, paths_are_split_as_kustomize_does)
{
    expect_parts("a.b", "a|b");
    expect_parts("", "");
    expect_parts(".a", "a");
    expect_parts("a..b", "a||b");
    expect_parts("a\\.b.c", "a.b|c");
    expect_parts("a.[b.c/d].e", "a|b.c/d|e");
    expect_parts("a.[n=b.c].e", "a|[n=b.c]|e");
    expect_parts("a.[0]", "a|[0]");
    expect_parts("a.[b.c", "a|b.c");
    expect_parts("a\\", "a\\");
}

static size_t find(struct node **root, const char *text, bool create, struct node_array *found)
{
    struct path_matcher *path = path_matcher_compile(&tree, text, 0, &error);
    cr_assert(path);
    *found = (struct node_array){0};
    bool done = create ? path_matcher_create(path, 0, root, NODE_SCALAR, found, &error)
                       : path_matcher_find(path, 0, root, found, &error);
    return done ? found->count : SIZE_MAX;
}

Test(replacements, patterns_match_the_text_as_yaml_writes_it)
{
    struct node *root = parse("l: [{n: app}, {n: app-2}, {n: \"app\"}, {n: 'x y'}, {n: 80}, {n: \"80\"}]");
    struct node_array found;
    cr_expect_eq(find(&root, "l.[n=app].n", false, &found), 3);
    cr_expect_eq(find(&root, "l.[n=^app$].n", false, &found), 1, "the third has quotes");
    cr_expect_eq(find(&root, "l.[n=^'x y'$].n", false, &found), 1);
    cr_expect_eq(find(&root, "l.[n=^80$].n", false, &found), 1);
    cr_expect_eq(find(&root, "l.*.n", false, &found), 6);
    cr_expect_eq(find(&root, "l.7.n", false, &found), SIZE_MAX);
    error_free(&error);
    cr_expect_eq(find(&root, "l.[n=(].n", false, &found), SIZE_MAX);
}

Test(replacements, creation_makes_lists_maps_and_elements)
{
    struct node *root = parse("a: {}\n");
    struct node_array found;
    cr_assert_eq(find(&root, "b.0.[n=x].v", true, &found), 1);
    cr_assert(replacement_write(&tree, found.items[0], tree_plain(&tree, "1"), NULL, &error));
    cr_expect_str_eq(print(root), "a: {}\nb:\n- - n: x\n    v: 1\n");
}

Test(replacements, an_element_that_never_matches_is_an_error)
{
    struct node *root = parse("l: []\n");
    struct node_array found;
    cr_expect_eq(find(&root, "l.[n=^x$].v", true, &found), SIZE_MAX);
}

Test(replacements, delimiters_change_one_piece)
{
    static const struct {
        int64_t index;
        const char *expected;
    } cases[] = {{0, "X.b.c\n"}, {2, "a.b.X\n"}, {3, "a.b.c.X\n"}, {9, "a.b.c.X\n"}, {-1, "X.a.b.c\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct node *field = parse("a.b.c");
        struct field_options options = {.delimiter = ".", .index = cases[i].index};
        cr_assert(replacement_write(&tree, field, tree_plain(&tree, "X"), &options, &error));
        cr_expect_str_eq(print(field), cases[i].expected);
    }
}

Test(replacements, pieces_of_a_source_have_bounds)
{
    struct field_options options = {.delimiter = "ab", .index = 1};
    const struct node *piece = replacement_refine(&tree, parse("aabab"), &options, &error);
    cr_assert(piece);
    cr_expect_str_eq(node_text(piece), "");
    options.index = 3;
    cr_expect_null(replacement_refine(&tree, parse("aabab"), &options, &error));
}

static enum structured write_in(const char *text, const char *field, const char **out)
{
    struct node *root = tree_map(&tree);
    tree_set_named(&tree, root, "t", tree_string(&tree, text));
    struct path_matcher *path = path_matcher_compile(&tree, field, 0, &error);
    enum structured result = replacement_write_structured(path, &tree, &root, tree_plain(&tree, "new"), NULL, &error);
    *out = node_text(node_find(root, "t"));
    return result;
}

Test(replacements, texts_keep_their_form)
{
    const char *out;
    cr_expect_eq(write_in("{\"b\": \"1\", \"a\": \"<\"}", "t.b", &out), STRUCTURED_WRITTEN);
    cr_expect_str_eq(out, "{\"a\":\"\\u003c\",\"b\":\"new\"}");
    cr_expect_eq(write_in("{\n  \"b\": [],\n  \"a\": [\"1\", {}]\n}", "t.a.0", &out), STRUCTURED_WRITTEN);
    cr_expect_str_eq(out, "{\n  \"a\": [\n    \"new\",\n    {}\n  ],\n  \"b\": []\n}");
    cr_expect_eq(write_in("b: 'x'\n\na:   [1, two]\n", "t.b", &out), STRUCTURED_WRITTEN);
    cr_expect_str_eq(out, "b: 'new'\na: [1, two]");
}

Test(replacements, texts_that_would_lose_something_are_refused)
{
    const char *out;
    cr_expect_eq(write_in("a: old # why\n", "t.a", &out), STRUCTURED_WRITTEN);
    cr_expect_str_eq(out, "a: new # why");
    cr_expect_eq(write_in("a: old\nl:\n- 1\n# moves\n\n- 2\n", "t.a", &out), STRUCTURED_FAILED);
    error_free(&error);
    cr_expect_eq(write_in("a: &x 1\nb: *x\n", "t.a", &out), STRUCTURED_FAILED);
    error_free(&error);
    cr_expect_eq(write_in("a: 'it # is'\nb: |\n  # no comment\n  x & y\n", "t.a", &out), STRUCTURED_WRITTEN);
    cr_expect_eq(write_in("plain", "t.a", &out), NOT_STRUCTURED);
    cr_expect_eq(write_in("", "t.a", &out), NOT_STRUCTURED);
    cr_expect_eq(write_in("a: 1", "t.b", &out), NOT_STRUCTURED);
}
