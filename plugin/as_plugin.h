/* Judging as the plugin will: the options of a command that say where the plugin's command line and Argo CD are.
 *
 *     struct list_options { struct plugin_options plugin; };
 *     static const struct option options[] = {PLUGIN_OPTIONS(struct list_options, plugin), OPTION_END};
 */
#ifndef PLUGIN_AS_PLUGIN_H
#define PLUGIN_AS_PLUGIN_H

#include "plugin/options.h"
#include "plugin/run/render_set.h"

struct plugin_options {
    const char *file, *argocd_namespace;
};

#define PLUGIN_OPTIONS(type, member)                                                           \
    OPTION_TEXT(type, member.file, 0, "plugin", "FILE",                                        \
                "the ConfigManagementPlugin whose command line says what is allowed (default " \
                "argo/install/plugin.yaml; without one, what rootapp ships)"),                 \
        OPTION_TEXT(type, member.argocd_namespace, 0, "argocd-namespace", "NAME",              \
                    "the namespace that Argo CD runs in (default: that of argo/install or argo/argocd, else argocd)")

/* Reads the command line of the plugin into the rules of a render. What concerns the sidecar only (limits, caches, the
 * place of helm) is left out. */
bool plugin_rules_read(const struct plugin_options *given, const struct invocation *invocation,
                       const struct repository *repository, struct render_rules *out, struct error *error);

#endif
