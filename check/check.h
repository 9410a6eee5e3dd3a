/* Checks: what is told of rendered targets beyond what their renders tell.
 *
 *     struct check_input input = {.arena = arena, .source = source, .targets = targets, ...};
 *     check_run(&input);                                    fills input.findings
 *
 * To add a group of rules:
 *  1. rows in lib/finding/rules.def;
 *  2. check/NAME.c: `static void run(struct check_input *input)` and one exported constant
 *
 *         static const enum rule_id ids[] = {RA104, RULE_COUNT};
 *         const struct check owners_check = {"owners", ids, run};
 *
 *  3. a line in check/checks.def;
 *  4. tests/check/RULE/NAME/{input,expected}; docs/checks.md by `tests/check/run --update`.
 *
 * What a group needs lives in the input's arena until the group has run; findings have an arena of their own, and what
 * is added to one comes from there. Nothing here writes to trees, prints, or looks at a clock. */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "finding/finding.h"
#include "generator/generator.h"
#include "source/source.h"
#include "yaml/node.h"

/* One rendered object, with what most rules ask for. */
struct check_object {
    const struct node *root;
    const char *api_version, *group, *kind, *name; /* "" where absent */
    const char *namespace;                         /* the object's own, else the destination's; "" where not known */
    bool cluster_scoped;                           /* false where it is not known */
};

/* One directory that is rendered: of an Application, or one that stands alone. */
struct check_target {
    const char *name;           /* shop/dev; of a directory that stands alone: its path */
    const char *directory;      /* from the source's root */
    const struct target *found; /* what discovery says of it; NULL: it stands alone */
    const struct check_object *objects;
    size_t object_count;
    const struct origins *origins;      /* of the objects' places */
    const struct node *application;     /* after the patches of the root; NULL: there is none */
    const struct node *project;         /* the AppProject of the Application; NULL: there is none */
    const struct origins *root_origins; /* of their places */
    struct name_list references;        /* what the render read: files and directories */
    unsigned kubernetes; /* the minor version of its cluster's Kubernetes 1; 0: the newest that is known */
    bool rendered;       /* false: it is broken, and there are no objects */
};

struct check_policy;
struct workload_list;

struct check_input {
    struct arena *arena; /* given up behind each group of rules */
    const struct source *source;
    const struct check_target *targets; /* sorted by app, environment */
    size_t target_count;
    const struct check_policy *policy;  /* check/policy.h */
    const struct root_set *set;         /* NULL: directories that stand alone */
    const struct origins *root_origins; /* of the policy's places; NULL: there is none */
    bool whole;                         /* all targets of the repository are there */
    const char *today;                  /* YYYY-MM-DD */
    const char *clone_url;              /* where this clone came from; NULL: not known */
    struct findings *findings;

    struct name_list allowing; /* files with a comment that permits something, each once: for check_policy_apply */
    size_t allowing_room;
    const struct workload_list *workloads; /* check/workloads.h */
    struct arena *kept;                    /* internal: for what lasts from group to group */
    struct map *files;                     /* internal: what check_file has read */
    struct map *kinds;                     /* internal: for check_is_directory */
    struct map *kustomizations;            /* internal: a directory -> the place of its kustomization file */
    bool off[RULE_COUNT];                  /* internal: rules that nobody wants to hear of */
    struct finding unheard;                /* internal: of such a rule */
};

struct check {
    const char *name;
    const enum rule_id *ids; /* that it may tell; ends with RULE_COUNT */
    void (*run)(struct check_input *input);
};

extern const struct check *const checks[]; /* ends with NULL */

/* Whether any check, or a render, tells of a rule: others of the table are still to come. */
bool check_provides(enum rule_id id);

/* For those who run single groups, with an arena that outlives them: check_run does it itself. */
void check_prepare(struct check_input *input);

/* Runs all groups and sorts what they found. */
void check_run(struct check_input *input);

/* A file of the repository, read once for all groups; NULL: it cannot be read. `check_known_file`: NULL also where
 * nobody has asked for it, for those that look at more files than are to be kept. */
const struct file_bytes *check_file(const struct check_input *input, const char *path);
const struct file_bytes *check_known_file(const struct check_input *input, const char *path);

/* Whether a path, as of what a render read, is a directory: asked of the source once for all groups. */
bool check_is_directory(const struct check_input *input, const char *path);

/* The directory of the app of a target: the part of its path up to the app's name; NULL: the path does not have it. */
const char *check_app_directory(struct arena *arena, const struct target *found);

/* Days since an early one, of YYYY-MM-DD. */
long check_days(const char *date);

bool check_is_kind(const struct check_object *object, const char *group, const char *kind);

/* An annotation's text; NULL: the object has none of this name. */
const char *object_annotation(const struct check_object *object, const char *name);

/* The objects of a render as checks see them. `namespace`: of the destination; NULL: not known. */
struct check_object *check_objects(struct arena *arena, const struct node *const *items, size_t count,
                                   const char *namespace);

/* Each adds a finding of a target (NULL: of none) and gives it, so that the caller can add to it. Never NULL: what the
 * list has no place for is a finding that nobody sees. `about`: NULL where it is of no object. */
struct finding *check_report(struct check_input *input, const struct check_target *target, enum rule_id id, origin at,
                             const struct check_object *about, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
struct finding *check_report_in(struct check_input *input, const struct check_target *target, enum rule_id id,
                                struct span place, const struct check_object *about, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* The place that is to be changed for a value to change: where its last writer took it from. Of what stands nowhere, as
 * the kind of a generated object, the object's own place. */
struct span check_place(const struct check_target *target, origin at, const struct check_object *about);

/* Line 1 of a directory's kustomization file; the directory itself where it has none. */
struct span check_directory_place(const struct check_input *input, const char *directory);

/* The origin of a scalar or of its parent where it is missing, for places. */
origin check_origin(const struct node *root, const char *const *path);

#endif
