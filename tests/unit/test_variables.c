/* test_variables.c: values of variables, and texts that name them. */
#include <criterion/criterion.h>
#include <string.h>

#include "kustomize/refer/variable_value.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new();
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(variables, .init = set_up, .fini = tear_down);

static bool read(const char *text, enum node_tag tag, struct variable_value *out)
{
    struct node node = {.kind = NODE_SCALAR, .tag = (uint8_t)tag, .text = text, .count = (uint32_t)strlen(text)};
    *out = (struct variable_value){.name = "V"};
    return variable_value_read(arena, &node, out);
}

Test(variables, numbers_are_printed_as_go_prints_them)
{
    static const struct {
        const char *text;
        enum node_tag tag;
        const char *whole, *inner;
    } cases[] = {
        {"8080", TAG_INT, "8080", "8080"},
        {"007", TAG_INT, "7", "7"},
        {"-0", TAG_INT, "0", "0"},
        {"1.50", TAG_FLOAT, "1.5", "1.5"},
        {"1e3", TAG_FLOAT, "1000", "1000"},
        {"1e-7", TAG_FLOAT, "0.0000001", "1e-07"},
        {"1e21", TAG_FLOAT, "1000000000000000000000", "1e+21"},
        {"True", TAG_BOOL, "true", "true"},
        {"80", TAG_STRING, "80", "80"},
        {"80", TAG_NONE, "80", "80"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct variable_value value;
        cr_assert(read(cases[i].text, cases[i].tag, &value), "%s", cases[i].text);
        cr_expect_str_eq(value.whole, cases[i].whole);
        cr_expect_str_eq(value.inner, cases[i].inner);
    }
}

Test(variables, numbers_that_go_does_not_read_are_refused)
{
    struct variable_value value;
    cr_expect_not(read("0x1F", TAG_INT, &value));
    cr_expect_not(read("1_000", TAG_INT, &value));
    cr_expect_not(read("9223372036854775808", TAG_INT, &value));
    cr_expect(read("-9223372036854775808", TAG_INT, &value));
    cr_expect_not(read(".inf", TAG_FLOAT, &value));
}

static void expect(const char *input, const char *expected, enum node_tag expected_tag)
{
    struct map *values = map_new(arena);
    struct variable_value port = {"PORT", TAG_INT, "80", "80", 2, 2, 0, false}, map = {.name = "MAP", .tag = TAG_MAP};
    struct text out = {0};
    enum node_tag tag;
    *map_slot(values, "PORT", 4) = &port;
    *map_slot(values, "MAP", 3) = &map;
    variable_expand(input, strlen(input), values, &out, &tag, NULL, NULL);
    cr_expect_str_eq(text_content(&out), expected);
    cr_expect_eq(tag, expected_tag, "%s", input);
    text_free(&out);
}

Test(variables, expansion_follows_kustomize)
{
    expect("$(PORT)", "80", TAG_INT);
    expect(":$(PORT)", ":80", TAG_STRING);
    expect("$(PORT)$(PORT)", "8080", TAG_STRING);
    expect("$$(PORT)", "$(PORT)", TAG_STRING);
    expect("$(NONE)", "$(NONE)", TAG_STRING);
    expect("$(MAP)", "$(MAP)", TAG_STRING);
    expect("$(PORT", "$(PORT", TAG_STRING);
    expect("$(a$(PORT)", "$(a$(PORT)", TAG_STRING);
    expect("a$", "a$", TAG_STRING);
    expect("$x$y", "$x$y", TAG_STRING);
    expect("$()", "$()", TAG_STRING);
    expect("", "", TAG_STRING);
}
