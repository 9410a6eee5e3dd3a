/* An engine as commands use it: over a repository, with the RootApp kind. One for each thread.
 *
 *     session_open(&session, &options);
 *     if (session_build(&session, "argo/root", &rendered, &error)) ...
 *     rendered_free(&rendered);
 *     session_close(&session);
 */
#ifndef PLUGIN_SESSION_H
#define PLUGIN_SESSION_H

#include "generator/generator.h"
#include "kustomize/engine.h"
#include "plugin/run/reference_cache.h"
#include "plugin/run/repository.h"
#include "plugin/run/request.h"
#include "plugin/run/trust.h"

/* Builds that only look at the names in a root: without what its RootApp makes, or with all that have a name. */
enum look { LOOK_AT_NOTHING, LOOK_WITHOUT_ROOTAPP, LOOK_FOR_TWINS };

/* What did nothing because its Application is not there, which the policy allows. */
struct absence {
    const struct absence *next;
    const char *place, *problem;
};

/* What a render of a tenant's Application may use in Argo CD. Commands that show it beforehand hold themselves to the
 * same. */
enum { TENANTS_NODES = 1500000, TENANTS_STEPS = 20000000 };

struct session_options {
    const struct repository *repository;
    const char *load_restrictor; /* one of load_restrictors; NULL: the default */
    bool managed_by_label;       /* --enable-managedby-label */
    bool keeps_order;            /* --reorder none */
    bool share_bases;
    bool warn;                          /* fill rendered.findings */
    bool record_writers;                /* of each value: yaml/written.h */
    struct remote_options remote;       /* zeroed: nothing may be fetched */
    struct helm_options helm;           /* zeroed: no charts are inflated */
    struct function_options functions;  /* zeroed: no programs are run */
    const struct request *request;      /* NULL: we are not called by Argo CD */
    const char *argocd_namespace;       /* where Argo CD runs, without a request; NULL: argocd */
    const struct edits *edits;          /* of the kustomization file that is built; NULL: none */
    const struct trust *trust;          /* NULL: whoever calls us may do everything */
    size_t node_limit;                  /* YAML values in one render; 0: the engine's default */
    size_t step_limit;                  /* of work in one render; 0: none */
    bool everything;                    /* a RootApp gives all Applications, whatever its partition */
    bool policy_only;                   /* a RootApp is read and checked, and gives nothing */
    enum look look;                     /* what a build is made for besides its result */
    struct reference_cache *references; /* where scans are noted and found; NULL: nowhere */
    bool keep_scans;                    /* note those of targets there, too, not of renders only */
    target_found *found;                /* told of a RootApp's targets; NULL: nobody */
    void (*all_found)(void *context);   /* told when it was told of all; NULL: nobody */
    void (*generated)(void *context);   /* told when a RootApp has generated; NULL: nobody */
    void *context;                      /* of these three */
};

struct session {
    struct session_options options;
    struct engine *engine;
    struct generator_kind kind;    /* internal */
    const char *directory;         /* that is being built */
    const struct name_list *taken; /* internal: names that patches give */

    /* What the last build met. The set lives as long as what was rendered. */
    bool met_rootapp;
    struct root_set set;
    const struct policy *policy; /* policy_only */
    const struct absence *absences;
};

extern const char *const load_restrictors[]; /* the choices of --load-restrictor */
extern const char *const build_orders[];     /* and of --reorder */

/* The session must stay where it is: its engine points to it. */
void session_open(struct session *session, const struct session_options *options);
void session_close(struct session *session);

/* Renders a directory of the repository, checks what a RootApp gave after all patches, and whether the trust allows all
 * of it. `rendered` is to be freed in any case. */
bool session_build(struct session *session, const char *directory, struct rendered *rendered, struct error *error);

/* Notes what the render of a directory reads; where that cannot be found out, nothing. */
void session_note_references(struct session *session, const char *directory);

/* The text of what was rendered, as kustomize prints it. Where there is a trust, it is read anew and checked again. */
bool session_write(const struct session *session, const struct rendered *rendered, struct text *out,
                   struct error *error);

/* The same as JSON, one object a line. */
bool session_write_json(const struct session *session, const struct rendered *rendered, struct text *out,
                        struct error *error);

/* Moves what was built last into an arena, where it lives as long as it and the session (engine_keep). */
void session_keep(struct session *session, struct rendered *rendered, struct arena *arena);

/* Lines for standard error: the directories that a RootApp skipped and, unless `skipped_only`, what else it noticed. */
void session_notes(const struct session *session, bool skipped_only, struct text *out);

#endif
