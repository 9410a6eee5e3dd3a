/* exec_function.c: runs what a resource under `generators`, `transformers` or `validators` configures: a function or a
 * plugin of the user.
 *
 * Source: api/internal/plugins/loader/loader.go, api/internal/plugins/fnplugin/fnplugin.go */
#include "kustomize/program/exec_function.h"

#include "base/process.h"
#include "kustomize/kustomization/provenance.h"

enum { SECONDS = 600, LARGEST_OUTPUT = 256 * 1024 * 1024 };

static bool describe_end(const struct external *external, const struct process_end *end, struct error *error)
{
    if (end->timed_out)
        return error_set(error, "%s took longer than %d s", external->name, SECONDS);
    if (end->too_large)
        return error_set(error, "%s printed more than %d bytes", external->name, LARGEST_OUTPUT);
    if (end->status != 0)
        return error_set(error, "couldn't execute function: %s failed with exit status %d", external->name,
                         end->status);
    return true;
}

bool external_run(const struct external *external, const struct process *process, struct text *output,
                  struct error *error)
{
    struct process_end end;
    struct process run = *process;
    struct text *warnings = external->target->render->warnings;
    run.directory = external->directory;
    run.seconds = SECONDS;
    run.output_limit = LARGEST_OUTPUT;
    if (!process_run(&run, &end, error))
        return error_wrap(error, "couldn't execute function: %s", external->name);
    text_bytes(warnings, text_content(&end.err), end.err.size);
    if (end.err.size && end.err.bytes[end.err.size - 1] != '\n')
        text_byte(warnings, '\n');
    bool good = describe_end(external, &end, error);
    if (good)
        text_bytes(output, text_content(&end.out), end.out.size);
    process_end_free(&end);
    return good;
}

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
