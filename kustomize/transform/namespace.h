/* Setting namespaces, for other transformers that write to metadata.namespace. */
#ifndef KUSTOMIZE_NAMESPACE_H
#define KUSTOMIZE_NAMESPACE_H

#include "kustomize/kustomization/kust_target.h"
#include "kustomize/specs/config.h"

/* Which subjects of role bindings follow: those named default, none, or all ServiceAccounts. */
enum subject_mode { SUBJECTS_DEFAULT, SUBJECTS_NONE, SUBJECTS_ACCOUNTS };

struct namespace_settings {
    const char *namespace;
    origin origin;            /* of its text */
    struct field_specs specs; /* fields besides metadata.namespace and the subjects */
    bool unset_only;          /* leave what has a namespace */
    enum subject_mode subjects;
};

/* Sets the namespace of these resources, without a look at ids. */
bool set_namespace_of(struct kust_target *target, struct resource *const *items, size_t count,
                      const struct namespace_settings *settings, struct error *error);

#endif
