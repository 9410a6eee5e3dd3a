/* carry_out.c: carries a change of images out where the options say. */
#define _GNU_SOURCE
#include "plugin/change/carry_out.h"

#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/path.h"
#include "base/process.h"
#include "plugin/change/apply.h"
#include "plugin/change/clone.h"
#include "plugin/change/local_commit.h"
#include "plugin/change/remote_text.h"
#include "plugin/change/work_tree.h"
#include "plugin/run/output.h"
#include "plugin/run/render_set.h"

enum { USUAL_SECONDS = 120 };

bool carry_out_check(struct carry_out_options *options, struct error *error)
{
    options->push = options->push || options->branch || options->pull_request || options->repo;
    if (options->push && options->commit)
        return error_set(error, "--push makes its own commit on the remote's branch: leave --commit out");
    if (options->repo && options->remote)
        return error_set(error, "--repo names the remote already: leave --remote out");
    if (options->token_variable && !getenv(options->token_variable))
        return error_set(error, "--token-env %s: there is no such environment variable", options->token_variable);
    return true;
}

/* Reports. */

static void describe_push(struct arena *arena, const struct change_end *end, struct text *out)
{
    const char *attempt = end->attempts == 2 ? " (second attempt: the branch had moved)"
                          : end->attempts > 2
                              ? arena_format(arena, " (attempt %u: the branch had moved)", end->attempts)
                              : "";
    text_format(out, "pushed %.7s to %s%s%s%s\n", end->commit, end->branch, attempt, end->url ? " " : "",
                end->url ? end->url : "");
}

static void write_text(const struct carry_out *carry, const struct changes *changes, const struct change_end *end,
                       struct text *out)
{
    if (carry->options.dry_run && changes_any(changes)) {
        report_diff(changes, out);
        return;
    }
    report_text(changes, out);
    if (end->branch && strcmp(end->result, "unchanged") == 0)
        text_format(out, "%s has this already%s%s\n", end->branch, end->url ? " " : "", end->url ? end->url : "");
    else if (strcmp(end->result, "pushed") == 0)
        describe_push(carry->arena, end, out);
    else if (strcmp(end->result, "committed") == 0)
        text_format(out, "committed %.7s %s%s\n", end->commit, end->branch ? "to " : "",
                    end->branch ? end->branch : "on a detached HEAD: give it a branch, or it may get lost");
}

/* What nothing was done for; "edited" of a dry run is what would be. */
static const char *result_of(const struct changes *changes)
{
    bool held = false, superseded = false;
    for (size_t i = 0; i < changes->count; i++) {
        held = held || changes->items[i].state == CHANGE_HELD;
        superseded = superseded || changes->items[i].state == CHANGE_SUPERSEDED;
    }
    return changes_any(changes) ? "edited" : superseded ? "superseded" : held ? "held" : "unchanged";
}

static bool report(const struct carry_out *carry, const struct changes *changes, struct change_end *end,
                   struct error *error)
{
    struct text out = {0};
    bool good = true;
    end->result = end->result ? end->result : result_of(changes);
    if (carry->options.json)
        good = report_json(changes, end, &out, error);
    else
        write_text(carry, changes, end, &out);
    good = good && output_print(&out, error);
    text_free(&out);
    return good;
}

/* For programs, a failure is told on standard output, too. */
static void report_failure(const struct carry_out *carry, struct change_end *end, const struct error *error)
{
    struct text out = {0}, line = {0};
    struct changes none = {.arena = carry->arena};
    struct error ignored = {0};
    if (!carry->options.json)
        return;
    error_write(error, &line);
    end->result = end->result ? end->result : "failed";
    end->message = text_content(&line);
    if (report_json(&none, end, &out, &ignored))
        output_print(&out, &ignored);
    error_free(&ignored);
    text_free(&line);
    text_free(&out);
}

/* The work tree. */

static bool find_repository(struct carry_out *carry, struct repository *repository, struct error *error)
{
    const char *directory = carry->directory;
    if (!repository_find(carry->arena, directory ? directory : ".", directory ? WITHOUT_GIT_SYSTEM : WITHOUT_GIT_HERE,
                         repository, error))
        return false;
    carry->request.directory = directory ? repository->directory : NULL;
    if (!directory)
        carry->request.root = render_set_root(carry->arena, repository, carry->root, error);
    return directory || carry->request.root;
}

static bool commit_files(struct carry_out *carry, const struct changes *changes, const struct repository *repository,
                         struct change_end *end, struct error *error)
{
    const struct message_options options = {
        .subject = carry->options.message, .sequence = carry->decide.sequence, .signoff = carry->options.signoff};
    struct text message = {0};
    bool good = message_write(&carry->git, changes, &options, &carry->code, &message, error) &&
                work_tree_write(changes, repository, error);
    if (good && !local_commit_make(&carry->git, changes, &message, carry->options.no_verify, end, error)) {
        work_tree_restore(changes, repository, changes->file_count);
        good = false;
    }
    text_free(&message);
    return good;
}

static bool write_files(struct carry_out *carry, const struct changes *changes, const struct repository *repository,
                        struct change_end *end, struct error *error)
{
    if (carry->options.dry_run || !changes_any(changes))
        return true;
    if (!carry->options.commit)
        return work_tree_write(changes, repository, error);
    return local_commit_check(&carry->git, changes, error) && commit_files(carry, changes, repository, end, error);
}

static bool change_work_tree(struct carry_out *carry, struct change_end *end, struct error *error)
{
    struct repository repository = {0};
    struct changes changes = {.arena = carry->arena};
    struct applying applying = {
        .git = carry->has_history ? &carry->git : NULL, .options = &carry->decide, .tip = "HEAD"};
    bool good = find_repository(carry, &repository, error) &&
                (!carry->prepare || carry->prepare(carry, NULL, NULL, error)) &&
                apply_changes(&applying, carry->arena, &carry->request, &changes, &repository, end, error) &&
                write_files(carry, &changes, &repository, end, error) && report(carry, &changes, end, error);
    if (!good)
        repository_localize(&repository, carry->arena, error);
    changes_close(&changes);
    repository_close(&repository);
    return good;
}

/* The remote. */

static bool find_places(struct carry_out *carry, struct error *error)
{
    struct arena *arena = carry->arena;
    const char *base = carry->history.directory;
    carry->request.root = carry->root && !carry->options.repo ? path_join(arena, base, carry->root)
                          : carry->root                       ? path_clean(arena, carry->root)
                                                              : "argo/root";
    carry->request.directory = !carry->directory     ? NULL
                               : carry->options.repo ? path_clean(arena, carry->directory)
                                                     : base;
    return true;
    (void)error;
}

static bool demand_remote(struct carry_out *carry, const char *remote, struct error *error)
{
    if (carry->options.repo || strstr(remote, "://") ||
        user_git_line(&carry->git, GIT_WORDS("config", "--get", arena_format(carry->arena, "remote.%s.url", remote))))
        return true;
    return error_set(error,
                     "the repository has no remote '%s': name another with --remote NAME, or add it: git remote "
                     "add %s URL",
                     remote, remote);
}

static bool change_remote(struct carry_out *carry, struct change_end *end, struct error *error)
{
    const struct carry_out_options *given = &carry->options;
    struct push_work work = {.changes = {.arena = carry->arena}};
    struct push_options options = {
        .remote = given->repo     ? "origin"
                  : given->remote ? given->remote
                                  : "origin",
        .request_branch = given->branch,
        .requests = given->pull_request,
        .dry_run = given->dry_run,
        .no_verify = given->no_verify,
        .seconds = given->seconds ? (unsigned)given->seconds : USUAL_SECONDS,
        .message = {.subject = given->message, .sequence = carry->decide.sequence, .signoff = given->signoff},
        .source = carry->code,
        .decide = carry->decide,
    };
    bool good = find_places(carry, error) && demand_remote(carry, options.remote, error) &&
                (!carry->prepare || carry->prepare(carry, &carry->git, options.remote, error)) &&
                push_changes(&carry->git, &options, &carry->request, &work, end, error) &&
                report(carry, &work.changes, end, error);
    push_close(&work);
    return good;
}

/* git. */

static bool read_code(struct carry_out *carry, struct error *error)
{
    if (!carry->options.source)
        return true;
    char *real = realpath(carry->options.source, NULL);
    carry->decide.source = arena_string(carry->arena, real ? real : carry->options.source);
    free(real);
    if (!source_commit_read(carry->arena, carry->decide.source, &carry->code, error))
        return false;
    carry->decide.source_commit = carry->code.id;
    return true;
}

/* A plain edit needs no git. */
static bool open_git(struct carry_out *carry, struct error *error)
{
    const struct carry_out_options *options = &carry->options;
    const char *place = carry->directory && !options->repo ? carry->directory : ".";
    if (!options->push && !options->commit)
        return true;
    if (options->repo) {
        place = carry->clone = clone_for_push(carry->arena, options->repo, options->token_variable, error);
        if (!place)
            return false;
    }
    carry->has_history = true;
    return history_open(&carry->history, carry->arena, place, error) &&
           user_git_open(&carry->git, &carry->history, options->repo ? NULL : options->token_variable, error);
}

bool carry_out(struct carry_out *carry, struct error *error)
{
    struct change_end end = {0};
    bool good = read_code(carry, error) && open_git(carry, error) &&
                (carry->options.push ? change_remote(carry, &end, error) : change_work_tree(carry, &end, error));
    if (!good)
        report_failure(carry, &end, error);
    user_git_close(&carry->git);
    if (carry->has_history)
        history_close(&carry->history);
    if (carry->clone)
        directory_remove(carry->clone);
    return good;
}
