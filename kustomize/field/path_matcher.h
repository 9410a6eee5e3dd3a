/* Finding all places that a path with patterns leads to, and making them (kyaml's PathMatcher).
 *
 * Parts are keys, indexes, [key=pattern] (an unanchored regular expression on the value as YAML text) and * (every
 * item). A scalar on the way is read as YAML: what is found in it is a copy. */
#ifndef KUSTOMIZE_PATH_MATCHER_H
#define KUSTOMIZE_PATH_MATCHER_H

#include "kustomize/field/dotted_path.h"
#include "yaml/parse.h"
#include "yaml/v3_comments.h"

/* A compiled path. Lives as long as the arena; serves one thread. */
struct path_matcher;

struct path_matcher *path_matcher_compile(struct tree *tree, const char *path, origin at, struct error *error);

const char *path_matcher_text(const struct path_matcher *matcher);
struct dotted_path path_matcher_path(const struct path_matcher *matcher); /* its parts, as written */

/* Appends what is found from part `from` on: nodes that the tree owns, so that they can be changed in place. */
bool path_matcher_find(struct path_matcher *matcher, size_t from, struct node **root, struct node_array *out,
                       struct error *error);

/* The same, making what is missing; the last part becomes a node of this kind. */
bool path_matcher_create(struct path_matcher *matcher, size_t from, struct node **root, enum node_kind kind,
                         struct node_array *out, struct error *error);

/* What is searched from now on is the text of a scalar, with these comments: a pattern is matched against a value with
 * the comment behind it. NULL: it is what files hold. */
void path_matcher_within(struct path_matcher *matcher, const struct v3_comments *comments);

/* Reads a scalar's text as YAML: NULL where it is none, or empty. `comments` (or NULL) gets those of the text. */
struct node *parse_scalar_text(struct tree *tree, const struct node *scalar, struct v3_comments *comments,
                               struct error *error);

#endif
