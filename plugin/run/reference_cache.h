/* What directories were found to read, noted by the threads that render them for the one that makes the root set. */
#ifndef PLUGIN_REFERENCES_H
#define PLUGIN_REFERENCES_H

#include <stdbool.h>

#include "source/source.h"

struct reference_cache;

struct reference_cache *reference_cache_new(void);
void reference_cache_free(struct reference_cache *references);

/* Both by any thread. `cost` is what finding them did (kustomize/engine.h). What is noted is copied, once; what is
 * found lives until reference_cache_free. */
void reference_cache_note(struct reference_cache *references, const char *directory, const struct name_list *paths,
                          size_t cost);
bool reference_cache_find(struct reference_cache *references, const char *directory, struct name_list *out,
                          size_t *cost);

#endif
