/* kind_order.c: ranks kinds. */
#include "kustomize/resource/kind_order.h"

#include <string.h>

static const char *const first_kinds[] = {
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
};
static const char *const last_kinds[] = {"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"};

const struct kind_order default_kind_order = {
    first_kinds,
    last_kinds,
    sizeof first_kinds / sizeof *first_kinds,
    sizeof last_kinds / sizeof *last_kinds,
};

long kind_rank(const struct kind_order *order, const char *kind)
{
    for (size_t i = order->last_count; i-- > 0;)
        if (strcmp(order->last[i], kind) == 0)
            return (long)i + 1;
    for (size_t i = order->first_count; i-- > 0;)
        if (strcmp(order->first[i], kind) == 0)
            return (long)i - (long)order->first_count;
    return 0;
}
