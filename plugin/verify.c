/* verify.c: renders kustomizations with this engine and with kustomize, and compares. */
#include "plugin/verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "base/process.h"
#include "kustomize/engine.h"
#include "plugin/commands.h"
#include "plugin/run/directories.h"
#include "plugin/run/jobs.h"
#include "plugin/run/output.h"
#include "plugin/run/progress.h"
#include "plugin/run/render_set.h"
#include "plugin/run/version.h"

struct verify_options {
    const char *kustomize;
    const char *load_restrictor;
    const char *format;
    long threads, seconds;
    const char *root;
    bool all, diff, verbose;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct option options[] = {
    OPTION_SWITCH(struct verify_options, all, 'a', "all", "every kustomization, not only what the RootApp finds"),
    OPTION_SWITCH(struct verify_options, diff, 'd', "diff", "show what differs, as diff -u does"),
    OPTION_NUMBER(struct verify_options, threads, 'j', "jobs", "N", "render N at once (default: one per processor)"),
    OPTION_TEXT(struct verify_options, kustomize, 0, "kustomize", "PROGRAM",
                "the kustomize to compare with (default: the one on PATH)"),
    OPTION_CHOICE(struct verify_options, load_restrictor, 0, "load-restrictor", "NAME", load_restrictors,
                  "as for build, for both programs"),
    OPTION_CHOICE(struct verify_options, format, 'o', "output", "FORMAT", formats, "text or json (default text)"),
    OPTION_TEXT(struct verify_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    OPTION_NUMBER(struct verify_options, seconds, 0, "timeout", "SECONDS",
                  "end a kustomize that takes longer (default 60)"),
    OPTION_SWITCH(struct verify_options, verbose, 'v', "verbose", "list what is the same as well"),
    OPTION_END,
};

/* Where the judge is had. */
#define KUSTOMIZE_RELEASE "https://github.com/kubernetes-sigs/kustomize/releases/tag/kustomize/" KUSTOMIZE_VERSION
#define KUSTOMIZE_MODULE "sigs.k8s.io/kustomize/kustomize/v5@" KUSTOMIZE_VERSION

enum { DEFAULT_SECONDS = 60, MOST_OUTPUT = 256 * 1024 * 1024 };

static const char sharing_problem[] = "sharing bases changes the result, which is a mistake in rootapp";

/* What each thread has. */
struct worker {
    struct session alone, sharing;
};

/* What all threads share; each writes to the comparisons whose numbers it got. */
struct verification {
    const struct verify_options *options;
    const struct repository *repository;
    const char *program;
    const char *prefix; /* of the paths in kustomize's messages, which are absolute */
    bool takes_all;     /* not only what the RootApp finds */
    struct comparisons all;
    struct progress progress;
};

/* The first line of kustomize's error, without the machine's paths. */
static char *their_error_line(const char *prefix, const struct text *err)
{
    const char *start = strstr(text_content(err), "Error: ");
    start = start ? start + strlen("Error: ") : text_content(err);
    const char *end = start + strcspn(start, "\n");
    size_t size = strlen(prefix);
    struct text line = {0};
    while (start < end) {
        const char *hit = size ? strstr(start, prefix) : NULL;
        if (!hit || hit > end)
            hit = end;
        text_bytes(&line, start, (size_t)(hit - start));
        start = hit == end ? end : hit + size;
    }
    char *copy = memory_copy(text_content(&line), line.size);
    text_free(&line);
    return copy;
}

static void render_theirs(const struct verification *verification, struct comparison *comparison)
{
    struct arena *arena = arena_new();
    const char *restrictor = verification->options->load_restrictor;
    const char *directory = path_join(arena, verification->repository->root, comparison->directory);
    const char *arguments[] = {
        verification->program, "build", directory, restrictor ? "--load-restrictor" : NULL, restrictor, NULL};
    long seconds = verification->options->seconds ? verification->options->seconds : DEFAULT_SECONDS;
    struct process process = {.arguments = arguments, .seconds = (unsigned)seconds, .output_limit = MOST_OUTPUT};
    struct process_end end;
    struct error error = {0};
    if (!process_run(&process, &end, &error))
        comparison->their_error = memory_string(error.message);
    else if (end.timed_out || end.too_large)
        comparison->their_error = memory_string(end.timed_out ? "takes too long (--timeout)" : "prints too much");
    else if (end.status)
        comparison->their_error = their_error_line(verification->prefix, &end.err);
    else {
        comparison->theirs = end.out;
        end.out = (struct text){0};
    }
    process_end_free(&end);
    error_free(&error);
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
static char *render_with(struct session *session, const char *directory, struct text *text)
{
    struct error error = {0};
    struct rendered rendered = {0};
    char *line = NULL;
    if (!session_build(session, directory, &rendered, &error) || !session_write(session, &rendered, text, &error))
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
static void render_ours(struct worker *worker, struct comparison *comparison)
{
    struct text shared = {0};
    comparison->our_error = render_with(&worker->alone, comparison->directory, &comparison->ours);
    char *error = render_with(&worker->sharing, comparison->directory, &shared);
    bool same = !error == !comparison->our_error && same_text(&shared, &comparison->ours);
    if (!same && !comparison->our_error)
        comparison->our_error = error ? error : memory_string(sharing_problem);
    if (comparison->our_error != error)
        free(error);
    text_free(&shared);
}

static size_t first_difference(const struct text *left, const struct text *right)
{
    size_t line = 1;
    for (size_t i = 0; i < left->size && i < right->size && left->bytes[i] == right->bytes[i]; i++)
        line += left->bytes[i] == '\n';
    return line;
}

static enum verdict judge_comparison(const struct comparison *comparison, bool met_rootapp)
{
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
    struct worker *worker = memory_new(sizeof *worker);
    struct session_options how = {.repository = verification->repository,
                                  .load_restrictor = verification->options->load_restrictor};
    session_open(&worker->alone, &how);
    how.share_bases = true;
    session_open(&worker->sharing, &how);
    return worker;
}

static void finish_worker(void *context, void *state)
{
    struct worker *worker = state;
    (void)context;
    session_close(&worker->alone);
    session_close(&worker->sharing);
    free(worker);
}

static void compare_one(void *context, void *state, size_t index)
{
    struct verification *verification = context;
    struct worker *worker = state;
    struct comparison *comparison = &verification->all.items[index];
    render_ours(worker, comparison);
    render_theirs(verification, comparison);
    comparison->verdict = judge_comparison(comparison, worker->alone.met_rootapp);
    if (comparison->verdict == VERDICT_DIFFERENT) {
        comparison->line = first_difference(&comparison->ours, &comparison->theirs);
        return;
    }
    text_free(&comparison->ours);
    text_free(&comparison->theirs);
}

static void is_done(void *context, size_t count)
{
    struct verification *verification = context;
    progress_show(&verification->progress, count, verification->all.count);
}

/* Asks for the version first: a program that is not there is one error, not one for each directory. */
static char *ask_version(const char *program, struct error *error)
{
    const char *arguments[] = {program, "version", NULL};
    struct process_end end;
    struct process process = {.arguments = arguments, .seconds = DEFAULT_SECONDS, .output_limit = MOST_OUTPUT};
    if (!process_run(&process, &end, error)) {
        error_wrap(error, "verify needs kustomize " KUSTOMIZE_VERSION " (" KUSTOMIZE_RELEASE
                          ", or go install " KUSTOMIZE_MODULE "; --kustomize PROGRAM)");
        return NULL;
    }
    char *version = end.status ? NULL : memory_copy(text_content(&end.out), strcspn(text_content(&end.out), "\n"));
    if (!version)
        error_set(error, "'%s version' failed with exit status %d", program, end.status);
    process_end_free(&end);
    return version;
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
    for (size_t i = 0; i < all->count; i++)
        all->counts[all->items[i].verdict]++;
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
    all->items = ARENA_ARRAY(arena, directories.count, struct comparison);
    all->count = directories.count;
    for (size_t i = 0; i < all->count; i++)
        all->items[i] = (struct comparison){
            .directory = directories.names[i],
            .shown = repository_local_path(repository, arena, directories.names[i]),
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
    struct verification verification = {.options = chosen,
                                        .repository = &repository,
                                        .program = chosen->kustomize ? chosen->kustomize : "kustomize",
                                        .takes_all = chosen->all || invocation->operand_count};
    if (!repository_find(invocation->arena, invocation->operand_count ? invocation->operands[0] : ".",
                         WITHOUT_GIT_SYSTEM, &repository, error))
        return EXIT_FAILED;
    const char *top = strcmp(repository.root, "/") == 0 ? working_directory(invocation->arena, error) : repository.root;
    verification.prefix = top && strcmp(top, "/") != 0 ? arena_format(invocation->arena, "%s/", top) : "";
    char *version = ask_version(verification.program, error);
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
        "differs. Symbolic links to directories are not followed.",
    .examples = "rootapp verify\n"
                "rootapp verify --diff apps/example-app\n"
                "rootapp verify -o json | jq -r '.kustomizations[] | select(.result == \"different\") | .directory'\n",
    .options = options,
    .options_size = sizeof(struct verify_options),
    .run = run_verify,
};
