/* snapshot.c: a source that lists each directory once and answers from that. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "base/path.h"
#include "source/backend.h"

/* What is known of a path below directories that are none but directories. */
struct known_path {
    enum file_kind kind; /* FILE_REFUSED: a symbolic link, or not known: the other source is to be asked */
    bool listed, opaque; /* of a directory: its places are known; they cannot be */
    struct name_list names;
};

struct snapshot {
    struct source source;
    struct source *of;
    pthread_mutex_t mutex; /* of all that follows */
    struct arena *arena;
    struct map *places;
};

static struct snapshot *snapshot_of(const struct source *source)
{
    return (struct snapshot *)(void *)(uintptr_t)source;
}

/* As path_clean leaves it; any other is not looked up here. */
static bool is_clean(const char *path)
{
    if (strcmp(path, ".") == 0)
        return true;
    for (const char *segment = path;; segment++) {
        size_t size = strcspn(segment, "/");
        if (!size || (size == 1 && *segment == '.'))
            return false;
        segment += size;
        if (!*segment)
            return true;
    }
}

static void add_place(struct snapshot *snapshot, const char *directory, const struct listed_name *listed)
{
    struct known_path *place = ARENA_NEW(snapshot->arena, struct known_path);
    const char *path = path_join(snapshot->arena, directory, listed->name);
    place->kind = listed->kind;
    *map_slot(snapshot->places, path, strlen(path)) = place;
}

static void list_place(struct snapshot *snapshot, const char *path, struct known_path *place)
{
    struct listing listing;
    struct error ignored = {0};
    place->listed = true;
    place->opaque = !snapshot->of->backend->survey(snapshot->of, snapshot->arena, path, &listing, &ignored);
    error_free(&ignored);
    if (place->opaque)
        return;
    place->names.names = ARENA_ARRAY(snapshot->arena, listing.count, const char *);
    for (size_t i = 0; i < listing.count; i++) {
        place->names.names[place->names.count++] = listing.items[i].name;
        add_place(snapshot, path, &listing.items[i]);
    }
}

/* A file system may find a name that is written in other letters. */
static bool has_like(const struct name_list *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcasecmp(names->names[i], name) == 0)
            return true;
    return false;
}

static struct known_path *find_place(const struct snapshot *snapshot, const char *path, size_t size)
{
    return map_get(snapshot->places, path, size);
}

/* What is at a path whose parent directory is known and was not listed yet, or has no such name. */
static enum file_kind kind_in(struct snapshot *snapshot, struct known_path *parent, const char *path,
                              size_t parent_size)
{
    char *directory = parent_size ? arena_copy(snapshot->arena, path, parent_size) : arena_string(snapshot->arena, ".");
    if (!parent->listed)
        list_place(snapshot, directory, parent);
    if (parent->opaque)
        return FILE_REFUSED;
    const struct known_path *place = find_place(snapshot, path, strlen(path));
    if (place)
        return place->kind;
    return has_like(&parent->names, path_base(path)) ? FILE_REFUSED : FILE_ABSENT;
}

/* FILE_REFUSED: the other source is to be asked. `size` is that of the path, which is a prefix of the text. */
static enum file_kind known_kind(struct snapshot *snapshot, const char *text, size_t size)
{
    const struct known_path *place = find_place(snapshot, text, size);
    if (place)
        return place->kind;
    size_t parent_size = size;
    while (parent_size && text[parent_size - 1] != '/')
        parent_size--;
    parent_size -= parent_size > 0;
    enum file_kind above = parent_size ? known_kind(snapshot, text, parent_size) : FILE_DIRECTORY;
    if (above != FILE_DIRECTORY)
        return above == FILE_ABSENT || above == FILE_REGULAR ? FILE_ABSENT : FILE_REFUSED;
    struct known_path *parent = parent_size ? find_place(snapshot, text, parent_size) : find_place(snapshot, ".", 1);
    return kind_in(snapshot, parent, arena_copy(snapshot->arena, text, size), parent_size);
}

static enum file_kind look_up(const struct source *source, const char *path)
{
    struct snapshot *snapshot = snapshot_of(source);
    if (!is_clean(path))
        return FILE_REFUSED;
    pthread_mutex_lock(&snapshot->mutex);
    enum file_kind kind = known_kind(snapshot, path, strlen(path));
    pthread_mutex_unlock(&snapshot->mutex);
    return kind;
}

static enum file_kind snapshot_kind(const struct source *source, const char *path)
{
    enum file_kind kind = look_up(source, path);
    const struct source *of = snapshot_of(source)->of;
    return kind == FILE_REFUSED ? of->backend->kind(of, path) : kind;
}

static char *snapshot_resolve(const struct source *source, struct arena *arena, const char *path, struct error *error)
{
    const struct source *of = snapshot_of(source)->of;
    switch (look_up(source, path)) {
    case FILE_REFUSED:
        return of->backend->resolve(of, arena, path, error);
    case FILE_ABSENT:
        source_problem(error, path, ENOENT);
        return NULL;
    default:
        return arena_string(arena, path);
    }
}

static bool snapshot_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                          struct error *error)
{
    const struct source *of = snapshot_of(source)->of;
    return of->backend->read(of, arena, path, out, error);
}

/* A directory's names; false where they are not known. */
static bool known_names(struct snapshot *snapshot, struct arena *arena, const char *path, struct name_list *out)
{
    if (known_kind(snapshot, path, strlen(path)) != FILE_DIRECTORY)
        return false;
    struct known_path *place = find_place(snapshot, path, strlen(path));
    if (!place->listed)
        list_place(snapshot, arena_string(snapshot->arena, path), place);
    if (place->opaque)
        return false;
    *out =
        (struct name_list){.names = ARENA_ARRAY(arena, place->names.count, const char *), .count = place->names.count};
    memcpy(out->names, place->names.names, out->count * sizeof *out->names);
    return true;
}

static bool snapshot_list(const struct source *source, struct arena *arena, const char *path, struct name_list *out,
                          struct error *error)
{
    struct snapshot *snapshot = snapshot_of(source);
    pthread_mutex_lock(&snapshot->mutex);
    bool known = is_clean(path) && known_names(snapshot, arena, path, out);
    pthread_mutex_unlock(&snapshot->mutex);
    return known || snapshot->of->backend->list(snapshot->of, arena, path, out, error);
}

static const char *snapshot_root(const struct source *source)
{
    const struct source *of = snapshot_of(source)->of;
    return of->backend->root ? of->backend->root(of) : NULL;
}

static void snapshot_release(struct source *source)
{
    struct snapshot *snapshot = snapshot_of(source);
    source_free(snapshot->of);
    pthread_mutex_destroy(&snapshot->mutex);
    arena_free(snapshot->arena);
    free(snapshot);
}

static const struct source_backend snapshot_backend = {
    .kind = snapshot_kind,
    .resolve = snapshot_resolve,
    .read = snapshot_read,
    .list = snapshot_list,
    .root = snapshot_root,
    .release = snapshot_release,
};

struct source *source_snapshot(struct source *of)
{
    if (!of || !of->backend->survey)
        return of;
    struct snapshot *snapshot = memory_new(sizeof *snapshot);
    snapshot->source.backend = &snapshot_backend;
    snapshot->of = of;
    pthread_mutex_init(&snapshot->mutex, NULL);
    snapshot->arena = arena_new();
    snapshot->places = map_new(snapshot->arena);
    struct known_path *root = ARENA_NEW(snapshot->arena, struct known_path);
    root->kind = FILE_DIRECTORY;
    *map_slot(snapshot->places, ".", 1) = root;
    return &snapshot->source;
}
