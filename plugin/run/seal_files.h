/* The files that a sealed value changes: that of the SealedSecret, the kustomization that names it, and those that
 * hold its checksum. */
#ifndef PLUGIN_SEAL_FILES_H
#define PLUGIN_SEAL_FILES_H

#include "plugin/run/seal_target.h"

enum { SEAL_MOST_FILES = 16 };

struct seal_files {
    struct seal_file items[SEAL_MOST_FILES]; /* the SealedSecret's first */
    size_t count;
};

/* The file of the SealedSecret; where there is none, a new one of this name and scope that the overlay's kustomization
 * names. To be freed in any case. */
bool seal_files_open(struct arena *arena, const struct repository *repository, const struct seal_target *target,
                     const char *name, const char *scope, struct seal_files *out, struct error *error);

/* Once the first one has its new text: writes its checksum where the old one stands in files of the overlay. */
bool seal_files_add_checksums(struct arena *arena, const struct repository *repository,
                              const struct seal_target *target, struct seal_files *files, struct error *error);

/* The repository as it would be. */
void seal_files_lay_over(const struct seal_files *files, struct repository *repository);

/* Each file is replaced at once; those that are named come before those that name them. */
bool seal_files_write(struct arena *arena, const struct repository *repository, const struct seal_files *files,
                      struct error *error);
void seal_files_free(struct seal_files *files);

#endif
