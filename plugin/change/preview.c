/* preview.c: writes a table of images and versions. */
#include "plugin/change/preview.h"

#include <string.h>

enum { DIGITS = 12 };

struct widths {
    size_t label, image;
};

static size_t wider_width(size_t width, const char *text)
{
    size_t size = strlen(text);
    return size > width ? size : width;
}

static struct widths measure_columns(const struct changes *const *all, size_t count)
{
    struct widths widths = {0};
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < all[i]->count; k++) {
            widths.label = wider_width(widths.label, all[i]->items[k].target->label);
            widths.image = wider_width(widths.image, all[i]->items[k].wish->name);
        }
    return widths;
}

/* A digest is told by its beginning. */
static void write_version(const char *version, struct text *out)
{
    const char *colon = strrchr(version, ':');
    if (!colon || strlen(colon + 1) <= DIGITS)
        text_string(out, *version ? version : "none");
    else
        text_format(out, "%.*s\xe2\x80\xa6", (int)(colon + 1 + DIGITS - version), version);
}

static void write_row(const struct image_change *change, const struct widths *widths, struct text *out)
{
    text_format(out, "%-*s  %-*s  ", (int)widths->label, change->target->label, (int)widths->image, change->wish->name);
    if (change->state == CHANGE_MADE) {
        write_version(change->from, out);
        text_string(out, " -> ");
    }
    write_version(change->to, out);
    if (change->state == CHANGE_MADE && change->wish->since)
        text_format(out, "  (%s)", change->wish->since);
    text_string(out, change->state == CHANGE_MADE         ? "\n"
                     : change->state == CHANGE_HELD       ? "  held\n"
                     : change->state == CHANGE_SUPERSEDED ? "  superseded\n"
                                                          : "  the same\n");
}

static bool is_told(const struct image_change *change, size_t index)
{
    const struct effect *effect = &change->effects.items[index];
    for (size_t i = 0; i < index; i++)
        if (strcmp(change->effects.items[i].kind, effect->kind) == 0 &&
            strcmp(change->effects.items[i].name, effect->name) == 0)
            return true;
    return false;
}

void preview_write(const struct changes *const *all, size_t count, struct text *out)
{
    struct widths widths = measure_columns(all, count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < all[i]->count; k++) {
            const struct image_change *change = &all[i]->items[k];
            write_row(change, &widths, out);
            for (size_t n = 0; n < change->effects.count; n++)
                if (change->effects.items[n].outcome && !is_told(change, n))
                    text_format(out, "%*s  %s %s %s\n", (int)widths.label, "", change->effects.items[n].kind,
                                change->effects.items[n].name, change->effects.items[n].outcome);
        }
}
