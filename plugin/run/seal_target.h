/* The SealedSecret of a target: where it stands, and what it is called where it is rendered. */
#ifndef PLUGIN_SEAL_TARGET_H
#define PLUGIN_SEAL_TARGET_H

#include "base/text.h"
#include "plugin/run/repository.h"

/* A file as it is and as it will be. */
struct seal_file {
    const char *path; /* from the repository's root */
    struct text old, new;
    bool is_new;
};

struct seal_target {
    const char *app, *environment, *directory; /* the overlay's */
    const char *file;                          /* of the SealedSecret; NULL: there is none */
    unsigned line;                             /* where it begins there */
    const char *written_name;                  /* its name in the file; NULL: not looked up yet, or the rendered one */
    const char *name, *namespace, *scope;      /* as rendered */
    size_t found;                              /* SealedSecrets of the overlay that it could be */
};

/* Renders APP/ENV, and finds the SealedSecret that is called `secret` (NULL: the only one of the overlay). `root` is
 * the option --root. */
bool seal_target_find(struct arena *arena, struct repository *repository, const char *root, const char *operand,
                      const char *secret, struct seal_target *out, struct error *error);

/* An error that lists them: it is none of the environments that targets have. */
bool seal_target_check_environment(struct arena *arena, struct repository *repository, const char *root,
                                   const char *environment, struct error *error);

#endif
