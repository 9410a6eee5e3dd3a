/* test_glob.c: patterns over texts and over paths. */
#include <criterion/criterion.h>

#include "generator/glob.h"
#include "generator/path_pattern.h"

Test(glob, matches_as_gobwas)
{
    static const struct {
        const char *pattern, *text;
        char separator;
        bool expected;
    } cases[] = {
        {"*://*", "https://10.0.0.1:6443", 0, true},
        {"*-prod", "a-b-prod", 0, true},
        {"a?c", "abc", 0, true},
        {"", "x", 0, false},
        {"[a-c]x", "bx", 0, true},
        {"[!a]x", "ax", 0, false},
        {"[ab]x", "bx", 0, true},
        {"{a,b{c,d}}-x", "bd-x", 0, true},
        {"https://h/group/*", "https://h/group/a/b", '/', false},
        {"https://h/group/**", "https://h/group/a/b", '/', true},
        {"a?c", "a/c", '/', false},
        {"\\*", "*", 0, true},
        {"\\*", "a", 0, false},
        {"[a-", "a", 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(glob_matches(cases[i].pattern, cases[i].text, cases[i].separator), cases[i].expected, "%s %s",
                     cases[i].pattern, cases[i].text);
}

/* What gobwas/glob v0.2.3 compiles and what not. */
Test(glob, validity_is_that_of_gobwas)
{
    static const char *const good[] = {"[-a]", "]",   "}",    "[[]",   "[\\]]", "[!a-c]",
                                       "[*]",  "\\[", "[a]]", "[ab-]", "a\\"};
    static const char *const bad[] = {"[", "[a", "[]", "[!]", "[a-]", "[b-a]", "[a-cd]"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_expect(glob_is_valid(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(glob_is_valid(bad[i]), "%s", bad[i]);
}

Test(glob, hostile_patterns_end)
{
    cr_expect_not(glob_matches("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b",
                               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0));
}

Test(glob, overlap)
{
    static const struct {
        const char *left, *right;
        bool expected;
    } cases[] = {
        {"*-prod", "*-eu-prod", true},
        {"*-prod", "*-dev", false},
        {"checkout-prod", "*-prod", true},
        {"a-*", "b-*", false},
        {"a-*-prod", "*-b-prod", true},
        {"?", "", false},
        {"*", "", true},
        {"ledger-*", "*-ledger", true},
        {"a?c", "ab*", true},
        {"default-*-x", "d-*-x", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_eq(globs_overlap(cases[i].left, cases[i].right), cases[i].expected, "%s %s", cases[i].left,
                     cases[i].right);
        cr_expect_eq(globs_overlap(cases[i].right, cases[i].left), cases[i].expected);
    }
}

static bool covers(const char *pattern, const char *path)
{
    struct arena *arena = arena_new();
    struct path_pattern read;
    struct error error = {0};
    cr_assert(pattern_read(arena, pattern, 0, &read, &error), "%s", error.message);
    bool covered = pattern_covers(&read, path);
    arena_free(arena);
    return covered;
}

Test(pattern, segments_and_any_depth)
{
    cr_expect(covers("apps/{app}/overlays/{env}", "apps/a/overlays/prod"));
    cr_expect_not(covers("apps/{app}/overlays/{env}", "apps/a/b/overlays/prod"), "a name is exactly one segment");
    cr_expect_not(covers("apps/*", "apps"));
    cr_expect(covers("apps/legacy-*/**", "apps/legacy-a/k8s/overlays/prod"), "* stays in a segment, ** does not");
    cr_expect(covers("apps/legacy-*/**", "apps/legacy-a"), "** may be nothing");
    cr_expect_not(covers("apps/legacy-*/**", "apps/new"));
    cr_expect(covers("**/test", "a/b/test"));
    cr_expect(covers("**/test", "test"));
    cr_expect(covers("apps/a", "apps/a/k8s/overlays/prod"), "what lies below is covered too");
    cr_expect_not(covers("apps/a", "apps/ab"));
    cr_expect(covers("apps/[a-c]?", "apps/bx"));
}

Test(pattern, fixed_texts_around_a_name)
{
    cr_expect(covers("apps/x-{app}/{env}-stage", "apps/x-shop/dev-stage"));
    cr_expect_not(covers("apps/x-{app}", "apps/x-"), "something has to be left");
    cr_expect_not(covers("{env}-stage", "stage"));
    cr_expect_not(covers("a-{app}-a", "a-a"), "the texts do not overlap");
}

Test(pattern, refusals)
{
    static const char *const bad[] = {
        "",     "/apps/{app}", "apps/../x", "apps/{x}-{app}", "apps/{app}/{app}", "a/.git/b", "a/b**",
        "a/[z", ".",           "a/{}",      "a/{1x}"};
    struct arena *arena = arena_new();
    struct path_pattern read;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error error = {0};
        cr_expect_not(pattern_read(arena, bad[i], 0, &read, &error), "%s", bad[i]);
        cr_expect_not_null(error.message);
        error_free(&error);
    }
    arena_free(arena);
}
