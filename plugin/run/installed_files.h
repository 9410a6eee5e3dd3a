/* What is installed with the program, as files of a repository: the sidecar, workflows, Prometheus and Grafana. */
#ifndef PLUGIN_INSTALLED_FILES_H
#define PLUGIN_INSTALLED_FILES_H

#include "base/text.h"
#include "generator/policy.h"
#include "plugin/run/fresh_directory.h"

struct installed_files {
    const char *directory; /* of the repository */
    struct fresh_file *files;
    size_t count;
};

/* Reads the directory `name` of what is installed (plugin/run/share.h). */
bool installed_files_read(struct arena *arena, const char *name, const char *directory, struct installed_files *out,
                          struct error *error);

/* Of argo/observability: an overlay for each of these environments, whatever those are called that are installed, and
 * alerts that lead to its README.md in the repository of this address. What `url` is no web address of stays. */
void installed_for_repository(struct arena *arena, struct installed_files *installed,
                              const struct name_list *environments, const char *url, const char *branch);

bool installed_files_write(struct arena *arena, const char *root, const struct installed_files *installed,
                           struct error *error);

/* What a policy has to have so that argo/observability is discovered: an entry of spec.discover, and a team. */
extern const char observability_rule[], observability_team[];

#endif
