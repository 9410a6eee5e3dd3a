/* Resources that are alike although nothing says that they are one. */
#ifndef DIFF_SIMILAR_H
#define DIFF_SIMILAR_H

#include "diff/changes.h"

/* Fills `similar` of resources that are added and removed: of one kind, with most of their scalars equal, and each the
 * other's best. They stay added and removed. */
void find_similar(struct arena *arena, struct resource_changes *changes);

#endif
