/* user_git.c: runs the user's git. */
#include "plugin/change/user_git.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/files.h"
#include "base/path.h"
#include "base/process.h"

enum { NETWORK_SECONDS = 60, LOCAL_SECONDS = 120 };

/* A hook's variables would name another repository or index. */
bool user_git_open(struct user_git *git, struct history *history, const char *token_variable, struct error *error)
{
    struct arena *arena = history->arena;
    *git = (struct user_git){.history = history, .token_variable = token_variable};
    git->temporary = temporary_directory(arena, NULL, error);
    if (!git->temporary)
        return false;
    const char *const changes[] = {"GIT_DIR",
                                   "GIT_WORK_TREE",
                                   "GIT_PREFIX",
                                   "GIT_COMMON_DIR",
                                   "LC_ALL=C",
                                   "GIT_NO_REPLACE_OBJECTS=1",
                                   "GIT_TERMINAL_PROMPT=0",
                                   arena_format(arena, "GIT_INDEX_FILE=%s/index", git->temporary),
                                   NULL};
    git->environment = process_environment(arena, changes);
    return true;
}

void user_git_close(struct user_git *git)
{
    if (git->temporary)
        directory_remove(git->temporary);
    git->temporary = NULL;
}

static int call_git(struct user_git *git, const char *const *words, const struct text *input, unsigned seconds,
                    struct text *out, struct text *said, struct error *error)
{
    return history_call(git->history,
                        &(struct git_call){.words = words,
                                           .environment = git->environment,
                                           .input = input ? text_content(input) : NULL,
                                           .input_size = input ? input->size : 0,
                                           .seconds = seconds},
                        out, said, error);
}

int user_git_try(struct user_git *git, const char *const *words, const struct text *input, struct text *out,
                 struct text *said, struct error *error)
{
    return call_git(git, words, input, LOCAL_SECONDS, out, said, error);
}

const char *token_helper(struct arena *arena, const char *token_variable)
{
    return arena_format(arena,
                        "credential.helper=!f() { test \"$1\" = get && echo username=x-access-token && "
                        "echo \"password=$%s\"; }; f",
                        token_variable);
}

int user_git_remote(struct user_git *git, const char *const *words, struct text *out, struct text *said,
                    struct error *error)
{
    size_t count = 0;
    while (words[count])
        count++;
    const char **all = ARENA_ARRAY(git->history->arena, count + 7, const char *);
    count = 0;
    if (git->token_variable) {
        all[count++] = "-c";
        all[count++] = token_helper(git->history->arena, git->token_variable);
    }
    all[count++] = "-c";
    all[count++] = "gc.auto=0";
    all[count++] = "-c";
    all[count++] = "maintenance.auto=false";
    for (size_t i = 0; words[i]; i++)
        all[count++] = words[i];
    return call_git(git, all, NULL, NETWORK_SECONDS, out, said, error);
}

bool user_git_run(struct user_git *git, const char *const *words, const struct text *input, struct text *out,
                  struct error *error)
{
    struct text said = {0};
    int status = user_git_try(git, words, input, out, &said, error);
    if (status > 0)
        error_set(error, "git %s: %s", words[0], said.size ? said.bytes : "failed");
    text_free(&said);
    return status == 0 || user_git_explain(git, error);
}

bool explain_full_disk(struct arena *arena, const char *directory, struct error *error)
{
    struct statvfs disk;
    bool full =
        directory && statvfs(directory, &disk) == 0 && (disk.f_bavail == 0 || (disk.f_files && disk.f_favail == 0));
    if (full && error->message && !strstr(error->message, "No space"))
        error_append(error, arena_format(arena, " (No space is left where %s lies)", directory));
    return false;
}

bool user_git_explain(struct user_git *git, struct error *error)
{
    return explain_full_disk(git->history->arena, git->history->common, error) ||
           explain_full_disk(git->history->arena, git->temporary, error);
}

const char *user_git_line(struct user_git *git, const char *const *words)
{
    struct text out = {0};
    struct error ignored = {0};
    bool good = user_git_try(git, words, NULL, &out, NULL, &ignored) == 0;
    const char *line =
        good ? arena_copy(git->history->arena, text_content(&out), strcspn(text_content(&out), "\n")) : NULL;
    error_free(&ignored);
    text_free(&out);
    return line;
}

const char *user_git_id(struct user_git *git, const char *name, const char *kind)
{
    return user_git_line(git, GIT_WORDS("rev-parse", "--verify", "--quiet", "--end-of-options",
                                        arena_format(git->history->arena, "%s^{%s}", name, kind)));
}
