/* check_images.c: images that get older, come from elsewhere, or can become others. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "diff/judge.h"

enum { MOST_NUMBERS = 4, LARGEST_MAJOR = 1000 };

/* The parts of NAME:TAG@DIGEST. A port of a registry stands before a slash. */
struct image_parts {
    const char *name, *tag, *digest; /* NULL: absent */
};

static struct image_parts split_image(struct arena *arena, const char *text)
{
    struct image_parts image = {0};
    const char *at = strchr(text, '@'), *end = at ? at : text + strlen(text), *colon = NULL;
    for (const char *byte = text; byte < end; byte++)
        colon = *byte == ':' ? byte : *byte == '/' ? NULL : colon;
    image.name = arena_copy(arena, text, (size_t)((colon ? colon : end) - text));
    image.tag = colon ? arena_copy(arena, colon + 1, (size_t)(end - colon - 1)) : NULL;
    image.digest = at ? at + 1 : NULL;
    return image;
}

/* The numbers of a version: 1.4.0, v2. Returns how many; `rest` is what follows them. */
static size_t read_numbers(const char *tag, long numbers[MOST_NUMBERS], const char **rest)
{
    size_t count = 0;
    const char *at = *tag == 'v' ? tag + 1 : tag;
    while (count < MOST_NUMBERS && isdigit((unsigned char)*at)) {
        char *end;
        numbers[count++] = strtol(at, &end, 10);
        at = end;
        if (*at != '.')
            break;
        at++;
    }
    *rest = at;
    return count;
}

/* Negative: lower. 0: equal, or not of one shape. */
static int compare_versions(const char *old, const char *new, bool *major)
{
    long before[MOST_NUMBERS], after[MOST_NUMBERS];
    const char *old_rest, *new_rest;
    size_t count = read_numbers(old, before, &old_rest);
    *major = false;
    if (!count || read_numbers(new, after, &new_rest) != count || (*old == 'v') != (*new == 'v') ||
        (*old_rest && *new_rest && strcmp(old_rest, new_rest) != 0))
        return 0;
    *major = before[0] != after[0] && before[0] < LARGEST_MAJOR && after[0] < LARGEST_MAJOR;
    for (size_t i = 0; i < count; i++)
        if (before[i] != after[i])
            return after[i] < before[i] ? -1 : 1;
    return (*new_rest && !*old_rest) ? -1 : 0; /* 1.4.0-rc1 comes before 1.4.0 */
}

static void check_version(struct judge *judge, const struct field_change *field, const struct image_parts *old,
                          const struct image_parts *new)
{
    bool major;
    int order = old->tag && new->tag ? compare_versions(old->tag, new->tag, &major) : 0;
    if (order < 0)
        risk_add(judge, RISK_IMAGE_DOWNGRADE, field, "%s: %s is lower than %s", new->name, new->tag, old->tag);
    else if (order > 0 && major)
        risk_add(judge, RISK_IMAGE_MAJOR, field, "%s: %s -> %s", new->name, old->tag, new->tag);
}

static void check_name(struct judge *judge, const struct field_change *field, const struct image_parts *old,
                       const struct image_parts *new)
{
    bool moves = !new->digest && (!new->tag || strcmp(new->tag, "latest") == 0);
    if (old && strcmp(old->name, new->name) != 0)
        risk_add(judge, RISK_IMAGE_REPOSITORY, field, "%s instead of %s", new->name, old->name);
    if (old && old->digest && !new->digest)
        risk_add(judge, RISK_IMAGE_MUTABLE, field, "%s loses its digest", new->name);
    else if (moves)
        risk_add(judge, RISK_IMAGE_MUTABLE, field, "%s: %s can become another image at any time", new->name,
                 new->tag ? new->tag : "no tag");
    else if (old && old->digest && new->digest &&strcmp(old->digest, new->digest) != 0 &&
             old->tag &&new->tag &&strcmp(old->tag, new->tag) == 0)
        risk_add_as(judge, RISK_IMAGE_MUTABLE, RISK_NOTE, field, "%s:%s has another digest", new->name, new->tag);
}

/* The image of the container with this name. */
static const char *find_image(const struct node *pod, const char *container)
{
    static const char *const lists[] = {"containers", "initContainers"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct node *list = node_find(pod, lists[i]);
        for (size_t k = 0; node_is_list(list) && k < list->count; k++)
            if (node_equals(node_get(list->items[k], &key_name), container))
                return node_text(node_get(list->items[k], &key_image));
    }
    return NULL;
}

/* The container's name out of "...containers.[name=app].image"; NULL: it has none. */
static const char *container_of(struct arena *arena, const char *path)
{
    const char *open = strstr(path, "ontainers.[name="), *name = open ? strchr(open, '=') + 1 : NULL;
    const char *end = name ? strchr(name, ']') : NULL;
    return end ? arena_copy(arena, name, (size_t)(end - name)) : NULL;
}

/* What was tested before is in an environment before this one: the nearest one that has the container decides. */
static void check_skew(struct judge *judge, const struct field_change *field, const struct image_parts *new)
{
    const struct application *application = judge->application;
    struct arena *arena = judge->report->arena;
    const char *container = container_of(arena, field->path);
    for (size_t i = 0; container && new->tag && application->earlier_names && application->earlier_names[i]; i++) {
        const struct node *twin =
            find_object(&application->earlier[i], judge->resource->id.kind, judge->resource->id.name);
        const char *text = twin ? find_image(pod_spec(twin), container) : NULL;
        struct image_parts other = text ? split_image(arena, text) : (struct image_parts){0};
        bool major;
        if (!other.tag)
            continue;
        if (compare_versions(other.tag, new->tag, &major) > 0)
            risk_add(judge, RISK_ENVIRONMENT_SKEW, field, "%s: %s is newer than %s, which %s has", new->name, new->tag,
                     other.tag, application->earlier_names[i]);
        return;
    }
}

void check_images(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    struct arena *arena = judge->report->arena;
    for (size_t i = 0; i < change->count; i++) {
        const struct field_change *field = &change->fields[i];
        const char *old_text = node_text(field->old), *new_text = node_text(field->new);
        if (!path_ends(field->path, "image") || !new_text || !pod_spec(change->head))
            continue;
        struct image_parts new = split_image(arena, new_text),
                           old = old_text ? split_image(arena, old_text) : (struct image_parts){0};
        check_name(judge, field, old_text ? &old : NULL, &new);
        check_skew(judge, field, &new);
        if (old_text && strcmp(old.name, new.name) == 0)
            check_version(judge, field, &old, &new);
    }
}
