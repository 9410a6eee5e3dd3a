/* check_effects.c: makes sure that edits of images do what is wished, and nothing else. */
#include <string.h>

#include "kustomize/kustomization/image_name.h"
#include "plugin/change/explain.h"
#include "plugin/change/making.h"

static bool is_expected(struct arena *arena, const struct image_change *change, const struct effect *effect)
{
    if (!effect->old || !effect->new || change->state != CHANGE_MADE)
        return false;
    struct image_parts old = image_split(arena, effect->old), new = image_split(arena, effect->new);
    const struct image_edit *edit = &change->edit;
    bool paired = edit->tag || edit->digest;
    return strcmp(old.name, edit->old_name) == 0 && strcmp(new.name, edit->new_name) == 0 &&
           strcmp(new.tag, paired ? (edit->tag ? edit->tag : "") : old.tag) == 0 &&
           strcmp(new.digest, paired ? (edit->digest ? edit->digest : "") : old.digest) == 0;
}

static void take_effect(struct changes *changes, struct image_change *change, const struct change_target *target,
                        const struct effect *effect)
{
    struct effects *effects = &change->effects;
    effects->items = arena_grow(changes->arena, effects->items, effects->count, &effects->room, sizeof *effect);
    effects->items[effects->count] = *effect;
    effects->items[effects->count++].target = target->label;
}

/* What a shared file changes is seen in every target that it reaches. */
static bool is_for(const struct making *making, const struct image_change *change, const char *directory)
{
    return making->request->shared_file || strcmp(change->target->path, directory) == 0;
}

/* Gives each difference to the change that wants it; one that nobody wants is an error. */
static bool claim_effects(struct making *making, const struct change_target *target, const struct effects *effects)
{
    struct changes *changes = making->changes;
    for (size_t i = 0; i < effects->count; i++) {
        bool claimed = false;
        for (size_t k = 0; k < changes->count && !claimed; k++) {
            struct image_change *change = &changes->items[k];
            claimed = is_for(making, change, target->path) && is_expected(changes->arena, change, &effects->items[i]);
            if (claimed)
                take_effect(changes, change, target, &effects->items[i]);
        }
        if (!claimed)
            return explain_side_effect(changes, target->path, &effects->items[i], making->error);
    }
    return true;
}

/* Whether an image is rendered as it is wished, somewhere. */
static bool is_rendered(const struct changes *changes, const struct image_change *change,
                        const struct container_images *images)
{
    const struct image_edit *edit = &change->edit;
    const char *pair = image_pair_text(changes->arena, edit->tag, edit->digest);
    for (size_t i = 0; i < images->count; i++) {
        size_t size = strlen(edit->new_name);
        const char *image = images->items[i].image;
        if (strncmp(image, edit->new_name, size) == 0 && (!*pair || strcmp(image + size, pair) == 0))
            return true;
    }
    return false;
}

/* A container that still runs the image in another version, whose entry has nothing to do with newName. */
static const struct container_image *find_left_behind(const struct changes *changes, const struct image_change *change,
                                                      const struct container_images *images)
{
    const struct image_edit *edit = &change->edit;
    for (size_t i = 0; i < images->count; i++) {
        struct image_parts parts = image_split(changes->arena, images->items[i].image);
        bool wanted = strcmp(parts.tag, edit->tag ? edit->tag : "") == 0 &&
                      strcmp(parts.digest, edit->digest ? edit->digest : "") == 0;
        if (strcmp(parts.name, change->wish->name) == 0 && !wanted && (edit->tag || edit->digest))
            return &images->items[i];
    }
    return NULL;
}

/* The manifest, patch or base that the new entry wins over. */
static const char *place_before(const struct changes *changes, const struct container_image *image)
{
    struct place place = origins_place(engine_origins(changes->session.engine), image->origin);
    return place.file ? arena_format(changes->arena, "%s:%u", place.file, place.line) : NULL;
}

static void name_versions(const struct changes *changes, struct image_change *change,
                          const struct container_images *images)
{
    struct arena *arena = changes->arena;
    const char *from = change->effects.count ? change->effects.items[0].old : NULL;
    for (size_t i = 0; !from && i < images->count; i++)
        if (strcmp(image_split(arena, images->items[i].image).name, change->edit.old_name) == 0)
            from = images->items[i].image;
    for (size_t i = 0; from && change->edit.is_new && !change->before && i < images->count; i++)
        if (strcmp(images->items[i].image, from) == 0 && strcmp(from, change->edit.old_name) != 0)
            change->before = place_before(changes, &images->items[i]);
    const char *old = from ? from + strlen(image_split(arena, from).name) : "";
    const char *new = image_pair_text(arena, change->edit.tag, change->edit.digest);
    change->from = *old == ':' ? old + 1 : old;
    change->to = *new == ':' ? new + 1 : *new ? new : change->from;
}

static bool check_directory(struct making *making, const struct change_target *target, const struct rendered *before,
                            const struct rendered *after)
{
    struct changes *changes = making->changes;
    struct effects effects = {0};
    struct container_images old = {0}, new = {0};
    effects_find(changes->arena, before, after, &effects);
    images_reached(changes->arena, before, &old);
    images_reached(changes->arena, after, &new);
    if (!claim_effects(making, target, &effects))
        return false;
    for (size_t i = 0; i < changes->count && !making->request->shared_file; i++) {
        struct image_change *change = &changes->items[i];
        if (strcmp(change->target->path, target->path) != 0)
            continue;
        if (change->state == CHANGE_HELD || change->state == CHANGE_SUPERSEDED)
            continue;
        name_versions(changes, change, &old);
        if (!change->effects.count && !is_rendered(changes, change, &new))
            return explain_no_effect(changes, change, before, &old, making->error);
        const struct container_image *left =
            strcmp(change->edit.new_name, change->wish->name) == 0 ? find_left_behind(changes, change, &new) : NULL;
        if (left)
            return explain_left_behind(changes, change, left, making->error);
    }
    return true;
}

static bool check_target(struct making *making, const struct change_target *target, bool changed)
{
    struct changes *changes = making->changes;
    struct rendered before = {0}, after = {0};
    bool good = session_build(&changes->session, target->path, &before, making->error) ||
                error_wrap(making->error, "%s does not render as it is, so that nothing can be verified", target->path);
    good = good && (!changed || session_build(&making->edited, target->path, &after, making->error));
    good = good && check_directory(making, target, &before, changed ? &after : &before);
    rendered_free(&after);
    rendered_free(&before);
    return good;
}

/* Of a shared file: all targets that it reaches, of which one has to see the change. */
static bool check_reached(struct making *making)
{
    struct changes *changes = making->changes;
    bool any = changes_any(changes);
    for (size_t i = 0; i < changes->targets.count && any; i++) {
        const struct change_target *target = &changes->targets.items[i];
        if ((!i || strcmp(target->path, target[-1].path) != 0) && !check_target(making, target, true))
            return false;
    }
    for (size_t i = 0; i < changes->count; i++) {
        const struct image_change *change = &changes->items[i];
        if (change->state == CHANGE_MADE && !change->effects.count)
            return error_set(making->error,
                             "%s: no target changes: none runs '%s', or all that do set it again in their overlays",
                             change->file, change->wish->name);
    }
    return true;
}

bool check_effects(struct making *making)
{
    struct changes *changes = making->changes;
    if (making->request->shared_file)
        return check_reached(making);
    for (size_t i = 0; i < making->count; i++) {
        const struct overlay *overlay = &making->overlays[i];
        if (!check_target(making, change_target_at(&changes->targets, changes->arena, overlay->path),
                          changed_file_differs(&changes->files[overlay->file])))
            return false;
    }
    return true;
}
