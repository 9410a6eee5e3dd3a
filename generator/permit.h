/* What an AppProject permits, by Argo CD's own rules. */
#ifndef GENERATOR_PERMIT_H
#define GENERATOR_PERMIT_H

#include "yaml/tree.h"

/* Whether an AppProject permits a destination or a source, by Argo CD's rules (isDestinationMatched,
 * IsSourcePermitted). The cluster of a destination is known by its server, its name, or both; NULL: not known. */
bool project_permits_destination(const struct node *project, const char *server, const char *name,
                                 const char *namespace);
bool project_permits_source(const struct node *project, const char *repo_url);

/* Whether it permits an object of a kind (IsGroupKindNamePermitted). */
bool project_permits_kind(const struct node *project, const char *group, const char *kind, const char *name,
                          bool namespaced);

#endif
