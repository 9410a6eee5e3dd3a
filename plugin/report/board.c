/* board.c: compares what an app runs in its environments. */
#include "plugin/report/board.h"

#include <string.h>

#include "base/map.h"
#include "check/workloads.h"
#include "generator/policy.h"
#include "plugin/change/decide.h"
#include "plugin/change/image_edit.h"
#include "plugin/change/overlay_images.h"
#include "plugin/run/app_version.h"

/* Replicas. */

static const char *scaled_count(struct arena *arena, const struct board_target *target, const struct check_object *of)
{
    for (size_t i = 0; i < target->object_count; i++) {
        const struct node *spec = node_find(target->objects[i].root, "spec");
        const struct node *reference = node_find(spec, "scaleTargetRef");
        if (!node_equals(node_find(reference, "name"), of->name) ||
            !node_equals(node_find(reference, "kind"), of->kind))
            continue;
        const char *least = node_text(node_find(spec, "minReplicas")),
                   *most = node_text(node_find(spec, "maxReplicas"));
        return most ? arena_format(arena, "%s to %s", least ? least : "1", most) : NULL;
    }
    return NULL;
}

static bool runs_image(const struct workload *workload, struct arena *arena, const char *image)
{
    size_t count;
    const struct container *containers = find_containers(arena, workload->pod, &count);
    for (size_t i = 0; i < count; i++) {
        const char *text = node_text(node_find(containers[i].node, "image"));
        if (text && strlen(text) == strcspn(image, "\n") && strncmp(text, image, strlen(text)) == 0)
            return true;
    }
    return false;
}

static bool has_replicas(const char *kind)
{
    return strcmp(kind, "Deployment") == 0 || strcmp(kind, "StatefulSet") == 0 || strcmp(kind, "ReplicaSet") == 0 ||
           strcmp(kind, "Rollout") == 0;
}

/* Of the first workload that runs the image. */
static const char *replicas_of(struct arena *arena, const struct board_target *target, const char *image)
{
    for (size_t i = 0; i < target->object_count; i++) {
        struct workload workload;
        const struct check_object *object = &target->objects[i];
        if (!has_replicas(object->kind) || !workload_of(NULL, object, &workload) ||
            !runs_image(&workload, arena, image))
            continue;
        const char *scaled = scaled_count(arena, target, object);
        const char *count = node_text(node_find(node_find(object->root, "spec"), "replicas"));
        return scaled ? scaled : count ? count : "1";
    }
    return NULL;
}

/* One target alone. */

static void read_target(const struct board *board, const struct render_set *set, const struct target *found,
                        struct board_target *out)
{
    const struct render_job *job = render_set_job(set, found);
    *out = (struct board_target){.row = target_row_of(set, found)};
    if (found->app && found->environment)
        out->name = arena_format(board->arena, "%s/%s", found->app, found->environment);
    if (job && !job->error) {
        out->objects = check_objects(board->arena, job->rendered.items, job->rendered.count, out->row.namespace);
        out->object_count = job->rendered.count;
    }
    const char *image = found->app ? app_image(out->row.images, found->app) : NULL;
    if (image) {
        out->version = image_version(board->arena, image);
        out->replicas = replicas_of(board->arena, out, image);
    }
}

/* What would be promoted. */

static bool renders_image(const struct board_target *target, const char *name)
{
    for (const char *line = target->row.images; *line; line += strcspn(line, "\n") + 1)
        if (strncmp(line, name, strlen(name)) == 0 && strchr(":@\n", line[strlen(name)]))
            return true;
    return false;
}

/* As `promote` does it: an entry of the overlay before, in the text of this one. */
static void compare_entry(const struct board *board, struct board_target *target, const char *path,
                          const struct file_bytes *bytes, const struct image_wish *wish)
{
    static const struct edit_options options = {.overrules = true};
    struct text text = {0};
    struct image_edit edit;
    struct error error = {0};
    const struct environment *environment = policy_environment(board->policy, target->row.target->environment);
    text_bytes(&text, bytes->bytes, bytes->size);
    bool edited = image_edit(board->arena, path, wish, &options, &text, &edit, &error);
    text_free(&text);
    error_free(&error);
    if (!edited || !edit.count || (edit.is_new && !renders_image(target, wish->name)))
        return;
    target->promotable[target->promotable_count++] =
        (struct promotable){wish->name, image_pair_text(board->arena, edit.old_tag, edit.old_digest),
                            image_pair_text(board->arena, wish->tag, wish->digest)};
    if (edit.hold)
        target->hindered = *edit.hold ? arena_format(board->arena, "held: %s", edit.hold) : "held";
    else if (edit.old_tag && wish->tag && is_downgrade(edit.old_tag, wish->tag))
        target->hindered = "it runs a newer version";
    else if (environment && environment->needs_digest && !wish->digest)
        target->hindered = arena_format(board->arena, "%s needs a digest", environment->name);
}

static void find_promotable(const struct board *board, const struct source *source, struct board_target *target)
{
    struct arena *arena = board->arena;
    struct image_wish *wishes;
    size_t count;
    const char *path;
    struct file_bytes bytes;
    struct error ignored = {0};
    if (overlay_images_read(arena, source, target->before->row.target->path, NULL, &wishes, &count, &ignored) &&
        overlay_file_read(arena, source, target->row.target->path, &path, &bytes, &ignored)) {
        target->promotable = ARENA_ARRAY(arena, count + 1, struct promotable);
        for (size_t i = 0; i < count; i++)
            compare_entry(board, target, path, &bytes, &wishes[i]);
    }
    error_free(&ignored);
}

/* Several environments. */

static int environment_index(const struct board *board, const struct board_target *target)
{
    for (size_t i = 0; i < board->policy->spec.environments.count; i++)
        if (strcmp(policy_environments(board->policy)[i].name, target->row.target->environment) == 0)
            return (int)i;
    return -1;
}

static enum standing standing_of(const struct board_target *target)
{
    const char *version = target->version, *before = target->before->version;
    if (!version || !before)
        return STANDING_ALONE;
    if (strcmp(version, before) == 0)
        return STANDING_SAME;
    if (is_downgrade(before, version))
        return STANDING_BEHIND;
    return is_downgrade(version, before) ? STANDING_AHEAD : STANDING_DIFFERENT;
}

/* Targets with an Application that renders take part; of several clusters, the first stands for its environment. */
static void compare_app(const struct board *board, const struct source *source, struct board_app *app)
{
    const struct board_target *last = NULL;
    for (size_t i = 0; i < app->count; i++) {
        struct board_target *target = &app->targets[i];
        int index = environment_index(board, target);
        if (!target->objects || index < 0)
            continue;
        bool follows = last && environment_index(board, last) < index;
        target->before = follows ? last : last ? last->before : NULL;
        if (target->before) {
            target->skips = environment_index(board, target->before) + 1 != index;
            target->standing = standing_of(target);
            find_promotable(board, source, target);
        }
        last = follows || !last ? target : last;
    }
}

/* Findings. */

static void add_finding(const struct board *board, struct board_target *target, const struct finding *finding)
{
    target->findings = arena_grow(board->arena, target->findings, target->finding_count, &target->finding_room,
                                  sizeof *target->findings);
    target->findings[target->finding_count++] = finding;
    target->counts[finding->severity]++;
}

/* Each target has its place in a list of those of one name, which several clusters share. */
static void spread_findings(struct board *board)
{
    struct map *by_name = map_new(board->arena);
    for (size_t i = 0; i < board->target_count; i++) {
        const char *name = board->targets[i].name;
        void **slot = name ? map_slot(by_name, name, strlen(name)) : NULL;
        if (slot && !*slot)
            *slot = &board->targets[i];
    }
    for (size_t i = 0; i < board->findings->count; i++) {
        const struct finding *finding = board->findings->items[i];
        for (size_t k = 0; k < finding->target_count && !finding->exception; k++) {
            struct board_target *target = map_get(by_name, finding->targets[k], strlen(finding->targets[k]));
            for (; target && target < board->targets + board->target_count && target->name &&
                   strcmp(target->name, finding->targets[k]) == 0;
                 target++)
                add_finding(board, target, finding);
        }
    }
}

/* The whole. */

static void group_apps(struct board *board)
{
    board->apps = ARENA_ARRAY(board->arena, board->target_count + 1, struct board_app);
    for (size_t i = 0; i < board->target_count; i++) {
        struct board_target *target = &board->targets[i];
        struct board_app *last = board->app_count ? &board->apps[board->app_count - 1] : NULL;
        if (!target->name)
            continue;
        if (!last || strcmp(last->name, target->row.target->app) != 0) {
            last = &board->apps[board->app_count++];
            *last = (struct board_app){.name = target->row.target->app, .targets = target};
        }
        last->count++;
    }
}

static void use_environments(struct board *board)
{
    const struct policy *policy = board->policy;
    board->environments = ARENA_ARRAY(board->arena, policy->spec.environments.count + 1, const char *);
    for (size_t i = 0; i < policy->spec.environments.count; i++) {
        const char *name = policy_environments(policy)[i].name;
        bool used = false;
        for (size_t k = 0; k < board->target_count && !used; k++)
            used = board->targets[k].name && strcmp(board->targets[k].row.target->environment, name) == 0;
        if (used)
            board->environments[board->environment_count++] = name;
    }
}

void board_read(struct board *board, const struct render_set *set, const struct target_filter *filter,
                const struct findings *findings)
{
    *board = (struct board){.arena = set->arena, .policy = set->session.set.policy, .findings = findings};
    board->targets = ARENA_ARRAY(set->arena, set->target_count + 1, struct board_target);
    for (size_t i = 0; i < set->target_count; i++)
        if (filter_selects(filter, &set->targets[i]))
            read_target(board, set, &set->targets[i], &board->targets[board->target_count++]);
    group_apps(board);
    use_environments(board);
    for (size_t i = 0; i < board->app_count; i++)
        compare_app(board, set->repository->source, &board->apps[i]);
    spread_findings(board);
}
