/* fields.c: finds the fields in which two versions of a resource differ. */
#include <stdio.h>
#include <string.h>

#include "diff/changes.h"
#include "diff/list_edits.h"
#include "diff/list_keys.h"
#include "diff/mask.h"
#include "diff/quantity.h"
#include "diff/structure.h"
#include "yaml/written.h"

struct comparison {
    const struct diff *diff;
    const struct diff_side *base, *head;
    struct resource_change *change;
    struct text path;
};

/* Where a value was written, or of a value of several parts the one that makes it differ from the other side's; and the
 * rest of that line, where a comment may say something. */
static struct place place_of(const struct comparison *comparison, const struct diff_side *side, const struct node *node,
                             const struct node *other, const char **line)
{
    struct arena *arena = comparison->diff->arena;
    if (!node || !side->origins || !node_is_scalar(node))
        return node && side->origins ? origins_place(side->origins, node->origin) : (struct place){0};
    struct written written = written_value(side->origins, arena, node);
    size_t same = 0, index = 0;
    while (node_is_scalar(other) && same < node->count && same < other->count && node->text[same] == other->text[same])
        same++;
    while (index + 1 < written.count && written.parts[index].start + written.parts[index].size <= same)
        index++;
    if (index >= written.count || !written.parts[index].place.file)
        return origins_place(side->origins, node->origin);
    const struct written_part *part = &written.parts[index];
    const char *text = line && part->text && part->byte < part->text_size ? part->text + part->byte : NULL;
    const char *end = text ? memchr(text, '\n', part->text_size - part->byte) : NULL;
    if (text)
        *line = arena_copy(arena, text, end ? (size_t)(end - text) : part->text_size - part->byte);
    return part->place;
}

/* A dot in a name is written \. as kustomize's fieldPath has it. */
void path_add_field(struct text *path, const char *name)
{
    if (path->size)
        text_byte(path, '.');
    for (; *name; name++) {
        if (*name == '.')
            text_byte(path, '\\');
        text_byte(path, *name);
    }
}

static bool in_template(const struct comparison *comparison)
{
    const char *path = text_content(&comparison->path);
    return strstr(path, "template.") ||
           (strcmp(comparison->change->id.kind, "Pod") == 0 && strncmp(path, "spec", 4) == 0);
}

static struct field_change *add_field(struct comparison *comparison, const struct mask_place *place, enum field_op op,
                                      const struct node *old, const struct node *new)
{
    struct resource_change *change = comparison->change;
    const struct diff *diff = comparison->diff;
    change->fields = arena_grow(diff->arena, change->fields, change->count, &change->room, sizeof *change->fields);
    struct field_change *field = &change->fields[change->count++];
    *field = (struct field_change){.path = arena_string(diff->arena, text_content(&comparison->path)),
                                   .op = op,
                                   .was = place_of(comparison, comparison->base, old, new, NULL)};
    field->source = place_of(comparison, comparison->head, new, old, &field->line);
    field->old = mask_value(diff->tree, place, old, &field->hidden);
    field->new = mask_value(diff->tree, place, new, &field->hidden);
    if (!field->hidden && op == FIELD_REPLACE && same_amount(field->path, node_text(old), node_text(new)))
        field->note = "same amount, written differently";
    return field;
}

static void compare_nodes(struct comparison *comparison, const struct mask_place *place, const struct node *old,
                          const struct node *new);

/* Compares what is below a path: a name, or what stands for an item. */
static void compare_below(struct comparison *comparison, const struct mask_place *place, const struct node *around_old,
                          const struct node *around_new, const char *name, bool item, const struct node *old,
                          const struct node *new)
{
    size_t size = comparison->path.size;
    const struct node *around = around_new ? around_new : around_old;
    struct mask_place below = mask_below(place, around, item ? NULL : name);
    if (item)
        text_format(&comparison->path, "%s%s", size ? "." : "", name);
    else
        path_add_field(&comparison->path, name);
    compare_nodes(comparison, &below, old, new);
    text_cut(&comparison->path, size);
}

static void compare_maps(struct comparison *comparison, const struct mask_place *place, const struct node *old,
                         const struct node *new)
{
    for (size_t i = 0; i < old->count; i++) {
        const struct key *key = old->entries[i].key;
        if (key)
            compare_below(comparison, place, old, new, key->text, false, old->entries[i].value,
                          node_find(new, key->text));
    }
    for (size_t i = 0; i < new->count; i++) {
        const struct key *key = new->entries[i].key;
        if (key && !node_find(old, key->text))
            compare_below(comparison, place, old, new, key->text, false, NULL, new->entries[i].value);
    }
}

static const struct node *find_item(const struct list_key *key, const struct node *list, const char *wanted,
                                    size_t *index)
{
    struct text text = {0};
    const struct node *found = NULL;
    for (size_t i = 0; !found && i < list->count; i++)
        if (list_key_write(key, list->items[i], &text) && strcmp(text.bytes, wanted) == 0) {
            found = list->items[i];
            *index = i;
        }
    text_free(&text);
    return found;
}

static void compare_item(struct comparison *comparison, const struct mask_place *place, const char *key,
                         const struct node *old, const struct node *new)
{
    struct text name = {0};
    text_format(&name, "[%s]", key);
    compare_below(comparison, place, NULL, NULL, name.bytes, true, old, new);
    text_free(&name);
}

/* Whether the items that both lists have stand in another order. */
static bool compare_old_items(struct comparison *comparison, const struct mask_place *place, const struct list_key *key,
                              const struct node *old, const struct node *new)
{
    struct text text = {0};
    size_t furthest = 0;
    bool moved = false, any = false;
    for (size_t i = 0; i < old->count; i++) {
        size_t index = 0;
        list_key_write(key, old->items[i], &text);
        const struct node *other = find_item(key, new, text_content(&text), &index);
        moved = moved || (other && any && index < furthest);
        furthest = other ? index : furthest;
        any = any || other;
        compare_item(comparison, place, text_content(&text), old->items[i], other);
    }
    text_free(&text);
    return moved;
}

/* In a pod template a mere order has an effect: the template is another one, and rolls out. */
static void compare_keyed(struct comparison *comparison, const struct mask_place *place, const struct list_key *key,
                          const struct node *old, const struct node *new)
{
    bool moved = compare_old_items(comparison, place, key, old, new);
    struct text text = {0};
    for (size_t i = 0; i < new->count; i++) {
        size_t index;
        list_key_write(key, new->items[i], &text);
        if (!find_item(key, old, text_content(&text), &index))
            compare_item(comparison, place, text_content(&text), NULL, new->items[i]);
    }
    text_free(&text);
    if (moved && (key->order_acts || in_template(comparison)))
        add_field(comparison, place, FIELD_ORDER, old, new);
}

/* Items that only their place tells apart: the least edit. What is removed and added at one place is compared. */
static void compare_places(struct comparison *comparison, const struct mask_place *place, const struct node *old,
                           const struct node *new)
{
    struct list_edit *edits;
    size_t count = list_edits_find(comparison->diff->arena, old, new, &edits);
    for (size_t i = 0; i < count; i++) {
        char name[24];
        bool added = edits[i].new != NULL;
        snprintf(name, sizeof name, "[%zu]", added ? edits[i].new_index : edits[i].old_index);
        compare_below(comparison, place, old, new, name, true, edits[i].old, edits[i].new);
    }
}

static void compare_lists(struct comparison *comparison, const struct mask_place *place, const struct node *old,
                          const struct node *new)
{
    const struct list_key *key =
        list_key_of(comparison->diff->custom, &comparison->change->id, text_content(&comparison->path), old, new);
    if (key)
        compare_keyed(comparison, place, key, old, new);
    else
        compare_places(comparison, place, old, new);
}

/* What differs in a text that has a structure on both sides. Nothing where only its writing does. */
static void compare_inside(const struct comparison *comparison, const struct mask_place *place,
                           struct field_change *field, const struct node *old, const struct node *new)
{
    static const struct diff_side nowhere;
    struct tree *tree = comparison->diff->tree;
    const struct node *old_root = structure_of(tree, old), *new_root = old_root ? structure_of(tree, new) : NULL;
    if (!new_root || old_root->kind != new_root->kind)
        return;
    struct resource_change change = {.id = {.kind = ""}};
    struct comparison inside = {.diff = comparison->diff, .base = &nowhere, .head = &nowhere, .change = &change};
    struct mask_place root = {.in_text = true, .within = place->within};
    compare_nodes(&inside, &root, old_root, new_root);
    text_free(&inside.path);
    field->inside = change.fields;
    field->inside_count = change.count;
}

/* Of what is hidden as a whole nothing is looked at; where only parts of it are, they are hidden inside, too. */
static void compare_scalars(struct comparison *comparison, const struct mask_place *place, const struct node *old,
                            const struct node *new)
{
    struct field_change *field = add_field(comparison, place, FIELD_REPLACE, old, new);
    if (node_is_scalar(old) && node_is_scalar(new) && mask_shows_parts(field->hidden))
        compare_inside(comparison, place, field, old, new);
}

static void compare_nodes(struct comparison *comparison, const struct mask_place *place, const struct node *old,
                          const struct node *new)
{
    if (!old || !new)
        add_field(comparison, place, old ? FIELD_REMOVE : FIELD_ADD, old, new);
    else if (node_is_map(old) && node_is_map(new))
        compare_maps(comparison, place, old, new);
    else if (node_is_list(old) && node_is_list(new))
        compare_lists(comparison, place, old, new);
    else if (!nodes_equal(old, new))
        compare_scalars(comparison, place, old, new);
}

void find_fields(const struct diff *diff, const struct diff_side *base, const struct diff_side *head,
                 struct resource_change *change)
{
    struct comparison comparison = {.diff = diff, .base = base, .head = head, .change = change};
    compare_nodes(&comparison, &(struct mask_place){0}, change->base, change->head);
    text_free(&comparison.path);
}
