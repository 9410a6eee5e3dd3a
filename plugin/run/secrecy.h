/* Values that nobody else may see: kept out of cores, other processes, swap space, and memory that is free again. */
#ifndef PLUGIN_SECRECY_H
#define PLUGIN_SECRECY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Before the first value is read: a crash leaves no core, of programs that are run neither, and other processes of the
 * user cannot look into this one. */
void secrecy_begin(void);
void secrecy_end(void); /* when all values are forgotten */

/* Adds to a value. What it leaves when it needs more room is overwritten; its memory is not swapped out, as far as the
 * user's limit of locked memory goes. */
void secret_bytes(struct text *value, const void *bytes, size_t size);

/* Adds what a descriptor gives, to its end or to the end of the line, which is not added. False: it cannot be read, or
 * is larger than `most`. */
bool secret_read(int fd, size_t most, bool one_line, struct text *value);

/* Overwrites a value and frees it. */
void secret_forget(struct text *value);

#endif
