/* Manual pages in the language of man(7), made from the tables of commands and options. */
#ifndef PLUGIN_MANUAL_H
#define PLUGIN_MANUAL_H

#include "base/text.h"
#include "plugin/options.h"

void manual_overview(struct text *out);                            /* rootapp(1) */
void manual_page(const struct command *command, struct text *out); /* rootapp-COMMAND(1) */

#endif
