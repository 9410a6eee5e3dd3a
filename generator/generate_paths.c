/* generate_paths.c: which changes refresh an Application. */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/path.h"
#include "generator/make.h"
#include "generator/name.h"

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
static const char *directory_of(const struct generate_input *input, struct arena *arena, const char *path)
{
    path = path_clean(arena, path);
    return source_kind(input->source, path) == FILE_REGULAR ? path_directory(arena, path) : path;
}

static void add_outside(struct name_list *list, const char *own, const char *path)
{
    if (!path_is_within(path, own) && path_is_within(path, "."))
        list->names[list->count++] = path;
}

/* Argo CD splits at ';' and trims spaces; a path with them cannot be said, nor what YAML cannot hold. */
static bool can_be_said(const char *path)
{
    size_t size = strlen(path);
    return is_one_line(path) && !strchr(path, ';') && *path != ' ' && (!size || path[size - 1] != ' ');
}

/* `beside`: it refreshes, and is not sent (policy->sends_little): Argo CD takes the blank away where it decides what
 * refreshes, and takes it for a name below the Application's directory where it decides what to send. */
static bool add_path(struct text *out, const char *path, bool beside)
{
    if (out->size)
        text_byte(out, ';');
    if (beside)
        text_byte(out, ' ');
    text_byte(out, '/');
    if (strcmp(path, ".") != 0)
        text_string(out, path);
    return can_be_said(path);
}

/* Argo CD ignores an ancestor that comes after a path beside it (reposerver/repository/utils.go), so ancestors come
 * first; and none is said twice. NULL: it cannot be said, and `problem` says why. */
static const char *write_paths(struct arena *arena, const char *own, struct name_list *list, bool whole,
                               const char **problem)
{
    struct text out = {0};
    const char *last = NULL;
    qsort(list->names, list->count, sizeof *list->names, compare_paths);
    for (size_t i = 0; i < list->count; i++)
        if (path_is_within(own, list->names[i]))
            own = list->names[i];
    const char *unsaid = add_path(&out, own, false) ? NULL : own;
    for (size_t i = 0; !unsaid && out.size <= LONGEST_VALUE && i < list->count; i++) {
        const char *path = list->names[i];
        if (path_is_within(path, own) || (last && path_is_within(path, last)))
            continue;
        unsaid = add_path(&out, path, false) ? NULL : path;
        last = path;
    }
    if (whole && strcmp(own, ".") != 0)
        add_path(&out, whole_repository, false);
    bool fits = out.size <= LONGEST_VALUE && list->count <= MOST_PATHS, good = fits && !unsaid;
    if (unsaid)
        *problem = arena_format(arena, "every commit refreshes it: manifest-generate-paths cannot say '%s'",
                                printable_text(arena, unsaid));
    else if (!fits)
        *problem = "every commit refreshes it: it reads more directories than manifest-generate-paths can say";
    const char *value = good ? arena_copy(arena, out.bytes, out.size) : NULL;
    text_free(&out);
    return value;
}

/* The own directory is sent, and the others refresh. NULL: it cannot be said. */
static const char *write_little(struct arena *arena, const char *own, struct name_list *list)
{
    struct text out = {0};
    const char *last = own;
    bool good = add_path(&out, own, false) && list->count <= MOST_PATHS;
    qsort(list->names, list->count, sizeof *list->names, compare_paths);
    for (size_t i = 0; good && out.size <= LONGEST_VALUE && i < list->count; i++) {
        if (path_is_within(list->names[i], own) || path_is_within(list->names[i], last))
            continue;
        last = list->names[i];
        good = add_path(&out, last, true);
    }
    const char *value = good && out.size <= LONGEST_VALUE ? arena_copy(arena, out.bytes, out.size) : NULL;
    text_free(&out);
    return value;
}

const char *root_generate_paths(struct arena *arena, const struct policy *policy)
{
    bool alone = policy->sends_little && strcmp(policy->root_path, ".") != 0 && can_be_said(policy->root_path);
    return alone ? arena_format(arena, "/%s; /", policy->root_path) : NULL;
}

/* What is sent does not change when an app begins to read something else, and what refreshes does: the Application's
 * source changes with it, so that no manifests are kept from before. */
static const char *part_with_paths(struct arena *arena, const char *part, const char *annotation)
{
    unsigned char digest[DIGEST_SIZE];
    digest_sha256(annotation, strlen(annotation), digest);
    return arena_format(arena, "%s %02x%02x%02x%02x", part, digest[0], digest[1], digest[2], digest[3]);
}

/* Where renders read the rest from a mirror. Nothing: it has to be sent as if there was none. */
static struct generate_paths find_little(struct sending *sending, const struct found *found, const char *own,
                                         struct name_list *others)
{
    struct arena *arena = sending->input->tree->arena;
    struct name_list none = {0};
    const char *part = sent_part(sending, found, own, &none);
    const char *annotation = part ? write_little(arena, part, others) : NULL;
    if (!annotation)
        return (struct generate_paths){0};
    return (struct generate_paths){annotation, part_with_paths(arena, part, annotation), RENDERER_PLUGIN};
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
static bool find_others(const struct generate_input *input, struct arena *arena, const struct found *found,
                        const char *own, struct name_list *out, struct error *error)
{
    struct name_list scanned = {0};
    size_t cost = 0;
    if (found->share->scanned > found->share->most_scanned)
        return error_set(error, "the overlays in '%s' refer to more than can be followed", found->share->path);
    bool good = input->scan(input->scan_context, found->path, arena, &scanned, &cost, error);
    found->share->scanned += cost;
    if (!good)
        return false;
    *out = (struct name_list){.names = ARENA_ARRAY(arena, scanned.count + 1, const char *)};
    add_outside(out, own, found->resolved);
    for (size_t i = 0; i < scanned.count; i++)
        add_outside(out, own, directory_of(input, arena, scanned.names[i]));
    return true;
}

static const char *take_message(struct arena *arena, struct error *error)
{
    struct text message = {0};
    error_write(error, &message);
    const char *copy = printable_text(arena, text_content(&message));
    text_free(&message);
    error_free(error);
    return copy;
}

/* What is found is in `scratch`, and what is kept of it in the tree's arena. */
static struct generate_paths find_paths(struct sending *sending, struct arena *scratch, const struct found *found,
                                        struct error *error, const char **problem)
{
    struct arena *arena = sending->input->tree->arena;
    struct name_list others;
    const char *own = manifests_directory(arena, found);
    if (!find_others(sending->input, scratch, found, own, &others, error)) {
        *problem = take_message(arena, error);
        return (struct generate_paths){0};
    }
    sending->share = found->share;
    bool plugin = found->rule->renderer == RENDERER_PLUGIN || found->rule->renderer == RENDERER_AUTO;
    if (plugin && sending->policy->sends_little) {
        struct generate_paths little = find_little(sending, found, own, &others);
        if (little.annotation)
            return little;
    }
    const char *part = sent_part(sending, found, own, &others);
    enum renderer chosen = found->rule->renderer;
    if (chosen == RENDERER_AUTO)
        chosen = is_cheap_to_send(sending, part) ? RENDERER_PLUGIN : RENDERER_KUSTOMIZE;
    bool sent = chosen == RENDERER_PLUGIN;
    const char *annotation = write_paths(arena, own, &others, sent && !part, problem);
    return (struct generate_paths){annotation, annotation && sent ? part : NULL, chosen};
}

struct generate_paths find_generate_paths(struct sending *sending, const struct found *found, const char **problem)
{
    struct error error = {0};
    if (!sending->input->scan || found->rule->renderer >= RENDERER_HELM)
        return (struct generate_paths){0};
    struct arena *scratch = arena_new();
    struct generate_paths paths = find_paths(sending, scratch, found, &error, problem);
    arena_free(scratch);
    return paths;
}
