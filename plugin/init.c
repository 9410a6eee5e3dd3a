/* init.c: writes a first policy for a repository that exists. */
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "base/visible.h"
#include "plugin/adopt/adoption.h"
#include "plugin/commands.h"
#include "plugin/run/argocd_objects.h"
#include "plugin/run/directories.h"
#include "plugin/run/fresh_directory.h"
#include "plugin/run/git_remote.h"
#include "plugin/run/installed_files.h"
#include "plugin/run/output.h"
#include "plugin/run/policy_text.h"
#include "plugin/run/session.h"
#include "plugin/table.h"

struct init_options {
    const char *repo_url, *revision;
    bool dry_run, install, observability, workflows;
};

static const struct option options[] = {
    OPTION_SWITCH(struct init_options, dry_run, 'n', "dry-run", "print the policy, and write nothing"),
    OPTION_SWITCH(struct init_options, install, 0, "install",
                  "write argo/install, too: the sidecar that is added to Argo CD"),
    OPTION_SWITCH(struct init_options, observability, 0, "observability",
                  "write argo/observability, too: Prometheus and Grafana for each environment"),
    OPTION_TEXT(struct init_options, repo_url, 0, "repo-url", "URL", "of this repository (default: git's origin)"),
    OPTION_TEXT(struct init_options, revision, 0, "revision", "NAME",
                "that Argo CD follows (default: the branch of git's origin)"),
    OPTION_SWITCH(struct init_options, workflows, 0, "workflows", "write .github/workflows for the apps, too"),
    OPTION_END,
};

static const char root[] = "argo/root", observability[] = "argo/observability";

enum { MOST_SHOWN = 20, MOST_INSTALLED = 3 };

/* One run. */
struct beginning {
    struct arena *arena;
    const struct init_options *chosen;
    struct repository repository;
    const char *url, *branch;
    struct repository_layout layout;
    const char **namespaces, **problems; /* of each placed directory */
    struct map *read;                    /* directories that placed ones read */
    struct argocd_objects told;          /* what Argo CD is told already */
    struct namespace_scheme scheme;
    size_t existing, adopted; /* Applications that are there, and those of them that the policy makes */
    struct installed_files installed[MOST_INSTALLED]; /* that are to be written, too */
    size_t installed_count;
    struct text policy, screen;
    int status;
    struct error *error;
};

static bool find_origin(struct beginning *beginning)
{
    const struct init_options *chosen = beginning->chosen;
    const char *place = beginning->repository.root;
    const char *url = chosen->repo_url ? chosen->repo_url : git_origin(beginning->arena, place);
    const char *branch = chosen->revision ? chosen->revision : git_main_branch(beginning->arena, place);
    beginning->url = url ? url_without_user(beginning->arena, url) : NULL;
    beginning->branch = branch ? branch : "main";
    if (url && !strpbrk(beginning->url, "\"\n\\") && !strpbrk(beginning->branch, "\"\n\\"))
        return true;
    beginning->status = EXIT_USAGE;
    return error_set(beginning->error,
                     url ? "'%s' is no address of a repository"
                         : "git has no remote 'origin': give the repository's address with --repo-url URL",
                     url);
}

static bool check_absent(const struct beginning *beginning, const char *directory)
{
    if (source_kind(beginning->repository.source, directory) == FILE_ABSENT)
        return true;
    return error_set(beginning->error, "%s is there already, and nothing is written over it%s", directory,
                     strcmp(directory, root) == 0 ? "; 'rootapp list' shows what it finds" : "");
}

/* Leaves out what is not for apps: Argo CD's own directories. */
static void drop_own(struct name_list *directories)
{
    size_t kept = 0;
    for (size_t i = 0; i < directories->count; i++)
        if (!path_is_within(directories->names[i], "argo") && strcmp(directories->names[i], ".") != 0)
            directories->names[kept++] = directories->names[i];
    directories->count = kept;
}

static const char *name_of(const struct beginning *beginning)
{
    const char *name = repository_name(beginning->arena, beginning->url);
    return name ? path_base(name) : path_base(beginning->repository.root);
}

static bool find_layout(struct beginning *beginning)
{
    struct name_list directories;
    if (!directories_find(beginning->repository.source, beginning->arena, ".", &directories, beginning->error))
        return false;
    drop_own(&directories);
    repository_layout_find(beginning->arena, &directories, name_of(beginning), &beginning->layout);
    return argocd_objects_find(beginning->repository.source, beginning->arena, &beginning->told, beginning->error);
}

static const char *namespace_of(struct arena *arena, const struct rendered *rendered)
{
    for (size_t i = 0; i < rendered->count; i++) {
        const char *namespace = node_text(node_find(node_find(rendered->items[i], "metadata"), "namespace"));
        if (namespace)
            return arena_string(arena, namespace);
    }
    return NULL;
}

static const char *message_of(struct arena *arena, const struct error *error)
{
    struct text text = {0};
    error_write(error, &text);
    const char *message = arena_string(arena, text_content(&text));
    text_free(&text);
    return message;
}

static void note_read(struct beginning *beginning, struct session *session, const char *directory)
{
    struct reference_set references;
    struct error ignored = {0};
    if (engine_scan(session->engine, beginning->arena, directory, &references, &ignored))
        for (size_t i = 0; i < references.directory_count; i++) {
            const char *path = references.directories[i];
            *map_slot(beginning->read, path, strlen(path)) = beginning;
        }
    error_free(&ignored);
}

static void render_placed(struct beginning *beginning)
{
    struct repository_layout *layout = &beginning->layout;
    struct session session;
    beginning->namespaces = ARENA_ARRAY(beginning->arena, layout->count + 1, const char *);
    beginning->problems = ARENA_ARRAY(beginning->arena, layout->count + 1, const char *);
    beginning->read = map_new(beginning->arena);
    session_open(&session, &(struct session_options){.repository = &beginning->repository, .share_bases = true});
    for (size_t i = 0; i < layout->count; i++) {
        struct rendered rendered = {0};
        struct error error = {0};
        if (session_build(&session, layout->placed[i].path, &rendered, &error))
            beginning->namespaces[i] = namespace_of(beginning->arena, &rendered);
        else
            beginning->problems[i] = message_of(beginning->arena, &error);
        note_read(beginning, &session, layout->placed[i].path);
        rendered_free(&rendered);
        error_free(&error);
    }
    session_close(&session);
}

/* The root set, as it would be. */
static bool judge_layout(struct beginning *beginning, struct session *session, struct rendered *rendered,
                         struct repository *after)
{
    struct source *over = source_memory();
    source_memory_add(over, "argo/root/rootapp.yaml", beginning->policy.bytes, beginning->policy.size);
    source_memory_add(over, "argo/root/kustomization.yaml", policy_kustomization, strlen(policy_kustomization));
    for (size_t i = 0; i < beginning->installed_count; i++) {
        const struct installed_files *installed = &beginning->installed[i];
        for (size_t k = 0; k < installed->count; k++)
            source_memory_add(over, path_join(beginning->arena, installed->directory, installed->files[k].path),
                              installed->files[k].bytes, installed->files[k].size);
    }
    *after = beginning->repository;
    after->source = source_layered(source_directory(after->root, beginning->error), over);
    session_open(session, &(struct session_options){.repository = after, .everything = true});
    return session_build(session, root, rendered, beginning->error) ||
           error_wrap(beginning->error, "the policy for what is here would not do");
}

static const char *problem_of(const struct beginning *beginning, const struct target *target)
{
    const struct repository_layout *layout = &beginning->layout;
    for (size_t i = 0; i < layout->count; i++) {
        if (strcmp(layout->placed[i].path, target->path) != 0)
            continue;
        const char *namespace = beginning->namespaces[i];
        if (beginning->problems[i])
            return beginning->problems[i];
        if (namespace && target->namespace && strcmp(namespace, target->namespace) != 0)
            return arena_format(beginning->arena, "renders into namespace '%s'", namespace);
    }
    return target->problem ? target->problem : "";
}

static void write_targets(struct beginning *beginning, const struct root_set *set)
{
    static const char *const titles[] = {"TARGET", "PROJECT", "NAMESPACE", "PATH", "PROBLEM"};
    struct arena *arena = beginning->arena;
    struct table table = {.arena = arena, .titles = titles, .columns = sizeof titles / sizeof *titles};
    for (size_t i = 0; i < set->target_count && i < MOST_SHOWN; i++) {
        const struct target *target = &set->targets[i];
        const char *cells[] = {arena_format(arena, "%s/%s", target->app ? target->app : "?",
                                            target->environment ? target->environment : "?"),
                               target->project, target->namespace, target->path, problem_of(beginning, target)};
        table_add(&table, cells);
    }
    text_format(&beginning->screen, "It finds %zu Application%s%s\n", set->application_count,
                set->application_count == 1 ? "" : "s", set->target_count ? ":" : ".");
    if (set->target_count)
        table_write_aligned(&table, &beginning->screen);
    if (set->target_count > MOST_SHOWN)
        text_format(&beginning->screen, "and %zu more: 'rootapp list' shows all\n", set->target_count - MOST_SHOWN);
}

static void write_others(struct beginning *beginning)
{
    const struct name_list *others = &beginning->layout.others;
    size_t count = 0;
    for (size_t i = 0; i < others->count; i++) {
        const char *path = others->names[i];
        if (map_get(beginning->read, path, strlen(path)))
            continue;
        if (!count)
            text_string(&beginning->screen, "It could not place (no app or no environment in the path, and no other "
                                            "kustomization here reads it):\n");
        if (count++ < MOST_SHOWN)
            text_format(&beginning->screen, "  %s\n", path);
    }
    if (count > MOST_SHOWN)
        text_format(&beginning->screen, "  and %zu more\n", count - MOST_SHOWN);
}

static bool is_made(const struct root_set *set, const struct argocd_object *object)
{
    for (size_t i = 0; strcmp(object->kind, "Application") == 0 && i < set->target_count; i++)
        if (set->targets[i].name && strcmp(set->targets[i].name, object->name) == 0)
            return true;
    return false;
}

static void write_told(struct beginning *beginning, const struct root_set *set)
{
    const struct argocd_objects *told = &beginning->told;
    struct text *out = &beginning->screen;
    if (!told->count)
        return;
    text_string(out, "Argo CD is told of apps here already, which stays as it is:\n");
    for (size_t i = 0; i < told->count && i < MOST_SHOWN; i++) {
        const struct argocd_object *object = &told->items[i];
        struct text line = {0};
        text_format(&line, "  %s '%s', %s:%u", object->kind, object->name, object->place.file, object->place.line);
        for (size_t k = 0; k < object->paths.count; k++)
            text_format(&line, "%s%s", k ? ", " : ": ", object->paths.names[k]);
        visible_bytes(out, text_content(&line), line.size, VISIBLE_LINE);
        text_free(&line);
        text_string(out, is_made(set, object) ? " (the policy makes one of this name)\n" : "\n");
    }
    if (told->count > MOST_SHOWN)
        text_format(out, "  and %zu more\n", told->count - MOST_SHOWN);
    text_string(out,
                "What two of them deploy is applied twice: before the root Application is synced, take each app out "
                "of these. An ApplicationSet needs\nspec.syncPolicy.preserveResourcesOnDeletion: true first, so "
                "that nothing is deleted with it.\n'rootapp adopt' shows which of them this policy can make.\n");
}

static void write_next(struct beginning *beginning)
{
    struct text *out = &beginning->screen;
    if (beginning->adopted)
        text_format(out,
                    "There are Applications here, and %zu of %zu are what this policy makes: 'rootapp adopt' shows in "
                    "which fields they differ, and how\nthey are handed over. Do that before you start the root.\n",
                    beginning->adopted, beginning->existing);
    if (beginning->scheme.cluster_per_environment && !beginning->adopted)
        text_string(out,
                    "Its environments share namespaces, so each is taken for a cluster that Argo CD knows under the "
                    "environment's name: see\nspec.environments in argo/root/rootapp.yaml.\n");
    text_format(out,
                "next:\n  %s\n  rootapp bootstrap -o argo/root-app.yaml\n  git add argo && git commit -m 'Let Argo CD "
                "deploy what is here' && git push\n",
                beginning->layout.count ? "rootapp render" : "rootapp new APP --image REGISTRY/APP");
}

static bool write_root(struct beginning *beginning)
{
    const struct fresh_file files[] = {
        {.path = "kustomization.yaml", .bytes = policy_kustomization, .size = strlen(policy_kustomization)},
        {.path = "rootapp.yaml", .bytes = beginning->policy.bytes, .size = beginning->policy.size}};
    text_format(&beginning->screen, "%s: kustomization.yaml, rootapp.yaml\n", root);
    return fresh_directory_write(beginning->arena, beginning->repository.root, root, files, 2, beginning->error);
}

static bool write_installed(struct beginning *beginning)
{
    for (size_t i = 0; i < beginning->installed_count; i++) {
        const struct installed_files *installed = &beginning->installed[i];
        text_format(&beginning->screen, "%s: %zu files\n", installed->directory, installed->count);
        if (!installed_files_write(beginning->arena, beginning->repository.root, installed, beginning->error))
            return false;
    }
    return true;
}

static bool write_all(struct beginning *beginning)
{
    if (beginning->chosen->dry_run) {
        text_bytes(&beginning->screen, beginning->policy.bytes, beginning->policy.size);
        return true;
    }
    return write_installed(beginning) && write_root(beginning);
}

static bool judge_and_write(struct beginning *beginning)
{
    struct session session;
    struct rendered rendered = {0};
    struct repository after;
    bool good = judge_layout(beginning, &session, &rendered, &after) && write_all(beginning);
    if (good) {
        write_targets(beginning, &session.set);
        if (!beginning->adopted)
            write_others(beginning);
        write_told(beginning, &session.set);
        write_next(beginning);
        good = output_print(&beginning->screen, beginning->error);
    }
    rendered_free(&rendered);
    session_close(&session);
    source_free(after.source);
    return good;
}

/* Applications that are there say more than paths do. Whether the policy is theirs. */
static bool adopt_existing(struct beginning *beginning)
{
    struct adoption adoption;
    struct error ignored = {0};
    adoption_open(&adoption, beginning->arena, &beginning->repository, beginning->url,
                  beginning->chosen->repo_url != NULL, beginning->chosen->revision);
    bool good = adoption_read_repository(&adoption, &ignored) && adoption.object_count &&
                adoption_find_applications(&adoption, &ignored) && adoption_propose(&adoption, &ignored);
    for (size_t i = 0; good && !adoption.refusal && i < adoption.count; i++)
        beginning->adopted += !adoption.apps[i].left && adoption.apps[i].new_name;
    if (beginning->adopted)
        text_bytes(&beginning->policy, adoption.policy.bytes, adoption.policy.size);
    beginning->existing = adoption.count;
    error_free(&ignored);
    adoption_close(&adoption);
    return beginning->adopted;
}

static bool read_installed(struct beginning *beginning)
{
    const struct init_options *chosen = beginning->chosen;
    const struct {
        bool wanted;
        const char *name, *directory;
    } all[MOST_INSTALLED] = {{chosen->install, "install", "argo/install"},
                             {chosen->observability, "observability", observability},
                             {chosen->workflows, "workflows", ".github/workflows"}};
    for (size_t i = 0; i < MOST_INSTALLED; i++)
        if (all[i].wanted &&
            !((chosen->dry_run || check_absent(beginning, all[i].directory)) &&
              installed_files_read(beginning->arena, all[i].name, all[i].directory,
                                   &beginning->installed[beginning->installed_count++], beginning->error)))
            return false;
    return true;
}

static void adapt_observability(struct beginning *beginning, const struct name_list *environments)
{
    for (size_t i = 0; i < beginning->installed_count; i++)
        if (strcmp(beginning->installed[i].directory, observability) == 0)
            installed_for_repository(beginning->arena, &beginning->installed[i], environments, beginning->url,
                                     beginning->branch);
}

/* The environments of the policy that is here. */
static bool read_environments(struct beginning *beginning, struct name_list *out)
{
    struct session session;
    struct rendered rendered = {0};
    session_open(&session, &(struct session_options){.repository = &beginning->repository, .policy_only = true});
    bool good = session_build(&session, root, &rendered, beginning->error);
    size_t count = good && session.policy ? session.policy->spec.environments.count : 0;
    out->names = ARENA_ARRAY(beginning->arena, count + 1, const char *);
    for (; out->count < count; out->count++)
        out->names[out->count] = arena_string(beginning->arena, policy_environments(session.policy)[out->count].name);
    if (good && !count)
        good = error_set(beginning->error, "%s: has no RootApp", root);
    rendered_free(&rendered);
    session_close(&session);
    return good;
}

/* Where there is a policy, it stays, and what else was asked for is written beside it. */
static bool add_installed(struct beginning *beginning)
{
    struct name_list environments = {0};
    if (beginning->chosen->observability && (!find_origin(beginning) || !read_environments(beginning, &environments)))
        return false;
    adapt_observability(beginning, &environments);
    if (!write_installed(beginning))
        return false;
    text_format(&beginning->screen, "%s stays as it is.\n", root);
    if (beginning->chosen->observability)
        text_format(&beginning->screen,
                    "next, in %s/rootapp.yaml, so that it is discovered:\n  discover:\n%s  teams:\n%s", root,
                    observability_rule, observability_team);
    return output_print(&beginning->screen, beginning->error);
}

static void propose_policy(struct beginning *beginning)
{
    bool observes = beginning->chosen->observability;
    if (adopt_existing(beginning))
        return;
    policy_text_write(&(struct policy_facts){.layout = &beginning->layout,
                                             .scheme = beginning->scheme,
                                             .url = beginning->url,
                                             .branch = beginning->branch,
                                             .rule = observes ? observability_rule : NULL,
                                             .team = observes ? observability_team : NULL},
                      &beginning->policy);
}

static bool begin_repository(struct beginning *beginning)
{
    const struct init_options *chosen = beginning->chosen;
    bool adds = chosen->install || chosen->observability || chosen->workflows;
    if (adds && !chosen->dry_run && source_kind(beginning->repository.source, root) != FILE_ABSENT)
        return read_installed(beginning) && add_installed(beginning);
    if (!(chosen->dry_run || check_absent(beginning, root)) || !find_origin(beginning) || !find_layout(beginning) ||
        !read_installed(beginning))
        return false;
    struct name_list environments = policy_environment_names(&beginning->layout);
    adapt_observability(beginning, &environments);
    render_placed(beginning);
    repository_layout_rename(beginning->arena, &beginning->layout, beginning->namespaces);
    beginning->scheme = namespace_scheme_find(beginning->arena, &beginning->layout, beginning->namespaces);
    propose_policy(beginning);
    return judge_and_write(beginning);
}

static int run_init(const struct invocation *invocation, struct error *error)
{
    struct beginning beginning = {
        .arena = invocation->arena, .chosen = invocation->options, .status = EXIT_FAILED, .error = error};
    if (!repository_find(beginning.arena, ".", WITHOUT_GIT_HERE, &beginning.repository, error))
        return EXIT_FAILED;
    bool good = begin_repository(&beginning);
    text_free(&beginning.policy);
    text_free(&beginning.screen);
    repository_close(&beginning.repository);
    return good ? EXIT_GOOD : beginning.status;
}

const struct command init_command = {
    .name = "init",
    .operands = "",
    .summary = "write a first policy for a repository that exists",
    .description =
        "Looks at the kustomizations of a repository and tells apps and environments apart by their paths: "
        "apps/APP/k8s/overlays/ENV, APP/overlays/ENV, apps/APP/envs/ENV, overlays/ENV/APP and others like these. "
        "Renders "
        "what it found to see which namespaces it uses. Then writes argo/root/kustomization.yaml and "
        "argo/root/rootapp.yaml, shows the Applications that this policy gives, the kustomizations that it could not "
        "place, the Applications and ApplicationSets that are here already, and the next commands.\n"
        "\n"
        "Where Applications and ApplicationSets are in the repository, the policy is the one that 'rootapp adopt' "
        "proposes.\n"
        "\n"
        "Nothing is written over what is there. In a repository without apps the policy is for those that 'rootapp "
        "new' "
        "makes. '--install', '--observability' and '--workflows' copy what is installed with the program, beside a "
        "policy that "
        "is there, too.",
    .examples = "rootapp init --dry-run --repo-url https://github.com/acme/gitops.git\n",
    .options = options,
    .options_size = sizeof(struct init_options),
    .run = run_init,
};
