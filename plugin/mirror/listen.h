/* The two sockets that a mirror listens on. */
#ifndef PLUGIN_MIRROR_LISTEN_H
#define PLUGIN_MIRROR_LISTEN_H

#include "base/arena.h"
#include "base/error.h"

/* A Unix socket that only our user may connect to, in the place of one that a mirror has left. -1 with an error. */
int listen_local(const char *path, struct error *error);

/* "ADDRESS:PORT", in numbers. `address` gets the one that it became, with the port. -1 with an error. */
int listen_tcp(struct arena *arena, const char *wanted, const char **address, struct error *error);

#endif
