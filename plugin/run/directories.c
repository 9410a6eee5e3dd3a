/* directories.c: walks a tree for kustomization files. */
#include "plugin/run/directories.h"

#include <string.h>

#include "base/path.h"
#include "source/kustomization_files.h"

struct directory_walk {
    const struct source *source;
    struct arena *arena;
    const char **waiting; /* directories that are still to be looked at */
    size_t waiting_count, waiting_room, found_room;
    struct name_list found;
};

static void push_directory(struct directory_walk *walk, const char *directory)
{
    walk->waiting =
        arena_grow(walk->arena, walk->waiting, walk->waiting_count, &walk->waiting_room, sizeof *walk->waiting);
    walk->waiting[walk->waiting_count++] = directory;
}

static void add_directory(struct directory_walk *walk, const char *directory)
{
    struct name_list *found = &walk->found;
    found->names = arena_grow(walk->arena, found->names, found->count, &walk->found_room, sizeof *found->names);
    found->names[found->count++] = directory;
}

bool directory_is_own(const struct source *source, struct arena *arena, const char *path)
{
    if (source_kind(source, path) != FILE_DIRECTORY)
        return false;
    struct error ignored = {0};
    const char *real = source_resolve(source, arena, path, &ignored);
    error_free(&ignored);
    return real && strcmp(real, path) == 0;
}

/* Directories wait in reverse, so that they are taken in order. */
static bool list_directory(struct directory_walk *walk, const char *directory, struct error *error)
{
    struct name_list names;
    if (!source_list(walk->source, walk->arena, directory, &names, error))
        return false;
    bool found = false;
    for (size_t i = names.count; i > 0; i--) {
        const char *path = path_join(walk->arena, directory, names.names[i - 1]);
        if (is_kustomization_file_name(names.names[i - 1]))
            found = found || source_kind(walk->source, path) != FILE_DIRECTORY;
        else if (directory_is_own(walk->source, walk->arena, path))
            push_directory(walk, path);
    }
    if (found)
        add_directory(walk, directory);
    return true;
}

bool directories_find(const struct source *source, struct arena *arena, const char *top, struct name_list *out,
                      struct error *error)
{
    struct directory_walk walk = {.source = source, .arena = arena};
    push_directory(&walk, top);
    while (walk.waiting_count)
        if (!list_directory(&walk, walk.waiting[--walk.waiting_count], error))
            return false;
    *out = walk.found;
    return true;
}
