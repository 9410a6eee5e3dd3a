/* The commit of a render, read from a mirror beside the plugin (plugin/mirror.c) instead of what Argo CD has sent.
 *
 *     mirrored_ask(&mirrored, ...);         before the process is confined, and before anything of a tenant is read
 *     confine, with mirrored.objects_directory readable
 *     mirrored_open(&mirrored, ...);        the repository is that commit, where the mirror has it
 *     mirrored_close(&mirrored, outcome);   tells the mirror
 *
 * Only ids are asked for, and git's ids say what they name: no mirror can give another commit, nor an older one. Where
 * there is nothing to be had, what was sent is read: it is of the same commit, and a part of the repository at worst,
 * which is an error as soon as a render needs the rest. */
#ifndef PLUGIN_MIRRORED_H
#define PLUGIN_MIRRORED_H

#include <time.h>

#include "plugin/run/request.h"
#include "source/git.h"

struct mirrored {
    const char *objects_directory; /* to be readable; NULL: nothing is read from a mirror */
    const char *why;               /* what was sent is read, because; NULL: it is not, or there is no mirror */

    /* Internal: */
    bool listed; /* the mirror has this repository, or does not say that it has not */
    const char *commit;
    struct git_place place;
    struct git_objects *objects;
    int connection; /* -1: none */
    struct timespec begun;
};

/* `directory` is the mirror's; it may take so many seconds to get a commit that it does not have yet. */
void mirrored_ask(struct mirrored *mirrored, struct arena *arena, const char *directory, const struct request *request,
                  long seconds);

/* Makes the commit the repository's source. False: the path of the Application cannot be read in it. */
bool mirrored_open(struct mirrored *mirrored, struct arena *arena, const struct request *request,
                   struct repository *repository, struct error *error);

/* Says in an error about a path that was not sent why there is no commit to read it from. */
void mirrored_explain(const struct mirrored *mirrored, struct arena *arena, const struct repository *repository,
                      struct error *error);

/* A line for the sidecar's log where a mirror that has the repository did not help. */
void mirrored_note(const struct mirrored *mirrored);

void mirrored_close(struct mirrored *mirrored, bool rendered); /* after the repository; an empty one is allowed */

#endif
