/* picture.c: draws objects in columns, and lines between them. */
#include "plugin/report/picture.h"

#include <string.h>

#include "check/workloads.h"
#include "plugin/report/html.h"
#include "plugin/report/links.h"

enum {
    WIDTH = 190,
    HEIGHT = 42,
    GAP_X = 48,
    GAP_Y = 12,
    MARGIN = 2,
    MOST_COLUMNS = 6,
    MOST_LETTERS = 20,
    LOOSE_COLUMNS = 4
};

struct vertex {
    const struct check_object *object;
    bool linked;
    size_t column, row;
    size_t x, y;
    size_t weight; /* where its neighbours stand, for the order in its column */
};

struct picture {
    struct arena *arena;
    struct vertex *vertices;
    size_t count;
    struct links links;
    size_t heights[MOST_COLUMNS]; /* rows of each column */
    size_t columns, rows;         /* of what is linked */
    size_t loose;
};

/* Columns. */

/* Whoever names others stands to the left of them. A circle ends at the last column. */
static void move_right(struct picture *picture)
{
    bool moved = true;
    while (moved) {
        moved = false;
        for (size_t i = 0; i < picture->links.count; i++) {
            const struct vertex *from = &picture->vertices[picture->links.items[i].from];
            struct vertex *to = &picture->vertices[picture->links.items[i].to];
            if (to->column <= from->column && from->column + 1 < MOST_COLUMNS) {
                to->column = from->column + 1;
                moved = true;
            }
        }
    }
}

/* What nobody names stands beside the first one that it names. */
static void move_to_neighbours(struct picture *picture)
{
    for (size_t i = 0; i < picture->count; i++) {
        size_t nearest = MOST_COLUMNS;
        bool named = false;
        for (size_t k = 0; k < picture->links.count; k++) {
            const struct link *link = &picture->links.items[k];
            named = named || link->to == i;
            if (link->from == i && picture->vertices[link->to].column < nearest)
                nearest = picture->vertices[link->to].column;
        }
        if (!named && nearest < MOST_COLUMNS && nearest > picture->vertices[i].column + 1)
            picture->vertices[i].column = nearest - 1;
    }
}

/* Rows. */

/* What a column names, or is named by, decides the order: twice the mean row of the neighbours to the left. */
static void weigh_column(struct picture *picture, size_t column)
{
    for (size_t i = 0; i < picture->count; i++) {
        struct vertex *vertex = &picture->vertices[i];
        size_t sum = 0, count = 0;
        for (size_t k = 0; vertex->column == column && k < picture->links.count; k++)
            if (picture->links.items[k].to == i) {
                sum += 2 * picture->vertices[picture->links.items[k].from].row;
                count++;
            }
        vertex->weight = count ? sum / count : 0;
    }
}

static void place_column(struct picture *picture, size_t column)
{
    weigh_column(picture, column);
    for (size_t i = 0; i < picture->count; i++) {
        struct vertex *vertex = &picture->vertices[i];
        if (!vertex->linked || vertex->column != column)
            continue;
        for (size_t k = 0; k < picture->count; k++) {
            const struct vertex *other = &picture->vertices[k];
            bool above = other->weight < vertex->weight || (other->weight == vertex->weight && k < i);
            vertex->row += other->linked && other->column == column && above;
        }
        picture->heights[column]++;
    }
}

static void place_all(struct picture *picture)
{
    for (size_t i = 0; i < picture->links.count; i++) {
        picture->vertices[picture->links.items[i].from].linked = true;
        picture->vertices[picture->links.items[i].to].linked = true;
    }
    move_right(picture);
    move_to_neighbours(picture);
    for (size_t column = 0; column < MOST_COLUMNS; column++) {
        place_column(picture, column);
        picture->columns = picture->heights[column] ? column + 1 : picture->columns;
        picture->rows = picture->heights[column] > picture->rows ? picture->heights[column] : picture->rows;
    }
    for (size_t i = 0; i < picture->count; i++) {
        struct vertex *vertex = &picture->vertices[i];
        size_t column = vertex->linked ? vertex->column : picture->loose % LOOSE_COLUMNS;
        size_t row = vertex->linked ? vertex->row : picture->rows + picture->loose / LOOSE_COLUMNS;
        vertex->x = MARGIN + column * (WIDTH + GAP_X);
        vertex->y = MARGIN + row * (HEIGHT + GAP_Y);
        if (vertex->linked) /* in the middle of the tallest column */
            vertex->y += (picture->rows - picture->heights[column]) * (HEIGHT + GAP_Y) / 2;
        picture->loose += !vertex->linked;
    }
}

/* The text of boxes. */

static const char *class_of(const struct check_object *object)
{
    struct workload workload;
    if (workload_of(NULL, object, &workload))
        return "w";
    if (strcmp(object->kind, "Secret") == 0 || made_secret(object))
        return "s";
    if (strcmp(object->kind, "Service") == 0 || strcmp(object->kind, "Ingress") == 0 ||
        strcmp(object->kind, "Gateway") == 0 || strstr(object->kind, "Route"))
        return "n";
    return strcmp(object->kind, "ConfigMap") == 0 ? "c" : "o";
}

/* So many letters that they fit, the last one being an ellipsis. */
static const char *fitting_text(struct arena *arena, const char *text)
{
    size_t letters = 0, size = 0, end = 0;
    for (; text[size]; size++) {
        letters += ((unsigned char)text[size] & 0xc0) != 0x80;
        end = letters < MOST_LETTERS ? size + 1 : end;
    }
    return letters <= MOST_LETTERS ? text : arena_format(arena, "%.*s…", (int)end, text);
}

static void write_kind(const struct vertex *vertex, struct text *out)
{
    const char *replicas = node_text(node_find(node_find(vertex->object->root, "spec"), "replicas"));
    html_text(out, vertex->object->kind);
    if (replicas && *class_of(vertex->object) == 'w') {
        text_string(out, " ×");
        html_text(out, replicas);
    }
}

static void write_box(struct arena *arena, const struct vertex *vertex, struct text *out)
{
    const char *name = fitting_text(arena, vertex->object->name);
    text_format(out, "<g class=\"%s\" transform=\"translate(%zu %zu)\">", class_of(vertex->object), vertex->x,
                vertex->y);
    if (name != vertex->object->name) {
        text_string(out, "<title>");
        html_text(out, vertex->object->name);
        text_string(out, "</title>");
    }
    text_format(out, "<rect width=\"%d\" height=\"%d\" rx=\"6\"/><text x=\"10\" y=\"17\">", WIDTH, HEIGHT);
    write_kind(vertex, out);
    text_string(out, "</text><text class=\"b\" x=\"10\" y=\"33\">");
    html_text(out, name);
    text_string(out, "</text></g>");
}

/* From the right side of one to the left side of the other; within a column, or back, around the sides. */
static void write_link(const struct vertex *from, const struct vertex *to, struct text *out)
{
    size_t x = from->x + WIDTH, y = from->y + HEIGHT / 2, end_x = to->x, end_y = to->y + HEIGHT / 2;
    if (to->x > from->x)
        text_format(out, "M%zu %zuC%zu %zu %zu %zu %zu %zu", x, y, x + GAP_X / 2, y, end_x - GAP_X / 2, end_y, end_x,
                    end_y);
    else
        text_format(out, "M%zu %zuC%zu %zu %zu %zu %zu %zu", x, y, x + GAP_X / 2, y, to->x + WIDTH + GAP_X / 2, end_y,
                    to->x + WIDTH, end_y);
}

/* For who cannot see it: each box, with what it names. */
static void write_label(const struct picture *picture, struct text *out)
{
    for (size_t i = 0; i < picture->count; i++) {
        const struct vertex *vertex = &picture->vertices[i];
        const char *before = " → ";
        text_string(out, i ? "; " : "");
        html_text(out, vertex->object->kind);
        text_byte(out, ' ');
        html_text(out, vertex->object->name);
        for (size_t k = 0; k < picture->links.count; k++)
            if (picture->links.items[k].from == i) {
                const struct check_object *to = picture->vertices[picture->links.items[k].to].object;
                text_string(out, before);
                html_text(out, to->kind);
                before = ", ";
            }
    }
}

static void write_picture(const struct picture *picture, struct text *out)
{
    size_t loose_rows = (picture->loose + LOOSE_COLUMNS - 1) / LOOSE_COLUMNS;
    size_t loose_columns = picture->loose < LOOSE_COLUMNS ? picture->loose : LOOSE_COLUMNS;
    size_t columns = picture->columns > loose_columns ? picture->columns : loose_columns;
    size_t width = 2 * MARGIN + columns * (WIDTH + GAP_X) - GAP_X;
    size_t height = 2 * MARGIN + (picture->rows + loose_rows) * (HEIGHT + GAP_Y) - GAP_Y;
    text_format(out, "<svg role=\"img\" width=\"%zu\" height=\"%zu\" viewBox=\"0 0 %zu %zu\" aria-label=\"", width,
                height, width, height);
    write_label(picture, out);
    text_string(out, "\">");
    for (size_t i = 0; i < picture->links.count; i++) {
        text_string(out, i ? "" : "<path d=\"");
        write_link(&picture->vertices[picture->links.items[i].from], &picture->vertices[picture->links.items[i].to],
                   out);
        text_string(out, i + 1 == picture->links.count ? "\"/>" : "");
    }
    for (size_t i = 0; i < picture->count; i++)
        write_box(picture->arena, &picture->vertices[i], out);
    text_string(out, "</svg>");
}

void picture_write(struct arena *arena, const struct board_target *target, struct text *out)
{
    struct picture picture = {.arena = arena, .count = target->object_count};
    if (!picture.count)
        return;
    picture.vertices = ARENA_ARRAY(arena, picture.count, struct vertex);
    for (size_t i = 0; i < picture.count; i++)
        picture.vertices[i].object = &target->objects[i];
    links_find(arena, target->objects, target->object_count, &picture.links);
    place_all(&picture);
    write_picture(&picture, out);
}
