/* mask.c: hides secrets. */
#include "diff/mask.h"

#include <stdio.h>
#include <string.h>

#include "diff/changes.h"
#include "diff/secret_text.h"

static const char secret[] = "secret", encrypted[] = "encrypted";
static const char parts[] = "secret lines"; /* in a text, the rest of which is shown */

struct mask_place mask_below(const struct mask_place *place, const struct node *around, const char *field)
{
    struct mask_place below = {
        .kind = place->kind, .list = field ? place->field : place->list, .field = field ? field : place->field};
    const char *kind = node_text(node_get(around, &key_kind));
    below.around = around;
    below.within = place->within;
    below.in_text = place->in_text;
    if (!field)
        return below;
    below.within = below.within || (below.in_text && names_secret(field, strlen(field)));
    if (kind && node_get(around, &key_apiVersion))
        below.kind = kind;
    bool data = strcmp(field, "data") == 0 || strcmp(field, "stringData") == 0;
    below.within = below.within || (data && kind && strcmp(kind, "Secret") == 0);
    return below;
}

static bool is_in_config_map(const struct mask_place *place)
{
    return place->kind && strcmp(place->kind, "ConfigMap") == 0 && place->list && strcmp(place->list, "data") == 0;
}

static bool is_named_secret(const struct mask_place *place)
{
    const char *name = place->around ? node_text(node_get(place->around, &key_name)) : NULL;
    if (place->field && strcmp(place->field, "value") == 0 && name && names_secret(name, strlen(name)))
        return true;
    return is_in_config_map(place) && place->field && names_secret(place->field, strlen(place->field));
}

static bool is_command(const char *field)
{
    return field && (strcmp(field, "args") == 0 || strcmp(field, "command") == 0);
}

/* A text that may have secrets in some of its parts: a file's, a variable's, an option's. */
static bool may_have_parts(const struct mask_place *place)
{
    return is_in_config_map(place) || place->in_text || is_command(place->field) ||
           (place->field && strcmp(place->field, "value") == 0);
}

/* A copy of the text with its secret parts replaced; NULL: it has none. */
static struct node *without_parts(struct tree *tree, const struct mask_place *place, const struct node *value)
{
    struct text out = {0};
    bool any = (may_have_parts(place) || holds_password(value->text)) &&
               hide_secrets(value->text, is_command(place->field) ? NAMES_OF_OPTIONS : NAMES_OF_SETTINGS, &out);
    struct node *copy = any ? tree_scalar(tree, text_content(&out), out.size, TAG_STRING, STYLE_LITERAL) : NULL;
    text_free(&out);
    return copy;
}

/* Why a value is hidden as a whole; NULL: it is not. */
static const char *mask_reason(const struct mask_place *place, const struct node *value)
{
    if (place->within || is_named_secret(place) || holds_secret(value->text))
        return secret;
    if (place->field && strcmp(place->field, "kubectl.kubernetes.io/last-applied-configuration") == 0)
        return secret;
    return place->list && strcmp(place->list, "encryptedData") == 0 ? encrypted : NULL;
}

bool mask_shows_parts(const char *reason)
{
    return !reason || reason == parts;
}

static struct node *masked_value(struct tree *tree, const struct node *value, const char *reason, bool differs)
{
    char text[96];
    int size = snprintf(text, sizeof text, "(%u bytes, %s%s)", value->count, reason == secret ? "hidden" : reason,
                        differs ? ", changed" : "");
    return tree_scalar(tree, text, (size_t)size, TAG_STRING, STYLE_PLAIN);
}

/* How values are hidden: beside a counterpart, or alone. */
struct masking {
    struct tree *tree;
    const char *reason; /* of what was hidden first */
    bool compares;
};

static const struct node *mask_node(struct masking *masking, const struct mask_place *place, const struct node *value,
                                    const struct node *other);

/* Copies a map once one of its values has to be another one. */
static const struct node *mask_map(struct masking *masking, const struct mask_place *place, const struct node *map,
                                   const struct node *other)
{
    struct node *copy = NULL;
    for (size_t i = 0; i < map->count; i++) {
        const struct entry *entry = &map->entries[i];
        if (!entry->key)
            continue;
        struct mask_place below = mask_below(place, map, entry->key->text);
        const struct node *shown = mask_node(masking, &below, entry->value, node_find(other, entry->key->text));
        if (shown == entry->value)
            continue;
        struct node *slot = (struct node *)(uintptr_t)map;
        copy = copy ? copy : tree_own(masking->tree, &slot);
        copy->entries[i].value = (struct node *)(uintptr_t)shown;
    }
    return copy ? copy : map;
}

static const struct node *mask_list(struct masking *masking, const struct mask_place *place, const struct node *list,
                                    const struct node *other)
{
    struct node *copy = NULL;
    struct mask_place below = mask_below(place, list, NULL);
    for (size_t i = 0; i < list->count; i++) {
        const struct node *twin = node_is_list(other) && i < other->count ? other->items[i] : NULL;
        const struct node *shown = mask_node(masking, &below, list->items[i], twin);
        if (shown == list->items[i])
            continue;
        struct node *slot = (struct node *)(uintptr_t)list;
        copy = copy ? copy : tree_own(masking->tree, &slot);
        copy->items[i] = (struct node *)(uintptr_t)shown;
    }
    return copy ? copy : list;
}

static const struct node *mask_node(struct masking *masking, const struct mask_place *place, const struct node *value,
                                    const struct node *other)
{
    if (node_is_map(value))
        return mask_map(masking, place, value, other);
    if (node_is_list(value))
        return mask_list(masking, place, value, other);
    const char *reason = value ? mask_reason(place, value) : NULL;
    struct node *shown = value && !reason ? without_parts(masking->tree, place, value) : NULL;
    if (shown)
        reason = parts;
    if (!reason)
        return value;
    masking->reason = masking->reason ? masking->reason : reason;
    return shown ? shown
                 : masked_value(masking->tree, value, reason, masking->compares && other && !nodes_equal(value, other));
}

const struct node *mask_value(struct tree *tree, const struct mask_place *place, const struct node *value,
                              const char **reason)
{
    struct masking masking = {.tree = tree};
    const struct node *shown = value ? mask_node(&masking, place, value, NULL) : NULL;
    if (reason && masking.reason)
        *reason = masking.reason;
    return shown;
}

const struct node *mask_resource(struct tree *tree, const struct node *resource, const struct node *other)
{
    struct masking masking = {.tree = tree, .compares = other};
    return resource ? mask_node(&masking, &(struct mask_place){0}, resource, other) : NULL;
}

void mask_text(const char *text, struct text *out)
{
    if (holds_secret(text))
        text_format(out, "(%zu bytes, hidden)", strlen(text));
    else
        hide_secrets(text, NAMES_IN_MESSAGES, out);
}
