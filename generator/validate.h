/* What Argo CD would refuse, or take for something else, in an Application or AppProject that is given as a tree. */
#ifndef GENERATOR_VALIDATE_H
#define GENERATOR_VALIDATE_H

#include "base/error.h"
#include "yaml/tree.h"

/* The fields of an Application or AppProject, by Argo CD's custom resource definitions; and its metadata. `version`: of
 * Argo CD, as argocd_version_read gives it; 0: not known, so any. */
bool validate_fields(const struct node *resource, unsigned version, struct error *error);

/* Argo CD's ValidateProject (pkg/apis/application/v1alpha1/app_project_types.go), on a tree. */
bool validate_project(const struct node *project, struct error *error);
bool cron_is_valid(const char *schedule, const char **why);
bool time_zone_is_valid(const char *zone); /* empty: none; by its area, because the database is not at hand */

#endif
