/* run.c: runs the user's helm, with homes of its own, and keeps what it pulls. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/path.h"
#include "base/process.h"
#include "base/text.h"
#include "kustomize/helm/helm.h"
#include "kustomize/text/url.h"

enum { SECONDS = 300, LARGEST_OUTPUT = 100 * 1024 * 1024, LONGEST_COMPLAINT = 2000, MOST_WORDS = 16 };

struct helm {
    struct helm_options options;
    struct remote *remote;
    struct arena *arena;
    const char *work; /* a directory of ours: homes and values */
    size_t files;
    bool ready;
};

struct helm *helm_new(const struct helm_options *options, struct remote *remote)
{
    struct helm *helm = memory_new(sizeof *helm);
    helm->options = *options;
    helm->remote = remote;
    return helm;
}

void helm_free(struct helm *helm)
{
    if (!helm)
        return;
    if (helm->work)
        directory_remove(helm->work);
    if (helm->arena)
        arena_free(helm->arena);
    free(helm);
}

static bool start_helm(struct helm *helm, struct error *error)
{
    if (!helm->arena)
        helm->arena = arena_new();
    if (!helm->work)
        helm->work = temporary_directory(helm->arena, NULL, error);
    return helm->work != NULL;
}

static const char *command_of(const struct helm *helm)
{
    return helm->options.command ? helm->options.command : "helm";
}

static const char *const *helm_environment(struct helm *helm, const char *config_home)
{
    const char *home = config_home ? config_home : path_join(helm->arena, helm->work, "helm");
    const char *const changes[] = {arena_format(helm->arena, "HELM_CONFIG_HOME=%s", home),
                                   arena_format(helm->arena, "HELM_CACHE_HOME=%s/.cache", home),
                                   arena_format(helm->arena, "HELM_DATA_HOME=%s/.data", home), NULL};
    return process_environment(helm->arena, changes);
}

/* What helm said, in one line of bounded length. */
static char *helm_complaint(struct arena *arena, const struct text *said)
{
    struct text out = {.limit = LONGEST_COMPLAINT};
    for (const char *line = text_content(said); *line; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t size = strcspn(line, "\n");
        if (size)
            text_format(&out, "%s%.*s", out.size ? "; " : "", (int)size, line);
    }
    char *copy = arena_string(arena, text_content(&out));
    text_free(&out);
    return copy;
}

static bool check_end(struct helm *helm, const char *what, const struct process_end *end, struct error *error)
{
    if (end->timed_out)
        return error_set(error, "%s: took longer than %d s", what, SECONDS);
    if (end->too_large)
        return error_set(error, "%s: printed more than %d bytes", what, LARGEST_OUTPUT);
    if (end->status != 0)
        return error_set(error, "%s: unable to run '%s' (exit status %d): %s", what, path_base(command_of(helm)),
                         end->status, helm_complaint(helm->arena, &end->err));
    return true;
}

bool helm_run(struct helm *helm, const char *what, const char *config_home, const char *const *words, struct text *out,
              struct error *error)
{
    struct process_end end;
    size_t count = 0;
    while (words[count])
        count++;
    const char **arguments = ARENA_ARRAY(helm->arena, count + 2, const char *);
    arguments[0] = command_of(helm);
    memcpy(arguments + 1, words, count * sizeof *words);
    struct process process = {.arguments = arguments,
                              .environment = helm_environment(helm, config_home),
                              .seconds = SECONDS,
                              .output_limit = LARGEST_OUTPUT};
    if (!process_run(&process, &end, error))
        return error_wrap(error, "%s: is helm installed?", what);
    bool good = check_end(helm, what, &end, error);
    if (good)
        text_bytes(out, text_content(&end.out), end.out.size);
    process_end_free(&end);
    return good;
}

/* The first number with a dot in it, as in v3.14.2. */
static unsigned long major_version(const char *text)
{
    for (; *text; text++) {
        size_t digits = strspn(text, "0123456789");
        if (digits && text[digits] == '.' && isdigit((unsigned char)text[digits + 1]))
            return strtoul(text, NULL, 10);
        text += digits ? digits - 1 : 0;
    }
    return 0;
}

bool helm_is_ready(struct helm *helm, struct error *error)
{
    static const char *const words[] = {"version", "--short", NULL};
    struct text said = {0};
    if (!helm->options.enabled)
        return error_set(error, "must specify --enable-helm");
    if (helm->ready)
        return true;
    if (!start_helm(helm, error) || !helm_run(helm, "helm version", NULL, words, &said, error))
        return false;
    unsigned long version = major_version(text_content(&said));
    helm->ready = version == 3 || version == 4;
    if (!helm->ready)
        error_set(error, "this plugin requires helm V3 or V4 but got '%s'", helm_complaint(helm->arena, &said));
    text_free(&said);
    return helm->ready;
}

const char *helm_file(struct helm *helm, const char *bytes, size_t size, struct error *error)
{
    const char *path = arena_format(helm->arena, "%s/values-%zu.yaml", helm->work, helm->files++);
    return file_replace(path, bytes, size, error) ? path : NULL;
}

/* Whether a version names one release for good: three numbers, and no range. */
static bool is_exact(const char *version)
{
    const char *at = version + (*version == 'v');
    for (int i = 0; i < 3; i++) {
        size_t digits = strspn(at, "0123456789");
        if (!digits || (i < 2 && at[digits] != '.'))
            return false;
        at += digits + (i < 2);
    }
    return !*at || ((*at == '-' || *at == '+') && !at[strcspn(at, " *<>=^~|,")]);
}

/* Pulls a chart into a directory: the words of kustomize's pullCommand. */
static bool pull_chart(void *context, const char *directory, struct error *error)
{
    const struct inflation *inflation = context;
    const struct helm_chart *chart = &inflation->chart;
    struct arena *arena = inflation->helm->arena;
    const char *words[MOST_WORDS] = {"pull", "--untar", "--untardir", directory};
    size_t count = 4, end = strlen(chart->repo);
    struct text said = {0};
    if (strncmp(chart->repo, "oci://", 6) == 0) {
        end -= chart->repo[end - 1] == '/';
        words[count++] = arena_format(arena, "%.*s/%s", (int)end, chart->repo, chart->name);
    } else {
        words[count++] = "--repo";
        words[count++] = chart->repo;
        words[count++] = chart->name;
    }
    if (*string_or_empty(chart->version)) {
        words[count++] = "--version";
        words[count++] = chart->version;
    }
    if (chart->devel)
        words[count++] = "--devel";
    const char *what =
        arena_format(arena, "helm pull of chart '%s' from '%s'", chart->name, url_without_secrets(arena, chart->repo));
    bool good = helm_run(inflation->helm, what, inflation->config_home, words, &said, error);
    text_free(&said);
    return good;
}

const struct source *helm_pull(struct inflation *inflation, struct error *error)
{
    const struct helm_chart *chart = &inflation->chart;
    const char *version = string_or_empty(chart->version);
    const char *const parts[] = {chart->repo, chart->name, version, chart->devel ? "devel" : "", NULL};
    return remote_directory(inflation->helm->remote, parts, is_exact(version), pull_chart, inflation, error);
}
