/* The name of a container image, NAME[:TAG][@DIGEST], and what an item of `images` makes of it. */
#ifndef KUSTOMIZE_IMAGE_NAME_H
#define KUSTOMIZE_IMAGE_NAME_H

#include "base/text.h"
#include "base/writer.h"
#include "kustomize/kustomization/kustomization.h"
#include "kustomize/text/regex.h"

struct image_update {
    const struct image *image;
    const struct regex *regex; /* NULL: `literal` says all, or the name is no regular expression and matches nothing */
    const char *literal;       /* what every match begins with; a dot stands for any character */
    size_t literal_size;
    bool is_literal; /* it is the whole name */
};

/* The item's name is a regular expression to kustomize: a dot matches anything. */
struct image_update image_update_for(struct arena *arena, const struct image *image);

bool image_matches(const struct image_update *update, const struct node *scalar);

/* Appends the new name of an image that matches. */
void image_updated(const struct image_update *update, const struct node *scalar, struct text *out);

/* What the parts of that name were taken from, the separators left out. Returns how many there are. */
enum { MOST_IMAGE_PARTS = 4 };
size_t image_writers(const struct image_update *update, const struct node *scalar,
                     struct writer_part parts[MOST_IMAGE_PARTS]);

/* The pieces of a name; "" where one is not there. */
struct image_parts {
    const char *name, *tag, *digest;
};
struct image_parts image_split(struct arena *arena, const char *text);

#endif
