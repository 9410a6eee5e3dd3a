/* overlay_images.c: reads the entries of `images` as wishes. */
#include "plugin/change/overlay_images.h"

#include <string.h>

#include "base/path.h"
#include "kustomize/engine.h"
#include "yaml/layout.h"

bool overlay_file_read(struct arena *arena, const struct source *source, const char *overlay, const char **path,
                       struct file_bytes *bytes, struct error *error)
{
    const char *name = engine_kustomization_file(source, overlay, error);
    *path = name ? path_join(arena, overlay, name) : NULL;
    return *path && source_read(source, arena, *path, bytes, error);
}

static const char *field_text(const struct layout_node *entry, const char *field)
{
    const char *text = layout_text(layout_value(entry, field));
    return text && *text ? text : NULL;
}

/* The line of a field of an entry; 0: it has none. */
static unsigned line_of(const struct layout *layout, const struct layout_node *entry, const char *field)
{
    const struct layout_node *value = layout_value(entry, field);
    unsigned line = 1;
    for (uint32_t i = 0; value && i < value->start; i++)
        line += layout->bytes[i] == '\n';
    return value ? line : 0;
}

bool overlay_images_read(struct arena *arena, const struct source *source, const char *overlay, const char *only,
                         struct image_wish **wishes, size_t *count, struct error *error)
{
    const char *path;
    struct file_bytes bytes;
    struct layout layout;
    *count = 0;
    if (!overlay_file_read(arena, source, overlay, &path, &bytes, error) ||
        !layout_read(arena, path, bytes.bytes, bytes.size, &layout, error))
        return false;
    const struct layout_node *images = layout.count ? layout_value(layout.documents[0], "images") : NULL;
    uint32_t entries = images && images->kind == LAYOUT_LIST ? images->count : 0;
    *wishes = ARENA_ARRAY(arena, entries + 1, struct image_wish);
    for (uint32_t i = 0; i < entries; i++) {
        const struct layout_node *entry = images->items[i].value;
        struct image_wish wish = {.name = layout_text(layout_value(entry, "name")),
                                  .tag = field_text(entry, "newTag"),
                                  .digest = field_text(entry, "digest"),
                                  .file = path,
                                  .lines = {line_of(&layout, entry, "newTag"), line_of(&layout, entry, "digest")}};
        if (!wish.name || (!wish.tag && !wish.digest) || (only && strcmp(only, wish.name) != 0))
            continue;
        wish.text = arena_format(arena, "%s%s", wish.name, image_pair_text(arena, wish.tag, wish.digest));
        (*wishes)[(*count)++] = wish;
    }
    return true;
}
