/* share.c: finds what is installed with the program. */
#define _GNU_SOURCE
#include "plugin/run/share.h"

#include <limits.h>
#include <unistd.h>

#include "base/files.h"
#include "base/path.h"

static const char system_share[] = "/usr/share/rootapp";

/* PREFIX/bin/rootapp -> PREFIX/share/rootapp. NULL: the system does not tell where the program lies. */
static const char *share_beside_program(struct arena *arena)
{
    char program[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    if (size <= 0)
        return NULL;
    program[size] = '\0';
    return path_join(arena, path_directory(arena, program), "../share/rootapp");
}

const char *share_directory(struct arena *arena, const char *name, struct error *error)
{
    const char *beside = share_beside_program(arena);
    const char *own = beside ? path_join(arena, beside, name) : NULL, *other = path_join(arena, system_share, name);
    if (own && path_is_directory(own))
        return own;
    if (path_is_directory(other))
        return other;
    error_set(error, "%s: no such directory, nor %s; 'make install' puts it there", own ? own : "/proc/self/exe",
              other);
    return NULL;
}
