/* Resources that are alike although nothing says that they are one. */
#ifndef DIFF_SIMILAR_H
#define DIFF_SIMILAR_H

#include "diff/changes.h"
#include "diff/report.h"

/* Fills `similar` of resources that are added and removed: of one kind, with most of their scalars equal, and each the
 * other's best. They stay added and removed. */
void find_similar(struct arena *arena, struct resource_changes *changes);

/* Fills `renamed_to` and `renamed_from` of Applications of one environment and cluster that go and come, and have most
 * of their resources' scalars in common, or the same directory. */
void find_renamed(struct report *report);

#endif
