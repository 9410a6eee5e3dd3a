/* target_row.c: puts together what is known of a target. */
#include "plugin/run/target_row.h"

static const char *at_path(const struct node *node, const char *first, const char *second, const char *otherwise)
{
    const struct node *value = node_find(node_find(node_find(node, "spec"), first), second);
    const char *text = node_text(value);
    return text ? text : otherwise;
}

static const char *problem_of(const struct target *target, const struct node *application, const struct render_job *job)
{
    if (target->problem)
        return job && job->error && job->problem_place.line ? job->error
                                                            : target->problem; /* the render's knows remedies */
    if (target->name && !application)
        return "a patch removes its Application";
    return job && job->error ? job->error : NULL;
}

struct target_row target_row_of(const struct render_set *set, const struct target *target)
{
    const struct render_job *job = render_set_job(set, target);
    const struct node *application = target->name ? render_set_application(set, target->name) : NULL;
    const char *project = node_text(node_find(node_find(application, "spec"), "project"));
    return (struct target_row){
        .target = target,
        .project = project ? project : target->project,
        .cluster = target->cluster,
        .namespace = at_path(application, "destination", "namespace", target->namespace),
        .images = job ? text_content(&job->images) : "",
        .renderer = target->name ? target->renderer : NULL,
        .problem = problem_of(target, application, job),
    };
}
