/* Hiding what is secret, for all that shows values. Nothing that is hidden can be guessed from what is shown: of a
 * value it is its length only, and no hash of it. */
#ifndef DIFF_MASK_H
#define DIFF_MASK_H

#include "base/text.h"
#include "yaml/tree.h"

/* Where a value is: what its ancestors make of it. */
struct mask_place {
    const char *kind;          /* of the resource */
    const char *list, *field;  /* the field that holds the value, and the one that holds its map or list; may be NULL */
    const struct node *around; /* the map that holds the value; NULL: none */
    bool within;               /* an ancestor is secret as a whole */
    bool in_text;              /* it stands in the structure of a text: any name may be that of a secret */
};

/* The place of the value of a field, or of an item (field NULL), in a map or list at `place`. */
struct mask_place mask_below(const struct mask_place *place, const struct node *around, const char *field);

/* A value that can be shown: itself, or a copy in which secrets are replaced by their sizes. `reason`, which may be
 * NULL, gets why something was replaced: "secret", "encrypted", or "secret lines" where only parts of a text are. */
const struct node *mask_value(struct tree *tree, const struct mask_place *place, const struct node *value,
                              const char **reason);

/* Whether a value that was hidden for this reason (NULL: it was not) still shows the rest of a text. */
bool mask_shows_parts(const char *reason);

/* The same for a whole resource. Where `other` is its counterpart, what differs from it says so. */
const struct node *mask_resource(struct tree *tree, const struct node *resource, const struct node *other);

/* Adds a line of a message with what looks like a secret taken out. */
void mask_text(const char *text, struct text *out);

#endif
