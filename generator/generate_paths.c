/* generate_paths.c: which changes refresh an Application. */
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "generator/make.h"

/* The annotation's size is bounded by what Kubernetes takes (256 KiB for all of them). */
enum { MOST_PATHS = 2000, LONGEST_VALUE = 64 * 1024 };

/* Names nothing. With --plugin-use-manifest-generate-paths Argo CD sends the common ancestor of the paths, which this
 * one makes the repository's root. */
static const char whole_repository[] = ".whole-repository";

/* By segments: a directory stands right before what lies in it. */
static int compare_paths(const void *left, const void *right)
{
    const char *one = *(const char *const *)left, *other = *(const char *const *)right;
    while (*one && *one == *other) {
        one++;
        other++;
    }
    int a = *one == '/' ? 1 : (unsigned char)*one, b = *other == '/' ? 1 : (unsigned char)*other;
    return a - b;
}

/* The directory of what the scan names: a file's own, for a file. What is not there yet is itself: it may become
 * either. */
static const char *directory_of(const struct generate_input *input, const char *path)
{
    struct arena *arena = input->tree->arena;
    path = path_clean(arena, path);
    return source_kind(input->source, path) == FILE_REGULAR ? path_directory(arena, path) : path;
}

static void add_outside(struct name_list *list, const char *own, const char *path)
{
    if (!path_is_within(path, own) && path_is_within(path, "."))
        list->names[list->count++] = path;
}

/* Argo CD splits at ';' and trims spaces; a path with them cannot be said. */
static bool can_be_said(const char *path)
{
    size_t size = strlen(path);
    return !strpbrk(path, ";\n\r\t") && *path != ' ' && (!size || path[size - 1] != ' ');
}

static bool add_path(struct text *out, const char *path)
{
    if (out->size)
        text_byte(out, ';');
    text_byte(out, '/');
    if (strcmp(path, ".") != 0)
        text_string(out, path);
    return can_be_said(path);
}

/* Argo CD ignores an ancestor that comes after a path beside it (reposerver/repository/utils.go), so ancestors come
 * first; and none is said twice. */
static const char *write_paths(struct arena *arena, const char *own, struct name_list *list, bool whole)
{
    struct text out = {0};
    const char *last = NULL;
    qsort(list->names, list->count, sizeof *list->names, compare_paths);
    for (size_t i = 0; i < list->count; i++)
        if (path_is_within(own, list->names[i]))
            own = list->names[i];
    bool good = add_path(&out, own) && list->count <= MOST_PATHS;
    for (size_t i = 0; good && i < list->count; i++) {
        const char *path = list->names[i];
        if (path_is_within(path, own) || (last && path_is_within(path, last)))
            continue;
        good = add_path(&out, path) && out.size <= LONGEST_VALUE;
        last = path;
    }
    if (whole && strcmp(own, ".") != 0)
        good = good && add_path(&out, whole_repository);
    const char *value = good ? arena_copy(arena, out.bytes, out.size) : NULL;
    text_free(&out);
    return value;
}

/* An app's manifests are those below the first directory on the way to its overlays, as k8s in k8s/overlays/dev: what
 * lies beside it, source code above all, makes no render. Where the overlays lie in the app's directory or right below,
 * that directory. */
static const char *manifests_directory(struct arena *arena, const struct found *found)
{
    const char *way = path_relative(arena, found->app_path, found->path);
    const char *first = strchr(way, '/'), *second = first ? strchr(first + 1, '/') : NULL;
    return second ? path_join(arena, found->app_path, arena_copy(arena, way, (size_t)(first - way))) : found->app_path;
}

/* The directories outside of an own one that a render reads; false where they cannot be told. */
static bool find_others(const struct generate_input *input, const struct found *found, const char *own,
                        struct name_list *out, struct error *error)
{
    struct arena *arena = input->tree->arena;
    struct name_list scanned = {0};
    if (!input->scan(input->scan_context, found->path, arena, &scanned, error))
        return false;
    *out = (struct name_list){.names = ARENA_ARRAY(arena, scanned.count + 1, const char *)};
    add_outside(out, own, found->resolved);
    for (size_t i = 0; i < scanned.count; i++)
        add_outside(out, own, directory_of(input, scanned.names[i]));
    return true;
}

static const char *take_message(struct arena *arena, struct error *error)
{
    struct text message = {0};
    error_write(error, &message);
    const char *copy = arena_format(arena, "%s", text_content(&message));
    text_free(&message);
    error_free(error);
    return copy;
}

struct generate_paths find_generate_paths(struct sending *sending, const struct found *found,
                                          const struct origins *origins, const char **problem)
{
    const struct generate_input *input = sending->input;
    struct arena *arena = input->tree->arena;
    struct error error = {.origins = origins};
    struct name_list others;
    const char *own = manifests_directory(arena, found);
    if (!input->scan)
        return (struct generate_paths){0};
    if (!find_others(input, found, own, &others, &error)) {
        *problem = take_message(arena, &error);
        return (struct generate_paths){0};
    }
    const char *part = sent_part(sending, found, own, &others);
    enum renderer chosen = sending->policy->renderer;
    if (chosen == RENDERER_AUTO)
        chosen = is_cheap_to_send(sending, part) ? RENDERER_PLUGIN : RENDERER_KUSTOMIZE;
    bool sent = chosen == RENDERER_PLUGIN;
    const char *annotation = write_paths(arena, own, &others, sent && !part);
    return (struct generate_paths){annotation, annotation && sent ? part : NULL, chosen};
}
