/* Secrets in texts: the words that name them, and what stands behind such words. */
#ifndef DIFF_SECRET_TEXT_H
#define DIFF_SECRET_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Whether a key says that its value is secret: DB_PASSWORD, api-key. */
bool names_secret(const char *key, size_t size);

/* Whether a text has a private key or a token in it, so that none of it can be shown. */
bool holds_secret(const char *text);

/* Whether a text has a password in a URL. */
bool holds_password(const char *text);

/* Which names count: any that has a word for secrets in it; of a command, those that end with one, since other options
 * are about a token's file; of a message, those that are no end of a path. */
enum secret_names { NAMES_OF_SETTINGS, NAMES_OF_OPTIONS, NAMES_IN_MESSAGES };

/* Appends a text in which each value that it gives to a secret's name is replaced by its size: in lines of properties,
 * in YAML, in JSON, among the words of a command line, in URLs. Returns whether there were any. */
bool hide_secrets(const char *text, enum secret_names names, struct text *out);

#endif
