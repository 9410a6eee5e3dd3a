/* projects.c: what an Application's project or destination refuses of its render. */
#include <string.h>

#include "check/check.h"
#include "generator/permit.h"

static const char *const kind_path[] = {"kind", NULL};
static const char *const namespace_path[] = {"metadata", "namespace", NULL};

static void check_kind(struct check_input *input, const struct check_target *target, const struct check_object *object)
{
    if (project_permits_kind(target->project, object->group, object->kind, object->name, !object->cluster_scoped))
        return;
    struct finding *finding = check_report(
        input, target, RA106, check_origin(object->root, kind_path), object,
        "%s '%s' is refused by the projects of team '%s'%s", object->kind, object->name, target->found->team,
        object->cluster_scoped ? ": a cluster-scoped kind that its clusterResources do not name" : "");
    if (object->cluster_scoped)
        finding->fix =
            arena_format(input->findings->arena, "spec.teams, team '%s': clusterResources: [{group: '%s', kind: %s}]",
                         target->found->team, object->group, object->kind);
}

static void check_namespace(struct check_input *input, const struct check_target *target,
                            const struct check_object *object)
{
    const struct target *found = target->found;
    const char *own = node_text(node_get(node_get(object->root, &key_metadata), &key_namespace));
    origin at = check_origin(object->root, namespace_path);
    if (object->cluster_scoped || !own || !*own || !found->namespace || strcmp(own, found->namespace) == 0)
        return;
    if (!project_permits_destination(target->project, found->server, found->server_name, own))
        check_report(input, target, RA106, at, object,
                     "%s '%s' lies in namespace '%s', which the projects of team '%s' do not permit", object->kind,
                     object->name, own, found->team);
    else
        check_report(input, target, RA107, at, object,
                     "%s '%s' lies in namespace '%s', which is not that of its Application", object->kind, object->name,
                     own);
}

static void check_projects(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++) {
        const struct check_target *target = &input->targets[i];
        for (size_t j = 0; target->project && j < target->object_count; j++) {
            check_kind(input, target, &target->objects[j]);
            check_namespace(input, target, &target->objects[j]);
        }
    }
}

static const enum rule_id ids[] = {RA106, RA107, RULE_COUNT};
const struct check projects_check = {"projects", ids, check_projects};
