/* table.c: writes rows of cells. */
#include "plugin/table.h"

#include <string.h>

enum { GAP = 2, MOST_COLUMNS = 16 };

void table_add(struct table *table, const char *const *cells)
{
    const char **row = ARENA_ARRAY(table->arena, table->columns, const char *);
    for (size_t i = 0; i < table->columns; i++)
        row[i] = cells[i] ? cells[i] : "";
    table->rows = arena_grow(table->arena, table->rows, table->count, &table->room, sizeof *table->rows);
    table->rows[table->count++] = row;
}

/* Characters, not bytes: continuation bytes of UTF-8 take no place. */
static size_t text_width(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static const char *shown_cell(const char *cell)
{
    return *cell ? cell : "-";
}

static void write_row(const char *const *cells, const size_t *widths, size_t columns, struct text *out)
{
    for (size_t i = 0; i < columns; i++) {
        text_string(out, shown_cell(cells[i]));
        if (i + 1 < columns)
            text_repeat(out, ' ', widths[i] - text_width(shown_cell(cells[i])) + GAP);
    }
    text_byte(out, '\n');
}

void table_write_aligned(const struct table *table, struct text *out)
{
    size_t widths[MOST_COLUMNS] = {0};
    for (size_t i = 0; i < table->columns; i++) {
        widths[i] = text_width(table->titles[i]);
        for (size_t row = 0; row < table->count; row++) {
            size_t needed = text_width(shown_cell(table->rows[row][i]));
            widths[i] = needed > widths[i] ? needed : widths[i];
        }
    }
    write_row(table->titles, widths, table->columns, out);
    for (size_t row = 0; row < table->count; row++)
        write_row(table->rows[row], widths, table->columns, out);
}

static void write_escaped(const char *cell, struct text *out)
{
    for (; *cell; cell++) {
        if (*cell == '\t')
            text_string(out, "\\t");
        else if (*cell == '\n')
            text_string(out, "\\n");
        else if (*cell == '\\')
            text_string(out, "\\\\");
        else
            text_byte(out, *cell);
    }
}

void table_write_plain(const struct table *table, struct text *out)
{
    for (size_t row = 0; row < table->count; row++)
        for (size_t i = 0; i < table->columns; i++) {
            write_escaped(table->rows[row][i], out);
            text_byte(out, i + 1 < table->columns ? '\t' : '\n');
        }
}
