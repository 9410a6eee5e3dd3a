/* links.c: finds references by name in the fields that kustomize renames, and those by labels. */
#include "plugin/report/links.h"

#include <string.h>

#include "check/workloads.h"
#include "kubernetes/selector.h"
#include "kustomize/specs/config.h"

struct link_search {
    struct arena *arena;
    const struct check_object *objects;
    size_t count, from;
    struct links *out;
};

static void add_link(struct link_search *search, size_t to)
{
    struct links *out = search->out;
    for (size_t i = out->count; i > 0 && out->items[i - 1].from == search->from; i--)
        if (out->items[i - 1].to == to)
            return;
    if (to == search->from)
        return;
    out->items = arena_grow(search->arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = (struct link){search->from, to};
}

/* By name. */

static bool is_called(const struct check_object *object, const char *kind, const char *name)
{
    if (strcmp(object->kind, kind) == 0)
        return strcmp(object->name, name) == 0;
    const char *made = strcmp(kind, "Secret") == 0 ? made_secret(object) : NULL;
    return made && strcmp(made, name) == 0;
}

/* Follows a path like spec/rules/backendRefs/name, through lists, to texts. */
static void follow_path(struct link_search *search, const struct node *node, const char *path, const char *kind)
{
    if (node_is_list(node)) {
        for (uint32_t i = 0; i < node->count; i++)
            follow_path(search, node->items[i], path, kind);
    } else if (*path) {
        size_t size = strcspn(path, "/");
        const char *key = arena_copy(search->arena, path, size && path[size - 1] == ']' ? size - 2 : size);
        const struct node *value = node_find(node, key);
        if (value)
            follow_path(search, value, path + size + (path[size] == '/'), kind);
    } else if (node_text(node) && *node->text) {
        for (size_t to = 0; to < search->count; to++)
            if (is_called(&search->objects[to], kind, node->text))
                add_link(search, to);
    }
}

static bool is_of(const struct check_object *object, const struct gvk *gvk)
{
    return (!*gvk->kind || strcmp(gvk->kind, object->kind) == 0) &&
           (!*gvk->group || strcmp(gvk->group, object->group) == 0);
}

/* What the cluster's own kinds do not have, and kustomize does not know. */
static const struct {
    const char *kind, *path, *referred;
} others[] = {
    {"GRPCRoute", "spec/parentRefs/name", "Gateway"},
    {"GRPCRoute", "spec/rules/backendRefs/name", "Service"},
    {"HTTPRoute", "spec/parentRefs/name", "Gateway"},
    {"HTTPRoute", "spec/rules/backendRefs/name", "Service"},
    {"IngressRoute", "spec/routes/services/name", "Service"},
    {"ScaledObject", "spec/scaleTargetRef/name", "Deployment"},
    {"TCPRoute", "spec/parentRefs/name", "Gateway"},
    {"TCPRoute", "spec/rules/backendRefs/name", "Service"},
    {"TLSRoute", "spec/parentRefs/name", "Gateway"},
    {"TLSRoute", "spec/rules/backendRefs/name", "Service"},
};

/* Only kinds that are there can be referred to. */
static bool is_there(const struct link_search *search, const char *kind)
{
    for (size_t i = 0; i < search->count; i++)
        if (strcmp(search->objects[i].kind, kind) == 0 ||
            (strcmp(kind, "Secret") == 0 && made_secret(&search->objects[i])))
            return true;
    return false;
}

static void find_names(struct link_search *search)
{
    const struct name_references *references = &config_builtin()->name_references;
    const struct check_object *object = &search->objects[search->from];
    for (size_t i = 0; i < references->count; i++) {
        const struct name_reference *reference = &references->items[i];
        if (!is_there(search, reference->referred.kind))
            continue;
        for (size_t k = 0; k < reference->referrers.count; k++)
            if (is_of(object, &reference->referrers.items[k].gvk))
                follow_path(search, object->root, reference->referrers.items[k].path, reference->referred.kind);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i].kind, object->kind) == 0)
            follow_path(search, object->root, others[i].path, others[i].referred);
}

/* By labels. */

static const struct {
    const char *kind, *field;
    bool plain; /* a map of labels, not a selector with matchLabels */
} selecting[] = {
    {"NetworkPolicy", "podSelector", false},
    {"PodDisruptionBudget", "selector", false},
    {"PodMonitor", "selector", false},
    {"Service", "selector", true},
};

static void select_pods(struct link_search *search, const struct node *selector, bool plain)
{
    for (size_t to = 0; selector && to < search->count; to++) {
        struct workload workload;
        if (workload_of(NULL, &search->objects[to], &workload) &&
            (plain ? labels_match(selector, workload.labels) : selector_matches(selector, workload.labels)))
            add_link(search, to);
    }
}

static void select_services(struct link_search *search, const struct node *selector)
{
    for (size_t to = 0; selector && to < search->count; to++)
        if (strcmp(search->objects[to].kind, "Service") == 0 &&
            selector_matches(selector, node_find(node_find(search->objects[to].root, "metadata"), "labels")))
            add_link(search, to);
}

static void find_selected(struct link_search *search)
{
    const struct check_object *object = &search->objects[search->from];
    const struct node *spec = node_find(object->root, "spec");
    for (size_t i = 0; i < sizeof selecting / sizeof *selecting; i++)
        if (strcmp(selecting[i].kind, object->kind) == 0)
            select_pods(search, node_find(spec, selecting[i].field), selecting[i].plain);
    if (strcmp(object->kind, "ServiceMonitor") == 0)
        select_services(search, node_find(spec, "selector"));
}

void links_find(struct arena *arena, const struct check_object *objects, size_t count, struct links *out)
{
    struct link_search search = {arena, objects, count, 0, out};
    *out = (struct links){0};
    for (; search.from < count; search.from++) {
        find_names(&search);
        find_selected(&search);
    }
}
