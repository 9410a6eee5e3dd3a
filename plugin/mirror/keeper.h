/* Who keeps one copy up to date: a thread that fetches when somebody needs it, and from time to time.
 *
 * Who needs a commit that the copy does not have waits for a fetch that begins afterwards; all who wait share it. At
 * most one begins in a second. */
#ifndef PLUGIN_MIRROR_KEEPER_H
#define PLUGIN_MIRROR_KEEPER_H

#include "plugin/mirror/copy.h"

struct keeper;

/* What is known of a keeper, at one time. */
struct keeper_state {
    unsigned long begun, done;  /* fetches, by number */
    unsigned long good, failed; /* of those that are done */
    double seconds;             /* that they took altogether */
    long age;                   /* seconds since the last good one; -1: there was none */
    char problem[256];          /* of the last one; empty: it was good */
};

/* Starts the thread. After each fetch it writes a byte to `told`. `interval`: seconds after which it fetches unasked.
 */
struct keeper *keeper_start(struct copy *copy, long interval, int told);

const char *keeper_shown(const struct keeper *keeper); /* its URL without a password */
void keeper_read(struct keeper *keeper, struct keeper_state *out);

/* Asks for a fetch, because of a commit. Returns the number of the one that has to be done. */
unsigned long keeper_want(struct keeper *keeper, const char *commit);

/* Whether the copy has a commit: looked up by git once, and remembered. From one thread only. */
bool keeper_has(struct keeper *keeper, const char *commit);

#endif
