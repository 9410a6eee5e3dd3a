/* changes.c: edits images in a tree of files, and makes sure that nothing else changes. */
#include "plugin/change/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "plugin/change/making.h"
#include "plugin/change/reached.h"

/* Targets. */

static void open_session(struct session *session, const struct repository *repository,
                         const struct change_request *request)
{
    struct session_options options = {.repository = repository, .share_bases = true, .policy_only = true};
    if (request->rendering) {
        options.remote = request->rendering->remote;
        options.helm = request->rendering->helm;
    }
    session_open(session, &options);
}

static bool choose_directory(struct changes *changes, const struct repository *repository, const char *directory,
                             struct error *error)
{
    const char *path = source_resolve(repository->source, changes->arena, directory, error);
    if (!path)
        return false;
    struct change_target *target = ARENA_NEW(changes->arena, struct change_target);
    *target = (struct change_target){.label = directory, .path = path};
    changes->targets = (struct change_targets){.items = target, .count = 1};
    changes->ends[0] = 1;
    return true;
}

/* The app that all patterns name; NULL: they name several. */
static const char *only_app(const struct changes *changes, const struct change_request *request)
{
    const char *first = request->intents[0].pattern, *slash = strchr(first, '/');
    size_t size = slash ? (size_t)(slash - first) + 1 : 0;
    for (size_t i = 0; i < request->count; i++)
        if (strncmp(request->intents[i].pattern, first, size) != 0)
            return NULL;
    const char *app = arena_copy(changes->arena, first, size ? size - 1 : 0);
    return !size || strpbrk(app, "*?[{\\") ? NULL : app;
}

static bool is_on_branch(const struct change_request *request, const struct change_target *target)
{
    const char *own = change_target_branch(target);
    if (!*own)
        own = request->default_branch ? request->default_branch : own;
    return !request->branch || strcmp(own, request->branch) == 0;
}

/* Takes those out that follow another branch, from `first` on. */
static void leave_others(struct changes *changes, const struct change_request *request, size_t intent, size_t first)
{
    struct change_targets *targets = &changes->targets;
    size_t kept = first;
    for (size_t i = first; i < targets->count; i++) {
        if (is_on_branch(request, &targets->items[i])) {
            targets->items[kept++] = targets->items[i];
            continue;
        }
        changes->others = arena_grow(changes->arena, changes->others, changes->other_count, &changes->other_room,
                                     sizeof *changes->others);
        changes->others[changes->other_count++] =
            (struct other_target){intent, change_target_branch(&targets->items[i])};
    }
    targets->count = kept;
}

static bool choose_among(struct changes *changes, const struct change_request *request,
                         const struct change_targets *all, struct error *error)
{
    changes->targets = (struct change_targets){0};
    changes->other_count = 0;
    for (size_t i = 0; i < request->count; i++) {
        size_t first = changes->targets.count;
        if (!change_targets_choose(changes->arena, all, request->intents[i].pattern, &changes->targets, error))
            return false;
        leave_others(changes, request, i, first);
        changes->ends[i] = changes->targets.count;
    }
    return true;
}

/* Where one app is meant, no other is looked for, unless that one is not there. */
static bool choose_targets(struct changes *changes, const struct change_request *request, struct error *error)
{
    struct change_targets some = {0}, all = {0};
    if (!change_policy_read(&changes->session, request->root, &changes->root, error))
        return false;
    changes->policy = changes->session.policy;
    if (request->shared_file &&
        source_kind(changes->session.options.repository->source, request->shared_file) != FILE_REGULAR)
        return error_set(error, "%s: is no file: name the kustomization file to edit", request->shared_file);
    if (request->shared_file)
        return change_targets_find(&changes->session, changes->arena, NULL, &all, error) &&
               choose_among(changes, request, &all, error) &&
               targets_reached(changes, path_directory(changes->arena, request->shared_file), error);
    const char *app = only_app(changes, request);
    if (!change_targets_find(&changes->session, changes->arena, app, &some, error))
        return false;
    if (choose_among(changes, request, &some, app ? NULL : error))
        return true;
    return app && change_targets_find(&changes->session, changes->arena, NULL, &all, error) &&
           choose_among(changes, request, &all, error);
}

bool changes_open(struct changes *changes, struct arena *arena, const struct repository *repository,
                  const struct change_request *request, struct error *error)
{
    *changes = (struct changes){.arena = arena, .ends = ARENA_ARRAY(arena, request->count + 1, size_t)};
    open_session(&changes->session, repository, request);
    return request->directory ? choose_directory(changes, repository, request->directory, error)
                              : choose_targets(changes, request, error);
}

void changes_close(struct changes *changes)
{
    for (size_t i = 0; i < changes->file_count; i++) {
        text_free(&changes->files[i].old);
        text_free(&changes->files[i].new);
    }
    rendered_free(&changes->root);
    session_close(&changes->session);
}

/* Edits. */

static bool read_kustomization(struct making *making, const char *directory, struct error *error)
{
    struct changes *changes = making->changes;
    const struct source *source = making->repository->source;
    const char *name = engine_kustomization_file(source, directory, error);
    struct changed_file file = {0};
    struct file_bytes bytes;
    if (!name)
        return error_set(error, "%s: no kustomization.yaml in it", directory);
    file.read_as = path_join(changes->arena, directory, name);
    if (making->request->shared_file && strcmp(file.read_as, making->request->shared_file) != 0 &&
        strcmp(directory, path_directory(changes->arena, making->request->shared_file)) == 0)
        return error_set(error, "%s: is not the directory's kustomization, which is %s", making->request->shared_file,
                         file.read_as);
    file.path = source_resolve(source, changes->arena, file.read_as, error);
    if (!file.path || !source_read(source, changes->arena, file.path, &bytes, error))
        return false;
    text_bytes(&file.old, bytes.bytes, bytes.size);
    text_bytes(&file.new, bytes.bytes, bytes.size);
    changes->files = arena_grow(changes->arena, changes->files, changes->file_count, &changes->file_room, sizeof file);
    changes->files[changes->file_count++] = file;
    return true;
}

static struct overlay *overlay_of(struct making *making, const char *path)
{
    void **slot = map_slot(making->by_path, path, strlen(path));
    size_t known = (size_t)*slot;
    if (known)
        return &making->overlays[known - 1];
    if (!read_kustomization(making, path, making->error))
        return NULL;
    making->overlays =
        arena_grow(making->changes->arena, making->overlays, making->count, &making->room, sizeof *making->overlays);
    making->overlays[making->count++] = (struct overlay){.path = path, .file = making->changes->file_count - 1};
    *slot = (void *)making->count;
    return &making->overlays[making->count - 1];
}

static bool demand_digest(const struct change_request *request, const struct image_change *change, struct error *error)
{
    const char *environment = change->target->environment;
    if (change->edit.digest || (!request->require_digest && !change->target->needs_digest))
        return true;
    return error_set(error, "%s: %s: a digest is required%s%s: %s:TAG@sha256:...", change->target->label,
                     change->wish->name, environment ? " in " : "", environment ? environment : "", change->wish->name);
}

static bool demand_freedom(const struct change_request *request, const struct image_change *change, struct error *error)
{
    const char *hold = change->edit.hold;
    if (!request->refuses_holds || !hold || request->overrules)
        return true;
    return error_in(error, (struct place){change->file, change->edit.line, 1}, "%s: %s is held%s%s",
                    change->target->label, change->wish->name, *hold ? ": " : "", hold);
}

static const char *pair_of(struct arena *arena, const char *tag, const char *digest)
{
    const char *text = image_pair_text(arena, tag, digest);
    return *text == ':' ? text + 1 : text;
}

/* False: it failed. One that is skipped leaves the file as it was before. */
static bool judge_edit(struct making *making, struct image_change *change, struct changed_file *file,
                       const char *before, size_t size)
{
    const struct change_request *request = making->request;
    enum judgement judgement = request->judge ? request->judge(request->context, change) : JUDGEMENT_GOOD;
    if (judgement == JUDGEMENT_SKIP) {
        text_cut(&file->new, 0);
        text_bytes(&file->new, before, size);
        change->state = CHANGE_SUPERSEDED;
        change->edit.count = 0;
    }
    return judgement != JUDGEMENT_FAILED;
}

static bool edit_image(struct making *making, const struct change_target *target, const struct image_wish *wish,
                       bool judged)
{
    struct changes *changes = making->changes;
    struct arena *arena = changes->arena;
    struct overlay *overlay = overlay_of(making, target->path);
    if (!overlay)
        return false;
    struct changed_file *file = &changes->files[overlay->file];
    struct image_change change = {.target = target, .wish = wish, .file = file->path};
    size_t size = file->new.size;
    const char *before = arena_copy(arena, text_content(&file->new), size);
    const struct edit_options options = {making->request->overrules, making->request->all_entries};
    if (!image_edit(arena, file->path, wish, &options, &file->new, &change.edit, making->error) ||
        !demand_digest(making->request, &change, making->error) ||
        !demand_freedom(making->request, &change, making->error))
        return false;
    change.state = change.edit.count ? CHANGE_MADE : change.edit.hold ? CHANGE_HELD : CHANGE_NONE;
    change.from = pair_of(arena, change.edit.old_tag, change.edit.old_digest);
    change.to = pair_of(arena, change.edit.tag, change.edit.digest);
    if (judged && !judge_edit(making, &change, file, before, size))
        return false;
    changes->items = arena_grow(arena, changes->items, changes->count, &changes->room, sizeof change);
    changes->items[changes->count++] = change;
    return true;
}

/* Images that are wished for by an intent, too, are those of the intent. */
static bool is_wished(const struct changes *changes, const struct extra_image *extra)
{
    for (size_t i = 0; i < changes->count; i++)
        if (strcmp(changes->items[i].target->path, extra->overlay) == 0 &&
            strcmp(changes->items[i].wish->name, extra->wish.name) == 0)
            return true;
    return false;
}

static bool edit_extra(struct making *making)
{
    struct changes *changes = making->changes;
    for (size_t i = 0; i < making->request->extra_count; i++) {
        const struct extra_image *extra = &making->request->extra[i];
        if (is_wished(changes, extra) || source_kind(making->repository->source, extra->overlay) != FILE_DIRECTORY)
            continue;
        if (!edit_image(making, change_target_at(&changes->targets, changes->arena, extra->overlay), &extra->wish,
                        false))
            return false;
    }
    return true;
}

/* The file itself is what is changed; the targets see it. */
static bool edit_shared(struct making *making)
{
    const struct change_request *request = making->request;
    struct changes *changes = making->changes;
    struct change_target *file = ARENA_NEW(changes->arena, struct change_target);
    file->label = file->path = path_directory(changes->arena, request->shared_file);
    for (size_t i = 0; i < changes->targets.count; i++)
        file->needs_digest = file->needs_digest || changes->targets.items[i].needs_digest;
    for (size_t i = 0; i < request->count; i++)
        for (size_t k = 0; k < request->intents[i].count; k++)
            if (!edit_image(making, file, &request->intents[i].wishes[k], true))
                return false;
    return true;
}

static bool edit_all(struct making *making)
{
    const struct change_request *request = making->request;
    const struct changes *changes = making->changes;
    if (request->shared_file)
        return edit_shared(making) && edit_extra(making);
    for (size_t i = 0, next = 0; i < request->count; i++)
        for (; next < changes->ends[i]; next++)
            for (size_t k = 0; k < request->intents[i].count; k++)
                if (!edit_image(making, &changes->targets.items[next], &request->intents[i].wishes[k], true))
                    return false;
    return edit_extra(making);
}

/* The session of the tree as it is goes on reading below the changed files. */
static bool check_all(struct making *making)
{
    struct changes *changes = making->changes;
    struct source *over = source_memory();
    for (size_t i = 0; i < changes->file_count; i++) {
        const struct changed_file *file = &changes->files[i];
        source_memory_add(over, file->path, file->new.bytes, file->new.size);
        if (strcmp(file->read_as, file->path) != 0)
            source_memory_add(over, file->read_as, file->new.bytes, file->new.size);
    }
    making->repository->source = source_layered(making->repository->source, over);
    open_session(&making->edited, making->repository, making->request);
    bool good = check_effects(making);
    session_close(&making->edited);
    return good;
}

bool changes_verify(struct changes *changes, struct arena *arena, const struct repository *repository,
                    const struct change_request *request, struct error *error)
{
    struct repository same = *repository;
    struct making making = {
        .changes = changes, .repository = &same, .request = request, .by_path = map_new(arena), .error = error};
    bool good = changes_open(changes, arena, &same, request, error) && edit_all(&making) &&
                (!changes_any(changes) || error_set(error, "%s: is not as it is written", request->directory)) &&
                check_effects(&making);
    changes_close(changes);
    return good;
}

bool changes_make(struct changes *changes, struct arena *arena, struct repository *repository,
                  const struct change_request *request, struct error *error)
{
    struct making making = {
        .changes = changes, .repository = repository, .request = request, .by_path = map_new(arena), .error = error};
    return changes_open(changes, arena, repository, request, error) && edit_all(&making) && check_all(&making);
}
