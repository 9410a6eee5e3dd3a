/* What directories were found to read, noted by the threads that render them for the one that makes the root set. */
#ifndef PLUGIN_REFERENCES_H
#define PLUGIN_REFERENCES_H

#include <stdbool.h>

#include "source/source.h"

struct references;

struct references *references_new(void);
void references_free(struct references *references);

/* Both by any thread. What is noted is copied, once; what is found lives until references_free. */
void references_note(struct references *references, const char *directory, const struct name_list *paths);
bool references_find(struct references *references, const char *directory, struct name_list *out);

#endif
