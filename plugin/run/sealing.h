/* Sealing: values to ciphertexts, and these into the text of a SealedSecret. Nothing is written here. */
#ifndef PLUGIN_SEALING_H
#define PLUGIN_SEALING_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

/* For whom a value is sealed. */
struct seal_for {
    const char *name, *namespace, *scope; /* the Secret's as rendered; strict, namespace-wide or cluster-wide */
    const char *certificate;              /* a file */
};

/* The first digits of a certificate's SHA-256; NULL with an error: no certificate can be read, or it is a private key.
 */
const char *seal_fingerprint(struct arena *arena, const char *certificate, struct error *error);

/* Runs kubeseal ($KUBESEAL, else that of PATH), which needs no cluster for this. The value is its standard input, and
 * stands in no argument, variable or file. */
bool seal_value(struct arena *arena, const struct seal_for *whom, const struct text *value, const char **out,
                struct error *error);

/* Gives a SealedSecret a sealed value for a key, or takes the key away (NULL), and notes for whom and with which
 * certificate it was sealed (`record`, KEY=FINGERPRINT@NAMESPACE/NAME; NULL: none). Every other byte stays. `name`
 * chooses among several SealedSecrets of the file. */
struct seal_edit {
    const char *file, *name, *key, *sealed, *record;
};
bool seal_edit_text(struct arena *arena, const struct seal_edit *edit, struct text *text, struct error *error);

/* A new SealedSecret without values. */
void seal_new_text(const char *name, const char *scope, struct text *out);

/* Adds a file to `resources` of a kustomization. */
bool seal_add_resource(struct arena *arena, const char *file, const char *resource, struct text *text,
                       struct error *error);

/* Overwrites a value and frees it. */
void seal_forget(struct text *value);

#endif
