/* One of two trees that are compared: its targets, what they read, and their renders. */
#ifndef PLUGIN_COMPARE_SIDE_H
#define PLUGIN_COMPARE_SIDE_H

#include "diff/changes.h"
#include "plugin/run/changed_paths.h"
#include "plugin/run/history.h"
#include "plugin/run/session.h"

/* An Application, or a kustomization that stands alone. */
struct compare_target {
    const char *name, *directory;
    const struct target *found; /* NULL: it stands alone */
};

/* What came of a directory's render. */
struct compare_render {
    const char *directory, *project; /* the project is NULL where it stands alone */
    struct rendered rendered;
    const char *error; /* NULL: none */
};

/* What renders may fetch and run. Zeroed: nothing. */
struct compare_means {
    struct remote_options remote;
    struct helm_options helm;
};

struct compare_side {
    struct arena *arena; /* for one thread at a time, as all of it */
    struct history *history;
    const char *tree;
    const struct compare_means *means;
    struct repository repository;
    struct reference_cache *references;
    bool is_open, has_root; /* it has a root set of its own */
    struct session root, session;
    struct session renderer; /* open once it has rendered */
    bool rendered;
    struct rendered root_set;
    struct compare_target *targets; /* sorted by name */
    size_t count;
    struct compare_render *renders;
    size_t render_count, render_room;
    struct map *by_directory;
};

bool compare_side_open(struct compare_side *side, struct history *history, const char *tree,
                       const struct compare_means *means, struct error *error);
void compare_side_close(struct compare_side *side);

/* Finds the targets: those of the RootApp in `root`, or, where there is none on this side and `alone` is set, the
 * kustomizations that no other one refers to. */
bool compare_side_find_targets(struct compare_side *side, const char *root, bool alone, struct error *error);

/* Takes the targets of another side whose root set is the same. */
void compare_side_share_targets(struct compare_side *side, const struct compare_side *other);

const struct compare_target *compare_side_target(const struct compare_side *side, const char *name);

/* What a directory's render reads; false where that cannot be found out. */
bool compare_side_scan(struct compare_side *side, const char *directory, struct name_list *out);

/* Adds a directory to be rendered, once. Then compare_side_render renders all of them. */
void compare_side_add(struct compare_side *side, const struct compare_target *target);
void compare_side_render(struct compare_side *side);

const struct compare_render *compare_side_find(const struct compare_side *side, const char *directory);

#endif
