/* commit.c: makes a commit of changed files with git's plumbing. */
#include "plugin/change/commit.h"

#include <string.h>

#include "plugin/change/objects.h"

enum { TOGETHER = 12 };

struct committing {
    struct user_git *git;
    struct arena *arena;
    const struct changed_file **files; /* that differ */
    const char **modes, **blobs;
    size_t count;
    const char *parent;
    struct error *error;
};

static void choose_files(struct committing *committing, const struct changes *changes)
{
    committing->files = ARENA_ARRAY(committing->arena, changes->file_count + 1, const struct changed_file *);
    for (size_t i = 0; i < changes->file_count; i++) {
        const struct changed_file *file = &changes->files[i];
        if (changed_file_differs(file))
            committing->files[committing->count++] = file;
    }
    committing->modes = ARENA_ARRAY(committing->arena, committing->count + 1, const char *);
    committing->blobs = ARENA_ARRAY(committing->arena, committing->count + 1, const char *);
}

/* The mode of a path in what `ls-tree -z` printed: records "MODE blob ID\tPATH". */
static const char *find_mode(struct arena *arena, const struct text *listing, const char *path)
{
    for (size_t at = 0; at < listing->size; at += strlen(listing->bytes + at) + 1) {
        const char *tab = strchr(listing->bytes + at, '\t');
        if (tab && strcmp(tab + 1, path) == 0)
            return arena_copy(arena, listing->bytes + at, strcspn(listing->bytes + at, " "));
    }
    return NULL;
}

static bool read_modes(struct committing *committing)
{
    for (size_t i = 0; i < committing->count; i += TOGETHER) {
        const char *words[TOGETHER + 5] = {"ls-tree", "-z", committing->parent, "--"};
        struct text listing = {0};
        size_t end = i + TOGETHER < committing->count ? i + TOGETHER : committing->count;
        for (size_t k = i; k < end; k++)
            words[4 + k - i] = committing->files[k]->path;
        bool good = user_git_run(committing->git, words, NULL, &listing, committing->error);
        for (size_t k = i; k < end && good; k++) {
            committing->modes[k] = find_mode(committing->arena, &listing, committing->files[k]->path);
            good = committing->modes[k] || error_set(committing->error, "%s: is no file of the commit %s",
                                                     committing->files[k]->path, committing->parent);
        }
        text_free(&listing);
        if (!good)
            return false;
    }
    return true;
}

static bool write_contents(struct committing *committing)
{
    const struct text **texts = ARENA_ARRAY(committing->arena, committing->count + 1, const struct text *);
    for (size_t i = 0; i < committing->count; i++)
        texts[i] = &committing->files[i]->new;
    return write_blobs(committing->git, texts, committing->count, committing->blobs, committing->error);
}

static const char *write_changed_tree(struct committing *committing)
{
    struct text entries = {0};
    for (size_t i = 0; i < committing->count; i++) {
        text_format(&entries, "%s %s\t%s", committing->modes[i], committing->blobs[i], committing->files[i]->path);
        text_byte(&entries, '\0');
    }
    const char *tree = write_tree(committing->git, committing->parent, &entries, committing->error);
    text_free(&entries);
    return tree;
}

/* Whether exactly the wanted paths differ from the parent's. */
static bool check_tree(struct committing *committing, const char *tree)
{
    struct text listing = {0};
    size_t count = 0, known = 0;
    bool good =
        user_git_run(committing->git, GIT_WORDS("diff-tree", "-r", "-z", "--name-only", committing->parent, tree), NULL,
                     &listing, committing->error);
    for (size_t at = 0; at < listing.size; at += strlen(listing.bytes + at) + 1, count++)
        for (size_t i = 0; i < committing->count; i++)
            known += strcmp(committing->files[i]->path, listing.bytes + at) == 0;
    text_free(&listing);
    if (!good || (count == committing->count && known == count))
        return good;
    return error_set(committing->error, "the commit would change %zu paths where %zu are meant; nothing was changed",
                     count, committing->count);
}

const char *commit_make(struct user_git *git, const struct changes *changes, const char *parent,
                        const struct text *message, struct error *error)
{
    struct committing committing = {.git = git, .arena = git->history->arena, .parent = parent, .error = error};
    choose_files(&committing, changes);
    if (!read_modes(&committing) || !write_contents(&committing))
        return NULL;
    const char *tree = write_changed_tree(&committing);
    return tree && check_tree(&committing, tree) ? write_commit(git, tree, parent, message, error) : NULL;
}
