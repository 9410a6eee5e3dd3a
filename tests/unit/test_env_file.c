/* test_env_file.c: what counts as a line of an env file. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "kustomize/text/env_file.h"

static struct arena *arena;
static struct key_values pairs;
static bool cut;

static void set_up(void)
{
    arena = arena_new();
    pairs = (struct key_values){0};
    cut = false;
}

static void tear_down(void)
{
    arena_free(arena);
}

static bool parse(const char *text, size_t size)
{
    struct error error = {0};
    bool done = parse_env_file(arena, "a.env", text, size, &pairs, &cut, &error);
    error_free(&error);
    return done;
}

static bool parse_text(const char *text)
{
    return parse(text, strlen(text));
}

static void expect_pair(size_t index, const char *key, const char *value)
{
    cr_assert_lt(index, pairs.count);
    const struct key_value *pair = &pairs.items[index];
    cr_expect_str_eq(arena_copy(arena, pair->key, pair->key_size), key);
    cr_expect_str_eq(arena_copy(arena, pair->value, pair->value_size), value);
}

TestSuite(env_file, .init = set_up, .fini = tear_down);

Test(env_file, splits_at_the_first_equals_and_keeps_quotes)
{
    cr_assert(parse_text("A=b=c\nB=\"x\"\nC=  y \n"));
    cr_expect_eq(pairs.count, 3);
    expect_pair(0, "A", "b=c");
    expect_pair(1, "B", "\"x\"");
    expect_pair(2, "C", "  y ");
}

Test(env_file, skips_comments_empty_lines_and_empty_keys)
{
    cr_assert(parse_text("# a\n\n  # b\n\t\n=x\nA=1#2\n"));
    cr_expect_eq(pairs.count, 1);
    expect_pair(0, "A", "1#2");
}

Test(env_file, takes_a_key_without_a_value_as_empty)
{
    cr_assert(parse_text("  A\nB"));
    expect_pair(0, "A", "");
    expect_pair(1, "B", "");
}

Test(env_file, drops_carriage_returns_and_a_mark_on_the_first_line_only)
{
    cr_assert(parse_text("\xEF\xBB\xBF"
                         "A=1\r\n\xEF\xBB\xBF"
                         "B=2\r\r\n"));
    expect_pair(0, "A", "1");
    expect_pair(1,
                "\xEF\xBB\xBF"
                "B",
                "2\r");
}

Test(env_file, refuses_bytes_that_are_not_utf8)
{
    cr_expect_not(parse_text("A=1\nB=\xff\n"));
}

Test(env_file, ends_before_a_line_that_is_too_long)
{
    size_t size = 65536 + 8;
    char *text = malloc(size);
    memset(text, 'x', size);
    memcpy(text, "A=1\nB=", 6);
    text[4 + 65535] = '\n';
    cr_assert(parse(text, size));
    cr_expect_eq(pairs.count, 3, "65535 bytes are a line");
    cr_expect_not(cut);
    pairs.count = 0;
    text[4 + 65535] = 'x';
    cr_assert(parse(text, size));
    cr_expect_eq(pairs.count, 1);
    cr_expect(cut);
    free(text);
}
