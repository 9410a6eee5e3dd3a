/* argocd_files.c: files by which Argo CD changes an Application past the policy. */
#include <string.h>

#include "base/nearest.h"
#include "base/path.h"
#include "base/text.h"
#include "check/check.h"

static const char prefix[] = ".argocd-source-", suffix[] = ".yaml", for_all[] = ".argocd-source.yaml";

/* The Application that a file is for; NULL: it is none of these files. */
static const char *application_of(struct arena *arena, const char *file, const char *own)
{
    size_t size = strlen(file), ends = strlen(prefix) + strlen(suffix);
    if (strcmp(file, for_all) == 0)
        return own;
    if (size <= ends || strncmp(file, prefix, strlen(prefix)) != 0 || strcmp(file + size - strlen(suffix), suffix) != 0)
        return NULL;
    return arena_copy(arena, file + strlen(prefix), size - ends);
}

static const char **application_names(const struct check_input *input)
{
    const char **names = ARENA_ARRAY(input->arena, input->target_count + 1, const char *);
    for (size_t i = 0; i < input->target_count; i++)
        names[i] = input->targets[i].found ? input->targets[i].found->name : "";
    return names;
}

static void tell_stray(struct check_input *input, const struct check_target *target, const char *path, const char *name)
{
    const char **names = application_names(input), *near = nearest_name(name, names);
    struct span place = {path, 1, 1, 0, 0};
    if (string_in(names, name))
        check_report_in(input, target, RA747, place, NULL,
                        "Argo CD merges this file into the source of Application '%s', past the policy: what a render "
                        "here shows is not what it applies",
                        name);
    else
        check_report_in(input, target, RA747, place, NULL,
                        "there is no Application '%s' that this file is for" DID_YOU_MEAN, name, MEANT(near));
}

static void check_argocd_files(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++) {
        const struct check_target *target = &input->targets[i];
        struct name_list files;
        struct error ignored = {0};
        bool listed = target->found && source_list(input->source, input->arena, target->directory, &files, &ignored);
        error_free(&ignored);
        for (size_t j = 0; listed && j < files.count; j++) {
            const char *name = application_of(input->arena, files.names[j], target->found->name);
            if (name)
                tell_stray(input, target, path_join(input->arena, target->directory, files.names[j]), name);
        }
    }
}

static const enum rule_id ids[] = {RA747, RULE_COUNT};
const struct check argocd_files_check = {"argocd-files", ids, check_argocd_files};
