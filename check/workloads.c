/* workloads.c: finds pods, their labels and containers, and asks selectors. */
#include "check/workloads.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

/* Where each kind keeps the template of its pods. Source: k8s.io/api apps/v1, batch/v1, core/v1 */
static const struct {
    const char *kind, *group;
    const char *template[4]; /* the path to what holds metadata and spec */
    bool selects;            /* by spec.selector */
} workload_kinds[] = {
    {"Deployment", "apps", {"spec", "template", NULL}, true},
    {"StatefulSet", "apps", {"spec", "template", NULL}, true},
    {"DaemonSet", "apps", {"spec", "template", NULL}, true},
    {"ReplicaSet", "apps", {"spec", "template", NULL}, true},
    {"ReplicationController", "", {"spec", "template", NULL}, false},
    {"Job", "batch", {"spec", "template", NULL}, false},
    {"CronJob", "batch", {"spec", "jobTemplate", "spec", "template"}, false},
    {"Pod", "", {NULL}, false},
    {"Rollout", "argoproj.io", {"spec", "template", NULL}, true},
};

const struct node *node_path(const struct node *node, const char *const *path)
{
    for (; node && *path; path++)
        node = node_find(node, *path);
    return node;
}

static const struct node *template_of(const struct node *root, const char *const path[4])
{
    for (size_t i = 0; i < 4 && path[i]; i++)
        root = node_find(root, path[i]);
    return root;
}

bool workload_of(const struct check_target *target, const struct check_object *object, struct workload *out)
{
    for (size_t i = 0; i < sizeof workload_kinds / sizeof *workload_kinds; i++) {
        if (strcmp(workload_kinds[i].kind, object->kind) != 0 || strcmp(workload_kinds[i].group, object->group) != 0)
            continue;
        const struct node *template = template_of(object->root, workload_kinds[i].template);
        const struct node *spec = node_find(object->root, "spec");
        *out = (struct workload){.target = target,
                                 .object = object,
                                 .labels = node_find(node_find(template, "metadata"), "labels"),
                                 .pod = node_find(template, "spec"),
                                 .selector = workload_kinds[i].selects ? node_find(spec, "selector") : NULL};
        return node_is_map(out->pod);
    }
    return false;
}

static const char *server_of(const struct check_target *target)
{
    static const char local[] = "https://kubernetes.default.svc";
    if (!target->found)
        return target->name;
    const char *name = target->found->server ? target->found->server : target->found->server_name;
    return !name || strcmp(name, "in-cluster") == 0 ? local : name;
}

const char *cluster_namespace_key(struct arena *arena, const struct check_target *target, const char *namespace)
{
    return arena_join(arena, (const char *const[]){server_of(target), namespace}, 2, '\n');
}

const char *namespaced_key(struct arena *arena, const struct check_target *target, const char *namespace,
                           const char *name)
{
    return arena_join(arena, (const char *const[]){cluster_namespace_key(arena, target, namespace), name}, 2, '\n');
}

bool may_have_operator(const struct check_target *target, const char *known)
{
    for (size_t i = 0; i < target->object_count; i++) {
        const char *group = target->objects[i].group, *dot = strchr(group, '.');
        bool is_known = !dot || strstr(group, ".k8s.io") || strcmp(group, "bitnami.com") == 0 ||
                        strcmp(group, "external-secrets.io") == 0 || strcmp(group, known) == 0;
        if (!is_known)
            return true;
    }
    return false;
}

bool name_has_hash(const char *name)
{
    enum { HASH = 10 };
    size_t size = strlen(name);
    return size > HASH + 1 && name[size - HASH - 1] == '-' && strspn(name + size - HASH, "bcdfghkmt2456789") == HASH;
}

static struct neighbours *neighbours_slot(struct arena *arena, struct workload_list *list,
                                          const struct workload *workload)
{
    const char *key = cluster_namespace_key(arena, workload->target, workload->object->namespace);
    void **slot = map_slot(list->by_namespace, key, strlen(key));
    if (!*slot)
        *slot = ARENA_NEW(arena, struct neighbours);
    return *slot;
}

static void add_neighbour(struct arena *arena, struct workload_list *list, const struct workload *workload)
{
    struct neighbours *near = neighbours_slot(arena, list, workload);
    near->items = arena_grow(arena, near->items, near->count, &near->room, sizeof *near->items);
    near->items[near->count++] = workload;
}

struct workload_list *list_workloads(const struct check_input *input)
{
    size_t room = 0;
    struct workload_list *made = ARENA_NEW(input->arena, struct workload_list),
                         list = {.by_namespace = map_new(input->arena)};
    for (size_t i = 0; i < input->target_count; i++)
        room += input->targets[i].object_count;
    list.items = ARENA_ARRAY(input->arena, room, struct workload);
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++)
            if (workload_of(&input->targets[i], &input->targets[i].objects[j], &list.items[list.count]))
                add_neighbour(input->arena, &list, &list.items[list.count++]);
    *made = list;
    return made;
}

const struct neighbours *find_neighbours(const struct check_input *input, const struct workload_list *list,
                                         const struct check_target *target, const struct check_object *object)
{
    static const struct neighbours nobody;
    const char *key = cluster_namespace_key(input->arena, target, object->namespace);
    const struct neighbours *near = map_get(list->by_namespace, key, strlen(key));
    return near ? near : &nobody;
}

static size_t take_containers(const struct node *list, bool init, struct container *out)
{
    size_t count = 0;
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const struct node *node = list->items[i];
        const char *name = node_text(node_find(node, "name"));
        bool stays = node_equals(node_find(node, "restartPolicy"), "Always");
        if (node_is_map(node))
            out[count++] = (struct container){node, name ? name : "", init && !stays};
    }
    return count;
}

struct container *find_containers(struct arena *arena, const struct node *pod, size_t *count)
{
    const struct node *init = node_find(pod, "initContainers"), *main = node_find(pod, "containers");
    size_t room = (node_is_list(init) ? init->count : 0) + (node_is_list(main) ? main->count : 0);
    struct container *containers = ARENA_ARRAY(arena, room, struct container);
    *count = take_containers(init, true, containers);
    *count += take_containers(main, false, containers + *count);
    return containers;
}

origin container_origin(const struct container *container)
{
    const struct node *name = node_find(container->node, "name");
    return name && name->origin ? name->origin : container->node->origin;
}

bool node_number(const struct node *node, long *out)
{
    const char *text = node_text(node);
    char *end;
    if (!text || node_tag(node) != TAG_INT)
        return false;
    errno = 0;
    *out = strtol(text, &end, 10);
    return !errno && end != text && !*end;
}

/* What objects bring with them under another kind: SealedSecrets and the like become Secrets of a name of theirs. */
static const struct {
    const char *kind;
    const char *name[5]; /* the path to the Secret's name; where it is not there, the object's own name */
} secret_makers[] = {
    {"SealedSecret", {"spec", "template", "metadata", "name", NULL}},
    {"ExternalSecret", {"spec", "target", "name", NULL}},
    {"Certificate", {"spec", "secretName", NULL}},
    {"VaultStaticSecret", {"spec", "destination", "name", NULL}},
    {"OnePasswordItem", {NULL}},
    {"InfisicalSecret", {"spec", "managedSecretReference", "secretName", NULL}},
    {"SopsSecret", {NULL}},
    {"BitwardenSecret", {"spec", "secretName", NULL}},
};

const char *made_secret(const struct check_object *object)
{
    for (size_t i = 0; i < sizeof secret_makers / sizeof *secret_makers; i++) {
        if (strcmp(secret_makers[i].kind, object->kind) != 0)
            continue;
        const char *const *path = secret_makers[i].name;
        const char *made = *path ? node_text(node_path(object->root, path)) : NULL;
        return made ? made : object->name;
    }
    return NULL;
}
