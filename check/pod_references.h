/* The objects that the spec of a pod names in its containers' variables and in its volumes. */
#ifndef CHECK_POD_REFERENCES_H
#define CHECK_POD_REFERENCES_H

#include "yaml/node.h"

/* A reference to an object of a kind: the map that has its name in `field`. The map may be NULL, or lack the name. */
struct reference_visitor {
    void (*visit)(void *context, const char *kind, const struct node *reference, const char *field);
    void *context;
};

void visit_variables(const struct node *container, const struct reference_visitor *visitor);
void visit_volumes(const struct node *pod, const struct reference_visitor *visitor);

#endif
