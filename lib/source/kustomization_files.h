/* The names of kustomization files, in the order in which kustomize looks for them.
 * Source: kustomize api/konfig/general.go, RecognizedKustomizationFileNames. */
#ifndef SOURCE_KUSTOMIZATION_FILES_H
#define SOURCE_KUSTOMIZATION_FILES_H

#include <stdbool.h>

/* Ends with NULL. */
extern const char *const kustomization_file_names[];

/* Whether a name, without directories, is one of them. */
bool is_kustomization_file_name(const char *name);

#endif
