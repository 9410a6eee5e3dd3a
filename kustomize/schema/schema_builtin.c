/* schema_builtin.c: where lists are merged by key in the builtin kinds.
 *
 * Source: the OpenAPI description of Kubernetes v1.21.2 and kustomize's own, as kyaml v0.21.3 embeds them
 * (openapi/kubernetesapi, openapi/kustomizationapi). Kept is what leads to a list with the patch strategy "merge";
 * every other field of these kinds is plain. Left out: *List kinds, which are expanded when they are read. */
#include <stdlib.h>
#include <string.h>

#include "kustomize/schema/schema_table.h"

/* Known to be there, with nothing to say. */
static const struct schema schema_plain = {.others = &schema_plain, .items = &schema_plain};

#define OBJECT(table)                                                                                \
    {                                                                                                \
        .properties = table, .property_count = sizeof table / sizeof *table, .others = &schema_plain \
    }

static const char *const by_value[] = {NULL};
static const char *const by_uid[] = {"uid", NULL};
static const char *const by_name[] = {"name", NULL};
static const char *const by_container_port_and_protocol[] = {"containerPort", "protocol", NULL};
static const char *const by_device_path[] = {"devicePath", NULL};
static const char *const by_mount_path[] = {"mountPath", NULL};
static const char *const by_ip[] = {"ip", NULL};
static const char *const by_topology_key_and_when_unsatisfiable[] = {"topologyKey", "whenUnsatisfiable", NULL};
static const char *const by_type[] = {"type", NULL};
static const char *const by_port_and_protocol[] = {"port", "protocol", NULL};

static const struct schema list_by_value = {.items = &schema_plain, .merge_keys = by_value, .others = &schema_plain};
static const struct schema list_by_uid = {.items = &schema_plain, .merge_keys = by_uid, .others = &schema_plain};

static const struct schema_property object_meta_fields[] = {
    {"finalizers", &list_by_value},
    {"ownerReferences", &list_by_uid},
};
static const struct schema object_meta = OBJECT(object_meta_fields);
static const struct schema list_by_name = {.items = &schema_plain, .merge_keys = by_name, .others = &schema_plain};

static const struct schema_property webhook_configuration_fields[] = {
    {"metadata", &object_meta},
    {"webhooks", &list_by_name},
};
static const struct schema webhook_configuration = OBJECT(webhook_configuration_fields);

static const struct schema_property object_fields[] = {
    {"metadata", &object_meta},
};
static const struct schema object = OBJECT(object_fields);
static const struct schema list_by_container_port_and_protocol = {
    .items = &schema_plain, .merge_keys = by_container_port_and_protocol, .others = &schema_plain};
static const struct schema list_by_device_path = {
    .items = &schema_plain, .merge_keys = by_device_path, .others = &schema_plain};
static const struct schema list_by_mount_path = {
    .items = &schema_plain, .merge_keys = by_mount_path, .others = &schema_plain};

static const struct schema_property container_fields[] = {
    {"env", &list_by_name},
    {"ports", &list_by_container_port_and_protocol},
    {"volumeDevices", &list_by_device_path},
    {"volumeMounts", &list_by_mount_path},
};
static const struct schema container = OBJECT(container_fields);

static const struct schema_property ephemeral_container_fields[] = {
    {"env", &list_by_name},
    {"volumeDevices", &list_by_device_path},
    {"volumeMounts", &list_by_mount_path},
};
static const struct schema ephemeral_container = OBJECT(ephemeral_container_fields);

static const struct schema_property ephemeral_volume_fields[] = {
    {"volumeClaimTemplate", &object},
};
static const struct schema ephemeral_volume = OBJECT(ephemeral_volume_fields);

static const struct schema_property volume_fields[] = {
    {"ephemeral", &ephemeral_volume},
};
static const struct schema volume = OBJECT(volume_fields);
static const struct schema containers_by_name = {.items = &container, .merge_keys = by_name, .others = &schema_plain};
static const struct schema ephemeral_containers_by_name = {
    .items = &ephemeral_container, .merge_keys = by_name, .others = &schema_plain};
static const struct schema list_by_ip = {.items = &schema_plain, .merge_keys = by_ip, .others = &schema_plain};
static const struct schema list_by_topology_key_and_when_unsatisfiable = {
    .items = &schema_plain, .merge_keys = by_topology_key_and_when_unsatisfiable, .others = &schema_plain};
static const struct schema volumes_by_name = {.items = &volume, .merge_keys = by_name, .others = &schema_plain};

static const struct schema_property pod_spec_fields[] = {
    {"containers", &containers_by_name},
    {"ephemeralContainers", &ephemeral_containers_by_name},
    {"hostAliases", &list_by_ip},
    {"imagePullSecrets", &list_by_name},
    {"initContainers", &containers_by_name},
    {"topologySpreadConstraints", &list_by_topology_key_and_when_unsatisfiable},
    {"volumes", &volumes_by_name},
};
static const struct schema pod_spec = OBJECT(pod_spec_fields);

static const struct schema_property pod_template_spec_fields[] = {
    {"metadata", &object_meta},
    {"spec", &pod_spec},
};
static const struct schema pod_template_spec = OBJECT(pod_template_spec_fields);

static const struct schema_property workload_spec_fields[] = {
    {"template", &pod_template_spec},
};
static const struct schema workload_spec = OBJECT(workload_spec_fields);
static const struct schema list_by_type = {.items = &schema_plain, .merge_keys = by_type, .others = &schema_plain};

static const struct schema_property status_fields[] = {
    {"conditions", &list_by_type},
};
static const struct schema status = OBJECT(status_fields);

static const struct schema_property workload_fields[] = {
    {"metadata", &object_meta},
    {"spec", &workload_spec},
    {"status", &status},
};
static const struct schema workload = OBJECT(workload_fields);

static const struct schema_property kustomization_fields[] = {
    {"configMapGenerator", &list_by_name},
    {"secretGenerator", &list_by_name},
};
static const struct schema kustomization = OBJECT(kustomization_fields);

static const struct schema_property persistent_volume_claim_fields[] = {
    {"metadata", &object_meta},
    {"status", &status},
};
static const struct schema persistent_volume_claim = OBJECT(persistent_volume_claim_fields);
static const struct schema persistent_volume_claims = {.items = &persistent_volume_claim, .others = &schema_plain};

static const struct schema_property stateful_set_spec_fields[] = {
    {"template", &pod_template_spec},
    {"volumeClaimTemplates", &persistent_volume_claims},
};
static const struct schema stateful_set_spec = OBJECT(stateful_set_spec_fields);

static const struct schema_property stateful_set_fields[] = {
    {"metadata", &object_meta},
    {"spec", &stateful_set_spec},
    {"status", &status},
};
static const struct schema stateful_set = OBJECT(stateful_set_fields);

static const struct schema_property job_template_spec_fields[] = {
    {"metadata", &object_meta},
    {"spec", &workload_spec},
};
static const struct schema job_template_spec = OBJECT(job_template_spec_fields);

static const struct schema_property cron_job_spec_fields[] = {
    {"jobTemplate", &job_template_spec},
};
static const struct schema cron_job_spec = OBJECT(cron_job_spec_fields);

static const struct schema_property cron_job_fields[] = {
    {"metadata", &object_meta},
    {"spec", &cron_job_spec},
};
static const struct schema cron_job = OBJECT(cron_job_fields);

static const struct schema_property component_status_fields[] = {
    {"conditions", &list_by_type},
    {"metadata", &object_meta},
};
static const struct schema component_status = OBJECT(component_status_fields);

static const struct schema_property node_spec_fields[] = {
    {"podCIDRs", &list_by_value},
};
static const struct schema node_spec = OBJECT(node_spec_fields);

static const struct schema_property node_status_fields[] = {
    {"addresses", &list_by_type},
    {"conditions", &list_by_type},
};
static const struct schema node_status = OBJECT(node_status_fields);

static const struct schema_property node_fields[] = {
    {"metadata", &object_meta},
    {"spec", &node_spec},
    {"status", &node_status},
};
static const struct schema node = OBJECT(node_fields);

static const struct schema_property pod_status_fields[] = {
    {"conditions", &list_by_type},
    {"podIPs", &list_by_ip},
};
static const struct schema pod_status = OBJECT(pod_status_fields);

static const struct schema_property pod_fields[] = {
    {"metadata", &object_meta},
    {"spec", &pod_spec},
    {"status", &pod_status},
};
static const struct schema pod = OBJECT(pod_fields);

static const struct schema_property pod_template_fields[] = {
    {"metadata", &object_meta},
    {"template", &pod_template_spec},
};
static const struct schema pod_template = OBJECT(pod_template_fields);
static const struct schema list_by_port_and_protocol = {
    .items = &schema_plain, .merge_keys = by_port_and_protocol, .others = &schema_plain};

static const struct schema_property service_spec_fields[] = {
    {"ports", &list_by_port_and_protocol},
};
static const struct schema service_spec = OBJECT(service_spec_fields);

static const struct schema_property service_fields[] = {
    {"metadata", &object_meta},
    {"spec", &service_spec},
    {"status", &status},
};
static const struct schema service = OBJECT(service_fields);

static const struct schema_property service_account_fields[] = {
    {"metadata", &object_meta},
    {"secrets", &list_by_name},
};
static const struct schema service_account = OBJECT(service_account_fields);

static const struct schema_property csi_node_spec_fields[] = {
    {"drivers", &list_by_name},
};
static const struct schema csi_node_spec = OBJECT(csi_node_spec_fields);

static const struct schema_property csi_node_fields[] = {
    {"metadata", &object_meta},
    {"spec", &csi_node_spec},
};
static const struct schema csi_node = OBJECT(csi_node_fields);

/* Sorted by kind and apiVersion. */
static const struct kind {
    const char *api_version, *kind;
    const struct schema *schema;
} kinds[] = {
    {"apiregistration.k8s.io/v1", "APIService", &persistent_volume_claim},
    {"apiregistration.k8s.io/v1beta1", "APIService", &persistent_volume_claim},
    {"v1", "Binding", &object},
    {"storage.k8s.io/v1", "CSIDriver", &object},
    {"storage.k8s.io/v1beta1", "CSIDriver", &object},
    {"storage.k8s.io/v1", "CSINode", &csi_node},
    {"storage.k8s.io/v1beta1", "CSINode", &csi_node},
    {"storage.k8s.io/v1beta1", "CSIStorageCapacity", &object},
    {"certificates.k8s.io/v1", "CertificateSigningRequest", &object},
    {"certificates.k8s.io/v1beta1", "CertificateSigningRequest", &object},
    {"rbac.authorization.k8s.io/v1", "ClusterRole", &object},
    {"rbac.authorization.k8s.io/v1beta1", "ClusterRole", &object},
    {"rbac.authorization.k8s.io/v1", "ClusterRoleBinding", &object},
    {"rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", &object},
    {"v1", "ComponentStatus", &component_status},
    {"v1", "ConfigMap", &object},
    {"apps/v1", "ControllerRevision", &object},
    {"batch/v1", "CronJob", &cron_job},
    {"batch/v1beta1", "CronJob", &cron_job},
    {"apiextensions.k8s.io/v1", "CustomResourceDefinition", &object},
    {"apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", &object},
    {"apps/v1", "DaemonSet", &workload},
    {"apps/v1", "Deployment", &workload},
    {"discovery.k8s.io/v1", "EndpointSlice", &object},
    {"discovery.k8s.io/v1beta1", "EndpointSlice", &object},
    {"v1", "Endpoints", &object},
    {"events.k8s.io/v1", "Event", &object},
    {"events.k8s.io/v1beta1", "Event", &object},
    {"v1", "Event", &object},
    {"policy/v1beta1", "Eviction", &object},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema", &object},
    {"autoscaling/v1", "HorizontalPodAutoscaler", &object},
    {"autoscaling/v2beta1", "HorizontalPodAutoscaler", &object},
    {"autoscaling/v2beta2", "HorizontalPodAutoscaler", &object},
    {"extensions/v1beta1", "Ingress", &object},
    {"networking.k8s.io/v1", "Ingress", &object},
    {"networking.k8s.io/v1beta1", "Ingress", &object},
    {"networking.k8s.io/v1", "IngressClass", &object},
    {"networking.k8s.io/v1beta1", "IngressClass", &object},
    {"batch/v1", "Job", &workload},
    {"kustomize.config.k8s.io/v1beta1", "Kustomization", &kustomization},
    {"coordination.k8s.io/v1", "Lease", &object},
    {"coordination.k8s.io/v1beta1", "Lease", &object},
    {"v1", "LimitRange", &object},
    {"authorization.k8s.io/v1", "LocalSubjectAccessReview", &object},
    {"authorization.k8s.io/v1beta1", "LocalSubjectAccessReview", &object},
    {"admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", &webhook_configuration},
    {"admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", &webhook_configuration},
    {"v1", "Namespace", &persistent_volume_claim},
    {"networking.k8s.io/v1", "NetworkPolicy", &object},
    {"v1", "Node", &node},
    {"v1", "PersistentVolume", &object},
    {"v1", "PersistentVolumeClaim", &persistent_volume_claim},
    {"v1", "Pod", &pod},
    {"policy/v1", "PodDisruptionBudget", &persistent_volume_claim},
    {"policy/v1beta1", "PodDisruptionBudget", &persistent_volume_claim},
    {"policy/v1beta1", "PodSecurityPolicy", &object},
    {"v1", "PodTemplate", &pod_template},
    {"scheduling.k8s.io/v1", "PriorityClass", &object},
    {"scheduling.k8s.io/v1beta1", "PriorityClass", &object},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration", &object},
    {"apps/v1", "ReplicaSet", &workload},
    {"v1", "ReplicationController", &workload},
    {"v1", "ResourceQuota", &object},
    {"rbac.authorization.k8s.io/v1", "Role", &object},
    {"rbac.authorization.k8s.io/v1beta1", "Role", &object},
    {"rbac.authorization.k8s.io/v1", "RoleBinding", &object},
    {"rbac.authorization.k8s.io/v1beta1", "RoleBinding", &object},
    {"node.k8s.io/v1", "RuntimeClass", &object},
    {"node.k8s.io/v1beta1", "RuntimeClass", &object},
    {"autoscaling/v1", "Scale", &object},
    {"v1", "Secret", &object},
    {"authorization.k8s.io/v1", "SelfSubjectAccessReview", &object},
    {"authorization.k8s.io/v1beta1", "SelfSubjectAccessReview", &object},
    {"authorization.k8s.io/v1", "SelfSubjectRulesReview", &object},
    {"authorization.k8s.io/v1beta1", "SelfSubjectRulesReview", &object},
    {"v1", "Service", &service},
    {"v1", "ServiceAccount", &service_account},
    {"apps/v1", "StatefulSet", &stateful_set},
    {"storage.k8s.io/v1", "StorageClass", &object},
    {"storage.k8s.io/v1beta1", "StorageClass", &object},
    {"authorization.k8s.io/v1", "SubjectAccessReview", &object},
    {"authorization.k8s.io/v1beta1", "SubjectAccessReview", &object},
    {"authentication.k8s.io/v1", "TokenRequest", &object},
    {"authentication.k8s.io/v1", "TokenReview", &object},
    {"authentication.k8s.io/v1beta1", "TokenReview", &object},
    {"admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", &webhook_configuration},
    {"admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", &webhook_configuration},
    {"storage.k8s.io/v1", "VolumeAttachment", &object},
    {"storage.k8s.io/v1beta1", "VolumeAttachment", &object},
};

static int compare_kinds(const void *left, const void *right)
{
    const struct kind *a = left, *b = right;
    int order = strcmp(a->kind, b->kind);
    return order ? order : strcmp(a->api_version, b->api_version);
}

const struct schema *schema_builtin(const char *api_version, const char *kind)
{
    const struct kind wanted = {api_version, kind, NULL};
    const struct kind *found = bsearch(&wanted, kinds, sizeof kinds / sizeof *kinds, sizeof *kinds, compare_kinds);
    return found ? found->schema : NULL;
}

/* Sorted by name. */
static const struct schema_property definitions[] = {
    {"io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration", &webhook_configuration},
    {"io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration", &webhook_configuration},
    {"io.k8s.api.admissionregistration.v1beta1.MutatingWebhookConfiguration", &webhook_configuration},
    {"io.k8s.api.admissionregistration.v1beta1.ValidatingWebhookConfiguration", &webhook_configuration},
    {"io.k8s.api.apps.v1.ControllerRevision", &object},
    {"io.k8s.api.apps.v1.DaemonSet", &workload},
    {"io.k8s.api.apps.v1.DaemonSetSpec", &workload_spec},
    {"io.k8s.api.apps.v1.DaemonSetStatus", &status},
    {"io.k8s.api.apps.v1.Deployment", &workload},
    {"io.k8s.api.apps.v1.DeploymentSpec", &workload_spec},
    {"io.k8s.api.apps.v1.DeploymentStatus", &status},
    {"io.k8s.api.apps.v1.Kustomization", &kustomization},
    {"io.k8s.api.apps.v1.ReplicaSet", &workload},
    {"io.k8s.api.apps.v1.ReplicaSetSpec", &workload_spec},
    {"io.k8s.api.apps.v1.ReplicaSetStatus", &status},
    {"io.k8s.api.apps.v1.StatefulSet", &stateful_set},
    {"io.k8s.api.apps.v1.StatefulSetSpec", &stateful_set_spec},
    {"io.k8s.api.apps.v1.StatefulSetStatus", &status},
    {"io.k8s.api.authentication.v1.TokenRequest", &object},
    {"io.k8s.api.authentication.v1.TokenReview", &object},
    {"io.k8s.api.authentication.v1beta1.TokenReview", &object},
    {"io.k8s.api.authorization.v1.LocalSubjectAccessReview", &object},
    {"io.k8s.api.authorization.v1.SelfSubjectAccessReview", &object},
    {"io.k8s.api.authorization.v1.SelfSubjectRulesReview", &object},
    {"io.k8s.api.authorization.v1.SubjectAccessReview", &object},
    {"io.k8s.api.authorization.v1beta1.LocalSubjectAccessReview", &object},
    {"io.k8s.api.authorization.v1beta1.SelfSubjectAccessReview", &object},
    {"io.k8s.api.authorization.v1beta1.SelfSubjectRulesReview", &object},
    {"io.k8s.api.authorization.v1beta1.SubjectAccessReview", &object},
    {"io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler", &object},
    {"io.k8s.api.autoscaling.v1.Scale", &object},
    {"io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscaler", &object},
    {"io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscaler", &object},
    {"io.k8s.api.batch.v1.CronJob", &cron_job},
    {"io.k8s.api.batch.v1.CronJobSpec", &cron_job_spec},
    {"io.k8s.api.batch.v1.Job", &workload},
    {"io.k8s.api.batch.v1.JobSpec", &workload_spec},
    {"io.k8s.api.batch.v1.JobStatus", &status},
    {"io.k8s.api.batch.v1.JobTemplateSpec", &job_template_spec},
    {"io.k8s.api.batch.v1beta1.CronJob", &cron_job},
    {"io.k8s.api.batch.v1beta1.CronJobSpec", &cron_job_spec},
    {"io.k8s.api.batch.v1beta1.JobTemplateSpec", &job_template_spec},
    {"io.k8s.api.certificates.v1.CertificateSigningRequest", &object},
    {"io.k8s.api.certificates.v1beta1.CertificateSigningRequest", &object},
    {"io.k8s.api.coordination.v1.Lease", &object},
    {"io.k8s.api.coordination.v1beta1.Lease", &object},
    {"io.k8s.api.core.v1.Binding", &object},
    {"io.k8s.api.core.v1.ComponentStatus", &component_status},
    {"io.k8s.api.core.v1.ConfigMap", &object},
    {"io.k8s.api.core.v1.Container", &container},
    {"io.k8s.api.core.v1.Endpoints", &object},
    {"io.k8s.api.core.v1.EphemeralContainer", &ephemeral_container},
    {"io.k8s.api.core.v1.EphemeralVolumeSource", &ephemeral_volume},
    {"io.k8s.api.core.v1.Event", &object},
    {"io.k8s.api.core.v1.LimitRange", &object},
    {"io.k8s.api.core.v1.Namespace", &persistent_volume_claim},
    {"io.k8s.api.core.v1.NamespaceStatus", &status},
    {"io.k8s.api.core.v1.Node", &node},
    {"io.k8s.api.core.v1.NodeSpec", &node_spec},
    {"io.k8s.api.core.v1.NodeStatus", &node_status},
    {"io.k8s.api.core.v1.PersistentVolume", &object},
    {"io.k8s.api.core.v1.PersistentVolumeClaim", &persistent_volume_claim},
    {"io.k8s.api.core.v1.PersistentVolumeClaimStatus", &status},
    {"io.k8s.api.core.v1.PersistentVolumeClaimTemplate", &object},
    {"io.k8s.api.core.v1.Pod", &pod},
    {"io.k8s.api.core.v1.PodSpec", &pod_spec},
    {"io.k8s.api.core.v1.PodStatus", &pod_status},
    {"io.k8s.api.core.v1.PodTemplate", &pod_template},
    {"io.k8s.api.core.v1.PodTemplateSpec", &pod_template_spec},
    {"io.k8s.api.core.v1.ReplicationController", &workload},
    {"io.k8s.api.core.v1.ReplicationControllerSpec", &workload_spec},
    {"io.k8s.api.core.v1.ReplicationControllerStatus", &status},
    {"io.k8s.api.core.v1.ResourceQuota", &object},
    {"io.k8s.api.core.v1.Secret", &object},
    {"io.k8s.api.core.v1.Service", &service},
    {"io.k8s.api.core.v1.ServiceAccount", &service_account},
    {"io.k8s.api.core.v1.ServiceSpec", &service_spec},
    {"io.k8s.api.core.v1.ServiceStatus", &status},
    {"io.k8s.api.core.v1.Volume", &volume},
    {"io.k8s.api.discovery.v1.EndpointSlice", &object},
    {"io.k8s.api.discovery.v1beta1.EndpointSlice", &object},
    {"io.k8s.api.events.v1.Event", &object},
    {"io.k8s.api.events.v1beta1.Event", &object},
    {"io.k8s.api.extensions.v1beta1.Ingress", &object},
    {"io.k8s.api.flowcontrol.v1beta1.FlowSchema", &object},
    {"io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfiguration", &object},
    {"io.k8s.api.networking.v1.Ingress", &object},
    {"io.k8s.api.networking.v1.IngressClass", &object},
    {"io.k8s.api.networking.v1.NetworkPolicy", &object},
    {"io.k8s.api.networking.v1beta1.Ingress", &object},
    {"io.k8s.api.networking.v1beta1.IngressClass", &object},
    {"io.k8s.api.node.v1.RuntimeClass", &object},
    {"io.k8s.api.node.v1beta1.RuntimeClass", &object},
    {"io.k8s.api.policy.v1.PodDisruptionBudget", &persistent_volume_claim},
    {"io.k8s.api.policy.v1.PodDisruptionBudgetStatus", &status},
    {"io.k8s.api.policy.v1beta1.Eviction", &object},
    {"io.k8s.api.policy.v1beta1.PodDisruptionBudget", &persistent_volume_claim},
    {"io.k8s.api.policy.v1beta1.PodDisruptionBudgetStatus", &status},
    {"io.k8s.api.policy.v1beta1.PodSecurityPolicy", &object},
    {"io.k8s.api.rbac.v1.ClusterRole", &object},
    {"io.k8s.api.rbac.v1.ClusterRoleBinding", &object},
    {"io.k8s.api.rbac.v1.Role", &object},
    {"io.k8s.api.rbac.v1.RoleBinding", &object},
    {"io.k8s.api.rbac.v1beta1.ClusterRole", &object},
    {"io.k8s.api.rbac.v1beta1.ClusterRoleBinding", &object},
    {"io.k8s.api.rbac.v1beta1.Role", &object},
    {"io.k8s.api.rbac.v1beta1.RoleBinding", &object},
    {"io.k8s.api.scheduling.v1.PriorityClass", &object},
    {"io.k8s.api.scheduling.v1beta1.PriorityClass", &object},
    {"io.k8s.api.storage.v1.CSIDriver", &object},
    {"io.k8s.api.storage.v1.CSINode", &csi_node},
    {"io.k8s.api.storage.v1.CSINodeSpec", &csi_node_spec},
    {"io.k8s.api.storage.v1.StorageClass", &object},
    {"io.k8s.api.storage.v1.VolumeAttachment", &object},
    {"io.k8s.api.storage.v1beta1.CSIDriver", &object},
    {"io.k8s.api.storage.v1beta1.CSINode", &csi_node},
    {"io.k8s.api.storage.v1beta1.CSINodeSpec", &csi_node_spec},
    {"io.k8s.api.storage.v1beta1.CSIStorageCapacity", &object},
    {"io.k8s.api.storage.v1beta1.StorageClass", &object},
    {"io.k8s.api.storage.v1beta1.VolumeAttachment", &object},
    {"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition", &object},
    {"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinition", &object},
    {"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", &object_meta},
    {"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService", &persistent_volume_claim},
    {"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus", &status},
    {"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIService", &persistent_volume_claim},
    {"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIServiceStatus", &status},
};

static int compare_names(const void *left, const void *right)
{
    return strcmp(((const struct schema_property *)left)->name, ((const struct schema_property *)right)->name);
}

const struct schema *schema_builtin_definition(const char *name)
{
    const struct schema_property wanted = {name, NULL};
    const struct schema_property *found =
        bsearch(&wanted, definitions, sizeof definitions / sizeof *definitions, sizeof *definitions, compare_names);
    return found ? found->schema : NULL;
}
