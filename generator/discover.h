/* Discovery: the directories that the policy's paths name. Only directories that can match are looked at. */
#ifndef GENERATOR_DISCOVER_H
#define GENERATOR_DISCOVER_H

#include "generator/policy.h"
#include "generator/template.h"

struct found {
    const char *path;
    const char *resolved;       /* the same without symbolic links */
    const char *start;          /* the directory before the first variable part of the discovery path */
    const char *app, *app_path; /* the app's name and its own directory */
    const struct environment *environment;
    const struct binding *names; /* other named segments; ends with a NULL name */
    const char *problem;         /* the overlay is broken, but it is one; NULL: none */
};

/* A directory that cannot be a target. */
struct refused {
    const char *path, *app, *environment; /* names as far as they are known */
    const char *problem;
};

struct discovery {
    void (*tell)(void *context, const struct found *found); /* of each as soon as it is found; it lives in the arena */
    void *context;
    size_t found_count;
    struct refused *refused;
    size_t refused_count, refused_room;
};

/* The rules in order: a path adds directories, an exclusion takes away from those above it. Fails where something that
 * has to be read cannot be, and beyond the limits. `out` has whom to tell and is zeroed otherwise. */
bool discover(const struct generate_input *input, const struct policy *policy, struct discovery *out,
              struct error *error);

enum { DISCOVER_MOST_DIRECTORIES = 200000, DISCOVER_MOST_TARGETS = 20000, DISCOVER_DEEPEST = 48 };

#endif
