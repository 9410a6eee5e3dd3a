/* A template's overlays, made those of a policy's environments. */
#ifndef PLUGIN_APP_OVERLAYS_H
#define PLUGIN_APP_OVERLAYS_H

#include "plugin/run/app_place.h"
#include "plugin/run/app_template.h"

/* An environment that the template does not have, and the one of the template that its overlay is made of. */
struct made_overlay {
    const char *environment, *like;
};

struct made_overlays {
    struct made_overlay *items;
    size_t count;
};

/* To be called before the placeholders are filled. An environment of the policy that the template has no overlay of
 * gets one: a production's of the template's production, the first one's of the template's first one, any other of the
 * last one before production, with the name replaced in it. What else names an environment of the template that the
 * policy does not have, as the Makefile does, names the first one of the policy. Where the policy's namespace is not
 * {NAMESPACE}-ENV, overlays get that of the policy, unless the namespace is given. */
void app_overlays_fit(struct arena *arena, const struct app_place *place, const char *app, bool namespace_given,
                      struct app_template *template, struct made_overlays *made);

#endif
