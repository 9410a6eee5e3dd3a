/* Sealing again what is sealed, for a new certificate. */
#ifndef PLUGIN_SEAL_AGAIN_H
#define PLUGIN_SEAL_AGAIN_H

#include "plugin/run/kubeseal.h"
#include "plugin/run/seal_values.h"

struct seal_again {
    const struct seal_for *whom;
    const char *file, *name; /* of the SealedSecret: for messages, and its name in the text */
    const struct text *text;
    struct seal_list keys;     /* only these; none: all */
    struct seal_list recovery; /* files with the controller's private keys; none: the controller is asked */
    const char *context;       /* of the user's kubeconfig; NULL: the current one */
};

/* Adds the keys of the SealedSecret to the values. With recovery keys they are opened here, by kubeseal, and have to be
 * sealed; else the controller seals them with its newest key, and they are `sealed`. */
bool seal_again(struct arena *arena, const struct seal_again *again, struct seal_values *out, struct error *error);

#endif
