/* adopt.c: proposes a policy that makes the Applications that are there. */
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "plugin/adopt/adoption.h"
#include "plugin/commands.h"
#include "plugin/run/fresh_directory.h"
#include "plugin/run/git_remote.h"
#include "plugin/run/output.h"

struct adopt_options {
    const char *file, *format, *repo_url, *revision;
    bool write;
};

static const char *const formats[] = {"text", "json", "policy", NULL};

static const struct option options[] = {
    OPTION_TEXT(struct adopt_options, file, 'f', "file", "FILE",
                "read the objects of a cluster from a file, or with - from standard input, and not those in the "
                "repository's files"),
    OPTION_CHOICE(struct adopt_options, format, 'o', "output", "FORMAT", formats,
                  "text (default), json, or policy: argo/root/rootapp.yaml alone"),
    OPTION_TEXT(struct adopt_options, repo_url, 0, "repo-url", "URL",
                "of this repository (default: that of most Applications, else git's origin)"),
    OPTION_TEXT(struct adopt_options, revision, 0, "revision", "NAME",
                "that is followed where an environment names no other (default: that of most)"),
    OPTION_SWITCH(struct adopt_options, write, 'w', "write", "write argo/root, too, where there is none"),
    OPTION_END,
};

enum { MOST_INPUT = 256 * 1024 * 1024 };

static bool read_all(const char *file, struct text *out, struct error *error)
{
    char buffer[65536];
    ssize_t got;
    out->limit = MOST_INPUT;
    if (strcmp(file, "-") != 0)
        return file_read(file, out) || error_set(error, "%s: cannot be read", file);
    while ((got = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
        text_bytes(out, buffer, (size_t)got);
    return (got == 0 && !out->failed) || error_set(error, "standard input cannot be read");
}

static bool read_objects(struct adoption *adoption, const struct adopt_options *chosen, struct text *input,
                         struct error *error)
{
    if (!chosen->file)
        return adoption_read_repository(adoption, error);
    const char *name = strcmp(chosen->file, "-") == 0 ? "standard input" : chosen->file;
    return read_all(chosen->file, input, error) &&
           adoption_read_text(adoption, name, text_content(input), input->size, error);
}

/* Why nothing is written: what was not understood, and what is left. */
static bool print_reasons(struct adoption *adoption, struct error *error)
{
    struct text out = {0};
    adoption_write_text(adoption, &out);
    bool good = output_print(&out, error);
    text_free(&out);
    return good && error_set(error, "no Application can be taken over, so nothing is written");
}

static bool write_root(struct adoption *adoption, struct error *error)
{
    static const char root[] = "argo/root";
    const char *kustomization = adoption_kustomization(adoption);
    const struct fresh_file files[] = {
        {.path = "kustomization.yaml", .bytes = kustomization, .size = strlen(kustomization)},
        {.path = "rootapp.yaml", .bytes = adoption->policy.bytes, .size = adoption->policy.size},
        {.path = "applications.yaml", .bytes = adoption->by_hand.bytes, .size = adoption->by_hand.size}};
    if (!adoption->policy.size)
        return print_reasons(adoption, error);
    if (source_kind(adoption->repository->source, root) != FILE_ABSENT)
        return error_set(error, "%s is there already, and nothing is written over it", root);
    return fresh_directory_write(adoption->arena, adoption->repository->root, root, files,
                                 adoption->by_hand.size ? 3 : 2, error);
}

static bool print_proposal(struct adoption *adoption, const struct adopt_options *chosen, struct error *error)
{
    struct text out = {0};
    const char *format = chosen->format ? chosen->format : "text";
    bool good = true;
    if (strcmp(format, "json") == 0)
        good = adoption_write_json(adoption, &out, error);
    else if (strcmp(format, "policy") == 0)
        text_bytes(&out, text_content(&adoption->policy), adoption->policy.size);
    else
        adoption_write_text(adoption, &out);
    good = good && output_print(&out, error);
    text_free(&out);
    return good;
}

static bool adopt_applications(struct adoption *adoption, const struct adopt_options *chosen, struct text *input,
                               struct error *error)
{
    if (!read_objects(adoption, chosen, input, error))
        return false;
    if (!adoption->object_count)
        return error_set(error, "no Application or ApplicationSet is %s; 'rootapp init' writes a policy without",
                         chosen->file ? "in it" : "in this repository's files");
    return adoption_find_applications(adoption, error) && adoption_propose(adoption, error) &&
           (!chosen->write || write_root(adoption, error)) && print_proposal(adoption, chosen, error) &&
           (!adoption->refusal || error_set(error, "the policy would not do: %s", adoption->refusal));
}

static int run_adopt(const struct invocation *invocation, struct error *error)
{
    const struct adopt_options *chosen = invocation->options;
    struct arena *arena = invocation->arena;
    struct repository repository;
    struct adoption adoption;
    struct text input = {0};
    if (!repository_find(arena, ".", WITHOUT_GIT_HERE, &repository, error))
        return EXIT_FAILED;
    const char *url = chosen->repo_url ? chosen->repo_url : git_origin(arena, repository.root);
    adoption_open(&adoption, arena, &repository, url ? url_without_user(arena, url) : NULL, chosen->repo_url != NULL,
                  chosen->revision);
    bool good = adopt_applications(&adoption, chosen, &input, error);
    adoption_close(&adoption);
    text_free(&input);
    repository_close(&repository);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

const struct command adopt_command = {
    .name = "adopt",
    .operands = "",
    .summary = "propose a policy that makes the Applications that are there",
    .description =
        "Reads the Applications, ApplicationSets and AppProjects of the repository's files, or with -f those of a "
        "cluster, and proposes argo/root/rootapp.yaml: a policy that makes the same Applications of the directories "
        "here. Says which of them it makes, field by field what would differ, which ones are left as they are and why, "
        "and the steps after which the roots have them and nothing was deleted or synced twice.\n"
        "\n"
        "Of ApplicationSets in files, the generators git (directories and files of this repository), list, clusters "
        "(with Argo CD's Secrets of clusters) and a matrix or merge of these are understood, with selectors. Templates "
        "of names, index and simple functions need nothing; for all of Go's language, sprig's functions and "
        "templatePatch, helm is run. What is not understood is named with its place; the objects of a cluster need no "
        "such guesses, because its Applications are there.\n"
        "\n"
        "Applications that no directory here stands for alone (charts of Helm repositories, other repositories, one "
        "chart "
        "for many apps) are written into argo/root/applications.yaml as they are.\n"
        "\n"
        "Nothing is changed, unless --write is given.",
    .examples = "rootapp adopt\n"
                "kubectl get applications,applicationsets,appprojects -A -o yaml | rootapp adopt -f -\n"
                "rootapp adopt -o policy >policy.yaml\n",
    .options = options,
    .options_size = sizeof(struct adopt_options),
    .run = run_adopt,
};
