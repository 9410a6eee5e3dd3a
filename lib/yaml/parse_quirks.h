/* The text behind libyaml's events, and where libyaml 0.2.5 and go-yaml disagree about it. Inner header of the parser.
 */
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
    char *copy;       /* the bytes, where they were rewritten */
    unsigned repairs; /* places that were rewritten for libyaml */
    bool stand_ins;   /* some of them by characters that stand for others */
};

/* False where the text has a byte order mark in the middle, or directives without end (libyaml compares all pairs). */
bool source_of(const struct part *part, const struct origins *origins, struct source *out, struct error *error);

static inline origin source_origin(const struct source *source, size_t character)
{
    return source->start ? source->start + (origin)character : 0;
}

/* The bytes of a character. Events come in the order of the text, so that all moves together read it once. */
const char *source_move(struct source *source, size_t character);

/* The first byte from `at` on that is no blank and no line break. */
const char *skip_space(const char *at, const char *end);

/* NULL, or why go-yaml refuses a scalar that stands between two characters. */
const char *scalar_quirk(struct source *source, const struct raw_scalar *raw, bool in_flow, size_t start, size_t end);

/* The same for a tag inside of [] or {}: to go-yaml a comma belongs to it. The value begins at this character. */
const char *tag_quirk(struct source *source, size_t start);

/* Whether go-yaml accepts what libyaml has just refused at a character. The text is then a copy in the arena, with
 * something in this place that libyaml reads in the same way, in as many characters. */
bool source_repair(struct source *source, struct arena *arena, enum dialect dialect, const char *problem,
                   size_t character);

/* Puts back into a scalar what a repair has replaced. */
void scalar_restore(const struct source *source, struct arena *arena, struct raw_scalar *raw);

#endif
