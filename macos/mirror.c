/* mirror.c: the command `mirror`, which is for the pods of Linux alone. */
#include "plugin/commands.h"

static int run_mirror(const struct invocation *invocation, struct error *error)
{
    (void)invocation;
    error_set(error, "mirror runs on Linux only, beside the plugin");
    return EXIT_FAILED;
}

static const struct option options[] = {OPTION_END};

const struct command mirror_command = {
    .name = "mirror",
    .operands = "",
    .summary = "keep copies of repositories for 'generate --mirror' (Linux)",
    .description = "Runs beside the plugin, on Linux. See docs/mirror.md.",
    .examples = "rootapp mirror --dir /mirror --repo https://git.example.com/platform/gitops.git\n",
    .options = options,
    .run = run_mirror,
};
