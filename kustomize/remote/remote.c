/* remote.c: remembers what was fetched, and fetches what was not. */
#include "kustomize/remote/remote.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/map.h"
#include "kustomize/remote/remote_parts.h"
#include "kustomize/text/url.h"

/* A repository or file that was asked for, and what came of it. */
struct fetched {
    char *failure; /* NULL: it is there */
    struct source *source;
    const char *temporary; /* a directory that goes with us; NULL: none */
    struct file_bytes file;
    struct fetched *next;
};

struct remote {
    struct remote_options options;
    struct arena *arena;
    struct map *repositories, *files, *directories;
    struct fetched *all;
};

struct remote *remote_new(const struct remote_options *options)
{
    struct remote *remote = memory_new(sizeof *remote);
    remote->options = *options;
    return remote;
}

static void start_cache(struct remote *remote)
{
    struct error ignored = {0};
    if (remote->arena)
        return;
    if (remote->options.cache && !directory_make(remote->options.cache, &ignored))
        remote->options.cache = NULL;
    error_free(&ignored);
    remote->arena = arena_new();
    remote->repositories = map_new(remote->arena);
    remote->files = map_new(remote->arena);
    remote->directories = map_new(remote->arena);
}

void remote_free(struct remote *remote)
{
    if (!remote)
        return;
    for (struct fetched *fetched = remote->all; fetched; fetched = fetched->next) {
        source_free(fetched->source);
        if (fetched->temporary)
            directory_remove(fetched->temporary);
    }
    if (remote->arena)
        arena_free(remote->arena);
    free(remote);
}

/* The memory of one key; new ones are empty. */
static struct fetched *recall_fetched(struct remote *remote, struct map *map, const char *key, bool *is_new)
{
    const char *copy = arena_string(remote->arena, key);
    void **slot = map_slot(map, copy, strlen(copy));
    *is_new = !*slot;
    if (*slot)
        return *slot;
    struct fetched *fetched = *slot = ARENA_NEW(remote->arena, struct fetched);
    fetched->next = remote->all;
    remote->all = fetched;
    return fetched;
}

/* A failure is told once for each use, and not tried again. */
static bool settle_fetched(struct remote *remote, struct fetched *fetched, bool is_new, struct error *error)
{
    if (is_new && error->message)
        fetched->failure = arena_string(remote->arena, error->message);
    return !fetched->failure || error_set(error, "%s", fetched->failure);
}

static const char *repository_key(struct remote *remote, const struct repository_url *url)
{
    start_cache(remote);
    return arena_format(remote->arena, "%s\n%s\n%d", url->clone, url->ref, url->submodules);
}

static bool remote_allows(struct remote *remote, const char *url, struct error *error);

static void fetch_repository(struct remote *remote, const struct repository_url *url, struct fetched *fetched,
                             struct error *error)
{
    struct checkout checkout = {0};
    if (!remote_allows(remote, url->clone, error) ||
        !git_checkout(remote->arena, &remote->options, url, &checkout, error))
        return;
    fetched->temporary = checkout.temporary ? checkout.path : NULL;
    fetched->source = source_directory(checkout.path, error);
}

struct clone *remote_clone(struct remote *remote, struct arena *arena, const struct repository_url *url,
                           struct error *error)
{
    bool is_new;
    const char *key = repository_key(remote, url); /* first: it makes the tables */
    struct fetched *fetched = recall_fetched(remote, remote->repositories, key, &is_new);
    if (is_new)
        fetch_repository(remote, url, fetched, error);
    if (!settle_fetched(remote, fetched, is_new, error))
        return NULL;
    struct clone *clone = ARENA_NEW(arena, struct clone);
    *clone = (struct clone){*url, fetched->source, url_without_secrets(arena, url->clone)};
    return clone;
}

bool remote_knows_repository(struct remote *remote, const struct repository_url *url)
{
    const char *key = repository_key(remote, url);
    const struct fetched *fetched = map_get(remote->repositories, key, strlen(key));
    return fetched ? !fetched->failure : git_is_cached(remote->arena, &remote->options, url);
}

/* Whether something may be fetched from there at all: by its host and, where hosts are listed, its protocol. */
static bool remote_allows(struct remote *remote, const char *url, struct error *error)
{
    bool local;
    return fetch_allows(&remote->options, url, &local, error);
}

/* A cached file: what the server said about it, a line each, and the content. */

static const char *take_line(struct file_bytes *rest, char *out, size_t room)
{
    const char *end = memchr(rest->bytes, '\n', rest->size);
    size_t size = end ? (size_t)(end - rest->bytes) : 0;
    if (!end || size >= room)
        return NULL;
    memcpy(out, rest->bytes, size);
    out[size] = '\0';
    rest->bytes += size + 1;
    rest->size -= size + 1;
    return out;
}

static bool read_cached(struct remote *remote, const char *place, struct http_answer *known, struct file_bytes *out)
{
    struct text text = {.limit = SOURCE_LARGEST_FILE + sizeof *known};
    bool good = place && file_read(place, &text);
    *out = (struct file_bytes){.bytes = good ? arena_copy(remote->arena, text_content(&text), text.size) : "",
                               .size = text.size};
    text_free(&text);
    good = good && take_line(out, known->etag, sizeof known->etag) &&
           take_line(out, known->modified, sizeof known->modified);
    if (!good)
        known->etag[0] = known->modified[0] = '\0';
    return good;
}

static void keep_file(const char *place, const struct http_answer *answer)
{
    struct text text = {0};
    text_format(&text, "%s\n%s\n", answer->etag, answer->modified);
    text_bytes(&text, text_content(&answer->body), answer->body.size);
    cache_write(place, text.bytes, text.size);
    text_free(&text);
}

static bool take_answer(struct remote *remote, const char *place, const struct http_answer *answer,
                        struct file_bytes *out, struct error *error)
{
    if (answer->status == 304)
        return true;
    if (answer->status < 200 || answer->status > 299)
        return error_set(error, "HTTP Error: status code %ld (%s)", answer->status, http_status_name(answer->status));
    *out = (struct file_bytes){.bytes = arena_copy(remote->arena, text_content(&answer->body), answer->body.size),
                               .size = answer->body.size};
    if (place)
        keep_file(place, answer);
    return true;
}

static bool fetch_file(struct remote *remote, const char *url, struct file_bytes *out, struct error *error)
{
    struct http_answer answer = {0};
    const char *place = cache_place(remote->arena, &remote->options, "files", (const char *const[]){url, NULL});
    if (!remote_allows(remote, url, error))
        return false;
    bool cached = read_cached(remote, place, &answer, out);
    if (remote->options.offline)
        return cached || error_set(error, "'%s' is not in the cache, and --offline forbids fetching it",
                                   url_without_secrets(remote->arena, url));
    bool good = http_get(&remote->options, url, &answer, error) && take_answer(remote, place, &answer, out, error);
    text_free(&answer.body);
    return good;
}

bool remote_read(struct remote *remote, const char *url, struct file_bytes *out, struct error *error)
{
    bool is_new;
    start_cache(remote);
    struct fetched *fetched = recall_fetched(remote, remote->files, url, &is_new);
    if (is_new)
        fetch_file(remote, url, &fetched->file, error);
    *out = fetched->file;
    return settle_fetched(remote, fetched, is_new, error);
}

/* Directories that others fill. */

static const char *fill_directory(struct remote *remote, const char *place, struct fetched *fetched, remote_fill *fill,
                                  void *context, struct error *error)
{
    const char *directory = cache_workplace(remote->arena, &remote->options, error);
    fetched->temporary = directory;
    if (!directory || !fill(context, directory, error) || !place)
        return directory;
    fetched->temporary = NULL;
    return cache_keep(directory, place, error) ? place : NULL;
}

static void fetch_directory(struct remote *remote, const char *const *parts, bool lasts, struct fetched *fetched,
                            remote_fill *fill, void *context, struct error *error)
{
    const char *place = lasts ? cache_place(remote->arena, &remote->options, "directories", parts) : NULL;
    const char *directory = place && access(place, F_OK) == 0 ? place : NULL;
    if (!remote_allows(remote, parts[0], error))
        return;
    if (!directory && remote->options.offline)
        error_set(error, "'%s' is not in the cache, and --offline forbids fetching it",
                  url_without_secrets(remote->arena, parts[0]));
    else if (!directory)
        directory = fill_directory(remote, place, fetched, fill, context, error);
    if (!error->message)
        fetched->source = source_directory(directory, error);
}

const struct source *remote_directory(struct remote *remote, const char *const *parts, bool lasts, remote_fill *fill,
                                      void *context, struct error *error)
{
    struct text key = {0};
    bool is_new;
    start_cache(remote);
    for (size_t i = 0; parts[i]; i++)
        text_format(&key, "%s\n", parts[i]);
    struct fetched *fetched = recall_fetched(remote, remote->directories, text_content(&key), &is_new);
    text_free(&key);
    if (is_new)
        fetch_directory(remote, parts, lasts, fetched, fill, context, error);
    return settle_fetched(remote, fetched, is_new, error) ? fetched->source : NULL;
}
