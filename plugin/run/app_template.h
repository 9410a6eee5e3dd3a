/* A template: the files of a directory, with placeholders in their texts and nowhere else.
 *
 * Everything lives in the arena that is passed. */
#ifndef PLUGIN_APP_TEMPLATE_H
#define PLUGIN_APP_TEMPLATE_H

#include "base/arena.h"
#include "base/error.h"
#include "source/source.h"

struct template_file {
    const char *path; /* below the template */
    struct file_bytes content;
    bool program; /* whoever may read it may run it */
};

struct app_template {
    const char *directory; /* in the file system */
    struct template_file *files;
    size_t count, room;
};

/* Reads all files of a directory in the file system, links followed within it, in the order of their paths. What the
 * template's own .gitignore names is left out, because its tests leave that behind: lines like `build/` and `/build/`.
 */
bool template_read(struct arena *arena, const char *directory, struct app_template *out, struct error *error);

/* What stands for the four placeholders. */
struct template_values {
    const char *app, *image, *namespace, *repository;
};

/* The texts with {APP_NAME}, {REGISTRY_IMAGE}, {NAMESPACE} and {GITHUB_REPO} replaced, as sed would. */
void template_fill(struct arena *arena, struct app_template *template, const struct template_values *values);

/* A text with a word replaced by another one: dev in shop-dev, but not in device. */
struct file_bytes template_replace(struct arena *arena, struct file_bytes content, const char *old, const char *new);

enum { TEMPLATE_MOST_FILES = 2000, TEMPLATE_MOST_BYTES = 64 * 1024 * 1024 };

#endif
