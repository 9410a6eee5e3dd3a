/* test_config.c: the builtin field specs, and merging others into them. */
#include <criterion/criterion.h>
#include <string.h>

#include "kustomize/specs/config.h"
#include "tree_fixture.h"

TestSuite(config, .init = tree_set_up, .fini = tree_tear_down);

static struct config one_prefix(const struct field_spec *spec)
{
    return (struct config){.name_prefix = {spec, 1}};
}

Test(config, the_builtin_tables_are_in_order)
{
    struct config sorted = *config_builtin();
    config_sort(arena, &sorted);
    const struct config *builtin = config_builtin();
    for (size_t i = 0; i < builtin->common_labels.count; i++)
        cr_assert_str_eq(sorted.common_labels.items[i].path, builtin->common_labels.items[i].path);
    for (size_t i = 0; i < builtin->var_references.count; i++)
        cr_assert_str_eq(sorted.var_references.items[i].path, builtin->var_references.items[i].path);
    for (size_t i = 0; i < builtin->name_references.count; i++)
        cr_assert_str_eq(sorted.name_references.items[i].referred.kind,
                         builtin->name_references.items[i].referred.kind);
}

Test(config, merging_itself_changes_nothing)
{
    const struct config *merged = config_merge(&tree, config_builtin(), config_builtin(), &error);
    cr_assert_eq(memcmp(merged, config_builtin(), sizeof *merged), 0);
}

Test(config, a_new_spec_is_sorted_in)
{
    struct field_spec spec = {{"", "", "Namespace"}, "metadata/name", false};
    struct config more = one_prefix(&spec);
    const struct config *merged = config_merge(&tree, config_builtin(), &more, &error);
    cr_assert_eq(merged->name_prefix.count, 2);
    cr_assert_str_eq(merged->name_prefix.items[0].gvk.kind, "Namespace");
}

/* Asymmetric: what is there counts as the same when the new one selects it. */
Test(config, a_wider_spec_counts_as_there)
{
    struct field_spec narrow = {{"", "", "Widget"}, "spec/name", false}, wide = {{"", "", ""}, "spec/name", false};
    struct field_specs out;
    cr_assert(field_specs_merge(&tree, (struct field_specs){&narrow, 1}, (struct field_specs){&wide, 1}, &out, &error));
    cr_assert_eq(out.count, 1);
    cr_assert(field_specs_merge(&tree, (struct field_specs){&wide, 1}, (struct field_specs){&narrow, 1}, &out, &error));
    cr_assert_eq(out.count, 2);
}

Test(config, another_create_is_a_conflict)
{
    struct field_spec spec = {{"", "", ""}, "metadata/name", true};
    struct config more = one_prefix(&spec);
    cr_assert_null(config_merge(&tree, config_builtin(), &more, &error));
    cr_assert(strstr(error.message, "failed to merge NamePrefix fieldSpec: conflicting fieldspecs"));
}

Test(config, referrers_of_one_kind_are_merged)
{
    struct field_spec spec = {{"", "", "Widget"}, "spec/configName", false};
    struct name_reference reference = {{"", "v1", "ConfigMap"}, {&spec, 1}};
    struct config more = {.name_references = {&reference, 1}};
    const struct config *merged = config_merge(&tree, config_builtin(), &more, &error);
    const struct name_references *before = &config_builtin()->name_references, *after = &merged->name_references;
    cr_assert_eq(after->count, before->count);
    for (size_t i = 0; i < after->count; i++)
        cr_assert_eq(after->items[i].referrers.count,
                     before->items[i].referrers.count + (strcmp(after->items[i].referred.kind, "ConfigMap") == 0));
}

/* So that {group: apps, path} in a file stands for {path} too, which would conflict with the builtin one. */
Test(config, a_file_is_merged_with_itself_first)
{
    struct field_spec specs[] = {{{"apps", "", ""}, "metadata/name", false}, {{"", "", ""}, "metadata/name", false}};
    struct config file = {.namespace = {specs, 2}}, empty = {0};
    const struct config *tidy = config_merge(&tree, &empty, &file, &error);
    cr_assert_eq(tidy->namespace.count, 1);
    cr_assert(config_merge(&tree, config_builtin(), tidy, &error));
}
