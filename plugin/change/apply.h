/* Changes of images where newer intents of others are left alone. */
#ifndef PLUGIN_CHANGE_APPLY_H
#define PLUGIN_CHANGE_APPLY_H

#include "plugin/change/decide.h"
#include "plugin/change/report.h"

struct applying {
    struct user_git *git; /* NULL: outside of git, where nothing is known of others */
    const struct decide_options *options;
    const char *tip;     /* whose history tells who set what */
    struct began *began; /* filled by the first call, and compared with by the others; NULL: nothing can have moved */
};

/* As changes_make. In a conflict, `end` says so, beside the error. */
bool apply_changes(struct applying *applying, struct arena *arena, const struct change_request *request,
                   struct changes *changes, struct repository *repository, struct change_end *end, struct error *error);

#endif
