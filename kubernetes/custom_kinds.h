/* Tables of custom resources: the inner header of what kubernetes/api.h promises of them. */
#ifndef KUBERNETES_CUSTOM_KINDS_H
#define KUBERNETES_CUSTOM_KINDS_H

#include "kubernetes/api.h"

/* The kind, or no kind. */
struct known_kind custom_kinds_find(const struct custom_kinds *kinds, const char *api_version, const char *kind);

/* "example.com/v1 Widget": a kind of that group and version whose name is near; NULL: none. */
const char *custom_kinds_nearest(struct arena *arena, const struct custom_kinds *kinds, const char *api_version,
                                 const char *kind);

#endif
