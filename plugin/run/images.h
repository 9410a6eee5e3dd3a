/* The images of rendered resources. */
#ifndef PLUGIN_IMAGES_H
#define PLUGIN_IMAGES_H

#include "kustomize/engine.h"

/* The image of a container, whatever kind of resource it is in. The image borrows the resource's text. */
struct container_image {
    const struct node *resource;
    const char *image;
    const char *path; /* spec.template.spec.containers.[name=app].image, in the arena */
    origin origin;    /* where the image is written; 0: nowhere */
};

struct container_images {
    struct container_image *items;
    size_t count, room;
};

/* Those that kustomize's `images` reaches, in the order of the output: ephemeral containers are none. In the arena. */
void images_reached(struct arena *arena, const struct rendered *rendered, struct container_images *out);

/* Appends the images of all containers: sorted, each once, a line each. */
void images_find(const struct rendered *rendered, struct text *out);

#endif
