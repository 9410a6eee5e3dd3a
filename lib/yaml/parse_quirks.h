/* The text behind the events, and where go-yaml refuses what libyaml accepts. Inner header of the parser. */
#ifndef YAML_PARSE_QUIRKS_H
#define YAML_PARSE_QUIRKS_H

#include "yaml/parse_scalar.h"

/* A part without its byte order mark, as libyaml counts its characters. */
struct source {
    const char *bytes;
    size_t size;
    origin start;
    bool slash_escapes; /* it contains \/ somewhere */
    const char *at;     /* a character whose number is known */
    size_t number;
};

struct source source_of(const struct part *part);

static inline origin source_origin(const struct source *source, size_t character)
{
    return source->start ? source->start + (origin)character : 0;
}

/* NULL, or why go-yaml refuses a scalar that stands between two characters. */
const char *scalar_quirk(struct source *source, const struct raw_scalar *raw, bool in_flow, size_t start, size_t end);

#endif
