/* push.c: applies an intent to a remote's branch until it has landed, or may not. */
#define _GNU_SOURCE
#include "plugin/change/push.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/files.h"
#include "base/path.h"
#include "plugin/change/apply.h"
#include "plugin/change/commit.h"
#include "plugin/change/remote_push.h"
#include "plugin/change/remote_text.h"

enum { MOST_BRANCHES = 3, READING_SECONDS = 120 };

struct push {
    struct user_git *git;
    struct arena *arena;
    const struct push_options *options;
    const struct change_request *request;
    struct push_work *work;
    struct change_end *end;
    struct error *error;
    struct remote_tips tips;
    const char *branch;    /* that the targets follow */
    const char *pushed;    /* the branch that is pushed to */
    struct remote_tip tip; /* of `branch` */
    const char *old;       /* what is replaced on the branch that is pushed to; NULL: it is new */
    const char *commit;    /* ours; NULL: none so far */
    struct began began;
    const char *overlay;       /* the first file of our first attempt */
    struct extra_image *extra; /* what a branch for a pull request has already */
    size_t extra_count;
};

/* Branches. */

/* The branch that all targets follow. */
static const char *followed_branch(struct push *push, const struct changes *changes)
{
    const char *branch = NULL;
    for (size_t i = 0; i < changes->targets.count; i++) {
        const char *own = changes->targets.items[i].branch;
        own = !own || strcmp(own, "HEAD") == 0 ? "" : own;
        if (strncmp(own, "refs/heads/", 11) == 0)
            own += 11;
        if (branch && strcmp(own, branch) != 0) {
            error_set(push->error, "the targets follow several branches ('%s' and '%s'): push them one at a time",
                      *branch ? branch : "HEAD", *own ? own : "HEAD");
            return NULL;
        }
        branch = own;
    }
    return branch && *branch ? arena_string(push->arena, branch) : remote_default_branch(&push->tips);
}

/* What the policy at HEAD says; where there is none, the remote's default branch has one. */
static const char *guess_branch(struct push *push)
{
    struct revision head;
    struct repository repository = {0};
    struct changes changes = {0};
    struct error ignored = {0};
    const char *branch = NULL;
    if (push->request->directory)
        branch = user_git_line(push->git, GIT_WORDS("symbolic-ref", "--quiet", "--short", "HEAD"));
    else if (history_find(push->git->history, "HEAD", &head, &ignored) &&
             history_open_tree(push->git->history, head.tree, &repository, &ignored) &&
             changes_open(&changes, push->arena, &repository, push->request, &ignored))
        branch = followed_branch(push, &changes);
    changes_close(&changes);
    repository_close(&repository);
    error_free(&ignored);
    return branch || push->error->message ? branch : remote_default_branch(&push->tips);
}

/* Applying. */

void push_close(struct push_work *work)
{
    if (!work->open)
        return;
    changes_close(&work->changes);
    repository_close(&work->repository);
    work->open = false;
}

static bool apply_at_tip(struct push *push)
{
    struct push_work *work = push->work;
    struct applying applying = {
        .git = push->git, .options = &push->options->decide, .tip = push->tip.commit, .began = &push->began};
    struct change_request request = *push->request;
    request.extra = push->extra;
    request.extra_count = push->extra_count;
    push_close(work);
    work->open = true;
    return history_open_tree(push->git->history, push->tip.tree, &work->repository, push->error) &&
           apply_changes(&applying, push->arena, &request, &work->changes, &work->repository, push->end, push->error);
}

static void note_overlay(struct push *push)
{
    const struct changes *changes = &push->work->changes;
    if (!push->overlay && changes->count)
        push->overlay = changes->items[0].file;
}

/* Where an overlay was there at our first attempt, somebody has removed or renamed it meanwhile. */
static bool explain_gone(struct push *push)
{
    if (!push->overlay || !push->tip.commit)
        return false;
    const char *who = user_git_line(push->git, GIT_WORDS("log", "-1", "--no-show-signature", "--diff-filter=D",
                                                         "--format=%h %an: %s", push->tip.commit, "--", push->overlay));
    if (who && *who)
        error_append(push->error,
                     arena_format(push->arena, "; meanwhile, %s has been removed (%s)", push->overlay, who));
    return false;
}

/* Fetches the branch that the targets follow, as the policy on that branch says, and applies the intent. */
static bool apply_anew(struct push *push)
{
    for (int i = 0; i < MOST_BRANCHES; i++) {
        if (!remote_tip_fetch(&push->tips, push->branch, &push->tip))
            return false;
        if (!apply_at_tip(push))
            return explain_gone(push);
        note_overlay(push);
        if (push->request->directory)
            return true;
        const char *branch = followed_branch(push, &push->work->changes);
        if (!branch || strcmp(branch, push->branch) == 0)
            return branch;
        push->branch = branch;
    }
    return error_set(push->error, "the branches' policies name each other as what the targets follow");
}

/* Pushing. */

/* The name of one target; of several, a common one. */
static const char *usual_request_branch(const struct push *push)
{
    const struct change_targets *targets = &push->work->changes.targets;
    for (size_t i = 1; i < targets->count; i++)
        if (strcmp(targets->items[i].label, targets->items[0].label) != 0)
            return "rootapp/images";
    return targets->items[0].app
               ? arena_format(push->arena, "rootapp/%s-%s", targets->items[0].app, targets->items[0].environment)
               : "rootapp/images";
}

static const char *request_branch(const struct push *push)
{
    const struct change_targets *targets = &push->work->changes.targets;
    bool requests = push->options->requests;
    for (size_t i = 0; i < targets->count; i++)
        requests = requests || targets->items[i].by_pull_request;
    if (push->options->request_branch)
        return push->options->request_branch;
    return requests ? usual_request_branch(push) : push->branch;
}

/* One attempt, with what GitLab makes a request of. */
static enum push_outcome push_commit(struct push *push)
{
    const char *options[4] = {NULL};
    size_t count = 0;
    if (push->options->no_verify)
        options[count++] = "--no-verify";
    if (strcmp(push->pushed, push->branch) != 0 && is_gitlab(push->git, push->options->remote)) {
        options[count++] = "--push-option=merge_request.create";
        options[count++] = arena_format(push->arena, "--push-option=merge_request.target=%s", push->branch);
    }
    const struct reference_move move = {arena_format(push->arena, "refs/heads/%s", push->pushed), push->old,
                                        push->commit};
    enum push_outcome outcome = remote_push(&push->tips, &move, 1, options);
    if (outcome != PUSH_REFUSED)
        return outcome;
    push->end->result = "refused";
    if (!push->options->requests)
        error_append(push->error, "; --pull-request goes through a branch");
    return outcome;
}

static bool make_commit(struct push *push)
{
    struct text message = {0};
    bool good = message_write(push->git, &push->work->changes, &push->options->message, &push->options->source,
                              &message, push->error);
    push->commit = good ? commit_make(push->git, &push->work->changes, push->tip.commit, &message, push->error) : NULL;
    text_free(&message);
    return push->commit;
}

/* Takes over what the branch's own commits set and the target's branch does not have. */
static bool take_extra(struct push *push)
{
    struct set_images set;
    const char *range = arena_format(push->arena, "%s..%s", push->tip.commit, push->old);
    if (!set_images_read(push->git, range, &set, push->error))
        return false;
    if (set.stranger)
        return error_set(push->error,
                         "%s has the commit %.7s, which is not of set-image: somebody works on it; merge or "
                         "delete it first",
                         push->pushed, set.stranger);
    push->extra = ARENA_ARRAY(push->arena, set.count + 1, struct extra_image);
    push->extra_count = 0;
    for (size_t i = set.count; i > 0; i--) {
        struct extra_image *extra = &push->extra[push->extra_count];
        extra->overlay = set.items[i - 1].overlay;
        push->extra_count += image_wish_read(push->arena, set.items[i - 1].image, &extra->wish, NULL);
    }
    return true;
}

/* A branch for a pull request is ours alone, and made anew on the tip of the target's branch. */
static bool look_at_request(struct push *push)
{
    push->pushed = request_branch(push);
    push->old = push->tip.commit;
    if (strcmp(push->pushed, push->branch) == 0)
        return true;
    const char *id = remote_ask(&push->tips, arena_format(push->arena, "refs/heads/%s", push->pushed));
    push->old = id && *id ? id : NULL;
    if (!push->old)
        return id;
    struct remote_tip tip = {0};
    bool good = remote_tip_fetch(&push->tips, push->pushed, &tip);
    push->old = tip.commit;
    return good && take_extra(push) && (!push->extra_count || apply_at_tip(push));
}

/* Whether the branch for a pull request is what we would make of it. */
static bool is_requested_already(struct push *push)
{
    if (!push->old || strcmp(push->pushed, push->branch) == 0)
        return false;
    const char *parent = user_git_id(push->git, arena_format(push->arena, "%s^", push->old), "commit");
    const char *tree = user_git_id(push->git, push->old, "tree"), *ours = user_git_id(push->git, push->commit, "tree");
    return parent && tree && ours && strcmp(parent, push->tip.commit) == 0 && strcmp(tree, ours) == 0;
}

static void note_landed(struct push *push, bool was_there)
{
    struct change_end *end = push->end;
    end->result = was_there ? "unchanged" : "pushed";
    if (was_there)
        push->commit = push->old;
    end->branch = push->pushed;
    end->old = push->old;
    end->commit = push->commit;
    end->url = strcmp(push->pushed, push->branch) == 0
                   ? commit_url(push->git, push->options->remote, push->commit)
                   : compare_url(push->git, push->options->remote, push->branch, push->pushed);
}

static bool give_up(struct push *push)
{
    return error_set(push->error,
                     "%u attempts in %u seconds: others have moved '%s' each time, the last one to %.7s; "
                     "nothing was changed",
                     push->end->attempts, push->options->seconds, push->pushed, push->tip.commit);
}

static bool push_until_landed(struct push *push)
{
    for (;;) {
        struct timespec start;
        clock_gettime(CLOCK_MONOTONIC, &start);
        push->end->attempts++;
        if (!apply_anew(push) || !look_at_request(push))
            return false;
        if (!changes_any(&push->work->changes) || push->options->dry_run)
            return true;
        if (!make_commit(push))
            return false;
        bool was_there = is_requested_already(push);
        enum push_outcome outcome = was_there ? PUSH_LANDED : push_commit(push);
        if (outcome == PUSH_LANDED)
            note_landed(push, was_there);
        if (outcome != PUSH_LOST)
            return outcome == PUSH_LANDED;
        if (seconds_since(&push->tips.began) > push->options->seconds)
            return give_up(push);
        wait_after_race(push->end->attempts, seconds_since(&start));
    }
}

static bool open_push(struct push *push)
{
    push->arena = push->git->history->arena;
    push->tips = (struct remote_tips){
        .git = push->git, .remote = push->options->remote, .seconds = push->options->seconds, .error = push->error};
    push->branch = remote_tips_open(&push->tips) ? guess_branch(push) : NULL;
    return push->branch;
}

bool push_open_source(struct user_git *git, const char *remote, const struct change_request *request,
                      struct repository *out, struct error *error)
{
    const struct push_options options = {.remote = remote, .seconds = READING_SECONDS};
    struct push push = {.git = git, .options = &options, .request = request, .error = error};
    bool good = open_push(&push) && remote_tip_fetch(&push.tips, push.branch, &push.tip) &&
                history_open_tree(git->history, push.tip.tree, out, error);
    remote_tips_close(&push.tips);
    return good;
}

bool push_changes(struct user_git *git, const struct push_options *options, const struct change_request *request,
                  struct push_work *work, struct change_end *end, struct error *error)
{
    struct push push = {.git = git, .options = options, .request = request, .work = work, .end = end, .error = error};
    bool good = open_push(&push) && push_until_landed(&push);
    remote_tips_close(&push.tips);
    return good;
}
