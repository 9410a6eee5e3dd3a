/* place_apps.c: tells app and environment of each Application apart by its path and its destination. */
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "generator/name.h"
#include "plugin/adopt/adoption.h"
#include "plugin/run/repository_layout.h"

enum { MOST_SEGMENTS = 30 };

struct path_parts {
    const char *names[MOST_SEGMENTS];
    int count, app, environment; /* indexes; -1: none */
};

static const char *const before_environments[] = {"overlays",    "overlay",  "envs",    "env",    "environments",
                                                  "environment", "clusters", "cluster", "stages", NULL};
static const char *const environments[] = {"dev",     "devel",   "development", "test",  "testing", "qa",   "uat",
                                           "int",     "ci",      "integration", "stage", "staging", "pre",  "preprod",
                                           "prod",    "prd",     "production",  "live",  "perf",    "demo", "sandbox",
                                           "preview", "nonprod", "canary",      "acc",   NULL};
static const char *const around_apps[] = {"overlays",    "overlay", "envs",       "env",    "environments",
                                          "environment", "k8s",     "kubernetes", "deploy", "deployment",
                                          "manifests",   "base",    "kustomize",  "chart",  "helm",
                                          "clusters",    "cluster", "stages",     NULL};

static struct path_parts split_path(struct arena *arena, const char *path)
{
    struct path_parts parts = {.app = -1, .environment = -1};
    for (; *path && parts.count < MOST_SEGMENTS; path += strcspn(path, "/"), path += *path == '/')
        parts.names[parts.count++] = arena_copy(arena, path, strcspn(path, "/"));
    return parts;
}

static void find_environment(struct path_parts *parts, const struct existing *app)
{
    for (int i = 0; i < parts->count; i++) {
        const char *name = parts->names[i];
        bool named = (i > 0 && string_in(before_environments, parts->names[i - 1])) || string_in(environments, name) ||
                     (app->cluster && strcmp(name, app->cluster) == 0);
        if (named && !string_in(before_environments, name))
            parts->environment = i;
    }
}

/* Behind the environment (overlays/dev/shop), else before it (shop/overlays/dev). */
static void find_app(struct path_parts *parts)
{
    for (int i = parts->count - 1; i > parts->environment && parts->app < 0; i--)
        if (!string_in(around_apps, parts->names[i]))
            parts->app = i;
    for (int i = parts->environment - 1; i >= 0 && parts->app < 0; i--)
        if (!string_in(around_apps, parts->names[i]))
            parts->app = i;
}

static const char *renderer_of(const struct adoption *adoption, const struct existing *app)
{
    const struct node *spec = node_find(app->node, "spec"), *sources = node_find(spec, "sources");
    const struct node *source = node_is_list(sources) && sources->count ? sources->items[0] : node_find(spec, "source");
    static const char *const files[] = {"kustomization.yaml", "kustomization.yml", "Kustomization", NULL};
    const struct node *plugin = node_find(source, "plugin"), *directory = node_find(source, "directory");
    if (app->elsewhere || (node_is_map(plugin) && plugin->count))
        return "other";
    if (node_is_map(directory))
        return "directory";
    for (const char *const *name = files; *name; name++)
        if (source_kind(adoption->repository->source, path_join(adoption->arena, app->path, *name)) == FILE_REGULAR)
            return "kustomize";
    if (source_kind(adoption->repository->source, path_join(adoption->arena, app->path, "Chart.yaml")) == FILE_REGULAR)
        return "helm";
    return "directory";
}

static bool is_at(const struct existing *app, const struct adoption_environment *environment)
{
    return string_compare(app->server, environment->server) == 0 &&
           string_compare(app->cluster, environment->cluster) == 0 &&
           string_compare(app->revision, environment->revision) == 0;
}

static const char *cluster_label(struct arena *arena, const struct existing *app)
{
    const char *name = app->cluster                 ? app->cluster
                       : strstr(app->server, "://") ? strstr(app->server, "://") + 3
                                                    : app->server;
    if (strcmp(name, "in-cluster") == 0 || strncmp(name, "kubernetes.default.svc", 22) == 0)
        return "main";
    const char *label = normal_name(arena, arena_copy(arena, name, strcspn(name, ":/")));
    return is_label(label) ? label : "cluster";
}

static const struct adoption_environment *find_named(const struct adoption *adoption, const char *name)
{
    for (size_t i = 0; i < adoption->environment_count; i++)
        if (strcmp(adoption->environments[i].name, name) == 0)
            return &adoption->environments[i];
    return NULL;
}

/* What is left of the Application's name without the app's, where one directory has several Applications. */
static const char *rest_of_name(const struct adoption *adoption, const struct existing *app)
{
    size_t size = strlen(app->app), whole = strlen(app->name), others = 0;
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *other = &adoption->apps[i];
        others += !other->left && other != app && strcmp(other->path, app->path) == 0;
    }
    if (!others || whole < size + 2)
        return NULL;
    if (strncmp(app->name, app->app, size) == 0 && app->name[size] == '-')
        return app->name + size + 1;
    if (strcmp(app->name + whole - size, app->app) == 0 && app->name[whole - size - 1] == '-')
        return arena_copy(adoption->arena, app->name, whole - size - 1);
    return NULL;
}

/* The environment is named by the path, or by the cluster; where that name goes elsewhere, by more. */
static const char *environment_for(struct adoption *adoption, const struct existing *app)
{
    struct arena *arena = adoption->arena;
    const char *label = cluster_label(arena, app), *revision = normal_name(arena, app->revision);
    const char *named = app->path_environment ? normal_name(arena, app->path_environment) : rest_of_name(adoption, app);
    named = named && is_label(named) ? named : NULL;
    revision = is_label(revision) ? revision : "other";
    const char *names[] = {named ? named : label, named ? arena_format(arena, "%s-%s", named, label) : NULL,
                           arena_format(arena, "%s-%s", named ? named : label, revision),
                           arena_format(arena, "%s-%s-%s", named ? named : "on", label, revision),
                           arena_format(arena, "environment-%zu", adoption->environment_count)};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct adoption_environment *known = names[i] ? find_named(adoption, names[i]) : NULL;
        if (known && is_at(app, known))
            return known->name;
        if (known || !names[i])
            continue;
        adoption->environments[adoption->environment_count++] = (struct adoption_environment){
            .name = names[i], .server = app->server, .cluster = app->cluster, .revision = app->revision};
        return names[i];
    }
    return names[0];
}

static const char *pattern_of(struct arena *arena, const struct path_parts *parts, bool with_environment)
{
    const char *pattern = "";
    for (int i = 0; i < parts->count; i++) {
        const char *name = i == parts->app                               ? "{app}"
                           : i == parts->environment && with_environment ? "{env}"
                                                                         : parts->names[i];
        pattern = *pattern ? arena_format(arena, "%s/%s", pattern, name) : name;
    }
    return pattern;
}

static void place_one(struct adoption *adoption, struct existing *app)
{
    struct arena *arena = adoption->arena;
    struct path_parts parts = split_path(arena, app->path);
    find_environment(&parts, app);
    find_app(&parts);
    app->path_environment = parts.environment < 0 ? NULL : parts.names[parts.environment];
    app->app = parts.app < 0 ? app->name : normal_name(arena, parts.names[parts.app]);
    if (parts.app >= 0 && strcmp(app->app, parts.names[parts.app]) != 0)
        adoption->normalizes = true;
    if (!is_label(app->app))
        app->app = normal_name(arena, app->name);
    app->environment = environment_for(adoption, app);
    app->renderer = renderer_of(adoption, app);
    bool named = app->path_environment && strcmp(app->environment, normal_name(arena, app->path_environment)) == 0;
    app->pattern = pattern_of(arena, &parts, named);
    if (named && strcmp(app->environment, app->path_environment) != 0)
        adoption->normalizes = true;
}

/* Whether Applications were read from files of a directory. */
static bool holds_applications(const struct adoption *adoption, const char *path)
{
    for (size_t i = 0; i < adoption->count; i++) {
        const char *file = adoption->apps[i].place.file;
        if (file && path_is_within(file, path))
            return true;
    }
    return false;
}

/* One directory in one environment is one Application: others, as those of a chart for many apps, stay written out. */
static void leave_twins(struct adoption *adoption)
{
    struct map *seen = map_new(adoption->arena);
    for (size_t i = 0; i < adoption->count; i++) {
        struct existing *app = &adoption->apps[i];
        if (app->left)
            continue;
        const char *key = arena_format(adoption->arena, "%s:%s", app->environment, app->path);
        void **slot = map_slot(seen, key, strlen(key));
        if (*slot) {
            app->left = arena_format(adoption->arena, "its directory is that of %s, too, on the same cluster",
                                     ((const struct existing *)*slot)->name);
            app->by_hand = !holds_applications(adoption, app->path);
        } else
            *slot = app;
    }
}

static int compare_environments(const void *left, const void *right)
{
    const struct adoption_environment *one = left, *other = right;
    return compare_promotion(one->name, other->name);
}

void adoption_place(struct adoption *adoption)
{
    adoption->environments = ARENA_ARRAY(adoption->arena, adoption->count + 1, struct adoption_environment);
    for (size_t i = 0; i < adoption->count; i++)
        if (!adoption->apps[i].left)
            place_one(adoption, &adoption->apps[i]);
    leave_twins(adoption);
    if (adoption->environment_count)
        qsort(adoption->environments, adoption->environment_count, sizeof *adoption->environments,
              compare_environments);
    for (size_t i = 0; i < adoption->count; i++)
        for (size_t j = 0; j < adoption->environment_count; j++)
            if (strcmp(adoption->apps[i].name,
                       arena_format(adoption->arena, "root-%s", adoption->environments[j].name)) == 0)
                adoption->other_roots = true;
}
