/* refused_values.c: names, words and numbers that the API server's own validation refuses although their types are
 * right.
 *
 * Source: k8s.io/kubernetes pkg/apis/core/validation, pkg/apis/apps/validation, pkg/apis/batch/validation,
 * pkg/apis/networking/validation; k8s.io/apimachinery pkg/util/validation */
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "check/api_names.h"
#include "check/workloads.h"
#include "kubernetes/api.h"

struct value_check {
    struct check_input *input;
    const struct check_target *target;
    const struct check_object *object;
};

static void report_value(const struct value_check *check, const struct node *node, const char *message)
{
    check_report(check->input, check->target, RA210, node->origin, check->object, "%s", message);
}

/* Roles have names of any kind, and those of the API's own groups are no concern of ours. */
static void check_name(const struct value_check *check)
{
    const struct node *name = node_get(node_get(check->object->root, &key_metadata), &key_name);
    const char *text = node_text(name), *kind = check->object->kind;
    bool label = strcmp(kind, "Namespace") == 0 || (strcmp(kind, "Service") == 0 && !*check->object->group);
    if (!text || !*text || !api_is_builtin(check->object->api_version) ||
        strcmp(check->object->group, "rbac.authorization.k8s.io") == 0 || strpbrk(text, "{}<>$"))
        return; /* a placeholder is told of as that */
    if (label ? !is_label_name(text, strlen(text)) : !is_subdomain_name(text))
        report_value(check, name,
                     arena_format(check->input->arena, "'%s' is no name for a %s: small letters, digits%s and '-'",
                                  text, kind, label ? "" : ", '.'"));
}

/* Words of which a field takes one. */
static const struct choice {
    const char *field;
    const char *words[7];
} pod_choices[] =
    {
        {"dnsPolicy", {"ClusterFirst", "ClusterFirstWithHostNet", "Default", "None", NULL}},
},
  container_choices[] =
      {
          {"imagePullPolicy", {"Always", "IfNotPresent", "Never", NULL}},
          {"terminationMessagePolicy", {"File", "FallbackToLogsOnError", NULL}},
},
  port_choices[] =
      {
          {"protocol", {"TCP", "UDP", "SCTP", NULL}},
},
  service_choices[] =
      {
          {"type", {"ClusterIP", "NodePort", "LoadBalancer", "ExternalName", NULL}},
          {"sessionAffinity", {"None", "ClientIP", NULL}},
          {"externalTrafficPolicy", {"Cluster", "Local", NULL}},
          {"internalTrafficPolicy", {"Cluster", "Local", NULL}},
},
  path_choices[] =
      {
          {"pathType", {"Exact", "Prefix", "ImplementationSpecific", NULL}},
},
  claim_choices[] =
      {
          {"volumeMode", {"Block", "Filesystem", NULL}},
},
  deployment_choices[] =
      {
          {"type", {"Recreate", "RollingUpdate", NULL}},
},
  restart_choices[] =
      {
          {"restartPolicy", {"OnFailure", "Never", NULL}},
},
  pod_restart_choices[] =
      {
          {"restartPolicy", {"Always", "OnFailure", "Never", NULL}},
},
  cron_choices[] = {
      {"concurrencyPolicy", {"Allow", "Forbid", "Replace", NULL}},
};
#define COUNT(table) (sizeof(table) / sizeof *(table))

static void check_choices(const struct value_check *check, const struct node *map, const struct choice *choices,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct node *value = node_find(map, choices[i].field);
        const char *text = node_text(value);
        if (!text || !*text || node_tag(value) != TAG_STRING || string_in(choices[i].words, text))
            continue;
        const char *near = nearest_name(text, choices[i].words), *words = choices[i].words[0];
        for (size_t k = 1; choices[i].words[k]; k++)
            words = arena_format(check->input->arena, "%s%s%s", words, choices[i].words[k + 1] ? ", " : " or ",
                                 choices[i].words[k]);
        report_value(check, value,
                     arena_format(check->input->arena, "%s is %s, not '%s'" DID_YOU_MEAN, choices[i].field, words, text,
                                  MEANT(near)));
    }
}

/* Pods of what keeps them running are always restarted; those of what ends are not. */
static void check_restarts_of(const struct value_check *check, const struct node *pod)
{
    const struct node *policy = node_find(pod, "restartPolicy");
    const char *text = node_text(policy), *group = check->object->group;
    bool ends = strcmp(group, "batch") == 0, runs = strcmp(group, "apps") == 0;
    if (ends && (!text || strcmp(text, "Always") == 0))
        report_value(check, policy && policy->origin ? policy : pod,
                     arena_format(check->input->arena, "the pods of %s '%s' need restartPolicy: OnFailure or Never",
                                  check->object->kind, check->object->name));
    else if (ends)
        check_choices(check, pod, restart_choices, COUNT(restart_choices));
    else if (strcmp(check->object->kind, "Pod") == 0)
        check_choices(check, pod, pod_restart_choices, COUNT(pod_restart_choices));
    else if (runs && text && strcmp(text, "Always") != 0)
        report_value(check, policy,
                     arena_format(check->input->arena,
                                  "the pods of %s '%s' are always restarted: restartPolicy is Always",
                                  check->object->kind, check->object->name));
}

static void check_workload(const struct value_check *check, const struct workload *workload)
{
    size_t count;
    struct container *containers = find_containers(check->input->arena, workload->pod, &count);
    for (size_t i = 0; i < count; i++) {
        const struct node *name = node_find(containers[i].node, "name"),
                          *ports = node_find(containers[i].node, "ports");
        const char *text = node_text(name);
        if (text && *text && !strpbrk(text, "{}<>$") && !is_label_name(text, strlen(text)))
            report_value(check, name,
                         arena_format(check->input->arena,
                                      "'%s' is no name for a container: small letters, digits and '-'", text));
        check_choices(check, containers[i].node, container_choices, COUNT(container_choices));
        for (uint32_t k = 0; node_is_list(ports) && k < ports->count; k++)
            check_choices(check, ports->items[k], port_choices, COUNT(port_choices));
    }
    check_choices(check, workload->pod, pod_choices, COUNT(pod_choices));
    check_restarts_of(check, workload->pod);
}

static void check_port_names(const struct value_check *check, const struct node *ports, uint32_t index)
{
    struct arena *arena = check->input->arena;
    const struct node *name = node_find(ports->items[index], "name"),
                      *target = node_find(ports->items[index], "targetPort");
    const char *text = node_text(name);
    long number;
    if (text && *text && !is_label_name(text, strlen(text)))
        report_value(check, name,
                     arena_format(arena, "'%s' is no name for a port: small letters, digits and '-'", text));
    if (node_text(target) && *target->text && node_tag(target) == TAG_STRING && !is_port_name(target->text))
        report_value(
            check, target,
            arena_format(arena,
                         "'%s' is not a name for a port: at most 15 small letters, digits and '-', with a letter",
                         target->text));
    else if (node_tag(target) == TAG_INT && node_number(target, &number) && (number < 1 || number > 65535))
        report_value(check, target, "a port is from 1 to 65535");
}

static void check_service(const struct value_check *check)
{
    const struct node *spec = node_find(check->object->root, "spec"), *ports = node_find(spec, "ports");
    bool needs_none =
        node_equals(node_find(spec, "type"), "ExternalName") || node_equals(node_find(spec, "clusterIP"), "None");
    check_choices(check, spec, service_choices, COUNT(service_choices));
    if (node_is_map(spec) && !needs_none && node_is_empty(ports))
        report_value(check, spec, arena_format(check->input->arena, "Service '%s' has no port", check->object->name));
    for (uint32_t i = 0; node_is_list(ports) && i < ports->count; i++) {
        const struct node *number = node_find(ports->items[i], "port");
        long port = 1;
        if (node_number(number, &port) && (port < 1 || port > 65535))
            report_value(check, number, "a port is from 1 to 65535");
        check_choices(check, ports->items[i], port_choices, COUNT(port_choices));
        check_port_names(check, ports, i);
    }
}

static void check_ingress(const struct value_check *check)
{
    const struct node *spec = node_find(check->object->root, "spec"), *list = node_find(spec, "rules");
    if (node_is_empty(list) && node_is_empty(node_find(spec, "defaultBackend")))
        report_value(check, check->object->root,
                     arena_format(check->input->arena, "Ingress '%s' has neither rules nor a defaultBackend",
                                  check->object->name));
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const struct node *paths = node_find(node_find(list->items[i], "http"), "paths");
        for (uint32_t k = 0; node_is_list(paths) && k < paths->count; k++)
            check_choices(check, paths->items[k], path_choices, COUNT(path_choices));
    }
}

static void check_claim(const struct value_check *check, const struct node *spec)
{
    const struct node *at = spec && spec->origin ? spec : check->object->root;
    if (node_is_empty(node_find(spec, "accessModes")))
        report_value(
            check, at,
            arena_format(check->input->arena, "PersistentVolumeClaim '%s' has no accessModes", check->object->name));
    check_choices(check, spec, claim_choices, COUNT(claim_choices));
}

static void check_one(const struct value_check *check)
{
    const struct node *spec = node_find(check->object->root, "spec");
    check_name(check);
    if (check_is_kind(check->object, "", "Service"))
        check_service(check);
    else if (check_is_kind(check->object, "networking.k8s.io", "Ingress"))
        check_ingress(check);
    else if (check_is_kind(check->object, "", "PersistentVolumeClaim"))
        check_claim(check, spec);
    else if (check_is_kind(check->object, "apps", "Deployment"))
        check_choices(check, node_find(spec, "strategy"), deployment_choices, COUNT(deployment_choices));
    else if (check_is_kind(check->object, "batch", "CronJob"))
        check_choices(check, spec, cron_choices, COUNT(cron_choices));
}

static void check_refused_values(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++)
            check_one(&(struct value_check){input, &input->targets[i], &input->targets[i].objects[j]});
    for (size_t i = 0; i < input->workloads->count; i++) {
        const struct workload *workload = &input->workloads->items[i];
        check_workload(&(struct value_check){input, workload->target, workload->object}, workload);
    }
}

static const enum rule_id ids[] = {RA210, RULE_COUNT};
const struct check refused_values_check = {"refused_values", ids, check_refused_values};
