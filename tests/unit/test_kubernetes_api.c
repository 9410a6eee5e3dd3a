/* What the API server refuses in a resource by its structure, and how long kinds are served. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/text.h"
#include "kubernetes/api.h"
#include "yaml/parse.h"
#include "yaml/tree.h"

struct fixture {
    struct arena *arena;
    struct origins *origins;
    struct tree tree;
    struct custom_kinds *custom;
    struct text faults;
};

static struct fixture open_fixture(void)
{
    struct fixture fixture = {.arena = arena_new(), .origins = origins_new()};
    fixture.tree = (struct tree){.arena = fixture.arena, .keys = intern_new(fixture.arena), .owner = 1};
    fixture.custom = custom_kinds_new(fixture.arena);
    return fixture;
}

static void close_fixture(struct fixture *fixture)
{
    text_free(&fixture->faults);
    origins_free(fixture->origins);
    arena_free(fixture->arena);
}

static struct node *read_text(struct fixture *fixture, const char *text)
{
    struct error error = {0};
    struct node *root = NULL;
    struct yaml_text input = {.file = "input.yaml", .bytes = text, .size = strlen(text), .origins = fixture->origins};
    cr_assert(parse_first(&fixture->tree, &input, &root, &error), "%s", error.message);
    return root;
}

static void note_fault(void *context, const struct api_fault *fault)
{
    static const char *const kinds[] = {"unknown", "type", "missing", "new"};
    struct fixture *fixture = context;
    struct place place = origins_place(fixture->origins, fault->at);
    text_format(&fixture->faults, "%u:%u %s %s", place.line, place.column, kinds[fault->kind], fault->path);
    if (fault->expected)
        text_format(&fixture->faults, " (%s)", fault->expected);
    if (fault->nearest)
        text_format(&fixture->faults, " (%s?)", fault->nearest);
    if (fault->since)
        text_format(&fixture->faults, " (1.%u)", fault->since);
    text_byte(&fixture->faults, '\n');
}

static void expect_faults(unsigned minor, const char *text, const char *expected)
{
    struct fixture fixture = open_fixture();
    const struct node *root = read_text(&fixture, text);
    struct known_kind kind =
        api_find(NULL, node_text(node_find(root, "apiVersion")), node_text(node_find(root, "kind")));
    cr_assert(api_has_fields(kind));
    api_validate(kind, minor, root, NULL, note_fault, &fixture);
    cr_assert_str_eq(text_content(&fixture.faults), expected);
    close_fixture(&fixture);
}

#define POD(container) "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n" container

Test(kubernetes_api, valid)
{
    expect_faults(
        37, POD("    image: a\n    ports: [{containerPort: 80}]\n    resources: {limits: {cpu: 1, memory: 1Gi}}\n"),
        "");
}

Test(kubernetes_api, unknown_field)
{
    expect_faults(37, POD("    imagee: a\n"), "7:5 unknown spec.containers[0].imagee (image?)\n");
}

Test(kubernetes_api, wrong_types)
{
    expect_faults(37, POD("    command: a\n    stdin: 'true'\n    ports:\n    - containerPort: '80'\n"),
                  "7:14 type spec.containers[0].command (a list)\n"
                  "8:12 type spec.containers[0].stdin (true or false)\n"
                  "10:22 type spec.containers[0].ports[0].containerPort (an integer)\n");
    expect_faults(37,
                  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: [a]}\ndata: {a: 1, b: 2.5, c: true}\n",
                  "3:29 type metadata.labels (a map)\n4:11 type data.a (a string)\n4:17 type data.b (a string)\n"
                  "4:25 type data.c (a string)\n");
}

Test(kubernetes_api, whole_float_is_an_integer)
{
    expect_faults(37, POD("    ports: [{containerPort: 80.0}]\n"), "");
    expect_faults(37, POD("    ports: [{containerPort: 80.5}]\n"),
                  "7:29 type spec.containers[0].ports[0].containerPort (an integer)\n");
}

Test(kubernetes_api, missing_fields)
{
    expect_faults(37,
                  "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  selector: {}\n  template:\n    "
                  "spec: {}\n",
                  "7:11 missing spec.template.spec.containers\n");
}

Test(kubernetes_api, null_is_absent)
{
    expect_faults(37, POD("    image: null\n"), "");
    expect_faults(37, POD("    imagee: null\n"), "7:5 unknown spec.containers[0].imagee (image?)\n");
    expect_faults(37, "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: null}\n",
                  "4:7 missing spec.containers\n");
}

Test(kubernetes_api, status_is_passed_over)
{
    expect_faults(37, "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\nstatus: {loadBalancer: {}}\n", "");
}

static struct api_lifecycle life_of(struct fixture *fixture, const char *version, const char *kind, unsigned minor)
{
    struct known_kind known = api_find(NULL, version, kind);
    cr_assert(known.kind);
    return api_lifecycle(fixture->arena, known, minor);
}

Test(kubernetes_api, lifecycle)
{
    struct fixture fixture = open_fixture();
    cr_assert_eq(life_of(&fixture, "apps/v1", "Deployment", 37).state, API_SERVED);
    struct api_lifecycle life = life_of(&fixture, "policy/v1beta1", "PodDisruptionBudget", 36);
    cr_assert_eq(life.state, API_REMOVED);
    cr_assert_eq(life.removed, 25);
    cr_assert_str_eq(life.new_version, "policy/v1");
    cr_assert_str_eq(life.new_kind, "PodDisruptionBudget");
    cr_assert_eq(life_of(&fixture, "extensions/v1beta1", "Ingress", 34).state, API_REMOVED);
    close_fixture(&fixture);
}

Test(kubernetes_api, versions_are_the_newest_four)
{
    struct api_versions versions = api_versions();
    cr_assert_eq(versions.newest - versions.oldest, 3);
}

Test(kubernetes_api, nearest_kind)
{
    struct fixture fixture = open_fixture();
    cr_assert_str_eq(api_nearest(fixture.arena, NULL, "apps/v1", "Deploymnet"), "apps/v1 Deployment");
    cr_assert_str_eq(api_nearest(fixture.arena, NULL, "v1", "Deployment"), "apps/v1 Deployment");
    cr_assert_null(api_nearest(fixture.arena, NULL, "example.com/v1", "Widget"));
    close_fixture(&fixture);
}

static const char widget_definition[] =
    "apiVersion: apiextensions.k8s.io/v1\n"
    "kind: CustomResourceDefinition\n"
    "metadata: {name: widgets.example.com}\n"
    "spec:\n"
    "  group: example.com\n"
    "  names: {kind: Widget, plural: widgets}\n"
    "  scope: Namespaced\n"
    "  versions:\n"
    "  - name: v1\n"
    "    served: true\n"
    "    storage: true\n"
    "    schema:\n"
    "      openAPIV3Schema:\n"
    "        type: object\n"
    "        required: [spec]\n"
    "        properties:\n"
    "          spec:\n"
    "            type: object\n"
    "            required: [size]\n"
    "            properties:\n"
    "              size: {type: integer}\n"
    "              port: {x-kubernetes-int-or-string: true}\n"
    "              free: {type: object, x-kubernetes-preserve-unknown-fields: true}\n"
    "              parts: {type: array, items: {type: object, properties: {name: {type: string}}}}\n";

static void expect_widget_faults(const char *text, const char *expected)
{
    struct fixture fixture = open_fixture();
    custom_kinds_add(fixture.custom, read_text(&fixture, widget_definition));
    struct known_kind kind = api_find(fixture.custom, "example.com/v1", "Widget");
    cr_assert(api_has_fields(kind));
    api_validate(kind, 37, read_text(&fixture, text), NULL, note_fault, &fixture);
    cr_assert_str_eq(text_content(&fixture.faults), expected);
    close_fixture(&fixture);
}

#define WIDGET "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\n"

Test(kubernetes_api, custom_resource)
{
    expect_widget_faults(WIDGET "spec: {size: 3, port: http, free: {a: [1]}, parts: [{name: a}]}\n", "");
    expect_widget_faults(
        WIDGET "spec: {sizes: 3, parts: [{nam: a}]}\n",
        "4:8 unknown spec.sizes (size?)\n4:27 unknown spec.parts[0].nam (name?)\n4:7 missing spec.size\n");
    expect_widget_faults("apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a, label: {}}\nspec: {size: x}\n",
                         "3:21 unknown metadata.label (labels?)\n4:14 type spec.size (an integer)\n");
}
