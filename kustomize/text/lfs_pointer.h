/* Pointers of Git LFS: what a clone without it has in place of a file. Source: git-lfs, docs/spec.md. */
#ifndef KUSTOMIZE_LFS_POINTER_H
#define KUSTOMIZE_LFS_POINTER_H

#include <stdbool.h>

bool is_lfs_pointer(const char *text); /* NULL is none */

/* What an error says of a file that is one. */
#define LFS_POINTER "a pointer of Git LFS, not the file: 'git lfs pull' brings it, to whatever renders this, too"

#endif
