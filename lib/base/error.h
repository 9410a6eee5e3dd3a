/* The one error type.
 *
 * A function that can fail takes `struct error *` last, returns false (or NULL) after filling it, and leaves it
 * untouched on success. The first error wins: later ones are ignored. The text is the error's own and outlives every
 * arena; error_free releases it. Only the program's main function prints.
 *
 * A message names the thing, the place and the remedy, in one line, and no path outside of the repository. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/origin.h"
#include "base/text.h"

/* What a caller may decide by; nothing is decided by the text of a message. */
enum error_kind {
    ERROR_OTHER,
    ERROR_DUPLICATE_KEY, /* a key stands twice in a map */
    ERROR_NOT_FOUND,     /* no such file or directory */
    ERROR_NOT_SENT,      /* it lies in a part of the repository that was not sent */
    ERROR_ABSENT,        /* a resource or a target that is named is not there */
    ERROR_TWICE,         /* two resources have one id */
    ERROR_BEYOND_JSON,   /* YAML that JSON cannot express */
    ERROR_CLOSED_PIPE,   /* whoever read our output has seen enough */
};

struct error {
    enum error_kind kind;
    origin at;  /* where error_resolve is to look; 0: nowhere, or it has looked */
    char *file; /* NULL: no place */
    unsigned line, column;
    char *message; /* NULL: no error */
    char *excerpt; /* whole lines of the file and a caret, for a person; NULL: none */
};

/* Each fills `error` unless it is filled, and returns false, so that a caller can `return error_at(...)`. */
bool error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool error_at(struct error *error, origin at, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool error_in(struct error *error, struct place place, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same with a kind. */
bool error_set_kind(struct error *error, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool error_at_kind(struct error *error, enum error_kind kind, origin at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool error_in_kind(struct error *error, enum error_kind kind, struct place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* An error remembers an origin until whoever has the table of the origins, and still has the texts, looks up its file,
 * line and column: an engine for what goes wrong in it. Returns false. */
bool error_resolve(struct error *error, const struct origins *origins);

/* Gives an error that has no place one. */
void error_locate(struct error *error, struct place place);
void error_locate_at(struct error *error, origin at);
bool error_has_place(const struct error *error);

/* Puts what was being done before the message: "accumulating resources: no such file". Returns false. */
bool error_wrap(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts a remedy behind the message. Returns false. */
bool error_append(struct error *error, const char *text);

/* Keeps lines that show the place. */
void error_excerpt(struct error *error, const char *lines);

/* file:line:column: message, without a newline. */
void error_write(const struct error *error, struct text *out);

void error_free(struct error *error); /* leaves it empty, ready for use */

#endif
