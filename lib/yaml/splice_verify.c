/* splice_verify.c: reads an edited text anew, and refuses the edit where the text reads otherwise than it is meant to.
 */
#include <string.h>

#include "yaml/splice_parts.h"

static bool is_text(const struct layout_node *node, const char *text, size_t size)
{
    return node->kind == LAYOUT_SCALAR && node->size == size && memcmp(node->text, text, size) == 0;
}

/* Whether a new value is read as what was written. */
static bool reads_as(const struct node *value, const struct layout_node *now)
{
    bool map = node_is_map(value);
    if (node_is_scalar(value) && !value->count && value->tag != TAG_STRING)
        return now->kind == LAYOUT_NOTHING;
    if (node_is_scalar(value))
        return is_text(now, value->text, value->count);
    if (now->kind != (map ? LAYOUT_MAP : LAYOUT_LIST) || now->count != value->count)
        return false;
    for (uint32_t i = 0; i < value->count; i++) {
        const struct layout_item *item = &now->items[i];
        if (map && !is_text(item->key, value->entries[i].key->text, value->entries[i].key->size))
            return false;
        if (!reads_as(map ? value->entries[i].value : value->items[i], item->value))
            return false;
    }
    return true;
}

static bool same_marks(const struct layout_node *old, const struct layout_node *now)
{
    return old->anchored == now->anchored && old->tagged == now->tagged;
}

static bool same_node(const struct change *change, const struct layout_node *old, const struct layout_node *now);

static bool same_item(const struct change *change, const struct layout_item *old, const struct layout_item *now)
{
    return (!old->key || same_node(change, old->key, now->key)) && same_node(change, old->value, now->value);
}

/* Whether the value that was changed is what it is meant to be. */
static bool is_changed(const struct change *change, const struct layout_node *old, const struct layout_node *now)
{
    if (!same_marks(old, now))
        return false;
    if (change->kind == CHANGE_REPLACES)
        return reads_as(change->value, now);
    bool removes = change->kind == CHANGE_REMOVES;
    if (now->kind != old->kind || now->count != (removes ? old->count - 1 : old->count + 1))
        return false;
    for (uint32_t i = 0; i < (removes ? now->count : old->count); i++)
        if (!same_item(change, &old->items[i + (removes && i >= change->index)], &now->items[i]))
            return false;
    const struct layout_item *added = removes ? NULL : &now->items[old->count];
    return removes || ((!change->key || is_text(added->key, change->key, strlen(change->key))) &&
                       reads_as(change->value, added->value));
}

/* Whether a value is what it was, and all below it, but for the change. */
static bool same_node(const struct change *change, const struct layout_node *old, const struct layout_node *now)
{
    if (old == change->of)
        return is_changed(change, old, now);
    if (old->kind != now->kind || old->count != now->count || !same_marks(old, now) || old->size != now->size ||
        (old->size && memcmp(old->text, now->text, old->size) != 0))
        return false;
    for (uint32_t i = 0; i < old->count; i++)
        if (!same_item(change, &old->items[i], &now->items[i]))
            return false;
    return true;
}

bool reads_as_meant(const struct layout *layout, const struct change *change, const struct text *out,
                    struct error *error)
{
    struct arena *arena = arena_new();
    struct layout now;
    struct error problem = {0};
    bool good =
        layout_read(arena, layout->file, text_content(out), out->size, &now, &problem) && now.count == layout->count;
    for (size_t i = 0; good && i < now.count; i++)
        good = same_node(change, layout->documents[i], now.documents[i]);
    error_free(&problem);
    arena_free(arena);
    return good || error_in(error, layout_place(layout, change->of->start),
                            "cannot be changed without changing how the text beside it reads: edit it by hand");
}
