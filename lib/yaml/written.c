/* written.c: notes who writes values, and finds the bytes in files that each part of a value was taken from. */
#include "yaml/written.h"

#include <string.h>

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

static size_t quoted_end(const char *text, size_t size, size_t at)
{
    char quote = text[at++];
    for (; at < size; at++) {
        if (text[at] == '\\' && quote == '"')
            at++;
        else if (text[at] == quote && quote == '\'' && at + 1 < size && text[at + 1] == quote)
            at++;
        else if (text[at] == quote)
            return at + 1;
    }
    return size;
}

static size_t line_end(const char *text, size_t size, size_t at)
{
    const char *end = at < size ? memchr(text + at, '\n', size - at) : NULL;
    return end ? (size_t)(end - text) : size;
}

/* A block scalar ends before the first line that is indented less than its first one. */
static size_t block_end(const char *text, size_t size, size_t at, size_t *content)
{
    size_t end = line_end(text, size, at), indent = 0;
    *content = end;
    for (size_t line = end + 1; line < size; line = line_end(text, size, line) + 1) {
        size_t spaces = strspn(text + line, " "), stop = line_end(text, size, line);
        if (line + spaces >= stop)
            continue;
        if (!indent) {
            indent = spaces;
            *content = line + spaces;
        }
        if (spaces < indent || !indent)
            break;
        end = stop;
    }
    return end;
}

static size_t plain_end(const char *text, size_t size, size_t at)
{
    size_t end = line_end(text, size, at);
    for (size_t i = at; i + 1 < end; i++)
        if (text[i] == ' ' && text[i + 1] == '#')
            end = i;
    while (end > at && strchr(" \t\r", text[end - 1]))
        end--;
    return end;
}

struct extent {
    size_t start, end, content;
};

/* The scalar that begins at a byte, its tag and anchor left out. */
static struct extent extent_of(const struct file_bytes_at *file)
{
    const char *text = file->text;
    size_t size = file->text_size, at = file->byte;
    while (at < size && strchr("&!", text[at])) {
        at += strcspn(text + at, " \t\n");
        at += strspn(text + at, " \t");
    }
    if (at >= size)
        return (struct extent){file->byte, size, file->byte};
    if (text[at] == '"' || text[at] == '\'')
        return (struct extent){at, quoted_end(text, size, at), at + 1};
    struct extent extent = {at, 0, at};
    if (text[at] == '|' || text[at] == '>')
        extent.end = block_end(text, size, at, &extent.content);
    else
        extent.end = plain_end(text, size, at);
    return extent;
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

static bool stands_at(const struct file_bytes_at *file, size_t byte, const char *text, size_t size)
{
    return size && byte + size <= file->text_size && memcmp(file->text + byte, text, size) == 0;
}

/* A stretch of the value, and what it was taken from. */
struct stretch {
    size_t start, size;
    origin from;
    size_t from_start, from_size;
    const char *step, *computed;
    bool raw;
};

/* Bytes of a file that is no YAML. */
static void locate_raw(struct written_part *part, const struct file_bytes_at *file, const struct stretch *stretch)
{
    size_t start = file->byte + stretch->from_start;
    size_t size = stretch->computed ? stretch->from_size : stretch->size;
    size_t rest = file->text_size - start;
    set_bytes(part, file, start, start + (size < rest ? size : rest));
    part->exact = !stretch->computed;
}

static void locate(const struct finder *finder, struct written_part *part, const struct stretch *stretch)
{
    struct file_bytes_at file;
    bool found = origins_file_byte(finder->origins, stretch->from, &file);
    if (!file.text)
        return;
    if (stretch->raw) {
        locate_raw(part, &file, stretch);
        return;
    }
    struct extent extent = extent_of(&file);
    size_t start = extent.content + stretch->from_start;
    part->exact = found && !part->computed && stands_at(&file, start, finder->value + part->start, part->size);
    if (part->exact)
        set_bytes(part, &file, start, start + part->size);
    else
        set_bytes(part, &file, extent.start, extent.end);
}

static void add_leaf(struct finder *finder, const struct stretch *stretch)
{
    finder->parts = arena_grow(finder->arena, finder->parts, finder->count, &finder->room, sizeof *finder->parts);
    struct written_part *part = &finder->parts[finder->count++];
    *part = (struct written_part){
        .start = stretch->start, .size = stretch->size, .step = stretch->step, .computed = stretch->computed};
    if (!stretch->from && !part->computed)
        part->computed = "it stands in no file";
    locate(finder, part, stretch);
}

static void add_stretch(struct finder *finder, const struct stretch *stretch);

/* The stretch of the outer value that a part of a writer makes. False: none. */
static bool narrow(const struct stretch *outer, const struct writer *writer, const struct writer_part *part,
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
        if (narrow(stretch, writer, &writer->parts[i], &inner))
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
