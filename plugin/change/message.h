/* The message of a commit that sets images. */
#ifndef PLUGIN_CHANGE_MESSAGE_H
#define PLUGIN_CHANGE_MESSAGE_H

#include "plugin/change/changes.h"
#include "plugin/change/sequence.h"

struct message_options {
    const char *subject; /* NULL: one that names the change */
    struct sequence sequence;
    bool signoff;
};

/* What the commit of the code says of itself, as Argo CD's trailers. */
struct source_commit {
    const char *id;    /* NULL: there is no source */
    const char *lines; /* of trailers */
};
bool source_commit_read(struct arena *arena, const char *directory, struct source_commit *out, struct error *error);

bool message_write(struct user_git *git, const struct changes *changes, const struct message_options *options,
                   const struct source_commit *source, struct text *out, struct error *error);

/* "NAME:TAG@DIGEST", as trailers and messages have it. */
const char *image_text(struct arena *arena, const char *name, const char *tag, const char *digest);

#endif
