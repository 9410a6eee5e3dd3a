/* git_run.c: runs git for one repository, confined and within its time limit. */
#include <string.h>

#include "base/process.h"
#include "kustomize/remote/git.h"
#include "kustomize/text/url.h"

enum { LARGEST_OUTPUT = 64 * 1024 * 1024, MOST_ARGUMENTS = 16 };

/* A repository around us must not get in the way, nor may anybody be asked for a password. Where hosts are listed, only
 * what has one is fetched. */
static const char *const *git_environment(const struct git *git)
{
    static const char *const changes[] = {"GIT_ALLOW_PROTOCOL=http:https:ssh",
                                          "GIT_TERMINAL_PROMPT=0",
                                          "LC_ALL=C",
                                          "GIT_DIR",
                                          "GIT_WORK_TREE",
                                          "GIT_INDEX_FILE",
                                          "GIT_OBJECT_DIRECTORY",
                                          "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                          "GIT_COMMON_DIR",
                                          "GIT_NAMESPACE",
                                          "GIT_PREFIX",
                                          NULL};
    return process_environment(git->arena, changes + (git->options->access != REMOTE_LISTED));
}

/* What git says is wrong, in one line: how it begins, and each complaint after that. */
static char *git_complaint(struct arena *arena, const struct text *said)
{
    struct text out = {0};
    for (const char *line = text_content(said); *line; line += strcspn(line, "\n"), line += *line == '\n')
        if (!out.size || strncmp(line, "fatal: ", 7) == 0 || strncmp(line, "error: ", 7) == 0)
            text_format(&out, "%s%.*s", out.size ? "; " : "", (int)strcspn(line, "\r\n"), line);
    char *copy = url_without_secrets(arena, text_content(&out));
    text_free(&out);
    return copy;
}

static bool report_end(const struct git *git, const char *verb, const struct process_end *end, struct error *error)
{
    const char *shown = url_without_secrets(git->arena, git->url->clone), *ref = git->url->ref;
    const char *what = arena_format(git->arena, "git %s of '%s'%s%s", verb, shown, *ref ? " at " : "", ref);
    if (end->timed_out)
        return error_set(error, "%s: hit %us timeout; a query '?timeout=' in the URL gives it more", what,
                         git->url->seconds);
    if (end->too_large)
        return error_set(error, "%s: its output is too large", what);
    return error_set(error, "%s failed: %s", what, git_complaint(git->arena, &end->err));
}

bool git_run(const struct git *git, const char *directory, const char *const *words, struct text *out,
             struct error *error)
{
    const char *arguments[MOST_ARGUMENTS] = {
        "git", "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "advice.detachedHead=false"};
    size_t count = 7;
    if (git->options->access == REMOTE_LISTED) { /* a redirect could lead anywhere */
        arguments[count++] = "-c";
        arguments[count++] = "http.followRedirects=false";
    }
    for (size_t i = 0; words[i] && count < MOST_ARGUMENTS - 1; i++)
        arguments[count++] = words[i];
    struct process process = {.arguments = arguments,
                              .environment = git_environment(git),
                              .directory = directory,
                              .seconds = git->url->seconds,
                              .output_limit = LARGEST_OUTPUT};
    struct process_end end;
    if (!process_run(&process, &end, error))
        return error_wrap(error, "remote bases need the program git");
    bool good = end.status == 0 && !end.timed_out && !end.too_large;
    if (!good)
        report_end(git, words[0], &end, error);
    else if (out)
        text_bytes(out, text_content(&end.out), end.out.size);
    process_end_free(&end);
    return good;
}
