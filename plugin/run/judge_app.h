/* What the policy says of an app that is about to be written: on the tree as it would be. */
#ifndef PLUGIN_JUDGE_APP_H
#define PLUGIN_JUDGE_APP_H

#include "generator/policy.h"
#include "plugin/run/session.h"

/* One Application that the app gets. */
struct judged_target {
    const struct target *target;
    bool confirms; /* its removal waits for a confirmation */
    bool has_replicas;
    long replicas; /* of its Deployments and StatefulSets together */
};

struct judged_app {
    struct session session; /* of the root set as it would be, and what it gave */
    struct rendered rendered;
    struct judged_target *targets;
    size_t count;
};

/* Generates the root set with and without the app, and renders the app's overlays. False: a directory of the app gets
 * no Application, it takes a name or a namespace that another target has, or renders into another namespace than its
 * Application's. `before` and `after` are the repository without and with the app, `root` the directory of the RootApp,
 * `directory` that of the app. To be closed in any case. */
bool judge_app(struct arena *arena, const struct repository *before, const struct repository *after, const char *root,
               const char *directory, struct judged_app *out, struct error *error);
void judged_app_close(struct judged_app *judged);

#endif
