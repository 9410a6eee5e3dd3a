/* check.c: tells what is wrong with a repository before it is merged. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/path.h"
#include "plugin/as_plugin.h"
#include "plugin/check_rules.h"
#include "plugin/commands.h"
#include "plugin/run/changed_paths.h"
#include "plugin/run/check_output.h"
#include "plugin/run/checking.h"
#include "plugin/run/git_remote.h"
#include "plugin/run/history.h"
#include "plugin/run/output.h"
#include "plugin/run/secret_scan.h"
#include "plugin/run/version.h"
#include "source/kustomization_files.h"

struct check_options {
    struct plugin_options plugin;
    const char *root, *fail_on, *explain, *policy, *today, *since, *kubernetes;
    struct option_list rules, skipped, output;
    bool list_rules, verbose, staged, secrets;
    long threads;
};

static const char *const levels[] = {"error", "warning", "note", "never", NULL};

static const struct option options[] = {
    OPTION_LIST(struct check_options, output, 'o', "output", "FORMAT[=FILE]",
                "text (default), github, sarif, junit or json, to standard output or to a file; may be given several "
                "times"),
    OPTION_TEXT(struct check_options, since, 0, "since", "COMMIT",
                "only what the common ancestor with COMMIT does not have"),
    OPTION_SWITCH(struct check_options, staged, 0, "staged", "look at what `git commit` would commit"),
    OPTION_SWITCH(struct check_options, secrets, 0, "secrets",
                  "look for secrets (RA5) in every text file, and at nothing else; with --since in every commit"),
    OPTION_CHOICE(
        struct check_options, fail_on, 0, "fail-on", "LEVEL", levels,
        "exit 1 at findings of this severity and above: error (default; with --secrets warning), warning, note, "
        "never"),
    OPTION_LIST(struct check_options, rules, 0, "rule", "ID",
                "only this rule, by id, name or group (RA7); may be given several times"),
    OPTION_LIST(struct check_options, skipped, 0, "skip", "ID", "not this rule; may be given several times"),
    OPTION_TEXT(struct check_options, kubernetes, 0, "kubernetes", "VERSION",
                "the clusters' version, 1.37 for example, instead of the policy's"),
    OPTION_TEXT(struct check_options, policy, 0, "policy", "FILE",
                "the check policy (default check.yaml in the directory of the RootApp)"),
    OPTION_TEXT(struct check_options, today, 0, "today", "DATE", "the day on which exceptions are judged"),
    OPTION_SWITCH(struct check_options, verbose, 0, "verbose", "show what exceptions permit, too"),
    OPTION_TEXT(struct check_options, explain, 0, "explain", "ID", "say what a rule is about, and stop"),
    OPTION_SWITCH(struct check_options, list_rules, 0, "list-rules", "list the rules, and stop"),
    OPTION_NUMBER(struct check_options, threads, 'j', "jobs", "N", "render N at once (default: one per processor)"),
    OPTION_TEXT(struct check_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    PLUGIN_OPTIONS(struct check_options, plugin),
    OPTION_END,
};

/* What is checked, and what came of it. */
struct checking {
    const struct invocation *invocation;
    const struct check_options *chosen;
    struct repository repository;
    struct check_policy policy;
    struct findings *findings;
    struct name_list targets;
    struct name_list changed; /* files that differ from --since */
    const char *today, *clone_url;
    bool usage; /* the policy or the command line is wrong */
};

/* What is checked. */

static bool is_kustomization_directory(const char *path)
{
    bool found = false;
    for (const char *const *name = kustomization_file_names; *name; name++) {
        struct text text = {0};
        text_format(&text, "%s/%s", path, *name);
        found = found || access(text_content(&text), F_OK) == 0;
        text_free(&text);
    }
    return found;
}

static bool names_directory(const char *operand)
{
    return *operand == '.' || *operand == '/' || is_kustomization_directory(operand);
}

/* Places as they are seen from the working directory where the root is that of the file system. */
static void localize_places(struct checking *checking)
{
    struct arena *arena = checking->invocation->arena;
    for (size_t i = 0; i < checking->findings->count; i++) {
        struct finding *finding = checking->findings->items[i];
        if (finding->place.file)
            finding->place.file = repository_local_path(&checking->repository, arena, finding->place.file);
        for (size_t k = 0; k < finding->related_count; k++)
            if (finding->related[k].place.file)
                finding->related[k].place.file =
                    repository_local_path(&checking->repository, arena, finding->related[k].place.file);
    }
}

/* From the repository's root: of a file that is named, from the working directory; NULL: it lies outside. */
static const char *policy_path(const struct checking *checking, struct error *error)
{
    const struct check_options *chosen = checking->chosen;
    struct arena *arena = checking->invocation->arena;
    if (!chosen->policy)
        return path_clean(arena, path_join(arena, chosen->root ? chosen->root : "argo/root", "check.yaml"));
    const char *here = working_directory(arena, error);
    if (!here)
        return NULL;
    const char *path =
        path_is_absolute(chosen->policy) ? path_clean(arena, chosen->policy) : path_join(arena, here, chosen->policy);
    if (path_is_within(path, checking->repository.root))
        return path_relative(arena, checking->repository.root, path);
    error_set(error, "--policy %s: lies outside of the repository", chosen->policy);
    return NULL;
}

static bool read_policy(struct checking *checking, struct error *error)
{
    const struct check_options *chosen = checking->chosen;
    const char *path = policy_path(checking, error);
    bool read = path && check_policy_read(checking->invocation->arena, checking->repository.source, path,
                                          chosen->policy, &checking->policy, error);
    if (chosen->kubernetes)
        checking->policy.kubernetes = chosen->kubernetes;
    checking->usage = !read;
    return read;
}

static void add_target(struct checking *checking, const char *name)
{
    struct name_list *targets = &checking->targets;
    const char **names = ARENA_ARRAY(checking->invocation->arena, targets->count + 1, const char *);
    for (size_t i = 0; i < targets->count; i++)
        names[i] = targets->names[i];
    names[targets->count++] = name;
    targets->names = names;
}

static struct check_work work_of(const struct checking *checking, bool whole, struct findings *findings)
{
    return (struct check_work){.policy = &checking->policy,
                               .whole = whole,
                               .today = checking->today,
                               .clone_url = checking->clone_url,
                               .findings = findings};
}

static bool judge_targets(struct checking *checking, const struct check_work *work, struct error *error)
{
    const struct check_judging judging = {&checking->policy, checking->repository.source, checking->today, work->whole,
                                          work->allowing};
    checking->usage = !check_policy_apply(&judging, work->findings, error);
    return !checking->usage;
}

static bool check_one_directory(struct checking *checking, const char *path, struct error *error)
{
    const char *name = path_clean(checking->invocation->arena, path);
    repository_close(&checking->repository);
    checking->repository = (struct repository){0};
    if (!repository_find(checking->invocation->arena, path, WITHOUT_GIT_SYSTEM, &checking->repository, error) ||
        !read_policy(checking, error))
        return false;
    struct findings *found = findings_new(checking->invocation->arena), *all = checking->findings;
    struct check_work work = work_of(checking, false, found);
    struct render_rules rules_of = {0};
    bool has_rules = checking->repository.has_git || checking->chosen->plugin.file;
    if (has_rules &&
        !plugin_rules_read(&checking->chosen->plugin, checking->invocation, &checking->repository, &rules_of, error))
        return false;
    check_directory(&checking->repository, checking->repository.directory, name, &rules_of, &work);
    if (!judge_targets(checking, &work, error))
        return false;
    checking->findings = found;
    localize_places(checking);
    checking->findings = all;
    findings_add_all(all, found, NULL);
    add_target(checking, name);
    return true;
}

static bool check_directories(struct checking *checking, const char *const *paths, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!check_one_directory(checking, paths[i], error))
            return false;
    return true;
}

/* The set cannot be made: what is wrong with the policy or with discovery is a finding like others. */
static void add_set_error(struct findings *findings, struct error *problem, const char *root)
{
    struct place place = {problem->file ? problem->file : root, problem->line, problem->column};
    check_add_error(findings, NULL, place, problem->message);
}

/* What is not rendered here is not checked, which is to be known. */
static void note_left(const struct render_set *set)
{
    struct text line = {0};
    render_set_note_left(set, &line);
    output_note(&line);
    text_free(&line);
}

/* One tree: the work tree, the index or a commit. */
static bool check_tree(const struct checking *checking, struct repository *repository, struct check_work *work,
                       struct error *error)
{
    struct render_set set = {0};
    const struct invocation *invocation = checking->invocation;
    struct error problem = {0};
    bool good = render_set_open(&set, invocation->arena, repository, checking->chosen->root, error);
    if (good) {
        render_set_keep_trees(&set, false);
        render_set_add_targets(&set, invocation->operands, invocation->operand_count);
        if (!plugin_rules_read(&checking->chosen->plugin, invocation, repository, &set.rules, error))
            good = false;
        set.rules.refuse_secrets = false; /* RA501 tells of every Secret, at its line */
        if (good && render_set_run(&set, (unsigned)checking->chosen->threads, &problem))
            check_render_set(&set, work);
        else if (good && invocation->operand_count)
            good = error_set(error, "%s", problem.message);
        else if (good)
            add_set_error(work->findings, &problem, set.root);
    }
    if (good && work->findings == checking->findings)
        note_left(&set);
    error_free(&problem);
    render_set_close(&set);
    return good;
}

static bool check_here(struct checking *checking, struct error *error)
{
    struct check_work work = work_of(checking, !checking->invocation->operand_count, checking->findings);
    if (!read_policy(checking, error) || !check_tree(checking, &checking->repository, &work, error))
        return false;
    checking->targets = work.targets;
    return judge_targets(checking, &work, error);
}

/* Without the user and the token that it may carry. */
static const char *find_clone_url(const struct checking *checking)
{
    const char *url = git_origin(checking->invocation->arena, checking->repository.root);
    return url ? url_without_user(checking->invocation->arena, url) : NULL;
}

static bool check_repository(struct checking *checking, struct error *error)
{
    if (!repository_find(checking->invocation->arena, ".", WITHOUT_GIT_HERE, &checking->repository, error))
        return false;
    if (checking->repository.has_git)
        checking->clone_url = find_clone_url(checking);
    return check_here(checking, error);
}

/* The commit from which COMMIT and this tree went apart. */
static bool find_base(struct history *history, const char *name, struct revision *out, struct error *error)
{
    const char *words[] = {"merge-base", name, "HEAD", NULL};
    struct text commit = {0};
    bool found = history_run(history, words, &commit, error);
    const char *id = arena_copy(history->arena, text_content(&commit), strcspn(text_content(&commit), "\n"));
    text_free(&commit);
    return found && history_find(history, id, out, error);
}

static bool check_base(struct checking *checking, struct history *history, const struct revision *base,
                       struct error *error)
{
    struct check_work before =
        work_of(checking, !checking->invocation->operand_count, findings_new(checking->invocation->arena));
    struct repository repository = {0};
    struct error problem = {0};
    if (!history_open_tree(history, base->tree, &repository, error))
        return false;
    if (check_tree(checking, &repository, &before, &problem))
        findings_take_away(checking->findings, before.findings);
    error_free(&problem); /* without a root set there, everything is new */
    repository_close(&repository);
    return true;
}

/* The files that annotations in a pull request can be about: those of its commits, or of the index. */
static bool note_changed(struct checking *checking, struct history *history, const struct revision *base,
                         const char *staged, struct error *error)
{
    struct revision head;
    struct changed_paths changed;
    if (!staged && !history_find(history, "HEAD", &head, error))
        return false;
    if (!changed_paths_find(history, base->tree, staged ? staged : head.tree, &changed, error))
        return false;
    checking->changed.names = ARENA_ARRAY(history->arena, changed.count + 1, const char *);
    for (size_t i = 0; i < changed.count; i++)
        checking->changed.names[checking->changed.count++] = changed.items[i].path;
    return true;
}

/* What is changed: the index or the work tree, less what the base has. */
static bool check_change(struct checking *checking, struct error *error)
{
    const struct check_options *chosen = checking->chosen;
    struct history history = {0};
    struct revision base = {0}, staged = {0};
    bool good = history_open(&history, checking->invocation->arena, ".", error) &&
                (!chosen->since || find_base(&history, chosen->since, &base, error)) &&
                (!chosen->staged || history_find_index(&history, &staged, error));
    if (good && chosen->staged)
        good = history_open_tree(&history, staged.tree, &checking->repository, error);
    else if (good)
        good = repository_find(checking->invocation->arena, ".", WITHOUT_GIT_HERE, &checking->repository, error);
    if (good && chosen->since)
        good = note_changed(checking, &history, &base, staged.tree, error);
    if (good)
        checking->clone_url = find_clone_url(checking);
    good = good && check_here(checking, error) && (!chosen->since || check_base(checking, &history, &base, error));
    repository_close(&checking->repository);
    checking->repository = (struct repository){0};
    history_close(&history);
    return good;
}

static bool check_secrets(struct checking *checking, struct error *error)
{
    struct history history = {0};
    if (checking->invocation->operand_count)
        return error_set(error, "--secrets looks at all files: leave '%s' out", checking->invocation->operands[0]);
    struct secret_scan scan = {checking->chosen->since, checking->chosen->staged, checking->findings};
    bool good = secret_scan(&scan, &history, &checking->repository, error) && read_policy(checking, error) &&
                judge_targets(checking, &(struct check_work){.findings = checking->findings}, error);
    repository_close(&checking->repository);
    checking->repository = (struct repository){0};
    history_close(&history);
    return good;
}

static bool find_findings(struct checking *checking, struct error *error)
{
    const struct invocation *invocation = checking->invocation;
    if (checking->chosen->secrets)
        return check_secrets(checking, error);
    const char *const *operands = invocation->operands;
    static const char *const here[] = {"."};
    size_t directories = 0;
    for (size_t i = 0; i < invocation->operand_count; i++)
        directories += names_directory(operands[i]);
    if (directories && directories < invocation->operand_count)
        return error_set(error, "name either Applications or directories, not both");
    if (directories && (checking->chosen->since || checking->chosen->staged))
        return error_set(error, "--since and --staged look at Applications, not at directories");
    if (checking->chosen->since || checking->chosen->staged)
        return check_change(checking, error);
    if (directories)
        return check_directories(checking, operands, directories, error);
    bool alone = !invocation->operand_count && !checking->chosen->root && is_kustomization_directory(".");
    return alone ? check_directories(checking, here, 1, error) : check_repository(checking, error);
}

/* What is told. */

static const char *source_line(void *context, const char *file, unsigned line)
{
    struct checking *checking = context;
    struct arena *arena = checking->invocation->arena;
    struct file_bytes bytes;
    struct error ignored = {0};
    const char *text = NULL;
    if (strcmp(checking->repository.root, "/") == 0) /* places are as seen from here: see localize */
        file = path_join(arena, working_directory(arena, &ignored), file) + 1;
    if (source_read(checking->repository.source, arena, file, &bytes, &ignored))
        text = bytes.bytes;
    error_free(&ignored);
    for (unsigned at = 1; text && at < line; at++)
        text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL;
    return text ? arena_copy(arena, text, strcspn(text, "\r\n")) : NULL;
}

static bool write_report(struct checking *checking, struct error *error)
{
    const struct check_options *chosen = checking->chosen;
    struct finding_report report = {.findings = checking->findings,
                                    .target_count = checking->targets.count,
                                    .targets = checking->targets.names,
                                    .verbose = chosen->verbose,
                                    .changed = checking->changed.names,
                                    .changed_count = checking->changed.count,
                                    .provides = check_provides,
                                    .version = ROOTAPP_VERSION,
                                    .line = checking->repository.source ? source_line : NULL,
                                    .context = checking};
    return check_output_write(&report, chosen->output.items, chosen->output.count, error);
}

static bool check_command_line(const struct invocation *invocation, struct error *error)
{
    const struct check_options *chosen = invocation->options;
    for (size_t i = 0; i < chosen->output.count; i++)
        if (!check_output_is_known(chosen->output.items[i], error))
            return false;
    if (chosen->kubernetes && !check_minor_version(chosen->kubernetes))
        return error_set(error, "--kubernetes %s: write 1.37, for example", chosen->kubernetes);
    return check_rule_names(invocation->arena, &chosen->rules, error) &&
           check_rule_names(invocation->arena, &chosen->skipped, error);
}

static enum severity least_severity(const struct check_options *chosen)
{
    enum severity least = chosen->secrets ? SEVERITY_WARNING : SEVERITY_ERROR;
    if (chosen->fail_on && strcmp(chosen->fail_on, "never") == 0)
        return SEVERITY_ERROR + 1;
    if (chosen->fail_on)
        severity_from(chosen->fail_on, &least);
    return least;
}

static bool is_failing(const struct checking *checking)
{
    for (size_t i = 0; i < checking->findings->count; i++)
        if (!checking->findings->items[i]->exception &&
            checking->findings->items[i]->severity >= least_severity(checking->chosen))
            return true;
    return false;
}

static int run_check(const struct invocation *invocation, struct error *error)
{
    const struct check_options *chosen = invocation->options;
    struct checking checking = {.invocation = invocation,
                                .chosen = chosen,
                                .findings = findings_new(invocation->arena),
                                .today = check_day(invocation->arena, chosen->today)};
    if (chosen->list_rules)
        return check_list_rules(error);
    if (chosen->explain)
        return check_explain(invocation->arena, chosen->explain, error);
    if (!check_command_line(invocation, error))
        return EXIT_USAGE;
    bool good = find_findings(&checking, error);
    check_choose(&chosen->rules, &chosen->skipped, checking.findings);
    findings_sort(checking.findings);
    good = good && write_report(&checking, error);
    repository_close(&checking.repository);
    if (checking.usage)
        return EXIT_USAGE;
    return !good || is_failing(&checking) ? EXIT_FAILED : EXIT_GOOD;
}

const struct command check_command = {
    .name = "check",
    .operands = "[APP[/ENV]... | DIR...]",
    .most_operands = OPERANDS_UNLIMITED,
    .summary = "tell what is wrong before it is merged",
    .description =
        "Renders all Applications that the RootApp finds, or those that the operands name, and tells what is wrong: "
        "what "
        "cannot be rendered, what Argo CD or Kubernetes would refuse, and what kustomize silently loses or changes. "
        "A directory with a kustomization is checked alone, without a RootApp.\n"
        "\n"
        "A fault is told once, at the line that causes it, with all targets that inherit it. On a terminal the line is "
        "shown; elsewhere each finding is one line, file:line:column: severity: message [rule] (targets). "
        "docs/checks.md explains the rules.\n"
        "\n"
        "The exit status is 0 if there is nothing at or above the severity of --fail-on, 1 if there is or if something "
        "cannot be read, and 2 if the command line or the check policy is wrong.",
    .examples = "rootapp check\n"
                "rootapp check apps/example-app/k8s/overlays/dev\n"
                "rootapp check -o text -o sarif=check.sarif\n"
                "rootapp check --explain RA104\n",
    .options = options,
    .options_size = sizeof(struct check_options),
    .run = run_check,
};
