/* strategic_merge_list.c: merges lists whose elements have keys.
 *
 * Source of all rules: kyaml yaml/walk/associative_sequence.go, and ElementSetter and ElementMatcher in yaml/fns.go.
 * Those work by repeated search, and what they do to elements with missing, half or doubled keys follows from that;
 * such lists are merged in the same steps (strategic_merge_odd.c), all others by one look-up for each element. */
#include "kustomize/patch/strategic_merge_list.h"

#include "kustomize/kustomization/notice.h"
#include "kustomize/patch/notice_lists.h"

#include <string.h>

enum { FEW_ITEMS = 16 };

/* The key of an element, made of the values of all keys in use. */
struct word {
    const char *text;
    size_t size, index;
};

struct item_index {
    struct word *words;
    size_t count;
    struct map *map; /* NULL: a scan will do */
};

static const struct node *directive_element(const struct node *list)
{
    for (uint32_t i = 0; list && i < list->count; i++)
        if (node_get(list->items[i], &key_dollar_patch))
            return list->items[i];
    return NULL;
}

static bool is_empty_map(const struct node *node)
{
    return node_is_map(node) && !node->count;
}

/* The list without the elements that carry this directive, and without empty ones. */
static struct node *without_directive(struct tree *tree, const struct node *list, const char *directive)
{
    struct node *rest = tree_list(tree);
    rest->style = list->style;
    rest->origin = list->origin;
    for (uint32_t i = 0; i < list->count; i++) {
        struct node *item = list->items[i];
        if (!node_is_missing(item) && !is_empty_map(item) && !node_equals(node_get(item, &key_dollar_patch), directive))
            tree_append(tree, rest, item);
    }
    return rest;
}

/* `- $patch: replace` alone in its element speaks of the whole list. */
static bool obey_directives(struct merge *merge, struct list_merge *lists, struct node **destination)
{
    const struct node *element = directive_element(lists->patch);
    if (!element || element->count > 1)
        return true;
    const struct node *value = node_get(element, &key_dollar_patch);
    switch (directive_of_map(element)) {
    case DIRECTIVE_DELETE:
        *destination = NULL;
        return true;
    case DIRECTIVE_REPLACE:
        lists->patch = without_directive(merge->tree, lists->patch, "replace");
        *destination = lists->patch;
        return true;
    case DIRECTIVE_MERGE:
        lists->patch = without_directive(merge->tree, lists->patch, "merge");
        if (lists->fresh)
            *destination = lists->patch;
        return true;
    default:
        return directive_unknown(merge, value);
    }
}

/* The text by which kyaml compares a key's value: "" for anything but a scalar. */
static const char *key_text(const struct node *value)
{
    return node_is_scalar(value) && !node_is_null(value) ? value->text : "";
}

/* Works out which keys are in use: those that any element has. False: the list is odd. */
static bool used_keys(struct list_merge *lists, const struct node *list)
{
    for (uint32_t i = 0; list && i < list->count; i++) {
        if (lists->key_count == 0 ? !node_is_scalar(list->items[i]) : !node_is_map(list->items[i]))
            return false;
        for (size_t k = 0; k < lists->key_count; k++)
            if (*key_text(node_find(list->items[i], lists->keys[k])))
                lists->used |= (size_t)1 << k;
    }
    return true;
}

/* One word made of the values of all keys in use; NULL where one is missing. */
static const char *merge_key_text(const struct merge *merge, const struct list_merge *lists, const struct node *item,
                                  size_t *size)
{
    const char *word = lists->key_count ? NULL : item->text;
    *size = lists->key_count ? 0 : item->count;
    for (size_t k = 0; k < lists->key_count; k++) {
        if (!(lists->used >> k & 1))
            continue;
        const char *text = key_text(node_find(item, lists->keys[k]));
        if (!*text)
            return NULL;
        word = word ? arena_format(merge->tree->arena, "%zu:%s%s", strlen(word), word, text) : text;
        *size = strlen(word);
    }
    return *size && !node_is_null(item) ? word : NULL;
}

static const struct word *item_index_find(const struct item_index *index, const struct word *word)
{
    if (index->map)
        return map_get(index->map, word->text, word->size);
    for (size_t i = 0; i < index->count; i++)
        if (index->words[i].size == word->size && memcmp(index->words[i].text, word->text, word->size) == 0)
            return &index->words[i];
    return NULL;
}

/* Fills an index from words to elements. False: one is missing or there twice. */
static bool index_items(const struct merge *merge, const struct list_merge *lists, const struct node *list,
                        struct item_index *index)
{
    *index = (struct item_index){0};
    if (!list || !list->count)
        return true;
    index->words = ARENA_ARRAY(merge->tree->arena, list->count, struct word);
    index->map = list->count > FEW_ITEMS ? map_new(merge->tree->arena) : NULL;
    for (uint32_t i = 0; i < list->count; i++) {
        struct word word = {.index = i};
        word.text = merge_key_text(merge, lists, list->items[i], &word.size);
        if (!word.text || item_index_find(index, &word))
            return false;
        index->words[index->count] = word;
        if (index->map)
            *map_slot(index->map, word.text, word.size) = &index->words[index->count];
        index->count++;
    }
    return true;
}

/* Merges two elements of one key. `kept` is what stands in the destination afterwards; NULL: nothing. An element that
 * the patch replaces stays as it is: kyaml looks the destination's one up again. */
static bool merge_items(struct merge *merge, const struct list_merge *lists, struct node *item, struct node *patch,
                        struct node **kept)
{
    struct node *result;
    if (!merge_nodes(merge, item, patch, schema_items(lists->schema), &result))
        return false;
    bool gone = node_is_missing(result) || is_empty_map(result);
    bool replaced = item && item != patch && directive_of_map(patch) == DIRECTIVE_REPLACE;
    *kept = gone ? NULL : replaced || (item && node_is_scalar(item)) ? item : result;
    return true;
}

/* The new list, or the destination itself where all its elements are as they were. */
static struct node *finish_list(struct merge *merge, struct node *destination, struct node **items, size_t count)
{
    bool same = destination->count == count;
    for (size_t i = 0; same && i < count; i++)
        same = destination->items[i] == items[i];
    if (same)
        return destination;
    struct node *list = tree_list(merge->tree);
    list->origin = destination->origin;
    list->items = items;
    list->count = list->room = (uint32_t)count;
    return list;
}

/* The lists of one regular merge, with their elements by key. */
struct regular {
    const struct list_merge *lists;
    const struct node *destination, *patch; /* the patch is NULL where the destination is fresh */
    struct item_index ours, theirs;
    bool by_one_key;
    struct node **items;
    size_t count;
};

static bool take_item(struct merge *merge, struct regular *regular, struct node *item, struct node *from)
{
    struct node *kept;
    if (!merge_items(merge, regular->lists, item, from, &kept))
        return false;
    if (kept)
        regular->items[regular->count++] = kept;
    return true;
}

/* The patch's elements come first. By one key their order counts, by several only new ones move. */
static bool take_patched(struct merge *merge, struct regular *regular)
{
    for (uint32_t i = 0; regular->patch && i < regular->patch->count; i++) {
        const struct word *match = item_index_find(&regular->ours, &regular->theirs.words[i]);
        if (match && !regular->by_one_key)
            continue;
        if (!take_item(merge, regular, match ? regular->destination->items[match->index] : NULL,
                       regular->patch->items[i]))
            return false;
    }
    return true;
}

static bool take_rest(struct merge *merge, struct regular *regular)
{
    for (uint32_t i = 0; i < regular->destination->count; i++) {
        struct node *item = regular->destination->items[i];
        const struct word *match = regular->patch ? item_index_find(&regular->theirs, &regular->ours.words[i]) : NULL;
        if (match && regular->by_one_key)
            continue;
        struct node *from = match ? regular->patch->items[match->index] : regular->lists->fresh ? item : NULL;
        if (!take_item(merge, regular, item, from))
            return false;
    }
    return true;
}

static bool merge_regular(struct merge *merge, struct regular *regular, struct node *destination, struct node **result)
{
    size_t most = (size_t)destination->count + (regular->patch ? regular->patch->count : 0);
    regular->items = ARENA_ARRAY(merge->tree->arena, most, struct node *);
    if (!take_patched(merge, regular) || !take_rest(merge, regular))
        return false;
    *result = finish_list(merge, destination, regular->items, regular->count);
    return true;
}

/* False: a key is missing, or there twice. */
static bool prepare_regular(const struct merge *merge, struct list_merge *lists, const struct node *destination,
                            struct regular *regular)
{
    const struct node *patch = lists->fresh ? NULL : lists->patch;
    *regular = (struct regular){.lists = lists, .destination = destination, .patch = patch};
    if (!used_keys(lists, destination) || !used_keys(lists, patch))
        return false;
    regular->by_one_key = (lists->used & (lists->used - 1)) == 0;
    return index_items(merge, lists, destination, &regular->ours) && index_items(merge, lists, patch, &regular->theirs);
}

/* What VisitList does: `destination` NULL afterwards means that nothing is left. */
static bool visit_lists(struct merge *merge, struct list_merge *lists, struct node **destination)
{
    lists->fresh = node_is_missing(*destination) || *destination == lists->patch;
    if (node_is_missing(*destination))
        *destination = lists->patch;
    else if (lists->patch && node_is_missing(lists->patch))
        *destination = NULL;
    else if (!obey_directives(merge, lists, destination))
        return false;
    lists->fresh = *destination == lists->patch;
    return true;
}

static bool merge_odd(struct merge *merge, const struct list_merge *lists, struct node *destination,
                      const struct node *before, const struct node *patch, struct node **result)
{
    const char *field = merge->field;
    if (!merge_odd_list(merge, lists, destination, result))
        return false;
    merge->field = field;
    if (wants_notices(merge->render))
        notice_lost_elements(merge, lists, before, patch, *result);
    return true;
}

bool merge_list(struct merge *merge, struct node *destination, struct node *patch, const struct schema *schema,
                struct node **result)
{
    const struct node *before = destination;
    struct list_merge lists = {.schema = schema, .keys = schema_merge_keys(schema), .patch = patch};
    struct regular regular;
    while (lists.keys[lists.key_count])
        lists.key_count++;
    *result = NULL;
    if (wants_notices(merge->render) && before && patch && before != patch)
        notice_whole_list(merge, before, patch);
    if (!visit_lists(merge, &lists, &destination))
        return false;
    if (!destination)
        return true;
    if (merge->all_odd || !prepare_regular(merge, &lists, destination, &regular))
        return merge_odd(merge, &lists, destination, before, patch, result);
    const char *field = merge->field; /* what is merged below changes it */
    bool noticed = wants_notices(merge->render) && before && regular.patch;
    if (noticed)
        notice_idle_directives(merge, &lists, before, patch);
    if (!merge_regular(merge, &regular, destination, result))
        return false;
    merge->field = field;
    if (noticed) {
        notice_order(merge, before, patch, *result);
        notice_empty_list(merge, before, patch, *result);
    }
    return true;
}
