/* copy.c: lets git keep a bare copy of a repository. */
#define _GNU_SOURCE
#include "plugin/mirror/copy.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/files.h"
#include "base/map.h"
#include "base/path.h"
#include "base/process.h"
#include "plugin/run/history.h"

enum { MOST_PACKS = 20, OPEN_DIRECTORIES = 16, MOST_WORDS = 16, SHORT_SECONDS = 60, TIDY_SECONDS = 600 };

/* What lies above a repository, and what a hook's environment says, is not meant; nothing is asked for on a terminal.
 */
static const char *const changes[] = {"GIT_DIR",
                                      "GIT_WORK_TREE",
                                      "GIT_INDEX_FILE",
                                      "GIT_COMMON_DIR",
                                      "LC_ALL=C",
                                      "GIT_NO_REPLACE_OBJECTS=1",
                                      "GIT_TERMINAL_PROMPT=0",
                                      NULL};

const char *const *copy_environment(struct arena *arena)
{
    return process_environment(arena, changes);
}

struct copy_call {
    const char *directory;
    const char *const *words;
    const char *input; /* NULL: none */
    unsigned seconds;
};

/* git's exit status; -1 with an error where it cannot be run, 124 where it took too long. */
static int run_git(const struct copy *copy, const struct copy_call *call, struct text *out, struct text *said,
                   struct error *error)
{
    const char *arguments[MOST_WORDS + 4] = {"git", "--git-dir", call->directory};
    for (size_t i = 0; i < MOST_WORDS && call->words[i]; i++)
        arguments[3 + i] = call->words[i];
    struct process process = {.arguments = arguments,
                              .environment = copy->environment,
                              .input = call->input,
                              .input_size = call->input ? strlen(call->input) : 0,
                              .seconds = call->seconds};
    struct process_end end;
    return process_run(&process, &end, error) ? git_end(&end, out, said) : -1;
}

static bool run_well(const struct copy *copy, const struct copy_call *call, struct text *out, struct error *error)
{
    struct text said = {0};
    int status = run_git(copy, call, out, &said, error);
    if (status == 124)
        error_set(error, "git %s took longer than %u s", call->words[0], call->seconds);
    else if (status > 0)
        error_set(error, "git %s: %s", call->words[0], said.size ? said.bytes : "failed, and does not say why");
    text_free(&said);
    return status == 0;
}

#define GIT(copy, time, out, error, ...)                                            \
    run_well((copy),                                                                \
             &(struct copy_call){.directory = (copy)->directory,                    \
                                 .words = (const char *const[]){__VA_ARGS__, NULL}, \
                                 .seconds = (time)},                                \
             (out), (error))

/* Leftovers. */

static bool is_leftover(const char *name)
{
    return strncmp(name, "tmp_", 4) == 0 || path_has_extension(name, ".lock");
}

static int clear_entry(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status;
    if (kind == FTW_F && is_leftover(path + at->base))
        unlink(path);
    return 0;
}

void copy_clear(const struct copy *copy)
{
    directory_remove(copy->temporary);
    nftw(copy->directory, clear_entry, OPEN_DIRECTORIES, FTW_PHYS);
}

static bool copy_exists(const struct copy *copy)
{
    return access(copy->directory, F_OK) == 0;
}

/* Fetching. */

static bool fetch_refs(const struct copy *copy, const char *directory, struct error *error)
{
    const char *const words[] = {
        "fetch", "--quiet", "--prune", "--no-tags", "origin", "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*",
        NULL};
    return run_well(copy, &(struct copy_call){.directory = directory, .words = words, .seconds = copy->limit}, NULL,
                    error);
}

static bool init_copy(const struct copy *copy, const char *format, struct error *error)
{
    const char *const words[] = {"init", "--quiet", "--bare", "--template=", format, NULL};
    struct copy_call call = {.directory = copy->temporary, .words = words, .seconds = SHORT_SECONDS};
    directory_remove(copy->temporary);
    return run_well(copy, &call, NULL, error);
}

/* An empty copy that names objects as the remote does: SHA-256 has 64 digits. */
static bool init_like_remote(const struct copy *copy, struct error *error)
{
    struct text refs = {0};
    const char *const words[] = {"ls-remote", "--", copy->url, NULL};
    struct copy_call call = {.directory = copy->temporary, .words = words, .seconds = copy->limit};
    bool good = init_copy(copy, "--object-format=sha1", error) && run_well(copy, &call, &refs, error);
    if (good && strspn(text_content(&refs), "0123456789abcdef") == 64)
        good = init_copy(copy, "--object-format=sha256", error);
    text_free(&refs);
    return good;
}

/* What is received stays in the pack that it came in, which appears all at once: single objects would appear one by
 * one, the commit before its trees. */
static bool make_copy(const struct copy *copy, struct error *error)
{
    static const char *const settings[][2] = {{"gc.auto", "0"},
                                              {"maintenance.auto", "false"},
                                              {"transfer.unpackLimit", "1"},
                                              {"core.hooksPath", "/dev/null"}};
    struct copy_call call = {.directory = copy->temporary, .seconds = SHORT_SECONDS};
    bool good = init_like_remote(copy, error);
    call.words = (const char *const[]){"config", "remote.origin.url", copy->url, NULL};
    good = good && run_well(copy, &call, NULL, error);
    for (size_t i = 0; good && i < sizeof settings / sizeof *settings; i++) {
        call.words = (const char *const[]){"config", settings[i][0], settings[i][1], NULL};
        good = run_well(copy, &call, NULL, error);
    }
    good = good && fetch_refs(copy, copy->temporary, error);
    call.words = (const char *const[]){"pack-refs", "--all", NULL};
    good = good && run_well(copy, &call, NULL, error);
    if (good && rename(copy->temporary, copy->directory) != 0)
        good = error_set(error, "the new copy cannot be renamed: %s", strerror(errno));
    if (!good)
        directory_remove(copy->temporary);
    return good;
}

static bool list_refs(const struct copy *copy, struct text *out, struct error *error)
{
    return GIT(copy, SHORT_SECONDS, out, error, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads",
               "refs/tags");
}

/* Old tips. */

/* The next line, "ID NAME", as two texts; false at the end. */
static bool next_line(struct arena *arena, const char **rest, const char **id, const char **name)
{
    size_t size = strcspn(*rest, "\n"), space = strcspn(*rest, " ");
    if (!size || space >= size)
        return false;
    *id = arena_copy(arena, *rest, space);
    *name = arena_copy(arena, *rest + space + 1, size - space - 1);
    *rest += size + ((*rest)[size] == '\n');
    return true;
}

static bool is_ancestor(const struct copy *copy, const char *old, const char *new)
{
    struct error ignored = {0};
    const char *const words[] = {"merge-base", "--is-ancestor", old, new, NULL};
    struct copy_call call = {.directory = copy->directory, .words = words, .seconds = SHORT_SECONDS};
    int status = run_git(copy, &call, NULL, NULL, &ignored);
    error_free(&ignored);
    return status == 0;
}

/* A branch that was pushed by force, or has gone, leaves its tip to those who may still ask for it. */
static bool keep_old_tips(const struct copy *copy, const struct text *after, struct error *error)
{
    struct arena *arena = arena_new();
    struct map *tips = map_new(arena);
    struct text updates = {0};
    const char *id, *name;
    for (const char *rest = text_content(after); next_line(arena, &rest, &id, &name);)
        *map_slot(tips, name, strlen(name)) = (void *)id;
    for (const char *rest = text_content(&copy->refs); next_line(arena, &rest, &id, &name);) {
        const char *new = map_get(tips, name, strlen(name));
        void **kept = map_slot(tips, id, strlen(id)); /* no ref is called as an id is */
        bool goes = !*kept && (!new || (strcmp(new, id) != 0 && !is_ancestor(copy, id, new)));
        if (goes)
            *kept = (void *)id;
        if (goes)
            text_format(&updates, "update refs/keep/%lld/%s %s\n", (long long)time(NULL), id, id);
    }
    static const char *const words[] = {"update-ref", "--stdin", NULL};
    struct copy_call call = {
        .directory = copy->directory, .words = words, .input = text_content(&updates), .seconds = SHORT_SECONDS};
    bool good = !updates.size || run_well(copy, &call, NULL, error);
    text_free(&updates);
    arena_free(arena);
    return good;
}

/* How many of refs/keep/TIME/ID were too old. */
static bool expire_tips(const struct copy *copy, size_t *expired, struct error *error)
{
    struct arena *arena = arena_new();
    struct text kept = {0}, updates = {0};
    const char *id, *name;
    bool good =
        GIT(copy, SHORT_SECONDS, &kept, error, "for-each-ref", "--format=%(objectname) %(refname)", "refs/keep");
    for (const char *rest = text_content(&kept); good && next_line(arena, &rest, &id, &name);)
        if (strtoll(name + strlen("refs/keep/"), NULL, 10) + copy->keep < (long long)time(NULL)) {
            text_format(&updates, "delete %s\n", name);
            ++*expired;
        }
    static const char *const words[] = {"update-ref", "--stdin", NULL};
    struct copy_call call = {
        .directory = copy->directory, .words = words, .input = text_content(&updates), .seconds = SHORT_SECONDS};
    good = good && (!updates.size || run_well(copy, &call, NULL, error));
    text_free(&kept);
    text_free(&updates);
    arena_free(arena);
    return good;
}

static size_t count_packs(const struct copy *copy)
{
    struct text path = {0};
    size_t count = 0;
    text_format(&path, "%s/objects/pack", copy->directory);
    DIR *packs = opendir(path.bytes);
    for (struct dirent *entry; packs && (entry = readdir(packs));) {
        size_t size = strlen(entry->d_name);
        count += size > 5 && strcmp(entry->d_name + size - 5, ".pack") == 0;
    }
    if (packs)
        closedir(packs);
    text_free(&path);
    return count;
}

/* Small packs are put together. Whoever reads meanwhile finds the objects in the new one. */
static bool tidy_packs(const struct copy *copy, struct error *error)
{
    size_t expired = 0;
    if (!expire_tips(copy, &expired, error))
        return false;
    if (expired) {
        char prune[64];
        snprintf(prune, sizeof prune, "--prune=%ld.seconds.ago", copy->keep);
        return GIT(copy, TIDY_SECONDS, NULL, error, "gc", "--quiet", prune);
    }
    return count_packs(copy) <= MOST_PACKS ||
           GIT(copy, TIDY_SECONDS, NULL, error, "repack", "--quiet", "-d", "--geometric=2");
}

static bool refresh_copy(struct copy *copy, bool *changed, struct error *error)
{
    struct text after = {0};
    if (!copy->refs.size && !list_refs(copy, &copy->refs, error))
        return false;
    bool good = fetch_refs(copy, copy->directory, error) && list_refs(copy, &after, error);
    *changed = good && strcmp(text_content(&after), text_content(&copy->refs)) != 0;
    if (*changed)
        good = keep_old_tips(copy, &after, error);
    if (good) {
        text_free(&copy->refs);
        copy->refs = after;
        return tidy_packs(copy, error);
    }
    text_free(&after);
    return false;
}

bool copy_fetch(struct copy *copy, bool *changed, struct error *error)
{
    *changed = !copy_exists(copy);
    bool good = *changed ? make_copy(copy, error) : refresh_copy(copy, changed, error);
    if (!good)
        copy_clear(copy); /* what a full disk or a killed git has left */
    return good;
}

bool copy_fetch_commit(const struct copy *copy, const char *commit, struct error *error)
{
    char refspec[256];
    snprintf(refspec, sizeof refspec, "%s:refs/keep/%lld/%s", commit, (long long)time(NULL), commit);
    return GIT(copy, copy->limit, NULL, error, "fetch", "--quiet", "--no-tags", "origin", refspec);
}

bool copy_has(const struct copy *copy, const char *commit)
{
    char name[128];
    struct error ignored = {0};
    snprintf(name, sizeof name, "%s^{commit}", commit);
    const char *const words[] = {"cat-file", "-e", name, NULL};
    struct copy_call call = {.directory = copy->directory, .words = words, .seconds = SHORT_SECONDS};
    bool has = copy_exists(copy) && run_git(copy, &call, NULL, NULL, &ignored) == 0;
    error_free(&ignored);
    return has;
}
