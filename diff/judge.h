/* What the checks of changes share. Each check looks at one change and adds the risks that it finds.
 *
 * To add a risk: a line in diff/risk_rules.def, and a call of risk_add in the check that looks at such things. To add a
 * check: a file with one function, and a row in diff/judge_changes.c. */
#ifndef DIFF_JUDGE_H
#define DIFF_JUDGE_H

#include "diff/report.h"

struct judge {
    struct report *report;
    const struct application *application; /* at hand; NULL: of the root set */
    const struct resource_change *resource;
};

/* Adds a risk to what is at hand, with the rule's usual level or another one. `field`, which may be NULL, tells where.
 */
void risk_add(struct judge *judge, enum risk_number rule, const struct field_change *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void risk_add_as(struct judge *judge, enum risk_number rule, enum risk_level level, const struct field_change *field,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));

void risk_add_at(struct judge *judge, enum risk_number rule, struct place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The value below a node, through maps: AT(node, "spec", "template"). */
#define AT(node, ...) node_at((node), (const char *const[]){__VA_ARGS__, NULL})

bool text_is(const char *text, const char *other); /* NULL is equal to nothing */
bool is_listed(const char *text, const char *const *list);
bool path_begins(const char *path, const char *with); /* up to a point, or its end */
bool path_ends(const char *path, const char *with);

/* A resource's option of the annotation argocd.argoproj.io/sync-options: "Prune=false". */
bool has_sync_option(const struct node *resource, const char *option);

/* Whether Argo CD deletes a resource before it makes it anew: it is a hook, or is replaced by force. */
bool is_hook(const struct node *resource);
bool is_replaced(const struct node *resource);

/* The first of the fields that the API server refuses to change, and how many these are; NULL: none. */
const struct field_change *find_immutable(const struct resource_change *change, size_t *count);

/* The pod's spec of whatever runs pods; NULL: it is none of these. */
const struct node *pod_spec(const struct node *resource);

/* Whether an application's resources on a side have one of this kind and name. */
const struct node *find_object(const struct diff_side *side, const char *kind, const char *name);

/* The checks: of an application, of one of its resources. */
typedef void risk_check(struct judge *judge);
risk_check check_application, check_other_application, check_removed, check_immutable, check_storage, check_workload,
    check_pods, check_images, check_traffic, check_budgets, check_access, check_project, check_references,
    check_new_references, check_definition, check_synchronization, check_pointers;
void check_everything(struct judge *judge); /* of the whole report */

#endif
