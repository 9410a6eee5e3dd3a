/* The constants that plugin/commands.def lists. */
#ifndef PLUGIN_COMMANDS_H
#define PLUGIN_COMMANDS_H

#include "plugin/options.h"

#define GROUP(title)
#define COMMAND(name) extern const struct command name##_command;
#include "plugin/commands.def"
#undef COMMAND
#undef GROUP

#endif
