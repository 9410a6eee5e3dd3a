/* scope.c: tells which kinds have no namespace. */
#include <stdlib.h>
#include <string.h>

#include "kustomize/resource/resource.h"

/* Sorted by kind, group and version.
 * Source: kyaml v0.21.3 openapi/openapi.go, precomputedIsNamespaceScoped (Kubernetes v1.21.2). */
static const struct scope {
    char group[32], version[16], kind[48]; /* no pointers, which each start of the program would have to adjust */
    bool cluster;
} scopes[] = {
    {"apiregistration.k8s.io", "v1", "APIService", true},
    {"apiregistration.k8s.io", "v1beta1", "APIService", true},
    {"storage.k8s.io", "v1", "CSIDriver", true},
    {"storage.k8s.io", "v1beta1", "CSIDriver", true},
    {"storage.k8s.io", "v1", "CSINode", true},
    {"storage.k8s.io", "v1beta1", "CSINode", true},
    {"storage.k8s.io", "v1beta1", "CSIStorageCapacity", false},
    {"certificates.k8s.io", "v1", "CertificateSigningRequest", true},
    {"certificates.k8s.io", "v1beta1", "CertificateSigningRequest", true},
    {"rbac.authorization.k8s.io", "v1", "ClusterRole", true},
    {"rbac.authorization.k8s.io", "v1beta1", "ClusterRole", true},
    {"rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", true},
    {"rbac.authorization.k8s.io", "v1beta1", "ClusterRoleBinding", true},
    {"", "v1", "ComponentStatus", true},
    {"", "v1", "ConfigMap", false},
    {"apps", "v1", "ControllerRevision", false},
    {"batch", "v1", "CronJob", false},
    {"batch", "v1beta1", "CronJob", false},
    {"apiextensions.k8s.io", "v1", "CustomResourceDefinition", true},
    {"apiextensions.k8s.io", "v1beta1", "CustomResourceDefinition", true},
    {"apps", "v1", "DaemonSet", false},
    {"apps", "v1", "Deployment", false},
    {"discovery.k8s.io", "v1", "EndpointSlice", false},
    {"discovery.k8s.io", "v1beta1", "EndpointSlice", false},
    {"", "v1", "Endpoints", false},
    {"", "v1", "Event", false},
    {"events.k8s.io", "v1", "Event", false},
    {"events.k8s.io", "v1beta1", "Event", false},
    {"flowcontrol.apiserver.k8s.io", "v1beta1", "FlowSchema", true},
    {"autoscaling", "v1", "HorizontalPodAutoscaler", false},
    {"autoscaling", "v2beta1", "HorizontalPodAutoscaler", false},
    {"autoscaling", "v2beta2", "HorizontalPodAutoscaler", false},
    {"extensions", "v1beta1", "Ingress", false},
    {"networking.k8s.io", "v1", "Ingress", false},
    {"networking.k8s.io", "v1beta1", "Ingress", false},
    {"networking.k8s.io", "v1", "IngressClass", true},
    {"networking.k8s.io", "v1beta1", "IngressClass", true},
    {"batch", "v1", "Job", false},
    {"coordination.k8s.io", "v1", "Lease", false},
    {"coordination.k8s.io", "v1beta1", "Lease", false},
    {"", "v1", "LimitRange", false},
    {"admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", true},
    {"admissionregistration.k8s.io", "v1beta1", "MutatingWebhookConfiguration", true},
    {"", "v1", "Namespace", true},
    {"networking.k8s.io", "v1", "NetworkPolicy", false},
    {"", "v1", "Node", true},
    {"", "v1", "NodeProxyOptions", true},
    {"", "v1", "PersistentVolume", true},
    {"", "v1", "PersistentVolumeClaim", false},
    {"", "v1", "Pod", false},
    {"", "v1", "PodAttachOptions", false},
    {"policy", "v1", "PodDisruptionBudget", false},
    {"policy", "v1beta1", "PodDisruptionBudget", false},
    {"", "v1", "PodExecOptions", false},
    {"", "v1", "PodPortForwardOptions", false},
    {"", "v1", "PodProxyOptions", false},
    {"policy", "v1beta1", "PodSecurityPolicy", true},
    {"", "v1", "PodTemplate", false},
    {"scheduling.k8s.io", "v1", "PriorityClass", true},
    {"scheduling.k8s.io", "v1beta1", "PriorityClass", true},
    {"flowcontrol.apiserver.k8s.io", "v1beta1", "PriorityLevelConfiguration", true},
    {"apps", "v1", "ReplicaSet", false},
    {"", "v1", "ReplicationController", false},
    {"", "v1", "ResourceQuota", false},
    {"rbac.authorization.k8s.io", "v1", "Role", false},
    {"rbac.authorization.k8s.io", "v1beta1", "Role", false},
    {"rbac.authorization.k8s.io", "v1", "RoleBinding", false},
    {"rbac.authorization.k8s.io", "v1beta1", "RoleBinding", false},
    {"node.k8s.io", "v1", "RuntimeClass", true},
    {"node.k8s.io", "v1beta1", "RuntimeClass", true},
    {"autoscaling", "v1", "Scale", false},
    {"", "v1", "Secret", false},
    {"", "v1", "Service", false},
    {"", "v1", "ServiceAccount", false},
    {"", "v1", "ServiceProxyOptions", false},
    {"apps", "v1", "StatefulSet", false},
    {"storage.k8s.io", "v1", "StorageClass", true},
    {"storage.k8s.io", "v1beta1", "StorageClass", true},
    {"admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", true},
    {"admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding", true},
    {"admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", true},
    {"admissionregistration.k8s.io", "v1beta1", "ValidatingWebhookConfiguration", true},
    {"storage.k8s.io", "v1", "VolumeAttachment", true},
    {"storage.k8s.io", "v1beta1", "VolumeAttachment", true},
};

static int compare_gvk(const void *left, const void *right)
{
    const struct gvk *gvk = left;
    const struct scope *scope = right;
    int order = strcmp(gvk->kind, scope->kind);
    if (order == 0)
        order = strcmp(gvk->group, scope->group);
    return order ? order : strcmp(gvk->version, scope->version);
}

bool gvk_scope_is_known(const struct gvk *gvk, bool *cluster)
{
    const struct scope *found = bsearch(gvk, scopes, sizeof scopes / sizeof *scopes, sizeof *scopes, compare_gvk);
    *cluster = found && found->cluster;
    return found;
}

bool gvk_is_cluster_scoped(const struct gvk *gvk)
{
    bool cluster;
    return gvk_scope_is_known(gvk, &cluster) && cluster;
}
