/* What is to be done, as a command line or a file says it. Everything lives in the arena. */
#ifndef PLUGIN_CHANGE_INTENTS_H
#define PLUGIN_CHANGE_INTENTS_H

#include "plugin/change/changes.h"

struct intents {
    struct image_intent *items;
    size_t count, room;
};

/* APP/ENV... IMAGE...: all images for all targets. With `directory`, images alone. */
bool intents_read_operands(struct arena *arena, const char *const *operands, size_t count, bool directory,
                           struct intents *out, struct error *error);

/* Lines `APP/ENV IMAGE...`; # begins a comment. "-": standard input. */
bool intents_read_file(struct arena *arena, const char *path, struct intents *out, struct error *error);

#endif
