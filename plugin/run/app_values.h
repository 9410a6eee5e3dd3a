/* What stands for the four placeholders of a template, as far as it was not given. */
#ifndef PLUGIN_APP_VALUES_H
#define PLUGIN_APP_VALUES_H

#include "plugin/run/app_place.h"
#include "plugin/run/app_template.h"
#include "plugin/run/repository.h"

/* Checks what is given in `values` (the app always is) and finds the rest (NULL): the namespace in the policy, the
 * repository's name in git's origin or the policy, the image in the registry that the other apps have in common, or by
 * asking on a terminal. `root` is the directory of the RootApp. False: a value is no such name, or cannot be found. */
bool app_values_find(struct arena *arena, const struct repository *repository, const char *root,
                     const struct app_place *place, struct template_values *values, struct error *error);

#endif
