/* local_commit.c: commits changed files of a work tree. */
#include "plugin/change/local_commit.h"

#include <string.h>

#include "base/files.h"
#include "base/path.h"

/* git's own index is meant here: that of the user. */
static int call_git(struct user_git *git, const char *const *words, const struct text *input, struct text *out,
                    struct text *said, struct error *error)
{
    return history_call(git->history,
                        &(struct git_call){.words = words,
                                           .environment = git->history->environment,
                                           .input = input ? text_content(input) : NULL,
                                           .input_size = input ? input->size : 0},
                        out, said, error);
}

/* What `git status -z` says of the files that differ from what they were: "XY PATH" each. */
static bool ask_status(struct user_git *git, const struct changes *changes, const char *untracked, struct text *out,
                       struct error *error)
{
    const char **words = ARENA_ARRAY(git->history->arena, changes->file_count + 6, const char *);
    const char *const first[] = {"status", "--porcelain", "-z", untracked, "--"};
    size_t count = sizeof first / sizeof *first;
    struct text said = {0};
    memcpy(words, first, sizeof first);
    for (size_t i = 0; i < changes->file_count; i++)
        if (changed_file_differs(&changes->files[i]))
            words[count++] = changes->files[i].path;
    int status = count > sizeof first / sizeof *first ? call_git(git, words, NULL, out, &said, error) : 0;
    if (status > 0)
        error_set(error, "git status: %s", text_content(&said));
    text_free(&said);
    return status == 0;
}

static bool are_clean(struct user_git *git, const struct changes *changes, struct error *error)
{
    struct text out = {0};
    bool good = ask_status(git, changes, "--untracked-files=all", &out, error);
    if (good && out.size)
        good = error_set(error,
                         "%s: has changes that are not committed, which a commit would take along: commit or stash "
                         "them first, or leave --commit out",
                         out.size > 3 ? out.bytes + 3 : "a file");
    text_free(&out);
    return good;
}

void local_note_dirty(struct user_git *git, const struct changes *changes, struct text *out)
{
    struct text status = {0};
    struct error ignored = {0};
    bool good = ask_status(git, changes, "--untracked-files=no", &status, &ignored);
    for (size_t at = 0; good && at < status.size; at += strlen(status.bytes + at) + 1)
        if (strlen(status.bytes + at) > 3)
            text_format(out, "%s: has changes in this work tree, which are not part of what was pushed\n",
                        status.bytes + at + 3);
    error_free(&ignored);
    text_free(&status);
}

bool local_commit_check(struct user_git *git, const struct changes *changes, struct error *error)
{
    if (!git->history->root)
        return error_set(error, "the repository is bare: it has no work tree to commit in; --push needs none");
    if (!user_git_line(git, GIT_WORDS("rev-parse", "--verify", "--quiet", "HEAD")))
        return error_set(error, "the branch has no commit yet: make the first one yourself, or leave --commit out");
    return are_clean(git, changes, error);
}

static bool commit_paths(struct user_git *git, const char *message, const struct text *paths, bool no_verify,
                         struct error *error)
{
    const char *words[] = {"commit",
                           "--quiet",
                           "--only",
                           "--file",
                           message,
                           "--pathspec-from-file=-",
                           "--pathspec-file-nul",
                           no_verify ? "--no-verify" : NULL,
                           NULL};
    struct text said = {0};
    int status = call_git(git, words, paths, NULL, &said, error);
    if (status > 0)
        error_set(error, "git commit: %s; nothing was changed", said.size ? said.bytes : "a hook has refused it");
    text_free(&said);
    return status == 0;
}

void local_note_hooked(const struct changes *changes, const struct repository *repository, struct text *out)
{
    for (size_t i = 0; i < changes->file_count; i++) {
        const struct changed_file *file = &changes->files[i];
        struct text now = {0};
        if (changed_file_differs(file) && file_read(path_join(changes->arena, repository->root, file->path), &now) &&
            (now.size != file->new.size || memcmp(now.bytes, file->new.bytes, now.size) != 0))
            text_format(out, "%s: a hook of git has changed it further\n", file->path);
        text_free(&now);
    }
}

bool local_commit_make(struct user_git *git, const struct changes *changes, const struct text *message, bool no_verify,
                       struct change_end *end, struct error *error)
{
    const char *file = path_join(git->history->arena, git->temporary, "message");
    struct text paths = {0};
    for (size_t i = 0; i < changes->file_count; i++)
        if (changed_file_differs(&changes->files[i])) {
            text_string(&paths, changes->files[i].path);
            text_byte(&paths, '\0');
        }
    end->old = user_git_line(git, GIT_WORDS("rev-parse", "HEAD"));
    bool good =
        file_replace(file, message->bytes, message->size, error) && commit_paths(git, file, &paths, no_verify, error);
    text_free(&paths);
    if (!good)
        return false;
    end->result = "committed";
    end->commit = user_git_line(git, GIT_WORDS("rev-parse", "HEAD"));
    end->branch = user_git_line(git, GIT_WORDS("symbolic-ref", "--quiet", "--short", "HEAD"));
    return true;
}
