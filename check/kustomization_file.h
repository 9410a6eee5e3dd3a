/* Kustomization files as somebody wrote them, for rules about what stands in them. */
#ifndef CHECK_KUSTOMIZATION_FILE_H
#define CHECK_KUSTOMIZATION_FILE_H

#include "check/check.h"

/* Read when they are asked for, each once. To be closed; until then nodes and places are good. */
struct kustomization_files {
    const struct check_input *input;
    struct map *read; /* directory -> struct kustomization_file */
    struct origins *origins;
};

struct kustomization_file {
    const char *directory, *path;
    const char *text;        /* NULL: there is none, or it cannot be read */
    const struct node *root; /* NULL: not asked for, or no map */
};

struct kustomization_files kustomization_files_open(const struct check_input *input);
void kustomization_files_close(struct kustomization_files *files);

/* The text of a directory's kustomization file; and with its tree. Never NULL. */
const struct kustomization_file *kustomization_text(struct kustomization_files *files, const char *directory);
const struct kustomization_file *kustomization_tree(struct kustomization_files *files, const char *directory);

/* Where a node of such a tree stands. */
struct span kustomization_span(const struct kustomization_files *files, const struct node *node);

/* The entry by which a target comes to read a file or a directory: in its own kustomization, or else in another one
 * that it reads; line 1 of its own where none of them names the path. */
struct span kustomization_entry(struct kustomization_files *files, const struct check_target *target, const char *path);

#endif
