/* seal.c: seals values into the SealedSecret of a target. */
#include <string.h>

#include "base/path.h"
#include "plugin/commands.h"
#include "plugin/run/output.h"
#include "plugin/run/seal_files.h"
#include "plugin/run/seal_values.h"
#include "plugin/run/sealing.h"

struct seal_options {
    const char *root, *secret, *scope, *certificate;
    struct option_list files, env_files, generated, removed;
    bool dry_run;
};

static const char *const scopes[] = {"strict", "namespace-wide", "cluster-wide", NULL};

static const struct option options[] = {
    OPTION_LIST(struct seal_options, files, 0, "from-file", "KEY=PATH",
                "the content of a file; may be given several times"),
    OPTION_LIST(struct seal_options, env_files, 0, "from-env-file", "PATH", "lines KEY=VALUE of a file"),
    OPTION_LIST(struct seal_options, generated, 0, "generate", "KEY=BYTES",
                "so many random bytes, as hexadecimal digits"),
    OPTION_LIST(struct seal_options, removed, 0, "remove", "KEY", "take this key away"),
    OPTION_TEXT(struct seal_options, secret, 0, "secret", "NAME",
                "the SealedSecret (default: the only one of the overlay, else a new one with the app's name)"),
    OPTION_CHOICE(struct seal_options, scope, 0, "scope", "SCOPE", scopes,
                  "of a new SealedSecret: strict (default), namespace-wide, cluster-wide"),
    OPTION_TEXT(struct seal_options, certificate, 0, "cert", "FILE",
                "the certificate of the cluster (default argo/certs/ENV.pem)"),
    OPTION_SWITCH(struct seal_options, dry_run, 'n', "dry-run", "say what would change, and change nothing"),
    OPTION_TEXT(struct seal_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    OPTION_END,
};

struct seal_work {
    struct arena *arena;
    const struct seal_options *chosen;
    const char *operand, *certificate, *fingerprint;
    struct repository repository;
    struct seal_values values;
    struct seal_files files;
    struct seal_target target; /* as it is; then as it will be */
    struct text said;
    struct error *error;
};

static bool check_operands(const struct invocation *invocation, struct error *error)
{
    const struct seal_options *chosen = invocation->options;
    if (!invocation->operand_count)
        return error_set(error, "name a target and keys: rootapp seal APP/ENV KEY");
    for (size_t i = 1; i < invocation->operand_count; i++)
        if (strchr(invocation->operands[i], '='))
            return error_set(error, "a value on the command line is seen by everybody on this machine: give the key "
                                    "alone, which is then asked for, or --from-file KEY=PATH");
    if (invocation->operand_count == 1 && !chosen->files.count && !chosen->env_files.count &&
        !chosen->generated.count && !chosen->removed.count)
        return error_set(error, "nothing to seal: name a KEY");
    return true;
}

static bool open_repository(struct seal_work *work)
{
    repository_close(&work->repository);
    work->repository = (struct repository){0};
    return repository_find(work->arena, ".", WITHOUT_GIT_HERE, &work->repository, work->error);
}

/* Renders with the files as they are to be, and reads the files anew. */
static bool find_target(struct seal_work *work)
{
    if (!open_repository(work))
        return false;
    if (work->files.count)
        seal_files_lay_over(&work->files, &work->repository);
    return seal_target_find(work->arena, &work->repository, work->chosen->root, work->operand, work->chosen->secret,
                            &work->target, work->error) &&
           open_repository(work);
}

static bool open_files(struct seal_work *work)
{
    const struct seal_options *chosen = work->chosen;
    if (!find_target(work))
        return false;
    bool is_new = !work->target.file;
    const char *name = chosen->secret ? chosen->secret : work->target.app;
    if (!is_new && chosen->scope && strcmp(chosen->scope, work->target.scope) != 0)
        return error_set(work->error,
                         "%s: is %s, and a change of the scope breaks all of its values: take '%s' out of "
                         "the file, or seal all anew in a new one",
                         work->target.file, work->target.scope, work->target.scope);
    return seal_files_open(work->arena, &work->repository, &work->target, name,
                           chosen->scope ? chosen->scope : "strict", &work->files, work->error) &&
           (!is_new || find_target(work));
}

static bool check_target(struct seal_work *work)
{
    const struct seal_target *target = &work->target;
    if (!target->file)
        return error_set(work->error, "%s: the new SealedSecret is not rendered", target->directory);
    if (!*target->namespace && strcmp(target->scope, "cluster-wide") != 0)
        return error_set(work->error,
                         "%s: the namespace is not known: set metadata.namespace, or namespace in the "
                         "kustomization",
                         target->file);
    return true;
}

static bool find_certificate(struct seal_work *work)
{
    const char *chosen = work->chosen->certificate, *here = working_directory(work->arena, work->error);
    if (!here)
        return false;
    const char *name = arena_format(work->arena, "argo/certs/%s.pem", work->target.environment);
    work->certificate =
        chosen ? chosen : path_relative(work->arena, here, path_join(work->arena, work->repository.root, name));
    work->fingerprint = seal_fingerprint(work->arena, work->certificate, work->error);
    return work->fingerprint;
}

static bool seal_one(struct seal_work *work, const struct seal_value *value)
{
    const struct seal_target *target = &work->target;
    struct seal_edit edit = {.file = work->files.items[0].path, .name = target->name, .key = value->key};
    struct seal_for whom = {target->name, target->namespace, target->scope, work->certificate};
    if (!value->removed && !seal_value(work->arena, &whom, &value->value, &edit.sealed, work->error))
        return false;
    if (!value->removed)
        edit.record =
            arena_format(work->arena, "%s=%s@%s/%s", value->key, work->fingerprint, target->namespace, target->name);
    if (value->removed)
        text_format(&work->said, "%s: %s removed\n", edit.file, value->key);
    else
        text_format(&work->said, "%s: %s sealed for Secret %s/%s (%s)\n", edit.file, value->key, target->namespace,
                    target->name, target->scope);
    return seal_edit_text(work->arena, &edit, &work->files.items[0].new, work->error);
}

static bool seal_all(struct seal_work *work)
{
    bool needs_certificate = false;
    for (size_t i = 0; i < work->values.count; i++)
        needs_certificate = needs_certificate || !work->values.items[i].removed;
    if (!check_target(work) || (needs_certificate && !find_certificate(work)))
        return false;
    for (size_t i = 0; i < work->values.count; i++)
        if (!seal_one(work, &work->values.items[i]))
            return false;
    return true;
}

/* What was sealed for has to be what is rendered with the new files. */
static bool check_result(struct seal_work *work)
{
    struct seal_target before = work->target;
    if (!find_target(work))
        return false;
    const struct seal_target *after = &work->target;
    if (after->file && strcmp(before.name, after->name) == 0 && strcmp(before.namespace, after->namespace) == 0 &&
        strcmp(before.scope, after->scope) == 0)
        return true;
    return error_set(work->error, "%s: is rendered otherwise with the new values; nothing was changed", before.file);
}

static bool tell_files(struct seal_work *work)
{
    for (size_t i = 1; i < work->files.count; i++)
        text_format(&work->said, "%s: %s\n", work->files.items[i].path,
                    work->files.items[0].is_new ? "names it under resources" : "the checksum, so that new pods start");
    if (work->chosen->dry_run)
        text_string(&work->said, "nothing was changed (--dry-run)\n");
    return output_print(&work->said, work->error);
}

static bool seal(struct seal_work *work)
{
    return open_files(work) && seal_all(work) &&
           seal_files_add_checksums(work->arena, &work->repository, &work->target, &work->files, work->error) &&
           check_result(work) &&
           (work->chosen->dry_run || seal_files_write(work->arena, &work->repository, &work->files, work->error)) &&
           tell_files(work);
}

static int run(const struct invocation *invocation, struct error *error)
{
    const struct seal_options *chosen = invocation->options;
    if (!check_operands(invocation, error))
        return EXIT_USAGE;
    struct seal_work work = {
        .arena = invocation->arena, .chosen = chosen, .operand = invocation->operands[0], .error = error};
    struct seal_sources sources = {.keys = invocation->operands + 1,
                                   .key_count = invocation->operand_count - 1,
                                   .files = {chosen->files.items, chosen->files.count},
                                   .env_files = {chosen->env_files.items, chosen->env_files.count},
                                   .generated = {chosen->generated.items, chosen->generated.count},
                                   .removed = {chosen->removed.items, chosen->removed.count}};
    bool good = seal_values_read(invocation->arena, &sources, &work.values, error) && seal(&work);
    seal_values_forget(&work.values);
    seal_files_free(&work.files);
    text_free(&work.said);
    repository_close(&work.repository);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

const struct command seal_command = {
    .name = "seal",
    .operands = "APP/ENV [KEY]...",
    .most_operands = OPERANDS_UNLIMITED,
    .summary = "seal values into the SealedSecret of a target",
    .description =
        "Lets kubeseal encrypt values for the cluster of an environment, and writes them into the SealedSecret of the "
        "overlay. No cluster is needed: argo/certs/ENV.pem is its certificate. The target is rendered, in memory, so "
        "that each value is sealed for the name and the namespace that the Secret has in the cluster, whatever "
        "prefixes and namespaces the overlay sets. Every other byte of the file stays; a checksum of the file in the "
        "overlay follows, so that new pods start. Where the overlay has no SealedSecret, one is made, and named under "
        "'resources'.\n"
        "\n"
        "A KEY is asked for without echo, or read from a pipe where it is the only one. A value is never an argument, "
        "where everybody on the machine could read it, and never in a file.\n"
        "\n"
        "kubeseal is found on PATH, or named by the environment variable KUBESEAL. docs/secrets.md explains how to get "
        "the certificate, and what to do when it changes.",
    .examples = "rootapp seal example-app/dev signing-key\n"
                "rootapp seal example-app/dev --generate signing-key=32\n",
    .options = options,
    .options_size = sizeof(struct seal_options),
    .run = run,
};
