/* A target: one kustomization directory while it is being built, and the render that it is part of.
 *
 * A render is one call of engine_build: one arena, one tree to write with, one order of warnings. Each kustomization
 * that it visits is a target with an accumulator of its own, which is merged into its parent's; a component shares its
 * parent's. */
#ifndef KUSTOMIZE_KUST_TARGET_H
#define KUSTOMIZE_KUST_TARGET_H

#include "kustomize/kustomization/kustomization.h"
#include "kustomize/kustomization/options.h"
#include "kustomize/remote/remote.h"
#include "kustomize/resource/resources.h"
#include "kustomize/schema/schema.h"
#include "kustomize/specs/config.h"

struct engine;

struct render {
    struct engine *engine;
    const struct engine_options *options;
    struct remote *remote;
    struct helm *helm;
    struct arena *arena;
    struct tree *tree;
    struct origins *origins;
    struct text *warnings;     /* whole lines, for standard error */
    struct findings *findings; /* NULL: not asked for (kustomize/kustomization/notice.h) */
    size_t notice_work;        /* comparisons that finding them has cost: notice_may */
    struct base_cache *bases;
    struct kind_tables *kind_tables; /* kustomize/kustomization/kind_table.h */
    struct schema_set *schemas;
    struct string_list *visited; /* the directories built so far, for a base that is to be shared; may be NULL */
    bool track_origins;          /* buildMetadata of the root asks for any annotation */
    size_t largest_file;         /* of kustomization files, which then do not count as read; 0: as any file */
};

/* Everything that a kustomization has accumulated (kustomize's ResAccumulator). */
struct accumulator {
    struct resources resources;
    const struct config *config;
    struct list_of_vars {
        const struct var **items;
        size_t count, room;
    } vars;
};

/* Where a resource or transformer came from, for the origin and transformer annotations. */
struct provenance {
    const char *path, *repo, *ref; /* repo and ref "" where the base is local */
};

struct kust_target {
    struct render *render;
    const struct kust_target *parent; /* NULL for the root */
    const struct source *source;      /* what its files are read from: ours, or a clone's */
    const struct clone *clone;        /* the visit of a repository that it lies in; NULL: none */
    const char *directory;            /* from the source's root, without symbolic links */
    const char *file;                 /* kustomization.yaml or one of its other names */
    size_t file_size;
    const struct kustomization *kustomization;
    struct accumulator *accumulator;
    struct provenance origin;      /* in use when render->track_origins */
    const struct resource *plugin; /* what configures the plugin that is running; NULL: a field of the kustomization */
};

/* A step of the pipeline: applies what the target's kustomization says of one field to the accumulated resources. */
typedef bool step_function(struct kust_target *target, struct error *error);

/* The root of a render, over the engine's own source, and a target below another, in the same source. */
struct kust_target kust_target_root(struct render *render);
struct kust_target kust_target_below(const struct kust_target *parent, struct render *render, const char *directory);

/* A file or directory of the target as messages show it: from the source's root, after the repository of a clone; a URL
 * is itself. */
char *kust_target_name(const struct kust_target *target, const char *path);

/* Reads a file that a kustomization names, relative to its directory, or by its URL. Refuses what lies outside of that
 * directory unless load restrictions are off: "security; file 'X' is not in or below 'D'". */
bool kust_target_read(struct kust_target *target, const char *path, struct file_bytes *out, struct error *error);

/* Parses a file or an inline text as resources, lists expanded (kustomize's SliceFromBytes). */
bool kust_target_read_resources(struct kust_target *target, const char *path, struct resource_matches *out,
                                struct error *error);
bool kust_target_parse_resources(struct kust_target *target, const struct yaml_text *text, struct resource_matches *out,
                                 struct error *error);

/* Reads such a file and parses its first document, in YAML 1.1. `root` is NULL where there is none. */
bool kust_target_read_document(struct kust_target *target, const char *path, struct yaml_text *text, struct node **root,
                               struct error *error);

/* A file's content, and a text that a scalar of the kustomization file holds, with the names and places that messages
 * show. */
struct yaml_text kust_target_file_text(const struct kust_target *target, const char *path,
                                       const struct file_bytes *file);
struct yaml_text kust_target_inline_text(const struct kust_target *target, const char *text, size_t size,
                                         origin scalar);

/* What every object must have: a kind, and a name unless it is a list (kyaml's GetValidatedMetadata). */
bool check_metadata(const struct node *root, struct error *error);

/* Reads the schemas that the kustomization chooses (`openapi`). */
bool kust_target_choose_schemas(struct kust_target *target, struct error *error);

/* To be called after each transformer instance: drops emptied resources and, where buildMetadata asks for it, notes the
 * transformer (kind: "PatchTransformer") in each resource's annotations. */
bool kust_target_transformed(struct kust_target *target, const char *transformer_kind, struct error *error);

/* Drops an error about a resource that is missing, if the caller of the engine forgives that (engine_options.forgive).
 * True: it was dropped, and the step has nothing to do. */
bool render_forgives(struct render *render, const char *kind, const char *name, origin at, struct error *error);

/* Adds a line to the warnings. */
void render_warn(struct render *render, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline struct resources *kust_target_resources(const struct kust_target *target)
{
    return &target->accumulator->resources;
}

#endif
