/* Edits of a YAML or JSON text that keep every other byte.
 *
 * Each writes the whole new text to `out`, which is empty and the caller's to free; the layout is of the old one, so
 * that a second edit reads its own. What is new follows the style of what stands beside it: indentation, block or flow,
 * quotes, separators and line breaks. Comments stay where they are.
 *
 * An edit reads the new text: its layout is the old one but for what was to change. Who needs to know what that does
 * to aliases, merge keys or duplicate keys reads the text and compares. False: it cannot be done to this text; the
 * error says where, and `out` is to be dropped. */
#ifndef YAML_SPLICE_H
#define YAML_SPLICE_H

#include "base/text.h"
#include "yaml/layout.h"

/* Gives a scalar a new string, or writes one where nothing is. Quotes stay. A plain scalar gets quotes exactly where
 * its new text would not be read as this string (string_is_plain): those that the file uses, else double ones. Aliases
 * and block scalars are refused. */
bool splice_string(const struct layout *layout, const struct layout_node *scalar, const char *string, size_t size,
                   struct text *out, struct error *error);

/* Writes a value where nothing is: behind the key of an entry that has none. */
bool splice_value(const struct layout *layout, const struct layout_item *entry, const struct node *value,
                  struct text *out, struct error *error);

/* Adds an item behind the last one of a list, and an entry behind the last one of a map. */
bool splice_add_item(const struct layout *layout, const struct layout_node *list, const struct node *item,
                     struct text *out, struct error *error);
bool splice_add_entry(const struct layout *layout, const struct layout_node *map, const char *key,
                      const struct node *value, struct text *out, struct error *error);

/* Removes an item of a list or an entry of a map. Where it was the only one, [] or {} remains. */
bool splice_remove(const struct layout *layout, const struct layout_node *of, uint32_t index, struct text *out,
                   struct error *error);

/* Whether a string can be written without quotes, so that every reader takes it for this string: go-yaml v2 and v3 as
 * kustomize uses them, and those of YAML 1.1 and 1.2 (PyYAML, ruamel, js-yaml, libyaml's). Not so null, 1.30, 12e45,
 * yes, 0x1f, 1_000, 12:30 or 2001-01-01. A NUL stands behind the string. */
bool string_is_plain(const char *string, size_t size, bool in_flow);

#endif
