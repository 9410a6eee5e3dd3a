/* applications.c: the Applications that are there, and those that ApplicationSets make. */
#include <string.h>

#include "base/path.h"
#include "generator/make.h"
#include "kustomize/resource/resource.h"
#include "plugin/adopt/adoption.h"

static const char *text_under(const struct node *node, const char *first, const char *second, const char *third)
{
    const struct node *found = node_find(node_find(node, first), second);
    const char *text = node_text(third ? node_find(found, third) : found);
    return text && *text ? text : NULL;
}

static bool is_of_kind(const struct node *node, const char *kind)
{
    return node_equals(node_find(node, "kind"), kind);
}

/* The one source: Argo CD takes a list of one for the same. */
static const struct node *source_of(const struct node *application)
{
    const struct node *spec = node_find(application, "spec"), *sources = node_find(spec, "sources");
    if (!node_is_list(sources) || !sources->count)
        return node_find(spec, "source");
    return sources->count == 1 ? sources->items[0] : NULL;
}

/* Of a kind that is not known, it is taken to be namespaced. */
static bool is_cluster_scoped(struct arena *arena, const char *version, const char *kind)
{
    const char *slash = strchr(version, '/');
    const struct gvk gvk = {.group = slash ? arena_copy(arena, version, (size_t)(slash - version)) : "",
                            .version = slash ? slash + 1 : version,
                            .kind = kind};
    return gvk_is_cluster_scoped(&gvk);
}

/* The namespace of most resources, if each of them names one; NULL: one of them has what the Application says. */
static const char *rendered_namespace(struct arena *arena, const struct rendered *rendered)
{
    const char *namespace = NULL;
    for (size_t i = 0; i < rendered->count; i++) {
        const struct node *item = rendered->items[i];
        const char *version = node_text(node_find(item, "apiVersion")), *kind = node_text(node_find(item, "kind"));
        const char *own = text_under(item, "metadata", "namespace", NULL);
        if (!version || !kind || (!own && !is_cluster_scoped(arena, version, kind)))
            return NULL;
        namespace = own && !namespace ? arena_string(arena, own) : namespace;
    }
    return namespace;
}

/* Without a namespace, or with Argo CD's, it has that of its resources, if these name theirs. */
static const char *resources_namespace(struct adoption *adoption, const struct existing *app)
{
    struct session session;
    struct rendered rendered = {0};
    struct error ignored = {0};
    const char *namespace = NULL;
    if (!app->path || source_kind(adoption->repository->source, app->path) != FILE_DIRECTORY)
        return NULL;
    session_open(&session, &(struct session_options){.repository = adoption->repository});
    if (session_build(&session, app->path, &rendered, &ignored))
    namespace = rendered_namespace(adoption->arena, &rendered);
    rendered_free(&rendered);
    session_close(&session);
    error_free(&ignored);
    return namespace && strcmp(namespace, adoption->argocd_namespace) != 0 ? namespace : NULL;
}

/* NULL: it can be taken over. */
static const char *why_left(const struct adoption *adoption, const struct existing *app, const struct node *source)
{
    struct arena *arena = adoption->arena;
    const char *url = node_text(node_find(source, "repoURL"));
    const char *own = text_under(app->node, "metadata", "namespace", NULL);
    if (node_find(node_find(node_find(app->node, "metadata"), "labels"), LABEL_APP))
        return "a root makes it already";
    if (!source)
        return "it has several sources";
    if (node_find(source, "chart"))
        return "its source is a chart of a Helm repository";
    if (node_find(node_find(app->node, "spec"), "sourceHydrator"))
        return "it has a sourceHydrator";
    if (!same_repository(arena, url, adoption->url))
        return arena_format(arena, "its source is another repository, %s", url ? url : "none");
    if (!app->path || source_kind(adoption->repository->source, app->path) != FILE_DIRECTORY)
        return arena_format(arena, "there is no directory '%s' here", app->path ? app->path : "");
    if (strcmp(app->path, ".") == 0)
        return "its source is the whole repository";
    if (own && strcmp(own, adoption->argocd_namespace) != 0)
        return arena_format(arena, "it is in namespace '%s', and not in Argo CD's", own);
    if (app->namespace && strcmp(app->namespace, adoption->argocd_namespace) == 0)
        return "it deploys into Argo CD's own namespace, or not all of its resources name another";
    return NULL;
}

static void add_application(struct adoption *adoption, const struct node *node, const char *set)
{
    const struct node *source = source_of(node);
    const char *path = node_text(node_find(source, "path")), *revision = node_text(node_find(source, "targetRevision"));
    const char *project = text_under(node, "spec", "project", NULL);
    struct existing app = {.node = node,
                           .place = origins_place(adoption->origins, node->origin),
                           .name = text_under(node, "metadata", "name", NULL),
                           .project = project ? project : "default",
                           .server = text_under(node, "spec", "destination", "server"),
                           .cluster = text_under(node, "spec", "destination", "name"),
                           .namespace = text_under(node, "spec", "destination", "namespace"),
                           .path = path ? path_clean(adoption->arena, path) : NULL,
                           .revision = revision && *revision ? revision : "HEAD",
                           .set = set};
    if (!app.name)
        return;
    if (!app.server && !app.cluster)
        app.cluster = "in-cluster";
    if (!app.namespace || strcmp(app.namespace, adoption->argocd_namespace) == 0) {
        const char *namespace = resources_namespace(adoption, &app);
        app.namespace = namespace ? namespace : app.namespace;
    }
    app.left = why_left(adoption, &app, source);
    adoption->apps = arena_grow(adoption->arena, adoption->apps, adoption->count, &adoption->room, sizeof app);
    adoption->apps[adoption->count++] = app;
}

static const char *owner_set(const struct node *application)
{
    const struct node *owners = node_find(node_find(application, "metadata"), "ownerReferences");
    for (uint32_t i = 0; node_is_list(owners) && i < owners->count; i++)
        if (is_of_kind(owners->items[i], "ApplicationSet"))
            return node_text(node_find(owners->items[i], "name"));
    return NULL;
}

/* metadata and spec of the template become an Application. */
static bool add_from_template(struct adoption *adoption, struct existing_set *set, const struct node *parameters)
{
    struct tree *tree = &adoption->tree;
    const struct node *template = node_find(node_find(set->node, "spec"), "template");
    const char *reason = NULL;
    struct node *application = set_tree_expand(tree, template, parameters, &reason);
    if (reason) {
        adoption_note(adoption, template, arena_format(adoption->arena, "ApplicationSet %s", set->name), reason);
        return false;
    }
    struct node *metadata = node_find(application, "metadata");
    tree_set_string(tree, application, "apiVersion", "argoproj.io/v1alpha1");
    tree_set_string(tree, application, "kind", "Application");
    if (metadata && set->namespace)
        tree_set_string(tree, metadata, "namespace", set->namespace);
    application->origin = set->node->origin;
    add_application(adoption, application, set->name);
    set->count++;
    return true;
}

static void expand_set(struct adoption *adoption, struct existing_set *set)
{
    const struct node *spec = node_find(set->node, "spec"), *generators = node_find(spec, "generators");
    if (node_find(spec, "templatePatch"))
        adoption_note(adoption, node_find(spec, "templatePatch"),
                      arena_format(adoption->arena, "ApplicationSet %s", set->name),
                      "templatePatch is not understood: what it sets is not compared");
    for (uint32_t i = 0; node_is_list(generators) && i < generators->count; i++) {
        struct parameter_list parameters = {0};
        if (!adoption_expand_generator(adoption, set->name, generators->items[i], NULL, &parameters))
            set->partial = true;
        for (size_t j = 0; !set->partial && j < parameters.count; j++)
            set->partial = !add_from_template(adoption, set, parameters.items[j]);
    }
}

static void find_sets(struct adoption *adoption)
{
    for (size_t i = 0; i < adoption->object_count; i++) {
        const struct node *node = adoption->objects[i];
        const char *name = text_under(node, "metadata", "name", NULL);
        if (!is_of_kind(node, "ApplicationSet") || !name)
            continue;
        adoption->sets = arena_grow(adoption->arena, adoption->sets, adoption->set_count, &adoption->set_room,
                                    sizeof *adoption->sets);
        adoption->sets[adoption->set_count++] =
            (struct existing_set){.node = node,
                                  .place = origins_place(adoption->origins, node->origin),
                                  .name = name,
                                  .namespace = text_under(node, "metadata", "namespace", NULL)};
    }
}

static struct existing_set *find_set(const struct adoption *adoption, const char *name)
{
    for (size_t i = 0; name && i < adoption->set_count; i++)
        if (strcmp(adoption->sets[i].name, name) == 0)
            return &adoption->sets[i];
    return NULL;
}

/* The namespace of the Applications that are there. */
static void find_namespace(struct adoption *adoption)
{
    for (size_t i = 0; i < adoption->object_count; i++) {
        const char *namespace = text_under(adoption->objects[i], "metadata", "namespace", NULL);
        if (namespace && !is_of_kind(adoption->objects[i], "AppProject")) {
            adoption->argocd_namespace = namespace;
            return;
        }
    }
}

/* What says it: an Application whose directory is here; of an ApplicationSet, its template. */
static const char *url_of(const struct adoption *adoption, const struct node *object)
{
    bool set = is_of_kind(object, "ApplicationSet");
    const struct node *source = source_of(set ? node_find(node_find(object, "spec"), "template") : object);
    const char *path = node_text(node_find(source, "path")), *url = node_text(node_find(source, "repoURL"));
    if (!url || strstr(url, "{{") || node_find(source, "chart"))
        return NULL;
    bool here = path && source_kind(adoption->repository->source, path_clean(adoption->arena, path)) == FILE_DIRECTORY;
    return set || here ? url : NULL;
}

/* The address as most of them write it, which need not be git's origin. */
static const char *most_common_url(const struct adoption *adoption)
{
    const char *best = NULL, **urls = ARENA_ARRAY(adoption->arena, adoption->object_count + 1, const char *);
    size_t most = 0;
    for (size_t i = 0; i < adoption->object_count; i++)
        urls[i] = url_of(adoption, adoption->objects[i]);
    for (size_t i = 0; i < adoption->object_count; i++) {
        size_t count = 0;
        for (size_t j = 0; urls[i] && j < adoption->object_count; j++)
            count += urls[j] && strcmp(urls[i], urls[j]) == 0;
        if (count > most) {
            most = count;
            best = urls[i];
        }
    }
    return best;
}

/* The revision that most of those follow that are taken over. */
static const char *most_common_revision(const struct adoption *adoption)
{
    const char *best = "HEAD";
    size_t most = 0;
    for (size_t i = 0; i < adoption->count; i++) {
        size_t count = 0;
        for (size_t j = 0; !adoption->apps[i].left && j < adoption->count; j++)
            count += !adoption->apps[j].left && strcmp(adoption->apps[i].revision, adoption->apps[j].revision) == 0;
        if (count > most) {
            most = count;
            best = adoption->apps[i].revision;
        }
    }
    return best;
}

/* An Application of the same name that is written twice, in two overlays for example, is taken once. */
static void drop_twins(struct adoption *adoption)
{
    struct map *seen = map_new(adoption->arena);
    for (size_t i = 0; i < adoption->count; i++) {
        struct existing *app = &adoption->apps[i];
        void **slot = map_slot(seen, app->name, strlen(app->name));
        if (*slot && !app->left)
            app->left = "an Application of this name was read before";
        *slot = *slot ? *slot : app;
    }
}

bool adoption_find_applications(struct adoption *adoption, struct error *error)
{
    find_sets(adoption);
    find_namespace(adoption);
    const char *common = adoption->url_is_given ? NULL : most_common_url(adoption);
    adoption->url = common ? common : adoption->url;
    if (!adoption->url)
        return error_set(error, "the repository's address is not known: give it with --repo-url URL");
    for (size_t i = 0; i < adoption->object_count; i++) {
        const struct node *node = adoption->objects[i];
        if (!is_of_kind(node, "Application"))
            continue;
        struct existing_set *set = find_set(adoption, owner_set(node));
        if (set) {
            set->live = true;
            set->count++;
        }
        add_application(adoption, node, owner_set(node));
    }
    for (size_t i = 0; i < adoption->set_count; i++)
        if (!adoption->sets[i].live)
            expand_set(adoption, &adoption->sets[i]);
    drop_twins(adoption);
    if (!adoption->revision)
        adoption->revision = most_common_revision(adoption);
    return true;
}
