/* tip_files.c: lists the files of a commit. */
#include "plugin/change/tip_files.h"

#include <string.h>

/* A record "MODE TYPE ID\tPATH". */
static void add_record(struct arena *arena, struct tip_files *out, char *record)
{
    char *tab = strchr(record, '\t'), *id;
    if (!tab)
        return;
    *tab = '\0';
    id = strrchr(record, ' ');
    out->items = arena_grow(arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = (struct tip_file){.path = tab + 1, .id = id ? id + 1 : record};
    *map_slot(out->by_path, tab + 1, strlen(tab + 1)) = id ? id + 1 : record;
}

bool tip_files_read(struct user_git *git, const char *commit, struct tip_files *out, struct error *error)
{
    struct arena *arena = git->history->arena;
    struct text listing = {0};
    *out = (struct tip_files){.by_path = map_new(arena)};
    bool good = !commit || user_git_run(git, GIT_WORDS("ls-tree", "-r", "-z", commit), NULL, &listing, error);
    char *copy = arena_copy(arena, text_content(&listing), listing.size);
    for (size_t at = 0, size; at < listing.size; at += size + 1) {
        size = strlen(copy + at);
        add_record(arena, out, copy + at);
    }
    text_free(&listing);
    return good;
}

const char *tip_files_find(const struct tip_files *files, const char *path)
{
    return map_get(files->by_path, path, strlen(path));
}
