/* Making changes: what changes.c and check_effects.c share. Inner header of changes.c. */
#ifndef PLUGIN_CHANGE_MAKING_H
#define PLUGIN_CHANGE_MAKING_H

#include "base/map.h"
#include "plugin/change/changes.h"

/* A directory whose kustomization is edited. */
struct overlay {
    const char *path;
    size_t file;
};

struct making {
    struct changes *changes;
    struct repository *repository;
    const struct change_request *request;
    struct overlay *overlays;
    size_t count, room;
    struct map *by_path; /* of overlays, by 1 + their index */
    struct session edited;
    struct error *error;
};

/* Renders all that the edits are for, before and after: exactly what is wished differs; else an error says why not. */
bool check_effects(struct making *making);

#endif
