/* snapshot.c: a source that lists each directory once and answers from that; it may keep the files that it reads, too.
 */
#define _GNU_SOURCE /* PTHREAD_MUTEX_ADAPTIVE_NP */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "base/path.h"
#include "source/backend.h"

enum { FEW_NAMES = 32 };

/* A directory that something below was asked of, and that is none but a directory. */
struct known_directory {
    bool listed, opaque;    /* its paths are known; they cannot be */
    struct listing listing; /* sorted */
    struct map *folded;     /* the names in small letters; NULL until many are asked for */
};

/* Names are listed, and files read, without the lock, into an arena that nobody else has meanwhile; they stay there. */
struct own_arena {
    struct arena *arena;
    struct own_arena *next;
};

struct snapshot {
    struct source source;
    struct source *of;
    pthread_mutex_t mutex; /* of all that follows */
    struct arena *arena;
    struct map *directories;  /* path -> struct known_directory */
    struct map *files;        /* path -> struct file_bytes; NULL: they are not kept */
    struct own_arena *unused; /* of those in use nothing is known here until they come back */
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

static void add_listing(struct known_directory *known, const struct listing *listing)
{
    known->listed = true;
    known->opaque = !listing || listing->too_many;
    if (listing)
        known->listing = *listing;
}

/* With the lock; gives it up. */
static struct own_arena *take_arena(struct snapshot *snapshot)
{
    struct own_arena *own = snapshot->unused;
    if (own)
        snapshot->unused = own->next;
    pthread_mutex_unlock(&snapshot->mutex);
    if (own)
        return own;
    own = memory_new(sizeof *own);
    own->arena = arena_new();
    return own;
}

/* Takes the lock. */
static void give_back(struct snapshot *snapshot, struct own_arena *own)
{
    pthread_mutex_lock(&snapshot->mutex);
    own->next = snapshot->unused;
    snapshot->unused = own;
}

/* Lists a directory that was not listed yet: without the lock, so others may do the same meanwhile. */
static void list_known(struct snapshot *snapshot, const char *path, size_t size, struct known_directory *known)
{
    struct listing listing;
    struct error ignored = {0};
    const char *kept = arena_copy(snapshot->arena, path, size);
    struct own_arena *own = take_arena(snapshot);
    bool good = snapshot->of->backend->survey(snapshot->of, own->arena, kept, &listing, &ignored);
    error_free(&ignored);
    give_back(snapshot, own);
    if (!known->listed)
        add_listing(known, good ? &listing : NULL);
}

static struct known_directory *find_directory(const struct snapshot *snapshot, const char *path, size_t size)
{
    return map_get(snapshot->directories, path, size);
}

/* The same where it is known that there is one. */
static struct known_directory *demand_directory(struct snapshot *snapshot, const char *path, size_t size)
{
    struct known_directory *known = find_directory(snapshot, path, size);
    if (known)
        return known;
    const char *key = arena_copy(snapshot->arena, path, size);
    known = ARENA_NEW(snapshot->arena, struct known_directory);
    *map_slot(snapshot->directories, key, size) = known;
    return known;
}

static const struct listed_name *find_name(const struct listing *listing, const char *name, size_t size)
{
    size_t low = 0, high = listing->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *other = listing->items[middle].name;
        int order = strncmp(other, name, size);
        if (order == 0 && !other[size])
            return &listing->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* In small letters, into `out`. */
static const char *fold_name(char *out, const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++)
        out[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] - 'A' + 'a' : name[i]);
    return out;
}

static void fold_names(struct snapshot *snapshot, struct known_directory *directory)
{
    directory->folded = map_new(snapshot->arena);
    for (size_t i = 0; i < directory->listing.count; i++) {
        const char *name = directory->listing.items[i].name;
        size_t size = strlen(name);
        *map_slot(directory->folded, fold_name(arena_alloc(snapshot->arena, size), name, size), size) = directory;
    }
}

/* A file system may find a name that is written in other letters. */
static bool has_like(struct snapshot *snapshot, struct known_directory *directory, const char *name, size_t size)
{
    const struct listing *listing = &directory->listing;
    if (listing->count > FEW_NAMES) {
        char folded[NAME_MAX];
        if (!directory->folded)
            fold_names(snapshot, directory);
        return size <= sizeof folded && map_get(directory->folded, fold_name(folded, name, size), size);
    }
    for (size_t i = 0; i < listing->count; i++)
        if (strncasecmp(listing->items[i].name, name, size) == 0 && !listing->items[i].name[size])
            return true;
    return false;
}

/* The directory of a path, as long as it is named. */
static size_t parent_size(const char *path, size_t size)
{
    while (size && path[size - 1] != '/')
        size--;
    return size ? size - 1 : 0;
}

/* What is at a path in a directory, which is listed first where it was not yet. */
static enum file_kind kind_within(struct snapshot *snapshot, struct known_directory *directory, const char *path,
                                  size_t size)
{
    size_t parent = parent_size(path, size), name = parent ? parent + 1 : 0;
    if (!directory->listed)
        list_known(snapshot, parent ? path : ".", parent ? parent : 1, directory);
    const struct listed_name *known =
        directory->opaque ? NULL : find_name(&directory->listing, path + name, size - name);
    if (known)
        return known->kind;
    bool refused = directory->opaque || has_like(snapshot, directory, path + name, size - name);
    return refused ? FILE_REFUSED : FILE_ABSENT;
}

/* The directory that a path's last name lies in; NULL, with the path's kind, where there is none. Goes down from the
 * root, to where there is nothing more: a path may be longer than any that exists. */
static struct known_directory *parent_of(struct snapshot *snapshot, const char *path, size_t size, enum file_kind *kind)
{
    size_t parent = parent_size(path, size);
    struct known_directory *directory = find_directory(snapshot, parent ? path : ".", parent ? parent : 1);
    if (directory)
        return directory;
    directory = find_directory(snapshot, ".", 1);
    for (size_t end = 0; end < parent; end++) {
        const char *slash = memchr(path + end, '/', parent - end);
        end = slash ? (size_t)(slash - path) : parent;
        struct known_directory *next = find_directory(snapshot, path, end);
        *kind = next ? FILE_DIRECTORY : kind_within(snapshot, directory, path, end);
        if (*kind != FILE_DIRECTORY) {
            *kind = *kind == FILE_REFUSED ? FILE_REFUSED : FILE_ABSENT;
            return NULL;
        }
        directory = next ? next : demand_directory(snapshot, path, end);
    }
    return directory;
}

/* FILE_REFUSED: the other source is to be asked. */
static enum file_kind known_kind(struct snapshot *snapshot, const char *path, size_t size)
{
    enum file_kind kind = FILE_DIRECTORY;
    if (find_directory(snapshot, path, size))
        return kind;
    struct known_directory *parent = parent_of(snapshot, path, size, &kind);
    return parent ? kind_within(snapshot, parent, path, size) : kind;
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

static bool find_file(const struct snapshot *snapshot, const char *path, struct file_bytes *out)
{
    const struct file_bytes *file = map_get(snapshot->files, path, strlen(path));
    if (file)
        *out = *file;
    return file;
}

/* Of several that read a file at once, all get the bytes of the first. */
static void keep_file(struct snapshot *snapshot, const char *path, struct file_bytes *out)
{
    if (find_file(snapshot, path, out))
        return;
    struct file_bytes *file = ARENA_NEW(snapshot->arena, struct file_bytes);
    *file = *out;
    path = arena_string(snapshot->arena, path);
    *map_slot(snapshot->files, path, strlen(path)) = file;
}

static bool snapshot_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                          struct error *error)
{
    struct snapshot *snapshot = snapshot_of(source);
    const struct source *of = snapshot->of;
    if (!snapshot->files)
        return of->backend->read(of, arena, path, out, error);
    pthread_mutex_lock(&snapshot->mutex);
    bool good = find_file(snapshot, path, out);
    if (!good) {
        struct own_arena *own = take_arena(snapshot);
        good = of->backend->read(of, own->arena, path, out, error);
        give_back(snapshot, own);
        if (good)
            keep_file(snapshot, path, out);
    }
    pthread_mutex_unlock(&snapshot->mutex);
    return good;
}

static bool snapshot_read_small(const struct source *source, struct arena *arena, const char *path, size_t most,
                                struct file_bytes *out, struct error *error)
{
    struct snapshot *snapshot = snapshot_of(source);
    bool known = false;
    if (snapshot->files) {
        pthread_mutex_lock(&snapshot->mutex);
        known = find_file(snapshot, path, out);
        pthread_mutex_unlock(&snapshot->mutex);
    }
    if (known)
        return out->size <= most || source_too_large(error, path, most);
    return source_backend_read_small(snapshot->of, arena, path, most, out, error);
}

static bool snapshot_size(const struct source *source, const char *path, size_t *out)
{
    const struct source *of = snapshot_of(source)->of;
    return of->backend->size && of->backend->size(of, path, out);
}

/* A directory's names; false where they are not known. */
static bool known_names(struct snapshot *snapshot, struct arena *arena, const char *path, struct name_list *out)
{
    size_t size = strlen(path);
    if (known_kind(snapshot, path, size) != FILE_DIRECTORY)
        return false;
    struct known_directory *known = demand_directory(snapshot, path, size);
    if (!known->listed)
        list_known(snapshot, path, size, known);
    const struct listing *listing = &known->listing;
    *out = (struct name_list){.too_many = listing->too_many};
    if (known->opaque)
        return listing->too_many;
    out->names = ARENA_ARRAY(arena, listing->count, const char *);
    for (; out->count < listing->count; out->count++)
        out->names[out->count] = listing->items[out->count].name;
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

static bool snapshot_survey(const struct source *source, struct arena *arena, const char *path, struct listing *out,
                            struct error *error)
{
    struct snapshot *snapshot = snapshot_of(source);
    size_t size = strlen(path);
    pthread_mutex_lock(&snapshot->mutex);
    struct known_directory *known = NULL;
    if (is_clean(path) && known_kind(snapshot, path, size) == FILE_DIRECTORY) {
        known = demand_directory(snapshot, path, size);
        if (!known->listed)
            list_known(snapshot, path, size, known);
    }
    bool good = known && !known->opaque;
    if (good) {
        *out = known->listing;
        out->items = arena_alloc(arena, memory_product(out->count, sizeof *out->items));
        memcpy(out->items, known->listing.items, out->count * sizeof *out->items);
    }
    pthread_mutex_unlock(&snapshot->mutex);
    return good || snapshot->of->backend->survey(snapshot->of, arena, path, out, error);
}

static char *snapshot_system_path(const struct source *source, struct arena *arena, const char *real)
{
    return source_system_path(snapshot_of(source)->of, arena, real);
}

static void snapshot_release(struct source *source)
{
    struct snapshot *snapshot = snapshot_of(source);
    source_free(snapshot->of);
    for (struct own_arena *own = snapshot->unused, *next; own; own = next) {
        next = own->next;
        arena_free(own->arena);
        free(own);
    }
    pthread_mutex_destroy(&snapshot->mutex);
    arena_free(snapshot->arena);
    free(snapshot);
}

static const struct source_backend snapshot_backend = {
    .kind = snapshot_kind,
    .resolve = snapshot_resolve,
    .read = snapshot_read,
    .read_small = snapshot_read_small,
    .size = snapshot_size,
    .list = snapshot_list,
    .survey = snapshot_survey,
    .system_path = snapshot_system_path,
    .release = snapshot_release,
};

/* It is held for less time than it takes to sleep and to be woken: where the C library can, one spins before. */
static void open_mutex(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
#ifdef __GLIBC__
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ADAPTIVE_NP);
#endif
    pthread_mutex_init(mutex, &kind);
    pthread_mutexattr_destroy(&kind);
}

struct source *source_snapshot(struct source *of, bool keeps_files)
{
    if (!of || !of->backend->survey || of->backend == &snapshot_backend)
        return of;
    struct snapshot *snapshot = memory_new(sizeof *snapshot);
    snapshot->source.backend = &snapshot_backend;
    snapshot->of = of;
    open_mutex(&snapshot->mutex);
    snapshot->arena = arena_new();
    snapshot->directories = map_new(snapshot->arena);
    snapshot->files = keeps_files ? map_new(snapshot->arena) : NULL;
    demand_directory(snapshot, ".", 1);
    return &snapshot->source;
}
