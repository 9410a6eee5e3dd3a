/* remote_tips.c: fetches the tips of a remote's branches into references of our own. */
#define _GNU_SOURCE
#include "plugin/change/remote_tips.h"

#include <string.h>

#include "base/files.h"
#include "base/path.h"
#include "plugin/change/remote_text.h"

enum { MOST_FAILURES = 4 };

double seconds_since(const struct timespec *then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

void wait_for(double seconds)
{
    struct timespec time = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&time, NULL);
}

/* Removed when we end, however that is; what was left by one that was killed goes with the next. */
bool remote_tips_open(struct remote_tips *tips)
{
    clock_gettime(CLOCK_MONOTONIC, &tips->began);
    const char *below = path_join(tips->git->history->arena, tips->git->history->common, "refs/rootapp");
    if (!directory_make(below, tips->error))
        return false;
    tips->references = temporary_directory(tips->git->history->arena, below, tips->error);
    return tips->references;
}

static const char *reference(const struct remote_tips *tips, const char *branch)
{
    const char *name = strrchr(tips->references, '/') + 1;
    return arena_format(tips->git->history->arena, "refs/rootapp/%s/%s", name, branch);
}

/* Where git keeps references elsewhere than in files, ours are not in the directory. */
void remote_tips_close(struct remote_tips *tips, const char *branch)
{
    if (!tips->references)
        return;
    directory_remove(tips->references);
    const char *left = branch ? user_git_id(tips->git, reference(tips, branch), "commit") : NULL;
    if (left)
        user_git_line(tips->git, GIT_WORDS("update-ref", "-d", reference(tips, branch)));
}

static bool fail_remote(struct remote_tips *tips, const char *what, const char *said)
{
    return error_set(tips->error, "%s of %s: %s", what, without_password(tips->git->history->arena, tips->remote),
                     said);
}

/* Waits before the network is tried again; false: often enough. */
bool remote_try_again(struct remote_tips *tips)
{
    if (tips->failures == MOST_FAILURES || seconds_since(&tips->began) > tips->seconds)
        return false;
    wait_for((double)(1u << tips->failures++));
    return true;
}

static const char *branch_spec(const struct remote_tips *tips, const char *branch)
{
    return arena_format(tips->git->history->arena, "+refs/heads/%s:%s", branch, reference(tips, branch));
}

/* What the remote has under a full name; "" where there is no such reference, NULL where it cannot be asked. */
const char *remote_ask(struct remote_tips *tips, const char *name)
{
    struct text out = {0}, said = {0};
    int status = user_git_remote(tips->git, GIT_WORDS("ls-remote", tips->remote, name), &out, &said, tips->error);
    const char *text = text_content(&out);
    const char *id = status == 0 ? arena_copy(tips->git->history->arena, text, strcspn(text, "\t")) : NULL;
    if (status > 0)
        fail_remote(tips, "git ls-remote", text_content(&said));
    text_free(&out);
    text_free(&said);
    return id;
}

static bool refuse_branch(struct remote_tips *tips, const char *branch, const char *said)
{
    const char *tag = remote_ask(tips, arena_format(tips->git->history->arena, "refs/tags/%s", branch));
    if (tag && *tag)
        return error_set(tips->error, "the targets follow the tag %s: no push reaches it", branch);
    const char *head = tag ? remote_ask(tips, arena_format(tips->git->history->arena, "refs/heads/%s", branch)) : NULL;
    if (head && !*head)
        return error_set(tips->error, "%s has no branch '%s'",
                         without_password(tips->git->history->arena, tips->remote), branch);
    return fail_remote(tips, "git fetch", said);
}

/* The tip of a branch and its tree. The network is tried again; that there is no such branch is told at once. */
bool remote_tip_fetch(struct remote_tips *tips, const char *branch, struct remote_tip *tip)
{
    for (;;) {
        struct text said = {0};
        int status =
            user_git_remote(tips->git,
                            GIT_WORDS("fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
                                      "--no-recurse-submodules", "--refmap=", tips->remote, branch_spec(tips, branch)),
                            NULL, &said, tips->error);
        bool again = status > 0 && tips->answers && remote_try_again(tips);
        if (status > 0 && !again)
            refuse_branch(tips, branch, text_content(&said));
        text_free(&said);
        if (!again && status != 0)
            return false;
        if (status == 0)
            break;
    }
    tips->answers = true;
    tip->commit = user_git_id(tips->git, reference(tips, branch), "commit");
    tip->tree = tip->commit ? user_git_id(tips->git, tip->commit, "tree") : NULL;
    return tip->tree ||
           error_set(tips->error, "the tip of '%s' cannot be read: an object is missing or corrupt", branch);
}

/* The remote's default branch. */
const char *remote_default_branch(struct remote_tips *tips)
{
    const char *remote = tips->remote;
    const char *head =
        user_git_line(tips->git, GIT_WORDS("symbolic-ref", "--quiet", "--short",
                                           arena_format(tips->git->history->arena, "refs/remotes/%s/HEAD", remote)));
    size_t size = strlen(remote);
    if (head && strncmp(head, remote, size) == 0 && head[size] == '/')
        return head + size + 1;
    struct text out = {0}, said = {0};
    const char *branch = NULL;
    int status =
        user_git_remote(tips->git, GIT_WORDS("ls-remote", "--symref", remote, "HEAD"), &out, &said, tips->error);
    const char *at = status == 0 ? strstr(text_content(&out), "refs/heads/") : NULL;
    if (at)
        branch = arena_copy(tips->git->history->arena, at + 11, strcspn(at + 11, "\t\n"));
    else if (status > 0)
        fail_remote(tips, "git ls-remote", text_content(&said));
    else
        error_set(tips->error, "%s does not say which branch is its default one",
                  without_password(tips->git->history->arena, remote));
    text_free(&out);
    text_free(&said);
    return branch;
}
