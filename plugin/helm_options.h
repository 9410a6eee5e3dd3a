/* The options about Helm charts: the same for all commands that render, under kustomize's names. */
#ifndef PLUGIN_HELM_OPTIONS_H
#define PLUGIN_HELM_OPTIONS_H

#include "kustomize/engine.h"
#include "plugin/options.h"
#include "plugin/run/request.h"

struct chart_options {
    bool enabled, debug;
    const char *command, *kube_version;
    struct option_list api_versions;
};

#define HELM_OPTIONS(type, member)                                                                       \
    OPTION_SWITCH(type, member.enabled, 0, "enable-helm", "inflate Helm charts"),                        \
        OPTION_TEXT(type, member.command, 0, "helm-command", "FILE", "the helm to run (default: helm)"), \
        OPTION_TEXT(type, member.kube_version, 0, "helm-kube-version", "VERSION",                        \
                    "the Kubernetes version that charts are told"),                                      \
        OPTION_LIST(type, member.api_versions, 0, "helm-api-versions", "VERSION",                        \
                    "an API version that charts are told the cluster has; may be given several times"),  \
        OPTION_SWITCH(type, member.debug, 0, "helm-debug", "let helm tell more when it fails")

/* What Argo CD says of its cluster (NULL: we are not called by it) holds where the options say nothing. */
struct helm_options helm_options_read(const struct chart_options *given, struct arena *arena,
                                      const struct request *request);

#endif
