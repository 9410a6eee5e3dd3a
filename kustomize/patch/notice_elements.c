/* notice_elements.c: notes what a merge by key silently loses, deletes or leaves as it was. */
#include <string.h>

#include "base/nearest.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/patch/notice_lists.h"

enum { MOST_ITEMS = 500 }; /* all are compared with all */

/* Whether an element has all the scalars of another. */
static bool includes_all(const struct node *item, const struct node *element)
{
    for (uint32_t i = 0; i < element->count; i++) {
        const struct entry *entry = &element->entries[i];
        const struct node *value = node_get(item, entry->key);
        if (node_is_scalar(entry->value) && !node_is_null(entry->value) &&
            (!node_is_scalar(value) || strcmp(value->text, entry->value->text) != 0))
            return false;
    }
    return true;
}

static bool came_through(const struct node *result, const struct node *element)
{
    for (uint32_t i = 0; result && i < result->count; i++)
        if (includes_all(result->items[i], element))
            return true;
    return false;
}

static const char *missing_key(const struct list_merge *lists, const struct node *element)
{
    for (size_t k = 0; k < lists->key_count; k++)
        if (!node_find(element, lists->keys[k]))
            return lists->keys[k];
    return NULL;
}

static bool lacks_all_keys(const struct list_merge *lists, const struct node *element)
{
    for (size_t k = 0; k < lists->key_count; k++)
        if (node_find(element, lists->keys[k]))
            return false;
    return true;
}

/* Whether two elements have the same value of each merge key that the second one has. */
static bool same_keys(const struct list_merge *lists, const struct node *item, const struct node *element)
{
    for (size_t k = 0; k < lists->key_count; k++) {
        const char *wanted = node_text(node_find(element, lists->keys[k]));
        const char *text = node_text(node_find(item, lists->keys[k]));
        if (wanted && (!text || strcmp(text, wanted) != 0))
            return false;
    }
    return true;
}

static size_t count_like(const struct list_merge *lists, const struct node *list, const struct node *element)
{
    size_t count = 0;
    for (uint32_t i = 0; list && i < list->count; i++)
        count += lacks_all_keys(lists, element) ? includes_all(list->items[i], element)
                                                : same_keys(lists, list->items[i], element);
    return count;
}

static bool is_deleted(const struct list_merge *lists, const struct node *patch, const struct node *element)
{
    for (uint32_t i = 0; node_is_list(patch) && i < patch->count; i++)
        if (directive_of_map(patch->items[i]) == DIRECTIVE_DELETE && !lacks_all_keys(lists, patch->items[i]) &&
            same_keys(lists, element, patch->items[i]))
            return true;
    return false;
}

const char *element_name(struct arena *arena, const struct node *element)
{
    static const char *const keys[] = {"name", "key",   "id",    "containerPort", "port", "mountPath", "host",
                                       "path", "alert", "image", "hostname",      "ip",   "kind",      "match"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = node_text(node_find(element, keys[i]));
        if (text && *text)
            return arena_format(arena, "'%s'", text);
    }
    return node_is_scalar(element) ? arena_format(arena, "'%s'", element->text) : "an element without a name";
}

/* "'web', 'side'" of the elements that are gone without having been deleted; "" where none is. */
static const char *lost_names(struct arena *arena, const struct list_merge *lists, const struct node *before,
                              const struct node *patch, const struct node *result)
{
    const char *names = "";
    for (uint32_t i = 0; before && i < before->count; i++) {
        const struct node *element = before->items[i];
        if (!node_is_map(element) || is_deleted(lists, patch, element) ||
            count_like(lists, result, element) >= count_like(lists, before, element))
            continue;
        const char *name = element_name(arena, element);
        if (!strstr(names, name))
            names = arena_format(arena, "%s%s%s", names, *names ? ", " : "", name);
    }
    return names;
}

static const struct node *keyless_element(const struct list_merge *lists, const struct node *list)
{
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        if (node_is_map(list->items[i]) && list->items[i]->count && !node_find(list->items[i], lists->keys[0]) &&
            lacks_all_keys(lists, list->items[i]))
            return list->items[i];
    return NULL;
}

/* The second of two elements with the same keys. */
static const struct node *double_element(const struct list_merge *lists, const struct node *list)
{
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (!lacks_all_keys(lists, list->items[i]) && !missing_key(lists, list->items[j]) &&
                same_keys(lists, list->items[j], list->items[i]))
                return list->items[i];
    return NULL;
}

static void tell_element(const struct merge *merge, enum rule_id rule, const struct node *element, const char *text)
{
    notice_about(merge->render, render_notice(merge->render, rule, element->origin, "%s", text), merge->resource,
                 merge->field);
}

/* What one element of the patch does. `lost`: what is gone from the list. */
static void notice_element(const struct merge *merge, const struct list_merge *lists, const struct node *destination,
                           const struct node *element, const struct node *result, const char *lost)
{
    struct arena *arena = merge->render->arena;
    const struct node *directive = node_get(element, &key_dollar_patch);
    uint32_t left = result ? result->count : 0;
    if (directive && !destination && node_equals(directive, "replace"))
        tell_element(merge, RA703, element,
                     arena_format(arena,
                                  "'$patch: replace' of a list that is not there: the directive stays in the output%s",
                                  left <= 1 ? " and the elements are lost" : ""));
    if (directive)
        return;
    const char *key = missing_key(lists, element);
    if (destination && lists->key_count && lacks_all_keys(lists, element) && left < destination->count)
        tell_element(merge, RA702, element,
                     arena_format(arena,
                                  "an element without its merge key '%s' takes %s out of the list: %u of %u are left",
                                  lists->keys[0], *lost ? lost : "others", left, destination->count));
    else if (!came_through(result, element) && key)
        tell_element(
            merge, RA702, element,
            arena_format(arena, "this element is lost: it has no '%s', by which others of the list are merged", key));
    else if (!came_through(result, element))
        tell_element(merge, RA702, element,
                     "this element is lost: not all elements of the list have the merge keys that it has");
}

static bool replaces_value(const struct node *before, const struct node *patch)
{
    bool found = false;
    for (uint32_t i = 0; !before && i < patch->count; i++)
        found = found || node_equals(node_get(patch->items[i], &key_dollar_patch), "replace");
    return found;
}

/* The cause is in the base: an element without its key, or two with the same. False: it is not. */
static bool notice_base(const struct merge *merge, const struct list_merge *lists, const struct node *before,
                        const struct node *result, const char *lost)
{
    struct arena *arena = merge->render->arena;
    const struct node *keyless = keyless_element(lists, before), *second = double_element(lists, before);
    if (!*lost || (!keyless && !second))
        return false;
    if (keyless)
        tell_element(merge, RA702, keyless,
                     arena_format(arena,
                                  "an element without its merge key '%s' takes %s out of the list: %u of %u are left",
                                  lists->keys[0], lost, result ? result->count : 0, before->count));
    else
        tell_element(merge, RA702, second,
                     arena_format(arena, "%s stands twice in this list, and a patch leaves only one: %u of %u are left",
                                  lost, result ? result->count : 0, before->count));
    return true;
}

/* `$patch: delete` without a key matches elements that it does not name. */
static void notice_keyless_deletes(const struct merge *merge, const struct list_merge *lists, const struct node *patch,
                                   const char *lost)
{
    for (uint32_t i = 0; i < patch->count; i++) {
        const struct node *element = patch->items[i];
        if (directive_of_map(element) == DIRECTIVE_DELETE && element->count > 1 && lacks_all_keys(lists, element))
            tell_element(merge, RA708, element,
                         arena_format(merge->render->arena,
                                      "this '$patch: delete' has no '%s', by which elements are found: it removes %s",
                                      lists->keys[0], *lost ? lost : "nothing"));
    }
}

void notice_lost_elements(const struct merge *merge, const struct list_merge *lists, const struct node *destination,
                          const struct node *patch, const struct node *result)
{
    size_t items = (destination ? destination->count : 0) + (result ? result->count : 0) +
                   (node_is_list(patch) ? patch->count : 0);
    if (!lists->key_count || (destination && destination->count > MOST_ITEMS) ||
        !notice_may(merge->render, items, items))
        return;
    const struct node *before = node_is_list(destination) && destination != patch ? destination : NULL;
    const char *lost = lost_names(merge->render->arena, lists, before, patch, result);
    if (notice_base(merge, lists, before, result, lost) || !node_is_list(patch))
        return;
    notice_keyless_deletes(merge, lists, patch, lost);
    bool replaced = replaces_value(before, patch);
    for (uint32_t i = 0; i < patch->count; i++)
        if (node_is_map(patch->items[i]) && patch->items[i]->count &&
            (!replaced || node_get(patch->items[i], &key_dollar_patch)))
            notice_element(merge, lists, before, patch->items[i], result, lost);
}

void notice_empty_list(const struct merge *merge, const struct node *before, const struct node *patch,
                       const struct node *result)
{
    if (!node_is_list(before) || !before->count || !node_is_list(patch) || (result && result->count))
        return;
    for (uint32_t i = 0; i < patch->count; i++)
        if (directive_of_map(patch->items[i]) == DIRECTIVE_DELETE) {
            tell_element(
                merge, RA708, patch->items[i],
                arena_format(merge->render->arena, "'$patch: delete' leaves nothing of the list '%s': %s gone",
                             merge->field ? merge->field : "",
                             arena_format(merge->render->arena, "%s %s", list_names(merge->render->arena, before),
                                          before->count == 1 ? "is" : "are")));
            return;
        }
}

/* A directive alone in its element speaks of the whole list. */
void notice_whole_list(const struct merge *merge, const struct node *destination, const struct node *patch)
{
    struct arena *arena = merge->render->arena;
    for (uint32_t i = 0; node_is_list(patch) && i < patch->count; i++) {
        const struct node *element = patch->items[i];
        enum directive directive = element->count == 1 ? directive_of_map(element) : DIRECTIVE_NONE;
        if (directive == DIRECTIVE_DELETE && destination->count)
            tell_element(merge, RA708, element,
                         arena_format(arena,
                                      "this '$patch: delete' names no element: it removes the whole list, with %s",
                                      list_names(arena, destination)));
        if (directive == DIRECTIVE_REPLACE && patch->count == 1 && destination->count)
            tell_element(merge, RA708, element,
                         arena_format(arena, "this '$patch: replace' has nothing to put in their place: it removes %s",
                                      list_names(arena, destination)));
    }
}

const char *list_names(struct arena *arena, const struct node *list)
{
    const char *names = "";
    for (uint32_t i = 0; i < list->count && i < 20; i++)
        names = arena_format(arena, "%s%s%s", names, i ? ", " : "", element_name(arena, list->items[i]));
    return names;
}

static const char *nearest_element(struct arena *arena, const struct list_merge *lists, const struct node *list,
                                   const char *name)
{
    const char **names = ARENA_ARRAY(arena, list->count + 1, const char *);
    size_t count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        const char *text = node_text(node_find(list->items[i], lists->keys[0]));
        if (text)
            names[count++] = text;
    }
    return nearest_name(name, names);
}

/* Directives of single elements that do nothing: of one that is not there, and `replace`, which kyaml undoes. */
void notice_idle_directives(const struct merge *merge, const struct list_merge *lists, const struct node *destination,
                            const struct node *patch)
{
    struct arena *arena = merge->render->arena;
    enum { OF_A_NAME = 50 };
    size_t most = destination ? destination->count : 0;
    for (uint32_t i = 0; lists->key_count && i < patch->count; i++) {
        const struct node *element = patch->items[i];
        enum directive directive = directive_of_map(element);
        if (!notice_may(merge->render, directive == DIRECTIVE_DELETE ? OF_A_NAME : 1, most))
            return;
        const char *name = node_text(node_find(element, lists->keys[0]));
        if (!name || element->count < 2)
            continue;
        bool there = count_like(lists, destination, element);
        const char *near =
            directive == DIRECTIVE_DELETE && !there ? nearest_element(arena, lists, destination, name) : NULL;
        if (directive == DIRECTIVE_DELETE && !there)
            tell_element(merge, RA712, element,
                         arena_format(arena,
                                      "this '$patch: delete' removes nothing: no element has the %s '%s'" DID_YOU_MEAN,
                                      lists->keys[0], name, MEANT(near)));
        if (directive == DIRECTIVE_REPLACE && there)
            tell_element(merge, RA712, element,
                         arena_format(arena,
                                      "'$patch: replace' of the single element '%s' changes nothing: it stays as it is",
                                      name));
    }
}
