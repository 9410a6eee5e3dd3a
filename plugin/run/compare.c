/* compare.c: renders what two trees have that differs, and finds the changes. */
#include "plugin/run/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "diff/list_keys.h"
#include "diff/similar.h"
#include "generator/policy.h"
#include "plugin/run/changed_paths.h"
#include "plugin/run/compare_files.h"
#include "plugin/run/compare_operands.h"
#include "plugin/run/compare_places.h"
#include "plugin/run/converted_files.h"
#include "plugin/run/jobs.h"

static const char default_root[] = "argo/root";

static const char *root_of(const struct compare *compare)
{
    return compare->root ? compare->root : default_root;
}

static bool has_rootapp(const struct compare_side *side, const char *root)
{
    return source_kind(side->repository.source, root) == FILE_DIRECTORY;
}

/* Whether something that a root set is made of may have changed, apart from what targets read: paths that come and go,
 * which discovery looks at, what apps say of themselves, and what the root's kustomization reads. */
static bool touches_root(struct compare *compare)
{
    const struct changed_paths *changed = compare->changed;
    struct name_list paths;
    if (!changed_paths_are_edits(changed) || !compare_side_scan(compare->base, root_of(compare), &paths))
        return true;
    for (size_t i = 0; i < changed->count; i++)
        if (strcmp(path_base(changed->items[i].path), "app.yaml") == 0)
            return true;
    for (size_t i = 0; i < paths.count; i++)
        if (changed_paths_touch(changed, paths.names[i]))
            return true;
    return changed_paths_touch(changed, root_of(compare));
}

static bool same_paths(const struct name_list *left, const struct name_list *right)
{
    if (left->count != right->count)
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (strcmp(left->names[i], right->names[i]) != 0)
            return false;
    return true;
}

/* What Argo CD renders itself reads its directory, and maybe more that only Argo CD knows. */
static bool note_left(struct compare *compare, struct report *report, const struct compare_target *target)
{
    if (!target || !target->found || !target->found->renderer)
        return false;
    if (changed_paths_touch(compare->changed, target->directory))
        note_comparison(report, arena_format(compare->arena,
                                             "%s: files in %s differ; Argo CD renders them itself (renderer %s), and "
                                             "what comes of them is not compared",
                                             target->name, target->directory, target->found->renderer));
    return true;
}

/* Whether the render of a directory may differ from one side to the other. What cannot be scanned may. */
static bool is_affected(struct compare *compare, struct compare_side *side, const char *directory)
{
    struct name_list paths;
    if (compare->changed->links || changed_paths_touch(compare->changed, directory))
        return true;
    if (!compare_side_scan(side, directory, &paths))
        return compare->changed->count > 0;
    for (size_t i = 0; i < paths.count; i++)
        if (changed_paths_touch(compare->changed, paths.names[i]))
            return true;
    return false;
}

/* Whether head's root set is base's: what affected targets read decides when Argo CD refreshes them, and is in it. */
static bool is_same_root(struct compare *compare)
{
    if (touches_root(compare))
        return false;
    for (size_t i = 0; i < compare->base->count; i++) {
        const char *directory = compare->base->targets[i].directory;
        struct name_list base, head;
        if (!is_affected(compare, compare->base, directory))
            continue;
        if (!compare_side_scan(compare->base, directory, &base) ||
            !compare_side_scan(compare->head, directory, &head) || !same_paths(&base, &head))
            return false;
    }
    return true;
}

static bool find_targets(struct compare *compare, struct error *error)
{
    const char *root = root_of(compare);
    bool alone = !has_rootapp(compare->base, root) && !has_rootapp(compare->head, root);
    if (alone && compare->root_is_given)
        return error_set(error, "%s: no such directory; name the directory of the RootApp with --root DIR", root);
    if (!compare_side_find_targets(compare->base, root, alone, error))
        return error_wrap(error, "base");
    if (!alone && is_same_root(compare)) {
        compare_side_share_targets(compare->head, compare->base);
        return true;
    }
    return compare_side_find_targets(compare->head, root, alone, error) || error_wrap(error, "head");
}

static void note_unaffected(struct report *report, const struct target *target)
{
    for (size_t i = 0; i < report->unaffected_count; i++)
        if (strcmp(report->unaffected[i].environment, target->environment) == 0) {
            report->unaffected[i].count++;
            return;
        }
    size_t room = report->unaffected_count;
    struct unaffected *fresh = ARENA_ARRAY(report->arena, room + 1, struct unaffected);
    if (room)
        memcpy(fresh, report->unaffected, room * sizeof *fresh);
    fresh[room] = (struct unaffected){target->environment, target->target_revision, 1};
    report->unaffected = fresh;
    report->unaffected_count++;
}

/* A target of either side, or of both. */
struct target_pair {
    const struct compare_target *base, *head;
};

/* Lets head render what comes before a target, so that their images can be compared. */
static void add_earlier(const struct compare *compare, const struct compare_target *target)
{
    struct earlier_targets earlier = compare_earlier(compare, target);
    for (size_t i = 0; i < earlier.count; i++)
        compare_side_add(compare->head, earlier.targets[i]);
}

static bool add_pair(struct compare *compare, struct report *report, struct target_pair pair)
{
    const struct compare_target *target = pair.head ? pair.head : pair.base;
    report->total++;
    if (!compare_chooses(compare, target))
        return false;
    if (compare_follows_another(compare, target)) {
        note_unaffected(report, target->found);
        return false;
    }
    bool left = note_left(compare, report, target);
    if (left && pair.base && pair.head)
        return false;
    /* Where nothing has changed that base's scan came by, head's scan comes by the same, unless there are files that
     * base looked for in vain. */
    bool moved = pair.base && pair.head && strcmp(pair.base->directory, pair.head->directory) != 0;
    if (!moved && pair.base && pair.head && !is_affected(compare, compare->base, pair.base->directory) &&
        (!compare->changed->additions || !is_affected(compare, compare->head, pair.head->directory)))
        return false;
    if (pair.base)
        compare_side_add(compare->base, pair.base);
    if (pair.head) {
        compare_side_add(compare->head, pair.head);
        add_earlier(compare, pair.head);
    }
    return true;
}

/* Both sides' targets are sorted by name: walks through them at once. */
static struct target_pair *find_pairs(struct compare *compare, struct report *report, size_t *count)
{
    const struct compare_side *base = compare->base, *head = compare->head;
    struct target_pair *pairs = ARENA_ARRAY(compare->arena, base->count + head->count, struct target_pair);
    *count = 0;
    for (size_t i = 0, j = 0; i < base->count || j < head->count;) {
        int order = i == base->count ? 1 : j == head->count ? -1 : strcmp(base->targets[i].name, head->targets[j].name);
        struct target_pair pair = {order <= 0 ? &base->targets[i] : NULL, order >= 0 ? &head->targets[j] : NULL};
        i += order <= 0;
        j += order >= 0;
        if (add_pair(compare, report, pair))
            pairs[(*count)++] = pair;
    }
    return pairs;
}

static void render_side(void *context, void *state, size_t index)
{
    struct compare *compare = context;
    (void)state;
    compare_side_render(index ? compare->head : compare->base);
}

static void render_sides(struct compare *compare)
{
    jobs_run(
        &(struct jobs){.count = 2, .threads = compare->sequential ? 1 : 2, .context = compare, .work = render_side});
}

static struct diff_side side_of(const struct compare_side *side, const struct compare_target *target)
{
    const struct compare_render *done = target ? compare_side_find(side, target->directory) : NULL;
    if (!done || done->error)
        return (struct diff_side){0};
    return (struct diff_side){.origins = engine_origins(side->renderer.engine),
                              .items = (const struct node *const *)done->rendered.items,
                              .count = done->rendered.count,
                              .namespace = target->found ? target->found->namespace : NULL};
}

static const char *error_of(const struct compare_side *side, const struct compare_target *target)
{
    const struct compare_render *done = target ? compare_side_find(side, target->directory) : NULL;
    return done ? done->error : NULL;
}

static const char *deletion_of(const struct compare_side *side, const struct compare_target *target)
{
    static const char *const names[] = {"auto", "keep", "confirm"};
    const struct policy *policy = target->found && side->has_root ? side->root.set.policy : NULL;
    for (size_t i = 0; policy && i < policy->spec.environments.count; i++)
        if (strcmp(policy_environments(policy)[i].name, target->found->environment) == 0)
            return names[policy_environments(policy)[i].deletion];
    return "auto";
}

static enum application_state state_of(const struct target_pair *pair, const struct application *application)
{
    if (!pair->base)
        return APPLICATION_ADDED;
    if (!pair->head)
        return APPLICATION_REMOVED;
    if (application->was_path)
        return APPLICATION_MOVED;
    return application->resources.count ? APPLICATION_CHANGED : APPLICATION_SAME;
}

static void count_changes(struct application *application)
{
    for (size_t i = 0; i < application->resources.count; i++)
        switch (application->resources.items[i].change) {
        case CHANGE_ADDED:
            application->added++;
            break;
        case CHANGE_REMOVED:
            application->removed++;
            break;
        default:
            application->changed++;
        }
}

static void describe_pair(const struct compare *compare, const struct target_pair *pair,
                          struct application *application)
{
    const struct compare_target *target = pair->head ? pair->head : pair->base;
    const struct target *found = target->found;
    application->name = target->name;
    application->path = target->directory;
    if (pair->base && pair->head && strcmp(pair->base->directory, pair->head->directory) != 0)
        application->was_path = pair->base->directory;
    application->deletion = deletion_of(pair->base && compare->base->has_root ? compare->base : compare->head, target);
    if (!found)
        return;
    application->app = found->app;
    application->environment = found->environment;
    application->cluster = found->cluster;
    application->namespace = found->namespace;
    application->project = found->project;
}

static void find_earlier(const struct compare *compare, const struct compare_target *target,
                         struct application *application)
{
    struct earlier_targets earlier = compare_earlier(compare, target);
    struct diff_side *sides = ARENA_ARRAY(compare->arena, earlier.count + 1, struct diff_side);
    for (size_t i = 0; i < earlier.count; i++)
        sides[i] = side_of(compare->head, earlier.targets[i]);
    application->earlier = sides;
    application->earlier_names = earlier.environments;
}

/* Why one was rendered that is the same. */
static void find_touched(struct compare *compare, const struct target_pair *pair, struct application *application)
{
    struct name_list paths;
    if (compare_side_scan(compare->head, pair->head->directory, &paths))
        application->touched = changed_paths_among(compare->changed, &paths, &application->touches_more);
}

/* One that cannot be rendered on head is broken, whatever base is: nothing can be said about it. */
static void compare_pair(struct compare *compare, const struct diff *diff, const struct target_pair *pair,
                         struct application *application)
{
    const char *base_error = error_of(compare->base, pair->base), *head_error = error_of(compare->head, pair->head);
    describe_pair(compare, pair, application);
    application->base = side_of(compare->base, pair->base);
    application->head = side_of(compare->head, pair->head);
    application->error = head_error ? head_error : base_error;
    if (!application->error) {
        find_changes(diff, &application->base, &application->head, &application->resources);
        count_changes(application);
    }
    if (pair->head)
        find_earlier(compare, pair->head, application);
    application->state = state_of(pair, application);
    if (head_error)
        application->state = APPLICATION_BROKEN;
    else if (base_error && pair->head)
        application->state = APPLICATION_FIXED;
    else if (application->state == APPLICATION_SAME)
        find_touched(compare, pair, application);
}

static struct diff_side *root_side(struct compare *compare, const struct compare_side *side)
{
    struct diff_side *out = ARENA_NEW(compare->arena, struct diff_side);
    if (side->has_root)
        *out = (struct diff_side){.origins = engine_origins(side->root.engine),
                                  .items = (const struct node *const *)side->root_set.items,
                                  .count = side->root_set.count};
    return out;
}

static struct application *find_application(const struct report *report, const char *name)
{
    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->applications[i].name, name) == 0)
            return &report->applications[i];
    return NULL;
}

static bool is_target(const struct compare *compare, const char *name)
{
    return compare_side_target(compare->base, name) || compare_side_target(compare->head, name);
}

/* What differs in the root set goes to the Applications that are shown; the rest are AppProjects and the environments'
 * own Applications. An Application that only comes or goes is told already. */
static void distribute_changes(const struct compare *compare, struct resource_changes *all, struct report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < all->count; i++) {
        struct resource_change *change = &all->items[i];
        bool target = strcmp(change->id.kind, "Application") == 0 && is_target(compare, change->id.name);
        struct application *application = target ? find_application(report, change->id.name) : NULL;
        if (application && change->change == CHANGE_CHANGED) {
            struct resource_change *copy = ARENA_NEW(compare->arena, struct resource_change);
            *copy = *change;
            application->application = copy;
            if (application->state == APPLICATION_SAME)
                application->state = APPLICATION_CHANGED;
        } else if (!target || (!application && change->change == CHANGE_CHANGED && !compare->operand_count)) {
            all->items[kept++] = *change;
        }
    }
    all->count = kept;
    report->root = *all;
}

static void compare_roots(struct compare *compare, const struct diff *diff, struct report *report)
{
    struct resource_changes all;
    report->root_base = root_side(compare, compare->base);
    report->root_head = compare->head->has_root ? root_side(compare, compare->head) : report->root_base;
    if (!compare->head->has_root && compare->head->targets == compare->base->targets)
        return;
    find_changes(diff, report->root_base, report->root_head, &all);
    distribute_changes(compare, &all, report);
}

static void name_environments(const struct compare *compare, struct report *report)
{
    const struct compare_side *side = compare->head->has_root ? compare->head : compare->base;
    const struct policy *policy = side->has_root ? side->root.set.policy : NULL;
    size_t count = policy ? policy->spec.environments.count : 0;
    const char **names = ARENA_ARRAY(compare->arena, count + 1, const char *);
    for (size_t i = 0; i < count; i++)
        names[i] = policy_environments(policy)[i].name;
    report->last_environments = names;
}

static bool is_target_directory(const struct compare *compare, const char *directory)
{
    for (size_t i = 0; i < compare->head->count; i++)
        if (strcmp(compare->head->targets[i].directory, directory) == 0)
            return true;
    return false;
}

/* Files that mean something to Argo CD or to git, and nothing to this comparison. */
static void note_paths(const struct compare *compare, struct report *report)
{
    struct name_list *files = ARENA_NEW(compare->arena, struct name_list);
    files->names = ARENA_ARRAY(compare->arena, compare->changed->count, const char *);
    report->source_files = files;
    for (size_t i = 0; i < compare->changed->count; i++) {
        const struct changed_path *path = &compare->changed->items[i];
        const char *name = path_base(path->path);
        if (path->new_mode == 0160000 || path->old_mode == 0160000)
            note_comparison(report, arena_format(compare->arena,
                                                 "%s: a submodule has moved; its files are not rendered", path->path));
        if (strncmp(name, ".argocd-source", 14) == 0 && path->status != 'D' &&
            is_target_directory(compare, path_directory(compare->arena, path->path)))
            files->names[files->count++] = path->path;
    }
}

static bool open_sides(struct compare *compare, struct report *report, struct error *error)
{
    compare->changed = ARENA_NEW(compare->arena, struct changed_paths);
    compare->base = ARENA_NEW(compare->arena, struct compare_side);
    compare->head = ARENA_NEW(compare->arena, struct compare_side);
    if (!changed_paths_find(compare->history, compare->base_tree, compare->head_tree, compare->changed, error))
        return false;
    const char *converted = converted_files_note(compare->history, compare->changed);
    if (converted)
        note_comparison(report, converted);
    return compare_side_open(compare->base, compare->history, compare->base_tree, &compare->means, error) &&
           compare_side_open(compare->head, compare->history, compare->head_tree, &compare->means, error) &&
           (!compare->confine || compare->confine(compare->context, error));
}

/* What the definitions say that are rendered on either side, of whatever Application. */
static void learn_lists(const struct compare_side *side, struct list_keys *keys)
{
    for (size_t i = 0; i < side->render_count; i++)
        for (size_t j = 0; !side->renders[i].error && j < side->renders[i].rendered.count; j++)
            list_keys_learn(keys, side->renders[i].rendered.items[j]);
}

/* Of what is rendered on head. */
static void look_at_files(struct compare *compare, const struct target_pair *pairs, size_t count, struct report *report)
{
    struct compared_target *targets = ARENA_ARRAY(compare->arena, count, struct compared_target);
    size_t compared = 0;
    for (size_t i = 0; i < count; i++)
        if (pairs[i].head)
            targets[compared++] = (struct compared_target){pairs[i].head, &report->applications[i]};
    compare_files_find(compare, targets, compared, report);
}

bool compare_run(struct compare *compare, struct report *report, struct error *error)
{
    struct list_keys *custom = list_keys_new(report->arena);
    struct diff diff = {.arena = report->arena, .tree = report->tree, .custom = custom};
    size_t count;
    if (!open_sides(compare, report, error))
        return false;
    if (!compare->changed->count)
        return true;
    if (!find_targets(compare, error) || !compare_check_operands(compare, error))
        return false;
    compare_index_places(compare);
    const struct target_pair *pairs = find_pairs(compare, report, &count);
    render_sides(compare);
    learn_lists(compare->base, custom);
    compare_files_learn(compare, compare->head, custom);
    learn_lists(compare->head, custom);
    report->applications = ARENA_ARRAY(report->arena, count, struct application);
    for (size_t i = 0; i < count; i++)
        compare_pair(compare, &diff, &pairs[i], &report->applications[report->count++]);
    find_renamed(report);
    look_at_files(compare, pairs, count, report);
    compare_roots(compare, &diff, report);
    name_environments(compare, report);
    note_paths(compare, report);
    return true;
}

void compare_close(struct compare *compare)
{
    compare_side_close(compare->base);
    compare_side_close(compare->head);
}
