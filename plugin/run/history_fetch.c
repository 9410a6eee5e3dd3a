/* history_fetch.c: fetches what a partial clone lacks of a tree at once, because git would fetch file by file. */
#include <stdlib.h>
#include <string.h>

#include "base/process.h"

#include "plugin/run/history.h"

/* The ids that are missing, a line each: of all that a tree has, those behind a question mark. */
static bool list_missing(struct history *history, const char *tree, struct text *out, struct error *error)
{
    struct text all = {0};
    bool good = history_run(history, (const char *const[]){"rev-list", "--objects", "--missing=print", tree, NULL},
                            &all, error);
    for (const char *line = text_content(&all), *end; good && *line; line = end) {
        end = line + strcspn(line, "\n");
        end += *end == '\n';
        if (*line == '?')
            text_bytes(out, line + 1, (size_t)(end - line - 1));
    }
    text_free(&all);
    return good;
}

/* The remote that promised to have what is missing: "remote.origin.promisor". */
static char *find_remote(struct history *history)
{
    struct text answer = {0};
    struct error ignored = {0};
    const char *const words[] = {"config", "--name-only", "--get-regexp", "^remote\\..*\\.promisor$", NULL};
    char *name = NULL;
    if (history_try(history, words, &answer, NULL, &ignored) == 0) {
        size_t size = strcspn(answer.bytes, "\n"), before = strlen("remote."), behind = strlen(".promisor");
        name =
            size > before + behind ? arena_copy(history->arena, answer.bytes + before, size - before - behind) : NULL;
    }
    text_free(&answer);
    error_free(&ignored);
    return name;
}

/* As git itself does it. Source: git, promisor-remote.c, fetch_objects */
static bool fetch_missing(struct history *history, const char *remote, const struct text *ids, struct error *error)
{
    const char *const words[] = {"-c",
                                 "fetch.negotiationAlgorithm=noop",
                                 "fetch",
                                 remote,
                                 "--no-tags",
                                 "--no-write-fetch-head",
                                 "--recurse-submodules=no",
                                 "--filter=blob:none",
                                 "--stdin",
                                 NULL};
    struct text said = {0};
    int status = history_call(
        history,
        &(struct git_call){
            .words = words, .environment = history->environment, .input = ids->bytes, .input_size = ids->size},
        NULL, &said, error);
    if (status > 0)
        error_set(error, "what this partial clone lacks cannot be fetched: %s", text_content(&said));
    text_free(&said);
    return status == 0;
}

bool history_fetch_missing(struct history *history, const char *tree, struct error *error)
{
    const char *never = environment_value("GIT_NO_LAZY_FETCH");
    if (history->fetches_late || !git_is_partial(&history->place) || (never && strcmp(never, "0") != 0))
        return true;
    struct text ids = {0};
    bool good = list_missing(history, tree, &ids, error);
    const char *remote = good && ids.size ? find_remote(history) : NULL;
    if (remote)
        good = fetch_missing(history, remote, &ids, error);
    text_free(&ids);
    return good;
}
