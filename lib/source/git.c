/* git.c: a tree of git as a source: finds paths in trees, each of which is read once. */
#define _GNU_SOURCE /* memrchr */
#include "source/git.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "source/backend.h"
#include "source/git_reader.h"
#include "source/links.h"

/* Modes of a tree's entries. Source: git, Documentation/gitformat-pack and fsck.c */
enum { MODE_KIND = 0170000, MODE_DIRECTORY = 0040000, MODE_LINK = 0120000, MODE_SUBMODULE = 0160000 };
enum { LARGEST_TREE = 64 * 1024 * 1024, LARGEST_COMMIT = 1024 * 1024, DEEPEST_TAG = 8 };

struct entry {
    const char *name;
    const unsigned char *id;
    unsigned kind; /* of MODE_KIND */
};

/* Sorted bytewise by name. git sorts directories as if a slash stood behind them. */
struct git_tree {
    struct entry *entries;
    size_t count;
};

struct git_objects {
    struct git_place place;
    pthread_mutex_t mutex; /* of all that follows */
    struct git_reader *reader;
    struct arena *arena;
    struct map *trees; /* id -> struct git_tree */
};

struct git_source {
    struct source source;
    struct root root;
    struct git_objects *objects;
    unsigned char id[GIT_LARGEST_ID];
};

/* Its packs are marked. */
bool git_is_partial(const struct git_place *place)
{
    struct text path = {0};
    text_format(&path, "%s/pack", place->objects);
    DIR *packs = opendir(path.bytes);
    bool found = false;
    text_free(&path);
    for (struct dirent *name; packs && !found && (name = readdir(packs));) {
        size_t size = strlen(name->d_name);
        found = size > 9 && strcmp(name->d_name + size - 9, ".promisor") == 0;
    }
    if (packs)
        closedir(packs);
    return found;
}

/* libgit2 fetches nothing that a partial clone lacks. */
static bool suits_library(const struct git_place *place)
{
    return !place->batch && !place->sha256 && (place->foreign || !git_is_partial(place));
}

static bool refuse_foreign(const struct git_place *place, struct error *error)
{
    return error_set(error, place->sha256 ? "libgit2 reads none that are named by SHA-256" : "there is no libgit2");
}

static bool open_reader(struct git_objects *objects, struct error *error)
{
    const struct git_place *place = &objects->place;
    if (!objects->reader && suits_library(place))
        objects->reader = git_library_open(place);
    if (!objects->reader && place->foreign)
        return refuse_foreign(place, error);
    if (!objects->reader)
        objects->reader = git_batch_open(place, error);
    return objects->reader != NULL;
}

struct git_objects *git_objects_open(const struct git_place *place)
{
    struct git_objects *objects = memory_new(sizeof *objects);
    objects->place = *place;
    objects->arena = arena_new();
    objects->trees = map_new(objects->arena);
    pthread_mutex_init(&objects->mutex, NULL);
    return objects;
}

void git_objects_free(struct git_objects *objects)
{
    if (!objects)
        return;
    if (objects->reader)
        objects->reader->release(objects->reader);
    pthread_mutex_destroy(&objects->mutex);
    arena_free(objects->arena);
    free(objects);
}

bool git_objects_ready(struct git_objects *objects, struct error *error)
{
    pthread_mutex_lock(&objects->mutex);
    bool loads = !objects->reader && suits_library(&objects->place) && git_library_load();
    bool ready = loads || open_reader(objects, error);
    pthread_mutex_unlock(&objects->mutex);
    return ready;
}

static void read_id(const char *text, unsigned char id[GIT_LARGEST_ID])
{
    for (size_t i = 0; i < GIT_LARGEST_ID && text[2 * i] && text[2 * i + 1]; i++)
        id[i] = (unsigned char)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
}

/* The id behind a word at the beginning of a commit ("tree ID") or a tag ("object ID"); NULL: it does not stand there.
 */
static const char *id_behind(struct arena *arena, const struct git_object *object, const char *word, size_t digits)
{
    size_t size = strlen(word);
    bool there = object->bytes && object->size > size + digits && strncmp(object->bytes, word, size) == 0 &&
                 strspn(object->bytes + size, "0123456789abcdef") == digits;
    return there ? arena_copy(arena, object->bytes + size, digits) : NULL;
}

const char *git_objects_tree(struct git_objects *objects, struct arena *arena, const char *commit, struct error *error)
{
    struct git_object object = {.kind = GIT_TAG};
    pthread_mutex_lock(&objects->mutex);
    bool good = open_reader(objects, error);
    pthread_mutex_unlock(&objects->mutex);
    size_t digits = good ? 2 * objects->reader->id_size : 0;
    const char *id = strlen(commit) == digits && strspn(commit, "0123456789abcdef") == digits ? commit : NULL;
    for (size_t depth = 0; good && id && object.kind == GIT_TAG && depth < DEEPEST_TAG; depth++) {
        unsigned char bytes[GIT_LARGEST_ID] = {0};
        read_id(id, bytes);
        good = objects->reader->read(objects->reader, arena, bytes, LARGEST_COMMIT, &object, error);
        if (good)
            id = id_behind(arena, &object, object.kind == GIT_TAG ? "object " : "tree ", digits);
    }
    if (good && (!id || object.kind != GIT_COMMIT))
        error_set(error, "object %s is no commit that can be read", commit);
    return good && object.kind == GIT_COMMIT ? id : NULL;
}

const char *git_objects_blob_id(struct git_objects *objects, struct arena *arena, const void *bytes, size_t size)
{
    struct error ignored = {0};
    unsigned char id[GIT_LARGEST_ID];
    char text[2 * GIT_LARGEST_ID + 1];
    pthread_mutex_lock(&objects->mutex);
    bool known = open_reader(objects, &ignored) && objects->reader->blob_id &&
                 objects->reader->blob_id(objects->reader, bytes, size, id);
    pthread_mutex_unlock(&objects->mutex);
    error_free(&ignored);
    if (!known)
        return NULL;
    git_id_text(id, objects->reader->id_size, text);
    return arena_string(arena, text);
}

/* A name that no file system can have, or that would lead elsewhere, is in no tree that git writes. */
static bool is_name(const char *name)
{
    return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !strchr(name, '/') &&
           !source_is_git(name, strlen(name));
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static void add_entry(struct arena *arena, struct git_tree *tree, size_t *room, struct entry entry)
{
    if (!is_name(entry.name))
        return;
    tree->entries = arena_grow(arena, tree->entries, tree->count, room, sizeof *tree->entries);
    tree->entries[tree->count++] = entry;
}

/* Entries as git stores them: "100644 name\0" and the id's bytes. */
static bool parse_tree(struct arena *arena, const struct git_object *object, size_t id_size, struct git_tree *out)
{
    const char *at = object->bytes, *end = at + object->size;
    size_t room = 0;
    while (at < end) {
        char *name;
        unsigned long mode = strtoul(at, &name, 8);
        size_t size = *name == ' ' ? strlen(name + 1) : 0;
        if (!size || (size_t)(end - name) < size + 2 + id_size)
            return false;
        const unsigned char *id = (const unsigned char *)name + size + 2;
        add_entry(arena, out, &room, (struct entry){name + 1, id, (unsigned)mode & MODE_KIND});
        at = name + size + 2 + id_size;
    }
    if (out->count)
        qsort(out->entries, out->count, sizeof *out->entries, compare_entries);
    return true;
}

static struct git_tree *read_tree(struct git_objects *objects, const unsigned char *id, struct error *error)
{
    struct git_object object;
    char text[2 * GIT_LARGEST_ID + 1];
    struct git_tree *tree = ARENA_NEW(objects->arena, struct git_tree);
    size_t id_size = objects->reader->id_size;
    if (!objects->reader->read(objects->reader, objects->arena, id, LARGEST_TREE, &object, error))
        return NULL;
    if (object.kind == GIT_TREE && object.bytes && parse_tree(objects->arena, &object, id_size, tree))
        return tree;
    git_id_text(id, id_size, text);
    error_set(error, "object %s is no tree that can be read", text);
    return NULL;
}

/* The tree of an id; NULL with an error. */
static const struct git_tree *find_tree(struct git_objects *objects, const unsigned char *id, struct error *error)
{
    const struct git_tree *tree = NULL;
    pthread_mutex_lock(&objects->mutex);
    if (open_reader(objects, error)) {
        tree = map_get(objects->trees, id, objects->reader->id_size);
        struct git_tree *fresh = tree ? NULL : read_tree(objects, id, error);
        if (fresh) {
            const char *key = arena_copy(objects->arena, id, objects->reader->id_size);
            *map_slot(objects->trees, key, objects->reader->id_size) = fresh;
            tree = fresh;
        }
    }
    pthread_mutex_unlock(&objects->mutex);
    return tree;
}

static const struct entry *find_entry(const struct git_tree *tree, const char *name, size_t size)
{
    size_t low = 0, high = tree->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *other = tree->entries[middle].name;
        int order = strncmp(other, name, size);
        if (order == 0 && !other[size])
            return &tree->entries[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static struct git_source *git_of(const struct source *source)
{
    return (struct git_source *)(void *)(uintptr_t)source;
}

/* Finds a path without following a link: one on the way is ELOOP. What is found is another one than a link unless it
 * is the path's last component and `link` is allowed. Fails with `failed` where an object cannot be read. */
static int walk_path(const struct git_source *git, const char *path, bool link, struct entry *out, struct error *failed)
{
    *out = (struct entry){.id = git->id, .kind = MODE_DIRECTORY};
    for (size_t size; *path; path += size + (path[size] == '/')) {
        size = strcspn(path, "/");
        if (size == 0 || (size == 1 && *path == '.'))
            continue;
        if (out->kind != MODE_DIRECTORY)
            return out->kind == MODE_LINK ? ELOOP : out->kind == MODE_SUBMODULE ? PROBLEM_SUBMODULE : ENOTDIR;
        const struct git_tree *tree = find_tree(git->objects, out->id, failed);
        if (!tree)
            return EIO;
        const struct entry *entry = find_entry(tree, path, size);
        if (!entry)
            return ENOENT;
        *out = *entry;
    }
    return out->kind == MODE_LINK && !link ? ELOOP : 0;
}

/* What a link says, which is in a blob. */
static int read_link(const struct root *root, const char *path, char *target, size_t *size)
{
    const struct git_source *git = (const void *)((const char *)root - offsetof(struct git_source, root));
    struct git_reader *reader = git->objects->reader; /* the walk has opened it */
    struct error ignored = {0};
    struct git_object object = {0};
    struct entry entry;
    int problem = walk_path(git, path, true, &entry, &ignored);
    *size = 0;
    if (!problem && entry.kind == MODE_LINK) {
        struct arena *arena = arena_new();
        if (!reader->read(reader, arena, entry.id, PATH_MAX - 1, &object, &ignored))
            problem = EIO;
        else if (!object.bytes || !object.size)
            problem = object.size ? ENAMETOOLONG : ENOENT;
        if (!problem)
            memcpy(target, object.bytes, *size = strnlen(object.bytes, object.size));
        arena_free(arena);
    }
    error_free(&ignored);
    return problem;
}

/* Finds a path, links followed. `real` gets the path without links where it differs, and stays empty otherwise. */
static int find_in_tree(const struct git_source *git, const char *path, struct entry *out, struct text *real,
                        struct error *failed)
{
    int problem = walk_path(git, path, false, out, failed);
    if (problem != ELOOP)
        return problem;
    problem = links_follow(&git->root, path, real);
    return problem ? problem : walk_path(git, real->bytes, false, out, failed);
}

/* Says what a problem is: of an object, what its reader said of it. */
static bool report_problem(struct error *error, const char *path, int problem, struct error *failed)
{
    bool told =
        failed->message ? error_set(error, "%s: %s", path, failed->message) : source_problem(error, path, problem);
    error_free(failed);
    return told;
}

static enum file_kind kind_of(unsigned mode)
{
    return mode == MODE_DIRECTORY                        ? FILE_DIRECTORY
           : mode == MODE_LINK || mode == MODE_SUBMODULE ? FILE_REFUSED
                                                         : FILE_REGULAR;
}

static enum file_kind git_kind(const struct source *source, const char *path)
{
    struct error ignored = {0};
    struct text real = {0};
    struct entry entry;
    int problem = find_in_tree(git_of(source), path, &entry, &real, &ignored);
    text_free(&real);
    error_free(&ignored);
    return problem ? source_problem_kind(problem) : kind_of(entry.kind);
}

static char *git_resolve(const struct source *source, struct arena *arena, const char *path, struct error *error)
{
    struct error failed = {0};
    struct text real = {0};
    struct entry entry;
    char *resolved = NULL;
    int problem = find_in_tree(git_of(source), path, &entry, &real, &failed);
    if (!problem && entry.kind == MODE_SUBMODULE)
        problem = PROBLEM_SUBMODULE;
    if (problem)
        report_problem(error, path, problem, &failed);
    else
        resolved = arena_string(arena, real.size ? real.bytes : path);
    text_free(&real);
    return resolved;
}

/* Finds what must be of a kind. */
static bool find_kind(const struct source *source, const char *path, bool directory, struct entry *out,
                      struct error *error)
{
    struct error failed = {0};
    struct text real = {0};
    int problem = find_in_tree(git_of(source), path, out, &real, &failed);
    text_free(&real);
    if (!problem && out->kind == MODE_SUBMODULE)
        problem = PROBLEM_SUBMODULE;
    if (!problem && (out->kind == MODE_DIRECTORY) != directory)
        problem = directory ? ENOTDIR : EISDIR;
    return problem ? report_problem(error, path, problem, &failed) : true;
}

static bool git_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                     struct error *error)
{
    struct entry entry;
    struct git_object object;
    struct error failed = {0};
    if (!find_kind(source, path, false, &entry, error))
        return false;
    struct git_reader *reader = git_of(source)->objects->reader;
    if (!reader->read(reader, arena, entry.id, SOURCE_LARGEST_FILE, &object, &failed))
        return report_problem(error, path, EIO, &failed);
    if (!object.bytes || object.kind != GIT_BLOB)
        return source_problem(error, path, object.bytes ? PROBLEM_NOT_REGULAR : PROBLEM_TOO_LARGE);
    *out = (struct file_bytes){.bytes = object.bytes, .size = object.size};
    return true;
}

static const struct git_tree *find_directory(const struct source *source, const char *path, struct error *error)
{
    struct entry entry;
    struct error failed = {0};
    if (!find_kind(source, path, true, &entry, error))
        return NULL;
    const struct git_tree *tree = find_tree(git_of(source)->objects, entry.id, &failed);
    if (!tree)
        report_problem(error, path, EIO, &failed);
    return tree;
}

static bool git_survey(const struct source *source, struct arena *arena, const char *path, struct listing *out,
                       struct error *error)
{
    const struct git_tree *tree = find_directory(source, path, error);
    if (!tree)
        return false;
    *out = (struct listing){.items = ARENA_ARRAY(arena, tree->count, struct listed_name), .count = tree->count};
    for (size_t i = 0; i < tree->count; i++)
        out->items[i] = (struct listed_name){tree->entries[i].name, kind_of(tree->entries[i].kind)};
    return true;
}

static bool git_list(const struct source *source, struct arena *arena, const char *path, struct name_list *out,
                     struct error *error)
{
    const struct git_tree *tree = find_directory(source, path, error);
    if (!tree)
        return false;
    *out = (struct name_list){.names = ARENA_ARRAY(arena, tree->count, const char *), .count = tree->count};
    for (size_t i = 0; i < tree->count; i++)
        out->names[i] = tree->entries[i].name;
    return true;
}

static void git_release(struct source *source)
{
    struct git_source *git = git_of(source);
    free(git->root.real);
    free(git);
}

/* Known once the object is read, which limits it itself. */
static bool git_size(const struct source *source, const char *path, size_t *out)
{
    (void)source;
    (void)path;
    (void)out;
    return false;
}

static const struct source_backend git_backend = {
    .kind = git_kind,
    .resolve = git_resolve,
    .read = git_read,
    .size = git_size,
    .list = git_list,
    .survey = git_survey,
    .release = git_release,
};

struct source *source_git(struct git_objects *objects, const char *tree, const char *root)
{
    struct git_source *git = memory_new(sizeof *git);
    git->source.backend = &git_backend;
    git->objects = objects;
    git->root = (struct root){.fd = -1, .read_link = read_link};
    if (root)
        git->root.real = memory_string(root);
    read_id(tree, git->id);
    return &git->source;
}
