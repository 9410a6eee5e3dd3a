/* The parts of fetching, for remote.c alone: who is allowed, where the cache keeps things, git, and http. */
#ifndef KUSTOMIZE_REMOTE_PARTS_H
#define KUSTOMIZE_REMOTE_PARTS_H

#include "base/text.h"
#include "kustomize/remote/remote.h"

/* fetch_allows.c: whether a URL may be fetched. `*local` tells whether its host may be this machine or a neighbour
 * without a router in between: where a pattern allowed the host, it may not. */
bool fetch_allows(const struct remote_options *options, const char *url, bool *local, struct error *error);

/* An address of this machine, of its link, or of none. `address` is a struct sockaddr. */
bool fetch_is_local_address(const void *address);

/* cache.c: the place of an entry, there or not, named by the digest of its parts. NULL without a
 * cache. `parts` end with NULL. */
char *cache_place(struct arena *arena, const struct remote_options *options, const char *kind,
                  const char *const *parts);

/* An empty directory that what is fetched is made in: in the cache, so that it can be renamed there, else any. */
char *cache_workplace(struct arena *arena, const struct remote_options *options, struct error *error);

/* Moves a finished directory to its place; if somebody else was faster, theirs stays and ours goes. */
bool cache_keep(const char *directory, const char *place, struct error *error);

/* Writes a file to its place; where that fails, it is fetched again the next time. */
void cache_write(const char *place, const void *bytes, size_t size);

/* git.c: a checkout of the repository's commit, in the cache or in a directory of its own. */
struct checkout {
    const char *path;
    bool temporary;
};
bool git_checkout(struct arena *arena, const struct remote_options *options, const struct repository_url *url,
                  struct checkout *out, struct error *error);
bool git_is_cached(struct arena *arena, const struct remote_options *options, const struct repository_url *url);

/* http.c: one GET, with up to 10 redirects. `etag` and `modified` are what the server said of a copy that we
 * have ("": nothing); with status 304 it is still good. True whenever a server answered. */
struct http_answer {
    long status;
    struct text body;
    char etag[256], modified[64];
};
bool http_get(const struct remote_options *options, const char *url, struct http_answer *answer, struct error *error);
const char *http_status_name(long status); /* as Go's StatusText */

#endif
