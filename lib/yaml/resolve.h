/* What a plain scalar's text means, as go-yaml reads it.
 *
 * node_resolve (yaml/node.h) gives the tag by go-yaml v3, resolve_yaml11 the one by go-yaml v2. The other functions
 * give the value of a text that resolved to a number. Texts need no NUL behind them. */
#ifndef YAML_RESOLVE_H
#define YAML_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yaml/node.h"

struct integer {
    bool negative;
    uint64_t magnitude;
};

/* YAML 1.1: yes, on and their like are booleans. TAG_TIMESTAMP is reported although v2 then keeps the text. */
enum node_tag resolve_yaml11(const char *text, size_t size);

/* An integer in any notation of go-yaml: 12, 0x1F, 0b1, 0o17, 017, 1_000. False where it is none or has more than 64
 * bits (go-yaml then takes it for a float, or for a string). */
bool resolve_integer(const char *text, size_t size, struct integer *value);

/* A decimal number, .inf or .nan. False where it is none, or too large for a double. */
bool resolve_float(const char *text, size_t size, double *value);

struct tree;
/* What YAML 1.1 makes of a plain scalar: its text in JSON; NULL where it is refused. A key's is that of a JSON string.
 */
const char *read_as_yaml11(struct tree *tree, const char *text, size_t size, bool is_key);

#endif
