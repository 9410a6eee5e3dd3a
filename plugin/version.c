/* version.c: says which version this is, and whose output it reproduces. */
#include "plugin/run/version.h"

#include <string.h>

#include "kustomize/engine.h"
#include "plugin/commands.h"
#include "plugin/run/output.h"

#ifndef ROOTAPP_COMMIT /* make COMMIT=... says which one this is built from */
#define ROOTAPP_COMMIT ""
#endif

struct version_options {
    const char *format;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct option options[] = {
    OPTION_CHOICE(struct version_options, format, 'o', "output", "FORMAT", formats, "text or json (default text)"),
    OPTION_END,
};

static const char text_line[] = "rootapp " ROOTAPP_VERSION " (renders as kustomize " KUSTOMIZE_VERSION ")\n";
static const char json_line[] = "{\"version\":\"" ROOTAPP_VERSION "\",\"kustomize\":\"" KUSTOMIZE_VERSION "\"";

static int run_version(const struct invocation *invocation, struct error *error)
{
    const struct version_options *chosen = invocation->command == &version_command ? invocation->options : NULL;
    bool commit = *ROOTAPP_COMMIT;
    struct text text = {0};
    if (chosen && chosen->format && strcmp(chosen->format, "json") == 0)
        text_format(&text, "%s%s%s%s}\n", json_line, commit ? ",\"commit\":\"" : "", ROOTAPP_COMMIT,
                    commit ? "\"" : "");
    else
        text_string(&text, text_line);
    bool written = output_print(&text, error);
    text_free(&text);
    return written ? EXIT_GOOD : EXIT_FAILED;
}

const struct command version_command = {
    .name = "version",
    .operands = "",
    .summary = "show the version",
    .description =
        "Prints the version of rootapp, and the version of kustomize whose output it reproduces. With -o json, "
        "also the commit that it was built from, where that is known.",
    .examples = "rootapp version -o json\n",
    .options = options,
    .options_size = sizeof(struct version_options),
    .run = run_version,
};
