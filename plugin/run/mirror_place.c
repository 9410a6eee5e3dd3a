/* mirror_place.c: names what a mirror has. */
#include "plugin/run/mirror_place.h"

#include <string.h>

#include "base/digest.h"
#include "base/path.h"

static const char git_end[] = ".git";

const char *mirror_name(struct arena *arena, const char *url)
{
    unsigned char digest[DIGEST_SIZE];
    size_t size = strlen(url), end = sizeof git_end - 1;
    while (size && url[size - 1] == '/')
        size--;
    if (size > end && memcmp(url + size - end, git_end, end) == 0)
        size -= end;
    digest_sha256(url, size, digest);
    char *name = arena_alloc(arena, MIRROR_NAME_SIZE + 1);
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        name[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        name[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    name[MIRROR_NAME_SIZE] = '\0';
    return name;
}

const char *mirror_socket(struct arena *arena, const char *directory)
{
    return path_join(arena, directory, "socket");
}

const char *mirror_repository(struct arena *arena, const char *directory, const char *name)
{
    return path_join(arena, path_join(arena, directory, "repositories"), name);
}

bool is_commit_id(const char *text)
{
    size_t size = strlen(text);
    return (size == 40 || size == 64) && strspn(text, "0123456789abcdef") == size;
}
