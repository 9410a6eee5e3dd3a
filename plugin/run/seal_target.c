/* seal_target.c: finds the SealedSecret of a target in what is rendered. */
#include "plugin/run/seal_target.h"

#include <string.h>

#include "base/path.h"
#include "check/check.h"
#include "plugin/run/render_set.h"

#define SCOPES "sealedsecrets.bitnami.com/"

static const char *scope_of(const struct node *object)
{
    const struct node *annotations = node_get(node_get(object, &key_metadata), &key_annotations);
    if (node_equals(node_find(annotations, SCOPES "cluster-wide"), "true"))
        return "cluster-wide";
    return node_equals(node_find(annotations, SCOPES "namespace-wide"), "true") ? "namespace-wide" : "strict";
}

static bool is_meant(const struct seal_target *target, const char *file, const struct check_object *object,
                     const char *secret)
{
    return strcmp(object->kind, "SealedSecret") == 0 &&
           (secret ? strcmp(object->name, secret) == 0 : path_is_within(file, target->directory));
}

static bool take_object(struct seal_target *target, struct arena *arena, const char *file, unsigned line,
                        const struct check_object *object, struct error *error)
{
    if (!path_is_within(file, target->directory))
        return error_set(error,
                         "SealedSecret '%s' stands in '%s', which other environments read, too: a sealed value "
                         "can be opened in one namespace, so that each overlay needs its own",
                         object->name, file);
    target->found++;
    target->file = arena_string(arena, file);
    target->line = line;
    target->name = arena_string(arena, object->name);
    target->namespace = arena_string(arena, object->namespace);
    target->scope = scope_of(object->root);
    return true;
}

/* The SealedSecret would make the same one. */
static bool refuse_plain(const struct render_job *job, const struct check_object *objects, const char *name,
                         struct error *error)
{
    for (size_t i = 0; i < job->rendered.count; i++) {
        struct span span = span_at(job->origins, objects[i].root->origin);
        struct place place = {span.file, span.line, span.column};
        bool in_plain_text = strcmp(objects[i].kind, "Secret") == 0 && strcmp(objects[i].name, name) == 0;
        if (in_plain_text)
            return error_in(error, place,
                            "the Secret '%s' is rendered in plain text: move it out of the repository, and seal it "
                            "with --from-secret FILE",
                            name);
    }
    return true;
}

static bool look_through(struct arena *arena, const struct render_set *set, const struct target *found,
                         const struct render_job *job, const char *secret, struct seal_target *out, struct error *error)
{
    struct check_object *objects =
        check_objects(set->arena, job->rendered.items, job->rendered.count, found->namespace);
    out->namespace = found->namespace ? arena_string(arena, found->namespace) : "";
    for (size_t i = 0; i < job->rendered.count; i++) {
        struct span span = span_at(job->origins, objects[i].root->origin);
        const char *file = span.file;
        if (file && is_meant(out, file, &objects[i], secret) &&
            !take_object(out, arena, file, span.line, &objects[i], error))
            return false;
    }
    if (!refuse_plain(job, objects, out->found ? out->name : secret ? secret : out->app, error))
        return false;
    return out->found < 2 ||
           error_set(error, "%s has %zu SealedSecrets: name one with --secret", out->directory, out->found);
}

static bool find_in_set(struct arena *arena, struct render_set *set, const char *operand, const char *secret,
                        struct seal_target *out, struct error *error)
{
    const struct target *found = NULL;
    for (size_t i = 0; i < set->target_count; i++)
        if (strcmp(arena_format(arena, "%s/%s", set->targets[i].app, set->targets[i].environment), operand) == 0)
            found = &set->targets[i];
    const struct render_job *job = found ? render_set_job(set, found) : NULL;
    if (found && found->renderer)
        return error_set(error, "'%s': Argo CD renders it itself (renderer %s): write its SealedSecret by hand",
                         operand, found->renderer);
    if (!job)
        return error_set(error, "'%s' names no target: write APP/ENV", operand);
    if (job->error)
        return error_set(error, "%s", job->error);
    *out = (struct seal_target){.app = arena_string(arena, found->app),
                                .environment = arena_string(arena, found->environment),
                                .directory = arena_string(arena, found->path),
                                .scope = "strict"};
    return look_through(arena, set, found, job, secret, out, error);
}

bool seal_target_find(struct arena *arena, struct repository *repository, const char *root, const char *operand,
                      const char *secret, struct seal_target *out, struct error *error)
{
    struct render_set set = {0};
    bool good = render_set_open(&set, arena, repository, root, error);
    if (good) {
        render_set_keep_trees(&set, false);
        render_set_add_targets(&set, &operand, 1);
        good = render_set_run(&set, 1, error) && find_in_set(arena, &set, operand, secret, out, error);
    }
    render_set_close(&set);
    return good;
}

static bool refuse_environment(const struct render_set *set, const char *environment, struct error *error)
{
    struct text names = {0};
    for (size_t i = 0; i < set->target_count; i++) {
        bool known = false;
        for (size_t j = 0; j < i; j++)
            known = known || strcmp(set->targets[j].environment, set->targets[i].environment) == 0;
        if (!known)
            text_format(&names, "%s%s", names.size ? ", " : "", set->targets[i].environment);
    }
    error_set(error, "'%s' is no environment of a target: %s", environment, text_content(&names));
    text_free(&names);
    return false;
}

bool seal_target_check_environment(struct arena *arena, struct repository *repository, const char *root,
                                   const char *environment, struct error *error)
{
    struct render_set set = {0};
    bool good = render_set_open(&set, arena, repository, root, error), known = false;
    good = good && render_set_run(&set, 1, error);
    for (size_t i = 0; good && i < set.target_count; i++)
        known = known || strcmp(set.targets[i].environment, environment) == 0;
    good = good && (known || refuse_environment(&set, environment, error));
    render_set_close(&set);
    return good;
}
