/* field_at.c: names the field of a YAML text that a byte belongs to. */
#include "plugin/run/field_at.h"

#include "base/text.h"
#include "yaml/layout.h"

static bool holds_byte(const struct layout_item *item, size_t byte)
{
    return item->value && item->value->kind != LAYOUT_NOTHING && item->value->start <= byte && byte <= item->value->end;
}

static void walk_layout(const struct layout_node *node, size_t byte, struct text *out)
{
    for (uint32_t i = 0; node && i < node->count; i++) {
        const struct layout_item *item = &node->items[i];
        if (!holds_byte(item, byte))
            continue;
        if (item->key)
            text_format(out, "%s%s", out->size ? "." : "", item->key->text ? item->key->text : "");
        else
            text_format(out, "[%u]", i);
        walk_layout(item->value, byte, out);
        return;
    }
}

const char *field_at(struct arena *arena, const char *text, size_t size, size_t byte)
{
    struct layout layout;
    struct error ignored = {0};
    struct text path = {0};
    bool good = layout_read(arena, "", text, size, &layout, &ignored);
    error_free(&ignored);
    for (size_t i = 0; good && i < layout.count; i++)
        if (layout.documents[i]->start <= byte && byte <= layout.documents[i]->end)
            walk_layout(layout.documents[i], byte, &path);
    const char *copy = path.size ? arena_copy(arena, path.bytes, path.size) : NULL;
    text_free(&path);
    return copy;
}
