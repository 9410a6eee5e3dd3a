/* pod_security.c: the controls of the pod security standards, at the level that the pods' namespace enforces.
 *
 * Source: k8s.io/pod-security-admission policy/check_*.go */
#include <string.h>

#include "check/policy.h"
#include "check/workloads.h"

enum level { LEVEL_PRIVILEGED, LEVEL_BASELINE, LEVEL_RESTRICTED };

struct security_check {
    struct check_input *input;
    const struct workload *workload;
    const char *level;
};

static const char enforce_label[] = "pod-security.kubernetes.io/enforce";

static void tell_field(const struct security_check *check, origin at, const char *field, const char *remedy)
{
    const struct workload *workload = check->workload;
    struct finding *finding = check_report(check->input, workload->target, RA407, at, workload->object,
                                           "%s: '%s' is enforced in namespace '%s', so %s", field, check->level,
                                           workload->object->namespace, remedy);
    finding->field = field;
}

static const struct node *context_of(const struct node *node)
{
    return node_find(node, "securityContext");
}

/* Pods as a whole. */

static void check_host(const struct security_check *check)
{
    static const char *const fields[] = {"hostNetwork", "hostPID", "hostIPC"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct node *value = node_find(check->workload->pod, fields[i]);
        if (node_equals(value, "true"))
            tell_field(check, value->origin, fields[i], "it must not be true");
    }
}

/* The kinds of volumes that `restricted` permits. */
static bool is_permitted_volume(const struct node *volume)
{
    static const char *const permitted[] = {
        "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"};
    for (size_t i = 0; i < sizeof permitted / sizeof *permitted; i++)
        if (node_find(volume, permitted[i]))
            return true;
    return node_is_map(volume) && volume->count < 2;
}

static void check_volumes(const struct security_check *check, enum level level)
{
    const struct node *volumes = node_find(check->workload->pod, "volumes");
    for (uint32_t i = 0; node_is_list(volumes) && i < volumes->count; i++) {
        const struct node *path = node_find(volumes->items[i], "hostPath");
        if (path)
            tell_field(check, path->origin, "hostPath", "a volume must not be a directory of the node");
        else if (level == LEVEL_RESTRICTED && !is_permitted_volume(volumes->items[i]))
            tell_field(check, volumes->items[i]->origin, "volumes",
                       "a volume must be of a kind that holds no host's data");
    }
}

/* Containers. */

static void check_privileged(const struct security_check *check, const struct container *container)
{
    const struct node *value = node_find(context_of(container->node), "privileged");
    if (node_equals(value, "true"))
        tell_field(check, value->origin, "privileged", "it must not be true");
}

static bool is_baseline_capability(const char *name)
{
    static const char *const permitted[] = {"AUDIT_WRITE", "CHOWN",  "DAC_OVERRIDE",     "FOWNER",  "FSETID",
                                            "KILL",        "MKNOD",  "NET_BIND_SERVICE", "SETFCAP", "SETGID",
                                            "SETPCAP",     "SETUID", "SYS_CHROOT"};
    for (size_t i = 0; i < sizeof permitted / sizeof *permitted; i++)
        if (strcmp(permitted[i], name) == 0)
            return true;
    return false;
}

static void check_added(const struct security_check *check, const struct container *container, enum level level)
{
    const struct node *add = node_find(node_find(context_of(container->node), "capabilities"), "add");
    for (uint32_t i = 0; node_is_list(add) && i < add->count; i++) {
        const char *name = node_text(add->items[i]);
        bool is_good =
            name && (level == LEVEL_RESTRICTED ? strcmp(name, "NET_BIND_SERVICE") == 0 : is_baseline_capability(name));
        if (!is_good)
            tell_field(check, add->items[i]->origin, "capabilities.add", "this capability must not be added");
    }
}

static void check_host_ports(const struct security_check *check, const struct container *container)
{
    const struct node *ports = node_find(container->node, "ports");
    for (uint32_t i = 0; node_is_list(ports) && i < ports->count; i++) {
        const struct node *port = node_find(ports->items[i], "hostPort");
        if (node_text(port) && !node_equals(port, "0"))
            tell_field(check, port->origin, "hostPort", "a port of the node must not be used");
    }
}

static bool drops_all(const struct node *context)
{
    const struct node *drop = node_find(node_find(context, "capabilities"), "drop");
    for (uint32_t i = 0; node_is_list(drop) && i < drop->count; i++)
        if (node_equals(drop->items[i], "ALL"))
            return true;
    return false;
}

/* A field of the container, or of the pod where the container leaves it out. */
static const struct node *effective_setting(const struct security_check *check, const struct container *container,
                                            const char *field)
{
    const struct node *own = node_find(context_of(container->node), field);
    return own ? own : node_find(context_of(check->workload->pod), field);
}

static origin place_of(const struct node *value, const struct container *container)
{
    return value && value->origin ? value->origin : container_origin(container);
}

static void check_restricted(const struct security_check *check, const struct container *container)
{
    const struct node *context = context_of(container->node);
    const struct node *escalation = node_find(context, "allowPrivilegeEscalation");
    const struct node *non_root = effective_setting(check, container, "runAsNonRoot");
    const struct node *user = effective_setting(check, container, "runAsUser");
    const struct node *profile = node_find(effective_setting(check, container, "seccompProfile"), "type");
    if (!node_equals(escalation, "false"))
        tell_field(check, place_of(escalation, container), "allowPrivilegeEscalation", "it must be false");
    if (!drops_all(context))
        tell_field(check, place_of(node_find(context, "capabilities"), container), "capabilities.drop",
                   "it must hold ALL");
    if (!node_equals(non_root, "true"))
        tell_field(check, place_of(non_root, container), "runAsNonRoot", "it must be true");
    if (node_equals(user, "0"))
        tell_field(check, place_of(user, container), "runAsUser", "it must not be 0");
    if (!node_equals(profile, "RuntimeDefault") && !node_equals(profile, "Localhost"))
        tell_field(check, place_of(profile, container), "seccompProfile.type",
                   "it must be RuntimeDefault or Localhost");
}

static void check_containers(const struct security_check *check, enum level level)
{
    size_t count;
    struct container *containers = find_containers(check->input->arena, check->workload->pod, &count);
    for (size_t i = 0; i < count; i++) {
        check_privileged(check, &containers[i]);
        check_added(check, &containers[i], level);
        check_host_ports(check, &containers[i]);
        if (level == LEVEL_RESTRICTED)
            check_restricted(check, &containers[i]);
    }
}

/* The level of a namespace is its label's, where the same target or its Application makes the Namespace; else it is
 * what the check policy says of the environment. */
static const char *level_of(const struct check_input *input, const struct workload *workload)
{
    const struct check_target *target = workload->target;
    static const char *const managed[] = {"spec", "syncPolicy", "managedNamespaceMetadata", "labels", NULL};
    for (size_t i = 0; i < target->object_count; i++) {
        const struct check_object *object = &target->objects[i];
        const struct node *labels = node_find(node_find(object->root, "metadata"), "labels");
        if (strcmp(object->kind, "Namespace") == 0 && strcmp(object->name, workload->object->namespace) == 0)
            return node_text(node_find(labels, enforce_label));
    }
    const char *level = node_text(node_find(node_path(target->application, managed), enforce_label));
    const char *environment = target->found ? target->found->environment : NULL;
    return level || !input->policy ? level : check_policy_environment(input->policy, environment).pod_security;
}

static void check_workload(struct check_input *input, const struct workload *workload)
{
    const char *name = level_of(input, workload);
    enum level level = !name                             ? LEVEL_PRIVILEGED
                       : strcmp(name, "restricted") == 0 ? LEVEL_RESTRICTED
                       : strcmp(name, "baseline") == 0   ? LEVEL_BASELINE
                                                         : LEVEL_PRIVILEGED;
    struct security_check check = {input, workload, name};
    if (level == LEVEL_PRIVILEGED)
        return;
    check_host(&check);
    check_volumes(&check, level);
    check_containers(&check, level);
}

static void check_pod_security(struct check_input *input)
{
    const struct workload_list *workloads = input->workloads;
    for (size_t i = 0; i < workloads->count; i++)
        check_workload(input, &workloads->items[i]);
}

static const enum rule_id ids[] = {RA407, RULE_COUNT};
const struct check pod_security_check = {"pod_security", ids, check_pod_security};
