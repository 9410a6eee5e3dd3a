/* render.c: shows locally what Argo CD would apply. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "generator/policy.h"
#include "plugin/as_plugin.h"
#include "plugin/change/remote_text.h"
#include "plugin/change/rendered.h"
#include "plugin/commands.h"
#include "plugin/run/checking.h"
#include "plugin/run/output.h"
#include "plugin/run/output_directory.h"

struct render_options {
    struct plugin_options plugin;
    const char *output, *root, *branch, *remote, *token_variable;
    bool keep_going, next, dry_run;
    long threads;
};

static const struct option options[] = {
    OPTION_NUMBER(struct render_options, threads, 'j', "jobs", "N", "render N at once (default: one per processor)"),
    OPTION_TEXT(struct render_options, output, 'o', "output", "DIR",
                "write a file for each render into this directory, which is replaced"),
    OPTION_TEXT(struct render_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    OPTION_SWITCH(struct render_options, keep_going, 'k', "keep-going",
                  "write what can be rendered, even if something else cannot"),
    OPTION_OPTIONAL(struct render_options, branch, 0, "branch", "PATTERN",
                    "commit what HEAD renders to the branch of each environment, and push all of them (default "
                    "rendered/{env})"),
    OPTION_SWITCH(struct render_options, next, 0, "next",
                  "push to PATTERN-next, where GitOps Promoter finds what is proposed"),
    OPTION_SWITCH(struct render_options, dry_run, 'n', "dry-run", "with --branch: tell what would be pushed"),
    OPTION_TEXT(struct render_options, remote, 0, "remote", "NAME", "the remote to push to (default origin)"),
    OPTION_TEXT(struct render_options, token_variable, 0, "token-env", "NAME",
                "the environment variable that holds a token for the remote"),
    PLUGIN_OPTIONS(struct render_options, plugin),
    OPTION_END,
};

/* Tells all that is broken, in order. How many that are. */
static size_t report_broken(const struct render_set *set)
{
    size_t broken = 0;
    struct text lines = {0};
    session_notes(&set->session, true, &lines);
    for (size_t i = 0; i < set->count; i++) {
        const struct render_job *job = set->jobs[i];
        text_bytes(&lines, text_content(&job->warnings), job->warnings.size);
        if (!job->error)
            continue;
        broken++;
        text_format(&lines, "rootapp: %s: %s\n", job->name, job->error);
    }
    render_set_note_left(set, &lines);
    output_note(&lines);
    text_free(&lines);
    return broken;
}

/* At the end, where it is seen. */
static void note_findings(const struct render_set *set, bool good)
{
    struct text line = {0};
    if (good)
        check_summarize(set, &line);
    output_note(&line);
    text_free(&line);
}

static bool summarize_set(const struct render_set *set, size_t broken, struct error *error)
{
    return !broken || error_set(error, "%zu of %zu cannot be rendered; %s", broken, set->count,
                                set->keeps_going ? "the others were written" : "nothing was written");
}

static bool write_stream(const struct render_set *set, struct error *error)
{
    struct text all = {0};
    for (size_t i = 0; i < set->count; i++) {
        const struct render_job *job = set->jobs[i];
        if (job->error)
            continue;
        text_format(&all, "%s# %s: %s\n", all.size ? "---\n" : "", job->name, job->directory);
        text_bytes(&all, text_content(&job->text), job->text.size);
    }
    bool good = output_print(&all, error);
    text_free(&all);
    return good;
}

/* The directory that is to be replaced: looked at and filled while renders run. */
struct replacing {
    struct output_directory *directory;
    struct error error;
};

static void check_old_output(void *context)
{
    struct replacing *replacing = context;
    output_directory_check(replacing->directory, &replacing->error);
}

static const char *file_path(struct arena *arena, const struct render_job *job)
{
    return arena_format(arena, job->project ? "apps/%s.yaml" : "%s.yaml", job->name);
}

static void write_files(void *context, struct render_job *const *jobs, size_t count)
{
    struct replacing *replacing = context;
    struct arena *arena = arena_new();
    for (size_t i = 0; i < count && !replacing->error.message; i++)
        if (!jobs[i]->error)
            output_directory_add(replacing->directory, file_path(arena, jobs[i]), &jobs[i]->text);
    arena_free(arena);
}

static bool finish_directory(const struct render_set *set, struct output_directory *directory, unsigned threads,
                             struct error *error)
{
    const char **paths = ARENA_ARRAY(set->arena, set->count, const char *);
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++)
        if (!set->jobs[i]->error)
            paths[count++] = file_path(set->arena, set->jobs[i]);
    return output_directory_finish(directory, paths, count, threads, error);
}

/* The root set is called root, and root/ENV of an environment. */
static bool is_of_root(const char *operand)
{
    return strcmp(operand, "root") == 0 || strncmp(operand, "root/", strlen("root/")) == 0;
}

/* What to render: of the root set, what operands name of it, and all without any; of targets likewise. */
static void choose_renders(const struct invocation *invocation, struct render_set *set)
{
    const char **roots = ARENA_ARRAY(set->arena, invocation->operand_count + 1, const char *);
    const char **others = ARENA_ARRAY(set->arena, invocation->operand_count + 1, const char *);
    size_t root_count = 0, other_count = 0;
    for (size_t i = 0; i < invocation->operand_count; i++) {
        const char *operand = invocation->operands[i];
        if (is_of_root(operand))
            roots[root_count++] = operand;
        else
            others[other_count++] = operand;
    }
    if (root_count || !invocation->operand_count)
        render_set_add_roots(set, roots, root_count);
    if (other_count || !invocation->operand_count)
        render_set_add_targets(set, others, other_count);
}

static bool check_roots(const struct render_set *set, struct error *error)
{
    for (size_t i = 0; i < set->root_operand_count; i++) {
        bool found = false;
        for (size_t k = 0; k < set->count && !found; k++)
            found = !set->jobs[k]->project && fnmatch(set->root_operands[i], set->jobs[k]->name, FNM_PATHNAME) == 0;
        if (!found)
            return error_set(error, "no root '%s': there is 'root', and 'root/ENV' for each environment of the policy",
                             set->root_operands[i]);
    }
    return true;
}

static bool render_to_directory(struct render_set *set, const char *path, unsigned threads, struct error *error)
{
    struct replacing replacing = {.directory = output_directory_new(path)};
    render_set_add_work(set, check_old_output, write_files, &replacing);
    bool good = render_set_run(set, threads, error) && check_roots(set, error);
    if (replacing.error.message) {
        error_free(error);
        *error = replacing.error;
        good = false;
    }
    size_t broken = good ? report_broken(set) : 0;
    if (good && (!broken || set->keeps_going))
        good = finish_directory(set, replacing.directory, threads, error);
    output_directory_free(replacing.directory);
    note_findings(set, good);
    return good && summarize_set(set, broken, error);
}

static bool render_targets(const struct invocation *invocation, struct render_set *set, struct error *error)
{
    const struct render_options *chosen = invocation->options;
    unsigned threads = (unsigned)chosen->threads;
    if (!plugin_rules_read(&chosen->plugin, invocation, set->repository, &set->rules, error))
        return false;
    set->keeps_going = chosen->keep_going;
    render_set_note_findings(set);
    choose_renders(invocation, set);
    if (chosen->output)
        return render_to_directory(set, chosen->output, threads, error);
    if (!render_set_run(set, threads, error) || !check_roots(set, error))
        return false;
    size_t broken = report_broken(set);
    if (!set->count)
        return error_set(error, "nothing is left to render");
    bool good = (broken && !set->keeps_going) || write_stream(set, error);
    note_findings(set, good);
    return good && summarize_set(set, broken, error);
}

/* Branches. */

enum { PUSH_SECONDS = 120 };

static const char usual_branch[] = "rendered/{env}";

struct branch_operands {
    const char *pattern;
    const char *const *environments;
    size_t count;
};

/* What has {env} in it is no environment, but the pattern behind a blank in place of '='. */
static struct branch_operands branch_operands(const struct invocation *invocation)
{
    const struct render_options *chosen = invocation->options;
    struct branch_operands operands = {chosen->branch, invocation->operands, invocation->operand_count};
    if (!*operands.pattern && operands.count && strchr(*operands.environments, '{')) {
        operands.pattern = *operands.environments++;
        operands.count--;
    }
    if (!*operands.pattern)
        operands.pattern = usual_branch;
    return operands;
}

/* All that follow what the policy itself follows: HEAD is no commit of another branch's. */
static size_t usual_environments(const struct policy *policy, const char **names, struct text *lines)
{
    size_t count = 0;
    for (size_t i = 0; i < policy->spec.environments.count; i++) {
        const struct environment *environment = &policy_environments(policy)[i];
        const char *own = environment_revision(policy, environment), *usual = policy->spec.source.target_revision;
        if (!own || !usual || strcmp(own, usual) == 0)
            names[count++] = environment->name;
        else
            text_format(lines, "%s: follows %s: name it in a checkout of that\n", environment->name, own);
    }
    return count;
}

/* What the operands name, else all of the policy. */
static bool choose_environments(const struct invocation *invocation, struct render_set *set,
                                struct rendered_options *out, struct text *lines, struct error *error)
{
    const struct policy *policy = set->session.set.policy;
    const struct branch_operands operands = branch_operands(invocation);
    size_t known = policy->spec.environments.count, place;
    const char **names = ARENA_ARRAY(set->arena, known + 1, const char *);
    out->pattern = operands.pattern;
    out->environments = operands.count ? operands.environments : names;
    out->count = operands.count ? operands.count : usual_environments(policy, names, lines);
    for (size_t i = 0; i < out->count; i++) {
        for (place = 0; place < known; place++)
            if (strcmp(policy_environments(policy)[place].name, out->environments[i]) == 0)
                break;
        if (place == known)
            return error_set(error, "'%s' is no environment: with --branch, operands name environments",
                             out->environments[i]);
    }
    return true;
}

/* What discovery found and could not make an Application of would look like an app that is gone. */
static bool check_skipped(const struct render_set *set, const char *environment, struct error *error)
{
    for (size_t i = 0; i < set->target_count; i++) {
        const struct target *target = &set->targets[i];
        if (target->name && target->renderer && strcmp(target->environment, environment) == 0)
            return error_set(error,
                             "%s: Argo CD renders it itself (renderer %s), so that its manifests are not known "
                             "here; nothing was pushed",
                             target->path, target->renderer);
        if (!target->name && (!target->environment || strcmp(target->environment, environment) == 0))
            return error_set(error, "%s: %s; nothing was pushed", target->path, target->problem);
    }
    return true;
}

/* A branch has a directory for each app, so that two overlays of one app would overwrite each other; and an
 * environment without any app would lose all that its branch has. */
static bool check_layout(const struct render_set *set, const struct rendered_options *wanted, struct error *error)
{
    for (size_t i = 0; i < wanted->count; i++) {
        const struct render_job *before = NULL;
        if (!check_skipped(set, wanted->environments[i], error))
            return false;
        for (size_t k = 0; k < set->count; k++) {
            const char *slash = strchr(set->jobs[k]->name, '/');
            if (!slash || strcmp(slash + 1, wanted->environments[i]) != 0)
                continue;
            if (before && strcmp(before->name, set->jobs[k]->name) == 0)
                return error_set(error, "%s has two overlays, %s and %s: a rendered branch has room for one",
                                 before->name, before->directory, set->jobs[k]->directory);
            before = set->jobs[k];
        }
        if (!before && !root_set_check_empty(&set->session.set, wanted->environments[i], error))
            return false;
    }
    return true;
}

static bool push_rendered(const struct invocation *invocation, struct render_set *set, struct user_git *git,
                          struct rendered_options *wanted, struct error *error)
{
    const struct render_options *chosen = invocation->options;
    struct text lines = {0};
    if (!plugin_rules_read(&chosen->plugin, invocation, set->repository, &set->rules, error))
        return false;
    set->rules.refuse_secrets = true;
    render_set_add_targets(set, NULL, 0);
    bool good = render_set_run(set, (unsigned)chosen->threads, error) &&
                choose_environments(invocation, set, wanted, &lines, error);
    size_t broken = good ? report_broken(set) : 0;
    if (broken)
        good = error_set(error, "%zu of %zu cannot be rendered; nothing was pushed", broken, set->count);
    good = good && check_layout(set, wanted, error) && rendered_push(git, set, wanted, &lines, error) &&
           output_print(&lines, error);
    text_free(&lines);
    return good;
}

/* What -o takes in other commands would be the name of a directory here. */
static bool check_output_name(const char *output, struct error *error)
{
    static const char *const formats[] = {"text", "table", "wide", "plain", "name", "json", "yaml"};
    for (size_t i = 0; output && i < sizeof formats / sizeof *formats; i++)
        if (strcmp(output, formats[i]) == 0)
            return error_set(error, "-o names a directory here, not a format; if it is to be called so: -o ./%s",
                             output);
    return true;
}

static bool check_options(const struct render_options *chosen, struct error *error)
{
    if (!check_output_name(chosen->output, error))
        return false;
    if (chosen->branch && (chosen->output || chosen->keep_going))
        return error_set(error, "--branch pushes everything or nothing: leave --output and --keep-going out");
    if (!chosen->branch && (chosen->remote || chosen->token_variable || chosen->next || chosen->dry_run))
        return error_set(error, "--remote, --token-env, --next and --dry-run go with --branch");
    return !chosen->token_variable || getenv(chosen->token_variable) ||
           error_set(error, "--token-env %s: there is no such environment variable", chosen->token_variable);
}

/* From HEAD's objects: the work tree is not looked at. */
static int render_to_branches(const struct invocation *invocation, struct error *error)
{
    const struct render_options *chosen = invocation->options;
    struct history history;
    struct user_git git = {0};
    struct revision head;
    struct repository repository = {0};
    struct render_set set = {0};
    struct rendered_options wanted = {.remote = chosen->remote ? chosen->remote : "origin",
                                      .next = chosen->next,
                                      .dry_run = chosen->dry_run,
                                      .seconds = PUSH_SECONDS};
    bool good = history_open(&history, invocation->arena, ".", error) &&
                user_git_open(&git, &history, chosen->token_variable, error) &&
                remote_demand(&git, wanted.remote, error) && history_find(&history, "HEAD", &head, error) &&
                history_open_tree(&history, head.tree, &repository, error);
    if (good) {
        wanted.dry = head.commit;
        good = render_set_open(&set, invocation->arena, &repository, chosen->root, error) &&
               push_rendered(invocation, &set, &git, &wanted, error);
        render_set_close(&set);
    }
    repository_close(&repository);
    user_git_close(&git);
    history_close(&history);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

static int run_render(const struct invocation *invocation, struct error *error)
{
    const struct render_options *chosen = invocation->options;
    struct repository repository;
    struct render_set set = {0};
    if (!check_options(chosen, error))
        return EXIT_USAGE;
    if (chosen->branch)
        return render_to_branches(invocation, error);
    if (!repository_find(invocation->arena, ".", WITHOUT_GIT_HERE, &repository, error))
        return EXIT_FAILED;
    bool good = render_set_open(&set, invocation->arena, &repository, chosen->root, error) &&
                render_targets(invocation, &set, error);
    render_set_close(&set);
    repository_close(&repository);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

const struct command render_command = {
    .name = "render",
    .operands = "[APP[/ENV]... | DIR...]",
    .most_operands = OPERANDS_UNLIMITED,
    .summary = "show what Argo CD would apply",
    .description =
        "Renders the root set and every Application that the RootApp finds, in parallel, as the plugin would. With "
        "operands, "
        "only the Applications that they name: shop, shop/prod, '*/prod' (quoted, so that the shell leaves the star), "
        "or a "
        "directory: apps/shop/k8s/overlays/dev, or one above it; and of the root set, what they name of it: root is "
        "what the root Application applies, root/dev what the root of dev does.\n"
        "\n"
        "Without -o, everything goes to standard output, each render under a comment with its name. With -o, the "
        "directory gets root.yaml (what the root Application applies), root/ENV.yaml (the root of each environment) "
        "and "
        "apps/APP/ENV.yaml. It is replaced as a whole when everything is rendered; a directory that holds files of "
        "other origin "
        "is refused. If anything cannot be rendered, everything that is broken is listed, and nothing is written; with "
        "--keep-going, what can be rendered is. The exit status is 1 either way.\n"
        "\n"
        "With --branch, operands name environments (default: all), and nothing but HEAD is looked at: each "
        "environment's branch at the remote gets APP/manifest.yaml for each app, and hydrator.metadata files that name "
        "the commit, as Argo CD's source hydrator writes them. A branch gets a commit only where a manifest changes; "
        "which commit was rendered last says a note on its tip (refs/notes/hydrator.metadata). All branches are pushed "
        "at once, or none; where anything cannot be rendered, none. An app that is gone loses these files; everything "
        "else on a branch stays. A branch of a later commit is left alone, and one that was not made so is refused.\n"
        "\n"
        "What the plugin would refuse cannot be rendered, and what it is allowed can: that is read from its command "
        "line "
        "in argo/install/plugin.yaml. At the end, standard error has the number of findings that the renders tell; "
        "'rootapp check' shows them and looks for more.",
    .examples = "rootapp render -o build/rendered\n"
                "rootapp render example-app/prod\n"
                "rootapp render root/dev\n"
                "rootapp render '*/prod' -o build/prod\n",
    .options = options,
    .options_size = sizeof(struct render_options),
    .run = run_render,
};
