/* The mirror's server: one thread that answers renders on a Unix socket (plugin/run/mirror_place.h), and Prometheus and
 * the kubelet by HTTP: /metrics, and /ready, which is 200 once each repository was asked for once. */
#ifndef PLUGIN_MIRROR_SERVE_H
#define PLUGIN_MIRROR_SERVE_H

#include "plugin/mirror/keeper.h"

struct service {
    const char *directory;
    const char *listen; /* "127.0.0.1:8085", "[::]:8085"; port 0: any; NULL: no HTTP */
    struct copy *copies;
    const char *const *names; /* of the copies, as renders call them */
    size_t count;
    long interval; /* seconds between fetches that nobody asks for */
};

/* Serves until the process ends; false where it cannot. */
bool serve(struct arena *arena, const struct service *service, struct error *error);

#endif
