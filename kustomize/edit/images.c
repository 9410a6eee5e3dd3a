/* images.c: sets images as `kustomize edit set image` does (edit/set/setimage.go). */
#include <string.h>

#include "kustomize/edit/edit_parts.h"
#include "kustomize/kustomization/image_name.h"

/* What stands for "as it is in the kustomization file". */
static const char preserved[] = "*";

static const char *text_of(const struct node *item, const char *field)
{
    const char *text = node_text(node_find(item, field));
    return text ? text : "";
}

static struct node *find_image(const struct node *list, const char *name)
{
    struct node *found = NULL; /* the last one counts */
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        if (strcmp(text_of(list->items[i], "name"), name) == 0)
            found = list->items[i];
    return found;
}

static void set_part(struct tree *tree, struct node *image, const struct node *old, const char *field,
                     const char *value)
{
    if (strcmp(value, preserved) == 0)
        value = text_of(old, field);
    if (*value)
        tree_set_string(tree, image, field, value);
}

/* NAME=NEWNAME:TAG@DIGEST, or the same without NAME=. */
static struct node *read_image(struct tree *tree, const struct node *old, const char *argument, struct error *error)
{
    const char *equals = strchr(argument, '='), *value = equals ? equals + 1 : argument;
    bool renamed = equals && equals > argument;
    struct image_parts parts = image_split(tree->arena, value);
    if (*argument == '-' || strcmp(parts.name, argument) == 0) {
        error_set(error,
                  "images: '%s' is none of IMAGE:TAG, IMAGE@DIGEST, IMAGE=NEWIMAGE, IMAGE=NEWIMAGE:TAG, "
                  "IMAGE=NEWIMAGE@DIGEST",
                  argument);
        return NULL;
    }
    const char *name = renamed ? arena_copy(tree->arena, argument, (size_t)(equals - argument)) : parts.name;
    const struct node *before = find_image(old, name);
    struct node *image = tree_map(tree);
    tree_set_string(tree, image, "name", name);
    if (renamed)
        set_part(tree, image, before, "newName", parts.name);
    set_part(tree, image, before, "newTag", parts.tag);
    set_part(tree, image, before, "digest", parts.digest);
    return image;
}

bool edit_images(const struct edit_texts *images, struct tree *tree, struct node *file, struct error *error)
{
    struct node *given = tree_list(tree);
    for (size_t i = 0; i < images->count; i++) {
        struct node *image = read_image(tree, node_find(file, "images"), images->items[i], error);
        if (!image)
            return false;
        edit_put_named(tree, given, image);
    }
    return !given->count || edit_named_items(tree, file, "images", given, error);
}
