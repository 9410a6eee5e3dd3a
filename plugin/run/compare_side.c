/* compare_side.c: finds and renders the targets of one tree. */
#include "plugin/run/compare_side.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"

static const char root_project[] = "argocd-root";

/* helm reads files: those that git checks out. All else is read from git's objects, as ever. */
static bool add_files(struct compare_side *side, struct error *error)
{
    const char *directory;
    struct source *files =
        history_check_out(side->history, side->tree, &directory, error) ? source_directory(directory, error) : NULL;
    if (files)
        side->repository.source = source_checkout(side->repository.source, files);
    return files;
}

bool compare_side_open(struct compare_side *side, struct history *history, const char *tree,
                       const struct compare_means *means, struct error *error)
{
    *side = (struct compare_side){.arena = arena_new(), .history = history, .tree = tree, .means = means};
    side->by_directory = map_new(side->arena);
    side->references = reference_cache_new();
    side->is_open = true;
    if (!history_open_tree(history, tree, &side->repository, error) || (means->helm.enabled && !add_files(side, error)))
        return false;
    side->repository.source = source_snapshot(side->repository.source, false);
    session_open(&side->session, &(struct session_options){.repository = &side->repository,
                                                           .share_bases = true,
                                                           .references = side->references});
    return true;
}

void compare_side_close(struct compare_side *side)
{
    if (!side || !side->is_open)
        return;
    for (size_t i = 0; i < side->render_count; i++)
        rendered_free(&side->renders[i].rendered);
    if (side->has_root) {
        rendered_free(&side->root_set);
        session_close(&side->root);
    }
    if (side->session.engine)
        session_close(&side->session);
    if (side->rendered)
        session_close(&side->renderer);
    repository_close(&side->repository);
    reference_cache_free(side->references);
    arena_free(side->arena);
    side->is_open = false;
}

static int compare_targets(const void *left, const void *right)
{
    const struct compare_target *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static void sort_targets(struct compare_side *side)
{
    if (side->count)
        qsort(side->targets, side->count, sizeof *side->targets, compare_targets);
}

/* Directories that are refused have no name, and no Application. */
static void take_targets(struct compare_side *side)
{
    const struct root_set *set = &side->root.set;
    side->targets = ARENA_ARRAY(side->arena, set->target_count, struct compare_target);
    for (size_t i = 0; i < set->target_count; i++)
        if (set->targets[i].name)
            side->targets[side->count++] =
                (struct compare_target){set->targets[i].name, set->targets[i].path, &set->targets[i]};
    sort_targets(side);
}

static bool find_root_set(struct compare_side *side, const char *root, struct error *error)
{
    session_open(&side->root, &(struct session_options){.repository = &side->repository,
                                                        .everything = true,
                                                        .references = side->references,
                                                        .keep_scans = true});
    side->has_root = true;
    if (!session_build(&side->root, root, &side->root_set, error))
        return false;
    if (!side->root.met_rootapp)
        return error_set(error, "%s: has no RootApp; name the directory that has with --root DIR", root);
    take_targets(side);
    return true;
}

/* All directories with a kustomization file. Symbolic links are not followed: what they lead to is found by itself. */
static void list_kustomizations(struct compare_side *side, const char *directory, struct name_list *out, size_t *room)
{
    const struct source *source = side->repository.source;
    struct error ignored = {0};
    struct name_list names;
    bool found = false;
    if (!source_list(source, side->arena, directory, &names, &ignored))
        names.count = 0;
    for (size_t i = 0; i < names.count; i++) {
        const char *path = path_join(side->arena, directory, names.names[i]);
        enum file_kind kind = source_kind(source, path);
        found = found || (kind == FILE_REGULAR && engine_is_kustomization_file(path));
        const char *real = kind == FILE_DIRECTORY ? source_resolve(source, side->arena, path, &ignored) : NULL;
        if (real && strcmp(real, path) == 0)
            list_kustomizations(side, path, out, room);
    }
    error_free(&ignored);
    if (!found)
        return;
    out->names = arena_grow(side->arena, out->names, out->count, room, sizeof *out->names);
    out->names[out->count++] = directory;
}

static void note_references(struct compare_side *side, struct map *referred, const char *directory)
{
    struct name_list paths;
    if (!compare_side_scan(side, directory, &paths))
        return;
    for (size_t i = 0; i < paths.count; i++)
        if (strcmp(paths.names[i], directory) != 0)
            *map_slot(referred, paths.names[i], strlen(paths.names[i])) = side;
}

static bool is_component(struct compare_side *side, const char *directory)
{
    struct error ignored = {0};
    struct file_bytes file = {0};
    struct arena *arena = arena_new();
    const char *name = engine_kustomization_file(side->repository.source, directory, &ignored);
    bool read = name && source_read(side->repository.source, arena, path_join(arena, directory, name), &file, &ignored);
    bool component = read && strstr(file.bytes, "kind: Component");
    error_free(&ignored);
    arena_free(arena);
    return component;
}

static void find_alone(struct compare_side *side)
{
    struct name_list directories = {0};
    struct map *referred = map_new(side->arena);
    size_t room = 0;
    list_kustomizations(side, ".", &directories, &room);
    for (size_t i = 0; i < directories.count; i++)
        note_references(side, referred, directories.names[i]);
    side->targets = ARENA_ARRAY(side->arena, directories.count, struct compare_target);
    for (size_t i = 0; i < directories.count; i++) {
        const char *directory = directories.names[i];
        if (!map_get(referred, directory, strlen(directory)) && !is_component(side, directory))
            side->targets[side->count++] = (struct compare_target){.name = directory, .directory = directory};
    }
    sort_targets(side);
}

bool compare_side_find_targets(struct compare_side *side, const char *root, bool alone, struct error *error)
{
    if (source_kind(side->repository.source, root) == FILE_DIRECTORY)
        return find_root_set(side, root, error);
    if (alone)
        find_alone(side);
    return true;
}

void compare_side_share_targets(struct compare_side *side, const struct compare_side *other)
{
    side->targets = other->targets;
    side->count = other->count;
}

const struct compare_target *compare_side_target(const struct compare_side *side, const char *name)
{
    struct compare_target wanted = {.name = name};
    if (!side->count)
        return NULL;
    return bsearch(&wanted, side->targets, side->count, sizeof wanted, compare_targets);
}

bool compare_side_scan(struct compare_side *side, const char *directory, struct name_list *out)
{
    size_t cost;
    if (!reference_cache_find(side->references, directory, out, &cost))
        session_note_references(&side->session, directory);
    return reference_cache_find(side->references, directory, out, &cost);
}

void compare_side_add(struct compare_side *side, const struct compare_target *target)
{
    if (target->found && target->found->renderer)
        return;
    void **slot = map_slot(side->by_directory, target->directory, strlen(target->directory));
    if (*slot)
        return;
    side->renders =
        arena_grow(side->arena, side->renders, side->render_count, &side->render_room, sizeof *side->renders);
    side->renders[side->render_count++] = (struct compare_render){
        .directory = target->directory, .project = target->found ? target->found->project : NULL};
    *slot = (void *)(uintptr_t)side->render_count;
}

/* Whether a node is one that kustomize fails on when it prints it: a key of a map stands twice in it. */
static bool is_unprintable(const struct node *node, unsigned depth)
{
    enum { DEEPEST = 200 };
    if (node->kind == NODE_SCALAR || depth > DEEPEST)
        return false;
    if (node->kind == NODE_MAP && node->unprintable)
        return true;
    for (uint32_t i = 0; i < node->count; i++)
        if (is_unprintable(node->kind == NODE_MAP ? node->entries[i].value : node->items[i], depth + 1))
            return true;
    return false;
}

/* Nothing is printed here, and what Argo CD gets is: what cannot be printed fails all the same. */
static bool is_printed(const struct session *session, const struct rendered *rendered, struct error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < rendered->count; i++) {
        struct text out = {0};
        good = !is_unprintable(rendered->items[i], 0) || session_write(session, rendered, &out, error);
        text_free(&out);
    }
    return good;
}

/* With the trust that Argo CD's plugin would have in this Application's project. */
static void render_one(struct compare_side *side, struct compare_render *job)
{
    struct session *session = &side->renderer;
    struct trust trust = {.root_project = root_project, .project = job->project};
    struct error error = {0};
    struct text line = {0};
    session->options.trust = job->project ? &trust : NULL;
    if (!session_build(session, job->directory, &job->rendered, &error) ||
        !is_printed(session, &job->rendered, &error)) {
        error_write(&error, &line);
        job->error = arena_string(side->arena, line.bytes);
        rendered_free(&job->rendered);
    } else {
        session_keep(session, &job->rendered, side->arena); /* all are kept until they have been compared */
    }
    session->options.trust = NULL;
    text_free(&line);
    error_free(&error);
}

/* Knowing who wrote each value costs that bases are not shared: of a large change, the file of each value has to do. */
enum { MOST_RECORDED = 100 };

void compare_side_render(struct compare_side *side)
{
    session_open(&side->renderer, &(struct session_options){.repository = &side->repository,
                                                            .share_bases = side->render_count > MOST_RECORDED,
                                                            .node_limit = TENANTS_NODES,
                                                            .step_limit = TENANTS_STEPS,
                                                            .remote = side->means->remote,
                                                            .helm = side->means->helm,
                                                            .record_writers = side->render_count <= MOST_RECORDED});
    side->rendered = true;
    for (size_t i = 0; i < side->render_count; i++)
        render_one(side, &side->renders[i]);
}

const struct compare_render *compare_side_find(const struct compare_side *side, const char *directory)
{
    uintptr_t index = (uintptr_t)map_get(side->by_directory, directory, strlen(directory));
    return index ? &side->renders[index - 1] : NULL;
}
