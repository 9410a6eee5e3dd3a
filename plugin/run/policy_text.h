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

/* argo/root/rootapp.yaml and the kustomization that names it. Without anything placed, the policy is for apps to come.
 */
void policy_text_write(const struct repository_layout *layout, const struct namespace_scheme *scheme, const char *url,
                       const char *branch, struct text *out);
extern const char policy_kustomization[];

#endif
