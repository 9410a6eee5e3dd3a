/* The text of a first policy, for a repository whose layout is known. */
#ifndef PLUGIN_POLICY_TEXT_H
#define PLUGIN_POLICY_TEXT_H

#include "base/text.h"
#include "plugin/run/repository_layout.h"

/* How namespaces follow from apps and environments. */
struct namespace_scheme {
    const char *template;         /* "{app}-{env}" */
    bool cluster_per_environment; /* it has no {env}: each environment is a cluster that is called like it */
};

/* The scheme that most of these namespaces follow, the first one where none does. `namespaces` has one for each placed
 * directory; NULL: not known. */
struct namespace_scheme namespace_scheme_find(struct arena *arena, const struct repository_layout *layout,
                                              const char *const *namespaces);

/* What a first policy says. */
struct policy_facts {
    const struct repository_layout *layout; /* nothing placed: the policy is for apps to come */
    struct namespace_scheme scheme;
    const char *url, *branch;
    const char *rule, *team; /* more lines of spec.discover and of spec.teams; NULL: none */
};

/* The environments of the policy: those that the layout has, else dev, staging and prod. */
struct name_list policy_environment_names(const struct repository_layout *layout);

/* argo/root/rootapp.yaml and the kustomization that names it. */
void policy_text_write(const struct policy_facts *facts, struct text *out);
extern const char policy_kustomization[];

#endif
