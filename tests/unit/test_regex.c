/* test_regex.c: regular expressions mean what they mean in Go. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "kustomize/text/regex.h"

static bool matches(const char *pattern, const char *text)
{
    struct arena *arena = arena_new();
    struct error error = {0};
    struct regex *regex = regex_compile(arena, pattern, 0, &error);
    cr_assert(regex, "%s: %s", pattern, error.message);
    bool result = regex_matches(regex, text, strlen(text));
    arena_free(arena);
    return result;
}

static void refused(const char *pattern, const char *reason)
{
    struct arena *arena = arena_new();
    struct error error = {0};
    cr_assert_null(regex_compile(arena, pattern, 0, &error), "%s", pattern);
    cr_assert(strstr(error.message, reason), "%s: %s", pattern, error.message);
    error_free(&error);
    arena_free(arena);
}

Test(regex, matches_as_go_does)
{
    cr_assert(matches("^(?:web|db)$", "db"));
    cr_assert_not(matches("^(?:web|db)$", "db2"));
    cr_assert(matches("(?i)WEB", "my-web"));
    cr_assert(matches("^v1(beta\\d+)?$", "v1beta2"));
    cr_assert(matches("\\Qa.b\\E", "a.b"));
    cr_assert_not(matches("\\Qa.b\\E", "axb"));
    cr_assert(matches("^[[:alpha:]_]+$", "a_b"));
}

Test(regex, the_end_is_the_very_end)
{
    cr_assert_not(matches("a$", "a\n"));
    cr_assert(matches("(?m)a$", "a\nb"));
}

Test(regex, a_space_is_no_vertical_tab)
{
    cr_assert_not(matches("\\s", "\v"));
    cr_assert(matches("[\\S]", "\v"));
    cr_assert(matches("\\s", "\f"));
}

Test(regex, braces_that_repeat_nothing_are_literal)
{
    cr_assert(matches("^a{,2}$", "a{,2}"));
    cr_assert(matches("^{$", "{"));
}

Test(regex, what_go_refuses_is_refused)
{
    refused("(a)\\1", "invalid escape sequence: `\\1`");
    refused("(?=a)", "invalid or unsupported Perl syntax: `(?=`");
    refused("a++", "invalid nested repetition operator: `++`");
    refused("*", "missing argument to repetition operator: `*`");
    refused("a{1001}", "invalid repeat count: `{1001}`");
    refused("(a{100}){100}", "invalid repeat count: `{100}`");
    refused("(a", "missing closing ): `(a`");
    refused("a)", "unexpected ): `a)`");
    refused("[a", "missing closing ]: `[a`");
    refused("[b-a]", "invalid character class range: `b-a`");
    refused("\\Z", "invalid escape sequence");
    refused("(?P<n>a)(?P=n)", "invalid or unsupported Perl syntax");
    refused("(*UTF)a", "missing argument");
    refused("a\\", "trailing backslash");
    refused("\xff", "invalid UTF-8");
}

Test(regex, groups_that_took_no_part_have_no_span)
{
    struct arena *arena = arena_new();
    struct error error = {0};
    struct regex *regex = regex_compile(arena, "^(.*?)(:[a-z]+)?(@.*)?$", 0, &error);
    long spans[4][2];
    cr_assert_eq(regex_groups(regex, "nginx:latest", 12, spans, 4), 4);
    cr_assert_eq(spans[1][1], 5);
    cr_assert_eq(spans[2][0], 5);
    cr_assert_eq(spans[2][1], 12);
    cr_assert_eq(spans[3][0], -1);
    arena_free(arena);
}

Test(regex, a_search_that_explodes_ends_soon, .timeout = 120)
{
    char text[5001];
    memset(text, 'a', 5000);
    text[5000] = '\0';
    cr_assert_not(matches("^(?:(a|a|aa)*b)$", text));
    text[4999] = 'b';
    cr_assert(matches("^(?:(a|a|aa)*b)$", text));
}

Test(regex, deep_and_long_patterns_are_refused)
{
    char pattern[100001];
    memset(pattern, '(', 100000);
    pattern[100000] = '\0';
    refused(pattern, "too large");
    pattern[1000] = '\0';
    refused(pattern, "nests too deeply");
}

Test(regex, literal_patterns_are_known)
{
    cr_assert(regex_is_literal("web-1"));
    cr_assert_not(regex_is_literal("web.1"));
    cr_assert_not(regex_is_literal("a|b"));
}
