/* reference_cache.c: a table of paths by directory, behind a lock. */
#include "plugin/run/reference_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

struct reference_cache {
    pthread_mutex_t mutex; /* of all that follows */
    struct arena *arena;
    struct map *lists; /* directory -> struct noted */
};

struct noted {
    struct name_list paths;
    size_t cost;
};

struct reference_cache *reference_cache_new(void)
{
    struct reference_cache *references = memory_new(sizeof *references);
    pthread_mutex_init(&references->mutex, NULL);
    references->arena = arena_new();
    references->lists = map_new(references->arena);
    return references;
}

void reference_cache_free(struct reference_cache *references)
{
    if (!references)
        return;
    pthread_mutex_destroy(&references->mutex);
    arena_free(references->arena);
    free(references);
}

static struct noted *copy_paths(struct arena *arena, const struct name_list *paths, size_t cost)
{
    struct noted *noted = ARENA_NEW(arena, struct noted);
    struct name_list *list = &noted->paths;
    noted->cost = cost;
    list->names = ARENA_ARRAY(arena, paths->count, const char *);
    while (list->count < paths->count) {
        list->names[list->count] = arena_string(arena, paths->names[list->count]);
        list->count++;
    }
    return noted;
}

void reference_cache_note(struct reference_cache *references, const char *directory, const struct name_list *paths,
                          size_t cost)
{
    pthread_mutex_lock(&references->mutex);
    if (!map_find(references->lists, directory, strlen(directory)))
        *map_slot(references->lists, arena_string(references->arena, directory), strlen(directory)) =
            copy_paths(references->arena, paths, cost);
    pthread_mutex_unlock(&references->mutex);
}

bool reference_cache_find(struct reference_cache *references, const char *directory, struct name_list *out,
                          size_t *cost)
{
    pthread_mutex_lock(&references->mutex);
    const struct noted *known = map_get(references->lists, directory, strlen(directory));
    pthread_mutex_unlock(&references->mutex);
    if (known) {
        *out = known->paths;
        *cost = known->cost;
    }
    return known;
}
