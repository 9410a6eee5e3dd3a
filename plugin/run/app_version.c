/* app_version.c: reads the version of an app out of its images. */
#include "plugin/run/app_version.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/path.h"

enum { SHORT_DIGEST = 7, VERSION_PARTS = 3 };

static bool is_named_as(const char *image, size_t size, const char *app)
{
    const char *name = image;
    for (size_t i = 0; i < size; i++)
        name = image[i] == '/' ? image + i + 1 : name;
    size_t length = strlen(app);
    return (size_t)(image + size - name) >= length && memcmp(name, app, length) == 0 &&
           (name + length == image + size || strchr(":@", name[length]));
}

const char *app_image(const char *images, const char *app)
{
    for (const char *line = images; *line; line += strcspn(line, "\n") + 1)
        if (is_named_as(line, strcspn(line, "\n"), app))
            return line;
    return *images ? images : NULL;
}

const char *image_version(struct arena *arena, const char *image)
{
    const char *copy = arena_copy(arena, image, strcspn(image, "\n")), *name = path_base(copy);
    const char *digest = strchr(name, '@'), *tag = strchr(name, ':');
    if (tag && (!digest || tag < digest))
        return arena_copy(arena, tag + 1, strcspn(tag + 1, "@"));
    const char *hash = digest ? strchr(digest, ':') : NULL;
    return hash ? arena_format(arena, "@%.*s", SHORT_DIGEST, hash + 1) : "latest";
}

/* Of "v1.4.0", "1.4.0-rc.1" and "1.4" alike. */
static bool read_version(const char *version, unsigned parts[VERSION_PARTS])
{
    parts[2] = 0;
    return sscanf(version + (*version == 'v'), "%9u.%9u.%9u", &parts[0], &parts[1], &parts[2]) >= 2;
}

const char *version_distance(struct arena *arena, const char *from, const char *to)
{
    static const char *const names[VERSION_PARTS] = {"major", "minor", "patch"};
    unsigned old[VERSION_PARTS], new[VERSION_PARTS];
    if (!read_version(from, old) || !read_version(to, new))
        return NULL;
    for (int i = 0; i < VERSION_PARTS; i++)
        if (old[i] < new[i])
            return arena_format(arena, "%u %s", new[i] - old[i], names[i]);
        else if (old[i] > new[i])
            return NULL;
    return NULL;
}
