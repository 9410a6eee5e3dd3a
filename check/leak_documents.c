/* leak_documents.c: Secrets with values and generators of Secrets, in documents, lists, patches and texts within texts.
 */
#include <ctype.h>
#include <string.h>

#include "check/leaks.h"
#include "yaml/layout.h"

enum { DEEPEST = 60, SMALLEST_TEXT = 20 };

/* A text that is walked through. One that a scalar of another text holds knows where that is. */
struct walk {
    const char *file;
    const struct layout *layout;
    struct findings *findings;
    const struct walk *outer; /* NULL: the file itself */
    const struct layout_node *scalar;
    bool of_secret; /* a patch whose target is a Secret */
    unsigned depth;
};

static void walk_text(const struct walk *outer, const struct layout_node *scalar, bool of_secret);
static void walk_node(struct walk *walk, const struct layout_node *node);

/* Places. */

static size_t blanks_at_line(const struct layout *layout, unsigned line)
{
    const char *at = layout->bytes;
    for (; line > 1 && at; line--)
        at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    return at ? strspn(at, " ") : 0;
}

/* The lines of a block scalar stand below each other as they are in the text that it holds. */
static struct place place_at(const struct walk *walk, uint32_t at)
{
    struct place place = layout_place(walk->layout, at);
    if (!walk->outer) {
        place.file = walk->file;
        return place;
    }
    struct place outer = place_at(walk->outer, walk->scalar->start);
    if (walk->scalar->style != STYLE_LITERAL)
        return outer;
    size_t inner_blanks = blanks_at_line(walk->layout, place.line);
    size_t outer_blanks = walk->outer->outer ? 0 : blanks_at_line(walk->outer->layout, outer.line + place.line);
    size_t shift = outer_blanks > inner_blanks ? outer_blanks - inner_blanks : 0;
    return (struct place){walk->file, outer.line + place.line, place.column + (unsigned)shift};
}

static void tell_leak(const struct walk *walk, enum rule_id id, const struct layout_node *node, const char *message)
{
    bool one_line = !walk->outer && node->end > node->start &&
                    !memchr(walk->layout->bytes + node->start, '\n', node->end - node->start);
    leak_add(walk->findings, id, place_at(walk, node->start), one_line ? node->end - node->start : 0, message);
}

static bool is_value(const struct layout_node *value)
{
    if (!value || value->kind == LAYOUT_NOTHING)
        return false;
    if (value->kind != LAYOUT_SCALAR)
        return value->kind == LAYOUT_ALIAS; /* a map is a template: {{ .Values.password }} */
    bool is_null = value->style == STYLE_PLAIN && (strcmp(value->text, "null") == 0 || strcmp(value->text, "~") == 0);
    return value->size && !is_null && !is_filled_in(value->text, value->size);
}

/* Secrets. */

static bool has_values(const struct layout_node *map, const char *key)
{
    const struct layout_node *values = layout_value(map, key);
    for (uint32_t i = 0; values && values->kind == LAYOUT_MAP && i < values->count; i++)
        if (is_value(values->items[i].value))
            return true;
    return false;
}

static void look_for_secret(const struct walk *walk, const struct layout_node *map)
{
    const char *version = layout_text(layout_value(map, "apiVersion")), *kind = layout_text(layout_value(map, "kind"));
    bool is_secret =
        kind ? strcmp(kind, "Secret") == 0 && (!version || strcmp(version, "v1") == 0) : walk->of_secret && !version;
    if (!is_secret || layout_value(map, "sops") || layout_has_text(map, "$patch", "delete") ||
        (!has_values(map, "data") && !has_values(map, "stringData")))
        return;
    const char *name = layout_text(layout_value(layout_value(map, "metadata"), "name"));
    tell_leak(walk, RA501, kind ? layout_value(map, "kind") : map,
              arena_format(walk->findings->arena, "Secret '%s' is in git in plain text", name ? name : ""));
}

static void look_for_operation(const struct walk *walk, const struct layout_node *map)
{
    const char *path = layout_text(layout_value(map, "path"));
    if (!path || !(layout_has_text(map, "op", "add") || layout_has_text(map, "op", "replace")) ||
        !is_value(layout_value(map, "value")))
        return;
    if (strncmp(path, "/stringData", 11) == 0 || (walk->of_secret && strncmp(path, "/data", 5) == 0))
        tell_leak(walk, RA501, layout_value(map, "path"),
                  "a patch gives a Secret a value that is in git in plain text");
}

/* Generators. */

static void tell_generated(const struct walk *walk, const struct layout_node *item, const char *generator, bool literal)
{
    const char *equals = strchr(item->text, '=');
    struct arena *arena = walk->findings->arena;
    if (literal && equals &&
        is_value(&(struct layout_node){.kind = LAYOUT_SCALAR,
                                       .style = STYLE_SINGLE_QUOTED,
                                       .text = equals + 1,
                                       .size = (uint32_t)strlen(equals + 1)}))
        tell_leak(walk, RA502, item,
                  arena_format(arena, "secretGenerator '%s' has the value of '%.*s' in plain text", generator,
                               (int)(equals - item->text), item->text));
    if (!literal && item->size)
        tell_leak(walk, RA502, item,
                  arena_format(arena, "secretGenerator '%s' reads '%s', which is in git in plain text", generator,
                               item->text));
}

static void look_at_generator(const struct walk *walk, const struct layout_node *generator)
{
    static const char *const fields[] = {"literals", "envs", "files"};
    const char *name = layout_text(layout_value(generator, "name"));
    name = name ? name : layout_text(layout_value(layout_value(generator, "metadata"), "name"));
    const struct layout_node *env = layout_value(generator, "env");
    if (layout_text(env))
        tell_generated(walk, env, name ? name : "", false);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct layout_node *list = layout_value(generator, fields[i]);
        for (uint32_t k = 0; list && list->kind == LAYOUT_LIST && k < list->count; k++)
            if (layout_text(list->items[k].value))
                tell_generated(walk, list->items[k].value, name ? name : "", i == 0);
    }
}

static void look_for_generators(const struct walk *walk, const struct layout_node *map)
{
    const struct layout_node *list = layout_value(map, "secretGenerator");
    for (uint32_t i = 0; list && list->kind == LAYOUT_LIST && i < list->count; i++)
        look_at_generator(walk, list->items[i].value);
    if (layout_has_text(map, "kind", "SecretGenerator"))
        look_at_generator(walk, map);
}

/* Settings that look like secrets where none should be. */

static void tell_setting(const struct walk *walk, const struct layout_node *at, const char *name, size_t size,
                         const char *value)
{
    if (is_secret_setting(name, size, value, strlen(value)))
        tell_leak(walk, RA503, at,
                  arena_format(walk->findings->arena, "'%.*s' looks like a secret, and its value is here in plain text",
                               (int)size, name));
}

static void look_for_settings(const struct walk *walk, const struct layout_node *map)
{
    const struct layout_node *data = layout_has_text(map, "kind", "ConfigMap") ? layout_value(map, "data") : NULL;
    for (uint32_t i = 0; data && data->kind == LAYOUT_MAP && i < data->count; i++)
        if (layout_text(data->items[i].key) && layout_text(data->items[i].value))
            tell_setting(walk, data->items[i].key, data->items[i].key->text, data->items[i].key->size,
                         data->items[i].value->text);
    const struct layout_node *name = layout_value(map, "name"), *value = layout_value(map, "value");
    if (layout_text(name) && layout_text(value))
        tell_setting(walk, value, name->text, name->size, value->text);
    const struct layout_node *literals = layout_value(map, "literals");
    for (uint32_t i = 0; literals && literals->kind == LAYOUT_LIST && i < literals->count; i++) {
        const char *text = layout_text(literals->items[i].value), *equals = text ? strchr(text, '=') : NULL;
        if (equals)
            tell_setting(walk, literals->items[i].value, text, (size_t)(equals - text), equals + 1);
    }
}

/* The walk. */

static void walk_map(struct walk *walk, const struct layout_node *map)
{
    bool generates = layout_value(map, "secretGenerator") || layout_has_text(map, "kind", "SecretGenerator");
    look_for_secret(walk, map);
    look_for_operation(walk, map);
    look_for_generators(walk, map);
    look_for_settings(walk, map);
    const struct layout_node *patch =
        layout_has_text(layout_value(map, "target"), "kind", "Secret") ? layout_value(map, "patch") : NULL;
    for (uint32_t i = 0; i < map->count; i++) {
        const char *key = layout_text(map->items[i].key);
        if (patch && map->items[i].value == patch && layout_text(patch))
            walk_text(walk, patch, true);
        else if (!(generates && key && (strcmp(key, "secretGenerator") == 0 || strcmp(key, "literals") == 0)))
            walk_node(walk, map->items[i].value);
    }
}

static void walk_node(struct walk *walk, const struct layout_node *node)
{
    if (!node || walk->depth > DEEPEST)
        return;
    walk->depth++;
    if (node->kind == LAYOUT_MAP && !layout_has_text(node, "kind", "CustomResourceDefinition"))
        walk_map(walk, node);
    for (uint32_t i = 0; node->kind == LAYOUT_LIST && i < node->count; i++)
        walk_node(walk, node->items[i].value);
    if (node->kind == LAYOUT_SCALAR && node->size > SMALLEST_TEXT && strstr(node->text, "Secret") &&
        strpbrk(node->text, "\n{"))
        walk_text(walk, node, false);
    walk->depth--;
}

static void walk_bytes(struct walk *walk, const char *bytes, size_t size)
{
    struct layout layout;
    struct error ignored = {0};
    walk->layout = &layout;
    if (layout_read(walk->findings->arena, walk->file, bytes, size, &layout, &ignored))
        for (size_t i = 0; i < layout.count; i++)
            walk_node(walk, layout.documents[i]);
    error_free(&ignored);
}

static void walk_text(const struct walk *outer, const struct layout_node *scalar, bool of_secret)
{
    struct walk walk = {.file = outer->file,
                        .findings = outer->findings,
                        .outer = outer,
                        .scalar = scalar,
                        .of_secret = of_secret,
                        .depth = outer->depth + 1};
    if (walk.depth < DEEPEST)
        walk_bytes(&walk, scalar->text, scalar->size);
}

/* Most files have no word of what is looked for, and need not be read as YAML. */
/* A word of its own: SealedSecret and ExternalSecret hold none. In a text within a text a tab may be written \t. */
static bool has_secret_word(const char *text)
{
    for (const char *at = text; (at = strstr(at, "Secret")); at += 6)
        if (at == text || !isalpha((unsigned char)at[-1]) || (at > text + 1 && at[-2] == '\\'))
            return true;
    return false;
}

static bool may_hold_any(const char *text, const struct letter_pairs *pairs)
{
    static const char *const words[] = {"secretGenerator", "stringData"};
    static const char *const settings[] = {"ConfigMap", "configMapGenerator", "value:", "\"value\""};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (letter_pairs_may_make(pairs, words[i]) && strstr(text, words[i]))
            return true;
    if (has_secret_word(text))
        return true;
    for (size_t i = 0; may_name_secret(pairs) && i < sizeof settings / sizeof *settings; i++)
        if (strstr(text, settings[i]))
            return true;
    return false;
}

void leaks_in_documents(const char *file, const struct file_bytes *text, const struct letter_pairs *pairs,
                        struct findings *findings)
{
    struct walk walk = {.file = file, .findings = findings};
    if (may_hold_any(text->bytes, pairs))
        walk_bytes(&walk, text->bytes, text->size);
}

void leaks_in_secret_patch(const char *file, const struct file_bytes *text, struct findings *findings)
{
    struct walk walk = {.file = file, .findings = findings, .of_secret = true};
    walk_bytes(&walk, text->bytes, text->size);
}
