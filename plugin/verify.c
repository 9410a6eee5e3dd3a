/* verify.c: renders kustomizations with this engine and with kustomize, and compares. */
#include "plugin/verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "kustomize/engine.h"
#include "plugin/commands.h"
#include "plugin/run/directories.h"
#include "plugin/run/jobs.h"
#include "plugin/run/output.h"
#include "plugin/run/progress.h"
#include "plugin/run/render_set.h"

struct verify_options {
    const char *kustomize;
    const char *load_restrictor, *reorder;
    const char *format;
    long threads, seconds;
    const char *root;
    bool all, diff, verbose;
    bool managed_by_label, files, thorough;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct option options[] = {
    OPTION_SWITCH(struct verify_options, all, 'a', "all", "every kustomization, not only what the RootApp finds"),
    OPTION_SWITCH(struct verify_options, diff, 'd', "diff", "show what differs, as diff -u does"),
    OPTION_SWITCH(struct verify_options, managed_by_label, 0, "enable-managedby-label",
                  "as for build, for both programs"),
    OPTION_SWITCH(struct verify_options, files, 0, "files",
                  "compare what 'build -o DIRECTORY' writes, file by file, instead of what is printed"),
    OPTION_NUMBER(struct verify_options, threads, 'j', "jobs", "N", "render N at once (default: one per processor)"),
    OPTION_TEXT(struct verify_options, kustomize, 0, "kustomize", "PROGRAM",
                "the kustomize to compare with (default: the one on PATH)"),
    OPTION_CHOICE(struct verify_options, load_restrictor, 0, "load-restrictor", "NAME", load_restrictors,
                  "as for build, for both programs"),
    OPTION_CHOICE(struct verify_options, format, 'o', "output", "FORMAT", formats, "text or json (default text)"),
    OPTION_CHOICE(struct verify_options, reorder, 0, "reorder", "NAME", build_orders,
                  "as for build, for both programs"),
    OPTION_TEXT(struct verify_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    OPTION_SWITCH(struct verify_options, thorough, 0, "thorough",
                  "build each kustomization also with each flag of build that changes what is written, and as files"),
    OPTION_NUMBER(struct verify_options, seconds, 0, "timeout", "SECONDS",
                  "end a kustomize that takes longer (default 60)"),
    OPTION_SWITCH(struct verify_options, verbose, 'v', "verbose", "list what is the same as well"),
    OPTION_END,
};

static const char sharing_problem[] = "sharing bases changes the result, which is a mistake in rootapp";

enum { MOST_DIMENSIONS = 8 };

/* What each thread has: for each dimension an engine that shares bases and one that does not. */
struct verify_worker {
    struct session alone[MOST_DIMENSIONS], sharing[MOST_DIMENSIONS];
};

/* What all threads share; each writes to the comparisons whose numbers it got. */
struct verification {
    const struct verify_options *options;
    const struct repository *repository;
    struct kustomize kustomize;
    bool takes_all; /* not only what the RootApp finds */
    struct dimension dimensions[MOST_DIMENSIONS];
    size_t dimension_count;
    struct arena *arena;
    struct comparisons all;
    struct progress progress;
};

static void render_theirs(const struct verification *verification, struct comparison *comparison)
{
    struct arena *arena = arena_new();
    kustomize_build(&verification->kustomize, &verification->dimensions[comparison->dimension],
                    path_join(arena, verification->repository->root, comparison->directory), comparison);
    arena_free(arena);
}

static char *our_error_line(const struct repository *repository, struct error *error)
{
    struct arena *arena = arena_new();
    struct text line = {0};
    repository_localize(repository, arena, error);
    error_write(error, &line);
    char *copy = memory_copy(text_content(&line), line.size);
    text_free(&line);
    arena_free(arena);
    return copy;
}

/* Renders into `text`; the error, or NULL. */
static char *render_with(struct session *session, const char *directory, bool files, struct text *text)
{
    struct error error = {0};
    struct rendered rendered = {0};
    char *line = NULL;
    if (!session_build(session, directory, &rendered, &error) ||
        !(files ? files_of_rendered(&rendered, text, &error) : session_write(session, &rendered, text, &error)))
        line = our_error_line(session->options.repository, &error);
    rendered_free(&rendered);
    error_free(&error);
    return line;
}

static bool same_text(const struct text *left, const struct text *right)
{
    return left->size == right->size && memcmp(text_content(left), text_content(right), left->size) == 0;
}

/* Renders as `generate` does, and once more with what earlier renders left to be shared, as `render` does. */
static void render_ours(struct verify_worker *worker, struct comparison *comparison, bool files)
{
    struct text shared = {0};
    size_t which = comparison->dimension;
    comparison->our_error = render_with(&worker->alone[which], comparison->directory, files, &comparison->ours);
    char *error = render_with(&worker->sharing[which], comparison->directory, files, &shared);
    if (!error != !comparison->our_error || !same_text(&shared, &comparison->ours)) {
        free(comparison->our_error);
        comparison->our_error = memory_string(sharing_problem);
        comparison->shared_otherwise = true;
    }
    free(error);
    text_free(&shared);
}

/* Notes the first line that differs. */
static void find_difference(struct arena *arena, struct comparison *comparison, bool files)
{
    const struct text *left = &comparison->ours, *right = &comparison->theirs;
    size_t at = 0;
    comparison->line = 1;
    for (; at < left->size && at < right->size && left->bytes[at] == right->bytes[at]; at++)
        comparison->line += left->bytes[at] == '\n';
    if (files)
        comparison->file = file_of_difference(arena, left, at, &comparison->file_line);
}

static enum verdict judge_comparison(const struct comparison *comparison, bool met_rootapp)
{
    if (comparison->shared_otherwise)
        return VERDICT_ROOTAPP_REFUSES;
    if (met_rootapp && comparison->their_error)
        return VERDICT_NOT_COMPARED;
    if (comparison->our_error)
        return comparison->their_error ? VERDICT_BOTH_REFUSE : VERDICT_ROOTAPP_REFUSES;
    if (comparison->their_error)
        return VERDICT_KUSTOMIZE_REFUSES;
    return same_text(&comparison->ours, &comparison->theirs) ? VERDICT_SAME : VERDICT_DIFFERENT;
}

static void *begin_worker(void *context)
{
    const struct verification *verification = context;
    struct verify_worker *worker = memory_new(sizeof *worker);
    for (size_t i = 0; i < verification->dimension_count; i++) {
        const struct dimension *dimension = &verification->dimensions[i];
        struct session_options how = {.repository = verification->repository,
                                      .load_restrictor = dimension->load_restrictor,
                                      .managed_by_label = dimension->managed_by_label,
                                      .keeps_order = dimension->reorder && strcmp(dimension->reorder, "none") == 0};
        session_open(&worker->alone[i], &how);
        how.share_bases = true;
        session_open(&worker->sharing[i], &how);
    }
    return worker;
}

static void finish_worker(void *context, void *state)
{
    const struct verification *verification = context;
    struct verify_worker *worker = state;
    for (size_t i = 0; i < verification->dimension_count; i++) {
        session_close(&worker->alone[i]);
        session_close(&worker->sharing[i]);
    }
    free(worker);
}

static void compare_one(void *context, void *state, size_t index)
{
    struct verification *verification = context;
    struct verify_worker *worker = state;
    struct comparison *comparison = &verification->all.items[index];
    bool files = verification->dimensions[comparison->dimension].files;
    render_ours(worker, comparison, files);
    render_theirs(verification, comparison);
    comparison->verdict = judge_comparison(comparison, worker->alone[comparison->dimension].met_rootapp);
    if (comparison->verdict == VERDICT_DIFFERENT)
        return;
    text_free(&comparison->ours);
    text_free(&comparison->theirs);
}

static void is_done(void *context, size_t count)
{
    struct verification *verification = context;
    progress_show(&verification->progress, count, verification->all.count);
}

static void compare_all(struct verification *verification)
{
    struct comparisons *all = &verification->all;
    verification->progress = progress_begin("comparing");
    jobs_run(&(struct jobs){.count = all->count,
                            .threads = (unsigned)verification->options->threads,
                            .context = verification,
                            .begin = begin_worker,
                            .work = compare_one,
                            .end = finish_worker,
                            .done = is_done});
    progress_end(&verification->progress);
    for (size_t i = 0; i < all->count; i++) {
        struct comparison *one = &all->items[i];
        all->counts[one->verdict]++;
        if (one->verdict == VERDICT_DIFFERENT)
            find_difference(verification->arena, one, verification->dimensions[one->dimension].files);
    }
}

static bool write_all(const struct verification *verification, struct error *error)
{
    const struct verify_options *chosen = verification->options;
    struct text text = {0};
    bool good = true;
    if (chosen->format && strcmp(chosen->format, "json") == 0)
        good = comparisons_write_json(&verification->all, chosen->diff, &text, error);
    else
        comparisons_write_text(&verification->all, chosen->verbose, chosen->diff, &text);
    good = good && output_print(&text, error);
    text_free(&text);
    return good;
}

static void free_all(struct comparisons *all)
{
    for (size_t i = 0; i < all->count; i++) {
        free(all->items[i].our_error);
        free(all->items[i].their_error);
        text_free(&all->items[i].ours);
        text_free(&all->items[i].theirs);
    }
}

/* What the RootApp finds, and what that reads. */

static void add_name(struct map *names, const char *name)
{
    *map_slot(names, name, strlen(name)) = names;
}

static void add_read(struct session *session, struct arena *arena, const char *directory, struct map *names)
{
    struct reference_set references;
    struct error ignored = {0};
    add_name(names, arena_string(arena, directory)); /* the targets go with the render, the names stay */
    if (engine_scan(session->engine, arena, directory, &references, &ignored))
        for (size_t i = 0; i < references.directory_count; i++)
            add_name(names, references.directories[i]);
    error_free(&ignored);
}

static bool find_used(struct arena *arena, const struct repository *repository, const char *root, struct map *names,
                      struct error *error)
{
    struct session session;
    struct rendered rendered = {0};
    session_open(&session, &(struct session_options){.repository = repository, .everything = true});
    bool good = session_build(&session, root, &rendered, error) ||
                error_wrap(error, "the RootApp does not say what to compare (--all compares everything)");
    if (good)
        add_read(&session, arena, root, names);
    for (size_t i = 0; good && i < session.set.target_count; i++)
        if (session.set.targets[i].name)
            add_read(&session, arena, session.set.targets[i].path, names);
    rendered_free(&rendered);
    session_close(&session);
    return good;
}

/* Keeps those of the directories that are used; the others are counted. Without a RootApp, or where a directory was
 * named, all are kept. */
static bool choose_directories(struct arena *arena, const struct verification *verification,
                               struct name_list *directories, size_t *left_out, struct error *error)
{
    const struct repository *repository = verification->repository;
    struct map *names = map_new(arena);
    size_t kept = 0;
    *left_out = 0;
    if (verification->takes_all || !repository->has_git)
        return true;
    const char *given = verification->options->root;
    if (!given && source_kind(repository->source, "argo/root") != FILE_DIRECTORY)
        return true;
    const char *root = render_set_root(arena, repository, given, error);
    if (!root || !find_used(arena, repository, root, names, error))
        return false;
    for (size_t i = 0; i < directories->count; i++)
        if (map_find(names, directories->names[i], strlen(directories->names[i])))
            directories->names[kept++] = directories->names[i];
    *left_out = directories->count - kept;
    directories->count = kept;
    return true;
}

/* As they are written on a command line. */
static const char *dimension_flags(struct arena *arena, const struct dimension *dimension)
{
    struct text flags = {0};
    if (dimension->load_restrictor)
        text_format(&flags, " --load-restrictor %s", dimension->load_restrictor);
    if (dimension->reorder)
        text_format(&flags, " --reorder %s", dimension->reorder);
    text_string(&flags, dimension->managed_by_label ? " --enable-managedby-label" : "");
    text_string(&flags, dimension->files ? " -o DIRECTORY" : "");
    const char *copy = arena_copy(arena, text_content(&flags) + (flags.size > 0), flags.size - (flags.size > 0));
    text_free(&flags);
    return copy;
}

/* The flags that were given; with --thorough also those and one more of the others. */
static void choose_dimensions(struct verification *verification)
{
    const struct verify_options *chosen = verification->options;
    const struct dimension given = {chosen->load_restrictor, chosen->reorder, chosen->managed_by_label, chosen->files};
    struct dimension *items = verification->dimensions, none = given, unsorted = given, labelled = given, files = given;
    size_t count = 0;
    none.load_restrictor = "LoadRestrictionsNone";
    unsorted.reorder = "none";
    labelled.managed_by_label = files.files = true;
    items[count++] = given;
    if (chosen->thorough && !given.load_restrictor)
        items[count++] = none;
    if (chosen->thorough && !given.reorder)
        items[count++] = unsorted;
    if (chosen->thorough && !given.managed_by_label)
        items[count++] = labelled;
    if (chosen->thorough && !given.files)
        items[count++] = files;
    verification->dimension_count = count;
}

static bool verify_all(struct arena *arena, struct verification *verification, struct error *error)
{
    struct name_list directories;
    const struct repository *repository = verification->repository;
    struct comparisons *all = &verification->all;
    if (!directories_find(repository->source, arena, repository->directory, &directories, error))
        return false;
    if (!directories.count)
        return error_set(error, "%s: no kustomization file here or below", repository->directory);
    if (!choose_directories(arena, verification, &directories, &all->left_out, error))
        return false;
    all->items =
        ARENA_ARRAY(arena, memory_product(directories.count, verification->dimension_count), struct comparison);
    all->directory_count = directories.count;
    for (size_t i = 0; i < directories.count; i++)
        for (size_t j = 0; j < verification->dimension_count; j++)
            all->items[all->count++] = (struct comparison){
                .directory = directories.names[i],
                .shown = repository_local_path(repository, arena, directories.names[i]),
                .dimension = j,
                .flags = dimension_flags(arena, &verification->dimensions[j]),
            };
    compare_all(verification);
    bool good = write_all(verification, error);
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        good = good && (!all->counts[verdict] || verdict_is_good((enum verdict)verdict));
    free_all(all);
    return good;
}

static int run_verify(const struct invocation *invocation, struct error *error)
{
    const struct verify_options *chosen = invocation->options;
    struct repository repository;
    struct verification verification = {
        .options = chosen,
        .repository = &repository,
        .kustomize = {chosen->kustomize ? chosen->kustomize : "kustomize", "", chosen->seconds},
        .takes_all = chosen->all || invocation->operand_count,
        .arena = invocation->arena};
    choose_dimensions(&verification);
    if (!repository_find(invocation->arena, invocation->operand_count ? invocation->operands[0] : ".",
                         WITHOUT_GIT_SYSTEM, &repository, error))
        return EXIT_FAILED;
    const char *top = strcmp(repository.root, "/") == 0 ? working_directory(invocation->arena, error) : repository.root;
    verification.kustomize.prefix = top && strcmp(top, "/") != 0 ? arena_format(invocation->arena, "%s/", top) : "";
    char *version = kustomize_ask_version(verification.kustomize.program, error);
    verification.all.kustomize_version = version;
    bool good = version && verify_all(invocation->arena, &verification, error);
    free(version);
    repository_close(&repository);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

const struct command verify_command = {
    .name = "verify",
    .operands = "[DIR]",
    .most_operands = 1,
    .summary = "compare with the installed kustomize",
    .description =
        "Renders what the RootApp finds, and the bases and components that this reads, with this program and with the "
        "installed kustomize (" KUSTOMIZE_VERSION
        " is the one whose output is reproduced), and compares the bytes. --all takes every kustomization "
        "from the working directory on, as is done without a RootApp, and DIR those in it and below it.\n"
        "\n"
        "Lists what differs, what only one of the two renders, and counts everything. What both refuse counts as "
        "agreement. A "
        "directory with a RootApp, which kustomize does not know, is not compared. The exit status is 1 if anything "
        "differs. Symbolic links to directories are not followed.\n"
        "\n"
        "Both programs get the flags of build that are given here. --files compares what 'build -o DIRECTORY' writes, "
        "which kustomize formats otherwise than what it prints; --thorough builds everything with each of these flags.",
    .examples = "rootapp verify\n"
                "rootapp verify --diff apps/example-app\n"
                "rootapp verify --thorough\n"
                "rootapp verify -o json | jq -r '.kustomizations[] | select(.result == \"different\") | .directory'\n",
    .options = options,
    .options_size = sizeof(struct verify_options),
    .run = run_verify,
};
