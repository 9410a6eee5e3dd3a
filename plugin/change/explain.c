/* explain.c: says why a change of an image cannot be made. */
#include "plugin/change/explain.h"

#include <string.h>

#include "kustomize/kustomization/image_name.h"
#include "yaml/layout.h"

/* The place of a field of the overlay's kustomization file; no file: it has none. */
static struct place field_place(const struct changes *changes, const char *file, const char *field)
{
    struct layout layout;
    for (size_t i = 0; i < changes->file_count; i++) {
        const struct changed_file *changed = &changes->files[i];
        if (strcmp(changed->path, file) != 0 ||
            !layout_read(changes->arena, file, changed->old.bytes, changed->old.size, &layout, NULL))
            continue;
        const struct layout_item *item = layout.count ? layout_find(layout.documents[0], field) : NULL;
        return item ? layout_place(&layout, item->start) : (struct place){0};
    }
    return (struct place){0};
}

bool explain_side_effect(const struct changes *changes, const char *overlay, const struct leaf *leaf,
                         struct error *error)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct image_change *change = &changes->items[i];
        if (strcmp(change->target->path, overlay) == 0 && change->edit.is_pattern)
            return error_in(error, (struct place){change->file, change->edit.line, 1},
                            "%s: the name of this image is a regular expression, which also matches others: %s (%s -> "
                            "%s). Give %s an entry of its own",
                            change->target->label, leaf_text(changes->arena, leaf), leaf->old ? leaf->old : "-",
                            leaf->new ? leaf->new : "-", change->wish->name);
    }
    return error_set(error, "%s: more than the image would change: %s (%s -> %s); nothing was changed", overlay,
                     leaf_text(changes->arena, leaf), leaf->old ? leaf->old : "-", leaf->new ? leaf->new : "-");
}

static bool set_afterwards(const struct changes *changes, const struct image_change *change, const struct leaf *leaf,
                           struct error *error)
{
    struct place place = field_place(changes, change->file, "replacements");
    if (!place.file)
        place = field_place(changes, change->file, "transformers");
    const char *where =
        place.file ? arena_format(changes->arena, "%s:%u: replacements or transformers of", place.file, place.line)
                   : "what comes behind images in";
    return error_set(error,
                     "%s: %s stays '%s': %s the kustomization sets it after images; change what it takes the "
                     "value from",
                     change->target->label, leaf_text(changes->arena, leaf), leaf->old, where);
}

bool explain_left_behind(const struct changes *changes, const struct image_change *change, const struct leaf *leaf,
                         struct error *error)
{
    return set_afterwards(changes, change, leaf, error);
}

static bool only_text(const struct changes *changes, const struct image_change *change, const struct leaf *leaf,
                      const struct node *scalar, struct error *error)
{
    struct place place = origins_place(engine_origins(changes->session.engine), scalar->origin);
    const char *where = place.file ? arena_format(changes->arena, "%s:%u", place.file, place.line) : leaf->path;
    return error_set(error, "%s: '%s' is only text in %s %s (%s): images does not reach it, use replacements",
                     change->target->label, change->wish->name, leaf->kind, leaf->name, where);
}

bool explain_no_effect(const struct changes *changes, const struct image_change *change, const struct rendered *before,
                       const struct leaves *images, struct error *error)
{
    struct arena *arena = changes->arena;
    const char **names = ARENA_ARRAY(arena, images->count + 1, const char *);
    for (size_t i = 0; i < images->count; i++) {
        names[i] = image_split(arena, images->items[i].old).name;
        if (strcmp(names[i], change->edit.old_name) == 0)
            return set_afterwards(changes, change, &images->items[i], error);
    }
    const char *near = nearest_name(change->wish->name, names);
    struct leaf leaf;
    const struct node *scalar;
    if (leaves_find_text(arena, before, change->wish->name, &leaf, &scalar))
        return only_text(changes, change, &leaf, scalar, error);
    return near ? error_set(error, "%s: no container runs '%s' (did you mean '%s'?)", change->target->label,
                            change->wish->name, near)
                : error_set(error, "%s: no container runs '%s'; 'rootapp list' shows the images", change->target->label,
                            change->wish->name);
}
