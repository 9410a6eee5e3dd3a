/* Which resources a render may hand to Argo CD. */
#ifndef PLUGIN_TRUST_H
#define PLUGIN_TRUST_H

#include "kustomize/engine.h"

/* Applications and AppProjects decide where everything else may go. So they, and all of their API group, come from the
 * root project only: the one that the plugin's own command line names, which no tenant can change. Kinds of the group
 * that decide nothing (Rollout, Workflow) can be allowed to all. */
struct trust {
    const char *root_project; /* --root-project; NULL: no project is trusted */
    const char *project;      /* the Application's, as Argo CD says */
    const char *allowed; /* --allow-kinds: kinds of the group, between commas, that any project may have; NULL: none */
    bool refuse_secrets; /* --refuse-secrets */
};

/* Whether a list for --allow-kinds is one: no empty names, and none of the kinds that decide where others go. */
bool trust_may_allow(const char *kinds, struct error *error);

bool trust_is_root(const struct trust *trust);

/* Why a RootApp or argoproj.io resource is refused: "... accepted only in project ...". */
const char *trust_reason(const struct trust *trust, struct arena *arena);

/* Checks all resources, and what Argo CD will take apart as lists: whatever has `items`, of any kind. */
bool trust_check(const struct trust *trust, const struct rendered *rendered, struct error *error);

/* Checks the text that was printed for them, read anew as Argo CD reads it, so that a resource cannot be one thing to
 * the check above and another one in print. A document is parsed where it can say what is refused. */
bool trust_check_text(const struct trust *trust, const char *text, size_t size, struct error *error);

/* The same for JSON, one object a line. */
bool trust_check_json(const struct trust *trust, const char *text, size_t size, struct error *error);

#endif
