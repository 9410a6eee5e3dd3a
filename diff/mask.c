/* mask.c: hides secrets. */
#define _GNU_SOURCE /* strcasestr */
#include "diff/mask.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "diff/changes.h"

static const char secret[] = "secret", encrypted[] = "encrypted";
static const char lines[] = "secret lines"; /* in a text of several, the rest of which is shown */

/* Words that make a key's value a secret; `_` and `-` are left out of keys before they are compared. */
static const char *const secret_words[] = {"password",   "passwd",     "secret",     "token",     "apikey",
                                           "privatekey", "credential", "passphrase", "accesskey", NULL};

static bool key_is_secret(const char *key, size_t size)
{
    char plain[128];
    size_t length = 0;
    for (size_t i = 0; i < size && length + 1 < sizeof plain; i++)
        if (key[i] != '_' && key[i] != '-' && key[i] != '.')
            plain[length++] = (char)tolower((unsigned char)key[i]);
    plain[length] = '\0';
    for (size_t i = 0; secret_words[i]; i++)
        if (strstr(plain, secret_words[i]))
            return true;
    return false;
}

static size_t token_part(const char *at)
{
    size_t size = 0;
    while (isalnum((unsigned char)at[size]) || at[size] == '_' || at[size] == '-')
        size++;
    return size;
}

/* Three parts of base64 between points, of which the first is a JSON object. */
static size_t token_size(const char *at)
{
    size_t head = strncmp(at, "eyJ", 3) == 0 ? token_part(at) : 0;
    size_t body = head > 8 && at[head] == '.' ? token_part(at + head + 1) : 0;
    if (body < 4 || at[head + 1 + body] != '.')
        return 0;
    return head + body + 2 + token_part(at + head + body + 2);
}

static bool holds_secret(const char *text)
{
    const char *block = strstr(text, "-----BEGIN ");
    if (block && strstr(block, "PRIVATE KEY"))
        return true;
    for (const char *at = strstr(text, "eyJ"); at; at = strstr(at + 1, "eyJ"))
        if (token_size(at))
            return true;
    return false;
}

/* "key = value" or "key: value" whose key is secret: the size of what stands before the value; 0: it is none. */
static size_t assignment_size(const char *line, size_t size)
{
    size_t key = 0;
    while (key < size && line[key] != '=' && line[key] != ':')
        key++;
    size_t end = key, from;
    while (end && isspace((unsigned char)line[end - 1]))
        end--;
    for (from = end; from && !isspace((unsigned char)line[from - 1]);)
        from--;
    if (key == size || from == end || !key_is_secret(line + from, end - from))
        return 0;
    for (key++; key < size && line[key] == ' ';)
        key++;
    return key < size ? key : 0;
}

/* Lines of a longer text, as of a file in a ConfigMap. */
static bool has_assignment(const char *text)
{
    for (size_t size; *text; text += size + (text[size] == '\n')) {
        size = strcspn(text, "\n");
        if (assignment_size(text, size))
            return true;
    }
    return false;
}

struct mask_place mask_below(const struct mask_place *place, const struct node *around, const char *field)
{
    struct mask_place below = {
        .kind = place->kind, .list = field ? place->field : place->list, .field = field ? field : place->field};
    const char *kind = node_text(node_get(around, &key_kind));
    below.around = around;
    below.within = place->within;
    if (!field)
        return below;
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
    if (place->field && strcmp(place->field, "value") == 0 && name && key_is_secret(name, strlen(name)))
        return true;
    return is_in_config_map(place) && place->field && key_is_secret(place->field, strlen(place->field));
}

const char *mask_reason(const struct mask_place *place, const struct node *value)
{
    if (!node_is_scalar(value))
        return NULL;
    if (place->within || is_named_secret(place) || holds_secret(value->text))
        return secret;
    if (place->field && strcmp(place->field, "kubectl.kubernetes.io/last-applied-configuration") == 0)
        return secret;
    if (place->list && strcmp(place->list, "encryptedData") == 0)
        return encrypted;
    return is_in_config_map(place) && strchr(value->text, '\n') && has_assignment(value->text) ? lines : NULL;
}

/* The text with what its lines assign to secret keys taken out. */
static struct node *without_secret_lines(struct tree *tree, const struct node *value)
{
    struct text out = {0};
    for (const char *at = value->text; *at;) {
        size_t size = strcspn(at, "\n"), shown = assignment_size(at, size);
        text_bytes(&out, at, shown ? shown : size);
        if (shown)
            text_format(&out, "(%zu bytes, hidden)", size - shown);
        at += size;
        if (*at)
            text_byte(&out, *at++);
    }
    struct node *copy = tree_scalar(tree, text_content(&out), out.size, TAG_STRING, STYLE_LITERAL);
    text_free(&out);
    return copy;
}

static struct node *masked_value(struct tree *tree, const struct node *value, const char *reason, bool differs)
{
    char text[96];
    if (reason == lines)
        return without_secret_lines(tree, value);
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
    if (!reason)
        return value;
    masking->reason = masking->reason ? masking->reason : reason;
    return masked_value(masking->tree, value, reason, masking->compares && other && !nodes_equal(value, other));
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
    size_t hidden = assignment_size(text, strlen(text));
    if (holds_secret(text)) {
        text_format(out, "(%zu bytes, hidden)", strlen(text));
    } else if (hidden) {
        text_bytes(out, text, hidden);
        text_format(out, "(%zu bytes, hidden)", strlen(text + hidden));
    } else {
        text_string(out, text);
    }
}
