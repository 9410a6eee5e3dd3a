/* changed_file.c: tells which files differ. */
#include <string.h>

#include "plugin/change/changes.h"

bool changed_file_differs(const struct changed_file *file)
{
    return file->old.size != file->new.size || memcmp(file->old.bytes, file->new.bytes, file->old.size) != 0;
}

bool changes_any(const struct changes *changes)
{
    for (size_t i = 0; i < changes->file_count; i++)
        if (changed_file_differs(&changes->files[i]))
            return true;
    return false;
}
