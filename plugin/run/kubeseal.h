/* kubeseal, the program that seals: $KUBESEAL, else that of PATH. */
#ifndef PLUGIN_KUBESEAL_H
#define PLUGIN_KUBESEAL_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

/* For whom a value is sealed. */
struct seal_for {
    const char *name, *namespace, *scope; /* the Secret's as rendered; strict, namespace-wide or cluster-wide */
    const char *certificate;              /* a file */
};

/* Seals a value, for which no cluster is needed. The value goes through a pipe, and stands in no argument, variable or
 * file. */
bool kubeseal_value(struct arena *arena, const struct seal_for *whom, const struct text *value, const char **out,
                    struct error *error);

/* Runs it with these arguments, which NULL ends; NULLs before that are left out. What it prints may be secret: the
 * caller forgets it with secret_forget. */
enum { KUBESEAL_WORDS = 16 };
bool kubeseal_run(const char *const words[KUBESEAL_WORDS], const struct text *input, struct text *out,
                  struct error *error);

#endif
