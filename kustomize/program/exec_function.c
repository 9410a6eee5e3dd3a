/* exec_function.c: runs what a resource under `generators`, `transformers` or `validators` configures: a function or a
 * plugin of the user.
 *
 * Source: api/internal/plugins/loader/loader.go, api/internal/plugins/fnplugin/fnplugin.go */
#include "kustomize/program/exec_function.h"

#include "kustomize/kustomization/provenance.h"

static bool prepare_function(struct kust_target *target, struct external *out, struct error *error)
{
    struct arena *arena = target->render->arena;
    const struct resource *config = target->plugin;
    *out = (struct external){.target = target, .config = config};
    out->directory = source_system_path(target->source, arena, target->directory);
    out->name = arena_format(arena, "plugin api: %s, kind: %s, name: %s", config->group_version, config->id.gvk.kind,
                             config->id.name);
    return out->directory || error_set(error, "programs can only run in a directory");
}

static bool run_function(const struct external *external, const struct text *resources, struct text *output,
                         struct error *error)
{
    const struct function_spec *spec;
    if (!function_spec_read(external->target->render, external->config, &spec, error))
        return false;
    return spec ? function_run(external, spec, resources, output, error)
                : exec_plugin_run(external, resources, output, error);
}

bool external_generator(struct kust_target *target, const struct node *config, struct error *error)
{
    struct external external;
    struct text output = {0};
    bool good = prepare_function(target, &external, error) && run_function(&external, NULL, &output, error) &&
                external_take_generated(&external, &output, error);
    text_free(&output);
    error_locate_at(error, config->origin);
    return good;
}

bool external_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    struct external external;
    struct text input = {0}, output = {0};
    bool good = prepare_function(target, &external, error) && external_write(target, &input, error) &&
                run_function(&external, input.size ? &input : NULL, &output, error) &&
                external_take_transformed(&external, &output, error);
    text_free(&input);
    text_free(&output);
    error_locate_at(error, config->origin);
    return good && kust_target_transformed(target, external.config->id.gvk.kind, error);
}
