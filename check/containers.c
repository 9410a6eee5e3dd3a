/* containers.c: images, probes, resources and rights of each container. */
#include <string.h>

#include "check/kustomization_file.h"
#include "check/workloads.h"
#include "generator/policy.h"
#include "kubernetes/selector.h"

struct container_check {
    struct check_input *input;
    const struct workload *workload;
    bool serves; /* a Service selects its pods */
    struct kustomization_files *files;
};

/* The tag of an image: what stands behind the last colon that no slash follows. */
static const char *tag_of(const char *image)
{
    const char *slash = strrchr(image, '/'), *colon = strrchr(slash ? slash : image, ':');
    return colon ? colon + 1 : NULL;
}

static bool is_last_environment(const struct check_input *input, const struct check_target *target)
{
    const struct policy *policy = input->set ? input->set->policy : NULL;
    const char *environment = target->found ? target->found->environment : NULL;
    size_t count = policy ? policy->spec.environments.count : 0;
    return environment && count > 1 && strcmp(policy_environments(policy)[count - 1].name, environment) == 0;
}

/* The entry of the target's `images` that writes an image and gives it no tag; NULL: none does. */
static const struct node *untagging_entry(const struct container_check *check, const char *image)
{
    const struct node *root = kustomization_tree(check->files, check->workload->target->directory)->root;
    const struct node *images = node_find(root, "images");
    for (uint32_t i = 0; node_is_list(images) && i < images->count; i++) {
        const struct node *entry = images->items[i], *new_name = node_find(entry, "newName");
        const struct node *name = node_text(new_name) ? new_name : node_find(entry, "name");
        if (node_equals(name, image) && !node_find(entry, "newTag") && !node_find(entry, "digest"))
            return name;
    }
    return NULL;
}

static bool tell_untagged(const struct container_check *check, const char *image)
{
    const struct node *name = untagging_entry(check, image);
    if (!name)
        return false;
    struct finding *finding =
        check_report_in(check->input, check->workload->target, RA111, kustomization_span(check->files, name),
                        check->workload->object, "the image '%s' gets no tag here: the cluster takes 'latest'", image);
    if (is_last_environment(check->input, check->workload->target))
        finding->severity = SEVERITY_ERROR;
    return true;
}

static void check_image(const struct container_check *check, const struct container *container)
{
    const struct node *image = node_find(container->node, "image");
    const char *text = node_text(image), *tag = text ? tag_of(text) : NULL;
    if (!text || !*text)
        return;
    bool has_digest = strchr(text, '@'), is_latest = tag && strcmp(tag, "latest") == 0;
    if (!has_digest && (is_latest || (!tag && !tell_untagged(check, text)))) {
        struct finding *finding =
            check_report(check->input, check->workload->target, RA401, image->origin, check->workload->object,
                         is_latest ? "the image '%s' of container '%s' is whatever was pushed last"
                                   : "the image '%s' of container '%s' has no tag: the cluster takes 'latest'",
                         text, container->name);
        if (is_last_environment(check->input, check->workload->target))
            finding->severity = SEVERITY_ERROR;
    }
    if (!has_digest)
        check_report(check->input, check->workload->target, RA402, image->origin, check->workload->object,
                     "the image '%s' of container '%s' has no digest", text, container->name);
}

static void report_container(const struct container_check *check, const struct container *container, enum rule_id id,
                             const char *what)
{
    check_report(check->input, check->workload->target, id, container_origin(container), check->workload->object,
                 "container '%s' %s", container->name, what);
}

/* The one container that answers requests: a sidecar may have no probe. */
static bool has_ports(const struct container *container)
{
    const struct node *ports = node_find(container->node, "ports");
    return node_is_list(ports) && ports->count;
}

static void check_probes(const struct container_check *check, const struct container *container)
{
    if (container->is_init || !check->serves || !has_ports(container))
        return;
    if (!node_find(container->node, "readinessProbe"))
        report_container(check, container, RA403, "answers requests and has no readinessProbe");
    if (!node_find(container->node, "livenessProbe"))
        report_container(check, container, RA404, "answers requests and has no livenessProbe");
}

/* A limit without a request is the request, too. */
static bool asks_for(const struct node *resources, const char *name)
{
    return node_find(node_find(resources, "requests"), name) || node_find(node_find(resources, "limits"), name);
}

static void check_resources(const struct container_check *check, const struct container *container)
{
    const struct node *resources = node_find(container->node, "resources");
    bool cpu = asks_for(resources, "cpu"), memory = asks_for(resources, "memory");
    if (!cpu || !memory)
        report_container(check, container, RA405,
                         cpu      ? "requests no memory"
                         : memory ? "requests no CPU"
                                  : "requests neither CPU nor memory");
    if (!node_find(node_find(resources, "limits"), "memory"))
        report_container(check, container, RA406, "has no limit for memory");
}

static void check_rights(const struct container_check *check, const struct container *container)
{
    const struct node *context = node_find(container->node, "securityContext");
    if (!node_equals(node_find(context, "readOnlyRootFilesystem"), "true"))
        report_container(check, container, RA408, "can write to its own file system: set readOnlyRootFilesystem");
}

/* Limits of a namespace give containers what they do not ask for themselves. */
static bool has_limit_range(const struct workload *workload)
{
    const struct check_target *target = workload->target;
    for (size_t i = 0; i < target->object_count; i++)
        if (strcmp(target->objects[i].kind, "LimitRange") == 0)
            return true;
    return false;
}

static void check_pod(const struct container_check *check)
{
    const struct workload *workload = check->workload;
    const struct node *pod = workload->pod, *account = node_find(pod, "serviceAccountName");
    bool is_default = !node_text(account) || node_equals(account, "default");
    if (is_default && !node_equals(node_find(pod, "automountServiceAccountToken"), "false"))
        check_report(check->input, workload->target, RA409, pod->origin, workload->object,
                     "the pods of %s '%s' get a token for the API that they have no account for: set "
                     "automountServiceAccountToken: false",
                     workload->object->kind, workload->object->name);
}

/* Several replicas, and nothing that keeps them from one node. */
static void check_spread(const struct container_check *check)
{
    const struct workload *workload = check->workload;
    long replicas = 1;
    const struct node *count = node_find(node_find(workload->object->root, "spec"), "replicas");
    bool is_replicated = node_number(count, &replicas) && replicas > 1;
    bool spreads = node_find(workload->pod, "topologySpreadConstraints") ||
                   node_find(node_find(workload->pod, "affinity"), "podAntiAffinity");
    if (is_replicated && !spreads)
        check_report(check->input, workload->target, RA410, count->origin, workload->object,
                     "all %ld pods of %s '%s' may run on one node: add topologySpreadConstraints", replicas,
                     workload->object->kind, workload->object->name);
}

static bool has_service(const struct check_input *input, const struct workload *workload)
{
    for (size_t i = 0; i < input->target_count; i++) {
        const struct check_target *target = &input->targets[i];
        for (size_t j = 0; target == workload->target && j < target->object_count; j++) {
            const struct node *selector = node_find(node_find(target->objects[j].root, "spec"), "selector");
            if (strcmp(target->objects[j].kind, "Service") == 0 && node_is_map(selector) && selector->count &&
                labels_match(selector, workload->labels))
                return true;
        }
    }
    return false;
}

static void check_workload(struct check_input *input, const struct workload *workload,
                           struct kustomization_files *files)
{
    struct container_check check = {input, workload, has_service(input, workload), files};
    size_t count;
    struct container *containers = find_containers(input->arena, workload->pod, &count);
    bool is_limited = has_limit_range(workload);
    for (size_t i = 0; i < count; i++) {
        check_image(&check, &containers[i]);
        check_probes(&check, &containers[i]);
        if (!is_limited)
            check_resources(&check, &containers[i]);
        check_rights(&check, &containers[i]);
    }
    check_pod(&check);
    check_spread(&check);
}

static void check_containers(struct check_input *input)
{
    const struct workload_list *workloads = input->workloads;
    struct kustomization_files files = kustomization_files_open(input);
    for (size_t i = 0; i < workloads->count; i++)
        check_workload(input, &workloads->items[i], &files);
    kustomization_files_close(&files);
}

static const enum rule_id ids[] = {RA111, RA401, RA402, RA403, RA404, RA405, RA406, RA408, RA409, RA410, RULE_COUNT};
const struct check containers_check = {"containers", ids, check_containers};
