/* report.c: writes one page of which version is where. */
#include <string.h>

#include "generator/policy.h"
#include "plugin/as_plugin.h"
#include "plugin/commands.h"
#include "plugin/report/last_commits.h"
#include "plugin/report/page.h"
#include "plugin/run/checking.h"
#include "plugin/run/history.h"
#include "plugin/run/output.h"
#include "plugin/run/uncommitted.h"

struct report_options {
    struct plugin_options plugin;
    const char *output, *root, *environment, *team, *today;
    long threads;
};

static const struct option options[] = {
    OPTION_TEXT(struct report_options, output, 'o', "output", "FILE", "write to this file (default: standard output)"),
    OPTION_TEXT(struct report_options, environment, 0, "env", "ENV", "only what is in this environment"),
    OPTION_TEXT(struct report_options, team, 0, "team", "TEAM", "only what belongs to this team"),
    OPTION_TEXT(struct report_options, today, 0, "today", "DATE", "the day on which exceptions are judged"),
    OPTION_NUMBER(struct report_options, threads, 'j', "jobs", "N", "render N at once (default: one per processor)"),
    OPTION_TEXT(struct report_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    PLUGIN_OPTIONS(struct report_options, plugin),
    OPTION_END,
};

/* Findings of targets that are not shown are left out, as are those of no target where not all are shown. */
static void choose_findings(const struct target_filter *filter, const struct render_set *set, struct findings *findings)
{
    size_t kept = 0;
    bool narrowed = filter->operand_count || filter->environment || filter->team;
    for (size_t i = 0; i < findings->count; i++) {
        struct finding *finding = findings->items[i];
        bool shown = !narrowed;
        for (size_t k = 0; k < set->target_count && !shown; k++) {
            const struct render_job *job = render_set_job(set, &set->targets[k]);
            for (size_t t = 0; job && filter_selects(filter, &set->targets[k]) && t < finding->target_count; t++)
                shown = shown || strcmp(finding->targets[t], job->name) == 0;
        }
        if (shown && finding->severity != SEVERITY_OFF)
            findings->items[kept++] = finding;
    }
    findings->count = kept;
}

static bool find_findings(const struct invocation *invocation, const struct render_set *set, struct findings *findings,
                          struct error *error)
{
    const struct report_options *chosen = invocation->options;
    struct arena *arena = invocation->arena;
    struct check_policy policy = {0};
    const char *path = arena_format(arena, "%s/check.yaml", set->root);
    if (!check_policy_read(arena, set->repository->source, path, false, &policy, error))
        return false;
    struct check_work work = {
        .policy = &policy, .whole = true, .today = check_day(arena, chosen->today), .findings = findings};
    check_render_set(set, &work);
    const struct check_judging judging = {&policy, set->repository->source, work.today, true, work.allowing};
    if (!check_policy_apply(&judging, findings, error))
        return false;
    findings_sort(findings);
    return true;
}

/* The commit, whether files differ from it, and each target's last one; nothing where git has no answer. */
static void ask_git(struct board *board, const struct render_set *set, struct page_source *source)
{
    static const char *const head[] = {"rev-parse", "--verify", "--quiet", "HEAD", NULL};
    enum { SHOWN = 12 };
    struct history history = {0};
    struct text commit = {0};
    struct error ignored = {0};
    if (history_open(&history, board->arena, ".", &ignored) &&
        history_try(&history, head, &commit, NULL, &ignored) == 0) {
        struct name_list changed = uncommitted_files(board->arena, set->repository->root);
        source->commit = arena_copy(board->arena, text_content(&commit), commit.size < SHOWN ? commit.size : SHOWN);
        source->changed = changed.count > 0;
        for (size_t i = 0; i < board->target_count; i++)
            board->targets[i].uncommitted = is_uncommitted(set, board->targets[i].row.target, &changed);
        last_commits_find(board, set, &history);
    }
    history_close(&history);
    text_free(&commit);
    error_free(&ignored);
}

static bool write_page(const struct invocation *invocation, const struct render_set *set,
                       const struct target_filter *filter, const struct findings *findings, struct error *error)
{
    const struct report_options *chosen = invocation->options;
    struct board board;
    struct page_source source = {.repository = set->session.set.policy->repo_url};
    struct text out = {0};
    board_read(&board, set, filter, findings);
    ask_git(&board, set, &source);
    page_write(&board, &source, &out);
    bool to_file = chosen->output && strcmp(chosen->output, "-") != 0;
    bool good = to_file ? output_file(chosen->output, &out, error) : output_print(&out, error);
    text_free(&out);
    return good;
}

/* All is rendered and checked whatever is shown, so that findings about several apps are the same. */
static bool make_report(const struct invocation *invocation, struct render_set *set, struct error *error)
{
    const struct report_options *chosen = invocation->options;
    struct findings *findings = findings_new(invocation->arena);
    struct target_filter filter = set->filter;
    filter.operands = invocation->operands;
    filter.operand_count = invocation->operand_count;
    filter.environment = chosen->environment;
    filter.team = chosen->team;
    filter.skipped = set->filter.skipped = true;
    render_set_keep_trees(set, true);
    render_set_add_targets(set, NULL, 0);
    if (!plugin_rules_read(&chosen->plugin, invocation, set->repository, &set->rules, error))
        return false;
    set->rules.refuse_secrets = false; /* as `check` does: RA501 tells of every Secret */
    if (!render_set_run(set, (unsigned)chosen->threads, error) ||
        !filter_check(&filter, set->targets, set->target_count, invocation->arena, error) ||
        !find_findings(invocation, set, findings, error))
        return false;
    choose_findings(&filter, set, findings);
    return write_page(invocation, set, &filter, findings, error);
}

static int run_report(const struct invocation *invocation, struct error *error)
{
    const struct report_options *chosen = invocation->options;
    struct repository repository;
    struct render_set set = {0};
    if (!repository_find(invocation->arena, ".", WITHOUT_GIT_HERE, &repository, error))
        return EXIT_FAILED;
    bool good = render_set_open(&set, invocation->arena, &repository, chosen->root, error) &&
                make_report(invocation, &set, error);
    render_set_close(&set);
    repository_close(&repository);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

const struct command report_command = {
    .name = "report",
    .operands = "[APP[/ENV]... | DIR...]",
    .most_operands = OPERANDS_UNLIMITED,
    .summary = "write a page of which version is where, and what is wrong",
    .description =
        "Writes one page of HTML that needs no cluster, no network and no script: a table of apps and environments "
        "with the version and the replicas that each runs, what 'rootapp check' finds there, and whether an "
        "environment is behind the one before it, and by how many versions. Its last column shows the 'rootapp "
        "promote' that would bring the "
        "next version on. Below are all findings, by rule. A section for each app shows what its environments set "
        "differently besides images and replicas, and for each target its Application, its images, its resources as a "
        "picture, and the last commit that changed something that its render reads. Secrets are hidden. The page "
        "follows the reader's choice of light or dark; printed, it is the table and what is open.\n"
        "\n"
        "Everything that is checked is shown, whatever its severity, but for what exceptions permit. Operands, --env "
        "and --team choose what is shown, as for 'rootapp list'.\n"
        "\n"
        "The same commit gives the same bytes, apart from exceptions that end: --today fixes the day. The exit status "
        "is 0 once the page is written, whatever it tells.",
    .examples = "rootapp report -o report.html\n"
                "rootapp report --env prod > prod.html\n",
    .options = options,
    .options_size = sizeof(struct report_options),
    .run = run_report,
};
