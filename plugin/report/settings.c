/* settings.c: compares the resources of an app's environments, field by field. */
#include "plugin/report/settings.h"

#include <ctype.h>
#include <string.h>

#include "base/intern.h"
#include "base/map.h"
#include "diff/mask.h"
#include "plugin/run/leaves.h"

enum { MOST_SETTINGS = 500 };

/* A resource in all columns, or a field of it: what is compared, and what is shown. */
struct setting_field {
    const char *path;
    const char **compared, **shown; /* by column; NULL: absent */
};

struct subject {
    const char *kind, *name;
    const struct check_object **objects; /* by column; NULL: absent */
};

struct setting_comparison {
    struct arena *arena;
    struct tree tree; /* of hidden values */
    struct settings *out;
    struct map *by_name; /* of subjects */
    struct subject **subjects;
    size_t count, room;
};

/* Texts without what each environment has of its own. */

/* Where a hash of kustomize begins, of a name that ends with one; else its end. */
static size_t hash_start(const char *name)
{
    enum { HASH = 10 };
    size_t size = strlen(name);
    bool hashed =
        size > HASH + 1 && name[size - HASH - 1] == '-' && strspn(name + size - HASH, "2456789bcdfghkmt") == HASH;
    return hashed ? size - HASH - 1 : size;
}

static bool is_hashed_name(const struct board_target *target, const char *text)
{
    if (!text[hash_start(text)])
        return false;
    for (size_t i = 0; i < target->object_count; i++)
        if (strcmp(target->objects[i].name, text) == 0)
            return true;
    return false;
}

static bool is_word_at(const char *text, const char *at, size_t size)
{
    return (at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[size]);
}

/* "shop.dev.example.com" of dev and "shop.prod.example.com" of prod are the same. */
static const char *without_environment(struct arena *arena, const char *text, const char *environment)
{
    struct text out = {0};
    size_t size = strlen(environment);
    const char *from = text;
    for (const char *at = strstr(text, environment); at; at = strstr(at + 1, environment))
        if (is_word_at(text, at, size)) {
            text_bytes(&out, from, (size_t)(at - from));
            text_string(&out, "{env}");
            from = at + size;
        }
    if (from == text)
        return text;
    text_string(&out, from);
    const char *copy = arena_copy(arena, text_content(&out), out.size);
    text_free(&out);
    return copy;
}

static const char *neutral_text(struct arena *arena, const struct board_target *target, const char *text)
{
    if (target->row.namespace && strcmp(text, target->row.namespace) == 0)
        return "{namespace}";
    if (is_hashed_name(target, text))
        text = arena_copy(arena, text, hash_start(text));
    return without_environment(arena, text, target->row.target->environment);
}

/* What the mask made of a secret. */
static bool is_hidden(const struct node *value)
{
    size_t size = node_is_scalar(value) ? strlen(value->text) : 0;
    return size && *value->text == '(' && value->text[size - 1] == ')' && strstr(value->text, " bytes, ");
}

static const char *value_text(const struct node *value)
{
    if (node_is_scalar(value))
        return *value->text ? value->text : "\"\"";
    return node_is_list(value) ? "[]" : "{}";
}

/* Differences. */

static bool all_same(const char *const *texts, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (!texts[0] != !texts[i] || (texts[0] && strcmp(texts[0], texts[i]) != 0))
            return false;
    return true;
}

static void add_setting(struct setting_comparison *comparison, const struct subject *subject, const char *field,
                        const char **values)
{
    struct settings *out = comparison->out;
    out->is_cut = out->count == MOST_SETTINGS;
    if (out->is_cut)
        return;
    out->items = arena_grow(comparison->arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = (struct setting){subject->kind, subject->name, field, values};
}

/* Images and replicas are in the board; a checksum follows from a file. */
static bool is_told_elsewhere(const struct leaf *leaf)
{
    const char *last = leaf->count ? leaf->steps[leaf->count - 1].key : NULL;
    return (last && (strcmp(last, "image") == 0 || strncmp(last, "checksum/", strlen("checksum/")) == 0)) ||
           strcmp(leaf->path, "spec.replicas") == 0;
}

struct setting_fields {
    struct map *by_path;
    struct setting_field **items;
    size_t count, room;
};

static struct setting_field *field_of(struct setting_comparison *comparison, struct setting_fields *fields,
                                      const char *path)
{
    struct setting_field **slot = (struct setting_field **)map_slot(fields->by_path, path, strlen(path));
    if (*slot)
        return *slot;
    size_t columns = comparison->out->column_count;
    *slot = ARENA_NEW(comparison->arena, struct setting_field);
    **slot = (struct setting_field){path, ARENA_ARRAY(comparison->arena, columns, const char *),
                                    ARENA_ARRAY(comparison->arena, columns, const char *)};
    fields->items = arena_grow(comparison->arena, fields->items, fields->count, &fields->room, sizeof *fields->items);
    return fields->items[fields->count++] = *slot;
}

static void add_fields(struct setting_comparison *comparison, struct setting_fields *fields,
                       const struct subject *subject, size_t column)
{
    struct leaves leaves = {0};
    const struct board_target *target = comparison->out->columns[column];
    leaves_of(comparison->arena, mask_resource(&comparison->tree, subject->objects[column]->root, NULL), &leaves);
    for (size_t i = 0; i < leaves.count; i++) {
        const struct leaf *leaf = &leaves.items[i];
        if (is_told_elsewhere(leaf))
            continue;
        const char *path = neutral_text(comparison->arena, target, leaf->path), *text = value_text(leaf->node);
        struct setting_field *field = field_of(comparison, fields, path);
        bool hidden = is_hidden(leaf->node);
        field->compared[column] = hidden ? "(hidden)" : neutral_text(comparison->arena, target, text);
        field->shown[column] = hidden ? "(hidden)" : text;
    }
}

/* How many bytes the texts have in common, up to the beginning of a line. */
static size_t common_lines(const char *const *texts, size_t count)
{
    const char *first = NULL;
    size_t common = 0;
    for (size_t i = 0; i < count; i++) {
        if (!texts[i])
            continue;
        size_t same = 0;
        while (first && texts[i][same] && texts[i][same] == first[same])
            same++;
        common = !first ? strlen(texts[i]) : same < common ? same : common;
        first = first ? first : texts[i];
    }
    while (common && first[common - 1] != '\n')
        common--;
    return common;
}

/* Of texts of several lines, the first line in which they differ. */
static const char **shown_lines(struct arena *arena, const char **texts, size_t count)
{
    size_t common = common_lines(texts, count);
    for (size_t i = 0; i < count; i++) {
        if (!texts[i])
            continue;
        size_t size = strcspn(texts[i] + common, "\n");
        bool more = texts[i][common + size] && texts[i][common + size + 1];
        if (common || more)
            texts[i] =
                arena_format(arena, "%s%.*s%s", common ? "… " : "", (int)size, texts[i] + common, more ? " …" : "");
    }
    return texts;
}

static void compare_fields(struct setting_comparison *comparison, const struct subject *subject)
{
    size_t columns = comparison->out->column_count;
    struct setting_fields fields = {.by_path = map_new(comparison->arena)};
    for (size_t i = 0; i < columns; i++)
        add_fields(comparison, &fields, subject, i);
    for (size_t i = 0; i < fields.count; i++) {
        struct setting_field *field = fields.items[i];
        if (!all_same((const char *const *)field->compared, columns))
            add_setting(comparison, subject, field->path, shown_lines(comparison->arena, field->shown, columns));
    }
}

/* The resources. */

static struct subject *subject_of(struct setting_comparison *comparison, const struct board_target *target,
                                  const struct check_object *object)
{
    struct arena *arena = comparison->arena;
    const char *name = neutral_text(arena, target, object->name);
    const char *key = arena_format(arena, "%s/%s/%s", object->group, object->kind, name);
    struct subject **slot = (struct subject **)map_slot(comparison->by_name, key, strlen(key));
    if (*slot)
        return *slot;
    *slot = ARENA_NEW(arena, struct subject);
    **slot = (struct subject){object->kind, name,
                              ARENA_ARRAY(arena, comparison->out->column_count, const struct check_object *)};
    comparison->subjects =
        arena_grow(arena, comparison->subjects, comparison->count, &comparison->room, sizeof *comparison->subjects);
    return comparison->subjects[comparison->count++] = *slot;
}

static void find_subjects(struct setting_comparison *comparison)
{
    const struct settings *out = comparison->out;
    for (size_t i = 0; i < out->column_count; i++)
        for (size_t k = 0; k < out->columns[i]->object_count; k++)
            subject_of(comparison, out->columns[i], &out->columns[i]->objects[k])->objects[i] =
                &out->columns[i]->objects[k];
}

/* What some lack as a whole is one row. */
static void compare_subject(struct setting_comparison *comparison, const struct subject *subject)
{
    size_t columns = comparison->out->column_count, there = 0;
    const char **values = ARENA_ARRAY(comparison->arena, columns, const char *);
    for (size_t i = 0; i < columns; i++) {
        values[i] = subject->objects[i] ? "there" : NULL;
        there += subject->objects[i] != NULL;
    }
    if (there < columns)
        add_setting(comparison, subject, NULL, values);
    else
        compare_fields(comparison, subject);
}

void settings_find(const struct board *board, const struct board_app *app, struct settings *out)
{
    struct arena *arena = board->arena;
    struct setting_comparison comparison = {
        .arena = arena, .tree = {.arena = arena, .keys = intern_new(arena)}, .out = out, .by_name = map_new(arena)};
    *out = (struct settings){.columns = ARENA_ARRAY(arena, app->count + 1, const struct board_target *)};
    for (size_t i = 0; i < app->count; i++)
        if (app->targets[i].object_count)
            out->columns[out->column_count++] = &app->targets[i];
    if (out->column_count < 2)
        return;
    find_subjects(&comparison);
    for (size_t i = 0; i < comparison.count; i++)
        compare_subject(&comparison, comparison.subjects[i]);
}
