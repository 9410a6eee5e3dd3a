/* similar.c: finds which removed resource an added one is like. */
#include "diff/similar.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { MOST_PAIRS = 20000, LEAST_SHARED = 60 /* of a hundred */, FEWEST_LEAVES = 3 };

/* The scalars of a resource, each as a hash of its path and its text, sorted. */
struct leaf_hashes {
    struct resource_change *change;
    uint64_t *items;
    size_t count, room;
    size_t best, shared; /* the other one that it shares most with, and how much */
    bool alone;          /* no other one shares as much */
};

struct gathering {
    struct arena *arena;
    struct hash_key key;
    struct leaf_hashes *out;
};

static void add_leaf(struct gathering *gathering, const struct node *node, uint64_t path)
{
    struct leaf_hashes *out = gathering->out;
    out->items = arena_grow(gathering->arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = path * 31 + hash_bytes(&gathering->key, node->text, node->count);
}

/* An item's path has no number: what moves in a list is still the same. */
static void gather_leaves(struct gathering *gathering, const struct node *node, uint64_t path)
{
    if (node_is_scalar(node))
        add_leaf(gathering, node, path);
    for (size_t i = 0; node_is_list(node) && i < node->count; i++)
        gather_leaves(gathering, node->items[i], path * 31 + 7);
    for (size_t i = 0; node_is_map(node) && i < node->count; i++) {
        const struct key *key = node->entries[i].key;
        if (key)
            gather_leaves(gathering, node->entries[i].value,
                          path * 31 + hash_bytes(&gathering->key, key->text, strlen(key->text)));
    }
}

static int compare_hashes(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* All but what any two of a kind share, or none: kind, name, namespace. */
static void gather_resource(struct gathering *gathering, const struct node *resource)
{
    struct leaf_hashes *out = gathering->out;
    for (size_t i = 0; node_is_map(resource) && i < resource->count; i++) {
        const struct key *key = resource->entries[i].key;
        if (key && strcmp(key->text, "kind") != 0 && strcmp(key->text, "apiVersion") != 0 &&
            strcmp(key->text, "metadata") != 0)
            gather_leaves(gathering, resource->entries[i].value,
                          hash_bytes(&gathering->key, key->text, strlen(key->text)));
    }
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, compare_hashes);
}

static size_t shared_leaves(const struct leaf_hashes *left, const struct leaf_hashes *right)
{
    size_t shared = 0;
    for (size_t i = 0, j = 0; i < left->count && j < right->count;) {
        shared += left->items[i] == right->items[j];
        bool first = left->items[i] <= right->items[j], second = left->items[i] >= right->items[j];
        i += first;
        j += second;
    }
    return shared;
}

static void note_shared(struct leaf_hashes *leaves, size_t other, size_t shared)
{
    leaves->alone = shared > leaves->shared || (leaves->alone && shared < leaves->shared);
    if (shared > leaves->shared) {
        leaves->best = other;
        leaves->shared = shared;
    }
}

static bool same_kind(const struct resource_change *left, const struct resource_change *right)
{
    return strcmp(left->id.kind, right->id.kind) == 0 && strcmp(left->id.group, right->id.group) == 0;
}

static bool is_enough(const struct leaf_hashes *left, const struct leaf_hashes *right)
{
    size_t most = left->count > right->count ? left->count : right->count;
    return most >= FEWEST_LEAVES && left->shared * 100 >= most * LEAST_SHARED;
}

static struct leaf_hashes *gather_side(struct arena *arena, struct resource_changes *changes, enum change wanted,
                                       size_t *count)
{
    struct leaf_hashes *all = ARENA_ARRAY(arena, changes->count, struct leaf_hashes);
    struct gathering gathering = {.arena = arena, .key = hash_key()};
    *count = 0;
    for (size_t i = 0; i < changes->count; i++) {
        struct resource_change *change = &changes->items[i];
        if (change->change != wanted)
            continue;
        gathering.out = &all[(*count)++];
        *gathering.out = (struct leaf_hashes){.change = change};
        gather_resource(&gathering, change->head ? change->head : change->base);
    }
    return all;
}

static size_t count_of(const struct resource_changes *changes, enum change wanted)
{
    size_t count = 0;
    for (size_t i = 0; i < changes->count; i++)
        count += changes->items[i].change == wanted;
    return count;
}

static const struct object_id *copy_id(struct arena *arena, const struct object_id *id)
{
    struct object_id *copy = ARENA_NEW(arena, struct object_id);
    *copy = *id;
    return copy;
}

void find_similar(struct arena *arena, struct resource_changes *changes)
{
    size_t added_count = count_of(changes, CHANGE_ADDED), removed_count = count_of(changes, CHANGE_REMOVED);
    if (!added_count || !removed_count || removed_count > MOST_PAIRS / added_count)
        return;
    struct leaf_hashes *added = gather_side(arena, changes, CHANGE_ADDED, &added_count);
    struct leaf_hashes *removed = gather_side(arena, changes, CHANGE_REMOVED, &removed_count);
    for (size_t i = 0; i < added_count; i++)
        for (size_t j = 0; j < removed_count; j++) {
            if (!same_kind(added[i].change, removed[j].change))
                continue;
            size_t shared = shared_leaves(&added[i], &removed[j]);
            note_shared(&added[i], j, shared);
            note_shared(&removed[j], i, shared);
        }
    for (size_t i = 0; i < added_count; i++) {
        struct leaf_hashes *other = &removed[added[i].best];
        if (!added[i].shared || !added[i].alone || !other->alone || other->best != i || !is_enough(&added[i], other))
            continue;
        added[i].change->similar = copy_id(arena, &other->change->id);
        other->change->similar = copy_id(arena, &added[i].change->id);
    }
}

/* An Application of one side while it is compared with those of the other side. */
struct side_leaves {
    struct application *application;
    struct leaf_hashes leaves;
};

static struct side_leaves *gather_applications(struct report *report, enum application_state state, size_t *count)
{
    struct side_leaves *all = ARENA_ARRAY(report->arena, report->count, struct side_leaves);
    struct gathering gathering = {.arena = report->arena, .key = hash_key()};
    *count = 0;
    for (size_t i = 0; i < report->count; i++) {
        struct application *application = &report->applications[i];
        const struct diff_side *side = state == APPLICATION_ADDED ? &application->head : &application->base;
        if (application->state != state)
            continue;
        struct side_leaves *row = &all[(*count)++];
        *row = (struct side_leaves){.application = application};
        gathering.out = &row->leaves;
        for (size_t k = 0; k < side->count; k++)
            gather_resource(&gathering, side->items[k]);
    }
    return all;
}

static bool same_text(const char *left, const char *right)
{
    return left == right || (left && right && strcmp(left, right) == 0);
}

static void join_applications(struct application *gone, struct application *come)
{
    gone->renamed_to = come->name;
    come->renamed_from = gone->name;
}

static bool has_application(const struct report *report, enum application_state state, const char *app,
                            const struct application *like)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct application *other = &report->applications[i];
        if (other->state == state && same_text(other->app, app) && same_text(other->environment, like->environment) &&
            same_text(other->cluster, like->cluster))
            return true;
    }
    return false;
}

/* An app that gets another name has it only where the old one was. Of two apps that only look alike, as those of one
 * template do, one that goes from an environment has not become the other one, which comes to several. */
static bool comes_where_it_was(const struct report *report, const struct application *gone,
                               const struct application *come)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct application *other = &report->applications[i];
        if (other->state == APPLICATION_ADDED && same_text(other->app, come->app) &&
            !has_application(report, APPLICATION_REMOVED, gone->app, other))
            return false;
    }
    return true;
}

static bool may_be_renamed(const struct application *gone, const struct application *come)
{
    return !gone->renamed_to && !come->renamed_from && same_text(gone->environment, come->environment) &&
           same_text(gone->cluster, come->cluster);
}

void find_renamed(struct report *report)
{
    size_t gone = count_applications(report, APPLICATION_REMOVED), come = count_applications(report, APPLICATION_ADDED);
    if (!gone || !come || gone > MOST_PAIRS / come)
        return;
    struct side_leaves *removed = gather_applications(report, APPLICATION_REMOVED, &gone);
    struct side_leaves *added = gather_applications(report, APPLICATION_ADDED, &come);
    for (size_t i = 0; i < gone; i++)
        for (size_t j = 0; j < come; j++)
            if (may_be_renamed(removed[i].application, added[j].application) &&
                strcmp(removed[i].application->path, added[j].application->path) == 0)
                join_applications(removed[i].application, added[j].application);
    for (size_t i = 0; i < gone; i++)
        for (size_t j = 0; j < come; j++) {
            if (!may_be_renamed(removed[i].application, added[j].application) ||
                !comes_where_it_was(report, removed[i].application, added[j].application))
                continue;
            size_t shared = shared_leaves(&removed[i].leaves, &added[j].leaves);
            note_shared(&removed[i].leaves, j, shared);
            note_shared(&added[j].leaves, i, shared);
        }
    for (size_t i = 0; i < gone; i++) {
        const struct leaf_hashes *leaves = &removed[i].leaves;
        struct side_leaves *other = &added[leaves->best];
        if (leaves->shared && leaves->alone && other->leaves.alone && other->leaves.best == i &&
            is_enough(leaves, &other->leaves))
            join_applications(removed[i].application, other->application);
    }
}
