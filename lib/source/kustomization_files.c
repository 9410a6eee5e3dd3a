/* kustomization_files.c: tells by its name which file is a kustomization. */
#include "source/kustomization_files.h"

#include <stddef.h>
#include <string.h>

const char *const kustomization_file_names[] = {"kustomization.yaml", "kustomization.yml", "Kustomization", NULL};

bool is_kustomization_file_name(const char *name)
{
    for (const char *const *known = kustomization_file_names; *known; known++)
        if (strcmp(name, *known) == 0)
            return true;
    return false;
}
