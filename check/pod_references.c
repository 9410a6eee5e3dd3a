/* pod_references.c: finds what the spec of a pod names. */
#include "check/pod_references.h"

static void visit(const struct reference_visitor *visitor, const char *kind, const struct node *parent,
                  const char *source, const char *field)
{
    visitor->visit(visitor->context, kind, node_find(parent, source), field);
}

void visit_variables(const struct node *container, const struct reference_visitor *visitor)
{
    const struct node *env = node_find(container, "env"), *from = node_find(container, "envFrom");
    for (uint32_t i = 0; node_is_list(env) && i < env->count; i++) {
        const struct node *value = node_find(env->items[i], "valueFrom");
        visit(visitor, "ConfigMap", value, "configMapKeyRef", "name");
        visit(visitor, "Secret", value, "secretKeyRef", "name");
    }
    for (uint32_t i = 0; node_is_list(from) && i < from->count; i++) {
        visit(visitor, "ConfigMap", from->items[i], "configMapRef", "name");
        visit(visitor, "Secret", from->items[i], "secretRef", "name");
    }
}

static void visit_volume(const struct node *volume, const struct reference_visitor *visitor)
{
    const struct node *sources = node_find(node_find(volume, "projected"), "sources");
    visit(visitor, "ConfigMap", volume, "configMap", "name");
    visit(visitor, "Secret", volume, "secret", "secretName");
    visit(visitor, "PersistentVolumeClaim", volume, "persistentVolumeClaim", "claimName");
    for (uint32_t i = 0; node_is_list(sources) && i < sources->count; i++) {
        visit(visitor, "ConfigMap", sources->items[i], "configMap", "name");
        visit(visitor, "Secret", sources->items[i], "secret", "name");
    }
}

void visit_volumes(const struct node *pod, const struct reference_visitor *visitor)
{
    const struct node *volumes = node_find(pod, "volumes");
    for (uint32_t i = 0; node_is_list(volumes) && i < volumes->count; i++)
        visit_volume(volumes->items[i], visitor);
}
