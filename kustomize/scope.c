/* scope.c: tells which kinds have no namespace. */
#include <stdlib.h>
#include <string.h>

#include "kustomize/resource.h"

/* The kinds without a namespace, sorted by kind, group and version.
 * Source: kyaml v0.21.3 openapi/openapi.go, precomputedIsNamespaceScoped (Kubernetes v1.21.2). */
static const struct gvk cluster_kinds[] = {
    {"apiregistration.k8s.io", "v1", "APIService"},
    {"apiregistration.k8s.io", "v1beta1", "APIService"},
    {"storage.k8s.io", "v1", "CSIDriver"},
    {"storage.k8s.io", "v1beta1", "CSIDriver"},
    {"storage.k8s.io", "v1", "CSINode"},
    {"storage.k8s.io", "v1beta1", "CSINode"},
    {"certificates.k8s.io", "v1", "CertificateSigningRequest"},
    {"certificates.k8s.io", "v1beta1", "CertificateSigningRequest"},
    {"rbac.authorization.k8s.io", "v1", "ClusterRole"},
    {"rbac.authorization.k8s.io", "v1beta1", "ClusterRole"},
    {"rbac.authorization.k8s.io", "v1", "ClusterRoleBinding"},
    {"rbac.authorization.k8s.io", "v1beta1", "ClusterRoleBinding"},
    {"", "v1", "ComponentStatus"},
    {"apiextensions.k8s.io", "v1", "CustomResourceDefinition"},
    {"apiextensions.k8s.io", "v1beta1", "CustomResourceDefinition"},
    {"flowcontrol.apiserver.k8s.io", "v1beta1", "FlowSchema"},
    {"networking.k8s.io", "v1", "IngressClass"},
    {"networking.k8s.io", "v1beta1", "IngressClass"},
    {"admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration"},
    {"admissionregistration.k8s.io", "v1beta1", "MutatingWebhookConfiguration"},
    {"", "v1", "Namespace"},
    {"", "v1", "Node"},
    {"", "v1", "NodeProxyOptions"},
    {"", "v1", "PersistentVolume"},
    {"policy", "v1beta1", "PodSecurityPolicy"},
    {"scheduling.k8s.io", "v1", "PriorityClass"},
    {"scheduling.k8s.io", "v1beta1", "PriorityClass"},
    {"flowcontrol.apiserver.k8s.io", "v1beta1", "PriorityLevelConfiguration"},
    {"node.k8s.io", "v1", "RuntimeClass"},
    {"node.k8s.io", "v1beta1", "RuntimeClass"},
    {"storage.k8s.io", "v1", "StorageClass"},
    {"storage.k8s.io", "v1beta1", "StorageClass"},
    {"admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy"},
    {"admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding"},
    {"admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration"},
    {"admissionregistration.k8s.io", "v1beta1", "ValidatingWebhookConfiguration"},
    {"storage.k8s.io", "v1", "VolumeAttachment"},
    {"storage.k8s.io", "v1beta1", "VolumeAttachment"},
};

static int compare_gvk(const void *left, const void *right)
{
    const struct gvk *a = left, *b = right;
    int order = strcmp(a->kind, b->kind);
    if (order == 0)
        order = strcmp(a->group, b->group);
    return order ? order : strcmp(a->version, b->version);
}

bool gvk_is_cluster_scoped(const struct gvk *gvk)
{
    return bsearch(gvk, cluster_kinds, sizeof cluster_kinds / sizeof *cluster_kinds, sizeof *cluster_kinds,
                   compare_gvk) != NULL;
}
