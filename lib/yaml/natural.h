/* Orders of the keys of a map.
 *
 * go-yaml v2 prints keys in what it calls natural order: letters behind everything else, runs of digits by their value
 * ("a2" before "a10"). Its rule is no order in the strict sense: 9a < 11 < 1c < 9a. go-yaml's own output varies from
 * run to run there; ours follows from the order of the input. */
#ifndef YAML_NATURAL_H
#define YAML_NATURAL_H

#include <stdbool.h>
#include <stddef.h>

struct sort_key {
    const char *text; /* UTF-8, borrowed */
    size_t size;
    const void *value; /* the caller's */
};

/* Whether the left key stands before the right one. */
typedef bool key_order(const char *left, size_t left_size, const char *right, size_t right_size);

key_order natural_order;  /* go-yaml v2's */
key_order bytewise_order; /* Go's strings, and so encoding/json's */

/* Sorts in place; equal keys stay in their order. */
void sort_keys(struct sort_key *keys, size_t count, key_order *before);

#endif
