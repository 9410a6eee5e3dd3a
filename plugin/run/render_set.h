/* The render set: what Argo CD would apply: the root set and every target. For commands that show it locally.
 *
 *     render_set_open(&set, arena, &repository, root, &error)
 *     render_set_add_targets, render_set_add_roots                chooses what to render
 *     render_set_run(&set, threads, &error)                       makes the root set and renders, in parallel
 *     render_set_close(&set)
 */
#ifndef PLUGIN_RENDER_SET_H
#define PLUGIN_RENDER_SET_H

#include <pthread.h>

#include "plugin/run/progress.h"
#include "plugin/run/queue.h"
#include "plugin/run/session.h"
#include "plugin/run/target_filter.h"

/* One render and what came of it. */
struct render_job {
    const char *name;        /* shop/dev; of the root set: root, root/dev */
    const char *directory;   /* that is built */
    const char *environment; /* of the root set: narrowed to this one */
    const char *project;     /* the Application's; NULL: the root project */
    struct text text;        /* what was rendered; as all texts here, it lives in the set's memory */
    struct text images;      /* its images, sorted, each once, a line each */
    struct text warnings;
    const char *error; /* one line; NULL: none */

    /* Where trees are kept (render_set_keep_trees), instead of `text`. They last as long as the set. */
    struct rendered rendered;      /* of a target: its objects and findings */
    const struct origins *origins; /* of the places in them */
    struct place problem_place;    /* of `error`, and its text without the place */
    const char *problem;
};

/* What the plugin's command line says about a render. Zeroed: it says nothing. */
struct render_rules {
    const char *root_project; /* NULL: argocd-root */
    const char *allowed_kinds, *load_restrictor;
    bool refuse_secrets;
    struct remote_options remote;
    struct helm_options helm;
    const char *argocd_namespace; /* NULL: argocd */
};

struct render_set {
    struct arena *arena;
    struct repository *repository;
    const char *root;            /* the directory of the RootApp, from the repository's root */
    struct render_rules rules;   /* to be set before the run */
    struct target_filter filter; /* chooses targets; to be narrowed before the run */
    bool keeps_trees, keeps_images, notes_findings;
    bool keeps_going;           /* what is not broken is taken (render_set_add_work) even if something is */
    bool roots, targets_wanted; /* what to render: the root set; targets */
    const char *const *root_operands;
    size_t root_operand_count; /* 0: all of the root set */
    void (*beside)(void *context);
    void (*take)(void *context, struct render_job *const *jobs, size_t count);
    void *context; /* of both */

    /* Once it was run: */
    struct session session;   /* the root set's */
    struct rendered rendered; /* the whole root set */
    const struct target *targets;
    size_t target_count;
    struct render_job **jobs; /* the root set's, then those of targets, in their order */
    size_t count;

    /* Internal: */
    struct reference_cache *references; /* what the targets' renders read */
    struct map *by_path;                /* of the targets' jobs, by name and directory */
    struct map *resources;              /* of the root set, by kind and name */
    struct queue *queue;
    struct unit *unit;      /* that grows */
    struct unit *units;     /* of targets, the last one first */
    struct worker *workers; /* that have ended */
    pthread_mutex_t mutex;  /* of `workers` */
    bool takes;             /* targets are rendered, and none is broken */
    struct progress progress;
};

/* The directory of the RootApp, from the repository's root. `option` is the value of --root: from the working
 * directory; NULL: argo/root in the repository's root. */
const char *render_set_root(struct arena *arena, const struct repository *repository, const char *option,
                            struct error *error);

/* `root` is the option --root. The set must stay where it is. To be closed in any case. Once it runs, the repository is
 * seen through a snapshot, unless helm may add charts to it. */
bool render_set_open(struct render_set *set, struct arena *arena, struct repository *repository, const char *root,
                     struct error *error);

/* To be rendered: all targets, or those that operands name (plugin/run/target_filter.h), which have to stay. What else
 * `set->filter` says may be set before the run. */
void render_set_add_targets(struct render_set *set, const char *const *operands, size_t count);

/* To be rendered: the root set as the root Application gets it, and as each environment's root does; or what these
 * operands name of them: root, root/dev, and patterns of both. The operands have to stay. */
void render_set_add_roots(struct render_set *set, const char *const *operands, size_t count);

/* Trees are wanted instead of texts, with the places and the findings of what was rendered: of the targets and of the
 * root set; and their images, too. */
void render_set_keep_trees(struct render_set *set, bool images);

/* Renders note what they lose or ignore, which costs a few percent of time. render_set_findings gives what they noted.
 */
void render_set_note_findings(struct render_set *set);

/* More work for the threads, while others go on rendering. `beside` is called once, at the start. `take`: with the jobs
 * of an app, or with one of the root set's, when all targets are rendered and none is broken; the root set still may
 * be. Both may be NULL. */
void render_set_add_work(struct render_set *set, void (*beside)(void *context),
                         void (*take)(void *context, struct render_job *const *jobs, size_t count), void *context);

/* Targets are rendered while others are still looked for, and the root set is made of what their renders tell. What
 * cannot be rendered is told in its job; without a root set there is nothing, nor where an operand names no target. */
bool render_set_run(struct render_set *set, unsigned threads, struct error *error);
void render_set_close(struct render_set *set);

/* Adds what renders noted: of all targets, and of the root set. */
void render_set_findings(const struct render_set *set, struct findings *out);

/* What the render of a directory read; false: that is not known. */
bool render_set_references(const struct render_set *set, const char *directory, struct name_list *out);

/* Adds a line that names the targets which were asked for and which Argo CD renders without this program; nothing if
 * there are none. */
void render_set_note_left(const struct render_set *set, struct text *out);

/* The job of a target; NULL: it has none. */
const struct render_job *render_set_job(const struct render_set *set, const struct target *target);

/* The final Application or AppProject of a name; NULL: there is none. */
const struct node *render_set_application(const struct render_set *set, const char *name);
const struct node *render_set_project(const struct render_set *set, const char *name);

#endif
