/* Placeholders: {app}, {env} and the like in texts and in trees, and the merge of a template over what is generated.
 *
 * Text between doubled braces ({{...}}) is left as it is, so that other people's templates pass through. */
#ifndef GENERATOR_TEMPLATE_H
#define GENERATOR_TEMPLATE_H

#include "base/error.h"
#include "yaml/tree.h"

struct binding {
    const char *name, *value;
};

/* What a file says of a word like `values.chart.version` or `values.wave|0`. */
#define VALUE_PREFIX "values."
enum { VALUE_LONGEST = 127 };

struct value {
    const char *word;
    const struct node *node; /* NULL: nothing */
};

struct values {
    const struct value *items;
    size_t count;
    const char *problem; /* NULL: none */
};

/* The next such word of a text, which moves behind it. NULL: there is none. */
const char *next_value_word(struct arena *arena, const char **text);

/* A text with the words replaced. NULL: one of them has no value, or one that is no text; `missing` tells which. */
const char *expand_value_text(struct arena *arena, const char *text, const struct values *values, const char **missing);

/* A copy with all words replaced. A text that is one word alone becomes the value, of whatever type, and is left out if
 * there is none; in `metadata` it becomes a text. NULL: a value is missing. */
struct node *expand_values(struct tree *tree, const struct node *node, const struct values *values,
                           const char **missing);

char *expand_text(struct arena *arena, const char *text, const struct binding *values);

/* Whether the text has this placeholder. */
bool has_placeholder(const char *text, const char *name);

/* A copy with every string expanded; nothing but strings is changed. */
struct node *expand_tree(struct tree *tree, const struct node *node, const struct binding *values);

/* Refuses placeholders other than `names` (of which VALUE_PREFIX stands for all values) (which ends with NULL), and
 * trees deeper than expand_tree and merge_tree should follow. `strict` refuses every other brace too: for texts that
 * become names. */
bool check_template_text(const char *text, origin at, const char *const *names, bool strict, struct error *error);
bool check_template_tree(const struct node *node, const char *const *names, struct error *error);

/* Merges an expanded template over an owned map: maps merge, null removes, a list adds its items to the generated list
 * (an item with the same `name`, or the same text before "=", replaces the generated one), anything else replaces. */
void merge_tree(struct tree *tree, struct node *base, const struct node *template);

/* The same over another template: a null stays, so that it removes the field from what both templates are merged over.
 */
void merge_template(struct tree *tree, struct node *base, const struct node *template);

#endif
