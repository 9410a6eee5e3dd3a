/* What the API server knows about a kind, and what it refuses in a resource of that kind by structure alone: unknown
 * fields, values of a wrong type, fields that are missing, and fields that only later versions have.
 *
 * The builtin kinds are those of the newest minor versions of Kubernetes (api_versions). Custom resources are known
 * from their definitions. Everything is const after it was made and may be used by several threads at once. */
#ifndef KUBERNETES_API_H
#define KUBERNETES_API_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/pointer_set.h"
#include "yaml/node.h"

/* The minor versions of Kubernetes 1 that are known: from the oldest to the newest one. */
struct api_versions {
    unsigned oldest, newest;
};
struct api_versions api_versions(void);

struct api_table; /* kubernetes/api_table.h */
struct api_kind;

/* What becomes of a kind in one version. */
enum api_state {
    API_SERVED,
    API_DEPRECATED, /* it is served with a warning */
    API_REMOVED,
    API_NOT_YET, /* only a later version has it */
};

struct api_lifecycle {
    enum api_state state;
    bool is_alpha;       /* clusters do not serve it unless they are asked to */
    unsigned since;      /* API_NOT_YET: the first version that has it */
    unsigned deprecated; /* the versions in which the two happened or will; 0: not planned */
    unsigned removed;
    const char *new_version; /* what to use instead: "apps/v1", and its kind; NULL: nothing */
    const char *new_kind;
};

/* The custom resources that a repository defines. Lives in the arena. */
struct custom_kinds;
struct custom_kinds *custom_kinds_new(struct arena *arena);

/* Adds what a CustomResourceDefinition of apiextensions.k8s.io/v1 defines; other resources are passed over. A
 * definition that cannot be read adds nothing. */
void custom_kinds_add(struct custom_kinds *kinds, const struct node *definition);

/* A kind by apiVersion and kind, builtin or custom (`custom` may be NULL). */
struct known_kind {
    const struct api_table *table;
    const struct api_kind *kind; /* NULL: it is not known */
};
struct known_kind api_find(const struct custom_kinds *custom, const char *api_version, const char *kind);

/* Whether the fields of a kind are known: not of those that went away before the oldest version. */
bool api_has_fields(struct known_kind kind);

/* Whether a group in this version is Kubernetes' own: what it does not have, no definition adds. */
bool api_is_builtin(const char *api_version);

/* The known kind whose name is nearest, of the same group and version or of the same name elsewhere: "apps/v1
 * Deployment", for a hint. NULL: none is near. The text lives in the arena. */
const char *api_nearest(struct arena *arena, const struct custom_kinds *custom, const char *api_version,
                        const char *kind);

struct api_lifecycle api_lifecycle(struct arena *arena, struct known_kind kind, unsigned minor);

enum api_fault_kind { API_UNKNOWN_FIELD, API_WRONG_TYPE, API_MISSING_FIELD, API_FIELD_TOO_NEW };

/* One thing that the API server refuses (or, of an unknown field, drops). */
struct api_fault {
    enum api_fault_kind kind;
    const char *path;        /* spec.template.spec.containers[0].imagee */
    const char *field;       /* its last part: the name of the field */
    const struct node *node; /* the value, or, where a field is missing, the map that lacks it */
    origin at;               /* the key of an unknown or too new field; the value else; 0: not known */
    const char *expected;    /* API_WRONG_TYPE: "an integer" */
    const char *nearest;     /* API_UNKNOWN_FIELD: the field that was probably meant; NULL: none */
    unsigned since;          /* API_FIELD_TOO_NEW: the first version that has it */
};

/* Told of each fault, in the order of the text. What the fault points to lives until the function returns, but for
 * what the resource and the tables hold. */
typedef void api_fault_found(void *context, const struct api_fault *fault);

/* Looks at a resource as the API server of a minor version does. The null of a known field counts as
 * absent. `status` is passed over: no manifest decides it. `good` may be NULL: maps of builtin kinds in which nothing
 * is wrong, so that what resources share is looked at once. One for each version; trees do not change meanwhile. */
void api_validate(struct known_kind kind, unsigned minor, const struct node *resource, struct pointer_set *good,
                  api_fault_found *found, void *context);

#endif
