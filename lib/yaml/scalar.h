/* The final form of scalars: what go-yaml v3, Go's encoding/json and go-yaml v2 make of a value, one after the other.
 *
 * Everything here is about texts and numbers alone; emit_value.h applies it to nodes. */
#ifndef YAML_SCALAR_H
#define YAML_SCALAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "yaml/resolve.h"

enum { NUMBER_SIZE = 40 }; /* enough for any number or date below, with its NUL */

/* Each writes a text with a NUL and returns its size. Numbers are finite. */
size_t scalar_integer(const struct integer *value, char out[NUMBER_SIZE]);
size_t scalar_json_float(double value, char out[NUMBER_SIZE]); /* as encoding/json: 1e-7, 100000000000000000000 */
size_t scalar_yaml_float(double value, char out[NUMBER_SIZE]); /* as go-yaml v2 prints what JSON left: 1e-07, 1e+20 */
size_t scalar_go_float(double value, char out[NUMBER_SIZE]);   /* as FormatFloat(value, 'g', -1, 64): 999999, 1e+06 */

/* A text that resolves to a timestamp, with a NUL behind it, in RFC 3339 with nanoseconds where it has a fraction:
 * 2001-02-03T00:00:00Z. Returns 0 where Go's JSON refuses it: a zone of 24 hours. */
size_t scalar_timestamp(const char *text, char out[NUMBER_SIZE]);

/* Appends the bytes of a base64 text as Go's StdEncoding decodes it: padded, line breaks ignored. False: it is none. */
bool scalar_base64(const char *text, size_t size, struct text *out);

/* Whether go-yaml v2 would print a one-line string in double quotes, because its plain form is, or was in YAML 1.1,
 * something else: null, 1, yes, 12:30. */
bool scalar_needs_quotes(const char *text, size_t size);

#endif
