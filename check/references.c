/* references.c: ConfigMaps, Secrets, accounts, volumes and roles that are named and are nowhere in the namespace. */
#include <string.h>

#include "base/map.h"
#include "base/nearest.h"
#include "check/pod_references.h"
#include "check/policy.h"
#include "check/workloads.h"

struct reference_check {
    struct check_input *input;
    struct map *present; /* place, kind and name -> the object */
};

static const char *present_key(struct arena *arena, const struct check_target *target, const char *namespace,
                               const char *kind, const char *name)
{
    return arena_join(arena, (const char *const[]){cluster_namespace_key(arena, target, namespace), kind, name}, 3,
                      '\n');
}

static void add_present(struct reference_check *check, const struct check_target *target, const char *namespace,
                        const char *kind, const char *name, const struct check_object *object)
{
    const char *key = present_key(check->input->arena, target, namespace, kind, name);
    *map_slot(check->present, key, strlen(key)) = (void *)object;
}

static void add_object(struct reference_check *check, const struct check_target *target,
                       const struct check_object *object)
{
    add_present(check, target, object->namespace, object->kind, object->name, object);
    const char *made = made_secret(object);
    if (made)
        add_present(check, target, object->namespace, "Secret", made, object);
}

/* What every cluster and namespace has. Source: kubernetes pkg/controlplane, plugin/pkg/admission */
static bool is_always_there(const char *kind, const char *name)
{
    static const struct {
        const char *kind, *name;
    } builtin[] = {
        {"ConfigMap", "kube-root-ca.crt"},
        {"ServiceAccount", "default"},
        {"PriorityClass", "system-cluster-critical"},
        {"PriorityClass", "system-node-critical"},
        {"ClusterRole", "admin"},
        {"ClusterRole", "cluster-admin"},
        {"ClusterRole", "edit"},
        {"ClusterRole", "view"},
    };
    for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++)
        if (strcmp(builtin[i].kind, kind) == 0 && strcmp(builtin[i].name, name) == 0)
            return true;
    return strcmp(kind, "ClusterRole") == 0 && strncmp(name, "system:", 7) == 0;
}

/* What the check policy says that clusters have without this repository; names may be patterns. */
static bool is_provided(const struct check_policy *policy, const char *kind, const char *namespace, const char *name)
{
    for (size_t i = 0; policy && i < policy->provided.count; i++) {
        const struct provided *provided = (const struct provided *)policy->provided.items + i;
        if (provided->kind && strcmp(provided->kind, kind) == 0 &&
            (!provided->namespace || strcmp(provided->namespace, namespace) == 0) &&
            (!provided->name || strcmp(provided->name, name) == 0))
            return true;
    }
    return false;
}

static bool is_cluster_kind(const char *kind)
{
    return strcmp(kind, "PriorityClass") == 0 || strcmp(kind, "ClusterRole") == 0;
}

/* Of a directory that stands alone, nobody knows the namespace of what names none. */
static const struct check_object *find_beside(const struct check_target *target, const char *namespace,
                                              const char *kind, const char *name)
{
    for (size_t i = 0; i < target->object_count; i++) {
        const struct check_object *object = &target->objects[i];
        const char *made = strcmp(kind, "Secret") == 0 ? made_secret(object) : NULL;
        bool is_it =
            (strcmp(object->kind, kind) == 0 && strcmp(object->name, name) == 0) || (made && strcmp(made, name) == 0);
        if (is_it && (!*namespace || !*object->namespace))
            return object;
    }
    return NULL;
}

static const struct check_object *find_present(struct reference_check *check, const struct workload *workload,
                                               const char *kind, const char *name)
{
    const char *namespace = is_cluster_kind(kind) ? "" : workload->object->namespace;
    const char *key = present_key(check->input->arena, workload->target, namespace, kind, name);
    const struct check_object *found = map_get(check->present, key, strlen(key));
    return found || workload->target->found ? found : find_beside(workload->target, namespace, kind, name);
}

/* References name what is generated without the hash. Source: kustomize api/hasher, encode */
static const char *without_hash(struct arena *arena, const char *name)
{
    enum { HASH = 10 };
    size_t size = strlen(name);
    bool has =
        size > HASH + 1 && name[size - HASH - 1] == '-' && strspn(name + size - HASH, "bcdfghkmt2456789") == HASH;
    return has ? arena_copy(arena, name, size - HASH - 1) : name;
}

/* The name of an object of this kind in the workload's own target that is near, for a hint. */
static const char *near_name(struct reference_check *check, const struct workload *workload, const char *kind,
                             const char *name)
{
    const struct check_target *target = workload->target;
    const char **names = ARENA_ARRAY(check->input->arena, target->object_count + 1, const char *);
    size_t count = 0;
    for (size_t i = 0; i < target->object_count; i++)
        if (strcmp(target->objects[i].kind, kind) == 0)
            names[count++] = without_hash(check->input->arena, target->objects[i].name);
    return nearest_name(name, names);
}

/* What clusters often have without a repository: roles and classes of operators; and what pods start without. */
static bool is_outside(const char *kind, const struct workload *workload)
{
    return is_cluster_kind(kind) || !workload->pod;
}

/* A letter or two that are other ones, too many or too few. */
static bool is_slip(const char *name, const char *near)
{
    size_t size = strlen(name), length = strlen(near), least = size < length ? size : length, same = 0, end = 0;
    while (same < least && name[same] == near[same])
        same++;
    while (end < least - same && name[size - 1 - end] == near[length - 1 - end])
        end++;
    return size - same - end <= 2 && length - same - end <= 2;
}

static void tell_missing(struct reference_check *check, const struct workload *workload, const char *kind,
                         const struct node *name)
{
    const char *near = near_name(check, workload, kind, name->text), *hint = "";
    if (near && strcmp(near, name->text) == 0) {
        hint = ": one lies in another namespace";
        near = NULL;
    } else if (near) {
        hint = arena_format(check->input->arena, " (did you mean '%s'?)", near);
    }
    struct finding *finding = check_report(check->input, workload->target, RA304, name->origin, workload->object,
                                           "%s '%s' names the %s '%s', which is not there%s", workload->object->kind,
                                           workload->object->name, kind, name->text, hint);
    bool slip = near && is_slip(name->text, near);
    if (near)
        finding->fix = arena_string(check->input->findings->arena, near);
    if ((!check->input->whole && !slip && near) ||
        (!near && !*hint && (!check->input->whole || is_outside(kind, workload))))
        finding->severity = SEVERITY_WARNING; /* it may come from what is not looked at */
}

static bool is_optional(const struct node *reference)
{
    return node_equals(node_find(reference, "optional"), "true");
}

/* The data that an object is known to have; false: it is not known. */
static bool has_key(const struct check_object *object, const char *key)
{
    static const char *const fields[][4] = {{"data", NULL},
                                            {"binaryData", NULL},
                                            {"stringData", NULL},
                                            {"spec", "encryptedData", NULL},
                                            {"spec", "template", "data", NULL}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (node_find(node_path(object->root, fields[i]), key))
            return true;
    return false;
}

/* What has no data at all gets it in the cluster, as a token of an account or a bundle of certificates. */
static bool keys_are_known(const struct check_object *object)
{
    bool plain = strcmp(object->kind, "ConfigMap") == 0 || strcmp(object->kind, "Secret") == 0;
    if (plain && node_is_empty(node_get(object->root, &key_data)) &&
        node_is_empty(node_get(object->root, &key_stringData)) && node_is_empty(node_find(object->root, "binaryData")))
        return false;
    return strcmp(object->kind, "ConfigMap") == 0 || strcmp(object->kind, "Secret") == 0 ||
           strcmp(object->kind, "SealedSecret") == 0;
}

/* A reference by name, and by key where it has one. */
static void check_reference(struct reference_check *check, const struct workload *workload, const char *kind,
                            const struct node *reference, const char *name_field)
{
    const struct node *name = node_find(reference, name_field), *key = node_find(reference, "key");
    const char *text = node_text(name);
    if (!text || !*text || is_optional(reference) || is_always_there(kind, text) ||
        is_provided(check->input->policy, kind, workload->object->namespace, text))
        return;
    const struct check_object *object = find_present(check, workload, kind, text);
    if (!object)
        tell_missing(check, workload, kind, name);
    else if (node_text(key) && keys_are_known(object) && !has_key(object, key->text))
        check_report(check->input, workload->target, strcmp(object->kind, "SealedSecret") == 0 ? RA516 : RA304,
                     key->origin, workload->object, "%s '%s' has no key '%s'", object->kind, object->name, key->text);
}

struct asking {
    struct reference_check *check;
    const struct workload *workload;
};

static void visit_reference(void *context, const char *kind, const struct node *reference, const char *field)
{
    const struct asking *asking = context;
    check_reference(asking->check, asking->workload, kind, reference, field);
}

/* A pod starts without it, and cannot pull its image. */
static void check_pull_secrets(struct reference_check *check, const struct workload *workload, const struct node *owner)
{
    const struct node *list = node_find(owner, "imagePullSecrets");
    struct workload asking = *workload;
    asking.pod = NULL;
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        check_reference(check, &asking, "Secret", list->items[i], "name");
}

static void check_binding(struct reference_check *check, const struct workload *binding)
{
    const struct node *reference = node_find(binding->object->root, "roleRef");
    const char *kind = node_text(node_find(reference, "kind"));
    if (kind && (strcmp(kind, "Role") == 0 || strcmp(kind, "ClusterRole") == 0))
        check_reference(check, binding, kind, reference, "name");
}

/* Services that a route leads to, in its own namespace. */
static void check_backends(struct reference_check *check, const struct workload *route)
{
    const struct node *list = node_find(node_find(route->object->root, "spec"), "rules");
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const struct node *backends = node_find(list->items[i], "backendRefs");
        for (uint32_t k = 0; node_is_list(backends) && k < backends->count; k++) {
            const struct node *backend = backends->items[k];
            const char *kind = node_text(node_find(backend, "kind"));
            if ((!kind || strcmp(kind, "Service") == 0) && !node_find(backend, "namespace"))
                check_reference(check, route, "Service", backend, "name");
        }
    }
}

/* The same of an Ingress. */
static void check_paths(struct reference_check *check, const struct workload *ingress)
{
    const struct node *spec = node_find(ingress->object->root, "spec"), *list = node_find(spec, "rules");
    check_reference(check, ingress, "Service", node_find(node_find(spec, "defaultBackend"), "service"), "name");
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const struct node *paths = node_find(node_find(list->items[i], "http"), "paths");
        for (uint32_t k = 0; node_is_list(paths) && k < paths->count; k++)
            check_reference(check, ingress, "Service", node_find(node_find(paths->items[k], "backend"), "service"),
                            "name");
    }
}

/* What has no pods, and names others all the same. */
static void check_object(struct reference_check *check, const struct check_target *target,
                         const struct check_object *object)
{
    const struct workload asking = {.target = target, .object = object};
    if (strcmp(object->kind, "ServiceAccount") == 0 && !*object->group)
        check_pull_secrets(check, &asking, object->root);
    if (strcmp(object->group, "rbac.authorization.k8s.io") == 0 &&
        (strcmp(object->kind, "RoleBinding") == 0 || strcmp(object->kind, "ClusterRoleBinding") == 0))
        check_binding(check, &asking);
    if (strcmp(object->kind, "HTTPRoute") == 0)
        check_backends(check, &asking);
    if (strcmp(object->kind, "Ingress") == 0)
        check_paths(check, &asking);
}

static void check_workload(struct reference_check *check, const struct workload *workload)
{
    size_t count;
    struct container *containers = find_containers(check->input->arena, workload->pod, &count);
    const struct reference_visitor visitor = {visit_reference, &(struct asking){check, workload}};
    for (size_t i = 0; i < count; i++)
        visit_variables(containers[i].node, &visitor);
    visit_volumes(workload->pod, &visitor);
    check_reference(check, workload, "ServiceAccount", workload->pod, "serviceAccountName");
    check_reference(check, workload, "PriorityClass", workload->pod, "priorityClassName");
    check_pull_secrets(check, workload, workload->pod);
}

static void run_references(struct check_input *input)
{
    struct reference_check check = {input, map_new(input->arena)};
    const struct workload_list *workloads = input->workloads;
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++)
            add_object(&check, &input->targets[i], &input->targets[i].objects[j]);
    for (size_t i = 0; i < workloads->count; i++)
        check_workload(&check, &workloads->items[i]);
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++)
            check_object(&check, &input->targets[i], &input->targets[i].objects[j]);
}

static const enum rule_id ids[] = {RA304, RA516, RULE_COUNT};
const struct check references_check = {"references", ids, run_references};
