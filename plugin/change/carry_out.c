/* carry_out.c: carries a change of images out where the options say. */
#define _GNU_SOURCE
#include "plugin/change/carry_out.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/path.h"
#include "base/process.h"
#include "plugin/change/apply.h"
#include "plugin/change/clone.h"
#include "plugin/change/local_commit.h"
#include "plugin/change/remote_text.h"
#include "plugin/change/unseen.h"
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

struct outcome {
    const struct changes *const *all;
    size_t count;
    struct change_end end;
};

static const char *attempts_text(struct arena *arena, unsigned attempts)
{
    return attempts == 2  ? " (second attempt: the branch had moved)"
           : attempts > 2 ? arena_format(arena, " (attempt %u: the branch had moved)", attempts)
                          : "";
}

static void describe_push(struct arena *arena, const struct change_end *end, struct text *out)
{
    for (size_t i = 0; i < end->pushed_count; i++) {
        const struct pushed_branch *branch = &end->pushed[i];
        if (branch->was_there)
            text_format(out, "%s has this already", branch->name);
        else
            text_format(out, "pushed %.7s to %s%s", branch->commit, branch->name, attempts_text(arena, end->attempts));
        if (branch->wanted_by)
            text_format(out, "; ask for a pull request to %s%s", branch->wanted_by, branch->url ? ":" : "");
        text_format(out, "%s%s\n", branch->url ? " " : "", branch->url ? branch->url : "");
    }
}

static bool any_differs(const struct outcome *outcome)
{
    bool any = false;
    for (size_t i = 0; i < outcome->count; i++)
        any = any || changes_any(outcome->all[i]);
    return any;
}

static void write_text(const struct carry_out *carry, const struct outcome *outcome, struct text *out)
{
    const struct change_end *end = &outcome->end;
    bool diff = carry->options.dry_run && any_differs(outcome);
    if (carry->preview && !carry->told && !diff && any_differs(outcome))
        carry->preview(outcome->all, outcome->count, out);
    for (size_t i = 0; i < outcome->count && !carry->told; i++)
        diff ? report_diff(outcome->all[i], out) : report_text(outcome->all[i], out);
    if (diff)
        return;
    describe_push(carry->arena, end, out);
    if (strcmp(end->result, "committed") == 0)
        text_format(out, "committed %.7s %s%s\n", end->commit, end->branch ? "to " : "",
                    end->branch ? end->branch : "on a detached HEAD: give it a branch, or it may get lost");
}

/* What nothing was done for; "edited" of a dry run is what would be. */
static const char *result_of(const struct outcome *outcome)
{
    bool held = false, superseded = false;
    for (size_t i = 0; i < outcome->count; i++)
        for (size_t k = 0; k < outcome->all[i]->count; k++) {
            enum change_state state = outcome->all[i]->items[k].state;
            held = held || state == CHANGE_HELD;
            superseded = superseded || state == CHANGE_SUPERSEDED;
        }
    return any_differs(outcome) ? "edited" : superseded ? "superseded" : held ? "held" : "unchanged";
}

static bool report_changes(const struct carry_out *carry, struct outcome *outcome, struct error *error)
{
    struct text out = {0};
    bool good = true;
    outcome->end.result = outcome->end.result ? outcome->end.result : result_of(outcome);
    if (carry->options.json)
        good = report_json(carry->arena, outcome->all, outcome->count, &outcome->end, &out, error);
    else
        write_text(carry, outcome, &out);
    good = good && output_print(&out, error);
    text_free(&out);
    return good;
}

/* For programs, a failure is told on standard output, too. */
static void report_failure(const struct carry_out *carry, struct change_end *end, const struct error *error)
{
    struct text out = {0}, line = {0};
    struct error ignored = {0};
    if (!carry->options.json)
        return;
    error_write(error, &line);
    end->result = end->result ? end->result : "failed";
    end->message = text_content(&line);
    if (report_json(carry->arena, NULL, 0, end, &out, &ignored))
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
    if (carry->shared_file)
        carry->request.shared_file = path_join(carry->arena, repository->directory, carry->shared_file);
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
    text_cut(&message, 0);
    if (good)
        local_note_hooked(changes, repository, &message);
    if (message.size)
        output_note(&message);
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

static bool is_yes(void)
{
    char line[8] = {0};
    ssize_t size = read(STDIN_FILENO, line, sizeof line - 1);
    return size > 0 && (line[0] == 'y' || line[0] == 'Y');
}

/* Whether what differs is wanted. */
static bool confirm_changes(void *context, const struct changes *const *all, size_t count, struct error *error)
{
    struct carry_out *carry = context;
    struct text text = {0};
    if (!carry->preview || carry->options.yes || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return true;
    carry->preview(all, count, &text);
    for (size_t i = 0; i < count; i++)
        report_text(all[i], &text);
    text_format(&text, "%s [y/N] ", carry->question);
    output_note(&text);
    text_free(&text);
    carry->told = true;
    return is_yes() || error_set(error, "nothing was changed");
}

static bool change_work_tree(struct carry_out *carry, struct change_end *end, struct error *error)
{
    struct repository repository = {0};
    struct changes changes = {.arena = carry->arena};
    struct applying applying = {
        .git = carry->has_history ? &carry->git : NULL, .options = &carry->decide, .tip = "HEAD"};
    const struct changes *all = &changes;
    struct outcome outcome = {.all = &all, .count = 1};
    bool good =
        find_repository(carry, &repository, error) && (!carry->prepare || carry->prepare(carry, NULL, NULL, error)) &&
        apply_changes(&applying, carry->arena, &carry->request, &changes, &repository, &outcome.end, error) &&
        (carry->options.dry_run || !changes_any(&changes) || confirm_changes(carry, outcome.all, 1, error)) &&
        write_files(carry, &changes, &repository, &outcome.end, error) && report_changes(carry, &outcome, error);
    *end = outcome.end;
    if (!good && (error->kind == ERROR_ABSENT || !repository.has_git))
        explain_unseen_here(carry->arena, ".", error);
    if (!good)
        repository_localize(&repository, carry->arena, error);
    changes_close(&changes);
    repository_close(&repository);
    return good;
}

/* The remote. */

static void find_places(struct carry_out *carry)
{
    struct arena *arena = carry->arena;
    const char *base = carry->history.directory;
    carry->request.root = carry->root && !carry->options.repo ? path_join(arena, base, carry->root)
                          : carry->root                       ? path_clean(arena, carry->root)
                                                              : "argo/root";
    carry->request.directory = !carry->directory     ? NULL
                               : carry->options.repo ? path_clean(arena, carry->directory)
                                                     : base;
    if (carry->shared_file)
        carry->request.shared_file =
            carry->options.repo ? path_clean(arena, carry->shared_file) : path_join(arena, base, carry->shared_file);
}

/* What is pushed has nothing to do with the work tree; whoever has changed the same file there may not know. */
static void note_dirty_files(struct carry_out *carry, const struct outcome *outcome)
{
    struct text note = {0};
    if (outcome->end.pushed_count && carry->history.root)
        for (size_t i = 0; i < outcome->count; i++)
            local_note_dirty(&carry->git, outcome->all[i], &note);
    if (note.size)
        output_note(&note);
    text_free(&note);
}

static bool change_remote(struct carry_out *carry, struct change_end *end, struct error *error)
{
    const struct carry_out_options *given = &carry->options;
    struct push_work work = {0};
    struct outcome outcome = {0};
    struct push_options options = {
        .remote = given->repo     ? "origin"
                  : given->remote ? given->remote
                                  : "origin",
        .shown = given->repo,
        .request_branch = given->branch && *given->branch ? given->branch : NULL,
        .apart = given->branch != NULL,
        .requests = given->pull_request,
        .dry_run = given->dry_run,
        .no_verify = given->no_verify,
        .seconds = given->seconds ? (unsigned)given->seconds : USUAL_SECONDS,
        .message = {.subject = given->message, .sequence = carry->decide.sequence, .signoff = given->signoff},
        .source = carry->code,
        .decide = carry->decide,
        .confirm = confirm_changes,
        .context = carry,
    };
    const char *name = options.remote;
    find_places(carry);
    bool good = carry->options.repo || remote_demand(&carry->git, name, error);
    if (good && !given->repo) {
        options.remote = remote_for_token(&carry->git, name);
        options.shown = name;
    }
    good = good && (!carry->prepare || carry->prepare(carry, &carry->git, options.remote, error)) &&
           push_changes(&carry->git, &options, &carry->request, &work, end, error);
    if (good) {
        outcome = (struct outcome){push_all_changes(&work, carry->arena), work.count, *end};
        good = report_changes(carry, &outcome, error);
        note_dirty_files(carry, &outcome);
    }
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
    if (!history_open(&carry->history, carry->arena, place, error))
        return options->push && !options->repo ? error_append(error, "; --repo URL needs no clone") : false;
    carry->history.fetches_late = options->repo != NULL;
    return user_git_open(&carry->git, &carry->history, options->token_variable, error);
}

bool carry_out(struct carry_out *carry, struct error *error)
{
    struct change_end end = {0};
    carry->request.rendering = &carry->rendering;
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
