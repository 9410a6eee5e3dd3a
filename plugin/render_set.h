/* The render set: what Argo CD would apply: the root set and every target. For commands that show it locally.
 *
 *     render_set_open(&set, arena, &repository, root, &error)     finds the targets
 *     render_set_add_targets, render_set_add_roots                chooses what to render
 *     render_set_run(&set, threads, &error)                       renders the root set and what was chosen, in parallel
 *     render_set_close(&set)
 */
#ifndef PLUGIN_RENDER_SET_H
#define PLUGIN_RENDER_SET_H

#include "plugin/rendering.h"

/* One render and what came of it. */
struct render_job {
    const char *name;        /* shop/dev; of the root set: root, root/dev */
    const char *directory;   /* that is built */
    const char *environment; /* of the root set: narrowed to this one */
    const char *project;     /* the Application's; NULL: the root project */
    struct text text;        /* what was rendered */
    struct text images;      /* its images, sorted, each once, a line each */
    struct text warnings;
    char *error; /* one line; NULL: none */
};

struct render_set {
    struct arena *arena;
    struct repository *repository;
    const char *root;              /* the directory of the RootApp, from the repository's root */
    struct rendering finding;      /* internal: found the targets at first */
    struct rendered found;         /* internal */
    struct rendering rendering;    /* the root set's */
    struct rendered rendered;      /* the whole root set, once it was run */
    struct references *references; /* internal: what the targets' renders read */
    const struct target *targets;  /* with all that is wrong with them, once it was run */
    size_t target_count;
    struct render_job *jobs;
    size_t count;
    struct map *by_path; /* of the targets' jobs: internal */
};

/* The directory of the RootApp, from the repository's root. `option` is the value of --root: from the working
 * directory; NULL: argo/root in the repository's root. */
const char *render_set_root(struct arena *arena, const struct repository *repository, const char *option,
                            struct error *error);

/* `root` is the option --root. The set must stay where it is. To be closed in any case. The repository is seen through
 * a snapshot from now on. */
bool render_set_open(struct render_set *set, struct arena *arena, struct repository *repository, const char *root,
                     struct error *error);

/* Adds the jobs of all targets, or of those that operands like APP and APP/ENV name. */
bool render_set_add_targets(struct render_set *set, const char *const *operands, size_t count, struct error *error);

/* Adds the jobs of the root set: as the root Application gets it, and as each environment's root does. */
void render_set_add_roots(struct render_set *set);

/* What cannot be rendered is told in its job; without a root set there is nothing. */
bool render_set_run(struct render_set *set, unsigned threads, struct error *error);
void render_set_close(struct render_set *set);

/* The job of a target; NULL: it has none. */
const struct render_job *render_set_job(const struct render_set *set, const struct target *target);

/* The final Application or AppProject of a name; NULL: there is none. */
const struct node *render_set_application(const struct render_set *set, const char *name);

#endif
