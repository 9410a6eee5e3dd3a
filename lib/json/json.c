/* json.c: reads and writes JSON with jansson, whose header no other file includes. */
#include "json/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* jansson nests no deeper than 2048, its JSON_PARSER_MAX_DEPTH, so recursion is bounded. */
static struct node *convert_value(struct tree *tree, json_t *value);

static struct node *convert_map(struct tree *tree, json_t *object)
{
    struct node *map = tree_map(tree);
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) tree_set_named(tree, map, key, convert_value(tree, value));
    return map;
}

static struct node *convert_list(struct tree *tree, const json_t *array)
{
    struct node *list = tree_list(tree);
    for (size_t i = 0; i < json_array_size(array); i++)
        tree_append(tree, list, convert_value(tree, json_array_get(array, i)));
    return list;
}

static struct node *convert_real(struct tree *tree, double number)
{
    char text[32];
    int size = snprintf(text, sizeof text, "%.17g", number);
    return tree_scalar(tree, text, (size_t)size, TAG_FLOAT, STYLE_PLAIN);
}

static struct node *convert_value(struct tree *tree, json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return convert_map(tree, value);
    case JSON_ARRAY:
        return convert_list(tree, value);
    case JSON_STRING:
        return tree_scalar(tree, json_string_value(value), json_string_length(value), TAG_STRING, STYLE_PLAIN);
    case JSON_INTEGER:
        return tree_int(tree, json_integer_value(value));
    case JSON_REAL:
        return convert_real(tree, json_real_value(value));
    case JSON_TRUE:
    case JSON_FALSE:
        return tree_bool(tree, json_is_true(value));
    case JSON_NULL:
        break;
    }
    return tree_null(tree);
}

/* Instead of malloc: jansson never sees it fail. */
static void *take_memory(size_t size)
{
    return memory_resize(NULL, size);
}

struct node *json_parse(struct tree *tree, const char *what, const char *text, size_t size, struct error *error)
{
    json_error_t problem;
    json_set_alloc_funcs(take_memory, free);
    json_t *value = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &problem);
    if (!value) {
        error_set(error, "%s is no JSON: line %d, column %d: %s", what, problem.line, problem.column, problem.text);
        return NULL;
    }
    struct node *node = convert_value(tree, value);
    json_decref(value);
    return node;
}

/* Writing. */

static json_t *inner_value(struct json_value *value)
{
    return (json_t *)value;
}

static struct json_value *outer_value(json_t *value)
{
    memory_check(value);
    return (struct json_value *)value;
}

struct json_value *json_map_new(void)
{
    json_set_alloc_funcs(take_memory, free);
    return outer_value(json_object());
}

struct json_value *json_list_new(void)
{
    json_set_alloc_funcs(take_memory, free);
    return outer_value(json_array());
}

static json_t *new_text(const char *text)
{
    struct text valid = {0};
    utf8_add_valid(&valid, text, strlen(text));
    json_t *value = json_stringn(text_content(&valid), valid.size);
    text_free(&valid);
    memory_check(value);
    return value;
}

void json_map_put(struct json_value *map, const char *name, struct json_value *value)
{
    json_object_set_new(inner_value(map), name, inner_value(value));
}

void json_map_put_text(struct json_value *map, const char *name, const char *text)
{
    if (text)
        json_object_set_new(inner_value(map), name, new_text(text));
}

void json_map_put_number(struct json_value *map, const char *name, long long number)
{
    json_object_set_new(inner_value(map), name, json_integer(number));
}

struct json_value *json_bool_value(bool value)
{
    return outer_value(json_boolean(value));
}

void json_map_put_null(struct json_value *map, const char *name)
{
    json_object_set_new(inner_value(map), name, json_null());
}

void json_map_add(struct json_value *map, struct json_value *more)
{
    json_object_update(inner_value(map), inner_value(more));
    json_decref(inner_value(more));
}

void json_list_put(struct json_value *list, struct json_value *value)
{
    json_array_append_new(inner_value(list), inner_value(value));
}

void json_list_put_text(struct json_value *list, const char *text)
{
    json_array_append_new(inner_value(list), new_text(text));
}

static int add_bytes(const char *bytes, size_t size, void *out)
{
    text_bytes(out, bytes, size);
    return 0;
}

void json_value_write(const struct json_value *value, struct text *out)
{
    json_dump_callback((const json_t *)value, add_bytes, out, JSON_INDENT(2));
    text_byte(out, '\n');
}

void json_value_write_line(const struct json_value *value, struct text *out)
{
    json_dump_callback((const json_t *)value, add_bytes, out, JSON_COMPACT);
    text_byte(out, '\n');
}

void json_value_free(struct json_value *value)
{
    json_decref(inner_value(value));
}
