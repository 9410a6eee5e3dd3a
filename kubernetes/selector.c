/* selector.c: matches labels with selectors. */
#include "kubernetes/selector.h"

#include <string.h>

bool labels_match(const struct node *wanted, const struct node *labels)
{
    for (uint32_t i = 0; node_is_map(wanted) && i < wanted->count; i++) {
        const char *have = node_text(node_find(labels, wanted->entries[i].key->text));
        const char *want = node_text(wanted->entries[i].value);
        if (!have || !want || strcmp(have, want) != 0)
            return false;
    }
    return true;
}

/* Source: k8s.io/apimachinery pkg/labels Requirement.Matches */
static bool expression_matches(const struct node *expression, const struct node *labels)
{
    const char *key = node_text(node_find(expression, "key"));
    const char *operator= node_text(node_find(expression, "operator"));
    const char *have = key ? node_text(node_find(labels, key)) : NULL;
    const struct node *values = node_find(expression, "values");
    if (!operator)
        return false;
    if (strcmp(operator, "Exists") == 0)
        return have;
    if (strcmp(operator, "DoesNotExist") == 0)
        return !have;
    if (strcmp(operator, "NotIn") == 0)
        return !(have && node_list_has(values, have));
    return have && node_list_has(values, have);
}

bool selector_matches(const struct node *selector, const struct node *labels)
{
    const struct node *expressions = node_find(selector, "matchExpressions");
    for (uint32_t i = 0; node_is_list(expressions) && i < expressions->count; i++)
        if (!expression_matches(expressions->items[i], labels))
            return false;
    return labels_match(node_find(selector, "matchLabels"), labels);
}
