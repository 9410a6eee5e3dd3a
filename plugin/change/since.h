/* Since when an environment has the versions that its overlays set. */
#ifndef PLUGIN_CHANGE_SINCE_H
#define PLUGIN_CHANGE_SINCE_H

#include "plugin/change/intents.h"
#include "plugin/run/history.h"

/* Fills `since` of wishes that were read from files: by the commits of their lines, at a revision or, NULL, in the work
 * tree. Left out where there are very many, and where git does not have these commits here. */
void wishes_date(struct history *history, const char *revision, const char *environment, struct intents *intents);

#endif
