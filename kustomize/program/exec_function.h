/* Programs as generators, transformers and validators: KRM functions, and exec plugins of kustomize's plugin directory.
 *
 * Only where the caller enables them (--enable-alpha-plugins; functions need --enable-exec as well, without which they
 * do nothing, as in kustomize). They run in the kustomization's directory with the user's rights. */
#ifndef KUSTOMIZE_EXEC_FUNCTION_H
#define KUSTOMIZE_EXEC_FUNCTION_H

#include "kustomize/kustomization/transformers.h"

/* What the resource `target->plugin` configures, run as a generator and as a transformer. */
plugin_function external_generator, external_transformer;

/* A program at work. */
struct external {
    struct kust_target *target;
    const struct resource *config; /* the resource that configures it */
    const char *directory;         /* the kustomization's, in the file system */
    const char *name;              /* for messages */
};

/* What a function's annotation says of it (kyaml fn/runtime/runtimeutil FunctionSpec). */
struct function_spec {
    const struct node *node;
    bool defer_failure;
    struct {
        const char *image;
        bool network;
        struct list mounts, environment;
    } container;
    struct {
        const char *path;
        struct list arguments, environment; /* of const char * */
    } exec;
};

/* `*out` is NULL where the resource is no function's configuration. */
bool function_spec_read(struct render *render, const struct resource *config, const struct function_spec **out,
                        struct error *error);

/* Runs a function over resources written as YAML; NULL for none, as for generators. What it gives back is appended to
 * `output` as YAML. */
bool function_run(const struct external *external, const struct function_spec *spec, const struct text *resources,
                  struct text *output, struct error *error);

/* The same for an exec plugin. */
bool exec_plugin_run(const struct external *external, const struct text *resources, struct text *output,
                     struct error *error);

/* Runs the program itself, adds what it says on standard error to the warnings, and refuses a bad end. */
struct process;
bool external_run(const struct external *external, const struct process *process, struct text *output,
                  struct error *error);

/* exec_function_result.c: the resources as a program is given them, with their ids in an annotation, and what becomes
 * of them by what it gives back. */
bool external_write(struct kust_target *target, struct text *out, struct error *error);
bool external_take_generated(const struct external *external, const struct text *output, struct error *error);
bool external_take_transformed(const struct external *external, const struct text *output, struct error *error);

/* Sets an annotation as kyaml's SetAnnotation does. */
bool external_annotate(struct tree *tree, struct node *root, const char *key, const char *value);

#endif
