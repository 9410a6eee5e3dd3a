/* applications.c: the Applications that are there, and those that ApplicationSets make. */
#include <string.h>

#include "base/path.h"
#include "generator/make.h"
#include "plugin/adopt/adoption.h"
#include "yaml/parse.h"

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

/* Whether objects are Argo CD's own alone, with an Application or what makes some among them. */
static bool are_applications(const struct node *const *items, size_t count)
{
    static const char *const kinds[] = {"Application", "ApplicationSet", "AppProject"};
    size_t makers = 0;
    for (size_t i = 0; i < count; i++) {
        const char *version = node_text(node_find(items[i], "apiVersion"));
        bool known = version && strncmp(version, "argoproj.io/", 12) == 0;
        bool own = false;
        for (size_t j = 0; j < 3; j++)
            own = own || is_of_kind(items[i], kinds[j]);
        if (!known || !own)
            return false;
        makers += !is_of_kind(items[i], "AppProject");
    }
    return makers;
}

static void read_plain(struct adoption *adoption, const char *directory, bool deep, struct node_array *out, bool *good)
{
    const struct source *source = adoption->repository->source;
    struct name_list names;
    struct error ignored = {0};
    *good = source_list(source, adoption->arena, directory, &names, &ignored) && *good;
    for (size_t i = 0; *good && i < names.count; i++) {
        const char *path = path_join(adoption->arena, directory, names.names[i]), *end = strrchr(path, '.');
        struct file_bytes file;
        if (deep && source_kind(source, path) == FILE_DIRECTORY)
            read_plain(adoption, path, deep, out, good);
        if (!end || (strcmp(end, ".yaml") != 0 && strcmp(end, ".yml") != 0))
            continue;
        *good = source_read(source, adoption->arena, path, &file, &ignored) &&
                parse_documents(&adoption->tree, &(struct yaml_text){path, file.bytes, file.size, adoption->origins, 0},
                                out, &ignored);
    }
    error_free(&ignored);
}

/* An app of apps: what it applies, the roots apply. */
static bool applies_applications(struct adoption *adoption, const struct existing *app, const struct node *source)
{
    struct session session;
    struct rendered rendered = {0};
    struct error ignored = {0};
    if (!app->path || source_kind(adoption->repository->source, app->path) != FILE_DIRECTORY)
        return false;
    session_open(&session, &(struct session_options){.repository = adoption->repository});
    bool built = !node_find(source, "directory") && session_build(&session, app->path, &rendered, &ignored);
    bool found = built && are_applications(rendered.items, rendered.count);
    rendered_free(&rendered);
    session_close(&session);
    error_free(&ignored);
    if (built)
        return found;
    struct node_array items = {0};
    bool good = true;
    read_plain(adoption, app->path, node_equals(node_find(node_find(source, "directory"), "recurse"), "true"), &items,
               &good);
    return good && are_applications((const struct node *const *)items.items, items.count);
}

/* Of a source that is no directory here, or not alone: why no pattern of directories can say it. NULL: it is one. */
static const char *why_elsewhere(struct adoption *adoption, const struct existing *app, const struct node *source)
{
    const char *url = node_text(node_find(source, "repoURL"));
    if (!source)
        return "it has several sources";
    if (node_find(source, "chart"))
        return "its source is a chart of a Helm repository";
    if (!same_repository(adoption->arena, url, adoption->url))
        return arena_format(adoption->arena, "its source is another repository, %s", url ? url : "none");
    return app->path && strcmp(app->path, ".") == 0 ? "its source is the whole repository" : NULL;
}

/* NULL: it can be taken over. */
static const char *why_left(struct adoption *adoption, const struct existing *app, const struct node *source)
{
    struct arena *arena = adoption->arena;
    const char *own = text_under(app->node, "metadata", "namespace", NULL);
    if (node_find(node_find(node_find(app->node, "metadata"), "labels"), LABEL_APP))
        return "a root makes it already";
    if (node_find(node_find(app->node, "spec"), "sourceHydrator"))
        return "it has a sourceHydrator";
    if (own && strcmp(own, adoption->argocd_namespace) != 0)
        return arena_format(arena, "it is in namespace '%s', and not in Argo CD's", own);
    if (strcmp(app->name, "root") == 0)
        return "its name is that of the root Application";
    if (app->elsewhere)
        return NULL;
    if (!app->path || source_kind(adoption->repository->source, app->path) != FILE_DIRECTORY)
        return arena_format(arena, "there is no directory '%s' here", app->path ? app->path : "");
    bool may_be = !app->namespace || strcmp(app->namespace, adoption->argocd_namespace) == 0;
    if (may_be && applies_applications(adoption, app, source))
        return "it is an app of apps, whose place the roots take";
    return NULL;
}

/* What the generator says of it: its directory, and the file that it was read from. */
static void take_parameters(struct adoption *adoption, struct existing *app, const struct node *parameters)
{
    const struct node *path = node_find(parameters, "path");
    const char *directory = node_text(node_find(path, "path"));
    bool here = directory && source_kind(adoption->repository->source, directory) == FILE_DIRECTORY;
    const struct node *content = node_find(parameters, FILE_CONTENT);
    app->values = node_is_map(content) ? content : NULL;
    app->values_file = app->values ? node_text(node_find(path, "filename")) : NULL;
    app->path = app->elsewhere ? (here ? directory : NULL) : app->path;
}

/* The revision of a source in this repository, else none. */
static const char *own_revision(const struct adoption *adoption, const struct node *application)
{
    const struct node *sources = node_find(node_find(application, "spec"), "sources");
    for (uint32_t i = 0; node_is_list(sources) && i < sources->count; i++)
        if (same_repository(adoption->arena, node_text(node_find(sources->items[i], "repoURL")), adoption->url))
            return node_text(node_find(sources->items[i], "targetRevision"));
    return NULL;
}

static void add_application(struct adoption *adoption, const struct node *node, const char *set,
                            const struct node *parameters)
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
    const char *elsewhere = why_elsewhere(adoption, &app, source);
    app.elsewhere = elsewhere;
    if (elsewhere)
        app.revision = own_revision(adoption, node);
    take_parameters(adoption, &app, parameters);
    app.left = why_left(adoption, &app, source);
    if (elsewhere && !app.left && !app.path) {
        app.left = elsewhere;
        app.by_hand = true;
    }
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
static void add_expanded(struct adoption *adoption, struct existing_set *set, struct node *application,
                         const struct node *parameters)
{
    struct tree *tree = &adoption->tree;
    struct node *metadata = node_find(application, "metadata");
    tree_set_string(tree, application, "apiVersion", "argoproj.io/v1alpha1");
    tree_set_string(tree, application, "kind", "Application");
    if (metadata && set->namespace)
        tree_set_string(tree, metadata, "namespace", set->namespace);
    application->origin = set->node->origin;
    add_application(adoption, application, set->name, parameters);
    set->count++;
}

static bool note_set(struct adoption *adoption, const struct existing_set *set, const struct node *at,
                     const char *reason)
{
    adoption_note(adoption, at, arena_format(adoption->arena, "ApplicationSet %s", set->name), reason);
    return false;
}

/* The simple part of the language is known here; for all of it, helm is. */
static const char *expand_template(struct adoption *adoption, const struct existing_set *set,
                                   const struct parameter_list *parameters, struct parameter_list *out)
{
    const struct node *spec = node_find(set->node, "spec"), *template = node_find(spec, "template");
    const char *reason = NULL;
    for (size_t i = 0; i < parameters->count && !reason && !node_find(spec, "templatePatch"); i++) {
        out->items = arena_grow(adoption->arena, out->items, out->count, &out->room, sizeof *out->items);
        out->items[out->count++] = set_tree_expand(&adoption->tree, template, parameters->items[i], &reason);
    }
    if (!reason && !node_find(spec, "templatePatch"))
        return NULL;
    if (reason && strstr(reason, NOTHING_GIVES))
        return reason;
    if (!node_equals(node_find(spec, "goTemplate"), "true"))
        return reason ? reason : "templatePatch without goTemplate is not understood";
    out->count = 0;
    const char *other = go_template_expand(adoption, spec, parameters, out);
    return other && reason ? arena_format(adoption->arena, "%s; %s", reason, other) : other;
}

static bool expand_generators(struct adoption *adoption, const struct existing_set *set, struct parameter_list *out)
{
    const struct node *generators = node_find(node_find(set->node, "spec"), "generators");
    for (uint32_t i = 0; node_is_list(generators) && i < generators->count; i++)
        if (!adoption_expand_generator(adoption, set->name, generators->items[i], NULL, out))
            return false;
    return true;
}

static void expand_set(struct adoption *adoption, struct existing_set *set)
{
    struct parameter_list parameters = {0}, applications = {0};
    const struct node *template = node_find(node_find(set->node, "spec"), "template");
    set->partial = !expand_generators(adoption, set, &parameters);
    const char *reason = expand_template(adoption, set, &parameters, &applications);
    if (reason)
        set->partial = !note_set(adoption, set, template, reason);
    for (size_t i = 0; !reason && i < applications.count; i++)
        add_expanded(adoption, set, applications.items[i], parameters.items[i]);
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

/* The address in one object; of an ApplicationSet, in its template. NULL: it is none of a repository. */
static const char *url_of(const struct node *object)
{
    bool set = is_of_kind(object, "ApplicationSet");
    const struct node *source = source_of(set ? node_find(node_find(object, "spec"), "template") : object);
    const char *url = node_text(node_find(source, "repoURL"));
    return url && !strstr(url, "{{") && !node_find(source, "chart") ? url : NULL;
}

static const char *most_common_text(const char *const *texts, size_t count)
{
    const char *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        size_t same = 0;
        for (size_t j = 0; texts[i] && j < count; j++)
            same += texts[j] && strcmp(texts[i], texts[j]) == 0;
        if (same > most) {
            most = same;
            best = texts[i];
        }
    }
    return best;
}

/* Without git's origin: what most objects name whose directory is here, and of ApplicationSets. */
static const char *guess_url(const struct adoption *adoption)
{
    const char **urls = ARENA_ARRAY(adoption->arena, adoption->object_count + 1, const char *);
    for (size_t i = 0; i < adoption->object_count; i++) {
        const struct node *object = adoption->objects[i];
        const char *path = node_text(node_find(source_of(object), "path"));
        bool here =
            path && source_kind(adoption->repository->source, path_clean(adoption->arena, path)) == FILE_DIRECTORY;
        urls[i] = here || is_of_kind(object, "ApplicationSet") ? url_of(object) : NULL;
    }
    return most_common_text(urls, adoption->object_count);
}

/* The address as most of them write it, which need not be git's origin; the others say their own. */
static void settle_url(struct adoption *adoption)
{
    const char **urls = ARENA_ARRAY(adoption->arena, adoption->count + 1, const char *);
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        urls[i] = app->left || app->elsewhere ? NULL : url_of(app->node);
    }
    const char *common = adoption->url_is_given ? NULL : most_common_text(urls, adoption->count);
    adoption->url = common ? common : adoption->url;
    for (size_t i = 0; i < adoption->count; i++)
        adoption->apps[i].url = urls[i] && strcmp(urls[i], adoption->url) != 0 ? urls[i] : NULL;
}

/* The revision that most of those follow that are taken over. */
static const char *most_common_revision(const struct adoption *adoption)
{
    const char *best = "HEAD";
    size_t most = 0;
    for (size_t i = 0; i < adoption->count; i++) {
        size_t count = 0;
        for (size_t j = 0; !adoption->apps[i].left && j < adoption->count; j++)
            count += !adoption->apps[j].left && adoption->apps[i].revision && adoption->apps[j].revision &&
                     strcmp(adoption->apps[i].revision, adoption->apps[j].revision) == 0;
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
        if (*slot && (!app->left || app->by_hand)) {
            app->left = "an Application of this name was read before";
            app->by_hand = false;
        }
        *slot = *slot ? *slot : app;
    }
}

bool adoption_find_applications(struct adoption *adoption, struct error *error)
{
    find_sets(adoption);
    find_namespace(adoption);
    const char *common = adoption->url_is_given ? NULL : guess_url(adoption);
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
        add_application(adoption, node, owner_set(node), NULL);
    }
    for (size_t i = 0; i < adoption->set_count; i++)
        if (!adoption->sets[i].live)
            expand_set(adoption, &adoption->sets[i]);
    drop_twins(adoption);
    settle_url(adoption);
    if (!adoption->revision)
        adoption->revision = most_common_revision(adoption);
    for (size_t i = 0; i < adoption->count; i++)
        if (!adoption->apps[i].revision)
            adoption->apps[i].revision = adoption->revision;
    return true;
}
