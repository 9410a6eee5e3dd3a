/* Key-value pairs for generators: from env files, literals and files. */
#ifndef KUSTOMIZE_KEY_VALUES_H
#define KUSTOMIZE_KEY_VALUES_H

#include "kustomize/kustomization/kust_target.h"
#include "kustomize/text/env_file.h"

/* All pairs of a generator's arguments: from envs, literals, files. A repeated key is an error. */
bool load_key_values(struct kust_target *target, const struct generator_arguments *arguments, struct key_values *out,
                     struct error *error);

#endif
