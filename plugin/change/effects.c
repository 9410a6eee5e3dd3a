/* effects.c: tells what an edit changes in what is rendered. */
#include "plugin/change/effects.h"

#include <string.h>

#include "diff/judge.h"

static const char *copied_text(struct arena *arena, const char *text)
{
    return text ? arena_string(arena, text) : NULL;
}

/* A job is never changed: it runs anew, or is refused. */
static const char *outcome_of(const struct resource_change *change)
{
    size_t count;
    if (change->rolls_out)
        return "rolls out";
    if (change->head && is_hook(change->head))
        return "runs again (hook)";
    if (!find_immutable(change, &count))
        return NULL;
    return is_replaced(change->head) ? "is created again (Replace=true)"
                                     : "cannot be changed: the API server refuses it";
}

static void add_effect(struct arena *arena, struct effects *out, const struct resource_change *change, const char *path,
                       const struct node *old, const struct node *new)
{
    out->items = arena_grow(arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = (struct effect){.kind = copied_text(arena, change->from.kind),
                                               .name = copied_text(arena, change->from.name),
                                               .path = copied_text(arena, path),
                                               .old = copied_text(arena, node_text(old)),
                                               .new = copied_text(arena, node_text(new)),
                                               .outcome = outcome_of(change)};
}

/* A resource that comes, goes or gets another name is an effect, whichever of its fields differ. */
static void add_change(struct arena *arena, const struct resource_change *change, struct effects *out)
{
    if (change->change != CHANGE_CHANGED)
        add_effect(arena, out, change, "", NULL, NULL);
    for (size_t i = 0; i < change->count; i++)
        add_effect(arena, out, change, change->fields[i].path, change->fields[i].old, change->fields[i].new);
}

static struct diff_side side_of(const struct rendered *rendered)
{
    return (struct diff_side){.items = (const struct node *const *)rendered->items, .count = rendered->count};
}

void effects_find(struct arena *arena, const struct rendered *before, const struct rendered *after, struct effects *out)
{
    struct arena *working = arena_new();
    struct tree tree = {.arena = working, .keys = intern_new(working), .owner = UINT32_MAX};
    struct diff diff = {.arena = working, .tree = &tree};
    struct diff_side base = side_of(before), head = side_of(after);
    struct resource_changes changes = {0};
    if (before != after)
        find_changes(&diff, &base, &head, &changes);
    for (size_t i = 0; i < changes.count; i++)
        add_change(arena, &changes.items[i], out);
    arena_free(working);
}

const char *effect_text(struct arena *arena, const char *kind, const char *name, const char *path)
{
    const char *shown = path;
    for (const char *at = path; (at = strstr(at, "ontainers.[")) != NULL; at++)
        shown = at - path >= 5 && strncmp(at - 5, "initC", 5) == 0 ? at - 5 : at > path ? at - 1 : at;
    return arena_format(arena, *shown ? "%s %s: %s" : "%s %s", kind, name, shown);
}
