/* JSON by jansson, whose header no other file includes: documents that come from outside, as trees, and reports. */
#ifndef JSON_JSON_H
#define JSON_JSON_H

#include "base/error.h"
#include "base/text.h"
#include "yaml/tree.h"

/* Parses a JSON text; a duplicate key is an error. `what` is how messages call it. NULL with an error on failure. */
struct node *json_parse(struct tree *tree, const char *what, const char *text, size_t size, struct error *error);

/* Reports. A value belongs to the object or list that it is put into; the outermost one goes with json_value_free.
 * Texts are copied, and what is no UTF-8 in them is left out. A member whose text is NULL is left out. */
struct json_value;

struct json_value *json_map_new(void);
struct json_value *json_list_new(void);
void json_map_put(struct json_value *map, const char *name, struct json_value *value);
void json_map_put_text(struct json_value *map, const char *name, const char *text);
void json_map_put_number(struct json_value *map, const char *name, long long number);
struct json_value *json_bool_value(bool value);
void json_map_put_null(struct json_value *map, const char *name);
void json_map_add(struct json_value *map, struct json_value *more); /* all members of `more`, which is freed */
void json_list_put(struct json_value *list, struct json_value *value);
void json_list_put_text(struct json_value *list, const char *text);

/* Indented, members in the order in which they were put, with a newline behind. */
void json_value_write(const struct json_value *value, struct text *out);
void json_value_write_line(const struct json_value *value, struct text *out); /* the same in one line */
void json_value_free(struct json_value *value);

#endif
