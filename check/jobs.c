/* jobs.c: Jobs that Argo CD makes again and again, or cannot change. */
#include <string.h>

#include "check/workloads.h"

static bool is_hook(const struct check_object *object)
{
    return object_annotation(object, "argocd.argoproj.io/hook") || object_annotation(object, "helm.sh/hook");
}

/* What removes the Job before it makes the new one. */
static bool is_replaced(const struct check_object *object)
{
    const char *options = object_annotation(object, "argocd.argoproj.io/sync-options");
    return options && strstr(options, "Replace=true");
}

static void check_end(struct check_input *input, const struct check_target *target, const struct check_object *job)
{
    const struct node *seconds = node_find(node_find(job->root, "spec"), "ttlSecondsAfterFinished");
    long value;
    if (!node_number(seconds, &value))
        return;
    if (!is_hook(job))
        check_report(
            input, target, RA123, seconds->origin, job,
            "Job '%s' is removed %ld seconds after it has ended, and Argo CD makes it again: it runs with each "
            "sync; make it a hook, or leave ttlSecondsAfterFinished out",
            job->name, value);
    else if (value == 0)
        check_report(input, target, RA123, seconds->origin, job,
                     "Job '%s' is removed as soon as it has ended, often before Argo CD has seen that it did: the sync "
                     "waits for it; use argocd.argoproj.io/hook-delete-policy instead",
                     job->name);
}

/* A name of a hash is another one with each change. */
static void check_change(struct check_input *input, const struct check_target *target, const struct check_object *job)
{
    const struct node *name = node_find(node_find(job->root, "metadata"), "name");
    if (!is_hook(job) && !is_replaced(job) && !name_has_hash(job->name) && node_is_scalar(name))
        check_report(
            input, target, RA124, name->origin, job,
            "the pods of Job '%s' cannot be changed once it is there: the next image is refused; make it a hook, "
            "or set argocd.argoproj.io/sync-options: Force=true,Replace=true",
            job->name);
}

static void check_jobs(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            if (strcmp(object->kind, "Job") != 0 || strcmp(object->group, "batch") != 0)
                continue;
            check_end(input, &input->targets[i], object);
            check_change(input, &input->targets[i], object);
        }
}

static const enum rule_id ids[] = {RA123, RA124, RULE_COUNT};
const struct check jobs_check = {"jobs", ids, check_jobs};
