/* Label selectors as the API server evaluates them. A selector and the labels are of one engine: their keys are
 * compared as pointers. */
#ifndef KUBERNETES_SELECTOR_H
#define KUBERNETES_SELECTOR_H

#include "yaml/node.h"

/* Whether a label selector (matchLabels, matchExpressions) matches labels; an empty one matches all. */
bool selector_matches(const struct node *selector, const struct node *labels);

/* The same for a plain map of labels, as Services have it. */
bool labels_match(const struct node *wanted, const struct node *labels);

#endif
