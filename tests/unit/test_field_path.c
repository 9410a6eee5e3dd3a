/* test_field_path.c: walking to the fields that specs name. */
#include <criterion/criterion.h>
#include <string.h>

#include "kustomize/field/field_path.h"

static struct tree base, overlay;
static struct error error;

static void setup(void)
{
    base.arena = overlay.arena = arena_new();
    base.keys = overlay.keys = intern_new(base.arena);
    base.owner = 1;
    overlay.owner = 2;
}

static void teardown(void)
{
    error_free(&error);
    arena_free(base.arena);
}

TestSuite(field_path, .init = setup, .fini = teardown);

/* apps/v1 Deployment web, with spec.list: [{name: a}, {name: b}], spec.none: null and metadata.annotations.a/b: c */
static struct resource *deployment(void)
{
    struct node *root = tree_map(&base), *metadata = tree_map(&base), *spec = tree_map(&base), *list = tree_list(&base);
    struct node *annotations = tree_map(&base);
    tree_set_string(&base, root, "apiVersion", "apps/v1");
    tree_set_string(&base, root, "kind", "Deployment");
    tree_set(&base, root, &key_metadata, metadata);
    tree_set_string(&base, metadata, "name", "web");
    tree_set(&base, metadata, &key_annotations, annotations);
    tree_set_string(&base, annotations, "a/b", "c");
    tree_set(&base, root, &key_spec, spec);
    tree_set_named(&base, spec, "list", list);
    tree_set_named(&base, spec, "none", tree_null(&base));
    for (const char *name = "a\0b\0"; *name; name += 2) {
        tree_append(&base, list, tree_map(&base));
        tree_set_string(&base, list->items[list->count - 1], "name", name);
    }
    return resource_new(base.arena, root);
}

/* Sets every field to x and notes what was there. */
static bool set_x(void *context, const struct found_field *field, struct error *failure)
{
    struct text *seen = context;
    (void)failure;
    text_format(seen, "%s,", node_is_scalar(field->node) ? field->node->text : "?");
    struct node *node = trail_own(field->tree, field->trail);
    if (node->kind == NODE_SCALAR)
        tree_set_text(field->tree, node, "x", 1);
    return true;
}

static const char *visit(struct resource *resource, const char *kind, const char *path, enum create_kind create)
{
    struct field_spec spec = {{"", "", kind}, path, create != CREATE_NOTHING};
    struct text seen = {0};
    struct field_paths *paths = field_paths_compile(&overlay, (struct field_specs){&spec, 1});
    bool ok = field_paths_visit(paths, resource, create, set_x, &seen, &error);
    char *copy = ok ? arena_string(base.arena, text_content(&seen)) : NULL;
    text_free(&seen);
    return copy;
}

Test(field_path, goes_through_lists)
{
    cr_assert_str_eq(visit(deployment(), "Deployment", "spec/list/name", CREATE_NOTHING), "a,b,");
}

Test(field_path, writes_leave_the_shared_tree_alone)
{
    struct resource *resource = deployment();
    struct node *before = resource->root;
    visit(resource, "", "/spec/list[]/name", CREATE_NOTHING);
    cr_assert_neq(resource->root, before);
    cr_assert(node_equals(node_get(node_find(node_get(before, &key_spec), "list")->items[1], &key_name), "b"));
    cr_assert(node_equals(node_get(node_find(node_get(resource->root, &key_spec), "list")->items[1], &key_name), "x"));
}

Test(field_path, passes_over_other_kinds_and_absent_fields)
{
    struct resource *resource = deployment();
    struct node *before = resource->root;
    cr_assert_str_eq(visit(resource, "Service", "spec/list/name", CREATE_NOTHING), "");
    cr_assert_str_eq(visit(resource, "", "spec/absent/name", CREATE_NOTHING), "");
    cr_assert_str_eq(visit(resource, "", "spec/none/name", CREATE_NOTHING), "");
    cr_assert_eq(resource->root, before);
}

Test(field_path, a_backslash_takes_a_slash_into_the_name)
{
    cr_assert_str_eq(visit(deployment(), "", "metadata/annotations/a\\/b", CREATE_NOTHING), "c,");
}

Test(field_path, creates_maps_on_the_way)
{
    struct resource *resource = deployment();
    cr_assert_str_eq(visit(resource, "", "spec/none/deep/count", CREATE_INT), ",");
    const char *const path[] = {"spec", "none", "deep", "count", NULL};
    cr_assert(node_equals(node_at(resource->root, path), "x"));
}

Test(field_path, a_null_that_should_be_a_list_becomes_one)
{
    struct resource *resource = deployment();
    cr_assert_str_eq(visit(resource, "", "spec/none[]/name", CREATE_NOTHING), "");
    cr_assert(node_is_list(node_find(node_get(resource->root, &key_spec), "none")));
}

Test(field_path, a_scalar_on_the_way_is_an_error)
{
    cr_assert_null(visit(deployment(), "", "metadata/name/deeper", CREATE_NOTHING));
    cr_assert_str_eq(error.message,
                     "considering field 'metadata/name/deeper' of object Deployment.v1.apps/web.[noNs]: expected "
                     "sequence or mapping node, found the scalar 'web'");
}

Test(field_path, an_empty_or_numeric_name_is_an_error)
{
    cr_assert_null(visit(deployment(), "", "metadata//name", CREATE_NOTHING));
    error_free(&error);
    cr_assert_null(visit(deployment(), "", "metadata/0", CREATE_NOTHING));
}
