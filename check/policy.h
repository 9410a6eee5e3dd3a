/* The check policy: argo/root/check.yaml, read strictly. docs/check.schema.json describes it, docs/checks.md explains
 * it.
 *
 *     apiVersion: rootapp.dev/v1alpha1
 *     kind: CheckPolicy
 *     spec:
 *       kubernetes: "1.37"
 *       environments: {prod: {kubernetes: "1.36", podSecurity: restricted}}
 *       rules: {RA112: off, RA403: error}
 *       exceptions:
 *       - {rule: RA406, where: apps/billing/base.yaml, reason: "The JVM sizes its heap, PLAT-812", until: 2027-03-31}
 */
#ifndef CHECK_POLICY_H
#define CHECK_POLICY_H

#include "check/check.h"
#include "yaml/decode.h"

struct check_environment {
    const struct node *node;
    const char *kubernetes, *pod_security;
};

struct exception_resource {
    const char *app, *environment, *kind, *name, *container;
};

struct check_exception {
    const struct node *node;
    const char *rule, *where, *reason, *until;
    const struct exception_resource *resource; /* NULL: any */
};

struct provided {
    const char *kind, *namespace, *name;
};

struct check_policy {
    const char *kubernetes; /* "1.37"; NULL: the newest */
    struct list rules;      /* of struct pair: id, severity */
    struct list crds;       /* of const char *: patterns of files */
    struct list provided;   /* of struct provided */
    struct list exceptions; /* of struct check_exception */
    struct list inlined;    /* of const char *: severities that a comment may except */
    const struct node *environments;
    int64_t longest; /* days that an exception may run; 0: 366 */
    const struct origins *origins;
};

/* Reads a policy; `must_exist` false: where there is no file, an empty one. Its texts live in the arena. */
bool check_policy_read(struct arena *arena, const struct source *source, const char *path, bool must_exist,
                       struct check_policy *out, struct error *error);

/* What a policy says of an environment (NULL: of none). Fields that it does not say are those of the whole. */
struct check_environment check_policy_environment(const struct check_policy *policy, const char *name);

/* The severity of a rule: the policy's, else its own. */
enum severity check_policy_severity(const struct check_policy *policy, const struct rule *rule);

/* The minor version in a text like "1.37"; 0: it is none. */
unsigned check_minor_version(const char *text);

/* What findings are judged by. */
struct check_judging {
    const struct check_policy *policy;
    const struct source *source;
    const char *today;         /* YYYY-MM-DD */
    bool whole;                /* all was looked at: exceptions that permit nothing are told */
    struct name_list allowing; /* the files whose comments are then looked at */
};

/* Gives findings the policy's severities, and notes which are excepted by the policy or by a comment beside their line.
 * Adds RA004 and RA005. An error: an exception without a reason or a date, or one that runs too long. */
bool check_policy_apply(const struct check_judging *judging, struct findings *findings, struct error *error);

#endif
