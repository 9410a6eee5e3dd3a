/* select.c: the parameters that a generator's selector takes, and those of clusters. */
#include <string.h>

#include "plugin/adopt/adoption.h"

static const char *value_at(const struct node *parameters, const char *dotted)
{
    const struct node *whole = node_find(parameters, dotted);
    size_t size = strcspn(dotted, ".");
    if (whole || !dotted[size])
        return whole ? node_text(whole) : NULL;
    char name[256];
    if (size >= sizeof name)
        return NULL;
    memcpy(name, dotted, size);
    name[size] = '\0';
    const struct node *inner = node_find(parameters, name);
    return node_is_map(inner) ? value_at(inner, dotted + size + 1) : NULL;
}

static bool fits_expression(const struct node *expression, const struct node *parameters, bool *known)
{
    const char *key = node_text(node_find(expression, "key")), *how = node_text(node_find(expression, "operator"));
    const char *text = key ? value_at(parameters, key) : NULL;
    if (how && strcmp(how, "In") == 0)
        return text && node_list_has(node_find(expression, "values"), text);
    if (how && strcmp(how, "NotIn") == 0)
        return !(text && node_list_has(node_find(expression, "values"), text));
    if (how && strcmp(how, "Exists") == 0)
        return text;
    *known = *known && how && strcmp(how, "DoesNotExist") == 0;
    return !text;
}

bool selector_takes(const struct node *selector, const struct node *parameters, bool *known)
{
    const struct node *labels = node_find(selector, "matchLabels"), *list = node_find(selector, "matchExpressions");
    bool taken = true;
    for (uint32_t i = 0; node_is_map(labels) && i < labels->count; i++) {
        const char *text = value_at(parameters, labels->entries[i].key->text);
        taken = taken && text && node_equals(labels->entries[i].value, text);
    }
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        taken = fits_expression(list->items[i], parameters, known) && taken;
    return taken;
}

bool same_keys(const struct node *keys, const struct node *left, const struct node *right)
{
    for (uint32_t i = 0; node_is_list(keys) && i < keys->count; i++) {
        const char *key = node_text(keys->items[i]), *one = key ? value_at(left, key) : NULL;
        const char *other = key ? value_at(right, key) : NULL;
        if (!one || !other || strcmp(one, other) != 0)
            return false;
    }
    return true;
}
