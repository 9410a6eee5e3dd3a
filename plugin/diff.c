/* diff.c: shows what a change of the repository would do to every Application. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "plugin/change/remote_text.h"
#include "plugin/commands.h"
#include "plugin/helm_options.h"
#include "plugin/remote_options.h"
#include "plugin/run/compare.h"
#include "plugin/run/confine.h"
#include "plugin/run/output.h"
#include "plugin/run/pager.h"
#include "plugin/run/revisions.h"
#include "plugin/run/terminal.h"
#include "plugin/run/version.h"

struct diff_options {
    const char *format, *root, *into, *fail_on, *max_size, *full, *link, *title, *context;
    bool staged, stat, name_only, exit_code, summary;
    long threads;
    struct chart_options charts;
    struct fetch_options fetch;
};

static const char *const formats[] = {"text", "markdown", "json", "github", "patch", NULL};

static const struct option options[] = {
    OPTION_SWITCH(struct diff_options, staged, 0, "staged", "compare HEAD with the index, not with the work tree"),
    OPTION_CHOICE(struct diff_options, format, 'o', "output", "FORMAT", formats,
                  "text, markdown (a comment), json, github (annotations) or patch (default text)"),
    OPTION_SWITCH(struct diff_options, stat, 0, "stat", "only the Applications, with counts, and the risks"),
    OPTION_SWITCH(struct diff_options, name_only, 0, "name-only", "only the names of Applications that change"),
    OPTION_SWITCH(struct diff_options, summary, 0, "summary", "only the verdict, in one line"),
    OPTION_TEXT(struct diff_options, context, 'U', "unified", "N", "lines of context of a patch (default 3)"),
    OPTION_SWITCH(struct diff_options, exit_code, 0, "exit-code",
                  "exit with 0 where nothing changes, 1 where something does, 2 where that cannot be told"),
    OPTION_TEXT(struct diff_options, fail_on, 0, "fail-on", "LIST",
                "exit with 1 where a risk of one of these is found: danger, warning, or names of rules"),
    OPTION_TEXT(struct diff_options, max_size, 0, "max-size", "N",
                "of markdown, in UTF-16 units as GitHub counts (default 65000)"),
    OPTION_TEXT(struct diff_options, full, 0, "full", "FILE", "write the whole of the markdown there, too"),
    OPTION_TEXT(struct diff_options, link, 0, "link", "URL", "of the run that made the comment, for its last line"),
    OPTION_TEXT(struct diff_options, title, 0, "title", "TEXT", "of the comment"),
    OPTION_TEXT(struct diff_options, into, 0, "into", "BRANCH",
                "the branch that the change goes into: environments that follow another one are not rendered "
                "(default: BASE, where it is a branch)"),
    OPTION_TEXT(struct diff_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    OPTION_NUMBER(struct diff_options, threads, 'j', "jobs", "N", "1: render one side after the other"),
    HELM_OPTIONS(struct diff_options, charts),
    FETCH_OPTIONS(struct diff_options, fetch),
    OPTION_END,
};

enum { USUAL_SIZE = 65000, MEGABYTE = 1000 * 1000, LEAST_MEGABYTES = 2048, SECONDS = 600 };

/* Three quarters of what the machine has: a runner of CI is there for this alone. */
static long most_megabytes(void)
{
    long long bytes = (long long)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    long most = (long)(bytes / MEGABYTE * 3 / 4);
    return most > LEAST_MEGABYTES ? most : LEAST_MEGABYTES;
}

/* All of one call. */
struct call {
    const struct invocation *invocation;
    const struct diff_options *chosen;
    struct history history;
    struct comparison_form form;
    struct compare compare;
    struct report report;
    struct tree tree;
    FILE *full;
    bool color;   /* found before the process is confined, */
    size_t width; /* of the terminal; 0: there is none, */
    bool paged;   /* as the pager is started */
    struct pager pager;
};

static bool parse_number(const char *name, const char *text, size_t otherwise, size_t *out, struct error *error)
{
    char *end = NULL;
    *out = text ? strtoul(text, &end, 10) : otherwise;
    return !text || (*text >= '0' && *text <= '9' && !*end) || error_set(error, "%s: '%s' is no number", name, text);
}

/* Levels and rules between commas. */
static bool is_failure(const char *list, const struct risk *risk)
{
    for (size_t size; *list; list += size + (list[size] == ',')) {
        size = strcspn(list, ",");
        const char *level = risk_levels[risk->level], *rule = risk->rule->name;
        bool warning = size == 7 && strncmp(list, "warning", size) == 0 && risk->level >= RISK_WARNING;
        if (warning || (strlen(level) == size && strncmp(list, level, size) == 0) ||
            (strlen(rule) == size && strncmp(list, rule, size) == 0))
            return true;
    }
    return false;
}

static bool is_known(const char *name, size_t size)
{
    for (size_t i = 0; risk_levels[i]; i++)
        if (strlen(risk_levels[i]) == size && strncmp(risk_levels[i], name, size) == 0)
            return true;
    for (size_t i = 0; i < RISK_COUNT; i++)
        if (strlen(risk_rules[i].name) == size && strncmp(risk_rules[i].name, name, size) == 0)
            return true;
    return false;
}

static bool check_fail_on(const char *list, struct error *error)
{
    for (size_t size; list && *list; list += size + (list[size] == ',')) {
        size = strcspn(list, ",");
        if (!is_known(list, size))
            return error_set(error, "--fail-on: '%.*s' is no level and no rule; docs/commands/diff.md lists them",
                             (int)size, list);
    }
    return true;
}

/* What is compared may come from strangers. From here on nothing is executed, fetched, or written, unless options say
 * so. */
static bool confine_call(void *context, struct error *error)
{
    struct call *call = context;
    const struct compare_means *means = &call->compare.means;
    bool fetches = means->remote.access != REMOTE_REFUSED;
    struct confinement wanted = {.root = call->history.common,
                                 .cache = means->remote.cache,
                                 .network = fetches && !means->remote.offline,
                                 .execute = fetches || means->helm.enabled,
                                 .readable = history_object_directories(&call->history),
                                 .writable = call->history.temporary,
                                 .memory = most_megabytes(),
                                 .seconds = SECONDS,
                                 .processor = SECONDS};
    struct text missing = {0};
    call->paged = pager_begin(&call->pager);
    bool good = history_ready(&call->history, error) && confine(&wanted, &missing, error);
    text_free(&missing);
    return good;
}

static void describe_call(struct call *call)
{
    const struct comparison_form *form = &call->form;
    struct report *report = &call->report;
    report->arena = call->invocation->arena;
    call->tree = (struct tree){.arena = report->arena, .keys = intern_new(report->arena), .owner = UINT32_MAX};
    report->tree = &call->tree;
    report->base =
        (struct compared_revision){.name = form->base.name, .commit = form->base.commit, .tree = form->base.tree};
    report->head =
        (struct compared_revision){.name = form->head.name, .commit = form->head.commit, .tree = form->head.tree};
    report->merge = form->merge;
    report->title = call->chosen->title;
    report->link = call->chosen->link;
    report->program = "rootapp " ROOTAPP_VERSION;
    report->command = call->invocation->before
                          ? arena_format(report->arena, "rootapp diff %s", call->invocation->operands[0])
                          : "rootapp diff";
    if (form->note)
        note_comparison(report, form->note);
}

/* The files that a merge makes and that its commit has otherwise, as base has changed them, too. */
static bool find_merged(struct call *call, struct line_links *links, struct error *error)
{
    struct arena *arena = call->invocation->arena;
    struct name_list *except = ARENA_NEW(arena, struct name_list);
    struct text paths = {0};
    size_t room = 0;
    const char *const words[] = {"diff-tree",          "-r", "-z", "--name-only", call->form.head.commit,
                                 call->form.head.tree, NULL};
    bool good = history_run(&call->history, words, &paths, error);
    for (size_t at = 0; good && at < paths.size; at += strlen(paths.bytes + at) + 1) {
        except->names = arena_grow(arena, except->names, except->count, &room, sizeof *except->names);
        except->names[except->count++] = arena_string(arena, paths.bytes + at);
    }
    text_free(&paths);
    links->except = except;
    return good;
}

/* Lines are linked where the clone's origin is a server that we know, in the commits that are compared. */
static bool find_links(struct call *call, struct error *error)
{
    static const char remote[] = "origin";
    struct user_git git = {0};
    struct compared_revision *base = &call->report.base, *head = &call->report.head;
    if (!call->chosen->format || strcmp(call->chosen->format, "markdown") != 0)
        return true;
    if (!user_git_open(&git, &call->history, NULL, error))
        return false;
    if (base->commit)
        file_url(&git, remote, base->commit, &base->lines.before, &base->lines.between);
    if (head->commit)
        file_url(&git, remote, head->commit, &head->lines.before, &head->lines.between);
    user_git_close(&git);
    return !head->lines.before || !call->form.merge || find_merged(call, &head->lines, error);
}

static bool prepare_sides(struct call *call, struct error *error)
{
    const struct invocation *invocation = call->invocation;
    const struct diff_options *chosen = call->chosen;
    struct compare *compare = &call->compare;
    *compare =
        (struct compare){.arena = invocation->arena,
                         .history = &call->history,
                         .operands = invocation->operand_count ? invocation->operands + invocation->before : NULL,
                         .operand_count = invocation->operand_count - invocation->before,
                         .sequential = chosen->threads == 1,
                         .confine = confine_call,
                         .context = call};
    compare->means.helm = helm_options_read(&chosen->charts, invocation->arena, NULL);
    if (!fetch_options_read(&chosen->fetch, FETCH_FOR_OTHERS, invocation->arena, &compare->means.remote, error))
        return false;
    const char *revisions = invocation->before ? invocation->operands[0] : NULL;
    if (!history_open(&call->history, invocation->arena, ".", error) ||
        !comparison_form_find(&call->history, revisions, chosen->staged, &call->form, error))
        return false;
    compare->base_tree = call->form.base.tree;
    compare->head_tree = call->form.head.tree;
    compare->into = chosen->into ? chosen->into : call->form.into;
    compare->root = chosen->root ? path_join(invocation->arena, call->history.directory, chosen->root) : NULL;
    compare->root_is_given = chosen->root;
    call->color = terminal_has_color();
    call->width = isatty(STDOUT_FILENO) ? terminal_width() : 0;
    describe_call(call);
    return find_links(call, error);
}

static bool write_report(const struct call *call, struct error *error)
{
    const struct diff_options *chosen = call->chosen;
    const char *format = chosen->format ? chosen->format : "text";
    struct text_style style = {
        .color = call->color, .stat = chosen->stat, .names = chosen->name_only, .width = call->width};
    size_t size, context;
    struct text out = {0};
    if (!parse_number("--max-size", chosen->max_size, USUAL_SIZE, &size, error) ||
        !parse_number("-U", chosen->context, 3, &context, error))
        return false;
    if (chosen->summary)
        diff_write_summary(&call->report, &out);
    else if (strcmp(format, "markdown") == 0)
        diff_write_markdown(&call->report, size, &out);
    else if (strcmp(format, "json") == 0)
        diff_write_json(&call->report, &out);
    else if (strcmp(format, "github") == 0)
        diff_write_github(&call->report, &out);
    else if (strcmp(format, "patch") == 0)
        diff_write_patch(&call->report, (unsigned)context, &out);
    else
        diff_write_text(&call->report, &style, &out);
    bool good = output_print(&out, error);
    text_free(&out);
    return good;
}

static bool write_full(struct call *call, struct error *error)
{
    struct text out = {0};
    if (!call->full)
        return true;
    diff_write_markdown(&call->report, 0, &out);
    bool good = fwrite(text_content(&out), 1, out.size, call->full) == out.size && fflush(call->full) == 0;
    text_free(&out);
    return good || error_set(error, "--full %s: cannot be written", call->chosen->full);
}

static bool open_full(struct call *call, struct error *error)
{
    if (!call->chosen->full)
        return true;
    call->full = fopen(call->chosen->full, "we");
    return call->full || error_set(error, "--full %s: cannot be opened", call->chosen->full);
}

static int status_of(const struct call *call)
{
    const struct report *report = &call->report;
    bool broken = count_applications(report, APPLICATION_BROKEN);
    for (size_t i = 0; call->chosen->fail_on && i < report->risk_count; i++)
        if (!report->risks[i].allowed && is_failure(call->chosen->fail_on, &report->risks[i]))
            return EXIT_FAILED;
    if (call->chosen->exit_code)
        return broken ? EXIT_USAGE : anything_differs(report);
    return broken ? EXIT_FAILED : EXIT_GOOD;
}

static int run_diff(const struct invocation *invocation, struct error *error)
{
    struct call call = {.invocation = invocation, .chosen = invocation->options};
    int trouble = call.chosen->exit_code ? EXIT_USAGE : EXIT_FAILED;
    if (invocation->before > 1) {
        error_set(error,
                  "unexpected operand '%s'; Applications stand behind '--', and revisions are BASE, BASE...HEAD or "
                  "BASE..HEAD",
                  invocation->operands[1]);
        return EXIT_USAGE;
    }
    if (!check_fail_on(call.chosen->fail_on, error))
        return EXIT_USAGE;
    bool good =
        open_full(&call, error) && prepare_sides(&call, error) && compare_run(&call.compare, &call.report, error);
    if (good) {
        judge_changes(&call.report);
        good = write_report(&call, error) && write_full(&call, error);
    }
    if (call.paged)
        pager_end(&call.pager);
    int status = good ? status_of(&call) : trouble;
    compare_close(&call.compare);
    history_close(&call.history);
    if (call.full)
        fclose(call.full);
    return status;
}

const struct command diff_command = {
    .name = "diff",
    .operands = "[BASE | BASE...HEAD | BASE..HEAD] [-- APP[/ENV]...]",
    .most_operands = OPERANDS_UNLIMITED,
    .summary = "show what a change does to every Application",
    .description =
        "Renders what differs between two revisions, from git's objects, and shows what that changes: Applications "
        "that "
        "come, go, move or break, and of all others each field, with the line that it comes from. What is dangerous is "
        "said first.\n"
        "\n"
        "Without a revision, HEAD is compared with the work tree, or with the index (--staged). BASE, or BASE...HEAD, "
        "shows what merging HEAD (default: the commit that is checked out) would do to BASE, whatever happened on BASE "
        "meanwhile. BASE..HEAD compares the two as they are.\n"
        "\n"
        "Environments that follow another branch than the one that the change goes into are not affected, and not "
        "rendered. Secret values are never shown, only their lengths. Nothing of what is compared is executed or "
        "fetched, and the process is confined before it reads: a stranger's pull request can be compared. "
        "--enable-helm and --allow-host lift that as far as they say; until then what needs a chart or a remote base "
        "is shown as broken.\n"
        "\n"
        "Without a RootApp, each kustomization that no other one refers to counts as an Application.\n"
        "\n"
        "The exit status is 1 where an Application cannot be rendered, or --fail-on finds something.",
    .examples = "rootapp diff\n"
                "rootapp diff main\n"
                "rootapp diff --fail-on danger main...HEAD -- 'shop/*'\n",
    .options = options,
    .options_size = sizeof(struct diff_options),
    .run = run_diff,
};
