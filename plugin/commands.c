/* commands.c: the table of commands. */
#include "plugin/commands.h"

#include <string.h>

#include "base/nearest.h"

const struct command *const commands[] = {
#define GROUP(title)
#define COMMAND(name) &name##_command,
#include "plugin/commands.def"
#undef COMMAND
#undef GROUP
    NULL,
};

const char program_summary[] =
    "turns directories of a git repository into Argo CD Applications, and renders them as kustomize does";

const struct overview_line command_overview[] = {
#define GROUP(title) {title, NULL},
#define COMMAND(name) {NULL, &name##_command},
#include "plugin/commands.def"
#undef COMMAND
#undef GROUP
    {NULL, NULL},
};

const struct command *command_find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

void unknown_command(struct error *error, const char *name)
{
    const char *names[sizeof commands / sizeof *commands] = {0};
    for (size_t i = 0; commands[i]; i++)
        names[i] = commands[i]->name;
    const char *near = nearest_name(name, names);
    if (near)
        error_set(error, "unknown command '%s' (did you mean '%s'?)", name, near);
    else
        error_set(error, "unknown command '%s'; 'rootapp help' lists them", name);
}
