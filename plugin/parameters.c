/* parameters.c: announces the plugin's parameters to Argo CD. */
#include "plugin/run/parameters.h"

#include "plugin/commands.h"
#include "plugin/run/output.h"

static int run_parameters(const struct invocation *invocation, struct error *error)
{
    (void)invocation;
    struct text text = {0};
    parameters_announce(&text);
    bool written = output_print(&text, error);
    text_free(&text);
    return written ? EXIT_GOOD : EXIT_FAILED;
}

const struct command parameters_command = {
    .name = "parameters",
    .operands = "",
    .summary = "announce the parameters of generate to Argo CD",
    .description =
        "Prints the parameters that an Application may give to generate in source.plugin.parameters, as the JSON that "
        "argocd-cmp-server expects of a plugin's parameters command. Argo CD's user interface then offers them.\n"
        "\n"
        "They have the names of an Application's source.kustomize, and do the same: see docs/parameters.md.",
    .examples = "rootapp parameters\n",
    .run = run_parameters,
};
