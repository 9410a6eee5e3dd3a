/* memory.c: files in memory, for tests and fuzzing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "source/backend.h"

struct memory_entry {
    bool directory;
    struct file_bytes file;
    struct name_list names; /* of a directory */
    size_t room;
};

struct memory {
    struct source source;
    struct arena *arena;
    struct map *entries; /* path -> struct memory_entry */
};

static const struct memory_entry *find_file(const struct source *source, const char *path)
{
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    return map_get(((const struct memory *)source)->entries, path, size);
}

static enum file_kind memory_kind(const struct source *source, const char *path)
{
    const struct memory_entry *entry = find_file(source, path);
    return !entry ? FILE_ABSENT : entry->directory ? FILE_DIRECTORY : FILE_REGULAR;
}

static char *memory_resolve(const struct source *source, struct arena *arena, const char *path, struct error *error)
{
    if (find_file(source, path))
        return arena_string(arena, path);
    source_problem(error, path, ENOENT);
    return NULL;
}

static bool memory_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                        struct error *error)
{
    const struct memory_entry *entry = find_file(source, path);
    if (!entry)
        return source_problem(error, path, ENOENT);
    if (entry->directory)
        return source_problem(error, path, EISDIR);
    *out =
        (struct file_bytes){.bytes = arena_copy(arena, entry->file.bytes, entry->file.size), .size = entry->file.size};
    return true;
}

static bool memory_size(const struct source *source, const char *path, size_t *out)
{
    const struct memory_entry *entry = find_file(source, path);
    *out = entry ? entry->file.size : 0;
    return entry && !entry->directory;
}

static bool memory_list(const struct source *source, struct arena *arena, const char *path, struct name_list *out,
                        struct error *error)
{
    const struct memory_entry *entry = find_file(source, path);
    if (!entry || !entry->directory)
        return source_problem(error, path, ENOENT);
    *out = (struct name_list){.too_many = entry->names.count > SOURCE_MOST_NAMES};
    if (out->too_many)
        return true;
    *out =
        (struct name_list){.names = ARENA_ARRAY(arena, entry->names.count, const char *), .count = entry->names.count};
    for (size_t i = 0; i < out->count; i++)
        out->names[i] = arena_string(arena, entry->names.names[i]);
    source_sort(out);
    return true;
}

static void memory_release(struct source *source)
{
    struct memory *memory = (struct memory *)source;
    arena_free(memory->arena);
    free(memory);
}

static const struct source_backend memory_backend = {
    .kind = memory_kind,
    .resolve = memory_resolve,
    .read = memory_read,
    .size = memory_size,
    .list = memory_list,
    .release = memory_release,
};

static struct memory_entry *demand_file(struct memory *memory, const char *path, size_t size, bool *fresh)
{
    void **slot = map_slot(memory->entries, path, size);
    *fresh = !*slot;
    if (!*slot)
        *slot = ARENA_NEW(memory->arena, struct memory_entry);
    return *slot;
}

static void add_name(struct memory *memory, struct memory_entry *parent, const char *name)
{
    struct name_list *names = &parent->names;
    names->names = arena_grow(memory->arena, names->names, names->count, &parent->room, sizeof *names->names);
    names->names[names->count++] = name;
}

/* Makes the directories of a path known, from the last one up. */
static void add_parents(struct memory *memory, const char *path)
{
    bool fresh = true;
    while (fresh) {
        const char *slash = strrchr(path, '/');
        const char *parent_path = slash ? arena_copy(memory->arena, path, (size_t)(slash - path)) : ".";
        struct memory_entry *parent = demand_file(memory, parent_path, strlen(parent_path), &fresh);
        parent->directory = true;
        add_name(memory, parent, slash ? slash + 1 : path);
        if (!slash)
            break;
        path = parent_path;
    }
}

struct source *source_memory(void)
{
    struct memory *memory = memory_new(sizeof *memory);
    memory->source.backend = &memory_backend;
    memory->arena = arena_new();
    memory->entries = map_new(memory->arena);
    bool fresh;
    demand_file(memory, ".", 1, &fresh)->directory = true;
    return &memory->source;
}

void source_memory_add(struct source *source, const char *path, const void *bytes, size_t size)
{
    struct memory *memory = (struct memory *)source;
    char *name = arena_string(memory->arena, path);
    bool fresh;
    struct memory_entry *entry = demand_file(memory, name, strlen(name), &fresh);
    entry->file = (struct file_bytes){.bytes = arena_copy(memory->arena, bytes, size), .size = size};
    if (fresh)
        add_parents(memory, name);
}
