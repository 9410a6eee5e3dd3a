/* Where a mirror (plugin/mirror.c) keeps what it has, and how it is talked with: for it and for who reads from it.
 *
 *     DIR/lock                  locked while a mirror serves DIR
 *     DIR/socket                its user's alone
 *     DIR/repositories/NAME/    a bare repository; NAME is the SHA-256 of its URL
 *
 * On the socket, lines of at most MIRROR_LONGEST_LINE bytes. A client asks once, and may say later what became of it:
 *
 *     want NAME COMMIT          ->  have | missing WHY | unlisted
 *     rendered OUTCOME MILLISECONDS
 *
 * It names a repository by its name, so that it can make a mirror fetch only what the mirror's command line lists. */
#ifndef PLUGIN_MIRROR_PLACE_H
#define PLUGIN_MIRROR_PLACE_H

#include <stdbool.h>

#include "base/arena.h"

enum { MIRROR_LONGEST_LINE = 512, MIRROR_NAME_SIZE = 64 };

/* How a render ended that said nothing: killed, or out of time or memory. */
#define MIRROR_RENDER_ENDED "ended"
#define MIRROR_RENDER_FROM_MIRROR "mirror" /* of what the mirror has */
#define MIRROR_RENDER_FROM_SENT "sent"     /* of what Argo CD has sent */
#define MIRROR_RENDER_FAILED "failed"

/* 64 hexadecimal digits. A slash or ".git" at the end of a URL makes no difference. */
const char *mirror_name(struct arena *arena, const char *url);

const char *mirror_socket(struct arena *arena, const char *directory);
const char *mirror_repository(struct arena *arena, const char *directory, const char *name);

/* Whether a text is the full id of a commit: 40 or 64 hexadecimal digits in small letters. */
bool is_commit_id(const char *text);

#endif
