/* Label selectors in Kubernetes' syntax: app=web,tier in (a,b),!legacy. */
#ifndef KUSTOMIZE_LABEL_SELECTOR_H
#define KUSTOMIZE_LABEL_SELECTOR_H

#include "base/error.h"
#include "yaml/node.h"

struct label_selector;

/* Lives as long as the arena and the text. */
struct label_selector *label_selector_parse(struct arena *arena, const char *text, origin at, struct error *error);

/* Whether a map of labels or annotations (NULL: there are none) satisfies all requirements. */
bool label_selector_matches(const struct label_selector *selector, const struct node *labels);

/* The steps that this takes (tree_count_steps); no selector (NULL) takes none. */
size_t label_selector_cost(const struct label_selector *selector, const struct node *labels);

#endif
