/* The plugin's parameters: what an Application's source.plugin.parameters says. */
#ifndef PLUGIN_PARAMETERS_H
#define PLUGIN_PARAMETERS_H

#include "plugin/run/request.h"

#define PARAMETERS_VARIABLE "ARGOCD_APP_PARAMETERS"

/* Reads the variable's JSON into the request. `out` has the variables already: images, labels and, if asked for,
 * annotations may name them. */
bool parameters_read(struct arena *arena, const char *text, struct request *out, struct error *error);

/* The parameters as the JSON that argocd-cmp-server expects of a plugin's parameters command. */
void parameters_announce(struct text *out);

/* A text with $NAME and ${NAME} expanded, as Go's os.Expand does for Argo CD: $$ is a dollar sign, and what is none of
 * its variables is nothing. Exported for its tests. */
char *expand_variables(struct arena *arena, const char *text);

#endif
