/* remote_options.c: turns the options about fetching into the engine's. */
#include "plugin/remote_options.h"

#include <stdlib.h>

#include "base/files.h"
#include "base/path.h"
#include "plugin/run/repository.h"

/* Source: the XDG Base Directory Specification; relative values are to be ignored. */
static const char *users_cache(struct arena *arena)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && path_is_absolute(cache))
        return path_join(arena, cache, "rootapp");
    return home && path_is_absolute(home) ? path_join(arena, home, ".cache/rootapp") : NULL;
}

static const char *given_cache(const char *given, struct arena *arena, struct error *error)
{
    const char *here = path_is_absolute(given) ? "/" : working_directory(arena, error);
    const char *cache = here ? path_join(arena, here, given) : NULL;
    if (cache && !directory_make(cache, error))
        error_wrap(error, "--cache");
    return error->message ? NULL : cache;
}

bool fetch_options_read(const struct fetch_options *given, enum fetch_trust trust, struct arena *arena,
                        struct remote_options *out, struct error *error)
{
    *out = (struct remote_options){.access = REMOTE_ANYWHERE, .offline = given->offline};
    out->hosts = given->hosts.items;
    out->host_count = given->hosts.count;
    if (given->hosts.count)
        out->access = REMOTE_LISTED;
    else if (trust == FETCH_FOR_OTHERS)
        out->access = REMOTE_REFUSED;
    if (given->cache)
        out->cache = given_cache(given->cache, arena, error);
    else if (trust == FETCH_FOR_USER)
        out->cache = users_cache(arena);
    return !error->message;
}
