/* Dotted paths into an object, as replacements and variables write them: spec.containers.[name=app].image
 *
 * `\.` is a dot within a part; a part in brackets keeps its dots, and loses the brackets where it holds no `=`. */
#ifndef KUSTOMIZE_DOTTED_PATH_H
#define KUSTOMIZE_DOTTED_PATH_H

#include "base/error.h"
#include "yaml/tree.h"

struct dotted_path {
    const char **parts;
    size_t count;
};

/* The next part of a path, up to a delimiter that no backslash precedes, without those backslashes. Returns its size;
 * `part` has room for the rest of the path and a NUL, and `path` is NULL at its end. */
size_t path_next_part(const char **path, char delimiter, char *part);

struct dotted_path dotted_path_split(struct arena *arena, const char *text);

/* Finds one place: parts are keys, indexes, - (the last item) or [key=value]. Absent: *out is NULL. `trail` (or NULL)
 * gets the way, which a writer owns with trail_own. False: the path does not fit the object, or is too long. What the
 * search has looked at on its way is added to `looked_at`; LOOKS_A_STEP of it are a step (tree_count_steps). */
enum { LOOKS_A_STEP = 8 };
bool dotted_path_lookup(struct node *const *root, struct dotted_path path, struct trail *trail, struct node **out,
                        size_t *looked_at, struct error *error);

/* The same, making what is missing, and an empty scalar at its end; what it leads to is owned. Absent: an item that a
 * number names, and what is below a null. */
bool dotted_path_create(struct tree *tree, struct node **root, struct dotted_path path, struct node **out,
                        struct error *error);

/* Where a path without a place ends, for messages: ": 'spec' has no 'replica' (did you mean 'replicas'?)". "": that is
 * not at a key of a map. */
const char *dotted_path_end(struct arena *arena, const struct node *root, struct dotted_path path);

/* [key=value]: false where there is no `=`. The key may be empty. */
bool part_is_bracketed(const char *part);
bool part_split(struct arena *arena, const char *part, const char **key, const char **value);

#endif
