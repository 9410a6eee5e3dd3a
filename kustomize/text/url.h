/* URLs as messages show them, and the hosts that they name. */
#ifndef KUSTOMIZE_URL_H
#define KUSTOMIZE_URL_H

#include <stdbool.h>

#include "base/arena.h"

/* Whether a path is the URL of a file: http or https. */
bool url_is_file(const char *path);

/* The host that a URL or user@host:path names, in lower case, without port; NULL where there is none. */
char *url_host(struct arena *arena, const char *url);

/* A text for messages: the URLs in it without users' passwords and tokens, and without the values of queries that
 * kustomize does not know. */
char *url_without_secrets(struct arena *arena, const char *text);

#endif
