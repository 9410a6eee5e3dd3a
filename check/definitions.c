/* definitions.c: custom resources that are synced together with their definition. */
#include <stdlib.h>
#include <string.h>

#include "check/workloads.h"

static const char skip_option[] = "SkipDryRunOnMissingResource=true";

static long wave_of(const struct check_object *object)
{
    const char *text = object_annotation(object, "argocd.argoproj.io/sync-wave");
    return text ? strtol(text, NULL, 10) : 0;
}

static bool skips_dry_run(const struct check_target *target, const struct check_object *object)
{
    static const char *const path[] = {"spec", "syncPolicy", "syncOptions", NULL};
    const char *own = object_annotation(object, "argocd.argoproj.io/sync-options");
    const struct node *options = node_path(target->application, path);
    if (own && strstr(own, skip_option))
        return true;
    for (uint32_t i = 0; node_is_list(options) && i < options->count; i++)
        if (node_equals(options->items[i], skip_option))
            return true;
    return false;
}

static bool defines_kind(const struct check_object *definition, const struct check_object *object)
{
    const struct node *spec = node_find(definition->root, "spec");
    return strcmp(definition->kind, "CustomResourceDefinition") == 0 &&
           node_equals(node_find(spec, "group"), object->group) &&
           node_equals(node_find(node_find(spec, "names"), "kind"), object->kind);
}

static const char *const kind_path[] = {"kind", NULL};

static void check_object(struct check_input *input, const struct check_target *target,
                         const struct check_object *object)
{
    for (size_t i = 0; *object->group && i < target->object_count; i++) {
        const struct check_object *definition = &target->objects[i];
        if (!defines_kind(definition, object) || wave_of(definition) < wave_of(object) || skips_dry_run(target, object))
            continue;
        struct finding *finding =
            check_report(input, target, RA117, check_origin(object->root, kind_path), object,
                         "%s '%s' is synced together with the definition of its kind", object->kind, object->name);
        struct span place = check_place(target, check_origin(definition->root, kind_path), definition);
        if (place.file && !finding->related_count)
            finding_add_related(input->findings, finding, place, "the definition");
        return;
    }
}

static bool has_definitions(const struct check_target *target)
{
    for (size_t i = 0; i < target->object_count; i++)
        if (strcmp(target->objects[i].kind, "CustomResourceDefinition") == 0)
            return true;
    return false;
}

static void check_definitions(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; has_definitions(&input->targets[i]) && j < input->targets[i].object_count; j++)
            check_object(input, &input->targets[i], &input->targets[i].objects[j]);
}

static const enum rule_id ids[] = {RA117, RULE_COUNT};
const struct check definitions_check = {"definitions", ids, check_definitions};
