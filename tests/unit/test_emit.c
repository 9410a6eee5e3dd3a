/* test_emit.c: trees as kustomize prints them, and as JSON. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/tree_fixture.h"
#include "yaml/emit.h"

TestSuite(emit, .init = tree_set_up, .fini = tree_tear_down);

static struct node *scalar(const char *text, enum node_tag tag, enum node_style style)
{
    return tree_scalar(&tree, text, strlen(text), tag, style);
}

static struct node *string(const char *text)
{
    return tree_string(&tree, text);
}

static struct node *tagged(const char *text, enum node_tag tag, enum node_style style)
{
    struct node *node = scalar(text, tag, style);
    node->tagged = true;
    return node;
}

/* The map {key: value}. */
static struct node *one(const char *key, struct node *value)
{
    struct node *map = tree_map(&tree);
    tree_set_named(&tree, map, key, value);
    return map;
}

static struct node *list_of(struct node *item)
{
    struct node *list = tree_list(&tree);
    tree_append(&tree, list, item);
    return list;
}

static struct node *flowing(struct node *node)
{
    node->style = STYLE_FLOW;
    return node;
}

static void expect_yaml(const struct node *node, const char *expected)
{
    struct text out = {0};
    struct error error = {0};
    bool good = emit_yaml(node, &out, &error);
    cr_expect(good, "%s: %s", expected, error.message ? error.message : "");
    cr_expect_str_eq(text_content(&out), expected);
    error_free(&error);
    text_free(&out);
}

static void expect_value(struct node *value, const char *expected)
{
    char line[1024];
    snprintf(line, sizeof line, "k: %s\n", expected);
    expect_yaml(one("k", value), line);
}

static void expect_refusal(const struct node *node, const char *part)
{
    struct text out = {0};
    struct error error = {0};
    text_string(&out, "before");
    cr_expect_not(emit_yaml(node, &out, &error), "%s", part);
    cr_assert_not_null(error.message);
    cr_expect_not_null(strstr(error.message, part), "%s", error.message);
    cr_expect_str_eq(text_content(&out), "before");
    error_free(&error);
    text_free(&out);
}

static void expect_json(const struct node *node, const char *expected)
{
    struct text out = {0};
    struct error error = {0};
    cr_expect(emit_json(node, &out, &error), "%s", expected);
    cr_expect_str_eq(text_content(&out), expected);
    error_free(&error);
    text_free(&out);
}

Test(emit, collections_are_blocks_and_keys_are_sorted)
{
    struct node *root = one("b", list_of(one("z", string("1st"))));
    tree_set_named(&tree, root, "a", one("x10", string("y")));
    tree_set_named(&tree, node_find(root, "a"), "x9", tree_list(&tree));
    tree_set_named(&tree, root, "c", flowing(list_of(list_of(tree_map(&tree)))));
    expect_yaml(root, "a:\n  x9: []\n  x10: \"y\"\nb:\n- z: 1st\nc:\n- - {}\n");
}

Test(emit, strings_are_quoted_where_they_must_be)
{
    static const char *const cases[][2] = {
        {"word", "word"},
        {"two words", "two words"},
        {"", "\"\""},
        {"yes", "\"yes\""},
        {"12:30", "\"12:30\""},
        {"=", "="},
        {"<<", "<<"},
        {"a: b", "'a: b'"},
        {"a:b", "a:b"},
        {"a #b", "'a #b'"},
        {"a#b", "a#b"},
        {"it's: x", "'it''s: x'"},
        {"- a", "'- a'"},
        {"-a", "-a"},
        {"-", "'-'"},
        {"--- a", "'--- a'"},
        {"? a", "'? a'"},
        {"*", "'*'"},
        {" a", "' a'"},
        {"a ", "'a '"},
        {"a\tb", "\"a\\tb\""},
        {"a\"\t\\", "\"a\\\"\\t\\\\\""},
        {"\xC3\xA9", "\xC3\xA9"},
        {"\xF0\x9F\x98\x80", "\"\\U0001F600\""},
        {"\xEF\xBB\xBF"
         "a b",
         "\"\\uFEFF\\x61\\x20\\x62\""},
        {"a\xEF\xBB\xBF"
         "b",
         "\"a\\uFEFFb\""},
        {"a\xE2\x80\xA8"
         "b",
         "'a\xE2\x80\xA8  b'"},
        {"a\xC2\x85 b", "a b"},
        {"a \xC2\x85\xC2\x85 b", "|-\n  a\n  b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_value(string(cases[i][0]), cases[i][1]);
    expect_value(string("a\xE2\x80\xA8"
                        "b"),
                 "'a\xE2\x80\xA8  b'");
}

Test(emit, texts_of_several_lines_are_literal)
{
    static const char *const cases[][2] = {
        {"a\nb\n", "|\n  a\n  b"}, {"a\nb", "|-\n  a\n  b"},     {"a\n\n", "|+\n  a\n"},
        {"\n", "|2+\n"},           {" a\nb\n", "|2\n   a\n  b"}, {"a\n\n  b\n", "|\n  a\n\n    b"},
        {"a \nb", "\"a \\nb\""},   {"a\nb ", "\"a\\nb \""},      {"a\n\tb\n", "\"a\\n\\tb\\n\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_value(string(cases[i][0]), cases[i][1]);
}

Test(emit, long_lines_are_folded_at_single_spaces)
{
    char text[200], expected[256];
    memset(text, 'x', 79);
    strcpy(text + 79, " y z  w end");
    snprintf(expected, sizeof expected, "%.79s\n  y z  w end", text);
    expect_value(string(text), expected);
    memset(text, 'x', 80);
    strcpy(text + 80, "  y: z");
    snprintf(expected, sizeof expected, "'%.80s  y:\n  z'", text);
    expect_value(string(text), expected);
    strcpy(text + 80, "\t  y z");
    snprintf(expected, sizeof expected, "\"%.80s\\t\n  \\ y z\"", text);
    expect_value(string(text), expected);
}

Test(emit, long_and_broken_keys_get_a_question_mark)
{
    char key[130], expected[512];
    memset(key, 'k', 129);
    key[129] = '\0';
    snprintf(expected, sizeof expected, "? %s\n: - a: 1st\n", key);
    expect_yaml(one(key, list_of(one("a", string("1st")))), expected);
    snprintf(expected, sizeof expected, "%s: b\n", key + 1);
    expect_yaml(one(key + 1, string("b")), expected);
    expect_yaml(one("a\nb", string("c")), "? |-\n  a\n  b\n: c\n");
}

Test(emit, typed_scalars_have_their_final_form)
{
    static const char *const cases[][2] = {
        {"0777", "511"},    {"0o17", "15"},     {"0b101", "5"},
        {"1_000", "1000"},  {"08", "8"},        {"1.0", "1"},
        {"1e3", "1000"},    {"1e-6", "1e-06"},  {"18446744073709551616", "1.8446744073709552e+19"},
        {"True", "true"},   {"~", "null"},      {"", "null"},
        {"yes", "\"yes\""}, {"1e400", "1e400"}, {"2001-1-1", "\"2001-01-01T00:00:00Z\""},
        {"<<", "<<"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_value(tree_plain(&tree, cases[i][0]), cases[i][1]);
}

Test(emit, tags_decide_and_have_to_fit)
{
    expect_value(scalar("1", TAG_STRING, STYLE_PLAIN), "\"1\"");
    expect_value(scalar("1", TAG_INT, STYLE_DOUBLE_QUOTED), "\"1\"");
    expect_value(tagged("1", TAG_INT, STYLE_DOUBLE_QUOTED), "1");
    expect_value(scalar("5", TAG_FLOAT, STYLE_PLAIN), "5");
    expect_value(tagged("", TAG_NULL, STYLE_SINGLE_QUOTED), "null");
    expect_value(tagged("aGk=", TAG_BINARY, STYLE_PLAIN), "hi");
    expect_value(tagged("/w==", TAG_BINARY, STYLE_PLAIN), "\xEF\xBF\xBD");
    expect_refusal(one("k", scalar("abc", TAG_INT, STYLE_PLAIN)), "not a !!int");
    expect_refusal(one("k", tagged("1.5", TAG_INT, STYLE_PLAIN)), "not a !!int");
    expect_refusal(one("k", tagged("a", TAG_BINARY, STYLE_PLAIN)), "base64");
    expect_refusal(one("k", tree_plain(&tree, ".inf")), "JSON");
    expect_refusal(one("k", tree_plain(&tree, "2001-01-01T1:1:1+24:00")), "time zone");
}

Test(emit, flow_collections_turn_dates_and_nothing_into_strings)
{
    expect_yaml(flowing(one("k", tree_plain(&tree, ""))), "k: \"\"\n");
    expect_yaml(flowing(one("k", tree_plain(&tree, "~"))), "k: null\n");
    expect_yaml(flowing(one("k", tree_plain(&tree, "2001-1-1"))), "k: \"2001-01-01T00:00:00Z\"\n");
    expect_yaml(flowing(one("k", list_of(tree_plain(&tree, "2001-1-1 1:1:1")))), "k:\n- \"2001-1-1 1:1:1\"\n");
}

Test(emit, folded_scalars_suffer_as_in_go_yaml)
{
    static const char *const cases[][2] = {
        {"a b\n", "|\n  a b"},    {"a\nb\n", "|\n  a\n  b"},         {"a\n  b\n", "|\n  a\n\n    b"},
        {"a\n\n", "|+\n  a\n\n"}, {" a\nb\nc\n", "|2\n   a\n  b c"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_value(scalar(cases[i][0], TAG_STRING, STYLE_FOLDED), cases[i][1]);
    expect_yaml(flowing(one("k", scalar("a\n  b\n", TAG_STRING, STYLE_FOLDED))), "k: |\n  a\n    b\n");
}

Test(emit, what_kustomize_cannot_print_is_refused)
{
    expect_refusal(one("k", string("\tfoo\nbar\n")), "tab");
    expect_value(scalar("\tfoo\nbar\n", TAG_STRING, STYLE_DOUBLE_QUOTED), "\"\\tfoo\\nbar\\n\"");
    expect_refusal(one("k", string("a\x7F")), "control characters");
    expect_refusal(one("k", string("a\xC2\x80")), "control characters");
    expect_refusal(one("k", string("a\xEF\xBF\xBF")), "control characters");
    expect_refusal(one("k", string("a\xC2\x85--- b")), "U+0085");
    expect_refusal(one("k\xC2\x85k", string("a")), "U+0085");
    char key[1100];
    memset(key, 'k', 1023);
    key[1023] = '\0';
    expect_refusal(one(key, string("a")), "too long");
}

static struct node *with_key(const char *text, enum node_tag tag, enum node_style style)
{
    struct node *map = one(text, string("v"));
    map->entries[0].tag = (uint8_t)tag;
    map->entries[0].style = (uint8_t)style;
    return map;
}

/* Overlong forms of letters and dots, surrogates, what is beyond U+10FFFF, and pieces. */
static const char *const invalid[] = {"\xC1\x93"
                                      "ecret",
                                      "\xC0\xAE\xC0\xAE",
                                      "\xE0\x81\xA1",
                                      "\xF0\x80\x81\xA1",
                                      "\xED\xA0\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xF8\x88\x80\x80\x80",
                                      "\xFF\xFE",
                                      "\x9F",
                                      "a\xC3",
                                      "\xE2\x80",
                                      "\xC3"
                                      "b"};

Test(emit, what_is_not_utf8_is_refused)
{
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        expect_refusal(one("k", string(invalid[i])), "not UTF-8");
        expect_refusal(one(invalid[i], string("v")), "not UTF-8");
        expect_refusal(one("k", scalar(invalid[i], TAG_STRING, STYLE_LITERAL)), "not UTF-8");
        expect_refusal(one("k", scalar(invalid[i], TAG_NONE, STYLE_FOLDED)), "not UTF-8");
        expect_refusal(list_of(string(invalid[i])), "not UTF-8");
    }
    expect_json(one("\xC1\x93", string("\xE2\x80")), "{\"\\ufffd\\ufffd\":\"\\ufffd\\ufffd\"}");
    expect_json(string("\xE2\x82\xAC\xF0\x9F\x98\x80\xE2\x80\xA8"), "\"\xE2\x82\xAC\xF0\x9F\x98\x80\\u2028\"");
}

Test(emit, keys_other_than_strings)
{
    expect_yaml(with_key("0x10", TAG_INT, STYLE_PLAIN), "\"0x10\": v\n");
    expect_yaml(with_key(".inf", TAG_FLOAT, STYLE_PLAIN), "\".inf\": v\n");
    expect_yaml(one("m", with_key("0x10", TAG_INT, STYLE_PLAIN)), "m:\n  \"16\": v\n");
    expect_yaml(one("m", with_key("2001-1-1", TAG_TIMESTAMP, STYLE_PLAIN)), "m:\n  \"2001-01-01T00:00:00Z\": v\n");
    expect_yaml(one("m", with_key("aGk=", TAG_BINARY, STYLE_PLAIN)), "m:\n  hi: v\n");
    expect_yaml(one("m", with_key("", TAG_NULL, STYLE_PLAIN)), "m:\n  \"\": v\n");
    expect_refusal(one("m", with_key("true", TAG_BOOL, STYLE_PLAIN)), "a boolean");
    expect_refusal(one("m", with_key("1.5", TAG_FLOAT, STYLE_PLAIN)), "a number with a fraction");
    expect_refusal(one("m", with_key("~", TAG_NULL, STYLE_PLAIN)), "null");
    expect_yaml(one("m", with_key("yes", TAG_NONE, STYLE_PLAIN)), "m:\n  \"yes\": v\n");
    expect_yaml(one("m", with_key("0x10", TAG_NONE, STYLE_PLAIN)), "m:\n  \"16\": v\n");
    expect_yaml(one("m", with_key("true", TAG_NONE, STYLE_SINGLE_QUOTED)), "m:\n  \"true\": v\n");
    expect_refusal(one("m", with_key("true", TAG_NONE, STYLE_PLAIN)), "a boolean");
    expect_refusal(one("m", with_key("<<", TAG_STRING, STYLE_PLAIN)), "a merge key");
    expect_yaml(one("m", with_key("<<", TAG_STRING, STYLE_DOUBLE_QUOTED)), "m:\n  <<: v\n");
    struct node *both = with_key("16", TAG_INT, STYLE_PLAIN);
    tree_set_named(&tree, both, "0x10", string("last"));
    both->entries[1].tag = TAG_INT;
    both->entries[1].style = STYLE_PLAIN;
    expect_yaml(one("m", both), "m:\n  \"16\": last\n");
}

Test(emit, depth_is_bounded)
{
    struct node *node = string("x");
    for (int i = 0; i < 5000; i++)
        node = list_of(node);
    expect_refusal(one("k", node), "levels deep");
    struct text out = {0};
    struct error error = {0};
    cr_expect_not(emit_json(node, &out, &error));
    cr_expect_eq(out.size, 0);
    error_free(&error);
    text_free(&out);
}

Test(emit, json_is_that_of_go)
{
    struct node *root = one("b", string("<&>\"\\\n\t\b\f\r\v\x7F\xE2\x80\xA8\xE2\x82\xAC"));
    tree_set_named(&tree, root, "a10", tree_plain(&tree, "1e-7"));
    tree_set_named(&tree, root, "a9", list_of(tree_plain(&tree, "0x10")));
    tree_append(&tree, node_find(root, "a9"), tree_plain(&tree, "~"));
    tree_append(&tree, node_find(root, "a9"), tree_bool(&tree, true));
    tree_append(&tree, node_find(root, "a9"), tree_map(&tree));
    tree_append(&tree, node_find(root, "a9"), tree_list(&tree));
    expect_json(root, "{\"a10\":1e-7,\"a9\":[16,null,true,{},[]],"
                      "\"b\":\"\\u003c\\u0026\\u003e\\\"\\\\\\n\\t\\b\\f\\r\\u000b\x7F\\u2028\xE2\x82\xAC\"}");
    expect_json(string("x"), "\"x\"");
}

Test(emit, rounded_json_went_through_float64)
{
    struct node *list = tree_list(&tree);
    static const char *const numbers[] = {"9007199254740993", "-9007199254740993", "18446744073709551615", "-0", "1"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        tree_append(&tree, list, tree_plain(&tree, numbers[i]));
    struct text out = {0};
    struct error error = {0};
    cr_expect(emit_json_rounded(list, &out, &error));
    cr_expect_str_eq(text_content(&out), "[9007199254740992,-9007199254740992,18446744073709552000,0,1]");
    text_free(&out);
}
