/* The text of a SealedSecret: sealed values are put into it, and every other byte stays. Nothing is written here. */
#ifndef PLUGIN_SEALING_H
#define PLUGIN_SEALING_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

/* Gives a SealedSecret a sealed value for a key, or takes the key away (NULL), and notes for whom and with which
 * certificate it was sealed (`record`, KEY=FINGERPRINT@NAMESPACE/NAME; NULL: none). Every other byte stays. `name`
 * chooses among several SealedSecrets of the file. */
struct seal_edit {
    const char *file, *name, *key, *sealed, *record;
};
bool seal_edit_text(struct arena *arena, const struct seal_edit *edit, struct text *text, struct error *error);

/* The name that the SealedSecret at a line of a file has there; NULL: there is none. */
const char *seal_written_name(struct arena *arena, const char *file, const struct text *text, unsigned line);

/* A new SealedSecret without values. */
void seal_new_text(const char *name, const char *scope, struct text *out);

/* Adds a file to `resources` of a kustomization. */
bool seal_add_resource(struct arena *arena, const char *file, const char *resource, struct text *text,
                       struct error *error);

#endif
