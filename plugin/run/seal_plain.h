/* A Secret in plain text beside the SealedSecret of the same name. */
#ifndef PLUGIN_SEAL_PLAIN_H
#define PLUGIN_SEAL_PLAIN_H

#include "plugin/run/seal_target.h"

/* Refuses one in the overlay's directory, of the work tree or of git's index. */
bool seal_refuse_plain(struct arena *arena, const struct repository *repository, const struct seal_target *target,
                       struct error *error);

#endif
