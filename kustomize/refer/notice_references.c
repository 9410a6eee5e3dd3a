/* notice_references.c: notes references that a change of name or namespace does not reach.
 *
 * kustomize follows names in the fields that it knows and within one namespace. This looks at the finished resources:
 * what still says the old name of something that has a new one, in a field that by its own name refers to it. */
#include <string.h>

#include "base/map.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/transformers.h"

enum { DEEPEST = PARSE_DEEPEST };

struct search {
    struct render *render;
    struct map *renamed; /* "Kind old-name" -> struct resource */
    uint64_t sizes;      /* of these old names: a bit each, modulo 64; most texts are no name for this reason alone */
    bool services;       /* one of them is that of a Service */
    struct map *moved;   /* "name.namespace" of Services before -> struct resource */
    bool any_moved;
    const struct resource *referrer;
    const struct resources *resources;
    struct map *paths; /* "namespace/name" before -> struct resource */
};

static const char *kind_and_name(struct arena *arena, const char *kind, const char *name)
{
    size_t size = strlen(kind), length = strlen(name);
    char *word = arena_alloc(arena, size + length + 2);
    memcpy(word, kind, size);
    word[size] = ' ';
    memcpy(word + size + 1, name, length + 1);
    return word;
}

static void add_names(struct search *search, const struct resources *resources)
{
    struct arena *arena = search->render->arena;
    for (size_t i = 0; i < resources->count; i++) {
        struct resource *resource = resources->items[i];
        for (size_t k = 0; k < resource->past_count; k++) {
            const char *word = kind_and_name(arena, resource->past[k].kind, resource->past[k].name);
            *map_slot(search->renamed, word, strlen(word)) = resource;
        }
    }
    for (size_t i = 0; i < resources->count; i++) { /* what has the name today may be meant */
        const struct resource_id *id = &resources->items[i]->id;
        const char *word = kind_and_name(arena, id->gvk.kind, id->name);
        *map_slot(search->renamed, word, strlen(word)) = NULL;
    }
}

static void find_sizes(struct search *search, const struct resources *resources)
{
    for (size_t i = 0; i < resources->count; i++)
        for (size_t k = 0; k < resources->items[i]->past_count; k++) {
            const struct past_id *past = &resources->items[i]->past[k];
            const char *word = kind_and_name(search->render->arena, past->kind, past->name);
            if (!map_get(search->renamed, word, strlen(word)))
                continue;
            search->sizes |= UINT64_C(1) << strlen(past->name) % 64;
            search->services = search->services || strcmp(past->kind, "Service") == 0;
        }
}

static bool has_size(const struct search *search, size_t size)
{
    return search->sizes >> size % 64 & 1;
}

/* The kind that a field refers to by its name, as Kubernetes' own fields and most custom resources write it. */
struct naming {
    const char *ending, *kind;
};

/* Of fields that hold the name itself. */
static const struct naming name_fields[] = {
    {"ecretName", "Secret"},
    {"onfigMapName", "ConfigMap"},
    {"erviceAccountName", "ServiceAccount"},
    {"erviceName", "Service"},
    {"claimName", "PersistentVolumeClaim"},
    {"host", "Service"},
    {"HOST", "Service"},
    {"HOSTNAME", "Service"},
    {"_SERVICE", "Service"},
    {"SECRET", "Secret"},
    {"SECRET_NAME", "Secret"},
    {"CONFIGMAP", "ConfigMap"},
    {"CONFIG_MAP", "ConfigMap"},
    {"CONFIGMAP_NAME", "ConfigMap"},
    {"secret", "Secret"},
    {"configMap", "ConfigMap"},
    {"service", "Service"},
};

/* Of annotations: the end of their keys, as of nginx.ingress.kubernetes.io/auth-secret. */
static const struct naming annotation_names[] = {
    {"secret", "Secret"},        {"secret-name", "Secret"}, {"configmap", "ConfigMap"},
    {"config-map", "ConfigMap"}, {"service", "Service"},    {"service-name", "Service"},
};

/* Of fields that hold a map with `name`. */
static const struct naming map_fields[] = {
    {"configMap", "ConfigMap"},
    {"configMapRef", "ConfigMap"},
    {"configMapKeyRef", "ConfigMap"},
    {"onfigMapReference", "ConfigMap"},
    {"secret", "Secret"},
    {"ecretRef", "Secret"},
    {"ecretKeyRef", "Secret"},
    {"ecretReference", "Secret"},
    {"service", "Service"},
    {"erviceRef", "Service"},
    {"erviceAccount", "ServiceAccount"},
};

static const char *kind_by(const struct naming *table, size_t count, const char *field)
{
    for (size_t i = 0; field && i < count; i++)
        if (string_ends(field, table[i].ending))
            return table[i].kind;
    return NULL;
}

static const char *kind_of(const struct node *map, const char *key, const char *parent)
{
    const char *kind = node_text(node_get(map, &key_kind));
    const char *variable = strcmp(key, "value") == 0 ? node_text(node_get(map, &key_name)) : NULL;
    if (variable) /* of env */
        return kind_by(name_fields, sizeof name_fields / sizeof *name_fields, variable);
    if (strcmp(key, "name") != 0)
        return kind_by(name_fields, sizeof name_fields / sizeof *name_fields, key);
    return kind ? kind : kind_by(map_fields, sizeof map_fields / sizeof *map_fields, parent);
}

/* A host may go on with the namespace: shop.default.svc. */
static const char *name_in(struct arena *arena, const char *key, const char *text)
{
    return strcmp(key, "host") == 0 ? arena_copy(arena, text, strcspn(text, ".:")) : text;
}

/* What makes a Secret of its own name is meant where a Secret is. */
static const struct resource *find_renamed(const struct search *search, const char *kind, const char *name)
{
    static const char *const makers[] = {"SealedSecret", "ExternalSecret"};
    const char *word = kind_and_name(search->render->arena, kind, name);
    const struct resource *meant = map_get(search->renamed, word, strlen(word));
    for (size_t i = 0; !meant && strcmp(kind, "Secret") == 0 && i < sizeof makers / sizeof *makers; i++) {
        word = kind_and_name(search->render->arena, makers[i], name);
        meant = map_get(search->renamed, word, strlen(word));
    }
    return meant;
}

/* The last word of a reference's field, as Instance of masterInstanceRef; NULL: it is none. */
static const char *referred_word(struct arena *arena, const char *field)
{
    size_t size = field ? strlen(field) : 0, tail = size > 9 && string_ends(field, "Reference") ? 9 : 3;
    if (size < 5 || !(string_ends(field, "Ref") || string_ends(field, "Reference")))
        return NULL;
    size_t start = size - tail - 1;
    while (start && !(field[start] >= 'A' && field[start] <= 'Z'))
        start--;
    char *word = arena_copy(arena, field + start, size - tail - start);
    if (*word >= 'a' && *word <= 'z')
        *word = (char)(*word + 'A' - 'a');
    return word;
}

/* A renamed resource whose kind ends with a word: SQLInstance is an Instance. */
static const struct resource *find_by_word(const struct search *search, const char *word, const char *name)
{
    const struct resources *resources = search->resources;
    for (size_t i = 0; word && i < resources->count && notice_may(search->render, 1, 1); i++) {
        const struct resource *resource = resources->items[i];
        for (size_t k = 0; k < resource->past_count; k++)
            if (strcmp(resource->past[k].name, name) == 0 && string_ends(resource->past[k].kind, word) &&
                find_renamed(search, resource->past[k].kind, name) == resource)
                return resource;
    }
    return NULL;
}

static void check_mention(struct search *search, const struct node *map, const struct entry *entry, const char *parent)
{
    struct arena *arena = search->render->arena;
    const char *key = entry->key->text;
    if (!has_size(search, entry->value->count) && strcmp(key, "host") != 0)
        return;
    const char *kind = kind_of(map, key, parent);
    const char *word = !kind && strcmp(key, "name") == 0 ? referred_word(arena, parent) : NULL;
    if ((!kind && !word) || !entry->value->count)
        return;
    const char *name = name_in(arena, key, entry->value->text);
    const struct resource *meant = kind ? find_renamed(search, kind, name) : find_by_word(search, word, name);
    if (!meant || meant == search->referrer)
        return;
    const char *here = search->referrer->id.namespace, *there = meant->id.namespace;
    bool apart = !meant->cluster_scoped && !search->referrer->cluster_scoped && strcmp(here, there) != 0;
    struct finding *finding = render_notice(
        search->render, RA735, entry->value->origin, "this still says '%s', and the %s is called '%s' in this build%s",
        name, meant->id.gvk.kind, meant->id.name,
        apart ? arena_format(arena, ": it lies in namespace '%s', the %s in '%s'", *there ? there : "default",
                             search->referrer->id.gvk.kind, *here ? here : "default")
              : "");
    notice_about(search->render, finding, search->referrer, key);
}

static void tell_address(struct search *search, const struct node *scalar, const char *name)
{
    const char *word = kind_and_name(search->render->arena, "Service", name);
    const struct resource *meant = map_get(search->renamed, word, strlen(word));
    if (meant && meant != search->referrer)
        notice_about(search->render,
                     render_notice(search->render, RA735, scalar->origin,
                                   "this address still says '%s', and the Service is called '%s' in this build", name,
                                   meant->id.name),
                     search->referrer, NULL);
}

/* NAME.NAMESPACE.svc, anywhere in a text, of a Service that this build has moved. */
static void look_for_moved(struct search *search, const struct node *scalar)
{
    struct arena *arena = search->render->arena;
    static const char domain[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";
    for (const char *at = scalar->text; (at = strstr(at, ".svc")); at += 4) {
        const char *start = at;
        while (start > scalar->text && strchr(domain, start[-1]))
            start--;
        if (strchr(domain, at[4]) && at[4] && at[4] != '.')
            continue;
        const char *namespace = at;
        while (namespace > start && namespace[-1] != '.')
        namespace --;
        const char *name = namespace > start ? namespace - 1 : start;
        while (name > start && name[-1] != '.')
            name--;
        const char *word = arena_copy(arena, name, (size_t)(at - name));
        const struct resource *meant = map_get(search->moved, word, strlen(word));
        if (meant)
            notice_about(search->render,
                         render_notice(search->render, RA735, scalar->origin,
                                       "'%s.svc' still names the namespace from before: the Service '%s' lies in '%s' "
                                       "in this build",
                                       word, meant->id.name, meant->id.namespace),
                         search->referrer, NULL);
    }
}

/* "NAME.NAMESPACE" of Services that have another namespace now, unless one is there under this name today. */
static void add_moved(struct search *search, const struct resources *resources)
{
    struct arena *arena = search->render->arena;
    for (size_t i = 0; i < resources->count; i++) {
        struct resource *resource = resources->items[i];
        bool is_service = strcmp(resource->id.gvk.kind, "Service") == 0;
        for (size_t k = 0; is_service && k < resource->past_count; k++) {
            const struct past_id *past = &resource->past[k];
            if (!*past->namespace || strcmp(past->namespace, resource->id.namespace) == 0 ||
                strcmp(past->namespace, "default") == 0)
                continue;
            const char *word = arena_join(arena, (const char *const[]){past->name, past->namespace}, 2, '.');
            *map_slot(search->moved, word, strlen(word)) = resource;
            search->any_moved = true;
        }
    }
    for (size_t i = 0; search->any_moved && i < resources->count; i++) {
        const struct resource_id *id = &resources->items[i]->id;
        const char *word = arena_join(arena, (const char *const[]){id->name, id->namespace}, 2, '.');
        if (strcmp(id->gvk.kind, "Service") == 0)
            *map_slot(search->moved, word, strlen(word)) = NULL;
    }
}

/* "NAMESPACE/NAME" of what has another one now, unless something has it today. */
static void add_paths(struct search *search, const struct resources *resources)
{
    struct arena *arena = search->render->arena;
    for (size_t i = 0; i < resources->count; i++)
        for (size_t k = 0; k < resources->items[i]->past_count; k++) {
            const struct past_id *past = &resources->items[i]->past[k];
            const char *path = arena_join(arena, (const char *const[]){past->namespace, past->name}, 2, '/');
            if (*past->namespace)
                *map_slot(search->paths, path, strlen(path)) = resources->items[i];
        }
    for (size_t i = 0; i < resources->count; i++) {
        const struct resource_id *id = &resources->items[i]->id;
        const char *path = arena_join(arena, (const char *const[]){id->namespace, id->name}, 2, '/');
        *map_slot(search->paths, path, strlen(path)) = NULL;
    }
}

static void look_at_path(struct search *search, const struct resource *resource, const struct entry *entry)
{
    const char *text = node_text(entry->value);
    const struct resource *meant = text && strchr(text, '/') ? map_get(search->paths, text, entry->value->count) : NULL;
    if (meant && meant != resource)
        notice_about(search->render,
                     render_notice(search->render, RA735, entry->value->origin,
                                   "the annotation '%s' still says '%s', and the %s is '%s/%s' in this build",
                                   entry->key->text, text, meant->id.gvk.kind, meant->id.namespace, meant->id.name),
                     resource, "metadata.annotations");
}

static void look_at_annotations(struct search *search, const struct resource *resource)
{
    const struct node *annotations = node_get(node_get(resource->root, &key_metadata), &key_annotations);
    for (uint32_t i = 0; node_is_map(annotations) && i < annotations->count; i++) {
        const struct entry *entry = &annotations->entries[i];
        const char *text = node_text(entry->value), *kind = NULL;
        look_at_path(search, resource, entry);
        if (text && has_size(search, entry->value->count))
            kind = kind_by(annotation_names, sizeof annotation_names / sizeof *annotation_names, entry->key->text);
        const struct resource *meant = kind ? find_renamed(search, kind, text) : NULL;
        if (meant && meant != resource)
            notice_about(search->render,
                         render_notice(search->render, RA735, entry->value->origin,
                                       "the annotation '%s' still says '%s', and the %s is called '%s' in this build",
                                       entry->key->text, text, meant->id.gvk.kind, meant->id.name),
                         resource, "metadata.annotations");
    }
}

/* http://NAME:80/, or NAME:80 alone: kustomize looks into no text. */
static void look_at_address(struct search *search, const struct node *scalar)
{
    struct arena *arena = search->render->arena;
    const char *at = strstr(scalar->text, "://");
    const char *host = at ? at + 3 : scalar->text;
    size_t size = strcspn(host, ":/.");
    bool port = host[size] == ':' && host[size + 1] >= '0' && host[size + 1] <= '9';
    bool inside = host[size] != '.' || strncmp(host + size + 1 + strcspn(host + size + 1, ".:/"), ".svc", 4) == 0;
    if (size && size < 64 && has_size(search, size) && inside && (at || port))
        tell_address(search, scalar, arena_copy(arena, host, size));
}

static void walk_fields(struct search *search, const struct node *node, const char *field, unsigned depth)
{
    if (depth > DEEPEST || node->kind == NODE_SCALAR)
        return;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct entry *entry = node->kind == NODE_MAP ? &node->entries[i] : NULL;
        const struct node *value = entry ? entry->value : node->items[i];
        if (search->any_moved && value->kind == NODE_SCALAR)
            look_for_moved(search, value);
        if (search->services && value->kind == NODE_SCALAR && !(entry && strcmp(entry->key->text, "image") == 0))
            look_at_address(search, value);
        if (entry && value->kind == NODE_SCALAR)
            check_mention(search, node, entry, field);
        else if (!(entry && depth == 0 && entry->key == &key_metadata))
            walk_fields(search, value, entry ? entry->key->text : field, depth + 1);
    }
}

/* Subjects. */

static bool is_here(const struct resources *resources, const char *namespace)
{
    for (size_t i = 0; i < resources->count; i++)
        if (strcmp(resources->items[i]->id.namespace, namespace) == 0)
            return true;
    return false;
}

/* Where something of this namespace lies today; NULL: nothing was in it. */
static const char *moved_to(const struct resources *resources, const char *namespace)
{
    for (size_t i = 0; i < resources->count; i++)
        for (size_t k = 0; k < resources->items[i]->past_count; k++)
            if (strcmp(resources->items[i]->past[k].namespace, namespace) == 0)
                return resources->items[i]->id.namespace;
    return NULL;
}

/* system:serviceaccount:NAMESPACE:NAME, and system:serviceaccounts:NAMESPACE of all of them. */
static void look_at_user(struct render *render, const struct resources *resources, const struct resource *binding,
                         const struct node *subject)
{
    const char *name = node_text(node_get(subject, &key_name));
    const char *at = name && strncmp(name, "system:serviceaccount", 21) == 0 ? strchr(name + 7, ':') : NULL;
    if (!at)
        return;
    const char *namespace = arena_copy(render->arena, at + 1, strcspn(at + 1, ":"));
    const char *moved = is_here(resources, namespace) ? NULL : moved_to(resources, namespace);
    if (moved && strcmp(moved, namespace) != 0)
        notice_about(render,
                     render_notice(render, RA734, field_origin(subject, "name"),
                                   "the subject '%s' names namespace '%s', and what was there is moved to '%s'", name,
                                   namespace, moved),
                     binding, "subjects");
}

static void look_at_subject(struct render *render, const struct resources *resources, const struct resource *binding,
                            const struct node *subject)
{
    const char *namespace = node_text(node_get(subject, &key_namespace)),
               *name = node_text(node_get(subject, &key_name));
    if (!namespace || !name || strcmp(namespace, "default") == 0 ||
        !node_equals(node_get(subject, &key_kind), "ServiceAccount") || is_here(resources, namespace))
        return;
    const char *moved = moved_to(resources, namespace);
    if (moved && strcmp(moved, namespace) != 0)
        notice_about(render,
                     render_notice(render, RA734, field_origin(subject, "namespace"),
                                   "the subject '%s' stays in namespace '%s', and what was there is moved to '%s': the "
                                   "build has no ServiceAccount '%s'",
                                   name, namespace, moved, name),
                     binding, "subjects");
}

static void look_at_subjects(struct render *render, const struct resources *resources, const struct resource *binding)
{
    const struct node *subjects = node_find(binding->root, "subjects");
    if (!string_ends(binding->id.gvk.kind, "RoleBinding"))
        return;
    for (uint32_t i = 0; node_is_list(subjects) && i < subjects->count && notice_may(render, 4, resources->count);
         i++) {
        look_at_subject(render, resources, binding, subjects->items[i]);
        look_at_user(render, resources, binding, subjects->items[i]);
    }
}

/* Namespaces. */

/* Those of the cluster itself: what lies in one beside others is meant for it, as the Role of the API's configuration.
 */
static bool is_system(const char *namespace)
{
    return strcmp(namespace, "kube-system") == 0 || strcmp(namespace, "kube-public") == 0;
}

/* The namespace that a resource names itself before any transformer; "" where it names none. */
static const char *first_namespace(const struct resource *resource)
{
    return resource->past_count ? resource->past[0].namespace : resource->id.namespace;
}

static void notice_merged(struct render *render, const struct resources *resources)
{
    const char *usual = NULL;
    for (size_t i = 0; i < resources->count && !usual; i++)
        if (!resources->items[i]->cluster_scoped && !is_system(first_namespace(resources->items[i])))
            usual = first_namespace(resources->items[i]);
    for (size_t i = 0; usual && i < resources->count; i++) {
        const struct resource *resource = resources->items[i];
        const char *before = first_namespace(resource);
        if (resource->cluster_scoped || !is_system(before) || strcmp(before, resource->id.namespace) == 0)
            continue;
        notice_about(render,
                     render_notice(render, RA737, resource->root->origin,
                                   "%s '%s' names the namespace '%s', and is moved to '%s' with the others",
                                   resource->id.gvk.kind, resource->id.name, before, resource->id.namespace),
                     resource, "metadata.namespace");
    }
}

bool notice_references(struct kust_target *target, struct error *error)
{
    struct search search = {.render = target->render};
    const struct resources *resources = kust_target_resources(target);
    (void)error;
    if (!wants_notices(target->render))
        return true;
    search.renamed = map_new(target->render->arena);
    search.moved = map_new(target->render->arena);
    search.paths = map_new(target->render->arena);
    search.resources = resources;
    add_paths(&search, resources);
    add_moved(&search, resources);
    notice_merged(target->render, resources);
    add_names(&search, resources);
    find_sizes(&search, resources);
    for (size_t i = 0; i < resources->count; i++) {
        search.referrer = resources->items[i];
        if (search.sizes || search.any_moved)
            look_at_annotations(&search, search.referrer);
        if (search.sizes || search.any_moved)
            walk_fields(&search, search.referrer->root, NULL, 0);
        look_at_subjects(target->render, resources, search.referrer);
    }
    return true;
}
