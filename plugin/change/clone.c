/* clone.c: clones a repository for one push. */
#include "plugin/change/clone.h"

#include <string.h>

#include "base/files.h"
#include "base/process.h"
#include "plugin/change/remote_text.h"
#include "plugin/change/user_git.h"

enum { CLONE_SECONDS = 120 };

/* Manifests are smaller, and one answer with all of them is faster than one for each. */
#define LARGEST_FETCHED "blob:limit=256k"

static bool run_clone(struct arena *arena, const char *url, const char *token_variable, const char *directory,
                      struct error *error)
{
    static const char *const changes[] = {
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", NULL};
    const char *words[16] = {"git",       "clone",    "--quiet",       "--bare",     "--depth=1", "--single-branch",
                             "--no-tags", "--filter", LARGEST_FETCHED, "--template="};
    size_t count = 10;
    if (token_variable) {
        words[count++] = "--config";
        words[count++] = token_helper(arena, token_variable);
    }
    words[count++] = "--";
    words[count++] = url;
    words[count] = directory;
    struct process process = {
        .arguments = words, .environment = process_environment(arena, changes), .seconds = CLONE_SECONDS};
    struct process_end end;
    if (!process_run(&process, &end, error))
        return error_append(error, "; git 2.31 or later is needed");
    bool good = end.status == 0;
    struct text said = {0};
    history_said(&said, text_content(&end.err));
    if (!good)
        error_set(error, "git clone of %s: %s", without_password(arena, url),
                  end.timed_out ? "no answer" : text_content(&said));
    if (!good)
        explain_full_disk(arena, directory, error);
    text_free(&said);
    process_end_free(&end);
    return good;
}

const char *clone_for_push(struct arena *arena, const char *url, const char *token_variable, struct error *error)
{
    const char *directory = temporary_directory(arena, NULL, error);
    if (!directory || run_clone(arena, url, token_variable, directory, error))
        return directory;
    directory_remove(directory);
    return NULL;
}
