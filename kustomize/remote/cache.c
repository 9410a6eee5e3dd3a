/* cache.c: where fetched things are kept: each under the digest of what it is, complete from the moment that it
 * has its name. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/files.h"
#include "base/path.h"
#include "kustomize/remote/remote_parts.h"

static void digest_of(const char *const *parts, char digits[2 * DIGEST_SIZE + 1])
{
    struct text joined = {0};
    unsigned char digest[DIGEST_SIZE];
    for (; *parts; parts++)
        text_bytes(&joined, *parts, strlen(*parts) + 1);
    digest_sha256(text_content(&joined), joined.size, digest);
    text_free(&joined);
    for (size_t i = 0; i < DIGEST_SIZE; i++)
        snprintf(digits + 2 * i, 3, "%02x", digest[i]);
}

char *cache_place(struct arena *arena, const struct remote_options *options, const char *kind, const char *const *parts)
{
    char digits[2 * DIGEST_SIZE + 1];
    if (!options->cache)
        return NULL;
    digest_of(parts, digits);
    return arena_format(arena, "%s/%s/%s", options->cache, kind, digits);
}

static bool make_parent(const char *place, struct error *error)
{
    struct arena *arena = arena_new();
    bool good = directory_make(path_directory(arena, place), error);
    arena_free(arena);
    return good;
}

char *cache_workplace(struct arena *arena, const struct remote_options *options, struct error *error)
{
    if (!options->cache)
        return temporary_directory(arena, NULL, error);
    const char *parent = arena_format(arena, "%s/tmp", options->cache);
    return directory_make(parent, error) ? temporary_directory(arena, parent, error) : NULL;
}

bool cache_keep(const char *directory, const char *place, struct error *error)
{
    if (!make_parent(place, error))
        return false;
    if (temporary_directory_keep(directory, place))
        return true;
    int problem = errno;
    directory_remove(directory);
    if (problem == EEXIST || problem == ENOTEMPTY)
        return true;
    return error_set(error, "cannot keep '%s' in the cache: %s", place, strerror(problem));
}

void cache_write(const char *place, const void *bytes, size_t size)
{
    struct error ignored = {0};
    if (make_parent(place, &ignored))
        file_replace(place, bytes, size, &ignored);
    error_free(&ignored);
}
