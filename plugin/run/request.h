/* What Argo CD asks its plugin for: the ARGOCD_* variables of the environment, and the parameters in them.
 *
 * Argo CD sets them itself; what users set arrives as ARGOCD_ENV_* and is not read, but for the version that
 * Applications made by this program carry. Absent and empty variables are NULL. */
#ifndef PLUGIN_REQUEST_H
#define PLUGIN_REQUEST_H

#include "base/arena.h"
#include "base/error.h"
#include "kustomize/edit/edits.h"
#include "plugin/run/repository.h"

struct request {
    const char *app_name;          /* ARGOCD_APP_NAME, without the namespace that Argo CD may put before it */
    const char *namespace;         /* ARGOCD_APP_NAMESPACE: of the destination */
    const char *project;           /* ARGOCD_APP_PROJECT_NAME */
    const char *repo_url;          /* ARGOCD_APP_SOURCE_REPO_URL */
    const char *source_path;       /* ARGOCD_APP_SOURCE_PATH: from the repository's root */
    const char *revision;          /* ARGOCD_APP_REVISION: of the commit */
    const char *target_revision;   /* ARGOCD_APP_SOURCE_TARGET_REVISION */
    const char *kube_version;      /* KUBE_VERSION: of the destination's cluster */
    const char *kube_api_versions; /* KUBE_API_VERSIONS: between commas */
    const char *engine_version;    /* ARGOCD_ENV_ROOTAPP_VERSION: the Application was made by this program */

    /* Parameters (plugin/parameters.c). */
    const char *environment; /* NULL: not narrowed */
    bool allow_empty;        /* a render without resources is meant */
    struct edits edits;
    bool expand_annotations;        /* commonAnnotationsEnvsubst */
    struct edit_texts api_versions; /* instead of kube_api_versions */
};

bool request_read(struct arena *arena, struct request *out, struct error *error);

/* Opens the repository that the working directory is in. Its root is the working directory without
 * ARGOCD_APP_SOURCE_PATH; where Argo CD has sent a part of the repository only, the directory that it was unpacked in.
 */
bool request_repository(struct arena *arena, const struct request *request, struct repository *out,
                        struct error *error);

/* Says in an error about a path that was not sent what Argo CD has sent, and when it sends the rest: with
 * --plugin-use-manifest-generate-paths it sends what the Application's annotation named before this commit. */
void request_explain(struct arena *arena, const struct repository *repository, struct error *error);

/* The root for a working directory and a source path; NULL where they do not fit together. And which part of the
 * repository it is; NULL: all of it. Exported for their tests. */
const char *request_root(struct arena *arena, const char *directory, const char *source_path);
const char *request_part(struct arena *arena, const char *root, const char *directory, const char *source_path);

#endif
