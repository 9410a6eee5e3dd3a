/* The constants that plugin/commands.def lists. */
#ifndef PLUGIN_COMMANDS_H
#define PLUGIN_COMMANDS_H

#include "plugin/options.h"

#define GROUP(title)
#define COMMAND(name) extern const struct command name##_command;
#include "plugin/commands.def"
#undef COMMAND
#undef GROUP

/* What the program does: the rest of a sentence that begins with its name. */
extern const char program_summary[];

/* A title, or a command below it. The last one has neither. */
struct overview_line {
    const char *title;
    const struct command *command;
};

extern const struct overview_line command_overview[];

#endif
