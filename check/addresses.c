/* addresses.c: NAME.NAMESPACE.svc of a Service of this Application that lies in another namespace. */
#include <string.h>

#include "base/map.h"
#include "check/workloads.h"

enum { DEEPEST = 200 };

struct address_check {
    struct check_input *input;
    struct map *services; /* cluster_namespace_key and name -> the object, of all targets */
    const struct check_target *target;
    const struct check_object *object;
};

static bool is_service(const struct check_object *object)
{
    return strcmp(object->kind, "Service") == 0 && !*object->group;
}

static void add_services(struct address_check *check)
{
    struct arena *arena = check->input->arena;
    for (size_t i = 0; i < check->input->target_count; i++)
        for (size_t j = 0; j < check->input->targets[i].object_count; j++) {
            const struct check_object *object = &check->input->targets[i].objects[j];
            const char *key = namespaced_key(arena, &check->input->targets[i], object->namespace, object->name);
            if (is_service(object))
                *map_slot(check->services, key, strlen(key)) = (void *)object;
        }
}

static const struct check_object *own_service(const struct address_check *check, const char *name)
{
    for (size_t i = 0; i < check->target->object_count; i++) {
        const struct check_object *object = &check->target->objects[i];
        if (is_service(object) && *object->namespace && strcmp(object->name, name) == 0)
            return object;
    }
    return NULL;
}

static void look_at_address(struct address_check *check, const struct node *scalar, const char *name,
                            const char *namespace)
{
    const struct check_object *own = own_service(check, name);
    const char *key = namespaced_key(check->input->arena, check->target, namespace, name);
    if (!own || strcmp(own->namespace, namespace) == 0 || map_get(check->services, key, strlen(key)))
        return;
    check_report(
        check->input, check->target, RA315, scalar->origin, check->object,
        "'%s.%s.svc' is the address of no Service that is known: Service '%s' of this Application lies in namespace "
        "'%s'",
        name, namespace, name, own->namespace)
        ->fix = arena_format(check->input->findings->arena, "%s.%s.svc", name, own->namespace);
}

/* All NAME.NAMESPACE.svc in a text; what has more before it is the address of a pod, or of another domain. */
static void look_at_text(struct address_check *check, const struct node *scalar)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    for (const char *at = scalar->text; (at = strstr(at, ".svc")); at += 4) {
        const char *namespace = at, *name;
        if (at[4] && (strchr(word, at[4]) || (at[4] == '.' && strncmp(at + 4, ".cluster.local", 14) != 0)))
            continue;
        while (namespace > scalar->text && strchr(word, namespace[-1]))
        namespace --;
        if (namespace == scalar->text || namespace[-1] != '.')
            continue;
        for (name = namespace - 1; name > scalar->text && strchr(word, name[-1]);)
            name--;
        if (name == namespace - 1 || (name > scalar->text && strchr(".}_%)", name[-1])))
            continue;
        struct arena *arena = check->input->arena;
        look_at_address(check, scalar, arena_copy(arena, name, (size_t)(namespace - 1 - name)),
                        arena_copy(arena, namespace, (size_t)(at - namespace)));
    }
}

static void walk(struct address_check *check, const struct node *node, unsigned depth)
{
    if (node->kind == NODE_SCALAR) {
        if (node->count > 6 && strstr(node->text, ".svc"))
            look_at_text(check, node);
        return;
    }
    for (uint32_t i = 0; depth < DEEPEST && i < node->count; i++)
        walk(check, node->kind == NODE_MAP ? node->entries[i].value : node->items[i], depth + 1);
}

static void check_addresses(struct check_input *input)
{
    struct address_check check = {.input = input, .services = map_new(input->arena)};
    add_services(&check);
    for (size_t i = 0; i < input->target_count; i++) {
        check.target = &input->targets[i];
        bool any = false;
        for (size_t j = 0; !any && j < check.target->object_count; j++)
            any = is_service(&check.target->objects[j]);
        for (size_t j = 0; any && j < check.target->object_count; j++) {
            check.object = &check.target->objects[j];
            if (strcmp(check.object->kind, "CustomResourceDefinition") != 0)
                walk(&check, check.object->root, 0);
        }
    }
}

static const enum rule_id ids[] = {RA315, RULE_COUNT};
const struct check addresses_check = {"addresses", ids, check_addresses};
