/* Discovery: the directories that the policy's paths name. Only directories that can match are looked at. */
#ifndef GENERATOR_DISCOVER_H
#define GENERATOR_DISCOVER_H

#include "generator/policy.h"
#include "generator/share.h"
#include "generator/template.h"

struct found {
    const struct discover_rule *rule;
    struct share *share;
    const char *path;
    const char *resolved;       /* the same without symbolic links */
    const char *start;          /* the directory before the first variable part of the discovery path */
    const char *app, *app_path; /* the app's name and its own directory */
    const struct environment *environment;
    const struct binding *names; /* other named segments; ends with a NULL name */
    const char *problem;         /* the overlay is broken, but it is one; NULL: none */
    struct values values;        /* of its file, for the entry's template */
};

/* A directory that cannot be a target. */
struct refused {
    const char *path, *app, *environment; /* names as far as they are known */
    const char *problem;
};

struct discovery {
    void (*tell)(void *context, const struct found *found); /* of each as soon as it is found; it lives in the arena */
    void (*restart)(void *context);                         /* all that was told is void: it is told anew */
    void *context;
    size_t found_count;
    const char *missing; /* the first directory before any variable part that is not there; NULL: none */
    struct refused *refused;
    size_t refused_count, refused_room;
};

/* The rules in order: a path adds directories, an exclusion takes away from those above it. Fails where something that
 * has to be read cannot be, or where there is too much that is nobody's. Where directories and teams together have more
 * than there may be, those that have most get less. `out` has whom to tell and is zeroed otherwise. */
bool discover(const struct generate_input *input, const struct policy *policy, struct discovery *out,
              struct error *error);

/* What a file says of these words; a `root` of NULL says nothing. */
struct values values_of_file(struct tree *tree, const struct name_list *words, const struct node *root);

/* What the file says that the entry names, of the words that the entry uses. */
struct values read_values(const struct generate_input *input, const struct found *found);

/* NULL: the directory has what its renderer needs. `broken`: it is an overlay, but not one that can be rendered. */
const char *check_directory_content(const struct generate_input *input, enum renderer renderer, const char *directory,
                                    bool *broken);

/* Whether a file in the directory says that the directory and all below it must not be deployed. */
bool is_opted_out(const struct generate_input *input, const char *directory);

#define DISCOVER_IGNORE_FILE ".rootapp-ignore"

enum { DISCOVER_DEEPEST = 48 };

#endif
