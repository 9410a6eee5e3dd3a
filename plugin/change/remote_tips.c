/* remote_tips.c: fetches the tips of a remote's branches into references of our own. */
#define _GNU_SOURCE
#include "plugin/change/remote_tips.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/path.h"
#include "plugin/change/remote_text.h"

enum { MOST_FAILURES = 4 };

void wait_for(double seconds)
{
    struct timespec time = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&time, NULL);
}

/* Removed when we end, however that is; what was left by one that was killed goes with the next. */
bool remote_tips_open(struct remote_tips *tips)
{
    tips->began = clock_now();
    const char *below = path_join(tips->git->history->arena, tips->git->history->common, "refs/rootapp");
    if (!directory_make(below, tips->error))
        return false;
    tips->references = temporary_directory(tips->git->history->arena, below, tips->error);
    return tips->references;
}

/* Of refs/heads/main: refs/rootapp/OURS/heads/main. */
static const char *branch_reference(const struct remote_tips *tips, const char *name)
{
    const char *ours = strrchr(tips->references, '/') + 1;
    return arena_format(tips->git->history->arena, "refs/rootapp/%s/%s", ours, name + strlen("refs/"));
}

/* Whether a reference below refs/rootapp is of a process that still runs: it has its directory. */
static bool has_owner(const struct remote_tips *tips, const char *name)
{
    struct arena *arena = tips->git->history->arena;
    const char *own = name + strlen("refs/rootapp/");
    return access(arena_format(arena, "%s/refs/rootapp/%.*s", tips->git->history->common, (int)strcspn(own, "/"), own),
                  F_OK) == 0;
}

/* Where references are kept elsewhere than in files of their own (packed, reftable), ours are not in the directory. */
void remote_tips_close(struct remote_tips *tips)
{
    struct text names = {0}, lines = {0};
    struct error ignored = {0};
    if (!tips->references)
        return;
    directory_remove(tips->references);
    user_git_run(tips->git, GIT_WORDS("for-each-ref", "--format=%(refname)", "refs/rootapp"), NULL, &names, &ignored);
    for (char *rest = NULL, *name = strtok_r(names.bytes ? names.bytes : (char[]){""}, "\n", &rest); name;
         name = strtok_r(NULL, "\n", &rest))
        if (!has_owner(tips, name))
            text_format(&lines, "delete %s\n", name);
    if (lines.size)
        user_git_run(tips->git, GIT_WORDS("update-ref", "--stdin"), &lines, NULL, &ignored);
    error_free(&ignored);
    text_free(&names);
    text_free(&lines);
}

/* As the user called it. */
const char *remote_shown(const struct remote_tips *tips)
{
    return without_password(tips->git->history->arena, tips->shown ? tips->shown : tips->remote);
}

static bool fail_remote(struct remote_tips *tips, const char *what, const char *said)
{
    error_set(tips->error, "%s of %s: %s", what, remote_shown(tips), said);
    return user_git_explain(tips->git, tips->error);
}

/* Waits before the network is tried again; false: often enough. */
bool remote_try_again(struct remote_tips *tips)
{
    if (tips->failures == MOST_FAILURES || clock_seconds_since(&tips->began) > tips->seconds)
        return false;
    wait_for((double)(1u << tips->failures++));
    return true;
}

/* The id of a name in what `ls-remote` prints, lines "ID\tNAME"; "": it is not there. */
static const char *find_id(struct arena *arena, const char *lines, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = lines; *at; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n')) {
        const char *tab = strchr(at, '\t');
        if (tab && strncmp(tab + 1, name, size) == 0 && (tab[1 + size] == '\n' || !tab[1 + size]))
            return arena_copy(arena, at, (size_t)(tab - at));
    }
    return "";
}

bool remote_ask_all(struct remote_tips *tips, const char *const *names, size_t count, const char **ids)
{
    struct arena *arena = tips->git->history->arena;
    const char **words = ARENA_ARRAY(arena, count + 3, const char *);
    struct text out = {0}, said = {0};
    words[0] = "ls-remote";
    words[1] = tips->remote;
    memcpy(words + 2, names, count * sizeof *names);
    int status = user_git_remote(tips->git, words, &out, &said, tips->error);
    for (size_t i = 0; i < count && status == 0; i++)
        ids[i] = find_id(arena, text_content(&out), names[i]);
    if (status > 0)
        fail_remote(tips, "git ls-remote", text_content(&said));
    text_free(&out);
    text_free(&said);
    return status == 0;
}

const char *remote_ask(struct remote_tips *tips, const char *name)
{
    const char *id = NULL;
    return remote_ask_all(tips, &name, 1, &id) ? id : NULL;
}

/* Fetches references that are there. The status of git, which is not judged. */
static int fetch_references(struct remote_tips *tips, const char *const *names, size_t count, struct text *said)
{
    static const char *const first[] = {
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--refmap="};
    struct arena *arena = tips->git->history->arena;
    size_t fixed = sizeof first / sizeof *first;
    const char **words = ARENA_ARRAY(arena, fixed + count + 2, const char *);
    memcpy(words, first, sizeof first);
    words[fixed] = tips->remote;
    for (size_t i = 0; i < count; i++)
        words[fixed + 1 + i] = arena_format(arena, "+%s:%s", names[i], branch_reference(tips, names[i]));
    return user_git_remote(tips->git, words, NULL, said, tips->error);
}

/* The commits of fetched references. */
static bool read_fetched(struct remote_tips *tips, const char *const *names, size_t count, const char **commits)
{
    struct arena *arena = tips->git->history->arena;
    const char **words = ARENA_ARRAY(arena, count + 2, const char *);
    struct text out = {0};
    words[0] = "rev-parse";
    for (size_t i = 0; i < count; i++)
        words[1 + i] = arena_format(arena, "%s^{commit}", branch_reference(tips, names[i]));
    bool good = user_git_try(tips->git, words, NULL, &out, NULL, tips->error) == 0;
    const char *at = text_content(&out);
    for (size_t i = 0; i < count && good; i++, at += strcspn(at, "\n") + 1)
        commits[i] = arena_copy(arena, at, strcspn(at, "\n"));
    if (!good && !tips->error->message)
        error_set(tips->error, "'%s' cannot be read: an object is missing or corrupt", names[0]);
    text_free(&out);
    return good;
}

static bool fetch_there(struct remote_tips *tips, const char *const *names, size_t count, const char **commits)
{
    struct text said = {0};
    int status = fetch_references(tips, names, count, &said);
    if (status > 0)
        fail_remote(tips, "git fetch", text_content(&said));
    text_free(&said);
    return status == 0 && read_fetched(tips, names, count, commits);
}

const char *remote_fetch(struct remote_tips *tips, const char *name)
{
    const char *commit = NULL;
    return fetch_there(tips, &name, 1, &commit) ? commit : NULL;
}

/* Those that are there; where one goes between the question and the fetch, it fails. */
static bool fetch_once(struct remote_tips *tips, const char *const *names, size_t count, const char **commits)
{
    struct arena *arena = tips->git->history->arena;
    const char **there = ARENA_ARRAY(arena, count + 1, const char *);
    const char **found = ARENA_ARRAY(arena, count + 1, const char *);
    size_t known = 0;
    if (!remote_ask_all(tips, names, count, commits))
        return false;
    for (size_t i = 0; i < count; i++)
        if (*commits[i])
            there[known++] = names[i];
    if (known && !fetch_there(tips, there, known, found))
        return false;
    for (size_t i = 0, next = 0; i < count; i++)
        commits[i] = *commits[i] ? found[next++] : NULL;
    return true;
}

bool remote_fetch_all(struct remote_tips *tips, const char *const *names, size_t count, const char **commits)
{
    struct error *error = tips->error;
    for (;;) {
        struct error problem = {0};
        tips->error = &problem;
        bool good = fetch_once(tips, names, count, commits);
        tips->error = error;
        if (good) {
            tips->answers = true;
            return true;
        }
        if (!tips->answers || !remote_try_again(tips)) {
            *error = problem;
            return false;
        }
        error_free(&problem);
    }
}

/* Whether the remote has no branch at all. */
static const char *if_empty(struct remote_tips *tips)
{
    struct text out = {0};
    struct error ignored = {0};
    bool empty =
        user_git_remote(tips->git, GIT_WORDS("ls-remote", tips->remote, "refs/heads/*"), &out, NULL, &ignored) == 0 &&
        !out.size;
    error_free(&ignored);
    text_free(&out);
    return empty ? ": it is empty; push a first commit to it" : "";
}

static bool refuse_branch(struct remote_tips *tips, const char *branch, const char *said)
{
    const char *tag = remote_ask(tips, arena_format(tips->git->history->arena, "refs/tags/%s", branch));
    if (tag && *tag)
        return error_set(tips->error, "the targets follow the tag %s: no push reaches it", branch);
    const char *head = tag ? remote_ask(tips, arena_format(tips->git->history->arena, "refs/heads/%s", branch)) : NULL;
    if (head && !*head)
        return error_set(tips->error, "%s has no branch '%s'%s", remote_shown(tips), branch, if_empty(tips));
    return fail_remote(tips, "git fetch", said);
}

/* The tip of a branch and its tree. The network is tried again; that there is no such branch is told at once. */
bool remote_tip_fetch(struct remote_tips *tips, const char *branch, struct remote_tip *tip)
{
    const char *name = arena_format(tips->git->history->arena, "refs/heads/%s", branch);
    for (;;) {
        struct text said = {0};
        int status = fetch_references(tips, &name, 1, &said);
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
    if (!read_fetched(tips, &name, 1, &tip->commit))
        return false;
    tip->tree = user_git_id(tips->git, tip->commit, "tree");
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
        error_set(tips->error, "%s does not say which branch is its default one%s", remote_shown(tips), if_empty(tips));
    text_free(&out);
    text_free(&said);
    return branch;
}
