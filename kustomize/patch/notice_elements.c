/* notice_elements.c: notes elements of a patch that are lost in a merge of lists. */
#include <string.h>

#include "kustomize/kustomization/notice.h"
#include "kustomize/patch/strategic_merge_list.h"

/* Whether an element has all the scalars of another. */
static bool includes(const struct node *item, const struct node *element)
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
        if (includes(result->items[i], element))
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

static void notice_element(struct render *render, const struct list_merge *lists, const struct node *destination,
                           const struct node *element, const struct node *result)
{
    const struct node *directive = node_get(element, &key_dollar_patch);
    uint32_t left = result ? result->count : 0;
    if (directive && !destination && node_equals(directive, "replace"))
        render_notice(render, RA703, element->origin,
                      "'$patch: replace' of a list that is not there: the directive stays in the output%s",
                      left <= 1 ? " and the elements are lost" : "");
    if (directive)
        return;
    const char *key = missing_key(lists, element);
    if (destination && lists->key_count && lacks_all_keys(lists, element) && left < destination->count)
        render_notice(render, RA702, element->origin,
                      "an element without its merge key '%s' takes others out of the list: %u of %u are left",
                      lists->keys[0], left, destination->count);
    else if (!came_through(result, element) && key)
        render_notice(render, RA702, element->origin,
                      "this element is lost: it has no '%s', by which others of the list are merged", key);
    else if (!came_through(result, element))
        render_notice(render, RA702, element->origin,
                      "this element is lost: not all elements of the list have the merge keys that it has");
}

void notice_lost_elements(struct render *render, const struct list_merge *lists, const struct node *destination,
                          const struct node *patch, const struct node *result)
{
    if (!wants_notices(render) || !node_is_list(patch))
        return;
    const struct node *before = node_is_list(destination) && destination != patch ? destination : NULL;
    bool replaces = false;
    for (uint32_t i = 0; !before && i < patch->count; i++)
        replaces = replaces || node_equals(node_get(patch->items[i], &key_dollar_patch), "replace");
    for (uint32_t i = 0; i < patch->count; i++)
        if (node_is_map(patch->items[i]) && patch->items[i]->count &&
            (!replaces || node_get(patch->items[i], &key_dollar_patch)))
            notice_element(render, lists, before, patch->items[i], result);
}
