/* test_json_patch.c: operations of JSON patches, and what passing through JSON does to a document. */
#include <criterion/criterion.h>
#include <string.h>

#include "kustomize/patch/json_patch.h"
#include "kustomize/text/json_text.h"
#include "yaml/emit.h"

static struct arena *arena;
static struct tree tree;
static struct origins *origins;

static void setup(void)
{
    arena = arena_new();
    tree = (struct tree){.arena = arena, .keys = intern_new(arena), .owner = 1};
    origins = origins_new();
}

static void teardown(void)
{
    origins_free(origins);
    arena_free(arena);
}

TestSuite(json_patch, .init = setup, .fini = teardown);

static struct yaml_text text_of(const char *text)
{
    return (struct yaml_text){"test.yaml", text, strlen(text), origins, 0};
}

static struct node *parse(const char *text)
{
    struct error error = {0};
    struct node *node = NULL;
    const struct yaml_text input = text_of(text);
    cr_assert(parse_first(&tree, &input, &node, &error), "%s", error.message);
    return node;
}

/* The document as JSON after the patch, or the message of the error. */
static const char *patched(const char *document, const char *operations)
{
    struct error error = {0};
    struct text text = {0};
    const struct yaml_text input = text_of(operations);
    struct node *root = parse(document);
    const struct json_patch *patch = json_patch_read(&tree, &input, &error);
    if (patch && json_patch_apply(&tree, patch, &root, &error))
        cr_assert(emit_json(root, &text, &error));
    const char *result = arena_string(arena, error.message ? error.message : text_content(&text));
    error_free(&error);
    text_free(&text);
    return result;
}

Test(json_patch, operations)
{
    static const char *const cases[][3] = {
        {"{a: 1}", "[{\"op\": \"add\", \"path\": \"/b\", \"value\": [1]}]", "{\"a\":1,\"b\":[1]}"},
        {"{a: 1}", "- {op: remove, path: /a}", "{}"},
        {"{a: 1}", "- {op: replace, path: /new, value: yes}", "{\"a\":1,\"new\":true}"},
        {"{l: [1, 2]}", "- {op: add, path: /l/-, value: 3}", "{\"l\":[1,2,3]}"},
        {"{l: [1, 2]}", "- {op: add, path: /l/0, value: 3}", "{\"l\":[3,1,2]}"},
        {"{l: [1, 2]}", "- {op: remove, path: /l/-1}", "{\"l\":[1]}"},
        {"{l: [1, 2]}", "- {op: add, path: /l/-1, value: 3}", "{\"l\":[1,2,3]}"},
        {"{a/b: 1, c~d: 2}", "- {op: remove, path: /a~1b}\n- {op: remove, path: /c~0d}", "{}"},
        {"{a: {b: 1}}", "- {op: move, from: /a/b, path: /c}", "{\"a\":{},\"c\":1}"},
        {"{a: {b: 1}}", "- {op: copy, from: /a, path: /c}\n- {op: add, path: /c/d, value: 2}",
         "{\"a\":{\"b\":1},\"c\":{\"b\":1,\"d\":2}}"},
        {"{a: {b: [1]}}", "- {op: test, path: /a, value: {b: [1]}}", "{\"a\":{\"b\":[1]}}"},
        {"{a: 1}", "- {op: test, path: /absent, value: null}", "{\"a\":1}"},
        {"{a: {b: 1}}", "- {op: add, path: x/a/c, value: 2}", "{\"a\":{\"b\":1,\"c\":2}}"},
        {"{a: 1}", "- {op: replace, path: '', value: {b: 2}}", "{\"b\":2}"},
        {"{a: 1}", "[]", "{\"a\":1}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert_str_eq(patched(cases[i][0], cases[i][1]), cases[i][2], "%s: %s", cases[i][1],
                         patched(cases[i][0], cases[i][1]));
}

Test(json_patch, failures_name_the_operation_and_the_path)
{
    static const char *const cases[][3] = {
        {"{a: 1}", "- {op: add, path: /b/c, value: 1}",
         "add operation does not apply: doc is missing path: \"/b/c\": missing value"},
        {"{a: 1}", "- {op: remove, path: /b}", "Unable to remove nonexistent key: b"},
        {"{l: [1]}", "- {op: add, path: /l/5, value: 1}", "Unable to access invalid index: '5'"},
        {"{l: [1]}", "- {op: add, path: /l/x, value: 1}", "value was not a proper array index: 'x'"},
        {"{l: [1]}", "- {op: replace, path: /l/1, value: 1}", "doc is missing key: \"/l/1\""},
        {"{a: 1}", "- {op: test, path: /a, value: 2}", "testing value /a failed"},
        {"{a: 1}", "- {op: frob, path: /a}", "Unexpected kind: frob"},
        {"{a: 1}", "- {path: /a}", "Unexpected kind: unknown"},
        {"{a: 1}", "- {op: add}", "add operation failed to decode path"},
        {"{a: 1}", "- {op: move, path: /a}", "missing from field"},
        {"{a: 1}", "- {op: replace, path: '', value: [1]}", "cannot unmarshal array"},
        {"{a: 1}", "{op: add}", "a list of operations"},
        {"{a: 1}", "[{op: add}]", "invalid JSON"},
        {"{a: 1}", "[{\"op\": \"add\", \"path\": \"/b\", \"value\": 1e999}]", "cannot unmarshal number 1e999"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert(strstr(patched(cases[i][0], cases[i][1]), cases[i][2]), "%s: %s", cases[i][1],
                  patched(cases[i][0], cases[i][1]));
}

Test(json_patch, a_failing_patch_changes_nothing)
{
    struct error error = {0};
    struct node *root = parse("{a: 1}"), *before = root;
    const struct yaml_text input = text_of("- {op: remove, path: /a}\n- {op: remove, path: /a}");
    const struct json_patch *patch = json_patch_read(&tree, &input, &error);
    cr_assert_not(json_patch_apply(&tree, patch, &root, &error));
    cr_assert_eq(root, before);
    cr_assert(node_find(root, "a"));
    error_free(&error);
}

Test(json_patch, numbers_become_doubles)
{
    cr_assert_str_eq(patched("{a: 9007199254740993, b: 1.50, c: 0x10}", "[]"),
                     "{\"a\":9007199254740992,\"b\":1.5,\"c\":16}");
    struct error error = {0};
    struct node *root = parse("{a: 1000000, b: 999999, c: 0.00001, d: 123456789.5}");
    const struct yaml_text input = text_of("[]");
    cr_assert(json_patch_apply(&tree, json_patch_read(&tree, &input, &error), &root, &error));
    cr_assert_str_eq(node_text(node_find(root, "a")), "1e+06");
    cr_assert_str_eq(node_text(node_find(root, "b")), "999999");
    cr_assert_str_eq(node_text(node_find(root, "c")), "1e-05");
    cr_assert_str_eq(node_text(node_find(root, "d")), "1.234567895e+08");
}

Test(json_patch, a_patch_can_be_applied_again)
{
    struct error error = {0};
    const struct yaml_text input =
        text_of("- {op: add, path: /a, value: {x: [1]}}\n- {op: add, path: /a/x/-, value: 2}");
    const struct json_patch *patch = json_patch_read(&tree, &input, &error);
    for (int i = 0; i < 2; i++) {
        struct node *root = parse("{}");
        cr_assert(json_patch_apply(&tree, patch, &root, &error));
        cr_assert_eq(node_find(node_find(root, "a"), "x")->count, 2);
    }
}

Test(json_patch, copies_are_bounded)
{
    struct text operations = {0};
    text_string(&operations, "- {op: add, path: /a, value: {x: 1}}\n");
    for (int i = 0; i < 60; i++)
        text_format(&operations, "- {op: copy, from: /a, path: /a/x%d}\n", i);
    tree.node_limit = 100000;
    cr_assert(strstr(patched("{}", operations.bytes), "grows too large"));
    text_free(&operations);
}

static const char *json(const char *text)
{
    struct error error = {0};
    struct text out = {0};
    const struct yaml_text input = text_of(text);
    struct node *node = json_text_parse(&tree, &input, &error);
    if (node)
        cr_assert(emit_json(node, &out, &error));
    const char *result = arena_string(arena, node ? text_content(&out) : error.message);
    error_free(&error);
    text_free(&out);
    return result;
}

Test(json_patch, json_is_read_strictly)
{
    cr_assert_str_eq(json(" {\"a\": [1, -0.5e1, true, null, \"x\\u00e9\\ud83d\\ude00\\n\\/\"], \"b\": {}, \"b\": 2} "),
                     "{\"a\":[1,-5,true,null,\"xé😀\\n/\"],\"b\":2}");
    cr_assert_str_eq(json("\"\\ud83dx\""), "\"\xef\xbf\xbdx\"");
    static const char *const wrong[] = {"",    "{",      "[1,]", "{a: 1}", "01",        "1.",
                                        "'a'", "\"a",    "tru",  "[1]]",   "\"\\x\"",   "{\"a\"}",
                                        "+1",  "\"\t\"", "1e",   "-",      "\"\\u12\"", "nul"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_assert(strstr(json(wrong[i]), "invalid JSON"), "%s: %s", wrong[i], json(wrong[i]));
    char deep[2001];
    memset(deep, '[', 2000);
    deep[2000] = '\0';
    cr_assert(strstr(json(deep), "nesting"));
}
