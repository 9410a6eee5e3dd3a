/* check.c: tells what is wrong with a repository before it is merged. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "finding/write.h"
#include "plugin/commands.h"
#include "plugin/run/checking.h"
#include "plugin/run/output.h"
#include "yaml/decode.h"

struct check_options {
    const char *root, *fail_on, *explain;
    struct option_list rules, skipped;
    bool list_rules, verbose;
    long threads;
};

static const char *const levels[] = {"error", "warning", "note", "never", NULL};

static const struct option options[] = {
    OPTION_CHOICE(struct check_options, fail_on, 0, "fail-on", "LEVEL", levels,
                  "exit 1 at findings of this severity and above: error (default), warning, note, never"),
    OPTION_LIST(struct check_options, rules, 0, "rule", "ID",
                "only this rule, by id, name or group (RA7); may be given several times"),
    OPTION_LIST(struct check_options, skipped, 0, "skip", "ID", "not this rule; may be given several times"),
    OPTION_SWITCH(struct check_options, verbose, 0, "verbose", "show what exceptions permit, too"),
    OPTION_TEXT(struct check_options, explain, 0, "explain", "ID", "say what a rule is about, and stop"),
    OPTION_SWITCH(struct check_options, list_rules, 0, "list-rules", "list the rules, and stop"),
    OPTION_NUMBER(struct check_options, threads, 'j', "jobs", "N", "render N at once (default: one per processor)"),
    OPTION_TEXT(struct check_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    OPTION_END,
};

/* What is checked, and what came of it. */
struct checking {
    const struct invocation *invocation;
    const struct check_options *chosen;
    struct repository repository;
    struct findings *findings;
    size_t target_count;
};

/* The rules as they are told. */

static int list_rules(struct error *error)
{
    struct text out = {0};
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (check_provides((enum rule_id)i))
            text_format(&out, "%s\t%-8s %s\t%s\n", rules[i].id, severity_text(rules[i].severity), rules[i].name,
                        rules[i].summary);
    bool good = output_print(&out, error);
    text_free(&out);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

static bool unknown_rule(struct arena *arena, const char *text, struct error *error)
{
    const char **names = ARENA_ARRAY(arena, 2 * RULE_COUNT + 1, const char *);
    for (size_t i = 0; i < RULE_COUNT; i++) {
        names[2 * i] = rules[i].id;
        names[2 * i + 1] = rules[i].name;
    }
    const char *near = nearest_name(text, names);
    return near ? error_set(error, "no rule '%s' (did you mean '%s'?)", text, near)
                : error_set(error, "no rule '%s'; 'rootapp check --list-rules' shows them", text);
}

static int explain(struct arena *arena, const char *id, struct error *error)
{
    const struct rule *rule = rule_find(id);
    struct text out = {0};
    if (!rule) {
        unknown_rule(arena, id, error);
        return EXIT_USAGE;
    }
    text_format(&out, "%s %s (%s, looks at %s)\n%s\n%s\nWhat to do: %s\n", rule->id, rule->name,
                severity_text(rule->severity), rule_scope_text(rule->scope), rule->summary, rule->why, rule->fix);
    if (*rule->traps)
        text_format(&out, "Not meant, or to be excepted: %s\n", rule->traps);
    text_format(&out, "To permit one: '# rootapp: allow %s until YYYY-MM-DD: reason' at its line.\n", rule->id);
    bool good = output_print(&out, error);
    text_free(&out);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

/* Which findings count. */

static bool check_rule_names(struct arena *arena, const struct option_list *list, struct error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        bool known = false;
        for (size_t k = 0; k < RULE_COUNT; k++)
            known = known || rule_matches(&rules[k], list->items[i]);
        if (!known)
            return unknown_rule(arena, list->items[i], error);
    }
    return true;
}

static bool is_listed(const struct option_list *list, const struct rule *rule)
{
    for (size_t i = 0; i < list->count; i++)
        if (rule_matches(rule, list->items[i]))
            return true;
    return false;
}

/* Findings of rules that nobody asks for are as if they were not there. */
static void choose_findings(const struct check_options *chosen, struct findings *findings)
{
    size_t kept = 0;
    for (size_t i = 0; i < findings->count; i++) {
        struct finding *finding = findings->items[i];
        bool wanted = !chosen->rules.count || is_listed(&chosen->rules, finding->rule);
        if (wanted && !is_listed(&chosen->skipped, finding->rule) && finding->severity != SEVERITY_OFF)
            findings->items[kept++] = finding;
    }
    findings->count = kept;
}

/* What is checked. */

static bool is_kustomization_directory(const char *path)
{
    static const char *const names[] = {"kustomization.yaml", "kustomization.yml", "Kustomization"};
    bool found = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct text text = {0};
        text_format(&text, "%s/%s", path, names[i]);
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
static void localize(struct checking *checking)
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

static bool check_one_directory(struct checking *checking, const char *path, struct error *error)
{
    repository_close(&checking->repository);
    checking->repository = (struct repository){0};
    if (!repository_find(checking->invocation->arena, path, WITHOUT_GIT_SYSTEM, &checking->repository, error))
        return false;
    struct findings *found = findings_new(checking->invocation->arena), *all = checking->findings;
    check_directory(&checking->repository, checking->repository.directory,
                    path_clean(checking->invocation->arena, path), found);
    checking->findings = found;
    localize(checking);
    checking->findings = all;
    findings_add_all(all, found, NULL);
    checking->target_count++;
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
static void add_set_error(struct checking *checking, struct error *problem, const char *root)
{
    struct place place = {problem->file ? problem->file : root, problem->line, problem->column};
    check_add_error(checking->findings, NULL, place, problem->message);
    error_free(problem);
}

static bool check_repository(struct checking *checking, const char *const *operands, size_t count, struct error *error)
{
    struct render_set set = {0};
    struct arena *arena = checking->invocation->arena;
    struct error problem = {0};
    bool good = repository_find(arena, ".", WITHOUT_GIT_HERE, &checking->repository, error) &&
                render_set_open(&set, arena, &checking->repository, checking->chosen->root, error);
    if (good) {
        render_set_keep_trees(&set);
        render_set_add_targets(&set, operands, count);
        if (render_set_run(&set, (unsigned)checking->chosen->threads, &problem))
            checking->target_count = check_render_set(&set, count == 0, checking->findings);
        else if (count)
            good = error_set(error, "%s", problem.message);
        else
            add_set_error(checking, &problem, set.root);
    }
    error_free(&problem);
    render_set_close(&set);
    return good;
}

static bool find_findings(struct checking *checking, struct error *error)
{
    const struct invocation *invocation = checking->invocation;
    const char *const *operands = invocation->operands;
    static const char *const here[] = {"."};
    size_t directories = 0;
    for (size_t i = 0; i < invocation->operand_count; i++)
        directories += names_directory(operands[i]);
    if (directories && directories < invocation->operand_count)
        return error_set(error, "name either Applications or directories, not both");
    if (directories)
        return check_directories(checking, operands, directories, error);
    bool alone = !invocation->operand_count && !checking->chosen->root && is_kustomization_directory(".");
    return alone ? check_directories(checking, here, 1, error)
                 : check_repository(checking, operands, invocation->operand_count, error);
}

/* What is told. */

static const char *source_line(void *context, const char *file, unsigned line)
{
    struct checking *checking = context;
    struct arena *arena = checking->invocation->arena;
    struct file_bytes bytes;
    struct error ignored = {0};
    const char *text = NULL;
    if (source_read(checking->repository.source, arena, file, &bytes, &ignored))
        text = bytes.bytes;
    error_free(&ignored);
    for (unsigned at = 1; text && at < line; at++)
        text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL;
    return text ? arena_copy(arena, text, strcspn(text, "\r\n")) : NULL;
}

static bool write_report(struct checking *checking, struct error *error)
{
    struct finding_report report = {.findings = checking->findings,
                                    .target_count = checking->target_count,
                                    .verbose = checking->chosen->verbose,
                                    .line = source_line,
                                    .context = checking};
    struct text out = {0}, summary = {0};
    bool terminal = isatty(STDOUT_FILENO);
    if (terminal)
        write_findings_terminal(&report, !getenv("NO_COLOR"), &out);
    else
        write_findings_lines(&report, &out);
    write_findings_summary(&report, terminal ? &out : &summary);
    text_byte(terminal ? &out : &summary, '\n');
    bool good = output_print(&out, error);
    output_note(&summary);
    text_free(&out);
    text_free(&summary);
    return good;
}

static enum severity least_severity(const struct check_options *chosen)
{
    enum severity least = SEVERITY_ERROR;
    if (chosen->fail_on && strcmp(chosen->fail_on, "never") == 0)
        return SEVERITY_ERROR + 1;
    if (chosen->fail_on)
        severity_from(chosen->fail_on, &least);
    return least;
}

static bool fails(const struct checking *checking)
{
    for (size_t i = 0; i < checking->findings->count; i++)
        if (!checking->findings->items[i]->exception &&
            checking->findings->items[i]->severity >= least_severity(checking->chosen))
            return true;
    return false;
}

static int run(const struct invocation *invocation, struct error *error)
{
    const struct check_options *chosen = invocation->options;
    struct checking checking = {
        .invocation = invocation, .chosen = chosen, .findings = findings_new(invocation->arena)};
    if (chosen->list_rules)
        return list_rules(error);
    if (chosen->explain)
        return explain(invocation->arena, chosen->explain, error);
    if (!check_rule_names(invocation->arena, &chosen->rules, error) ||
        !check_rule_names(invocation->arena, &chosen->skipped, error))
        return EXIT_USAGE;
    bool good = find_findings(&checking, error);
    choose_findings(chosen, checking.findings);
    findings_sort(checking.findings);
    good = good && write_report(&checking, error);
    repository_close(&checking.repository);
    return !good || fails(&checking) ? EXIT_FAILED : EXIT_GOOD;
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
        "cannot be read, and 2 if the command line is wrong.",
    .examples = "rootapp check\n"
                "rootapp check apps/example-app/k8s/overlays/dev\n"
                "rootapp check --explain RA104\n",
    .options = options,
    .options_size = sizeof(struct check_options),
    .run = run,
};
