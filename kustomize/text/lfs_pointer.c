/* lfs_pointer.c: tells pointers of Git LFS from the files that they stand for. */
#include "kustomize/text/lfs_pointer.h"

#include <string.h>

bool is_lfs_pointer(const char *text)
{
    static const char first[] = "version https://git-lfs.github.com/spec/";
    return text && strncmp(text, first, strlen(first)) == 0;
}
