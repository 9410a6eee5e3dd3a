/* seal.c: seals values into the SealedSecret of a target. */
#include <string.h>

#include "base/path.h"
#include "plugin/commands.h"
#include "plugin/run/output.h"
#include "plugin/run/seal_again.h"
#include "plugin/run/seal_certificate.h"
#include "plugin/run/seal_files.h"
#include "plugin/run/seal_plain.h"
#include "plugin/run/seal_report.h"
#include "plugin/run/sealing.h"
#include "plugin/run/secrecy.h"

struct seal_options {
    const char *root, *secret, *scope, *certificate, *manifest, *context;
    struct option_list files, env_files, generated, removed, recovery;
    bool dry_run, again, fetch;
};

static const char *const scopes[] = {"strict", "namespace-wide", "cluster-wide", NULL};

static const struct option options[] = {
    OPTION_LIST(struct seal_options, files, 0, "from-file", "KEY=PATH",
                "the content of a file; may be given several times"),
    OPTION_LIST(struct seal_options, env_files, 0, "from-env-file", "PATH", "lines KEY=VALUE of a file"),
    OPTION_TEXT(struct seal_options, manifest, 0, "from-secret", "FILE",
                "the values of a Secret's manifest; '-' for standard input"),
    OPTION_LIST(struct seal_options, generated, 0, "generate", "KEY=BYTES",
                "so many random bytes, as hexadecimal digits"),
    OPTION_LIST(struct seal_options, removed, 0, "remove", "KEY", "take this key away"),
    OPTION_TEXT(struct seal_options, secret, 0, "secret", "NAME",
                "the SealedSecret (default: the only one of the overlay, else a new one with the app's name)"),
    OPTION_CHOICE(struct seal_options, scope, 0, "scope", "SCOPE", scopes,
                  "of a new SealedSecret: strict (default), namespace-wide, cluster-wide"),
    OPTION_TEXT(struct seal_options, certificate, 0, "cert", "FILE|URL",
                "the certificate of the cluster (default argo/certs/ENV.pem)"),
    OPTION_SWITCH(struct seal_options, again, 0, "re-seal",
                  "seal what is sealed again, for a new certificate: all keys, or those that are named"),
    OPTION_LIST(struct seal_options, recovery, 0, "recovery-key", "FILE",
                "with --re-seal: open the values here, with the controller's private key; without, the controller of "
                "the cluster opens and seals them"),
    OPTION_SWITCH(struct seal_options, fetch, 0, "fetch-cert",
                  "fetch the certificate of ENV's cluster into argo/certs/ENV.pem, by way of 'kubeseal --fetch-cert'"),
    OPTION_TEXT(struct seal_options, context, 0, "context", "NAME",
                "the cluster that --fetch-cert and --re-seal ask, as a context of the kubeconfig (default: its current "
                "one)"),
    OPTION_SWITCH(struct seal_options, dry_run, 'n', "dry-run",
                  "show what would change as a diff, sealed values shortened, and change nothing"),
    OPTION_TEXT(struct seal_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    OPTION_END,
};

struct seal_work {
    struct arena *arena;
    const struct seal_options *chosen;
    const char *operand;
    struct seal_list keys;
    struct seal_certificate certificate;
    struct repository repository;
    struct seal_values values;
    struct seal_files files;
    struct seal_target target; /* as it is; then as it will be */
    struct error *error;
};

static bool has_sources(const struct seal_options *chosen)
{
    return chosen->files.count || chosen->env_files.count || chosen->generated.count || chosen->removed.count ||
           chosen->manifest;
}

static bool check_modes(const struct invocation *invocation, struct error *error)
{
    const struct seal_options *chosen = invocation->options;
    if (chosen->fetch && (invocation->operand_count != 1 || has_sources(chosen) || chosen->again))
        return error_set(error, "--fetch-cert takes an environment and nothing else: rootapp seal --fetch-cert ENV");
    if (chosen->again && has_sources(chosen))
        return error_set(error, "--re-seal seals what is sealed already: leave the options for new values out");
    if (chosen->recovery.count && !chosen->again)
        return error_set(error, "--recovery-key belongs to --re-seal");
    if (chosen->context && !chosen->fetch && !chosen->again)
        return error_set(error, "--context belongs to --fetch-cert and --re-seal: nothing else asks a cluster");
    return true;
}

static bool check_operands(const struct invocation *invocation, struct error *error)
{
    const struct seal_options *chosen = invocation->options;
    if (!invocation->operand_count)
        return error_set(error, "name a target and keys: rootapp seal APP/ENV KEY");
    for (size_t i = 0; i < invocation->operand_count; i++)
        if (strchr(invocation->operands[i], '='))
            return error_set(error, "a value on the command line is seen by everybody on this machine: give the key "
                                    "alone, which is then asked for, or --from-file KEY=PATH");
    if (!check_modes(invocation, error))
        return false;
    if (invocation->operand_count == 1 && !has_sources(chosen) && !chosen->again && !chosen->fetch)
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
    if (!find_target(work) || !seal_refuse_plain(work->arena, &work->repository, &work->target, work->error))
        return false;
    bool is_new = !work->target.file;
    const char *name = chosen->secret ? chosen->secret : work->target.app;
    if (is_new && chosen->again)
        return error_set(work->error, "%s: has no SealedSecret to seal again", work->target.directory);
    if (!is_new && chosen->scope && strcmp(chosen->scope, work->target.scope) != 0)
        return error_set(work->error,
                         "%s: is %s, and a change of the scope breaks all of its values: take '%s' out of "
                         "the file, or seal all anew in a new one",
                         work->target.file, work->target.scope, work->target.scope);
    if (!seal_files_open(work->arena, &work->repository, &work->target, name, chosen->scope ? chosen->scope : "strict",
                         &work->files, work->error) ||
        (is_new && !find_target(work)))
        return false;
    work->target.written_name =
        seal_written_name(work->arena, work->files.items[0].path, &work->files.items[0].new, work->target.line);
    return !is_new || seal_refuse_plain(work->arena, &work->repository, &work->target, work->error);
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
    const struct seal_cluster cluster = {&work->repository, work->target.environment, work->chosen->certificate,
                                         work->chosen->context};
    return seal_certificate_find(work->arena, &cluster, &work->certificate, work->error);
}

static bool seal_one(struct seal_work *work, struct seal_value *value)
{
    const struct seal_target *target = &work->target;
    struct seal_for whom = {target->name, target->namespace, target->scope, work->certificate.file};
    if (!value->removed && !value->sealed &&
        !kubeseal_value(work->arena, &whom, &value->value, &value->sealed, work->error))
        return false;
    struct seal_edit edit = {
        .file = work->files.items[0].path, .name = target->written_name, .key = value->key, .sealed = value->sealed};
    if (!value->removed)
        edit.record = arena_format(work->arena, "%s=%s@%s/%s", value->key, work->certificate.fingerprint,
                                   target->namespace, target->name);
    return seal_edit_text(work->arena, &edit, &work->files.items[0].new, work->error);
}

/* The controller seals with its newest key: what is recorded has to be the certificate of that. */
static bool check_newest(struct seal_work *work)
{
    const struct seal_cluster cluster = {&work->repository, work->target.environment, NULL, work->chosen->context};
    struct fetched_certificate newest;
    bool good = seal_certificate_fetch(work->arena, &cluster, &newest, work->error);
    if (good && strcmp(newest.certificate.fingerprint, work->certificate.fingerprint) != 0)
        good = error_set(work->error,
                         "%s: is not the newest certificate of the cluster: first 'rootapp seal --fetch-cert %s'",
                         work->certificate.shown, work->target.environment);
    text_free(&newest.old);
    text_free(&newest.new);
    return good;
}

static bool open_sealed(struct seal_work *work)
{
    const struct seal_options *chosen = work->chosen;
    const struct seal_for whom = {work->target.name, work->target.namespace, work->target.scope, NULL};
    const struct seal_again again = {.whom = &whom,
                                     .name = work->target.written_name,
                                     .file = work->files.items[0].path,
                                     .text = &work->files.items[0].old,
                                     .keys = work->keys,
                                     .recovery = {chosen->recovery.items, chosen->recovery.count},
                                     .context = chosen->context};
    return (chosen->recovery.count || check_newest(work)) &&
           seal_again(work->arena, &again, &work->values, work->error);
}

/* Before anybody is asked for a value: with nothing but keys to remove, none is needed. */
static bool find_needed_certificate(struct seal_work *work)
{
    const struct seal_options *chosen = work->chosen;
    bool needed = work->keys.count || chosen->again || chosen->files.count || chosen->env_files.count ||
                  chosen->generated.count || chosen->manifest;
    return !needed || find_certificate(work);
}

static bool seal_all(struct seal_work *work)
{
    if (work->chosen->again && !open_sealed(work))
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

static bool report_result(struct seal_work *work)
{
    const struct seal_report report = {&work->target, &work->certificate, &work->values, &work->files};
    return work->chosen->dry_run ? seal_report_diff(&report, work->error)
                                 : seal_report_done(work->arena, &report, work->error);
}

static bool read_values(struct seal_work *work)
{
    const struct seal_options *chosen = work->chosen;
    struct seal_sources sources = {.keys = work->keys.items,
                                   .key_count = chosen->again ? 0 : work->keys.count,
                                   .files = {chosen->files.items, chosen->files.count},
                                   .env_files = {chosen->env_files.items, chosen->env_files.count},
                                   .generated = {chosen->generated.items, chosen->generated.count},
                                   .removed = {chosen->removed.items, chosen->removed.count},
                                   .manifest = chosen->manifest};
    return seal_values_read(work->arena, &sources, &work->values, work->error);
}

static bool seal_and_report(struct seal_work *work)
{
    return open_files(work) && check_target(work) && find_needed_certificate(work) && read_values(work) &&
           seal_all(work) &&
           seal_files_add_checksums(work->arena, &work->repository, &work->target, &work->files, work->error) &&
           check_result(work) &&
           (work->chosen->dry_run || seal_files_write(work->arena, &work->repository, &work->files, work->error)) &&
           report_result(work);
}

/* The certificate of an environment. */

static bool fetch_for(struct seal_work *work, const char *environment)
{
    const struct seal_cluster cluster = {&work->repository, environment, work->chosen->certificate,
                                         work->chosen->context};
    struct fetched_certificate fetched = {0};
    bool good =
        seal_certificate_fetch(work->arena, &cluster, &fetched, work->error) &&
        (work->chosen->dry_run || seal_certificate_write(work->arena, &work->repository, &fetched, work->error)) &&
        seal_report_fetched(&fetched, work->chosen->dry_run, work->error);
    text_free(&fetched.old);
    text_free(&fetched.new);
    return good;
}

/* The operand is ENV, or APP/ENV as everywhere else. */
static bool fetch_and_keep(struct seal_work *work)
{
    const char *slash = strrchr(work->operand, '/'), *environment = slash ? slash + 1 : work->operand;
    return open_repository(work) &&
           seal_target_check_environment(work->arena, &work->repository, work->chosen->root, environment,
                                         work->error) &&
           fetch_for(work, environment);
}

static int run_seal(const struct invocation *invocation, struct error *error)
{
    const struct seal_options *chosen = invocation->options;
    if (!check_operands(invocation, error))
        return EXIT_USAGE;
    struct seal_work work = {.arena = invocation->arena,
                             .chosen = chosen,
                             .operand = invocation->operands[0],
                             .keys = {invocation->operands + 1, invocation->operand_count - 1},
                             .error = error};
    secrecy_begin();
    bool good = chosen->fetch ? fetch_and_keep(&work) : seal_and_report(&work);
    seal_values_forget(&work.values);
    secrecy_end();
    seal_files_free(&work.files);
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
        "The certificate is public. `--fetch-cert ENV` runs 'kubeseal --fetch-cert' against the cluster, which you "
        "need "
        "access to for that, or reads it from the URL of --cert; the file is to be committed. The new certificate "
        "comes "
        "first in it; those from before stay, because what was sealed with them can still be opened. `--re-seal` seals "
        "the values again for the new one, which the controller does, or kubeseal here with a private key of the "
        "controller.\n"
        "\n"
        "Refused are: a certificate that has expired, one with a short key, a private key in its place, a Secret in "
        "plain text of the same name, and a file that other overlays read.\n"
        "\n"
        "kubeseal is found on PATH, or named by the environment variable KUBESEAL. docs/secrets.md explains the rest.",
    .examples = "rootapp seal example-app/dev signing-key\n"
                "rootapp seal example-app/dev --generate signing-key=32\n",
    .options = options,
    .options_size = sizeof(struct seal_options),
    .run = run_seal,
};
