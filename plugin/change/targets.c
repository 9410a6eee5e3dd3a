/* targets.c: finds the overlays that a change is for. */
#include "plugin/change/targets.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "generator/discover.h"
#include "generator/glob.h"

struct finding_targets {
    struct arena *arena;
    struct change_targets *out;
    const struct policy *policy;
};

static void add_target(struct arena *arena, struct change_targets *out, const struct change_target *target)
{
    out->items = arena_grow(arena, out->items, out->count, &out->room, sizeof *target);
    out->items[out->count++] = *target;
}

static void take_found(void *context, const struct found *found)
{
    struct finding_targets *finding = context;
    struct arena *arena = finding->arena;
    if (found->problem || !found->environment || found->rule->renderer >= RENDERER_HELM)
        return;
    struct change_target target = {
        .label = arena_format(arena, "%s/%s", found->app, found->environment->name),
        .app = arena_string(arena, found->app),
        .environment = arena_string(arena, found->environment->name),
        .path = arena_string(arena, found->resolved),
        .branch = arena_string(arena, environment_revision(finding->policy, found->environment)),
        .by_pull_request = found->environment->by_pull_request,
        .needs_digest = found->environment->needs_digest,
        .shared = found->rule->shared,
    };
    add_target(arena, finding->out, &target);
}

static int compare_targets(const void *left, const void *right)
{
    const struct change_target *a = left, *b = right;
    int order = strcmp(a->path, b->path);
    return order ? order : strcmp(a->label, b->label);
}

bool change_policy_read(struct session *session, const char *root, struct rendered *rendered, struct error *error)
{
    if (!session_build(session, root, rendered, error))
        return false;
    if (!session->policy)
        return error_set(error,
                         "%s: no RootApp is in it; name its directory with --root DIR, or an overlay with "
                         "--directory DIR",
                         root);
    return true;
}

bool change_targets_find(struct session *session, struct arena *arena, const char *only_app, struct change_targets *out,
                         struct error *error)
{
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct generate_input input = {.source = session->options.repository->source, .tree = &tree, .only_app = only_app};
    struct finding_targets finding = {arena, out, session->policy};
    struct discovery discovery = {.tell = take_found, .context = &finding};
    bool good =
        discover(&input, session->policy, &discovery, error) || error_resolve(error, engine_origins(session->engine));
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, compare_targets);
    return good;
}

static bool no_target(struct arena *arena, const struct change_targets *all, const char *pattern, struct error *error)
{
    const char **names = ARENA_ARRAY(arena, all->count + 1, const char *);
    for (size_t i = 0; i < all->count; i++)
        names[i] = all->items[i].label;
    const char *near = nearest_name(pattern, names);
    if (!all->count)
        return error_set_kind(error, ERROR_ABSENT,
                              "no target '%s': what the policy discovers is not there; 'rootapp list' tells more",
                              pattern);
    return near ? error_set_kind(error, ERROR_ABSENT, "no target '%s' (did you mean '%s'?)", pattern, near)
                : error_set_kind(error, ERROR_ABSENT, "no target '%s'; 'rootapp list -o name' shows them", pattern);
}

static bool matches_pattern(struct arena *arena, const char *pattern, const struct change_target *target)
{
    const char *slash = strchr(pattern, '/');
    return glob_matches(arena_copy(arena, pattern, (size_t)(slash - pattern)), target->app, '/') &&
           glob_matches(slash + 1, target->environment, '/');
}

/* One directory of several environments: what is written for one of them goes into all. They are neighbours. */
static bool check_shared(struct arena *arena, const struct change_targets *all, size_t index, const char *pattern,
                         struct error *error)
{
    const struct change_target *target = &all->items[index];
    for (size_t i = index ? index - 1 : 0; i < all->count && i <= index + 1; i++)
        if (target->shared && i != index && strcmp(all->items[i].path, target->path) == 0 &&
            !matches_pattern(arena, pattern, &all->items[i]))
            return error_set(error,
                             "%s: its directory '%s' is %s's, too, so that a change would be for both: give each an "
                             "overlay of its own",
                             target->label, target->path, all->items[i].label);
    return true;
}

bool change_targets_choose(struct arena *arena, const struct change_targets *all, const char *pattern,
                           struct change_targets *out, struct error *error)
{
    size_t before = out->count;
    for (size_t i = 0; i < all->count; i++)
        if (matches_pattern(arena, pattern, &all->items[i])) {
            if (!check_shared(arena, all, i, pattern, error))
                return false;
            add_target(arena, out, &all->items[i]);
        }
    return out->count > before || no_target(arena, all, pattern, error);
}

const char *change_target_branch(const struct change_target *target)
{
    const char *branch = target->branch;
    if (!branch || strcmp(branch, "HEAD") == 0)
        return "";
    return strncmp(branch, "refs/heads/", 11) == 0 ? branch + 11 : branch;
}

const struct change_target *change_target_at(const struct change_targets *targets, struct arena *arena,
                                             const char *overlay)
{
    for (size_t i = 0; i < targets->count; i++)
        if (strcmp(targets->items[i].path, overlay) == 0)
            return &targets->items[i];
    struct change_target *target = ARENA_NEW(arena, struct change_target);
    *target = (struct change_target){.label = overlay, .path = overlay};
    return target;
}
