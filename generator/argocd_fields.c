/* argocd_fields.c: the fields of Applications and AppProjects.
 *
 * Source: argo-cd v3.6.1, manifests/crds/application-crd.yaml and appproject-crd.yaml, tests/argocd compares; and those
 * of earlier versions for `since`, tests/install compares. */
#include "generator/argocd_fields.h"

#include <stddef.h>

#define TEXT(name)                        \
    {                                     \
        name, ARGOCD_TEXT, false, NULL, 0 \
    }
#define NEEDED_TEXT(name)                \
    {                                    \
        name, ARGOCD_TEXT, true, NULL, 0 \
    }
#define BOOL(name)                        \
    {                                     \
        name, ARGOCD_BOOL, false, NULL, 0 \
    }
#define INTEGER(name)                        \
    {                                        \
        name, ARGOCD_INTEGER, false, NULL, 0 \
    }
#define TEXTS(name)                        \
    {                                      \
        name, ARGOCD_TEXTS, false, NULL, 0 \
    }
#define TEXT_MAP(name)                        \
    {                                         \
        name, ARGOCD_TEXT_MAP, false, NULL, 0 \
    }
#define MAP(name, fields)                  \
    {                                      \
        name, ARGOCD_MAP, false, fields, 0 \
    }
#define LIST(name, fields)                  \
    {                                       \
        name, ARGOCD_LIST, false, fields, 0 \
    }
#define END                               \
    {                                     \
        NULL, ARGOCD_TEXT, false, NULL, 0 \
    }

typedef const struct argocd_field fields[];

/* Sources. */

static fields jsonnet_variable = {NEEDED_TEXT("name"), NEEDED_TEXT("value"), BOOL("code"), END};
static fields jsonnet = {LIST("extVars", jsonnet_variable), LIST("tlas", jsonnet_variable), TEXTS("libs"), END};
static fields directory = {BOOL("recurse"),         TEXT("include"),
                           TEXT("exclude"),         {"disableExtensionFilter", ARGOCD_BOOL, false, NULL, 306},
                           MAP("jsonnet", jsonnet), END};

static fields helm_parameter = {TEXT("name"), TEXT("value"), BOOL("forceString"), END};
static fields helm_file_parameter = {TEXT("name"), TEXT("path"), END};
static fields helm = {
    TEXT("releaseName"),
    TEXT("version"),
    TEXT("namespace"),
    TEXT("kubeVersion"),
    TEXT("values"),
    {"valuesObject", ARGOCD_UNCHECKED, false, NULL, 0},
    TEXTS("valueFiles"),
    TEXTS("apiVersions"),
    LIST("parameters", helm_parameter),
    LIST("fileParameters", helm_file_parameter),
    BOOL("ignoreMissingValueFiles"),
    BOOL("passCredentials"),
    BOOL("skipCrds"),
    BOOL("skipSchemaValidation"),
    BOOL("skipTests"),
    END,
};

static fields patch_target = {
    TEXT("group"),
    TEXT("version"),
    TEXT("kind"),
    TEXT("name"),
    TEXT("namespace"),
    TEXT("labelSelector"),
    TEXT("annotationSelector"),
    END,
};
static fields patch = {
    TEXT("path"), TEXT("patch"), MAP("target", patch_target), {"options", ARGOCD_BOOL_MAP, false, NULL, 0}, END};
static fields replica = {NEEDED_TEXT("name"), {"count", ARGOCD_INTEGER_OR_TEXT, true, NULL, 0}, END};
static fields kustomize = {
    TEXT("version"),
    TEXT("namespace"),
    TEXT("namePrefix"),
    TEXT("nameSuffix"),
    TEXT("kubeVersion"),
    TEXTS("apiVersions"),
    TEXTS("images"),
    TEXTS("components"),
    BOOL("ignoreMissingComponents"),
    TEXT_MAP("commonLabels"),
    BOOL("forceCommonLabels"),
    BOOL("labelWithoutSelector"),
    BOOL("labelIncludeTemplates"),
    TEXT_MAP("commonAnnotations"),
    BOOL("commonAnnotationsEnvsubst"),
    BOOL("forceCommonAnnotations"),
    LIST("replicas", replica),
    LIST("patches", patch),
    END,
};

static fields variable = {NEEDED_TEXT("name"), NEEDED_TEXT("value"), END};
static fields plugin_parameter = {TEXT("name"), TEXT("string"), TEXTS("array"), TEXT_MAP("map"), END};
static fields plugin = {TEXT("name"), LIST("env", variable), LIST("parameters", plugin_parameter), END};

static fields source = {
    NEEDED_TEXT("repoURL"),
    TEXT("path"),
    TEXT("targetRevision"),
    TEXT("chart"),
    TEXT("ref"),
    TEXT("name"),
    {"tagPrefix", ARGOCD_TEXT, false, NULL, 305},
    MAP("directory", directory),
    MAP("helm", helm),
    MAP("plugin", plugin),
    MAP("kustomize", kustomize),
    END,
};

/* Applications. */

static fields destination = {TEXT("server"), TEXT("name"), TEXT("namespace"), END};
static fields automated = {
    BOOL("prune"), BOOL("selfHeal"), BOOL("allowEmpty"), {"enabled", ARGOCD_BOOL, false, NULL, 301}, END};
static fields backoff = {TEXT("duration"), TEXT("maxDuration"), INTEGER("factor"), END};
static fields retry = {INTEGER("limit"), {"refresh", ARGOCD_BOOL, false, NULL, 302}, MAP("backoff", backoff), END};
static fields namespace_metadata = {TEXT_MAP("labels"), TEXT_MAP("annotations"), END};
static fields sync_policy = {MAP("automated", automated), TEXTS("syncOptions"), MAP("retry", retry),
                             MAP("managedNamespaceMetadata", namespace_metadata), END};
static fields difference = {
    TEXT("group"),
    NEEDED_TEXT("kind"),
    TEXT("name"),
    TEXT("namespace"),
    TEXTS("jsonPointers"),
    TEXTS("jqPathExpressions"),
    TEXTS("managedFieldsManagers"),
    END,
};

fields argocd_application_fields = {
    NEEDED_TEXT("project"),
    {"destination", ARGOCD_MAP, true, destination, 0},
    MAP("source", source),
    LIST("sources", source),
    {"sourceHydrator", ARGOCD_UNCHECKED, false, NULL, 0}, /* refused with a reason (validate.c) */
    MAP("syncPolicy", sync_policy),
    LIST("ignoreDifferences", difference),
    LIST("info", variable),
    INTEGER("revisionHistoryLimit"),
    END,
};

/* Projects. */

static fields group_kind = {NEEDED_TEXT("group"), NEEDED_TEXT("kind"), END};
static fields group_kind_name = {
    NEEDED_TEXT("group"), NEEDED_TEXT("kind"), {"name", ARGOCD_TEXT, false, NULL, 303}, END};
static fields service_account = {NEEDED_TEXT("server"), TEXT("namespace"), NEEDED_TEXT("defaultServiceAccount"), END};
static fields orphan = {TEXT("group"), TEXT("kind"), TEXT("name"), END};
static fields orphaned_resources = {BOOL("warn"), LIST("ignore", orphan), END};
static fields token = {TEXT("id"), INTEGER("exp"), {"iat", ARGOCD_INTEGER, true, NULL, 0}, END};
static fields role = {NEEDED_TEXT("name"), TEXT("description"),      TEXTS("policies"),
                      TEXTS("groups"),     LIST("jwtTokens", token), END};
static fields signature_key = {NEEDED_TEXT("keyID"), END};
static fields integrity_repository = {NEEDED_TEXT("url"), END};
static fields gpg = {{"keys", ARGOCD_TEXTS, true, NULL, 0}, NEEDED_TEXT("mode"), END};
static fields integrity_policy = {
    {"repos", ARGOCD_LIST, true, integrity_repository, 0}, {"gpg", ARGOCD_MAP, true, gpg, 0}, END};
static fields git_integrity = {{"policies", ARGOCD_LIST, true, integrity_policy, 0}, END};
static fields source_integrity = {{"git", ARGOCD_MAP, true, git_integrity, 0}, END};
static fields sync_window = {
    TEXT("kind"),
    TEXT("schedule"),
    TEXT("duration"),
    TEXT("timeZone"),
    {"description", ARGOCD_TEXT, false, NULL, 301},
    TEXTS("applications"),
    TEXTS("namespaces"),
    TEXTS("clusters"),
    BOOL("manualSync"),
    BOOL("andOperator"),
    {"syncOverrun", ARGOCD_BOOL, false, NULL, 305},
    END,
};

fields argocd_project_fields = {
    TEXT("description"),
    TEXTS("sourceRepos"),
    TEXTS("sourceNamespaces"),
    LIST("destinations", destination),
    LIST("destinationServiceAccounts", service_account),
    LIST("clusterResourceWhitelist", group_kind_name),
    LIST("clusterResourceBlacklist", group_kind_name),
    LIST("namespaceResourceWhitelist", group_kind),
    LIST("namespaceResourceBlacklist", group_kind),
    LIST("roles", role),
    LIST("syncWindows", sync_window),
    LIST("signatureKeys", signature_key),
    {"sourceIntegrity", ARGOCD_MAP, false, source_integrity, 305},
    MAP("orphanedResources", orphaned_resources),
    BOOL("permitOnlyProjectScopedClusters"),
    END,
};
