/* judge_app.c: asks the policy's own code about an app that is not written yet. */
#include "plugin/run/judge_app.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "yaml/tree.h"

struct judging {
    struct arena *arena;
    const struct repository *before, *after;
    const char *root, *directory;
    struct judged_app *out;
    struct error *error;
};

static bool is_ours(const struct judging *judging, const struct target *target)
{
    return path_is_within(target->path, judging->directory);
}

static bool make_root_set(const struct repository *repository, const char *root, struct session *session,
                          struct rendered *rendered, struct error *error)
{
    session_open(session, &(struct session_options){.repository = repository, .everything = true});
    return session_build(session, root, rendered, error) &&
           (session->met_rootapp ||
            error_set(error, "%s: has no RootApp; name the directory that has with --root DIR", root));
}

/* The names of the Applications that are there without the app. A repository may have no app yet, which is an error. */
static struct map *names_before(const struct judging *judging)
{
    struct map *names = map_new(judging->arena);
    struct session session;
    struct rendered rendered = {0};
    struct error ignored = {0};
    if (make_root_set(judging->before, judging->root, &session, &rendered, &ignored))
        for (size_t i = 0; i < session.set.target_count; i++) {
            const struct target *target = &session.set.targets[i];
            const char *path = target->name ? arena_string(judging->arena, target->path) : NULL;
            if (path)
                *map_slot(names, path, strlen(path)) = arena_string(judging->arena, target->name);
        }
    error_free(&ignored);
    rendered_free(&rendered);
    session_close(&session);
    return names;
}

static bool same_destination(const struct target *left, const struct target *right)
{
    const struct destination one = {.name = left->server_name, .server = left->server};
    const struct destination other = {.name = right->server_name, .server = right->server};
    return strcmp(left->namespace, right->namespace) == 0 && same_cluster(&one, &other);
}

/* Two apps in one namespace could own the same resources, and the removal of one would reach into the other. */
static bool check_namespace(const struct judging *judging, const struct target *target)
{
    const struct root_set *set = &judging->out->session.set;
    for (size_t i = 0; i < set->target_count; i++) {
        const struct target *other = &set->targets[i];
        if (other->name && !is_ours(judging, other) && same_destination(target, other))
            return error_set(judging->error, "namespace '%s' of %s/%s is that of %s/%s already", target->namespace,
                             target->app, target->environment, other->app, other->environment);
    }
    return true;
}

static bool check_own(const struct judging *judging, const struct target *target)
{
    if (!target->name || target->problem)
        return error_set(judging->error, "%s: %s", target->path, target->problem);
    return check_namespace(judging, target);
}

static bool check_other(const struct judging *judging, const struct map *before, const struct target *target)
{
    const char *name = target->path ? map_get(before, target->path, strlen(target->path)) : NULL;
    if (target->name || !name)
        return true;
    return error_set(judging->error, "%s/%s would lose its Application '%s': %s", target->app, target->environment,
                     name, target->problem);
}

static bool check_targets(const struct judging *judging)
{
    const struct root_set *set = &judging->out->session.set;
    const struct map *before = names_before(judging);
    for (size_t i = 0; i < set->target_count; i++) {
        const struct target *target = &set->targets[i];
        bool ours = target->path && is_ours(judging, target);
        if (!(ours ? check_own(judging, target) : check_other(judging, before, target)))
            return false;
    }
    return true;
}

static const char *text_at(const struct node *resource, const char *map, const char *key)
{
    return node_text(node_find(node_find(resource, map), key));
}

static bool has_pods(const struct node *resource)
{
    const char *kind = node_text(node_find(resource, "kind"));
    return kind && (strcmp(kind, "Deployment") == 0 || strcmp(kind, "StatefulSet") == 0);
}

static bool judge_resource(const struct judging *judging, struct judged_target *judged, const struct node *resource)
{
    const struct target *target = judged->target;
    const char *namespace = text_at(resource, "metadata", "namespace");
    const char *replicas = text_at(resource, "spec", "replicas");
    if (namespace && strcmp(namespace, target->namespace) != 0)
        return error_set(judging->error, "%s: renders into namespace '%s', its Application deploys to '%s'",
                         target->path, namespace, target->namespace);
    if (has_pods(resource)) {
        judged->has_replicas = true;
        judged->replicas += replicas ? strtol(replicas, NULL, 10) : 1;
    }
    return true;
}

static bool render_target(const struct judging *judging, struct judged_target *judged)
{
    struct session session;
    struct rendered rendered = {0};
    session_open(&session, &(struct session_options){.repository = judging->after});
    bool good = session_build(&session, judged->target->path, &rendered, judging->error);
    for (size_t i = 0; good && i < rendered.count; i++)
        good = judge_resource(judging, judged, rendered.items[i]);
    rendered_free(&rendered);
    session_close(&session);
    return good;
}

static bool confirms_deletion(const struct judging *judging, const struct target *target)
{
    const struct environment *environment = policy_environment(judging->out->session.set.policy, target->environment);
    return environment && environment->deletion == DELETION_CONFIRM;
}

static bool render_targets(const struct judging *judging)
{
    struct judged_app *out = judging->out;
    const struct root_set *set = &out->session.set;
    out->targets = ARENA_ARRAY(judging->arena, set->target_count + 1, struct judged_target);
    for (size_t i = 0; i < set->target_count; i++) {
        const struct target *target = &set->targets[i];
        if (!target->path || !is_ours(judging, target))
            continue;
        struct judged_target *judged = &out->targets[out->count++];
        *judged = (struct judged_target){.target = target, .confirms = confirms_deletion(judging, target)};
        if (!render_target(judging, judged))
            return false;
    }
    return out->count || error_set(judging->error, "%s: discovery finds nothing of it", judging->directory);
}

bool judge_app(struct arena *arena, const struct repository *before, const struct repository *after, const char *root,
               const char *directory, struct judged_app *out, struct error *error)
{
    struct judging judging = {arena, before, after, root, directory, out, error};
    *out = (struct judged_app){0};
    return make_root_set(after, root, &out->session, &out->rendered, error) && check_targets(&judging) &&
           render_targets(&judging);
}

void judged_app_close(struct judged_app *judged)
{
    rendered_free(&judged->rendered);
    session_close(&judged->session);
}
