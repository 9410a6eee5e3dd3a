/* version.c: says which version this is, and whose output it reproduces. */
#include "plugin/run/version.h"
#include "plugin/commands.h"
#include "plugin/run/output.h"

static int run(const struct invocation *invocation, struct error *error)
{
    (void)invocation;
    struct text text = {0};
    text_string(&text, "rootapp " ROOTAPP_VERSION " (kustomize " KUSTOMIZE_VERSION ")\n");
    bool written = output_print(&text, error);
    text_free(&text);
    return written ? EXIT_GOOD : EXIT_FAILED;
}

const struct command version_command = {
    .name = "version",
    .operands = "",
    .summary = "show the version",
    .description = "Prints the version of rootapp, and the version of kustomize whose output it reproduces.",
    .run = run,
};
