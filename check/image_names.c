/* image_names.c: images whose names no registry takes: two tags, capitals, blanks.
 *
 * Source: github.com/distribution/reference, the grammar of reference.go */
#include <string.h>

#include "check/workloads.h"

static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
static const char name_characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

/* A registry has a point, a port, or is localhost; it alone may have capitals. */
static const char *behind_registry(const char *image)
{
    size_t size = strcspn(image, "/");
    bool registry =
        image[size] && (memchr(image, '.', size) || memchr(image, ':', size) || strncmp(image, "localhost", size) == 0);
    return registry ? image + size + 1 : image;
}

static const char *fault_of(const char *image)
{
    const char *path = behind_registry(image), *at = path;
    if (strpbrk(image, " \t\n"))
        return "it has a blank in it";
    at += strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789._-/");
    if (*at >= 'A' && *at <= 'Z')
        return "its name has capital letters";
    if (at == path || strstr(path, "//") || strchr("/._-", at[-1]))
        return "it has no name before its tag";
    if (*at == ':') {
        size_t size = strspn(at + 1, name_characters);
        if (!size)
            return "nothing stands behind ':'";
        at += size + 1;
    }
    if (*at == ':')
        return "it has two tags";
    if (*at == '@')
        return strncmp(at, "@sha256:", 8) == 0 && strspn(at + 8, lower) == 64 && !at[72] ? NULL
               : strncmp(at, "@sha512:", 8) == 0                                         ? NULL
                                                 : "its digest is not sha256: and 64 digits";
    return *at ? "it has a character that no image has" : NULL;
}

static void check_image_names(struct check_input *input)
{
    for (size_t i = 0; i < input->workloads->count; i++) {
        const struct workload *workload = &input->workloads->items[i];
        size_t count;
        struct container *containers = find_containers(input->arena, workload->pod, &count);
        for (size_t k = 0; k < count; k++) {
            const struct node *image = node_find(containers[k].node, "image");
            const char *text = node_text(image);
            const char *fault = text && *text && !strpbrk(text, "{}<>$()") ? fault_of(text) : NULL;
            if (fault)
                check_report(input, workload->target, RA413, image->origin, workload->object,
                             "'%s' is no image that can be pulled: %s", text, fault)
                    ->field = "containers.image";
        }
    }
}

static const enum rule_id ids[] = {RA413, RULE_COUNT};
const struct check image_names_check = {"image_names", ids, check_image_names};
