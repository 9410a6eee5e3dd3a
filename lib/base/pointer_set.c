/* pointer_set.c: open addressing over pointers. */
#include "base/pointer_set.h"

enum { FIRST_ROOM = 256 };

/* The slot of a pointer, or the free one where it would stand. There is always a free one. */
static struct seen_pointer *slot_of(const struct pointer_set *set, const void *pointer, uint32_t number)
{
    size_t at = (hash_pointer(&set->key, pointer) + number) & (set->room - 1);
    while (set->slots[at].pointer && (set->slots[at].pointer != pointer || set->slots[at].number != number))
        at = (at + 1) & (set->room - 1);
    return &set->slots[at];
}

/* Keeps at least half of the slots free. */
static void make_room(struct pointer_set *set)
{
    if (set->room && set->count < set->room / 2)
        return;
    const struct seen_pointer *old = set->slots;
    size_t old_room = set->room;
    if (!old_room)
        set->key = hash_key();
    set->room = old_room ? memory_product(old_room, 2) : FIRST_ROOM;
    set->slots = ARENA_ARRAY(set->arena, set->room, struct seen_pointer);
    for (size_t i = 0; i < old_room; i++)
        if (old[i].pointer)
            *slot_of(set, old[i].pointer, old[i].number) = old[i];
}

bool pointer_set_has(const struct pointer_set *set, const void *pointer, uint32_t number)
{
    return set->count && slot_of(set, pointer, number)->pointer;
}

void pointer_set_add(struct pointer_set *set, const void *pointer, uint32_t number)
{
    make_room(set);
    struct seen_pointer *slot = slot_of(set, pointer, number);
    set->count += !slot->pointer;
    *slot = (struct seen_pointer){pointer, number};
}
