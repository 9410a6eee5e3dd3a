/* The parts of hints (plugin/run/hints.h): what they look at. */
#ifndef PLUGIN_HINT_PARTS_H
#define PLUGIN_HINT_PARTS_H

#include "plugin/run/repository.h"

struct looking {
    const struct repository *repository;
    struct arena *arena;
    struct error *error;
    const char *text;         /* of the whole file */
    const char *above, *line; /* the lines of the error, and before it; "" where there is none */
    bool person;
};

const char *hint_copy_line(struct arena *arena, const char *text);     /* to the end of its line */
const char *hint_line(const struct looking *looking, unsigned number); /* from 1; "" where there is none */

/* Gives the error the place that is to be changed, where it was noticed only later. */
void hint_move(struct looking *looking, unsigned line, unsigned column);

/* The lines of the error with a caret below, for a person. */
void hint_show(const struct looking *looking, unsigned column);

/* Slips of YAML and of kustomization files, by the message (hints_yaml.c). False: it knows no remedy. */
bool hint_yaml(struct looking *looking);

#endif
