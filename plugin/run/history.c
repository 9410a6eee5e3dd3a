/* history.c: asks git about a repository, and opens its revisions. */
#define _GNU_SOURCE
#include "plugin/run/history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/path.h"
#include "base/process.h"

enum { GIT_SECONDS = 600, OLDEST_MAJOR = 2, OLDEST_MINOR = 31 };

/* Where git runs says which repository is meant, whatever a hook's environment says; the index is asked for where it is
 * wanted. Nothing is asked for on a terminal, no lock is taken, and objects are what they are. */
static const char *const environment_changes[] = {"GIT_DIR",
                                                  "GIT_WORK_TREE",
                                                  "GIT_INDEX_FILE",
                                                  "GIT_PREFIX",
                                                  "GIT_COMMON_DIR",
                                                  "LC_ALL=C",
                                                  "GIT_OPTIONAL_LOCKS=0",
                                                  "GIT_NO_REPLACE_OBJECTS=1",
                                                  "GIT_TERMINAL_PROMPT=0",
                                                  NULL};

void history_said(struct text *out, const char *said)
{
    for (const char *word = "fatal: "; strncmp(said, word, strlen(word)) == 0;)
        said += strlen(word);
    for (const char *at = said; *at; at++) {
        bool blank = strchr(" \t\r\n", *at);
        if (!blank)
            text_byte(out, *at);
        else if (out->size && out->bytes[out->size - 1] != ' ')
            text_byte(out, ' ');
        if (strncmp(at, "://", 3) != 0)
            continue;
        size_t host = strcspn(at + 3, "/@ '\n");
        if (at[3 + host] == '@') {
            text_string(out, "//***");
            at += 2 + host;
        }
    }
    while (out->size && out->bytes[out->size - 1] == ' ')
        text_cut(out, out->size - 1);
}

int git_end(struct process_end *end, struct text *out, struct text *said)
{
    int status = end->timed_out ? 124 : end->status;
    if (out)
        text_bytes(out, text_content(&end->out), end->out.size);
    if (said)
        history_said(said, text_content(&end->err));
    process_end_free(end);
    return status;
}

int history_call(struct history *history, const struct git_call *call, struct text *out, struct text *said,
                 struct error *error)
{
    size_t count = 0;
    while (call->words[count])
        count++;
    const char **arguments = memory_resize(NULL, memory_product(count + 4, sizeof *arguments));
    arguments[0] = "git";
    arguments[1] = "-C";
    arguments[2] = history->at;
    memcpy(arguments + 3, call->words, (count + 1) * sizeof *arguments);
    struct process process = {.arguments = arguments,
                              .environment = call->environment,
                              .input = call->input,
                              .input_size = call->input_size,
                              .seconds = call->seconds ? call->seconds : GIT_SECONDS};
    struct process_end end;
    bool ran = process_run(&process, &end, error);
    free(arguments);
    return ran ? git_end(&end, out, said) : -1;
}

int history_try(struct history *history, const char *const *words, struct text *out, struct text *said,
                struct error *error)
{
    return history_call(history, &(struct git_call){.words = words, .environment = history->environment}, out, said,
                        error);
}

bool history_says_true(struct history *history, const char *const *words)
{
    struct text answer = {0};
    struct error ignored = {0};
    bool says =
        history_try(history, words, &answer, NULL, &ignored) == 0 && strncmp(text_content(&answer), "true", 4) == 0;
    error_free(&ignored);
    text_free(&answer);
    return says;
}

/* The name of git's command, behind the options of git itself. */
static const char *command_of(const char *const *words)
{
    while (strcmp(*words, "-c") == 0 && words[1])
        words += 2;
    return *words;
}

static bool call_well(struct history *history, const struct git_call *call, struct text *out, struct error *error)
{
    struct text said = {0};
    int status = history_call(history, call, out, &said, error);
    if (status > 0 && said.size)
        error_set(error, "git %s: %s", command_of(call->words), said.bytes);
    else if (status > 0)
        error_set(error, "git %s: ended with status %d", command_of(call->words), status);
    text_free(&said);
    return status == 0;
}

bool history_run(struct history *history, const char *const *words, struct text *out, struct error *error)
{
    return call_well(history, &(struct git_call){.words = words, .environment = history->environment}, out, error);
}

/* Takes the next line of an answer. */
static const char *take_line(struct arena *arena, const char **rest)
{
    size_t size = strcspn(*rest, "\n");
    const char *line = arena_copy(arena, *rest, size);
    *rest += size + ((*rest)[size] == '\n');
    return line;
}

/* Returns the rest of the answer; NULL: it is none. */
static const char *read_places(struct history *history, const char *answer)
{
    struct arena *arena = history->arena;
    if (!*answer)
        return NULL;
    history->place.directory = take_line(arena, &answer);
    history->common = take_line(arena, &answer);
    history->place.objects = take_line(arena, &answer);
    history->place.sha256 = strcmp(take_line(arena, &answer), "sha1") != 0;
    history->place.batch_environment = history->environment;
    const char *bare = take_line(arena, &answer), *inside = take_line(arena, &answer);
    history->root = NULL;
    if (strcmp(bare, "true") != 0 && strcmp(inside, "true") == 0)
        history->root = history->at;
    return answer;
}

/* In a bare repository the last two questions have no answer, which is an error, and the others have been answered. */
static bool read_root(struct history *history, const char *answer)
{
    const char *top = take_line(history->arena, &answer), *prefix = take_line(history->arena, &answer);
    history->directory = ".";
    if (!history->root)
        return true;
    history->directory = path_clean(history->arena, prefix);
    history->root = history->at = top;
    return *top;
}

/* git that is too old does not say so, but takes our options for names of files. */
static bool refuse_old_git(struct history *history, struct error *error)
{
    static const char *const words[] = {"version", NULL};
    struct text answer = {0};
    struct error ignored = {0};
    unsigned major = OLDEST_MAJOR, minor = OLDEST_MINOR;
    if (history_try(history, words, &answer, NULL, &ignored) < 0)
        error_append(error, "; git 2.31 or later is needed");
    else if (sscanf(text_content(&answer), "git version %u.%u", &major, &minor) == 2 &&
             (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR))) {
        error_free(error);
        error_set(error, "git %u.%u is too old: 2.31 or later is needed", major, minor);
    }
    error_free(&ignored);
    text_free(&answer);
    return false;
}

bool history_open(struct history *history, struct arena *arena, const char *path, struct error *error)
{
    *history = (struct history){.arena = arena, .at = path};
    history->environment = process_environment(arena, environment_changes);
    struct text answer = {0}, said = {0};
    static const char *const words[] = {"rev-parse",
                                        "--path-format=absolute",
                                        "--absolute-git-dir",
                                        "--git-common-dir",
                                        "--git-path",
                                        "objects",
                                        "--show-object-format",
                                        "--is-bare-repository",
                                        "--is-inside-work-tree",
                                        "--show-toplevel",
                                        "--show-prefix",
                                        NULL};
    int status = history_try(history, words, &answer, &said, error);
    const char *rest = read_places(history, text_content(&answer));
    bool good = status >= 0 && rest && (status == 0 || !history->root) && read_root(history, rest);
    if (!good && status >= 0)
        error_set(error, "git rev-parse: %s", text_content(&said));
    text_free(&answer);
    text_free(&said);
    return good || refuse_old_git(history, error);
}

void history_close(struct history *history)
{
    git_objects_free(history->objects);
    history->objects = NULL;
    if (history->temporary)
        directory_remove(history->temporary);
    history->temporary = NULL;
}

static bool is_shallow(struct history *history)
{
    return access(path_join(history->arena, history->common, "shallow"), F_OK) == 0;
}

/* Names what could have been meant: a branch that only the remote has, or one that a shallow clone does not have. */
static bool refuse_revision(struct history *history, const char *name, struct error *error)
{
    static const char *const branch[] = {"symbolic-ref", "--quiet", "--short", "HEAD", NULL};
    if (strcmp(name, "HEAD") == 0 && history_try(history, branch, NULL, NULL, error) == 0)
        return error_set(error, "'HEAD' is no revision: its branch has no commit yet; make the first one");
    const char *remote = arena_format(history->arena, "refs/remotes/origin/%s", name);
    const char *const words[] = {"rev-parse", "--verify", "--quiet", "--end-of-options", remote, NULL};
    if (history_try(history, words, NULL, NULL, error) == 0)
        return error_set(error, "'%s' is no revision of this clone; did you mean 'origin/%s'?", name, name);
    if (is_shallow(history))
        return error_set(error,
                         "'%s' is not in this clone, which is shallow: 'git fetch --depth=50 origin %s' brings it "
                         "(of actions/checkout: fetch-depth: 0)",
                         name, name);
    return error_set(error, "'%s' is no revision of this repository", name);
}

/* One line of `git cat-file --batch-check`: the object's id; NULL: there is no such object. */
static const char *take_id(struct arena *arena, const char **rest)
{
    const char *line = take_line(arena, rest);
    size_t size = strspn(line, "0123456789abcdef");
    return size >= 40 && line[size] == ' ' ? arena_copy(arena, line, size) : NULL;
}

/* All with one process. */
bool history_find_all(struct history *history, struct revision *revisions, size_t count, struct error *error)
{
    struct text asked = {0}, answer = {0};
    for (size_t i = 0; i < count; i++)
        text_format(&asked, "%s^{tree}\n%s^{commit}\n", revisions[i].name, revisions[i].name);
    const struct git_call call = {.words = (const char *const[]){"cat-file", "--batch-check", NULL},
                                  .environment = history->environment,
                                  .input = asked.bytes,
                                  .input_size = asked.size};
    bool good = call_well(history, &call, &answer, error);
    const char *rest = text_content(&answer), *missing = NULL;
    for (size_t i = 0; good && i < count; i++) {
        revisions[i].tree = take_id(history->arena, &rest);
        revisions[i].commit = take_id(history->arena, &rest);
        missing = missing || revisions[i].tree ? missing : revisions[i].name;
    }
    text_free(&asked);
    text_free(&answer);
    return good && (!missing || refuse_revision(history, missing, error));
}

bool history_find(struct history *history, const char *name, struct revision *out, struct error *error)
{
    *out = (struct revision){.name = name};
    return history_find_all(history, out, 1, error);
}

bool history_write_elsewhere(struct history *history, struct error *error)
{
    struct arena *arena = history->arena;
    if (!history->temporary)
        history->temporary = temporary_directory(arena, NULL, error);
    if (!history->temporary || history->place.more)
        return history->temporary != NULL;
    const char *more = history->place.more = path_join(arena, history->temporary, "objects");
    size_t count = sizeof environment_changes / sizeof *environment_changes;
    const char **changes = ARENA_ARRAY(arena, count + 1, const char *);
    memcpy(changes, environment_changes, sizeof environment_changes);
    changes[count - 1] = arena_format(arena, "GIT_OBJECT_DIRECTORY=%s", more);
    history->environment = process_environment(arena, changes);
    history->place.batch_environment = history->environment;
    /* The variable for this cannot hold a path with a colon. */
    const char *theirs = arena_format(arena, "%s\n", history->place.objects);
    return directory_make(path_join(arena, more, "info"), error) &&
           file_replace(path_join(arena, more, "info/alternates"), theirs, strlen(theirs), error);
}

/* The index file in use, from where git runs. */
static const char *index_path(struct history *history)
{
    const char *chosen = environment_value("GIT_INDEX_FILE");
    if (chosen)
        return path_is_absolute(chosen) ? chosen : path_join(history->arena, history->root, chosen);
    return path_join(history->arena, history->place.directory, "index");
}

/* A copy is as old as its original: git looks into files that are no older than the index, since they may have changed
 * in the same second. Source: git, Documentation/technical/racy-git.txt */
static void keep_time(const char *from, const char *to)
{
    struct stat status;
    if (stat(from, &status) == 0)
        utimensat(AT_FDCWD, to, (const struct timespec[]){status.st_atim, status.st_mtim}, 0);
}

/* git's environment with a copy of the index, so that neither the index nor its lock is touched. */
static const char *const *copy_index(struct history *history, struct error *error)
{
    if (!history_write_elsewhere(history, error))
        return NULL;
    struct text bytes = {0};
    const char *copy = path_join(history->arena, history->temporary, "index");
    bool good = !file_read(index_path(history), &bytes) || file_replace(copy, bytes.bytes, bytes.size, error);
    text_free(&bytes);
    if (!good)
        return NULL;
    keep_time(index_path(history), copy);
    size_t count = 0;
    while (history->environment[count])
        count++;
    const char **environment = ARENA_ARRAY(history->arena, count + 2, const char *);
    memcpy(environment, history->environment, count * sizeof *environment);
    environment[count] = arena_format(history->arena, "GIT_INDEX_FILE=%s", copy);
    return environment;
}

static bool write_tree(struct history *history, const char *const *environment, struct revision *out,
                       struct error *error)
{
    struct text answer = {0};
    const struct git_call call = {.words = (const char *const[]){"write-tree", NULL}, .environment = environment};
    bool good = call_well(history, &call, &answer, error);
    if (good)
        out->tree = arena_copy(history->arena, answer.bytes, strcspn(answer.bytes, "\n"));
    text_free(&answer);
    return good;
}

static bool refuse_bare(const struct history *history, struct error *error)
{
    return history->root ||
           error_set(error, "the repository is bare: it has no work tree and no index; name revisions");
}

bool history_find_index(struct history *history, struct revision *out, struct error *error)
{
    *out = (struct revision){.name = "the index"};
    if (!refuse_bare(history, error))
        return false;
    const char *const *environment = copy_index(history, error);
    return environment && write_tree(history, environment, out, error);
}

bool history_find_work_tree(struct history *history, struct revision *out, struct error *error)
{
    *out = (struct revision){.name = "the work tree"};
    if (!refuse_bare(history, error))
        return false;
    const char *const *environment = copy_index(history, error);
    const struct git_call add = {.words =
                                     (const char *const[]){"-c", "core.hooksPath=/dev/null", "-c",
                                                           "core.fsmonitor=false", "add", "--all", "--", ":/", NULL},
                                 .environment = environment};
    return environment && call_well(history, &add, NULL, error) && write_tree(history, environment, out, error);
}
