/* scan.c: finds what a kustomization reads by following the path lists of kustomization files, parsing nothing else.
 *
 * It serves the question "which directories must a change touch to matter here?". So it is generous: a text that may be
 * a path counts as one where something is there or could be, and a base that cannot be read ends only its own branch.
 */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "kustomize/accumulate.h"
#include "kustomize/kustomization/path_fields.h"

/* What tenants wrote is followed for the root of all: one overlay may cost so much, and not the root. */
enum {
    MOST_DIRECTORIES = 2000,
    LARGEST_FILE = 1024 * 1024,
    MOST_VALUES = 100000, /* of one file */
    LONGEST_PATH = 4096,  /* PATH_MAX: a longer one names nothing */
    HIGHEST_COST = 8 * 1024 * 1024,
    LARGEST_NOTE = 64 * 1024,
    MOST_NOTED = 64 * 1024 * 1024,
};

struct scan_notes {
    struct arena *arena;
    struct map *directories; /* path -> struct file_references */
    size_t size;             /* of all of them; beyond MOST_NOTED nothing more is noted */
};

/* What one directory's kustomization names. Noted once for an engine: many overlays refer to the same bases. */
struct file_references {
    struct string_list directories, files;
    size_t size; /* of the texts */
    size_t cost; /* of finding them */
};

struct scan {
    struct render *render; /* of this directory alone, but for `kept` */
    struct arena *kept;
    const char *directory;
    struct file_references *found; /* of the directory at hand */
    struct error *error;           /* NULL message: none yet */
};

static void note_path(struct scan *scan, struct string_list *list, const char *path)
{
    string_list_add(scan->kept, list, arena_string(scan->kept, path));
    scan->found->size += strlen(path) + sizeof(char *);
}

/* To look a path up costs a look at each directory on its way. */
static bool count_path(struct scan *scan, const char *full)
{
    size_t size = strlen(full), segments = 1;
    for (const char *at = full; (at = strchr(at, '/')); at++)
        segments++;
    scan->found->cost += size * segments;
    if (size > LONGEST_PATH)
        error_set(scan->error, "a path of more than %d bytes", LONGEST_PATH);
    else if (scan->found->cost > HIGHEST_COST)
        error_set(scan->error, "too many paths, or too long ones, to follow");
    return !scan->error->message;
}

/* A name that is not the thing itself matters too: a link that is pointed elsewhere, and what is missing and may come.
 * Addresses of remote bases never begin with "..". */
static void note_name(struct scan *scan, const char *path, const char *full)
{
    if (strncmp(path, "../", 3) == 0 && path_is_within(full, "."))
        note_path(scan, &scan->found->files, full);
}

/* A text of a field that holds paths: a directory or a file that is there is noted, anything else is none of ours. */
static void scan_path(void *context, const char *path)
{
    struct scan *scan = context;
    struct render *render = scan->render;
    if (!*path || path_is_absolute(path) || strchr(path, '\n') || scan->error->message)
        return;
    char *full = path_join(render->arena, scan->directory, path);
    if (!count_path(scan, full))
        return;
    struct error ignored = {0};
    char *real = source_resolve(render->options->source, render->arena, full, &ignored);
    error_free(&ignored);
    if (!real || strcmp(real, full) != 0)
        note_name(scan, path, full);
    if (!real)
        return;
    enum file_kind kind = source_kind(render->options->source, real);
    if (kind == FILE_DIRECTORY)
        note_path(scan, &scan->found->directories, real);
    else if (kind == FILE_REGULAR)
        note_path(scan, &scan->found->files, real);
}

static struct string_list copy_list(struct arena *arena, const struct string_list *list)
{
    struct string_list copy = {0};
    for (size_t i = 0; i < list->count; i++)
        string_list_add(arena, &copy, arena_string(arena, list->items[i]));
    return copy;
}

/* For the next overlay that refers to this directory, unless it names so much that a few like it would fill the memory.
 */
static void keep_references(struct scan_notes *notes, const char *directory, const struct file_references *found)
{
    if (found->size > LARGEST_NOTE || notes->size > MOST_NOTED)
        return;
    struct file_references *kept = ARENA_NEW(notes->arena, struct file_references);
    const char *key = arena_string(notes->arena, directory);
    *kept = *found;
    kept->directories = copy_list(notes->arena, &found->directories);
    kept->files = copy_list(notes->arena, &found->files);
    notes->size += found->size + strlen(key) + sizeof *kept;
    *map_slot(notes->directories, key, strlen(key)) = kept;
}

static bool scan_directory(struct render *own, struct arena *kept, const char *directory, struct file_references *out,
                           struct error *error)
{
    struct kust_target target = kust_target_root(own);
    struct scan scan = {own, kept, directory, out, error};
    target.directory = directory;
    bool good = kust_target_load_file(&target, error);
    out->cost += target.file_size;
    if (!good)
        return false;
    path_fields_visit(&kustomization_type, target.kustomization, scan_path, &scan);
    if (error->message)
        error_locate(error, (struct place){path_join(own->arena, directory, target.file), 0, 0});
    return !error->message;
}

/* The file is read into a memory of its own, which goes with it; but for one that renders share. */
static bool read_references(struct render *render, const char *directory, struct file_references *out,
                            struct error *error)
{
    struct arena *arena = arena_new();
    struct origins *origins = origins_new();
    struct tree tree = *render->tree;
    struct render own = *render;
    tree.arena = own.arena = arena;
    tree.keys = intern_new(arena);
    tree.nodes = tree.steps = 0;
    tree.node_limit = MOST_VALUES;
    own.tree = &tree;
    own.largest_file = LARGEST_FILE;
    if (!render->options->share_bases)
        own.origins = origins;
    bool good = scan_directory(&own, render->arena, directory, out, error);
    error_resolve(error, own.origins);
    origins_free(origins);
    arena_free(arena);
    return good;
}

/* What a directory names itself; its cost is told in any case. NULL, with the error, where its kustomization cannot be
 * read: that is not noted. */
static const struct file_references *references_of(struct render *render, struct scan_notes *notes,
                                                   const char *directory, size_t *cost, struct error *error)
{
    const struct file_references *known = map_get(notes->directories, directory, strlen(directory));
    struct file_references *found = known ? NULL : ARENA_NEW(render->arena, struct file_references);
    bool good = known || read_references(render, directory, found, error);
    *cost += known ? known->cost : found->cost;
    if (good && !known)
        keep_references(notes, directory, found);
    return !good ? NULL : known ? known : found;
}

/* All that is reached from one directory, each once. */
struct closure {
    struct render *render;
    struct scan_notes *notes;
    struct map *seen; /* path -> itself */
    struct string_list directories, files;
    size_t cost;
};

static bool is_new(struct closure *closure, const char *path)
{
    void **slot = map_slot(closure->seen, path, strlen(path));
    if (*slot)
        return false;
    *slot = (void *)path;
    return true;
}

static void add_files(struct closure *closure, const struct string_list *files)
{
    for (size_t i = 0; i < files->count; i++)
        if (is_new(closure, files->items[i]))
            string_list_add(closure->render->arena, &closure->files, files->items[i]);
}

static void add_directories(struct closure *closure, const struct string_list *directories)
{
    for (size_t i = 0; i < directories->count; i++)
        if (is_new(closure, directories->items[i]))
            string_list_add(closure->render->arena, &closure->directories, directories->items[i]);
}

/* Follows the directories in the order in which they are found. Only the first one's error is the caller's. */
static bool follow_references(struct closure *closure, struct error *error)
{
    for (size_t i = 0; i < closure->directories.count; i++) {
        if (i == MOST_DIRECTORIES)
            return error_set(error, "'%s' refers to more than %d directories", closure->directories.items[0],
                             MOST_DIRECTORIES);
        struct error ignored = {0};
        const struct file_references *found = references_of(
            closure->render, closure->notes, closure->directories.items[i], &closure->cost, i ? &ignored : error);
        error_free(&ignored);
        if (closure->cost > HIGHEST_COST)
            return error_set(error, "'%s' refers to more than can be followed", closure->directories.items[0]);
        if (!found && i == 0)
            return false;
        if (!found)
            continue;
        add_files(closure, &found->files);
        add_directories(closure, &found->directories);
    }
    return true;
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static const char **sorted_list(struct arena *arena, const struct string_list *list)
{
    const char **copy = ARENA_ARRAY(arena, list->count, const char *);
    for (size_t i = 0; i < list->count; i++)
        copy[i] = arena_string(arena, list->items[i]);
    if (list->count)
        qsort(copy, list->count, sizeof *copy, compare_paths);
    return copy;
}

struct scan_notes *scan_notes_new(struct arena *arena)
{
    struct scan_notes *notes = ARENA_NEW(arena, struct scan_notes);
    *notes = (struct scan_notes){.arena = arena, .directories = map_new(arena)};
    return notes;
}

bool scan_references(struct render *render, struct scan_notes *notes, struct arena *arena, const char *directory,
                     struct reference_set *out, struct error *error)
{
    struct closure closure = {.render = render, .notes = notes, .seen = map_new(render->arena)};
    const char *real = source_resolve(render->options->source, render->arena, directory, error);
    if (real)
        add_directories(&closure, &(struct string_list){&real, 1, 1});
    bool good = real && follow_references(&closure, error);
    *out = (struct reference_set){.cost = closure.cost};
    if (!good)
        return false;
    out->directories = sorted_list(arena, &closure.directories);
    out->directory_count = closure.directories.count;
    out->files = sorted_list(arena, &closure.files);
    out->file_count = closure.files.count;
    return true;
}
