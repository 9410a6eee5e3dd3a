/* commit_notes.c: reads and writes notes on commits. */
#include "plugin/change/commit_notes.h"

#include <string.h>

#include "plugin/change/objects.h"

static const char *without_slashes(struct arena *arena, const char *path)
{
    char *id = arena_string(arena, path), *end = id;
    for (const char *at = path; *at; at++)
        if (*at != '/')
            *end++ = *at;
    *end = '\0';
    return id;
}

bool commit_notes_read(struct commit_notes *notes, struct user_git *git, const char *tip, struct error *error)
{
    struct arena *arena = git->history->arena;
    *notes = (struct commit_notes){.git = git, .tip = tip, .by_commit = map_new(arena)};
    if (!tip_files_read(git, tip, &notes->files, error))
        return false;
    for (size_t i = 0; i < notes->files.count; i++) {
        const char *commit = without_slashes(arena, notes->files.items[i].path);
        *map_slot(notes->by_commit, commit, strlen(commit)) = &notes->files.items[i];
    }
    return true;
}

void commit_notes_close(struct commit_notes *notes)
{
    text_free(&notes->entries);
}

const char *commit_notes_find(const struct commit_notes *notes, const char *commit)
{
    const struct tip_file *file = map_get(notes->by_commit, commit, strlen(commit));
    return file ? file->id : NULL;
}

void commit_notes_set(struct commit_notes *notes, const char *commit, const char *blob)
{
    const struct tip_file *file = map_get(notes->by_commit, commit, strlen(commit));
    text_format(&notes->entries, "100644 %s\t%s", blob, file ? file->path : commit);
    text_byte(&notes->entries, '\0');
}

const char *commit_notes_write(struct commit_notes *notes, const char *subject, struct error *error)
{
    struct text message = {0};
    text_format(&message, "%s\n", subject);
    const char *tree = write_tree(notes->git, notes->tip, &notes->entries, error);
    const char *commit = tree ? write_commit(notes->git, tree, notes->tip, &message, error) : NULL;
    text_free(&message);
    return commit;
}
