/* The certificate that values are sealed with: argo/certs/ENV.pem, or another one. */
#ifndef PLUGIN_SEAL_CERTIFICATE_H
#define PLUGIN_SEAL_CERTIFICATE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "plugin/run/repository.h"

struct seal_certificate {
    const char *shown, *file; /* as messages name it; what kubeseal reads */
    const char *fingerprint, *until;
};

/* Whose certificate. */
struct seal_cluster {
    const struct repository *repository;
    const char *environment;
    const char *given;   /* a file or a URL; NULL: argo/certs/ENV.pem */
    const char *context; /* of the user's kubeconfig; NULL: the current one */
};

/* Finds it, and refuses what nothing should be sealed with: no certificate, a private key, one that has ended, a short
 * key. A URL is fetched by kubeseal, into a temporary directory. */
bool seal_certificate_find(struct arena *arena, const struct seal_cluster *cluster, struct seal_certificate *out,
                           struct error *error);

/* What argo/certs/ENV.pem will be with the certificate that kubeseal fetches from the cluster, or from the URL: that
 * first, then the ones before, which open what was sealed with them. `path` is from the repository's root. */
struct fetched_certificate {
    const char *path, *words; /* `words`: of kubeseal, as they are shown */
    struct text old, new;
    struct seal_certificate certificate;
};
bool seal_certificate_fetch(struct arena *arena, const struct seal_cluster *cluster, struct fetched_certificate *out,
                            struct error *error);

bool seal_certificate_write(struct arena *arena, const struct repository *repository,
                            const struct fetched_certificate *fetched, struct error *error);

#endif
