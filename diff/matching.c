/* matching.c: finds which resource of one render is which of the other. */
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "base/text.h"
#include "diff/changes.h"
#include "diff/similar.h"
#include "yaml/written.h"

/* One side while its resources are matched. */
struct side {
    const struct diff_side *given;
    struct object_id *ids;
    size_t *others; /* index on the other side, plus 1; 0: none */
    enum matched *matched;
};

struct matching {
    const struct diff *diff;
    struct side base, head;
};

struct object_id object_id_of(const struct diff *diff, const struct node *resource)
{
    const struct node *metadata = node_get(resource, &key_metadata);
    const char *version = node_text_or(node_get(resource, &key_apiVersion), ""), *slash = strchr(version, '/');
    struct object_id id = {.group = "",
                           .version = slash ? slash + 1 : version,
                           .kind = node_text_or(node_get(resource, &key_kind), ""),
                           .namespace = node_text_or(node_get(metadata, &key_namespace), ""),
                           .name = node_text_or(node_get(metadata, &key_name), "")};
    if (slash)
        id.group = arena_copy(diff->arena, version, (size_t)(slash - version));
    return id;
}

static struct side open_side(const struct diff *diff, const struct diff_side *given)
{
    struct side side = {.given = given,
                        .ids = ARENA_ARRAY(diff->arena, given->count, struct object_id),
                        .others = ARENA_ARRAY(diff->arena, given->count, size_t),
                        .matched = ARENA_ARRAY(diff->arena, given->count, enum matched)};
    for (size_t i = 0; i < given->count; i++)
        side.ids[i] = object_id_of(diff, given->items[i]);
    return side;
}

/* The name before the hash of a generated ConfigMap or Secret: ten of these letters. Source: kustomize,
 * api/hasher/hasher.go, encode */
static size_t stem_size(const struct object_id *id)
{
    size_t size = strlen(id->name);
    bool generated = strcmp(id->kind, "ConfigMap") == 0 || strcmp(id->kind, "Secret") == 0;
    if (!generated || size < 12 || id->name[size - 11] != '-')
        return 0;
    return strspn(id->name + size - 10, "2456789bcdfghkmt") == 10 ? size - 11 : 0;
}

/* What a resource was called in the file that it comes from: what a name said before all steps, or, where those were
 * not recorded, what stands in the file. */
static const char *original_name(const struct diff *diff, const struct side *side, size_t index, struct place *place)
{
    const struct origins *origins = side->given->origins;
    const struct node *name = node_get(node_get(side->given->items[index], &key_metadata), &key_name);
    if (!node_is_scalar(name) || !name->origin || !origins)
        return NULL;
    struct written written = written_value(origins, diff->arena, name);
    const char *text = name->text;
    bool recorded = written.step;
    while (written.old) {
        text = arena_copy(diff->arena, written.old, written.old_size);
        written = written_at(origins, diff->arena, written.before, text, written.old_size);
    }
    *place =
        written.count && written.parts[0].place.file ? written.parts[0].place : origins_place(origins, name->origin);
    if (!place->file || recorded)
        return place->file ? text : NULL;
    size_t size, length = 0;
    text = origins_text(origins, name->origin, &size);
    bool quoted = text && size && (*text == '"' || *text == '\'');
    while (text && quoted + length < size && !strchr(" \t\r\n\"',}", text[quoted + length]))
        length++;
    return text ? arena_copy(diff->arena, text + quoted, length) : NULL;
}

/* A key for each way of matching, alike for what is the same; NULL: it cannot be matched so. */
typedef const char *key_of(const struct diff *diff, const struct side *side, size_t index);

static const char *namespace_of(const struct side *side, const struct object_id *id)
{
    const char *usual = side->given->namespace;
    return usual && strcmp(usual, id->namespace) == 0 ? "" : id->namespace;
}

static const char *key_by_id(const struct diff *diff, const struct side *side, size_t index)
{
    const struct object_id *id = &side->ids[index];
    return arena_format(diff->arena, "%s\n%s\n%s\n%s", id->group, id->kind, namespace_of(side, id), id->name);
}

static const char *key_by_hash(const struct diff *diff, const struct side *side, size_t index)
{
    const struct object_id *id = &side->ids[index];
    size_t size = stem_size(id);
    if (!size)
        return NULL;
    return arena_format(diff->arena, "%s\n%s\n%.*s", id->kind, namespace_of(side, id), (int)size, id->name);
}

static const char *key_by_affix(const struct diff *diff, const struct side *side, size_t index)
{
    struct place place;
    const char *name = original_name(diff, side, index, &place);
    const struct object_id *id = &side->ids[index];
    if (!name || !*name)
        return NULL;
    return arena_format(diff->arena, "%s\n%s\n%s\n%s", id->group, id->kind, path_base(place.file), name);
}

/* What runs pods can be turned into another kind that does; anything else stays of its kind. */
static const char *const workload_kinds[] = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet",
                                             "Job",        "CronJob",     "Rollout",   NULL};

static const char *key_by_kind(const struct diff *diff, const struct side *side, size_t index)
{
    const struct object_id *id = &side->ids[index];
    const char *kind = string_in(workload_kinds, id->kind) ? "" : id->kind;
    return arena_format(diff->arena, "%s\n%s\n%s", kind, namespace_of(side, id), id->name);
}

static const char *key_by_namespace(const struct diff *diff, const struct side *side, size_t index)
{
    const struct object_id *id = &side->ids[index];
    return arena_format(diff->arena, "%s\n%s\n%s", id->group, id->kind, id->name);
}

/* In this order: what a way matches, the next ones leave alone. */
static const struct way {
    enum matched matched;
    key_of *key;
} ways[] = {
    {MATCHED_ID, key_by_id},           {MATCHED_HASH, key_by_hash}, {MATCHED_AFFIX, key_by_affix},
    {MATCHED_AFFIX, key_by_namespace}, {MATCHED_KIND, key_by_kind},
};

/* Resources with one key are matched in the order in which they are printed. */
struct waiting {
    size_t index;
    struct waiting *next;
};

static struct map *collect_side(const struct diff *diff, const struct side *side, const struct way *way)
{
    struct map *map = map_new(diff->arena);
    for (size_t i = side->given->count; i-- > 0;) {
        const char *key = side->others[i] ? NULL : way->key(diff, side, i);
        if (!key)
            continue;
        void **slot = map_slot(map, key, strlen(key));
        struct waiting *waiting = ARENA_NEW(diff->arena, struct waiting);
        *waiting = (struct waiting){i, *slot};
        *slot = waiting;
    }
    return map;
}

static void match_way(struct matching *matching, const struct way *way)
{
    struct map *waiting = collect_side(matching->diff, &matching->base, way);
    for (size_t i = 0; i < matching->head.given->count; i++) {
        const char *key = matching->head.others[i] ? NULL : way->key(matching->diff, &matching->head, i);
        void **slot = key ? map_find(waiting, key, strlen(key)) : NULL;
        struct waiting *found = slot ? *slot : NULL;
        if (!found)
            continue;
        *slot = found->next;
        matching->head.others[i] = found->index + 1;
        matching->base.others[found->index] = i + 1;
        matching->head.matched[i] = way->matched;
    }
}

static struct place place_of(const struct diff_side *side, const struct node *resource)
{
    return resource && side->origins ? origins_place(side->origins, resource->origin) : (struct place){0};
}

static struct resource_change *add_change(const struct matching *matching, struct resource_changes *out,
                                          const struct node *base, const struct node *head)
{
    out->items = arena_grow(matching->diff->arena, out->items, out->count, &out->room, sizeof *out->items);
    struct resource_change *change = &out->items[out->count++];
    *change = (struct resource_change){.base = base,
                                       .head = head,
                                       .source = place_of(matching->head.given, head),
                                       .was = place_of(matching->base.given, base)};
    return change;
}

static enum change change_of(enum matched matched)
{
    return matched == MATCHED_AFFIX ? CHANGE_RENAMED : matched == MATCHED_KIND ? CHANGE_REPLACED : CHANGE_CHANGED;
}

static void add_head(const struct matching *matching, size_t index, struct resource_changes *out)
{
    const struct side *head = &matching->head, *base = &matching->base;
    size_t other = head->others[index];
    const struct node *old = other ? base->given->items[other - 1] : NULL, *new = head->given->items[index];
    if (nodes_equal(old, new))
        return;
    struct resource_change *change = add_change(matching, out, old, new);
    change->change = old ? change_of(head->matched[index]) : CHANGE_ADDED;
    change->matched = head->matched[index];
    change->id = head->ids[index];
    change->from = old ? base->ids[other - 1] : change->id;
    if (old)
        find_fields(matching->diff, base->given, head->given, change);
    if (old && !change->count)
        out->count--; /* keyed lists in another order, where it has no effect */
}

static void add_removed(const struct matching *matching, size_t index, struct resource_changes *out)
{
    if (matching->base.others[index])
        return;
    struct resource_change *change = add_change(matching, out, matching->base.given->items[index], NULL);
    change->change = CHANGE_REMOVED;
    change->id = change->from = matching->base.ids[index];
}

/* A reference to a generated resource: its old name on base, its new one on head. */
static struct resource_change *was_followed(const struct resource_changes *changes, const struct field_change *field)
{
    const char *old = node_text(field->old), *new = node_text(field->new);
    for (size_t i = 0; old && new && field->op == FIELD_REPLACE &&i < changes->count; i++) {
        struct resource_change *change = &changes->items[i];
        if (change->matched == MATCHED_HASH && strcmp(change->from.name, old) == 0 && strcmp(change->id.name, new) == 0)
            return change;
    }
    return NULL;
}

static void fold_references(struct resource_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        for (size_t j = 0; j < changes->items[i].count; j++) {
            struct field_change *field = &changes->items[i].fields[j];
            struct resource_change *target = was_followed(changes, field);
            field->follows = target != NULL;
            if (target && target != &changes->items[i])
                target->references++;
        }
}

/* Kinds whose template, once it is another one, replaces running pods. */
static const char *const rolling_kinds[] = {"Deployment", "StatefulSet", "DaemonSet", "Rollout", NULL};

/* What running pods have read: they see another value only when they are replaced, or look again. */
static const char *const settings_kinds[] = {"ConfigMap", "Secret", "SealedSecret", "ExternalSecret", NULL};

static bool has_data(const struct resource_change *change)
{
    for (size_t i = 0; i < change->count; i++)
        if (strncmp(change->fields[i].path, "metadata", 8) != 0)
            return true;
    return false;
}

static void note_rollouts(struct resource_changes *changes)
{
    bool any = false;
    for (size_t i = 0; i < changes->count; i++) {
        struct resource_change *change = &changes->items[i];
        bool rolls = string_in(rolling_kinds, change->id.kind) && change->change == CHANGE_CHANGED;
        for (size_t j = 0; rolls && j < change->count; j++)
            change->rolls_out = change->rolls_out || strncmp(change->fields[j].path, "spec.template", 13) == 0;
        change->no_restart = rolls && !change->rolls_out;
        any = any || change->rolls_out;
    }
    for (size_t i = 0; i < changes->count && !any; i++) {
        struct resource_change *change = &changes->items[i];
        if (change->change == CHANGE_CHANGED && string_in(settings_kinds, change->id.kind))
            change->no_restart = has_data(change);
    }
}

void find_changes(const struct diff *diff, const struct diff_side *base, const struct diff_side *head,
                  struct resource_changes *out)
{
    struct matching matching = {.diff = diff, .base = open_side(diff, base), .head = open_side(diff, head)};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        match_way(&matching, &ways[i]);
    *out = (struct resource_changes){0};
    for (size_t i = 0; i < head->count; i++)
        add_head(&matching, i, out);
    for (size_t i = 0; i < base->count; i++)
        add_removed(&matching, i, out);
    find_similar(diff->arena, out);
    fold_references(out);
    note_rollouts(out);
}
