/* Whose change of an image is the newer one: the order of a pipeline's runs, and what commits say of it.
 *
 * A commit that sets images says so in trailers: `Rootapp-Image: OVERLAY NAME:TAG@DIGEST` for each, and
 * `Rootapp-Sequence: PIPELINE NUMBER`, which is the run that it came from. Clocks decide nothing. */
#ifndef PLUGIN_CHANGE_SEQUENCE_H
#define PLUGIN_CHANGE_SEQUENCE_H

#include "plugin/change/user_git.h"

struct sequence {
    const char *pipeline; /* NULL: there is none */
    unsigned long long number;
};

/* `text`: of --sequence: a number, "none", or NULL: what the environment of the CI says. */
bool sequence_read(struct arena *arena, const char *text, struct sequence *out, struct error *error);

/* The commit that set an image of an overlay to the value that it has. */
struct image_setter {
    const char *commit, *author, *subject;
    struct sequence sequence;
    const char *source; /* the commit of the code; NULL: it is not known */
};

/* One trailer. */
struct image_setting {
    const char *overlay, *image;
    const struct image_setter *setter;
};

/* What the last commits before a tip say. Lives in the arena of the history. */
struct set_images {
    struct arena *arena;
    const char *tip;
    const char *stranger;        /* a commit that sets no image; NULL: there is none */
    struct image_setting *items; /* the last one first */
    size_t count, room;
};
bool set_images_read(struct user_git *git, const char *tip, struct set_images *out,
                     struct error *error); /* or a range of commits */

/* Who set an image of an overlay to "NAME:TAG@DIGEST"; NULL: nobody is known. */
const struct image_setter *set_images_find(const struct set_images *set, const char *overlay, const char *image);

#endif
