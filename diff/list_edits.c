/* list_edits.c: the longest common subsequence of two lists, and what is not in it. */
#include "diff/list_edits.h"

#include <stdint.h>

#include "diff/changes.h"

enum { MOST_CELLS = 1000 * 1000 };

struct list_editing {
    struct arena *arena;
    const struct node *old, *new;
    size_t from, old_end, new_end; /* what is equal in front of and behind the rest is left out */
    struct list_edit *items;
    size_t count, room;
};

static void trim_ends(struct list_editing *edits)
{
    const struct node *old = edits->old, *new = edits->new;
    edits->old_end = old->count;
    edits->new_end = new->count;
    while (edits->from < edits->old_end && edits->from < edits->new_end &&
           nodes_equal(old->items[edits->from], new->items[edits->from]))
        edits->from++;
    while (edits->old_end > edits->from && edits->new_end > edits->from &&
           nodes_equal(old->items[edits->old_end - 1], new->items[edits->new_end - 1])) {
        edits->old_end--;
        edits->new_end--;
    }
}

static void add_edit(struct list_editing *edits, const struct node *old, size_t old_index, const struct node *new,
                     size_t new_index)
{
    edits->items = arena_grow(edits->arena, edits->items, edits->count, &edits->room, sizeof *edits->items);
    edits->items[edits->count++] = (struct list_edit){old, new, old_index, new_index};
}

/* What goes and what comes between two common items: as far as possible, one for one. */
static void add_gap(struct list_editing *edits, size_t old_from, size_t old_to, size_t new_from, size_t new_to)
{
    for (; old_from < old_to && new_from < new_to; old_from++, new_from++)
        add_edit(edits, edits->old->items[old_from], old_from, edits->new->items[new_from], new_from);
    for (; old_from < old_to; old_from++)
        add_edit(edits, edits->old->items[old_from], old_from, NULL, 0);
    for (; new_from < new_to; new_from++)
        add_edit(edits, NULL, 0, edits->new->items[new_from], new_from);
}

/* lengths[i][j]: of the longest common subsequence from these items on. */
static uint32_t *fill_lengths(const struct list_editing *edits, size_t rows, size_t columns)
{
    uint32_t *lengths = ARENA_ARRAY(edits->arena, (rows + 1) * (columns + 1), uint32_t);
    for (size_t i = rows; i-- > 0;)
        for (size_t j = columns; j-- > 0;) {
            uint32_t *cell = &lengths[i * (columns + 1) + j];
            uint32_t below = cell[columns + 1], right = cell[1];
            bool equal = nodes_equal(edits->old->items[edits->from + i], edits->new->items[edits->from + j]);
            *cell = equal ? cell[columns + 2] + 1 : below > right ? below : right;
        }
    return lengths;
}

static void walk_back(struct list_editing *edits, const uint32_t *lengths, size_t rows, size_t columns)
{
    size_t i = 0, j = 0, old_gap = 0, new_gap = 0, from = edits->from;
    while (i < rows && j < columns) {
        const uint32_t *cell = &lengths[i * (columns + 1) + j];
        if (nodes_equal(edits->old->items[from + i], edits->new->items[from + j])) {
            add_gap(edits, from + old_gap, from + i, from + new_gap, from + j);
            old_gap = ++i;
            new_gap = ++j;
        } else if (cell[columns + 1] >= cell[1]) {
            i++;
        } else {
            j++;
        }
    }
    add_gap(edits, from + old_gap, from + rows, from + new_gap, from + columns);
}

size_t list_edits_find(struct arena *arena, const struct node *old, const struct node *new, struct list_edit **out)
{
    struct list_editing edits = {.arena = arena, .old = old, .new = new};
    trim_ends(&edits);
    size_t rows = edits.old_end - edits.from, columns = edits.new_end - edits.from;
    if (!rows || !columns || rows > MOST_CELLS / columns)
        add_gap(&edits, edits.from, edits.old_end, edits.from, edits.new_end);
    else
        walk_back(&edits, fill_lengths(&edits, rows, columns), rows, columns);
    *out = edits.items;
    return edits.count;
}
