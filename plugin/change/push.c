/* push.c: applies an intent to branches of a remote until it has landed, or may not. */
#define _GNU_SOURCE
#include "plugin/change/push.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/path.h"
#include "plugin/change/apply.h"
#include "plugin/change/commit.h"
#include "plugin/change/followed.h"
#include "plugin/change/pull_request.h"
#include "plugin/change/remote_push.h"
#include "plugin/change/remote_text.h"
#include "plugin/change/unseen.h"

enum { MOST_ROUNDS = 4, READING_SECONDS = 120 };

/* One branch that targets follow, and what is pushed for it. */
struct part {
    const char *branch;    /* that the targets follow */
    const char *pushed;    /* the branch that is pushed to */
    struct remote_tip tip; /* of `branch` */
    const char *old;       /* what is replaced on the branch that is pushed to; NULL: it is new */
    const char *commit;    /* ours; NULL: none so far */
    bool was_there;        /* the branch for a pull request is already what we would make of it */
    bool asks;             /* for a pull request */
    struct began began;
    const char *first;         /* the tip at our first attempt */
    const char *overlay;       /* the first file of that */
    struct extra_image *extra; /* what a branch for a pull request has already */
    size_t extra_count;
    struct push_part work;
};

struct push {
    struct user_git *git;
    struct arena *arena;
    const struct push_options *options;
    const struct change_request *request;
    struct push_work *work;
    struct change_end *end;
    struct error *error;
    struct remote_tips tips;
    struct followed followed;
    struct part **parts; /* one for each of `followed` */
    size_t count, room;
    bool confirmed;
};

/* Applying. */

static void close_part(struct push_part *part)
{
    if (!part->open)
        return;
    changes_close(&part->changes);
    repository_close(&part->repository);
    part->open = false;
}

void push_close(struct push_work *work)
{
    for (size_t i = 0; i < work->count; i++)
        close_part(work->parts[i]);
    work->count = 0;
}

const struct changes *const *push_all_changes(const struct push_work *work, struct arena *arena)
{
    const struct changes **all = ARENA_ARRAY(arena, work->count + 1, const struct changes *);
    for (size_t i = 0; i < work->count; i++)
        all[i] = &work->parts[i]->changes;
    return all;
}

static bool apply_at_tip(struct push *push, struct part *part, size_t index)
{
    struct push_part *work = &part->work;
    struct applying applying = {
        .git = push->git, .options = &push->options->decide, .tip = part->tip.commit, .began = &part->began};
    struct change_request request = followed_request(&push->followed, &push->followed.items[index]);
    request.extra = part->extra;
    request.extra_count = part->extra_count;
    close_part(work);
    work->open = true;
    work->changes = (struct changes){.arena = push->arena};
    return history_open_tree(push->git->history, part->tip.tree, &work->repository, push->error) &&
           apply_changes(&applying, push->arena, &request, &work->changes, &work->repository, push->end, push->error);
}

/* The last commit since our first attempt that has touched a place, or has removed it; "": none. */
static const char *find_rival(struct push *push, const struct part *part, const char *filter, const char *place)
{
    const char *range = arena_format(push->arena, "%s..%s", part->first, part->tip.commit);
    const char *who = user_git_line(
        push->git, GIT_WORDS("log", "-1", "--no-show-signature", filter, "--format=%h %an: %s", range, "--", place));
    return who ? who : "";
}

/* What was there at our first attempt, somebody has removed, renamed, or taken out of the policy meanwhile. */
static bool explain_gone(struct push *push, const struct part *part)
{
    struct arena *arena = push->arena;
    if (!part->overlay || strcmp(part->first, part->tip.commit) == 0)
        return false;
    const char *who = find_rival(push, part, "--diff-filter=D", part->overlay);
    if (*who)
        return error_append(push->error,
                            arena_format(arena, "; meanwhile, %s has been removed (%s)", part->overlay, who));
    who = push->request->root ? find_rival(push, part, "--diff-filter=M", push->request->root) : "";
    if (*who)
        error_append(push->error, arena_format(arena, "; meanwhile, %s has changed (%s)", push->request->root, who));
    return false;
}

/* Whoever looks at their own files may see other ones. */
static bool explain_place(struct push *push, const struct part *part)
{
    if (!push->end || !push->end->result)
        error_append(push->error, arena_format(push->arena, " (%s at %.7s)", part->branch, part->tip.commit));
    explain_unseen(push->git->history, part->tip.commit, push->error);
    return explain_gone(push, part);
}

static struct part *part_at(struct push *push, size_t index)
{
    while (push->count <= index) {
        struct part *part = ARENA_NEW(push->arena, struct part);
        part->branch = push->followed.items[push->count].name;
        push->parts = arena_grow(push->arena, push->parts, push->count, &push->room, sizeof *push->parts);
        push->parts[push->count++] = part;
    }
    return push->parts[index];
}

static bool apply_part(struct push *push, size_t index)
{
    struct part *part = part_at(push, index);
    if (!remote_tip_fetch(&push->tips, part->branch, &part->tip))
        return false;
    if (!part->first)
        part->first = part->tip.commit;
    if (!apply_at_tip(push, part, index))
        return explain_place(push, part);
    const struct changes *changes = &part->work.changes;
    if (!part->overlay && changes->count)
        part->overlay = changes->items[0].file;
    return true;
}

/* The parts that have targets. */
static void collect_work(struct push *push)
{
    struct push_work *work = push->work;
    work->parts = ARENA_ARRAY(push->arena, push->count + 1, struct push_part *);
    work->count = 0;
    for (size_t i = 0; i < push->count; i++)
        if (push->parts[i]->work.open)
            work->parts[work->count++] = &push->parts[i]->work;
}

/* Fetches each branch that targets follow, as the policy on that branch says, and applies the intent. */
static bool apply_anew(struct push *push)
{
    bool grown = true, good = true;
    for (int round = 0; round < MOST_ROUNDS && grown && good; round++) {
        grown = false;
        for (size_t i = 0; i < push->followed.count && good; i++) {
            good = apply_part(push, i);
            good = good && followed_take(&push->followed, i, &push->parts[i]->work.changes, &grown);
        }
    }
    for (size_t i = 0; i < push->count && good && !push->request->directory; i++)
        if (!push->parts[i]->work.changes.targets.count)
            close_part(&push->parts[i]->work);
    collect_work(push);
    return good && ((!grown && push->work->count) ||
                    error_set(push->error, "the branches' policies name each other as what the targets follow"));
}

/* The branch that is pushed to. */

/* The name of one target; of several, a common one. */
static const char *usual_request_branch(const struct push *push, const struct part *part)
{
    const struct change_targets *targets = &part->work.changes.targets;
    bool several = !targets->items[0].app;
    for (size_t i = 1; i < targets->count; i++)
        several = several || strcmp(targets->items[i].label, targets->items[0].label) != 0;
    if (!several)
        return arena_format(push->arena, "rootapp/%s-%s", targets->items[0].app, targets->items[0].environment);
    return push->work->count > 1 ? arena_format(push->arena, "rootapp/images-%s", part->branch) : "rootapp/images";
}

static bool is_apart(const struct part *part)
{
    return strcmp(part->pushed, part->branch) != 0;
}

static bool choose_branch(struct push *push, struct part *part)
{
    const struct push_options *options = push->options;
    const struct change_targets *targets = &part->work.changes.targets;
    part->asks = options->requests;
    for (size_t i = 0; i < targets->count; i++)
        part->asks = part->asks || targets->items[i].by_pull_request;
    part->pushed = options->request_branch        ? options->request_branch
                   : part->asks || options->apart ? usual_request_branch(push, part)
                                                  : part->branch;
    if (options->request_branch && push->work->count > 1)
        return error_set(push->error, "the targets follow several branches: --branch without a name gives each a "
                                      "branch of its own");
    if (part->asks && !is_apart(part))
        return error_set(push->error,
                         "--branch=%s: that is the branch which the targets follow; a pull request needs "
                         "another one",
                         part->pushed);
    return is_branch_name(push->git, part->pushed) ||
           error_set(push->error, "'%s' cannot be the name of a branch", part->pushed);
}

/* Takes over what the branch's own commits set and the target's branch does not have. */
static bool take_extra(struct push *push, struct part *part)
{
    struct set_images set;
    const char *range = arena_format(push->arena, "%s..%s", part->tip.commit, part->old);
    if (!set_images_read(push->git, range, &set, push->error))
        return false;
    if (set.stranger)
        return error_set(push->error,
                         "%s has the commit %.7s, which is not of set-image: somebody works on it; merge or "
                         "delete it first",
                         part->pushed, set.stranger);
    part->extra = ARENA_ARRAY(push->arena, set.count + 1, struct extra_image);
    part->extra_count = 0;
    for (size_t i = set.count; i > 0; i--) {
        struct extra_image *extra = &part->extra[part->extra_count];
        extra->overlay = set.items[i - 1].overlay;
        part->extra_count += image_wish_read(push->arena, set.items[i - 1].image, &extra->wish, NULL);
    }
    return true;
}

/* A branch for a pull request is ours alone, and made anew on the tip of the target's branch. */
static bool look_at_branch(struct push *push, struct part *part, size_t index)
{
    if (!choose_branch(push, part))
        return false;
    part->old = part->tip.commit;
    if (!is_apart(part))
        return true;
    const char *id = remote_ask(&push->tips, arena_format(push->arena, "refs/heads/%s", part->pushed));
    part->old = id && *id ? id : NULL;
    if (!part->old)
        return id;
    struct remote_tip tip = {0};
    bool good = remote_tip_fetch(&push->tips, part->pushed, &tip);
    part->old = tip.commit;
    return good && take_extra(push, part) && (!part->extra_count || apply_at_tip(push, part, index));
}

static bool look_at_branches(struct push *push)
{
    for (size_t i = 0; i < push->count; i++)
        if (push->parts[i]->work.open && !look_at_branch(push, push->parts[i], i))
            return false;
    return true;
}

/* Commits. */

/* Whether the branch for a pull request is what we would make of it. */
static bool is_requested_already(struct push *push, const struct part *part)
{
    if (!part->old || !is_apart(part))
        return false;
    const char *parent = user_git_id(push->git, arena_format(push->arena, "%s^", part->old), "commit");
    const char *tree = user_git_id(push->git, part->old, "tree"), *ours = user_git_id(push->git, part->commit, "tree");
    return parent && tree && ours && strcmp(parent, part->tip.commit) == 0 && strcmp(tree, ours) == 0;
}

static bool make_commit(struct push *push, struct part *part)
{
    struct text message = {0};
    bool good = message_write(push->git, &part->work.changes, &push->options->message, &push->options->source, &message,
                              push->error);
    part->commit = good ? commit_make(push->git, &part->work.changes, part->tip.commit, &message, push->error) : NULL;
    part->was_there = part->commit && is_requested_already(push, part);
    text_free(&message);
    return part->commit;
}

static bool part_differs(const struct part *part)
{
    return part->work.open && changes_any(&part->work.changes);
}

/* Whether anything differs; then commits are made of it, unless it is not wanted. */
static bool make_commits(struct push *push, bool *any)
{
    const struct push_options *options = push->options;
    *any = false;
    for (size_t i = 0; i < push->count; i++) {
        push->parts[i]->commit = NULL;
        *any = *any || part_differs(push->parts[i]);
    }
    if (!*any || options->dry_run)
        return true;
    if (options->confirm && !push->confirmed &&
        !options->confirm(options->context, push_all_changes(push->work, push->arena), push->work->count, push->error))
        return false;
    push->confirmed = true;
    for (size_t i = 0; i < push->count; i++)
        if (part_differs(push->parts[i]) && !make_commit(push, push->parts[i]))
            return false;
    return true;
}

/* Pushing. */

/* GitLab makes a request of these, where there is no program to ask. */
static const char *const *push_words(struct push *push, const struct part *part)
{
    const char **words = ARENA_ARRAY(push->arena, 4, const char *), *kind;
    size_t count = 0;
    if (push->options->no_verify)
        words[count++] = "--no-verify";
    bool alone = part && part->asks && is_apart(part) && !pull_request_program(push->git, push->options->remote);
    kind = alone ? server_kind(push->git, push->options->remote) : NULL;
    if (kind && strcmp(kind, "gitlab") == 0) {
        words[count++] = "--push-option=merge_request.create";
        words[count++] = arena_format(push->arena, "--push-option=merge_request.target=%s", part->branch);
    }
    return words;
}

static enum push_outcome push_commits(struct push *push)
{
    struct reference_move *moves = ARENA_ARRAY(push->arena, push->count + 1, struct reference_move);
    const struct part *only = NULL;
    bool apart = false;
    size_t count = 0;
    for (size_t i = 0; i < push->count; i++) {
        const struct part *part = push->parts[i];
        if (!part->commit || part->was_there)
            continue;
        only = count ? NULL : part;
        apart = apart || is_apart(part);
        moves[count++] =
            (struct reference_move){arena_format(push->arena, "refs/heads/%s", part->pushed), part->old, part->commit};
    }
    if (!count)
        return PUSH_LANDED;
    enum push_outcome outcome = remote_push(&push->tips, moves, count, push_words(push, only));
    if (outcome != PUSH_REFUSED)
        return outcome;
    push->end->result = "refused";
    if (!apart)
        error_append(push->error, "; --pull-request goes through a branch");
    return outcome;
}

static void note_landed(struct push *push)
{
    struct change_end *end = push->end;
    const char *remote = push->options->remote;
    end->pushed = ARENA_ARRAY(push->arena, push->count + 1, struct pushed_branch);
    end->result = "unchanged";
    for (size_t i = 0; i < push->count; i++) {
        const struct part *part = push->parts[i];
        if (!part->commit)
            continue;
        if (!part->was_there)
            end->result = "pushed";
        const char *commit = part->was_there ? part->old : part->commit;
        end->pushed[end->pushed_count++] =
            (struct pushed_branch){.name = part->pushed,
                                   .old = part->old,
                                   .commit = commit,
                                   .was_there = part->was_there,
                                   .wanted_by = part->asks && is_apart(part) ? part->branch : NULL,
                                   .url = is_apart(part) ? compare_url(push->git, remote, part->branch, part->pushed)
                                                         : commit_url(push->git, remote, commit)};
    }
}

/* The subject, and below it what changes. */
static const char *ask_for_request(struct push *push, const struct part *part)
{
    struct text body = {0};
    const char *title = user_git_line(push->git, GIT_WORDS("log", "-1", "--no-show-signature", "--format=%s",
                                                           part->was_there ? part->old : part->commit));
    text_string(&body, "```\n");
    report_text(&part->work.changes, &body);
    text_string(&body, "```\n");
    const struct pull_request request = {.remote = push->options->remote,
                                         .base = part->branch,
                                         .branch = part->pushed,
                                         .title = title ? title : part->pushed,
                                         .body = text_content(&body)};
    const char *url = pull_request_make(push->git, &request, push->error);
    text_free(&body);
    return url;
}

/* Of each branch that goes by a pull request. That one could not be made is an error; the push stands. */
static bool ask_for_requests(struct push *push)
{
    struct change_end *end = push->end;
    size_t next = 0;
    if (!pull_request_program(push->git, push->options->remote))
        return true;
    for (size_t i = 0; i < push->count; i++) {
        const struct part *part = push->parts[i];
        if (!part->commit)
            continue;
        struct pushed_branch *pushed = &end->pushed[next++];
        const char *url = part->asks && is_apart(part) ? ask_for_request(push, part) : NULL;
        if (push->error->message)
            return error_wrap(push->error, "pushed %.7s to %s, but no pull request was made", pushed->commit,
                              pushed->name);
        pushed->url = url && *url ? url : pushed->url;
        pushed->wanted_by = url ? NULL : pushed->wanted_by;
    }
    return true;
}

static bool give_up(struct push *push)
{
    const struct part *part = push->parts[0];
    return error_set(push->error,
                     "%u attempts in %u seconds: others have moved '%s' each time, the last one to %.7s; "
                     "nothing was changed",
                     push->end->attempts, push->options->seconds, part->pushed, part->tip.commit);
}

static bool push_until_landed(struct push *push)
{
    for (;;) {
        struct timespec start;
        bool any;
        start = clock_now();
        push->end->attempts++;
        push->end->by = NULL;
        if (!apply_anew(push) || !look_at_branches(push) || !make_commits(push, &any))
            return false;
        if (!any || push->options->dry_run)
            return true;
        enum push_outcome outcome = push_commits(push);
        if (outcome == PUSH_LANDED) {
            note_landed(push);
            return ask_for_requests(push);
        }
        if (outcome != PUSH_LOST)
            return false;
        if (clock_seconds_since(&push->tips.began) > push->options->seconds)
            return give_up(push);
        wait_after_race(push->end->attempts, clock_seconds_since(&start));
    }
}

static bool open_push(struct push *push)
{
    push->arena = push->git->history->arena;
    push->tips = (struct remote_tips){.git = push->git,
                                      .remote = push->options->remote,
                                      .shown = push->options->shown,
                                      .seconds = push->options->seconds,
                                      .error = push->error};
    push->followed = (struct followed){.arena = push->arena, .tips = &push->tips, .request = push->request};
    return (remote_tips_open(&push->tips) || error_append(push->error, "; --repo URL needs no clone")) &&
           followed_guess(&push->followed, push->git);
}

bool push_open_source(struct user_git *git, const char *remote, const struct change_request *request,
                      struct repository *out, const char **commit, struct error *error)
{
    const struct push_options options = {.remote = remote, .seconds = READING_SECONDS};
    struct push push = {.git = git, .options = &options, .request = request, .error = error};
    struct remote_tip tip;
    bool good = open_push(&push) && remote_tip_fetch(&push.tips, push.followed.items[0].name, &tip) &&
                history_open_tree(git->history, tip.tree, out, error);
    *commit = good ? arena_string(git->history->arena, tip.commit) : NULL;
    remote_tips_close(&push.tips);
    return good;
}

bool push_changes(struct user_git *git, const struct push_options *options, const struct change_request *request,
                  struct push_work *work, struct change_end *end, struct error *error)
{
    struct push push = {.git = git, .options = options, .request = request, .work = work, .end = end, .error = error};
    bool good = open_push(&push) && push_until_landed(&push);
    if (!good)
        collect_work(&push);
    remote_tips_close(&push.tips);
    return good;
}
