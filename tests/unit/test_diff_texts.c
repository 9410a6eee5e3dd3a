/* test_diff_texts.c: what is hidden in texts, what structure they have, which resources are alike, and how items of
 * custom lists are told apart. */
#include <criterion/criterion.h>
#include <string.h>

#include "diff/changes.h"
#include "diff/list_keys.h"
#include "diff/secret_text.h"
#include "diff/structure.h"
#include "yaml/parse.h"

static struct tree tree;
static struct origins *origins;

static void setup(void)
{
    tree = (struct tree){.arena = arena_new(), .owner = UINT32_MAX};
    tree.keys = intern_new(tree.arena);
    origins = origins_new();
}

static void teardown(void)
{
    origins_free(origins);
    arena_free(tree.arena);
}

TestSuite(diff_texts, .init = setup, .fini = teardown);

static const struct {
    enum secret_names names;
    const char *text, *shown;
} hidden[] = {
    {NAMES_OF_SETTINGS, "a=b\nDB_PASSWORD=x y\nc=d\n", "a=b\nDB_PASSWORD=(3 bytes, hidden)\nc=d\n"},
    {NAMES_OF_SETTINGS, "export API_KEY='x y'; echo", "export API_KEY=(5 bytes, hidden); echo"},
    {NAMES_OF_SETTINGS, "db:\n  password: x # y\n  user: z", "db:\n  password: (5 bytes, hidden)\n  user: z"},
    {NAMES_OF_SETTINGS, "token: |\n  x\n  y\nz: 1", "token: |\n  (6 bytes, hidden)\nz: 1"},
    {NAMES_OF_SETTINGS, "- credentials:\n    x: y\n  other: z", "- credentials:\n    (8 bytes, hidden)\n  other: z"},
    {NAMES_OF_SETTINGS, "passwords:\n- x\n- y\nz: 1", "passwords:\n  (6 bytes, hidden)\nz: 1"},
    {NAMES_OF_SETTINGS, "{\"user\":\"a\",\"password\":\"x\\\"y\",\"b\":1}",
     "{\"user\":\"a\",\"password\":(6 bytes, hidden),\"b\":1}"},
    {NAMES_OF_SETTINGS, "{\n \"secret\": {\n  \"a\": \"x\"\n },\n \"b\": 1\n}",
     "{\n \"secret\": {\n   (10 bytes, hidden)\n },\n \"b\": 1\n}"},
    {NAMES_OF_SETTINGS, "host=db password=x port=1", "host=db password=(1 bytes, hidden) port=1"},
    {NAMES_OF_SETTINGS, "postgres://me:x@db:5432/a?b=c", "postgres://me:(1 bytes, hidden)@db:5432/a?b=c"},
    {NAMES_OF_SETTINGS, "see https://example.com:8080/tokens", NULL},
    {NAMES_OF_OPTIONS, "--db-password=x", "--db-password=(1 bytes, hidden)"},
    {NAMES_OF_OPTIONS, "--token-file=/a", NULL},
    {NAMES_IN_MESSAGES, "a/passwd: leads out", NULL},
    {NAMES_IN_MESSAGES, "line 3: password: x", "line 3: password: (1 bytes, hidden)"},
};

Test(diff_texts, secrets)
{
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        struct text out = {0};
        bool any = hide_secrets(hidden[i].text, hidden[i].names, &out);
        cr_expect_eq(any, hidden[i].shown != NULL, "%s", hidden[i].text);
        cr_expect_str_eq(text_content(&out), hidden[i].shown ? hidden[i].shown : hidden[i].text);
        text_free(&out);
    }
}

static const struct {
    const char *text, *field; /* NULL: there is no structure */
} structured[] = {
    {"a: 1\nb: {c: d}\n", "b"}, {"{\"a\": [1, 2]}", "a"},    {"# comment\na = b\n\n[part]\nc=d\n", "part.c"},
    {"one line", NULL},         {"only\nwords\n", NULL},     {"a=1\na=2\n", NULL},
    {"a: 1\na: 2\n", NULL},     {"a: 1\n---\nb: 2\n", NULL}, {"#!/bin/sh\nset -e\na=b\n", NULL},
};

Test(diff_texts, structure)
{
    for (size_t i = 0; i < sizeof structured / sizeof *structured; i++) {
        const struct node *text = tree_string(&tree, structured[i].text), *root = structure_of(&tree, text);
        cr_expect_eq(root != NULL, structured[i].field != NULL, "%s", structured[i].text);
        cr_expect(!root || node_find(root, structured[i].field), "%s", structured[i].text);
    }
}

static struct diff_side side_of(const char *text)
{
    struct tree *own = ARENA_NEW(tree.arena, struct tree);
    struct node_array nodes = {0};
    struct error error = {0};
    *own = (struct tree){.arena = tree.arena, .keys = intern_new(tree.arena), .owner = 1};
    const struct yaml_text given = {.file = "a.yaml", .bytes = text, .size = strlen(text), .origins = origins};
    cr_assert(parse_documents(own, &given, &nodes, &error), "%s: %s", text, error.message);
    return (struct diff_side){
        .origins = origins, .items = (const struct node *const *)nodes.items, .count = nodes.count};
}

static struct resource_changes changes_of(const struct list_keys *custom, const char *base, const char *head)
{
    struct diff diff = {.arena = tree.arena, .tree = &tree, .custom = custom};
    struct diff_side before = side_of(base), after = side_of(head);
    struct resource_changes changes;
    find_changes(&diff, &before, &after, &changes);
    return changes;
}

#define FILE_OF(text) "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  file: |\n" text
#define SERVICE(name, port)                                                                                        \
    "apiVersion: v1\nkind: Service\nmetadata: {name: " name "}\nspec: {type: ClusterIP, selector: {a: b}, ports: " \
    "[{port: " port ", name: http, targetPort: web}]}\n"

/* A text with a structure is compared by it: paths from its root, secrets hidden by their names wherever they stand. */
Test(diff_texts, fields_inside)
{
    struct resource_changes changes =
        changes_of(NULL, FILE_OF("    server: {port: 1, host: a}\n    token: {x: CANARY}\n"),
                   FILE_OF("    server: {port: 2, host: a}\n    token: {x: CANARIES}\n"));
    const struct field_change *field = changes.items[0].fields;
    cr_assert_eq(field->inside_count, 2);
    cr_expect_str_eq(field->inside[0].path, "server.port");
    cr_expect_str_eq(node_text(field->inside[0].new), "2");
    cr_expect_str_eq(field->inside[1].path, "token.x");
    cr_expect_str_eq(node_text(field->inside[1].new), "(8 bytes, hidden)");
    cr_expect_null(strstr(node_text(field->new), "CANARIES"), "%s", node_text(field->new));
    /* Only a comment: the lines differ, and nothing in the structure does. */
    changes = changes_of(NULL, FILE_OF("    a: 1\n"), FILE_OF("    # why\n    a: 1\n"));
    cr_assert_eq(changes.items[0].count, 1);
    cr_expect_eq(changes.items[0].fields[0].inside_count, 0);
}

Test(diff_texts, similar_resources)
{
    struct resource_changes changes = changes_of(NULL, SERVICE("a", "80"), SERVICE("b", "81"));
    cr_assert_eq(changes.count, 2);
    cr_assert_not_null(changes.items[0].similar);
    cr_expect_str_eq(changes.items[0].similar->name, "a");
    cr_expect_str_eq(changes.items[1].similar->name, "b");
    /* Two that are equally alike: none is said to be it. */
    changes = changes_of(NULL, SERVICE("a", "80"), SERVICE("b", "80") "---\n" SERVICE("c", "80"));
    cr_expect_null(changes.items[0].similar);
    changes = changes_of(NULL, SERVICE("a", "80"),
                         "apiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec: {type: A, b: c}");
    cr_expect_null(changes.items[0].similar);
}

static const char definition[] =
    "kind: CustomResourceDefinition\nspec: {group: example.com, names: {kind: Route}, versions: [{name: v1, schema: "
    "{openAPIV3Schema: {properties: {spec: {properties: {routes: {x-kubernetes-list-type: map, "
    "x-kubernetes-list-map-keys: [host], items: {properties: {ports: {x-kubernetes-list-type: map, "
    "x-kubernetes-list-map-keys: [number], items: {}}}}}, words: {x-kubernetes-list-type: atomic, items: {}}}}}}}}]}";
#define ROUTE(text) "apiVersion: example.com/v1\nkind: Route\nmetadata: {name: a}\nspec: {" text "}\n"

Test(diff_texts, custom_lists)
{
    struct list_keys *keys = list_keys_new(tree.arena);
    struct diff_side definitions = side_of(definition);
    list_keys_learn(keys, definitions.items[0]);
    struct resource_changes changes =
        changes_of(keys, ROUTE("routes: [{host: a.b, ports: [{number: 1, x: 1}]}, {host: c}]"),
                   ROUTE("routes: [{host: c}, {host: a.b, ports: [{number: 1, x: 2}]}]"));
    cr_assert_eq(changes.items[0].count, 1);
    cr_expect_str_eq(changes.items[0].fields[0].path, "spec.routes.[host=a.b].ports.[number=1].x");
    changes = changes_of(keys, ROUTE("words: [{name: a, x: 1}]"), ROUTE("words: [{name: a, x: 2}]"));
    cr_expect_str_eq(changes.items[0].fields[0].path, "spec.words.[0].x");
    changes = changes_of(NULL, ROUTE("words: [{name: a, x: 1}]"), ROUTE("words: [{name: a, x: 2}]"));
    cr_expect_str_eq(changes.items[0].fields[0].path, "spec.words.[name=a].x");
}

Test(diff_texts, lists_of_an_openapi_file)
{
    struct list_keys *keys = list_keys_new(tree.arena);
    struct diff_side file = side_of(
        "definitions: {Route: {x-kubernetes-group-version-kind: [{group: example.com, kind: Route, version: v1}], "
        "properties: {spec: {$ref: '#/definitions/Spec'}}}, Spec: {properties: {routes: "
        "{x-kubernetes-patch-merge-key: host, items: {}}}}}\n");
    list_keys_learn_openapi(keys, file.items[0]);
    struct resource_changes changes =
        changes_of(keys, ROUTE("routes: [{host: a, x: 1}]"), ROUTE("routes: [{host: b, x: 1}, {host: a, x: 1}]"));
    cr_assert_eq(changes.items[0].count, 1);
    cr_expect_str_eq(changes.items[0].fields[0].path, "spec.routes.[host=b]");
}
