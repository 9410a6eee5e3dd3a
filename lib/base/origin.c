/* origin.c: the table behind origins. */
#include "base/origin.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/writer.h"

enum { MARK_DISTANCE = 4096 };

/* The place of a byte. */
struct mark {
    unsigned line, column;
};

struct range {
    origin first;
    origin within; /* of the scalar that holds the text; 0: it is a file's */
    const char *file, *text;
    size_t size;
    struct mark *marks; /* of each MARK_DISTANCE-th byte, as far as one behind it was asked for */
    size_t mark_count;
};

/* The first writer has the largest number. */
struct writers {
    struct arena *arena; /* of their parts */
    struct writer *items;
    size_t count, room;
};

struct origins {
    struct range *ranges;
    size_t count, room;
    origin next;
    struct writers *writers; /* NULL: not recorded */
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
    for (size_t i = 0; i < origins->count; i++)
        free(origins->ranges[i].marks);
    if (origins->writers) {
        arena_free(origins->writers->arena);
        free(origins->writers->items);
        free(origins->writers);
    }
    free(origins->ranges);
    free(origins);
}

origin origins_add(struct origins *origins, const char *file, const char *text, size_t size)
{
    return origins_add_within(origins, 0, file, text, size);
}

origin origins_add_within(struct origins *origins, origin within, const char *file, const char *text, size_t size)
{
    size_t writers = origins->writers ? origins->writers->count : 0;
    if (size >= UINT32_MAX - origins->next - writers)
        return 0;
    if (origins->count == origins->room) {
        origins->room = origins->room ? origins->room * 2 : 16;
        origins->ranges = memory_resize(origins->ranges, memory_product(origins->room, sizeof *origins->ranges));
    }
    origin first = origins->next;
    origins->ranges[origins->count++] =
        (struct range){.first = first, .within = within, .file = file, .text = text, .size = size};
    origins->next += (origin)size + 1;
    return first;
}

void origins_record_writers(struct origins *origins)
{
    origins->writers = memory_new(sizeof *origins->writers);
    origins->writers->arena = arena_new();
}

const struct writer *origins_writer(const struct origins *origins, origin at)
{
    const struct writers *writers = origins ? origins->writers : NULL;
    return writers && UINT32_MAX - at < writers->count ? &writers->items[UINT32_MAX - at] : NULL;
}

/* The place in a text that messages name for an origin. */
static origin place_in_text(const struct origins *origins, origin at)
{
    const struct writer *writer = origins_writer(origins, at);
    return writer ? writer->place : at;
}

origin origins_add_writer(struct origins *origins, const struct writer *writer)
{
    struct writers *writers = origins->writers;
    origin place = place_in_text(origins, writer->place);
    if (origins->next + writers->count >= UINT32_MAX - 1)
        return place;
    if (writers->count == writers->room) {
        writers->room = writers->room ? writers->room * 2 : 64;
        writers->items = memory_resize(writers->items, memory_product(writers->room, sizeof *writers->items));
    }
    struct writer *copy = &writers->items[writers->count++];
    *copy = *writer;
    copy->place = place;
    copy->parts = (const struct writer_part *)(const void *)arena_copy(writers->arena, writer->parts,
                                                                       writer->part_count * sizeof *writer->parts);
    return UINT32_MAX - (origin)(writers->count - 1);
}

struct origins_mark origins_now(const struct origins *origins)
{
    return (struct origins_mark){origins->count, origins->writers ? origins->writers->count : 0};
}

static const char *kept_bytes(const struct arena_extents *given_up, const char *bytes, size_t size, struct arena *arena)
{
    return bytes && arena_extents_hold(given_up, bytes, size + 1) ? arena_copy(arena, bytes, size) : bytes;
}

static const char *kept_text(const struct arena_extents *given_up, const char *text, struct arena *arena)
{
    return text && arena_extents_hold(given_up, text, 1) ? arena_string(arena, text) : text;
}

void origins_keep(struct origins *origins, struct origins_mark since, const struct arena_extents *given_up,
                  struct arena *arena)
{
    for (size_t i = since.texts; i < origins->count; i++) {
        struct range *range = &origins->ranges[i];
        range->file = kept_text(given_up, range->file, arena);
        range->text = kept_bytes(given_up, range->text, range->size, arena);
    }
    for (size_t i = since.writers; origins->writers && i < origins->writers->count; i++) {
        struct writer *writer = &origins->writers->items[i];
        writer->step = kept_text(given_up, writer->step, arena);
        writer->old = kept_bytes(given_up, writer->old, writer->old_size, arena);
    }
}

/* What a step added comes before what it left of the value before; of several the last one. */
static origin added_part(const struct writer *writer)
{
    origin kept = 0;
    for (size_t i = writer->part_count; i > 0; i--) {
        origin from = writer->parts[i - 1].from;
        if (from && from != writer->before)
            return from;
        kept = kept ? kept : from;
    }
    return kept ? kept : writer->place;
}

origin origins_last_written(const struct origins *origins, origin at)
{
    enum { LONGEST_CHAIN = 1000 };
    const struct writer *writer;
    for (size_t i = 0; i < LONGEST_CHAIN && (writer = origins_writer(origins, at)); i++)
        at = added_part(writer);
    return place_in_text(origins, at);
}

static struct range *range_of(const struct origins *origins, origin at)
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

const char *origins_text(const struct origins *origins, origin at, size_t *size)
{
    at = place_in_text(origins, at);
    const struct range *range = at && origins ? range_of(origins, at) : NULL;
    if (!range || at - range->first > range->size)
        return NULL;
    *size = range->size - (at - range->first);
    return range->text + (at - range->first);
}

/* From the mark of one byte to that of a later one. Columns count characters. */
static struct mark mark_behind(const char *text, size_t size, struct mark mark)
{
    for (size_t i = 0; i < size; i++) {
        mark.column += ((unsigned char)text[i] & 0xC0) != 0x80;
        if (text[i] == '\n') {
            mark.line++;
            mark.column = 1;
        }
    }
    return mark;
}

static void add_mark(struct range *range)
{
    struct mark mark = {1, 1};
    size_t count = range->mark_count;
    if (count)
        mark = mark_behind(range->text + (count - 1) * MARK_DISTANCE, MARK_DISTANCE, range->marks[count - 1]);
    if ((count & (count - 1)) == 0)
        range->marks = memory_resize(range->marks, memory_product(count ? 2 * count : 1, sizeof *range->marks));
    range->marks[range->mark_count++] = mark;
}

/* The byte that an origin means, and its place in the text of the range. */
static size_t find_byte(struct range *range, origin at, struct place *place)
{
    size_t byte = at - range->first;
    if (byte > range->size)
        byte = range->size;
    size_t nearest = byte / MARK_DISTANCE, behind = byte % MARK_DISTANCE;
    while (range->mark_count <= nearest)
        add_mark(range);
    struct mark mark = mark_behind(range->text + (byte - behind), behind, range->marks[nearest]);
    *place = (struct place){range->file, mark.line, mark.column};
    return byte;
}

/* Where the content of a scalar begins, and how far its other lines are indented. */
struct content {
    struct place start;
    unsigned indent;
};

static struct content block_content(const struct range *range, size_t byte, struct place start)
{
    const char *at = range->text + byte, *end = range->text + range->size;
    unsigned indent = 0;
    while (at < end && *at != '\n')
        at++;
    for (; at < end && (*at == '\n' || *at == ' ' || *at == '\r'); at++) {
        indent = *at == ' ' ? indent + 1 : 0;
        start.line += *at == '\n';
    }
    start.column = indent + 1;
    return (struct content){start, indent};
}

static struct content content_of(struct range *range, origin scalar)
{
    struct place start;
    size_t byte = find_byte(range, scalar, &start);
    char first = byte < range->size ? range->text[byte] : '\0';
    if (first == '|' || first == '>')
        return block_content(range, byte, start);
    start.column += first == '"' || first == '\'';
    return (struct content){start, 0};
}

/* Scalars within scalars are followed to the file. */
static struct place place_outside(const struct origins *origins, const struct range *range, struct place place)
{
    while (range->within) {
        struct range *outer = range_of(origins, place_in_text(origins, range->within));
        if (!outer || outer >= range)
            break;
        struct content content = content_of(outer, range->within);
        place.column += place.line == 1 ? content.start.column - 1 : content.indent;
        place.line += content.start.line - 1;
        place.file = outer->file;
        range = outer;
    }
    return place;
}

struct place origins_place(const struct origins *origins, origin at)
{
    at = place_in_text(origins, at);
    struct range *range = origins && at ? range_of(origins, at) : NULL;
    if (!range)
        return (struct place){NULL, 0, 0};
    struct place place;
    find_byte(range, at, &place);
    return place_outside(origins, range, place);
}

/* The byte at a line and column. */
static size_t byte_at(const char *text, size_t size, struct place place)
{
    size_t byte = 0;
    for (unsigned line = 1; byte < size && line < place.line; byte++)
        line += text[byte] == '\n';
    for (unsigned column = 1; byte < size && column < place.column; column++)
        do
            byte++;
        while (byte < size && ((unsigned char)text[byte] & 0xC0) == 0x80);
    return byte;
}

static const struct range *outermost_range(const struct origins *origins, const struct range *range)
{
    while (range->within) {
        const struct range *outer = range_of(origins, place_in_text(origins, range->within));
        if (!outer || outer >= range)
            break;
        range = outer;
    }
    return range;
}

bool origins_file_byte(const struct origins *origins, origin at, struct file_bytes_at *out)
{
    *out = (struct file_bytes_at){0};
    at = place_in_text(origins, at);
    const struct range *range = origins && at ? range_of(origins, at) : NULL;
    if (!range || at - range->first > range->size)
        return false;
    const struct range *file = outermost_range(origins, range);
    size_t byte = at - range->first;
    *out = (struct file_bytes_at){file->file, file->text, file->size, byte};
    if (file == range)
        return true;
    out->byte = byte_at(file->text, file->size, origins_place(origins, at));
    if (out->byte < file->size && byte < range->size && file->text[out->byte] == range->text[byte])
        return true;
    origins_file_byte(origins, range->within, out);
    return false;
}
