/* What an app's environments set differently, besides images and replicas. */
#ifndef PLUGIN_REPORT_SETTINGS_H
#define PLUGIN_REPORT_SETTINGS_H

#include "plugin/report/board.h"

/* A field, or a whole resource, with its value in each environment. */
struct setting {
    const char *kind, *name; /* of the resource */
    const char *field;       /* spec.containers.[name=app].resources.limits.memory; NULL: the whole resource */
    const char **values;     /* by column; NULL: it is not there */
};

struct settings {
    const struct board_target **columns; /* the app's targets that render, in its order */
    size_t column_count;
    struct setting *items;
    size_t count, room;
    bool is_cut; /* there are more */
};

/* Compares what was rendered. Left out is what carries the environment's name or namespace and is the same otherwise,
 * and what follows from something else: the hash in a name, a checksum. Secrets are hidden (diff/mask.h): of them, only
 * whether they are there is compared. Everything lives in the board's arena. */
void settings_find(const struct board *board, const struct board_app *app, struct settings *out);

#endif
