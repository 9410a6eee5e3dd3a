/* explain.c: says why a change of an image cannot be made. */
#include "plugin/change/explain.h"

#include <string.h>

#include "base/nearest.h"
#include "kustomize/kustomization/image_name.h"
#include "plugin/run/leaves.h"
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

/* "OLD -> NEW"; of an object as a whole, what may have become of it. */
static const char *values_text(struct arena *arena, const struct effect *effect)
{
    return *effect->path
               ? arena_format(arena, "%s -> %s", effect->old ? effect->old : "-", effect->new ? effect->new : "-")
               : "it comes, goes or gets another name";
}

bool explain_side_effect(const struct changes *changes, const char *overlay, const struct effect *effect,
                         struct error *error)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct image_change *change = &changes->items[i];
        if (strcmp(change->target->path, overlay) == 0 && change->edit.is_pattern)
            return error_in(
                error, (struct place){change->file, change->edit.line, 1},
                "%s: the name of this image is a regular expression, which also matches others: %s (%s). Give "
                "%s an entry of its own",
                change->target->label, effect_text(changes->arena, effect->kind, effect->name, effect->path),
                values_text(changes->arena, effect), change->wish->name);
    }
    return error_set(error, "%s: more than the image would change: %s (%s); nothing was changed", overlay,
                     effect_text(changes->arena, effect->kind, effect->name, effect->path),
                     values_text(changes->arena, effect));
}

static const char *kind_of(const struct node *resource)
{
    const char *kind = node_text(node_get(resource, &key_kind));
    return kind ? kind : "";
}

static const char *name_of(const struct node *resource)
{
    const char *name = node_text(node_get(node_get(resource, &key_metadata), &key_name));
    return name ? name : "";
}

bool explain_left_behind(const struct changes *changes, const struct image_change *change,
                         const struct container_image *image, struct error *error)
{
    struct arena *arena = changes->arena;
    struct place place = field_place(changes, change->file, "replacements");
    if (!place.file)
        place = field_place(changes, change->file, "transformers");
    const char *where = place.file
                            ? arena_format(arena, "%s:%u: replacements or transformers of", place.file, place.line)
                            : "what comes behind images in";
    return error_set(
        error, "%s: %s stays '%s': %s the kustomization sets it after images; change what it takes the value from",
        change->target->label, effect_text(arena, kind_of(image->resource), name_of(image->resource), image->path),
        image->image, where);
}

static bool is_word_at(const char *text, const char *at, size_t size)
{
    static const char within[] = "_-./0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return (at == text || !strchr(within, at[-1])) && (!at[size] || !strchr(within, at[size]));
}

static bool holds_word(const char *text, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        if (is_word_at(text, at, size))
            return true;
    return false;
}

/* The first value that has the image's name in it; false: there is none. */
static bool only_text(const struct changes *changes, const struct image_change *change, const struct node *resource,
                      struct error *error)
{
    struct leaves leaves;
    leaves_of(changes->arena, resource, &leaves);
    for (size_t i = 0; i < leaves.count; i++) {
        const struct node *value = leaves.items[i].node;
        if (!node_is_scalar(value) || !holds_word(value->text, change->wish->name))
            continue;
        struct place place = origins_place(engine_origins(changes->session.engine), value->origin);
        const char *where =
            place.file ? arena_format(changes->arena, "%s:%u", place.file, place.line) : leaves.items[i].path;
        error_set(error, "%s: '%s' is only text in %s %s (%s): images does not reach it, use replacements",
                  change->target->label, change->wish->name, kind_of(resource), name_of(resource), where);
        return true;
    }
    return false;
}

/* Whether a name is the last part of another: shop of ghcr.io/acme/shop. */
static bool is_last_part(const char *name, const char *whole)
{
    size_t size = strlen(name), whole_size = strlen(whole);
    return size < whole_size && whole[whole_size - size - 1] == '/' && strcmp(whole + whole_size - size, name) == 0;
}

bool explain_no_effect(const struct changes *changes, const struct image_change *change, const struct rendered *before,
                       const struct container_images *images, struct error *error)
{
    struct arena *arena = changes->arena;
    const char **names = ARENA_ARRAY(arena, images->count + 1, const char *);
    for (size_t i = 0; i < images->count; i++) {
        names[i] = image_split(arena, images->items[i].image).name;
        if (strcmp(names[i], change->edit.old_name) == 0)
            return explain_left_behind(changes, change, &images->items[i], error);
        if (is_last_part(change->wish->name, names[i]))
            return error_set(error, "%s: no container runs '%s' (did you mean '%s'?)", change->target->label,
                             change->wish->name, names[i]);
    }
    for (size_t i = 0; i < before->count; i++)
        if (only_text(changes, change, before->items[i], error))
            return false;
    const char *near = nearest_name(change->wish->name, names);
    return near ? error_set(error, "%s: no container runs '%s' (did you mean '%s'?)", change->target->label,
                            change->wish->name, near)
                : error_set(error, "%s: no container runs '%s'; 'rootapp list' shows the images", change->target->label,
                            change->wish->name);
}
