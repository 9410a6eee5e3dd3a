/* objects.c: writes blobs, trees and commits with git's plumbing. */
#include "plugin/change/objects.h"

#include <string.h>

#include "base/files.h"

/* Files, and not one text after the other through a pipe: git reads one from there. */
static bool write_files(struct user_git *git, const struct text *const *texts, size_t count, struct text *paths,
                        struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_format(git->history->arena, "%s/%zu", git->temporary, i);
        if (!file_replace(path, text_content(texts[i]), texts[i]->size, error))
            return false;
        text_format(paths, "%s\n", path);
    }
    return true;
}

bool write_blobs(struct user_git *git, const struct text *const *texts, size_t count, const char **ids,
                 struct error *error)
{
    struct text paths = {0}, out = {0};
    bool good = write_files(git, texts, count, &paths, error) &&
                user_git_run(git, GIT_WORDS("hash-object", "-w", "--no-filters", "--stdin-paths"), &paths, &out, error);
    const char *at = text_content(&out);
    for (size_t i = 0; i < count && good; i++) {
        size_t size = strcspn(at, "\n");
        ids[i] = arena_copy(git->history->arena, at, size);
        at += size + (at[size] == '\n');
    }
    text_free(&paths);
    text_free(&out);
    return good;
}

const char *write_tree(struct user_git *git, const char *base, const struct text *entries, struct error *error)
{
    bool good = user_git_run(git, GIT_WORDS("read-tree", base ? base : "--empty"), NULL, NULL, error) &&
                user_git_run(git, GIT_WORDS("update-index", "-z", "--index-info"), entries, NULL, error);
    /* What a partial clone lacks of the base is none of ours. */
    const char *missing = git_is_partial(&git->history->place) ? "--missing-ok" : NULL;
    const char *tree = good ? user_git_line(git, GIT_WORDS("write-tree", missing)) : NULL;
    if (good && !tree)
        error_set(error, "git write-tree failed: an object is missing or corrupt; 'git fsck' tells which");
    return tree;
}

static bool signs_commits(struct user_git *git)
{
    if (!git->sign)
        git->sign = user_git_line(git, GIT_WORDS("config", "--type=bool", "--get", "commit.gpgSign"));
    if (!git->sign)
        git->sign = "";
    return strcmp(git->sign, "true") == 0;
}

const char *write_commit(struct user_git *git, const char *tree, const char *parent, const struct text *message,
                         struct error *error)
{
    const char *words[8] = {"commit-tree", tree, "-F", "-"};
    size_t count = 4;
    struct text id = {0};
    if (parent) {
        words[count++] = "-p";
        words[count++] = parent;
    }
    if (signs_commits(git))
        words[count] = "-S";
    bool good = user_git_run(git, words, message, &id, error);
    const char *commit =
        good ? arena_copy(git->history->arena, text_content(&id), strcspn(text_content(&id), "\n")) : NULL;
    text_free(&id);
    return commit;
}
