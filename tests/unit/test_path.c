/* test_path.c: paths as texts. */
#include <criterion/criterion.h>

#include "base/path.h"

static struct arena *arena;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

TestSuite(path, .init = setup, .fini = teardown);

Test(path, clean_follows_go)
{
    static const char *const cases[][2] = {
        {"", "."},
        {"a", "a"},
        {"a/", "a"},
        {"a//b", "a/b"},
        {"./a", "a"},
        {"a/./b", "a/b"},
        {"a/../b", "b"},
        {"a/..", "."},
        {"..", ".."},
        {"../a", "../a"},
        {"a/../..", ".."},
        {"../..", "../.."},
        {"../../a/..", "../.."},
        {"/", "/"},
        {"/..", "/"},
        {"/../a", "/a"},
        {"//a//b/", "/a/b"},
        {"/a/../..", "/"},
        {"a/b/../../c", "c"},
        {"...", "..."},
        {"..a/..", "."},
        {"a/..b", "a/..b"},
        {".", "."},
        {"./", "."},
        {"a/b/../..", "."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(path_clean(arena, cases[i][0]), cases[i][1], "%s", cases[i][0]);
}

Test(path, join_is_clean_and_an_absolute_name_does_not_win)
{
    cr_expect_str_eq(path_join(arena, "a/b", "../c"), "a/c");
    cr_expect_str_eq(path_join(arena, "a", "/etc"), "a/etc");
    cr_expect_str_eq(path_join(arena, "", "b"), "b");
    cr_expect_str_eq(path_join(arena, ".", "b"), "b");
    cr_expect_str_eq(path_join(arena, "a", ""), "a");
    cr_expect_str_eq(path_join(arena, "", ""), "");
    cr_expect_str_eq(path_join(arena, "a", "../../c"), "../c");
}

Test(path, directory_and_base)
{
    cr_expect_str_eq(path_directory(arena, "a/b"), "a");
    cr_expect_str_eq(path_directory(arena, "a"), ".");
    cr_expect_str_eq(path_directory(arena, "/a"), "/");
    cr_expect_str_eq(path_base("a/b"), "b");
    cr_expect_str_eq(path_base("b"), "b");
}

Test(path, within_counts_whole_segments)
{
    cr_expect(path_is_within("a/b", "a"));
    cr_expect(path_is_within("a", "a"));
    cr_expect_not(path_is_within("ab", "a"));
    cr_expect_not(path_is_within("a", "a/b"));
    cr_expect(path_is_within("a", "."));
    cr_expect(path_is_within("..a", "."));
    cr_expect_not(path_is_within("../a", "."));
    cr_expect_not(path_is_within("..", "."));
    cr_expect_not(path_is_within("/a", "."));
    cr_expect(path_is_within("/a", "/"));
}

Test(path, relative)
{
    static const char *const cases[][3] = {
        {"apps/a/overlays", "apps/a/base", "../base"},
        {".", "a", "a"},
        {"a", ".", ".."},
        {"a/b", ".", "../.."},
        {"a", "a", "."},
        {"a", "a/b", "b"},
        {"a/b", "a", ".."},
        {"apps", "apps-b", "../apps-b"},
        {".", ".", "."},
        {"a/b", "a/bc", "../bc"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(path_relative(arena, cases[i][0], cases[i][1]), cases[i][2], "%s %s", cases[i][0],
                         cases[i][1]);
}
