/* verify_kustomize.c: runs the installed kustomize. */
#include <string.h>

#include "base/process.h"
#include "plugin/run/version.h"
#include "plugin/verify.h"

/* Where the judge is had. */
#define KUSTOMIZE_RELEASE "https://github.com/kubernetes-sigs/kustomize/releases/tag/kustomize/" KUSTOMIZE_VERSION
#define KUSTOMIZE_MODULE "sigs.k8s.io/kustomize/kustomize/v5@" KUSTOMIZE_VERSION

enum { DEFAULT_SECONDS = 60, MOST_OUTPUT = 256 * 1024 * 1024 };

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

/* A build by kustomize; into `output`, or to what it prints where that is NULL. */
struct their_build {
    const struct kustomize *kustomize;
    const struct dimension *dimension;
    const char *directory;
    struct comparison *comparison;
    const char *output;
};

static void run_theirs(const struct their_build *build)
{
    struct comparison *comparison = build->comparison;
    const struct dimension *dimension = build->dimension;
    const char *arguments[12] = {build->kustomize->program, "build", build->directory};
    size_t count = 3;
    const char *const values[][2] = {{"--load-restrictor", dimension->load_restrictor},
                                     {"--reorder", dimension->reorder},
                                     {"--output", build->output}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t j = 0; values[i][1] && j < 2; j++)
            arguments[count++] = values[i][j];
    if (dimension->managed_by_label)
        arguments[count++] = "--enable-managedby-label";
    long seconds = build->kustomize->seconds ? build->kustomize->seconds : DEFAULT_SECONDS;
    struct process process = {.arguments = arguments, .seconds = (unsigned)seconds, .output_limit = MOST_OUTPUT};
    struct process_end end;
    struct error error = {0};
    if (!process_run(&process, &end, &error))
        comparison->their_error = memory_string(error.message);
    else if (end.timed_out || end.too_large)
        comparison->their_error = memory_string(end.timed_out ? "takes too long (--timeout)" : "prints too much");
    else if (end.status)
        comparison->their_error = their_error_line(build->kustomize->prefix, &end.err);
    else if (!build->output) {
        comparison->theirs = end.out;
        end.out = (struct text){0};
    }
    process_end_free(&end);
    error_free(&error);
}

static bool run_into(void *context, const char *directory, struct error *error)
{
    struct their_build build = *(const struct their_build *)context;
    (void)error;
    build.output = directory;
    run_theirs(&build);
    return true;
}

void kustomize_build(const struct kustomize *kustomize, const struct dimension *dimension, const char *directory,
                     struct comparison *comparison)
{
    struct their_build build = {kustomize, dimension, directory, comparison, NULL};
    struct error error = {0};
    if (!dimension->files)
        run_theirs(&build);
    else if (!files_written(run_into, &build, &comparison->theirs, &error) && !comparison->their_error)
        comparison->their_error = memory_string(error.message);
    error_free(&error);
}

char *kustomize_ask_version(const char *program, struct error *error)
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
