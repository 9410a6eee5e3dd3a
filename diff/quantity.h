/* Quantities of Kubernetes: 500m, 1Gi, 2e3. */
#ifndef DIFF_QUANTITY_H
#define DIFF_QUANTITY_H

#include <stdbool.h>

/* The amount of a quantity; false where it is none. Amounts beyond what a double holds exactly are not told apart. */
bool quantity_parse(const char *text, double *out);

/* Whether two texts are quantities of one amount, at a path where quantities stand. */
bool same_amount(const char *path, const char *old, const char *new);

#endif
