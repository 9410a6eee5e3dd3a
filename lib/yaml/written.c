/* written.c: notes who writes values, and finds the bytes in files that each part of a value was taken from. */
#include "yaml/written.h"

#include <string.h>

#include "yaml/layout.h"

void note_writer(struct tree *tree, struct node *scalar, const struct node *before, const char *step,
                 const struct writer_part *parts, size_t count)
{
    bool had_value = before && before->kind == NODE_SCALAR && (before->count || before->as_read);
    scalar->origin = origins_add_writer(tree->writers, &(struct writer){
                                                           .step = step,
                                                           .before = had_value ? before->origin : 0,
                                                           .old = had_value ? before->text : NULL,
                                                           .old_size = had_value ? before->count : 0,
                                                           .parts = parts,
                                                           .part_count = count,
                                                           .place = scalar->origin,
                                                       });
}

static void take_over(struct tree *tree, struct node *scalar, const struct node *old, const char *step)
{
    const struct writer_part whole = {.size = WHOLE_VALUE, .from = scalar->origin};
    note_writer(tree, scalar, old, step, &whole, 1);
}

void note_subtree(struct tree *tree, struct node *node, const char *step)
{
    if (node->kind == NODE_SCALAR)
        take_over(tree, node, NULL, step);
    for (uint32_t i = 0; node->kind != NODE_SCALAR && i < node->count; i++)
        note_subtree(tree, node->kind == NODE_MAP ? node->entries[i].value : node->items[i], step);
}

void note_replaced(struct tree *tree, struct node *node, const struct node *old, const char *step)
{
    if (node->kind == NODE_SCALAR)
        take_over(tree, node, old, step);
}

/* Finding the bytes. */

/* A stretch of the value, and what it was taken from. */
struct stretch {
    size_t start, size;
    origin from;
    size_t from_start, from_size;
    const char *step, *computed;
    bool raw;
};

struct extent {
    size_t start, end, content;
};

static size_t line_end(const char *text, size_t size, size_t at)
{
    const char *end = at < size ? memchr(text + at, '\n', size - at) : NULL;
    return end ? (size_t)(end - text) : size;
}

/* Where the scalar that begins at a byte has its first character; its tag and anchor are left out. */
static struct extent start_of(const struct file_bytes_at *file)
{
    const char *text = file->text;
    size_t size = file->text_size, at = file->byte;
    while (at < size && strchr("&!", text[at])) {
        at += strcspn(text + at, " \t\n");
        at += strspn(text + at, " \t");
    }
    struct extent extent = {at, at, at};
    if (at < size && strchr("\"'", text[at]))
        extent.content++;
    if (at < size && strchr("|>", text[at])) {
        extent.content = line_end(text, size, at) + 1;
        extent.content += extent.content < size ? strspn(text + extent.content, " ") : 0;
    }
    return extent;
}

static const struct layout_node *find_value(const struct layout_node *node, size_t byte)
{
    if (node->start == byte && node->kind != LAYOUT_MAP && node->kind != LAYOUT_LIST)
        return node;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct layout_item *item = &node->items[i];
        bool key = item->key && item->key->start <= byte && byte < item->key->end;
        if (key)
            return item->key;
        if (item->value && item->value->start <= byte && byte <= item->value->end)
            return find_value(item->value, byte);
    }
    return node->start == byte ? node : NULL;
}

/* Narrows a scalar without escapes to the bytes of its value that a stretch is about. */
static void narrow_extent(struct extent *extent, const struct layout_node *found, const struct stretch *stretch)
{
    bool written_out = found->kind == LAYOUT_SCALAR && found->style <= STYLE_DOUBLE_QUOTED &&
                       found->end - extent->content - (extent->content > extent->start) == found->size;
    if (!written_out || !stretch->from_start || stretch->from_start >= found->size)
        return;
    size_t rest = found->size - stretch->from_start;
    extent->start = extent->content + stretch->from_start;
    extent->end = extent->start + (stretch->from_size < rest ? stretch->from_size : rest);
}

/* Finds the end of the value that begins at a byte: that of its line where the file cannot be read. */
static void find_end(struct arena *arena, const struct file_bytes_at *file, const struct stretch *stretch,
                     struct extent *extent)
{
    size_t start = extent->start;
    struct layout layout;
    struct error ignored = {0};
    const struct layout_node *found = NULL;
    bool good = layout_read(arena, "", file->text, file->text_size, &layout, &ignored);
    error_free(&ignored);
    for (size_t i = 0; good && !found && i < layout.count; i++)
        if (layout.documents[i]->start <= start && start <= layout.documents[i]->end)
            found = find_value(layout.documents[i], start);
    extent->end = found ? found->end : line_end(file->text, file->text_size, start);
    if (found)
        narrow_extent(extent, found, stretch);
}

struct finder {
    const struct origins *origins;
    struct arena *arena;
    const char *value;
    struct written_part *parts;
    size_t count, room;
};

static struct place place_of_byte(const struct written_part *part, const char *file, size_t byte)
{
    struct place place = {file, 1, 1};
    for (size_t i = 0; i < byte; i++) {
        place.column += ((unsigned char)part->text[i] & 0xC0) != 0x80;
        if (part->text[i] == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}

static void set_bytes(struct written_part *part, const struct file_bytes_at *file, size_t start, size_t end)
{
    part->text = file->text;
    part->text_size = file->text_size;
    part->byte = start;
    part->byte_count = end - start;
    part->place = place_of_byte(part, file->file, start);
    part->end = place_of_byte(part, file->file, end);
}

/* Whether a file has these bytes at a place; what is empty has one only within something else. */
static bool stands_at(const struct file_bytes_at *file, size_t byte, const char *text, size_t size, bool within)
{
    return (size || within) && byte + size <= file->text_size && memcmp(file->text + byte, text, size) == 0;
}

/* Bytes of a file that is no YAML. */
static void locate_raw(struct written_part *part, const struct file_bytes_at *file, const struct stretch *stretch)
{
    size_t start = file->byte + stretch->from_start;
    size_t size = stretch->computed ? stretch->from_size : stretch->size;
    size_t rest = file->text_size - start;
    set_bytes(part, file, start, start + (size < rest ? size : rest));
    part->exact = !stretch->computed;
}

static void locate_part(const struct finder *finder, struct written_part *part, const struct stretch *stretch)
{
    struct file_bytes_at file;
    bool found = origins_file_byte(finder->origins, stretch->from, &file);
    if (!file.text)
        return;
    if (stretch->raw) {
        locate_raw(part, &file, stretch);
        return;
    }
    struct extent extent = start_of(&file);
    size_t start = extent.content + stretch->from_start;
    part->exact = found && !part->computed &&
                  stands_at(&file, start, finder->value + part->start, part->size, stretch->from_start > 0);
    if (part->exact)
        set_bytes(part, &file, start, start + part->size);
    else {
        find_end(finder->arena, &file, stretch, &extent);
        set_bytes(part, &file, extent.start, extent.end);
    }
}

static void add_leaf(struct finder *finder, const struct stretch *stretch)
{
    finder->parts = arena_grow(finder->arena, finder->parts, finder->count, &finder->room, sizeof *finder->parts);
    struct written_part *part = &finder->parts[finder->count++];
    *part = (struct written_part){
        .start = stretch->start, .size = stretch->size, .step = stretch->step, .computed = stretch->computed};
    if (!stretch->from && !part->computed)
        part->computed = "it stands in no file";
    locate_part(finder, part, stretch);
}

static void add_stretch(struct finder *finder, const struct stretch *stretch);

/* The stretch of the outer value that a part of a writer makes. False: none. */
static bool narrow_stretch(const struct stretch *outer, const struct writer *writer, const struct writer_part *part,
                           struct stretch *out)
{
    bool kept = part->from && part->from == writer->before; /* what was there stays who wrote it */
    *out = (struct stretch){.start = outer->start,
                            .size = outer->size,
                            .from = part->from,
                            .from_start = part->from_start,
                            .from_size = part->from_size,
                            .step = kept ? outer->step : writer->step,
                            .computed = part->computed ? part->computed : outer->computed,
                            .raw = part->raw};
    if (outer->computed || part->size == WHOLE_VALUE) {
        out->from_start += outer->computed ? 0 : outer->from_start;
        return true;
    }
    size_t first = outer->from_start > part->start ? outer->from_start : part->start;
    size_t last = outer->from_start + outer->size, part_end = part->start + part->size;
    last = last < part_end ? last : part_end;
    out->start = outer->start + (first - outer->from_start);
    out->size = last > first ? last - first : 0;
    out->from_start += first - part->start;
    return last > first || (!outer->size && part == writer->parts);
}

static void add_stretch(struct finder *finder, const struct stretch *stretch)
{
    const struct writer *writer = stretch->from ? origins_writer(finder->origins, stretch->from) : NULL;
    struct stretch inner;
    if (!writer || stretch->raw) {
        add_leaf(finder, stretch);
        return;
    }
    for (size_t i = 0; i < writer->part_count; i++)
        if (narrow_stretch(stretch, writer, &writer->parts[i], &inner))
            add_stretch(finder, &inner);
}

struct written written_at(const struct origins *origins, struct arena *arena, origin at, const char *text, size_t size)
{
    struct finder finder = {.origins = origins, .arena = arena, .value = text};
    const struct writer *writer = origins_writer(origins, at);
    add_stretch(&finder, &(struct stretch){.size = size, .from = at, .from_size = WHOLE_VALUE});
    struct written written = {.parts = finder.parts, .count = finder.count};
    if (writer) {
        written.step = writer->step;
        written.old = writer->old;
        written.old_size = writer->old_size;
        written.before = writer->before;
    }
    return written;
}

struct written written_value(const struct origins *origins, struct arena *arena, const struct node *scalar)
{
    return written_at(origins, arena, scalar->origin, scalar->text, scalar->count);
}
