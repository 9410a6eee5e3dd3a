/* build.c: renders one directory as `kustomize build` does. */
#define _GNU_SOURCE
#include <string.h>

#include "base/files.h"
#include "finding/finding.h"
#include "plugin/commands.h"
#include "plugin/helm_options.h"
#include "plugin/remote_options.h"
#include "plugin/run/individual_files.h"
#include "plugin/run/output.h"
#include "plugin/run/repository.h"
#include "plugin/run/session.h"

struct build_options {
    struct fetch_options fetch;
    struct chart_options charts;
    const char *output;
    const char *load_restrictor, *reorder;
    bool managed_by_label, plugins, exec;
    bool warn;
    struct option_list environment;
};

/* Source of the names: `kustomize build --help`, and the hidden ones in kustomize/commands/build. */
static const struct option options[] = {
    OPTION_TEXT(struct build_options, output, 'o', "output", "PATH",
                "write to this file; if it is a directory, each resource to a file of its own"),
    OPTION_CHOICE(struct build_options, load_restrictor, 0, "load-restrictor", "NAME", load_restrictors,
                  "LoadRestrictionsNone lets kustomizations load files from outside their own directory, though "
                  "never from outside the repository (default LoadRestrictionsRootOnly)"),
    FETCH_OPTIONS(struct build_options, fetch),
    HELM_OPTIONS(struct build_options, charts),
    OPTION_REFUSED(0, "as-current-user", "functions in containers are not run"),
    OPTION_SWITCH(struct build_options, plugins, 0, "enable-alpha-plugins",
                  "run exec plugins of kustomize's plugin directory, and functions"),
    OPTION_SWITCH(struct build_options, exec, 0, "enable-exec",
                  "with --enable-alpha-plugins: run the programs that functions name, with your rights"),
    OPTION_SWITCH(struct build_options, managed_by_label, 0, "enable-managedby-label",
                  "label every resource app.kubernetes.io/managed-by"),
    OPTION_SWITCH(struct build_options, warn, 0, "warn",
                  "say on standard error where something is lost or ignored; see docs/warnings.md"),
    OPTION_LIST(struct build_options, environment, 'e', "env", "NAME=VALUE",
                "a variable for functions; may be given several times"),
    OPTION_REFUSED(0, "mount", "functions in containers are not run"),
    OPTION_REFUSED(0, "network", "functions in containers are not run"),
    OPTION_REFUSED(0, "network-name", "functions in containers are not run"),
    OPTION_CHOICE(struct build_options, reorder, 0, "reorder", "NAME", build_orders,
                  "none keeps the order of the files where the kustomization has no sortOptions (default legacy)"),
    OPTION_REFUSED(0, "stack-trace", "errors name the line of the file instead"),
    OPTION_END,
};

static bool write_result(const struct build_options *chosen, const struct session *session,
                         const struct rendered *rendered, struct error *error)
{
    bool to_file = chosen->output && *chosen->output;
    if (to_file && path_is_directory(chosen->output))
        return individual_files_write(chosen->output, rendered, error);
    struct text text = {0};
    bool good = session_write(session, rendered, &text, error);
    if (good)
        good = to_file ? output_file(chosen->output, &text, error) : output_print(&text, error);
    text_free(&text);
    return good;
}

/* Each finding of the engine, as a warning of ours. */
static void note_findings(const struct repository *repository, const struct rendered *rendered, struct text *out)
{
    for (size_t i = 0; rendered->findings && i < rendered->findings->count; i++) {
        const struct finding *finding = rendered->findings->items[i];
        if (finding->rule == &rules[RA002]) /* kustomize's own warning says it */
            continue;
        struct error local = {0};
        error_in(&local, (struct place){finding->place.file, finding->place.line, finding->place.column}, "%s",
                 finding->message);
        repository_localize(repository, rendered->arena, &local);
        text_format(out, "rootapp: %s: ", severity_text(finding->severity));
        error_write(&local, out);
        text_byte(out, '\n');
        error_free(&local);
    }
}

static bool build_directory(const struct build_options *chosen, const struct session_options *how, struct error *error)
{
    struct session session;
    struct rendered rendered = {0};
    struct text notes = {0};
    session_open(&session, how);
    bool good = session_build(&session, how->repository->directory, &rendered, error);
    session_notes(&session, false, &notes);
    output_warnings(&rendered.warnings);
    note_findings(how->repository, &rendered, &notes);
    output_note(&notes);
    good = good && write_result(chosen, &session, &rendered, error);
    text_free(&notes);
    rendered_free(&rendered);
    session_close(&session);
    return good;
}

static bool find_repository(struct arena *arena, const char *directory, struct repository *out, struct error *error)
{
    if (!engine_is_remote(directory))
        return repository_find(arena, directory, WITHOUT_GIT_SYSTEM, out, error);
    *out = (struct repository){.root = "", .directory = directory};
    return true;
}

static struct function_options functions_from(const struct build_options *chosen)
{
    return (struct function_options){.plugins = chosen->plugins,
                                     .exec = chosen->exec,
                                     .environment = chosen->environment.items,
                                     .environment_count = chosen->environment.count};
}

static int run_build(const struct invocation *invocation, struct error *error)
{
    const struct build_options *chosen = invocation->options;
    struct repository repository;
    struct session_options how = {.repository = &repository,
                                  .load_restrictor = chosen->load_restrictor,
                                  .managed_by_label = chosen->managed_by_label,
                                  .keeps_order = chosen->reorder && strcmp(chosen->reorder, "none") == 0,
                                  .warn = chosen->warn,
                                  .helm = helm_options_read(&chosen->charts, invocation->arena, NULL),
                                  .functions = functions_from(chosen)};
    how.helm.enabled = how.helm.enabled || chosen->plugins;
    const char *directory = invocation->operand_count ? invocation->operands[0] : ".";
    if (!fetch_options_read(&chosen->fetch, FETCH_FOR_USER, invocation->arena, &how.remote, error) ||
        !find_repository(invocation->arena, directory, &repository, error))
        return EXIT_FAILED;
    bool good = build_directory(chosen, &how, error);
    repository_localize(&repository, invocation->arena, error);
    repository_close(&repository);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

const struct command build_command = {
    .name = "build",
    .operands = "[DIR]",
    .most_operands = 1,
    .summary = "render a kustomization, as kustomize build does",
    .description =
        "Prints what 'kustomize build DIR' prints, byte for byte. Without DIR, builds the working directory.\n"
        "\n"
        "Nothing is printed unless everything succeeded. Nothing is read from outside the repository: the "
        "nearest directory above DIR that holds .git, or the whole file system where there is none. A RootApp "
        "resource under 'generators' is built into its Applications and AppProjects.\n"
        "\n"
        "Remote bases and files are fetched, by git and libcurl, from anywhere or from the hosts that --allow-host "
        "lists; DIR itself may be the URL of one. See docs/remote.md.",
    .examples = "rootapp build apps/example-app/k8s/overlays/dev\n"
                "rootapp build -o example-app.yaml apps/example-app/k8s/overlays/dev\n",
    .options = options,
    .options_size = sizeof(struct build_options),
    .run = run_build,
};
