/* check_immutable.c: fields that the API server refuses to change. */
#include <stdlib.h>
#include <string.h>

#include "diff/judge.h"

enum { MOST_EXCEPTIONS = 8 };

/* When a field may be changed all the same. */
enum condition {
    ALWAYS,       /* never may it */
    ONCE_SET,     /* it may be set once */
    IF_IMMUTABLE, /* unless `immutable: true` is on base */
    IF_RUNNING,   /* of a Job that is suspended, what decides where its pods run may */
    IF_BOTH_SET,  /* it may come and go */
    UNLESS_GONE,  /* it may go: the server keeps what there was */
    IF_FIXED,     /* of an Indexed Job that runs all at once it may, together with parallelism */
    ONLY_MORE,    /* items may be added */
    ONLY_LESS,    /* as a number it may get less, or be set */
};

/* Source: Kubernetes v1.37, pkg/apis/<group>/validation/validation.go */
static const struct immutable {
    const char *kind, *field;
    enum condition condition;
    const char *except[MOST_EXCEPTIONS];
} rows[] = {
    {"Deployment", "spec.selector", ALWAYS, {NULL}},
    {"DaemonSet", "spec.selector", ALWAYS, {NULL}},
    {"ReplicaSet", "spec.selector", ALWAYS, {NULL}},
    {"StatefulSet",
     "spec",
     ALWAYS,
     {"spec.replicas", "spec.ordinals", "spec.template", "spec.updateStrategy", "spec.revisionHistoryLimit",
      "spec.persistentVolumeClaimRetentionPolicy", "spec.minReadySeconds"}},
    {"Job", "spec.selector", ALWAYS, {NULL}},
    {"Job", "spec.completionMode", ALWAYS, {NULL}},
    {"Job", "spec.podFailurePolicy", ALWAYS, {NULL}},
    {"Job", "spec.backoffLimitPerIndex", ALWAYS, {NULL}},
    {"Job", "spec.managedBy", ALWAYS, {NULL}},
    {"Job", "spec.successPolicy", ALWAYS, {NULL}},
    {"Job", "spec.completions", IF_FIXED, {NULL}},
    {"Job", "spec.template", IF_RUNNING, {NULL}},
    {"PersistentVolumeClaim",
     "spec",
     ALWAYS,
     {"spec.resources.requests", "spec.volumeAttributesClassName", "spec.volumeName"}},
    {"PersistentVolumeClaim", "spec.volumeName", ONCE_SET, {NULL}},
    {"PersistentVolume",
     "spec",
     ALWAYS,
     {"spec.capacity", "spec.accessModes", "spec.persistentVolumeReclaimPolicy", "spec.storageClassName",
      "spec.mountOptions", "spec.claimRef", "spec.volumeAttributesClassName", "spec.nodeAffinity"}},
    {"PersistentVolume", "spec.nodeAffinity", ONCE_SET, {NULL}},
    {"Service", "spec.clusterIP", UNLESS_GONE, {NULL}},
    {"Service", "spec.clusterIPs", UNLESS_GONE, {NULL}},
    {"Service", "spec.ipFamilies.[0]", IF_BOTH_SET, {NULL}},
    {"ConfigMap", "data", IF_IMMUTABLE, {NULL}},
    {"ConfigMap", "binaryData", IF_IMMUTABLE, {NULL}},
    {"ConfigMap", "immutable", IF_IMMUTABLE, {NULL}},
    {"Secret", "data", IF_IMMUTABLE, {NULL}},
    {"Secret", "stringData", IF_IMMUTABLE, {NULL}},
    {"Secret", "immutable", IF_IMMUTABLE, {NULL}},
    {"Secret", "type", ALWAYS, {NULL}},
    {"RoleBinding", "roleRef", ALWAYS, {NULL}},
    {"ClusterRoleBinding", "roleRef", ALWAYS, {NULL}},
    {"StorageClass", "provisioner", ALWAYS, {NULL}},
    {"StorageClass", "parameters", ALWAYS, {NULL}},
    {"StorageClass", "reclaimPolicy", ALWAYS, {NULL}},
    {"StorageClass", "volumeBindingMode", ALWAYS, {NULL}},
    {"PriorityClass", "value", ALWAYS, {NULL}},
    {"PriorityClass", "preemptionPolicy", ALWAYS, {NULL}},
    {"IngressClass", "spec.controller", ALWAYS, {NULL}},
    {"RuntimeClass", "handler", ALWAYS, {NULL}},
    {"CSIDriver", "spec.attachRequired", ALWAYS, {NULL}},
    {"CSIDriver", "spec.volumeLifecycleModes", ALWAYS, {NULL}},
    {"VolumeAttributesClass", "driverName", ALWAYS, {NULL}},
    {"VolumeAttributesClass", "parameters", ALWAYS, {NULL}},
    {"ControllerRevision", "data", ALWAYS, {NULL}},
    {"ResourceClaim", "spec", ALWAYS, {NULL}},
    {"ResourceClaimTemplate", "spec", ALWAYS, {NULL}},
    {"CertificateSigningRequest", "spec", ALWAYS, {NULL}},
    {"CustomResourceDefinition", "spec.scope", ALWAYS, {NULL}},
    {"CustomResourceDefinition", "spec.names.kind", ALWAYS, {NULL}},
    {"CustomResourceDefinition", "spec.names.plural", ALWAYS, {NULL}},
    {"Pod", "spec", ALWAYS, {"spec.activeDeadlineSeconds", "spec.tolerations"}},
    {"Pod", "spec.activeDeadlineSeconds", ONLY_LESS, {NULL}},
    {"Pod", "spec.tolerations", ONLY_MORE, {NULL}},
};

/* Where the pods of a suspended Job run. Source: Kubernetes, pkg/apis/batch/validation, validatePodTemplateUpdate */
static bool is_scheduling(const char *path)
{
    static const char *const fields[] = {"spec.template.metadata.labels",   "spec.template.metadata.annotations",
                                         "spec.template.spec.nodeSelector", "spec.template.spec.affinity",
                                         "spec.template.spec.tolerations",  "spec.template.spec.schedulingGates"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (path_begins(path, fields[i]))
            return true;
    return false;
}

static bool is_elastic(const struct node *job)
{
    const char *completions = node_text(AT(job, "spec", "completions"));
    return node_equals(AT(job, "spec", "completionMode"), "Indexed") &&
           text_is(completions, node_text(AT(job, "spec", "parallelism")));
}

static bool is_external(const struct resource_change *change)
{
    return node_equals(AT(change->base, "spec", "type"), "ExternalName") ||
           node_equals(AT(change->head, "spec", "type"), "ExternalName");
}

static bool applies_to(const struct resource_change *change, const struct immutable *row,
                       const struct field_change *field)
{
    const char *old = node_text(field->old), *new = node_text(field->new);
    switch (row->condition) {
    case ONCE_SET:
        return field->op != FIELD_ADD;
    case IF_IMMUTABLE:
        return node_equals(node_find(change->base, "immutable"), "true");
    case IF_RUNNING:
        return !node_equals(AT(change->base, "spec", "suspend"), "true") || !is_scheduling(field->path);
    case IF_BOTH_SET:
        return field->op == FIELD_REPLACE && !is_external(change);
    case UNLESS_GONE:
        return field->op != FIELD_REMOVE && !is_external(change);
    case IF_FIXED:
        return !is_elastic(change->base) || !is_elastic(change->head);
    case ONLY_MORE:
        return field->op != FIELD_ADD;
    case ONLY_LESS:
        return old && (!new || strtol(new, NULL, 10) > strtol(old, NULL, 10));
    case ALWAYS:
        break;
    }
    return !text_is(row->kind, "Pod") || !path_ends(field->path, "image");
}

static bool is_excepted(const struct immutable *row, const char *path)
{
    for (size_t i = 0; i < MOST_EXCEPTIONS && row->except[i]; i++)
        if (path_begins(path, row->except[i]))
            return true;
    return false;
}

static const struct immutable *find_row(const struct resource_change *change, const struct field_change *field)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (text_is(rows[i].kind, change->id.kind) && path_begins(field->path, rows[i].field) &&
            !is_excepted(&rows[i], field->path) && applies_to(change, &rows[i], field))
            return &rows[i];
    return NULL;
}

/* A custom resource may have the kind of a builtin one. */
static bool is_builtin(const char *group)
{
    return !strchr(group, '.') || path_ends(group, "k8s.io");
}

const struct field_change *find_immutable(const struct resource_change *change, size_t *count)
{
    const struct field_change *first = NULL;
    *count = 0;
    if (change->change != CHANGE_CHANGED || change->matched != MATCHED_ID || !is_builtin(change->id.group) ||
        (is_hook(change->base) && is_hook(change->head)))
        return NULL;
    for (size_t i = 0; i < change->count; i++) {
        const struct field_change *field = &change->fields[i];
        if (field->note || !find_row(change, field))
            continue;
        first = first ? first : field;
        ++*count;
    }
    return first;
}

/* One risk for a resource, at the first of its fields, names the others. */
void check_immutable(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    size_t count;
    const struct field_change *first = find_immutable(change, &count);
    if (!first)
        return;
    const char *others = count > 1 ? arena_format(judge->report->arena, " and %zu more fields", count - 1) : "";
    if (is_replaced(change->head))
        risk_add_as(judge, RISK_IMMUTABLE_FIELD, RISK_NOTE, first, "%s %s: %s%s: it is deleted and created again",
                    change->id.kind, change->id.name, first->path, others);
    else
        risk_add(judge, RISK_IMMUTABLE_FIELD, first, "%s %s: %s%s: the API server refuses the change", change->id.kind,
                 change->id.name, first->path, others);
}
