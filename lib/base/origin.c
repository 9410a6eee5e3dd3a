/* origin.c: the table behind origins. */
#include "base/origin.h"

#include <stdlib.h>

#include "base/memory.h"

struct range {
    origin first;
    const char *file, *text;
    size_t size;
};

struct origins {
    struct range *ranges;
    size_t count, room;
    origin next;
};

struct origins *origins_new(void)
{
    struct origins *origins = memory_new(sizeof *origins);
    origins->next = 1;
    return origins;
}

void origins_free(struct origins *origins)
{
    if (!origins)
        return;
    free(origins->ranges);
    free(origins);
}

origin origins_add(struct origins *origins, const char *file, const char *text, size_t size)
{
    if (size >= UINT32_MAX - origins->next)
        return 0;
    if (origins->count == origins->room) {
        origins->room = origins->room ? origins->room * 2 : 16;
        origins->ranges = memory_resize(origins->ranges, memory_product(origins->room, sizeof *origins->ranges));
    }
    origin first = origins->next;
    origins->ranges[origins->count++] = (struct range){first, file, text, size};
    origins->next += (origin)size + 1;
    return first;
}

static const struct range *range_of(const struct origins *origins, origin at)
{
    size_t low = 0, high = origins->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (origins->ranges[middle].first <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &origins->ranges[low - 1] : NULL;
}

struct place origins_place(const struct origins *origins, origin at)
{
    const struct range *range = origins && at ? range_of(origins, at) : NULL;
    if (!range)
        return (struct place){NULL, 0, 0};
    struct place place = {range->file, 1, 1};
    size_t left = at - range->first;
    for (size_t i = 0; i < range->size; i++) {
        unsigned char byte = (unsigned char)range->text[i];
        if ((byte & 0xC0) == 0x80)
            continue;
        if (left-- == 0)
            break;
        place.column++;
        if (byte == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}
