/* How a repository lays out its apps and environments, as far as the paths of its kustomizations tell.
 *
 * Everything lives in the arena that is passed. */
#ifndef PLUGIN_REPOSITORY_LAYOUT_H
#define PLUGIN_REPOSITORY_LAYOUT_H

#include "base/arena.h"
#include "source/source.h"

/* A directory that is one app in one environment. */
struct placed_directory {
    const char *path, *app, *environment;
    const char *pattern;   /* of spec.discover that finds it */
    const char *fixed_app; /* the pattern has no {app}: the app is called so; NULL: it has */
};

struct repository_layout {
    struct placed_directory *placed;
    size_t count;
    struct placed_directory *rules; /* one for each pattern, in the order of their paths */
    size_t rule_count;
    struct name_list environments; /* in the order in which changes are usually promoted */
    struct name_list others;       /* kustomizations that are neither */
};

/* `directories`: those with a kustomization, sorted. `name`: of the repository, where there is no other name of an app.
 */
void repository_layout_find(struct arena *arena, const struct name_list *directories, const char *name,
                            struct repository_layout *out);

/* Gives an app that is called like the repository the name that its namespaces tell: "web" of web-dev and web-prod, or
 * of web everywhere. Nothing changes where they do not agree. `namespaces` has one for each placed directory; NULL: not
 * known.
 */
void repository_layout_rename(struct arena *arena, struct repository_layout *layout, const char *const *namespaces);

/* Which of two environments, by their names, is usually promoted to first; negative: the left one. */
int compare_promotion(const char *left, const char *right);

/* Whether an environment is called like the last one in the order of promotion. */
bool is_production(const char *environment);

#endif
