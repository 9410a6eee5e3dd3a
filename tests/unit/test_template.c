/* test_template.c: placeholders in texts and trees, and merging. */
#include "generator_fixture.h"

TestSuite(template, .init = fixture_setup, .fini = fixture_teardown);

static const struct binding values[] = {{"app", "shop"}, {"env", "prod"}, {NULL, NULL}};

Test(template, text)
{
    struct arena *arena = fixture.tree.arena;
    cr_expect_str_eq(expand_text(arena, "{app}-{env}", values), "shop-prod");
    cr_expect_str_eq(expand_text(arena, "{other} {", values), "{other} {");
    cr_expect_str_eq(expand_text(arena, "{{.app.metadata.name}} {{app}} {app}", values),
                     "{{.app.metadata.name}} {{app}} shop");
    cr_expect_str_eq(expand_text(arena, "{\"a\": {app}}", values), "{\"a\": shop}");
}

Test(template, booleans_lists_and_numbers_survive)
{
    struct node *node = parse("t.yaml", "a: true\nb: [1, '{app}', {c: '{env}'}]\nd: '1'\ne: null\nf: 1.5\n");
    cr_expect_str_eq(yaml_of(expand_tree(&fixture.tree, node, values)),
                     "a: true\nb:\n- 1\n- shop\n- c: prod\nd: \"1\"\ne: null\nf: 1.5\n");
}

Test(template, an_app_called_like_a_number_stays_a_text)
{
    static const struct binding number[] = {{"app", "123"}, {NULL, NULL}};
    struct node *node = parse("t.yaml", "a: '{app}'\nb: {c: \"{app}\"}\n");
    cr_expect_str_eq(yaml_of(expand_tree(&fixture.tree, node, number)), "a: \"123\"\nb:\n  c: \"123\"\n");
}

Test(template, merge)
{
    struct node *base = parse("b.yaml", "metadata: {labels: {a: x}}\nspec: {keep: 1, gone: 2, syncOptions: [A=1, B=2], "
                                        "env: [{name: x, value: 1}]}\n");
    struct node *over = parse("o.yaml", "metadata: {labels: {b: y}}\nspec: {gone: null, syncOptions: [B=3, C=4], "
                                        "env: [{name: x, value: 2}, {name: y}], new: {a: [true]}}\n");
    merge_tree(&fixture.tree, base, over);
    cr_expect_str_eq(yaml_of(base),
                     "metadata:\n  labels:\n    a: x\n    b: \"y\"\nspec:\n  env:\n  - name: x\n    value: 2\n"
                     "  - name: \"y\"\n  keep: 1\n  new:\n    a:\n    - true\n  syncOptions:\n  - A=1\n"
                     "  - B=3\n  - C=4\n");
}

Test(template, unknown_placeholders_are_refused)
{
    static const char *const names[] = {"app", "env", NULL};
    cr_expect_not(check_template_text("{ap}", 0, names, true, &fixture.error));
    cr_expect_str_eq(fixture.error.message, "unknown placeholder {ap} (did you mean {app}?)");
    error_free(&fixture.error);
    cr_expect(check_template_text("{{anything}} {\"json\": 1}", 0, names, false, &fixture.error));
    cr_expect_not(check_template_text("a}", 0, names, true, &fixture.error));
}
