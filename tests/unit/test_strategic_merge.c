/* test_strategic_merge.c: merging trees, and what a merge leaves alone. */
#include <criterion/criterion.h>
#include <string.h>

#include "kustomize/patch/strategic_merge.h"
#include "yaml/emit.h"
#include "yaml/parse.h"

static struct arena *arena;
static struct tree tree;
static struct origins *origins;
static struct schema_set *schemas;

static void setup(void)
{
    arena = arena_new();
    tree = (struct tree){.arena = arena, .keys = intern_new(arena), .owner = 1};
    origins = origins_new();
    schemas = schema_set_new(arena);
}

static void teardown(void)
{
    origins_free(origins);
    arena_free(arena);
}

TestSuite(strategic_merge, .init = setup, .fini = teardown);

static struct node *parse(const char *text)
{
    struct error error = {0};
    struct node *node = NULL;
    const struct yaml_text input = {"test.yaml", text, strlen(text), origins, 0};
    cr_assert(parse_first(&tree, &input, &node, &error), "%s", error.message);
    return node;
}

static const char *print(const struct node *node)
{
    struct error error = {0};
    struct text text = {0};
    cr_assert(emit_json(node, &text, &error), "%s", error.message);
    const char *copy = arena_string(arena, text_content(&text));
    text_free(&text);
    return copy;
}

static struct node *merge(struct node *destination, struct node *patch, const struct schema *schema)
{
    struct error error = {0};
    struct merge work = {.tree = &tree, .schemas = schemas, .error = &error};
    struct node *result;
    tree_share(patch);
    cr_assert(merge_nodes(&work, destination, patch, schema, &result), "%s", error.message);
    return result;
}

static void merged(const char *destination, const char *patch, const struct schema *schema, const char *wanted)
{
    cr_assert_str_eq(print(merge(parse(destination), parse(patch), schema)), wanted);
}

static const struct schema *pod_spec(void)
{
    return schema_field(schema_set_find(schemas, "v1", "Pod"), "spec");
}

Test(strategic_merge, maps_merge_and_nulls_delete)
{
    merged("{a: 1, b: {c: 2, d: 3}}", "{b: {c: null, e: 4}, f: 5}", NULL, "{\"a\":1,\"b\":{\"d\":3,\"e\":4},\"f\":5}");
}

Test(strategic_merge, lists_without_a_schema_are_replaced)
{
    merged("{l: [{name: a}, {name: b}]}", "{l: [{name: b, x: 1}]}", NULL, "{\"l\":[{\"name\":\"b\",\"x\":1}]}");
}

Test(strategic_merge, lists_merge_by_key_and_new_elements_come_first)
{
    merged("{containers: [{name: a, image: x}, {name: b}]}", "{containers: [{name: c}, {name: a, tty: true}]}",
           pod_spec(),
           "{\"containers\":[{\"name\":\"c\"},{\"image\":\"x\",\"name\":\"a\",\"tty\":true},{\"name\":\"b\"}]}");
}

Test(strategic_merge, directives_delete_and_replace)
{
    merged("{a: {b: 1}, c: {d: 1}}", "{a: {$patch: delete}, c: {$patch: replace, e: 2}}", NULL, "{\"c\":{\"e\":2}}");
    merged("{containers: [{name: a}, {name: b}]}", "{containers: [{name: a, $patch: delete}]}", pod_spec(),
           "{\"containers\":[{\"name\":\"b\"}]}");
    merged("{containers: [{name: a}, {name: b}]}", "{containers: [{$patch: replace}, {name: c}]}", pod_spec(),
           "{\"containers\":[{\"name\":\"c\"}]}");
}

Test(strategic_merge, what_is_new_loses_its_nulls_and_directives)
{
    merged("{}", "{a: {b: null, c: {$patch: delete}, d: {$patch: merge, e: 1}}}", NULL, "{\"a\":{\"d\":{\"e\":1}}}");
}

Test(strategic_merge, explicit_nulls_of_the_destination_stay)
{
    merged("{a: null, b: ~}", "{c: 1}", NULL, "{\"a\":null,\"b\":null,\"c\":1}");
    merged("a:\nb: 1\n", "{c: 1}", NULL, "{\"b\":1,\"c\":1}");
}

Test(strategic_merge, a_value_keeps_the_style_of_the_one_it_replaces)
{
    merged("{a: \"x\"}", "{a: 5}", NULL, "{\"a\":\"5\"}");
}

Test(strategic_merge, elements_without_their_key_follow_kyaml)
{
    merged("{containers: [{name: a}]}", "{containers: [{image: x}]}", pod_spec(), "{\"containers\":[]}");
    merged("{containers: [{name: a}, {name: a, image: x}]}", "{containers: [{name: a, tty: true}]}", pod_spec(),
           "{\"containers\":[{\"image\":\"x\",\"name\":\"a\"}]}");
}

Test(strategic_merge, the_patch_is_not_written_to)
{
    struct node *patch = parse("{containers: [{name: a, env: [{name: x, value: null}], ports: null}], $patch: merge}");
    const char *before = print(patch);
    merge(parse("{containers: [{name: a, env: [{name: y}]}]}"), patch, pod_spec());
    merge(parse("{}"), patch, pod_spec());
    cr_assert_str_eq(print(patch), before);
}

Test(strategic_merge, a_destination_of_another_tree_is_not_written_to)
{
    struct node *shared = parse("{containers: [{name: a, env: [{name: y}]}], x: {z: 1}}");
    tree_share(shared);
    const char *before = print(shared);
    struct node *result = merge(shared, parse("{containers: [{name: a, env: [{name: x}]}]}"), pod_spec());
    cr_assert_str_eq(print(shared), before);
    cr_assert_eq(node_find(result, "x"), node_find(shared, "x"), "what did not change is shared");
}

Test(strategic_merge, unchanged_destinations_come_back_as_they_are)
{
    struct node *shared = parse("{containers: [{name: a, ports: [{containerPort: 80}]}]}");
    tree_share(shared);
    cr_assert_eq(merge(shared, parse("{}"), pod_spec()), shared);
}

static const char *failure(const char *destination, const char *patch, const struct schema *schema)
{
    struct error error = {0};
    struct merge work = {.tree = &tree, .schemas = schemas, .error = &error};
    struct node *result;
    cr_assert_not(merge_nodes(&work, parse(destination), parse(patch), schema, &result));
    const char *message = arena_string(arena, error.message);
    error_free(&error);
    return message;
}

Test(strategic_merge, kinds_must_agree)
{
    cr_assert(strstr(failure("{a: {b: 1}}", "{a: [1]}", NULL), "expected MappingNode but got SequenceNode"));
    cr_assert(strstr(failure("{a: {b: 1}}", "{a: {$patch: merg}}", NULL), "unknown patch strategy 'merg'"));
}

/* What compares each item with each other one takes longer than any machine needs for this. */
Test(strategic_merge, long_regular_lists_take_no_long_time, .timeout = 120)
{
    struct text list = {0}, odd = {0};
    text_string(&list, "{containers: [");
    for (int i = 0; i < 100000; i++)
        text_format(&list, "{name: c%d},", i);
    text_bytes(&odd, list.bytes, list.size);
    text_string(&odd, "{name: c1},");
    text_string(&list, "]}");
    text_string(&odd, "]}");
    struct node *result = merge(parse(list.bytes), parse(list.bytes), pod_spec());
    cr_assert_eq(node_find(result, "containers")->count, 100000);
    cr_assert(strstr(failure(list.bytes, odd.bytes, pod_spec()), "lack the key or have it twice"));
    text_free(&list);
    text_free(&odd);
}
