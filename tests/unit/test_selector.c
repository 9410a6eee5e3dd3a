/* test_selector.c: selecting resources, and the syntax of label selectors. */
#include <criterion/criterion.h>
#include <string.h>

#include "kustomize/kustomization/selector.h"
#include "kustomize/text/label_selector.h"

static struct arena *arena;
static struct tree tree;
static struct resources all;

static struct resource *add(const char *kind, const char *name, const char *namespace)
{
    struct node *root = tree_map(&tree), *metadata = tree_map(&tree);
    tree_set_string(&tree, root, "apiVersion", "apps/v1");
    tree_set_string(&tree, root, "kind", kind);
    tree_set_named(&tree, root, "metadata", metadata);
    tree_set_string(&tree, metadata, "name", name);
    if (namespace)
        tree_set_string(&tree, metadata, "namespace", namespace);
    struct resource *resource = resource_new(arena, root);
    resources_add(&all, resource);
    return resource;
}

static void setup(void)
{
    arena = arena_new();
    tree = (struct tree){.arena = arena, .keys = intern_new(arena), .owner = 1};
    resources_init(&all, arena, NULL);
}

static void teardown(void)
{
    arena_free(arena);
}

TestSuite(selector, .init = setup, .fini = teardown);

static size_t count(struct selector_fields fields)
{
    struct error error = {0};
    struct resource_matches found;
    struct selector *selector = selector_compile(arena, &fields, &error);
    cr_assert(selector, "%s", error.message);
    cr_assert(selector_select(selector, &all, &tree, &found, &error), "%s", error.message);
    return found.count;
}

Test(selector, patterns_are_anchored)
{
    add("Deployment", "web", NULL);
    add("Deployment", "web-2", NULL);
    cr_assert_eq(count((struct selector_fields){.name = "web"}), 1);
    cr_assert_eq(count((struct selector_fields){.name = "web.*"}), 2);
    cr_assert_eq(count((struct selector_fields){.name = "eb"}), 0);
    cr_assert_eq(count((struct selector_fields){.name = "^web$"}), 1);
    cr_assert_eq(count((struct selector_fields){.name = "^$"}), 0);
    cr_assert_eq(count((struct selector_fields){.group = "apps", .version = "v1", .kind = "Deploy.*"}), 2);
    cr_assert_eq(count((struct selector_fields){.group = "app"}), 0);
    cr_assert_eq(count((struct selector_fields){.name = ""}), 2);
}

Test(selector, an_absent_namespace_is_the_default_one)
{
    add("Deployment", "web", NULL);
    add("Deployment", "db", "shop");
    cr_assert_eq(count((struct selector_fields){.namespace = "default"}), 1);
    cr_assert_eq(count((struct selector_fields){.namespace = "shop|default"}), 2);
}

Test(selector, original_names_match_too)
{
    struct resource *resource = add("Deployment", "web", NULL);
    resource_store_past_id(arena, resource);
    resources_set_name(&all, &tree, resource, "prod-web");
    cr_assert_eq(count((struct selector_fields){.name = "web"}), 1);
    cr_assert_eq(count((struct selector_fields){.name = "prod-web"}), 1);
    cr_assert_eq(count((struct selector_fields){.name = "prod-.*"}), 1);
}

static bool labels_match(const char *text)
{
    struct error error = {0};
    struct node *labels = tree_map(&tree);
    tree_set_string(&tree, labels, "app", "web");
    tree_set_string(&tree, labels, "tier", "");
    tree_set_string(&tree, labels, "example.com/rank", "5");
    struct label_selector *selector = label_selector_parse(arena, text, 0, &error);
    cr_assert(selector, "%s: %s", text, error.message);
    return label_selector_matches(selector, labels);
}

Test(selector, labels_follow_kubernetes)
{
    static const char *const matching[] = {
        "",
        "app=web",
        "app == web",
        "app",
        "!debug",
        "app in (a, web)",
        "app notin (a,b)",
        "app!=api",
        "debug!=x",
        "tier=",
        "tier in ()",
        "tier in (a,)",
        "example.com/rank>4",
        "app,tier",
        "app=web,!x,tier",
        "in notin (in)",
        "debug notin (a)",
        "example.com/rank < 6",
    };
    static const char *const failing[] = {"app=api", "!app", "debug", "app in (a)", "example.com/rank>5", "app>4"};
    for (size_t i = 0; i < sizeof matching / sizeof *matching; i++)
        cr_assert(labels_match(matching[i]), "%s", matching[i]);
    for (size_t i = 0; i < sizeof failing / sizeof *failing; i++)
        cr_assert_not(labels_match(failing[i]), "%s", failing[i]);
}

Test(selector, malformed_label_selectors_are_refused)
{
    static const char *const texts[] = {"app=web,", "app web", "=web", "app in a", "app in (a b)", "a b/c=d",
                                        "-a",       "a=-",     "a>b",  "!",        "A/b",          "app,,tier"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct error error = {0};
        cr_assert_null(label_selector_parse(arena, texts[i], 0, &error), "%s", texts[i]);
        error_free(&error);
    }
}

Test(selector, a_wrong_label_selector_fails_once_it_is_needed)
{
    struct error error = {0};
    struct resource_matches found;
    add("Deployment", "web", NULL);
    struct selector *selector =
        selector_compile(arena, &(struct selector_fields){.name = "db", .label_selector = "a b"}, &error);
    cr_assert(selector_select(selector, &all, &tree, &found, &error));
    selector = selector_compile(arena, &(struct selector_fields){.name = "web", .label_selector = "a b"}, &error);
    cr_assert_not(selector_select(selector, &all, &tree, &found, &error));
    error_free(&error);
}
