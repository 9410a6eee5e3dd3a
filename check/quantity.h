/* Amounts of resources as Kubernetes writes them: 100m, 0.5, 64Mi, 1e3. */
#ifndef CHECK_QUANTITY_H
#define CHECK_QUANTITY_H

#include <stdbool.h>

/* The amount as a number, for comparisons. False: it is no quantity.
 * Source: k8s.io/apimachinery pkg/api/resource/quantity.go, ParseQuantity */
bool quantity_read(const char *text, double *out);

#endif
