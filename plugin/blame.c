/* blame.c: says which line of which file, and which commit, gave a rendered field its value. */
#define _GNU_SOURCE
#include "plugin/blame.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/files.h"
#include "base/nearest.h"
#include "base/path.h"
#include "plugin/commands.h"
#include "plugin/helm_options.h"
#include "plugin/remote_options.h"
#include "plugin/run/output.h"
#include "plugin/run/render_set.h"

struct blame_options {
    struct fetch_options fetch;
    struct chart_options charts;
    const char *format, *revision, *root, *namespace, *load_restrictor;
    bool no_git, chain;
};

static const char *const formats[] = {"text", "json", "porcelain", NULL};

static const struct option options[] = {
    OPTION_SWITCH(struct blame_options, chain, 0, "chain", "all earlier values too, and who wrote them"),
    OPTION_SWITCH(struct blame_options, no_git, 0, "no-git", "files and lines only"),
    OPTION_TEXT(struct blame_options, revision, 0, "rev", "REV", "in this commit (default: the work tree)"),
    OPTION_TEXT(struct blame_options, namespace, 'n', "namespace", "NAME",
                "of the resource, where several have its name"),
    OPTION_CHOICE(struct blame_options, format, 'o', "output", "FORMAT", formats,
                  "text, json or porcelain (default text)"),
    OPTION_TEXT(struct blame_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    OPTION_CHOICE(struct blame_options, load_restrictor, 0, "load-restrictor", "NAME", load_restrictors,
                  "as for 'rootapp build'"),
    FETCH_OPTIONS(struct blame_options, fetch),
    HELM_OPTIONS(struct blame_options, charts),
    OPTION_END,
};

struct request_of_blame {
    const struct blame_options *chosen;
    struct arena *arena;
    struct history history;
    struct repository repository;
    const char *target, *resource, *field; /* resource, field: NULL: all */
    const char *directory;                 /* that is rendered, from the root */
};

/* Opening the repository: the work tree, or a revision of it. */

static bool open_revision(struct request_of_blame *request, struct error *error)
{
    struct revision revision;
    return history_find(&request->history, request->chosen->revision, &revision, error) &&
           history_open_tree(&request->history, revision.tree, &request->repository, error);
}

static bool open_repository(struct request_of_blame *request, const char *path, struct error *error)
{
    if (request->chosen->revision)
        return history_open(&request->history, request->arena, path, error) && open_revision(request, error);
    return repository_find(request->arena, path, WITHOUT_GIT_SYSTEM, &request->repository, error);
}

static bool no_target(const struct render_set *set, const char *target, struct error *error)
{
    const char *slash = strchr(target, '/');
    if (!slash)
        return error_set(error, "'%s' is neither a directory nor APP/ENV: 'rootapp list -o name' shows them", target);
    for (size_t i = 0; i < set->target_count; i++)
        if (strncmp(set->targets[i].app, target, (size_t)(slash - target)) == 0 && !set->targets[i].app[slash - target])
            return error_set(error, "the app of '%s' has no such environment: 'rootapp list -o name' shows them",
                             target);
    return error_set(error, "'%s' is no target: 'rootapp list -o name' shows them", target);
}

static bool find_target(struct request_of_blame *request, struct error *error)
{
    struct render_set set = {0};
    bool good = render_set_open(&set, request->arena, &request->repository, request->chosen->root, error) &&
                render_set_run(&set, 1, error);
    for (size_t i = 0; good && i < set.target_count; i++) {
        const struct target *target = &set.targets[i];
        const char *name = target->environment && target->app
                               ? arena_format(request->arena, "%s/%s", target->app, target->environment)
                               : "";
        if (strcmp(name, request->target) != 0 || !target->path)
            continue;
        if (target->renderer)
            good = error_set(error, "'%s': Argo CD renders it itself (renderer %s)", name, target->renderer);
        else
            request->directory = arena_string(request->arena, target->path);
    }
    if (good && !request->directory)
        good = no_target(&set, request->target, error);
    render_set_close(&set);
    return good;
}

static bool find_directory(struct request_of_blame *request, struct error *error)
{
    bool directory = request->chosen->revision ? !strchr(request->target, '/') || path_is_directory(request->target)
                                               : path_is_directory(request->target);
    if (!open_repository(request, directory ? request->target : ".", error))
        return false;
    if (!directory)
        return find_target(request, error);
    request->directory = request->repository.directory;
    return true;
}

/* Finding the resource. */

static const char *text_at(const struct node *resource, const struct key *key)
{
    const char *text = node_text(node_get(node_get(resource, &key_metadata), key));
    return text ? text : "";
}

enum { HASH_SIZE = 10 };

/* NAME is enough for NAME-HASH. */
static bool is_named(const struct node *resource, const char *name)
{
    const char *full = text_at(resource, &key_name);
    size_t size = strlen(name);
    if (strncmp(full, name, size) != 0)
        return false;
    return !full[size] || (full[size] == '-' && strlen(full) == size + 1 + HASH_SIZE &&
                           strspn(full + size + 1, "gh2k456789mbcdtf") == HASH_SIZE);
}

static bool is_wanted(const struct request_of_blame *request, const struct node *resource)
{
    const char *slash = request->resource ? strchr(request->resource, '/') : NULL;
    const char *kind = node_text(node_get(resource, &key_kind)), *namespace = request->chosen->namespace;
    if (namespace && strcmp(text_at(resource, &key_namespace), namespace) != 0)
        return false;
    if (!slash)
        return true;
    size_t size = (size_t)(slash - request->resource);
    return kind && strlen(kind) == size && strncasecmp(kind, request->resource, size) == 0 &&
           is_named(resource, slash + 1);
}

static bool no_resource(const struct request_of_blame *request, const struct rendered *rendered, struct error *error)
{
    const char **names = ARENA_ARRAY(request->arena, rendered->count + 1, const char *);
    for (size_t i = 0; i < rendered->count; i++) {
        char *name = arena_format(request->arena, "%s/%s", node_text(node_get(rendered->items[i], &key_kind)),
                                  text_at(rendered->items[i], &key_name));
        for (char *at = name; *at != '/'; at++)
            *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + ('a' - 'A') : *at);
        names[i] = name;
    }
    const char *near = nearest_name(request->resource, names);
    return error_set(error, "%s has no %s" DID_YOU_MEAN, request->target, request->resource, MEANT(near));
}

static bool choose_resource(const struct request_of_blame *request, const struct rendered *rendered,
                            struct blamed **out, size_t *count, struct error *error)
{
    *out = ARENA_ARRAY(request->arena, rendered->count + 1, struct blamed);
    *count = 0;
    for (size_t i = 0; i < rendered->count; i++)
        if (is_wanted(request, rendered->items[i]))
            (*out)[(*count)++].resource = rendered->items[i];
    if (!*count)
        return request->resource ? no_resource(request, rendered, error) : true;
    if (request->resource && *count > 1)
        return error_set(error, "%s has several %s: name one by --namespace", request->target, request->resource);
    for (size_t i = 0; i < *count; i++) {
        struct blamed *blamed = &(*out)[i];
        leaves_of(request->arena, blamed->resource, &blamed->leaves);
        struct leaves all = blamed->leaves;
        blamed->one_field = request->field != NULL;
        if (request->field && !leaves_find(request->arena, &all, request->field, &blamed->leaves, error))
            return false;
    }
    return true;
}

/* Printing. */

static void want_commits(const struct blame *blame, const struct blamed *blamed)
{
    for (size_t i = 0; blame->commits && i < blamed->leaves.count; i++) {
        struct written written = blame_leaf(blame, &blamed->leaves.items[i]);
        for (size_t j = 0; j < written.count; j++)
            if (written.parts[j].place.file && written.parts[j].place.line)
                line_commits_want(blame->commits, written.parts[j].place.file, written.parts[j].place.line);
    }
}

static bool write_all(const struct blame *blame, const struct blame_options *chosen, const struct blamed *all,
                      size_t count, struct error *error)
{
    const char *format = chosen->format ? chosen->format : "text";
    struct text out = {0};
    bool good = true;
    for (size_t i = 0; i < count; i++)
        want_commits(blame, &all[i]);
    if (*format == 'j')
        good = blame_write_json(blame, all, count, &out, error);
    for (size_t i = 0; *format != 'j' && good && i < count; i++) {
        if (*format == 'p')
            blame_write_porcelain(blame, &all[i], &out);
        else if (all[i].one_field)
            blame_write_text(blame, &all[i], &out);
        else
            good = blame_write_lines(blame, &all[i], &out, error);
    }
    good = good && output_print(&out, error);
    text_free(&out);
    return good;
}

/* Git's history of the work tree, where there is one. */
static bool has_history(struct request_of_blame *request)
{
    struct error ignored = {0};
    if (request->chosen->no_git || !request->repository.has_git)
        return false;
    bool good = request->chosen->revision ||
                history_open(&request->history, request->arena, request->repository.root, &ignored);
    error_free(&ignored);
    return good;
}

static bool show_fields(struct request_of_blame *request, struct session *session, const struct rendered *rendered,
                        struct error *error)
{
    struct blamed *all;
    size_t count;
    struct line_commits commits;
    struct blame blame = {.arena = request->arena,
                          .origins = engine_origins(session->engine),
                          .repository = &request->repository,
                          .rendered = rendered,
                          .target = request->target,
                          .chain = request->chosen->chain};
    if (!choose_resource(request, rendered, &all, &count, error))
        return false;
    if (has_history(request)) {
        line_commits_open(&commits, request->arena, &request->history, request->chosen->revision);
        blame.commits = &commits;
    }
    return write_all(&blame, request->chosen, all, count, error);
}

static bool render_target(struct request_of_blame *request, struct error *error)
{
    const struct blame_options *chosen = request->chosen;
    struct session session;
    struct rendered rendered = {0};
    struct session_options how = {.repository = &request->repository,
                                  .load_restrictor = chosen->load_restrictor,
                                  .record_writers = true,
                                  .everything = true,
                                  .helm = helm_options_read(&chosen->charts, request->arena, NULL)};
    if (!fetch_options_read(&chosen->fetch, FETCH_FOR_USER, request->arena, &how.remote, error))
        return false;
    session_open(&session, &how);
    bool good = session_build(&session, request->directory, &rendered, error);
    output_warnings(&rendered.warnings);
    good = good && show_fields(request, &session, &rendered, error);
    rendered_free(&rendered);
    session_close(&session);
    return good;
}

static int run_blame(const struct invocation *invocation, struct error *error)
{
    struct request_of_blame request = {.chosen = invocation->options, .arena = invocation->arena};
    const char *const *operands = invocation->operands;
    if (!invocation->operand_count) {
        error_set(error, "name what to look at: APP/ENV or DIR, KIND/NAME and, if you like, a field");
        return EXIT_USAGE;
    }
    request.target = operands[0];
    request.resource = invocation->operand_count > 1 ? operands[1] : NULL;
    request.field = invocation->operand_count > 2 ? operands[2] : NULL;
    if (request.resource && !strchr(request.resource, '/')) {
        error_set(error, "'%s' is no KIND/NAME, as in deployment/web", request.resource);
        return EXIT_USAGE;
    }
    bool good = find_directory(&request, error) && render_target(&request, error);
    repository_localize(&request.repository, invocation->arena, error);
    repository_close(&request.repository);
    history_close(&request.history);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

const struct command blame_command = {
    .name = "blame",
    .operands = "APP/ENV|DIR [KIND/NAME [FIELD]]",
    .most_operands = 3,
    .summary = "say which line and commit gave a rendered field its value",
    .description =
        "Renders a target of the RootApp, or any kustomization directory, and says for each value which bytes of which "
        "file it was taken from, and which commit wrote that line. A value that is put together from several places, "
        "such as an image with a tag from an overlay, is shown in parts.\n"
        "\n"
        "FIELD is a path as replacements write it (spec.template.spec.containers.[name=app].image, or containers[0]), "
        "or "
        "any end of one that only one field has (image, data.LOG_LEVEL). Without FIELD the whole resource is shown, "
        "line "
        "by line; without KIND/NAME all resources are. A name may be given without the hash behind it. The data of "
        "Secrets is not shown.\n"
        "\n"
        "'-o porcelain' prints a line for each part: KIND/NAME, field, where the part begins in the value and its "
        "size, "
        "file, line, column, last line, last column, whether the file holds it as it is, step, commit and reason, "
        "separated by tabs.",
    .examples = "rootapp blame example-app/prod deployment/example-app image\n"
                "rootapp blame apps/example-app/k8s/overlays/dev deployment/example-app\n",
    .options = options,
    .options_size = sizeof(struct blame_options),
    .run = run_blame,
};
