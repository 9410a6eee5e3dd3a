/* Remote bases and files: git repositories and http(s) files, fetched within what the caller allows.
 *
 * Repositories are fetched by the user's own git, files by libcurl, which is loaded when the first one is needed. Each
 * is fetched once per engine. With a cache (a directory that any number of processes may share) the checkout of a
 * commit is fetched once for all, and a branch or tag only when the server says that it has moved. */
#ifndef KUSTOMIZE_REMOTE_H
#define KUSTOMIZE_REMOTE_H

#include "base/error.h"
#include "kustomize/text/repository_url.h"
#include "source/source.h"

/* What a render may fetch. Zeroed: nothing. */
enum remote_access { REMOTE_REFUSED, REMOTE_LISTED, REMOTE_ANYWHERE };

struct remote_options {
    enum remote_access access;
    const char *const *hosts; /* REMOTE_LISTED: "git.example.com", "*.example.com" for those below, or "*" */
    size_t host_count;
    bool offline;      /* what the cache does not hold is an error */
    const char *cache; /* a directory, made when it is first needed; NULL, or it cannot be made: nothing is kept */
};

struct remote;

/* The options are copied, what they point to is borrowed. Nothing is read or made before the first use. */
struct remote *remote_new(const struct remote_options *options);
void remote_free(struct remote *remote); /* removes what was fetched without a cache; NULL is allowed */

/* One visit of a repository. Its files are confined to it. */
struct clone {
    struct repository_url url;
    const struct source *source;
    const char *name; /* the repository as messages show it */
};

/* Fetches a repository; NULL with an error. The clone is in the arena, its source lives as long as `remote`. */
struct clone *remote_clone(struct remote *remote, struct arena *arena, const struct repository_url *url,
                           struct error *error);

/* Whether it was fetched before, now or by an earlier process, so that nobody has to ask whether it is a file. */
bool remote_knows_repository(struct remote *remote, const struct repository_url *url);

/* Gets a file by its URL. The bytes live as long as `remote`. */
bool remote_read(struct remote *remote, const char *url, struct file_bytes *out, struct error *error);

/* A directory that somebody else fetches from a URL (helm its charts), by a function that fills an empty one: once for
 * this engine or, where it lasts, for all who share the cache. `parts` begin with the URL, end with NULL, and tell it
 * from others. NULL with an error; it lives as long as `remote`. */
typedef bool remote_fill(void *context, const char *directory, struct error *error);
const struct source *remote_directory(struct remote *remote, const char *const *parts, bool lasts, remote_fill *fill,
                                      void *context, struct error *error);

#endif
