/* self_contained.c: whether an app's directory can be sent to the plugin without the rest of the repository. */
#include <string.h>

#include "base/path.h"
#include "generator/make.h"

/* Beyond these the answer is no, which is always safe. */
enum { MOST_ENTRIES = 20000, DEEPEST = 64 };

/* A name that resolves to another one is a symbolic link, and what does not resolve leads out or nowhere. */
static bool is_link(const struct source *source, struct arena *arena, const char *path)
{
    struct error ignored = {0};
    const char *real = source_resolve(source, arena, path, &ignored);
    error_free(&ignored);
    return !real || strcmp(real, path) != 0;
}

static bool has_no_links(const struct source *source, struct arena *arena, const char *directory, size_t depth,
                         size_t *entries)
{
    struct name_list names;
    struct error ignored = {0};
    bool good = depth < DEEPEST && source_list(source, arena, directory, &names, &ignored);
    error_free(&ignored);
    for (size_t i = 0; good && i < names.count; i++) {
        const char *path = path_join(arena, directory, names.names[i]);
        good = ++*entries <= MOST_ENTRIES && !is_link(source, arena, path) &&
               (source_kind(source, path) != FILE_DIRECTORY || has_no_links(source, arena, path, depth + 1, entries));
    }
    return good;
}

bool is_self_contained(const struct source *source, const char *directory)
{
    struct arena *arena = arena_new();
    size_t entries = 0;
    bool good = !is_link(source, arena, directory) && has_no_links(source, arena, directory, 0, &entries);
    arena_free(arena);
    return good;
}
