/* Help, made from the tables of commands and options. */
#ifndef PLUGIN_HELP_H
#define PLUGIN_HELP_H

#include "base/text.h"
#include "plugin/options.h"

void help_overview(struct text *out);
void help_command_page(const struct command *command, struct text *out);

#endif
