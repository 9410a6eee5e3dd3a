/* matrix.c: writes apps and environments in the width of a terminal. */
#include "plugin/matrix.h"

#include <string.h>

#include "base/map.h"
#include "base/wrap.h"
#include "plugin/run/app_version.h"

enum { GAP = 2, WIDEST_CELL = 20, MOST_ALIKE = 3, INDENT = 4 };

static const char red[] = "\033[31m", bold[] = "\033[1m", plain[] = "\033[0m";

struct cell {
    const char *text; /* NULL: nothing is there */
    bool is_problem, uncommitted;
};

static const char *version_text(struct arena *arena, const struct found_target *row)
{
    const char *image = app_image(row->images, row->target->app);
    if (image)
        return image_version(arena, image);
    return row->target->renderer ? row->target->renderer : "ok";
}

static const char *shortened_text(struct arena *arena, const char *text)
{
    return strlen(text) <= WIDEST_CELL ? text : arena_format(arena, "%.*s..", WIDEST_CELL - 2, text);
}

/* Adds a row to what the cell holds: a directory that has no Application shows its mark only where nothing else is. */
static void add_to_cell(struct arena *arena, struct cell *cell, const struct found_target *row)
{
    const char *text = row->target->name && !(row->problem && !*row->images) ? version_text(arena, row) : NULL;
    cell->is_problem = cell->is_problem || row->problem;
    cell->uncommitted = cell->uncommitted || row->uncommitted;
    if (text && cell->text && strcmp(text, cell->text) != 0)
        text = arena_format(arena, "%s,%s", cell->text, text);
    cell->text = text ? shortened_text(arena, text) : cell->text;
}

static const char *cell_text(struct arena *arena, const struct cell *cell)
{
    const char *text = cell->text ? cell->text : cell->is_problem ? "" : "-";
    const char *problem = !cell->is_problem ? "" : cell->text ? " !" : "!";
    return arena_format(arena, "%s%s%s", text, problem, cell->uncommitted ? "*" : "");
}

/* Apps and their cells. */

struct app_row {
    const char *app;
    struct cell *cells; /* one for each environment */
    bool shown;         /* something is in one of them */
};

static struct app_row *app_rows(const struct matrix *matrix, size_t *count)
{
    struct app_row *apps = ARENA_ARRAY(matrix->arena, matrix->count + 1, struct app_row);
    *count = 0;
    for (size_t i = 0; i < matrix->count; i++) {
        const struct found_target *row = &matrix->rows[i];
        if (!row->target->app || !row->target->environment)
            continue;
        struct app_row *last = *count ? &apps[*count - 1] : NULL;
        if (!last || strcmp(last->app, row->target->app) != 0) {
            last = &apps[(*count)++];
            last->app = row->target->app;
            last->cells = ARENA_ARRAY(matrix->arena, matrix->environment_count + 1, struct cell);
        }
        for (size_t at = 0; at < matrix->environment_count; at++)
            if (strcmp(matrix->environments[at], row->target->environment) == 0) {
                add_to_cell(matrix->arena, &last->cells[at], row);
                last->shown = true;
            }
    }
    return apps;
}

static size_t column_width(const struct matrix *matrix, const struct app_row *apps, size_t count, size_t column)
{
    size_t widest = strlen(matrix->environments[column]);
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(cell_text(matrix->arena, &apps[i].cells[column]));
        widest = apps[i].shown && size > widest ? size : widest;
    }
    return widest;
}

static void pad_cell(struct text *out, size_t size, size_t width)
{
    text_repeat(out, ' ', width > size ? width - size : 0);
}

static void write_colored(const struct matrix *matrix, const char *color, const char *string, struct text *out)
{
    bool colored = matrix->color && color;
    text_format(out, "%s%s%s", colored ? color : "", string, colored ? plain : "");
}

/* Environments from `first` to `end` beside the apps. */
static void write_block(const struct matrix *matrix, const struct app_row *apps, size_t count, size_t name_width,
                        const size_t *widths, size_t first, size_t end, struct text *out)
{
    write_colored(matrix, bold, "APP", out);
    pad_cell(out, strlen("APP"), name_width);
    for (size_t column = first; column < end; column++) {
        text_repeat(out, ' ', GAP);
        write_colored(matrix, bold, matrix->environments[column], out);
        pad_cell(out, strlen(matrix->environments[column]), column + 1 < end ? widths[column] : 0);
    }
    for (size_t i = 0; i < count; i++) {
        if (!apps[i].shown)
            continue;
        text_format(out, "\n%s", apps[i].app);
        pad_cell(out, strlen(apps[i].app), name_width);
        for (size_t column = first; column < end; column++) {
            const char *text = cell_text(matrix->arena, &apps[i].cells[column]);
            text_repeat(out, ' ', GAP);
            write_colored(matrix, apps[i].cells[column].is_problem ? red : NULL, text, out);
            pad_cell(out, strlen(text), column + 1 < end ? widths[column] : 0);
        }
    }
    text_byte(out, '\n');
}

/* As many environments side by side as there is room for, then the next ones. */
static void write_apps(const struct matrix *matrix, struct text *out)
{
    size_t count, name_width = strlen("APP");
    const struct app_row *apps = app_rows(matrix, &count);
    size_t *widths = ARENA_ARRAY(matrix->arena, matrix->environment_count + 1, size_t);
    for (size_t i = 0; i < count; i++)
        name_width = apps[i].shown && strlen(apps[i].app) > name_width ? strlen(apps[i].app) : name_width;
    for (size_t i = 0; i < matrix->environment_count; i++)
        widths[i] = column_width(matrix, apps, count, i);
    for (size_t first = 0, end; first < matrix->environment_count; first = end) {
        size_t width = name_width + GAP + widths[first];
        for (end = first + 1; end < matrix->environment_count && width + GAP + widths[end] <= matrix->width; end++)
            width += GAP + widths[end];
        if (first)
            text_byte(out, '\n');
        write_block(matrix, apps, count, name_width, widths, first, end, out);
    }
}

/* Problems: those with the same reason together. */

struct reason {
    const char *text;
    const struct found_target **rows;
    size_t count, room;
};

static struct reason *find_reasons(const struct matrix *matrix, size_t *count)
{
    struct reason *reasons = ARENA_ARRAY(matrix->arena, matrix->count + 1, struct reason);
    struct map *by_text = map_new(matrix->arena);
    *count = 0;
    for (size_t i = 0; i < matrix->count; i++) {
        const char *problem = matrix->rows[i].problem;
        if (!problem)
            continue;
        void **slot = map_slot(by_text, problem, strlen(problem));
        if (!*slot)
            *slot = &reasons[(*count)++];
        struct reason *reason = *slot;
        reason->text = problem;
        reason->rows = arena_grow(matrix->arena, reason->rows, reason->count, &reason->room, sizeof *reason->rows);
        reason->rows[reason->count++] = &matrix->rows[i];
    }
    return reasons;
}

static const char *path_of(const struct found_target *row)
{
    return row->target->path ? row->target->path : "";
}

static void write_line(const struct matrix *matrix, const char *path, const char *reason, struct text *out)
{
    bool begins_with_path = strncmp(reason, path, strlen(path)) == 0;
    const char *line = begins_with_path ? reason : arena_format(matrix->arena, "%s: %s", path, reason);
    if (matrix->color)
        text_string(out, red);
    text_wrap(out, line, 0, matrix->width);
    if (matrix->color) {
        text_cut(out, out->size - 1);
        text_format(out, "%s\n", plain);
    }
}

static void write_reason(const struct matrix *matrix, const struct reason *reason, struct text *out)
{
    if (reason->count <= MOST_ALIKE) {
        for (size_t i = 0; i < reason->count; i++)
            write_line(matrix, path_of(reason->rows[i]), reason->text, out);
        return;
    }
    struct text paths = {0};
    write_line(matrix, arena_format(matrix->arena, "%zu directories", reason->count), reason->text, out);
    for (size_t i = 0; i < MOST_ALIKE; i++)
        text_format(&paths, "%s, ", path_of(reason->rows[i]));
    text_format(&paths, "and %zu more ('rootapp list -o wide' shows all)", reason->count - MOST_ALIKE);
    text_repeat(out, ' ', INDENT);
    text_wrap(out, text_content(&paths), INDENT, matrix->width);
    text_free(&paths);
}

void matrix_write(const struct matrix *matrix, struct text *out)
{
    size_t count;
    bool uncommitted = false;
    const struct reason *reasons = find_reasons(matrix, &count);
    write_apps(matrix, out);
    for (size_t i = 0; i < matrix->count; i++)
        uncommitted = uncommitted || matrix->rows[i].uncommitted;
    if (uncommitted)
        text_string(out, "\n* not as committed: Argo CD does not see it\n");
    if (count)
        text_byte(out, '\n');
    for (size_t i = 0; i < count; i++)
        write_reason(matrix, &reasons[i], out);
}
