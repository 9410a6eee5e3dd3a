/* test_emit_v3.c: trees as go-yaml v3 prints them. */
#include <criterion/criterion.h>
#include <string.h>

#include "yaml/emit_v3.h"
#include "yaml/parse.h"

static void expect(const char *input, const char *expected)
{
    struct arena *arena = arena_new();
    struct origins *origins = origins_new();
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct yaml_text yaml = {"test.yaml", input, strlen(input), origins, 0};
    struct error error = {0};
    struct node *root = NULL;
    struct text out = {0};
    cr_assert(parse_first(&tree, &yaml, &root, &error), "%s", error.message);
    cr_assert(emit_v3(root, &out, &error));
    cr_expect_str_eq(text_content(&out), expected);
    text_free(&out);
    origins_free(origins);
    arena_free(arena);
}

Test(emit_v3, keeps_styles)
{
    expect("a: 'x'\nb: \"y\"\nc: [1, {d: e}]\n", "a: 'x'\nb: \"y\"\nc: [1, {d: e}]\n");
    expect("a: |\n    x\n    y\nb: >-\n  z\n", "a: |\n  x\n  y\nb: >-\n  z\n");
}

Test(emit_v3, sets_lists_below_their_key)
{
    expect("a:\n    - b:\n        - c\n    - - d\n", "a:\n- b:\n  - c\n- - d\n");
    expect("- a: 1\n  b:\n  - 2\n", "- a: 1\n  b:\n  - 2\n");
}

Test(emit_v3, never_folds_and_drops_empty_lines)
{
    expect("a: word word word word word word word word word word word word word word word word word word\n\n\nb: 1\n",
           "a: word word word word word word word word word word word word word word word word word word\nb: 1\n");
}

Test(emit_v3, prints_nothing_for_empty_values)
{
    expect("a:\nb: {c: }\nd: ''\n", "a:\nb: {c: ''}\nd: ''\n");
    expect("a: {}\nb: []\n", "a: {}\nb: []\n");
}

Test(emit_v3, writes_tags_and_escapes)
{
    expect("a: !!str 1\nb: !x y\nc: \"\\x07\\u2028\"\n", "a: !!str 1\nb: !x y\nc: \"\\a\\L\"\n");
}

Test(emit_v3, doubles_breaks_of_folded_text_as_go_yaml_does)
{
    expect("a: >\n  x\n\n  y\n", "a: >\n  x\n\n  y\n\n");
}

static void expect_refusal(struct tree *tree, const char *key, struct node *value)
{
    struct node *map = tree_map(tree);
    struct error error = {0};
    struct text out = {0};
    tree_set_named(tree, map, key, value);
    cr_expect_not(emit_v3(map, &out, &error));
    cr_expect(error.message && strstr(error.message, "not UTF-8"));
    map->style = STYLE_FLOW;
    cr_expect_not(emit_v3(map, &out, NULL));
    error_free(&error);
    text_free(&out);
}

Test(emit_v3, refuses_what_is_not_utf8)
{
    struct arena *arena = arena_new();
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct node *tagged = tree_scalar(&tree, "x", 1, TAG_OTHER, STYLE_PLAIN);
    tagged->tagged = true;
    tagged->tag_text = "!\xC1\x93";
    expect_refusal(&tree, "k",
                   tree_string(&tree, "\xC1\x93"
                                      "ecret"));
    expect_refusal(&tree, "\xC1\x93", tree_string(&tree, "v"));
    expect_refusal(&tree, "k", tagged);
    arena_free(arena);
}
