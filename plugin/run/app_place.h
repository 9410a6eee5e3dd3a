/* Where the policy looks for apps, and how a template's files lie there. */
#ifndef PLUGIN_APP_PLACE_H
#define PLUGIN_APP_PLACE_H

#include "generator/policy.h"

struct app_place {
    const struct policy *policy;
    const char *above;    /* the directory that holds all apps: "apps" */
    const char *overlays; /* the directory of an app's overlays, from the app's own: "k8s/overlays" */
};

/* The first path of spec.discover under which an app has a directory of its own, with its overlays below. */
bool app_place_find(struct arena *arena, const struct policy *policy, struct app_place *out, struct error *error);

/* What a file of the template is called in the app's directory. The template's overlays are in k8s/overlays and its
 * base is in k8s/base: they go where the policy looks for overlays, and beside that. NULL: it belongs to an environment
 * that the policy does not have; `environment` is that one's name. */
const char *app_place_path(struct arena *arena, const struct app_place *place, const char *path,
                           const char **environment);

/* How many characters an app's name may have, so that names of Applications and namespaces have at most 63; `suffix`
 * is what comes behind it in the longest. */
size_t app_place_longest_name(struct arena *arena, const struct app_place *place, const char **suffix);

/* What stands for {NAMESPACE}: the namespace that the policy gives the app in its first environment, without the
 * environment at its end. NULL: it does not end so. */
const char *app_place_namespace(struct arena *arena, const struct app_place *place, const char *app);

#endif
