/* propose.c: tries the policy on the repository, until it gives what is there and nothing else, and compares. */
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "generator/make.h"
#include "plugin/adopt/adoption.h"
#include "plugin/run/policy_text.h"
#include "yaml/emit.h"
#include "yaml/parse.h"

enum { MOST_ROUNDS = 60, MOST_EXCLUSIONS = 100, MOST_SHARED = 30 };

/* The root set that the policy would give. */
struct trial {
    struct session session;
    struct rendered rendered;
    struct repository after;
    struct error error;
    bool good;
};

static void begin_trial(struct adoption *adoption, struct trial *trial)
{
    static const char root[] = "argo/root";
    struct source *over = source_memory();
    *trial = (struct trial){.after = *adoption->repository};
    source_memory_add(over, "argo/root/rootapp.yaml", adoption->policy.bytes, adoption->policy.size);
    const char *kustomization = adoption_kustomization(adoption);
    source_memory_add(over, "argo/root/kustomization.yaml", kustomization, strlen(kustomization));
    if (adoption->by_hand.size)
        source_memory_add(over, "argo/root/applications.yaml", adoption->by_hand.bytes, adoption->by_hand.size);
    trial->after.source = source_layered(source_directory(trial->after.root, &trial->error), over);
    session_open(&trial->session, &(struct session_options){.repository = &trial->after,
                                                            .argocd_namespace = adoption->argocd_namespace,
                                                            .everything = true});
    trial->good = session_build(&trial->session, root, &trial->rendered, &trial->error);
}

static void end_trial(struct trial *trial)
{
    rendered_free(&trial->rendered);
    session_close(&trial->session);
    source_free(trial->after.source);
    error_free(&trial->error);
}

/* The pattern of a message about overlapping namespaces that shares least: a name, else the longer one. */
static const char *narrower_pattern(struct arena *arena, const char *message)
{
    const char *best = "*";
    for (const char *at = message; (at = strstr(at, " has '"));) {
        at += strlen(" has '");
        const char *pattern = arena_copy(arena, at, strcspn(at, "'"));
        bool name = !strpbrk(pattern, "*?"), best_is_name = !strpbrk(best, "*?");
        if (name != best_is_name ? name : strlen(pattern) > strlen(best))
            best = pattern;
    }
    return best;
}

static bool share_namespace(struct adoption *adoption, const char *message)
{
    struct name_list *shared = &adoption->shared;
    const char *pattern = narrower_pattern(adoption->arena, message);
    if (shared->count && strcmp(shared->names[0], "*") == 0)
        return false;
    if (shared->count == MOST_SHARED || strcmp(pattern, "*") == 0) {
        shared->count = 0;
        pattern = "*";
    }
    shared->names =
        arena_grow(adoption->arena, shared->names, shared->count, &adoption->shared_room, sizeof *shared->names);
    shared->names[shared->count++] = pattern;
    return true;
}

/* What a policy is refused for is so today, and has to be allowed. */
static bool allow_more(struct adoption *adoption, const char *message)
{
    bool *allowed = strstr(message, "could be confused")          ? &adoption->reports_collisions
                    : strstr(message, "could give the same name") ? &adoption->reports_collisions
                    : strstr(message, "is ambiguous")             ? &adoption->reports_collisions
                    : strstr(message, "could not be told apart")  ? &adoption->reports_collisions
                                                                  : NULL;
    if (strstr(message, "namespaces overlap"))
        return share_namespace(adoption, message);
    if (!allowed || *allowed)
        return false;
    return (*allowed = true);
}

static bool is_there(const struct adoption *adoption, const char *path)
{
    for (size_t i = 0; i < adoption->count; i++)
        if (!adoption->apps[i].left && strcmp(adoption->apps[i].path, path) == 0)
            return true;
    return false;
}

static bool is_above_any(const struct adoption *adoption, const char *path)
{
    for (size_t i = 0; i < adoption->count; i++)
        if (!adoption->apps[i].left && path_is_within(adoption->apps[i].path, path))
            return true;
    return false;
}

/* Whose pattern finds a directory that cannot be excluded, because others are below it, has an entry of its own. */
static bool name_alone(struct adoption *adoption, const char *path)
{
    bool any = false;
    for (size_t i = 0; i < adoption->count; i++) {
        struct existing *app = &adoption->apps[i];
        struct path_pattern pattern;
        struct error ignored = {0};
        if (app->left || app->alone)
            continue;
        bool finds =
            pattern_read(adoption->arena, app->pattern, 0, &pattern, &ignored) && pattern_covers(&pattern, path);
        error_free(&ignored);
        app->alone = finds;
        any = any || finds;
    }
    return any;
}

/* A directory that would have the name of another one. */
static bool is_rival(const struct target *target)
{
    return target->problem && strstr(target->problem, "is claimed by");
}

/* Directories that the policy finds and that are not deployed today. Whether there are more than before. */
static bool find_exclusions(struct adoption *adoption, const struct root_set *set)
{
    struct map *seen = map_new(adoption->arena);
    struct name_list *out = &adoption->exclusions;
    size_t before = out->count;
    bool changed = false;
    if (!out->names)
        out->names = ARENA_ARRAY(adoption->arena, MOST_EXCLUSIONS, const char *);
    for (size_t i = 0; i < set->target_count && out->count < MOST_EXCLUSIONS; i++) {
        const struct target *target = &set->targets[i];
        if (!target->path || (!target->name && !target->environment) || is_there(adoption, target->path))
            continue;
        void **slot = map_slot(seen, target->path, strlen(target->path));
        bool fresh = !*slot && (target->name || is_rival(target));
        if (fresh && is_above_any(adoption, target->path))
            changed = name_alone(adoption, target->path) || changed;
        else if (fresh)
            out->names[out->count++] = arena_string(adoption->arena, target->path);
        *slot = out;
    }
    return changed || out->count > before;
}

static const struct node *find_generated(const struct trial *trial, const char *name)
{
    for (size_t i = 0; i < trial->rendered.count; i++)
        if (node_equals(node_find(trial->rendered.items[i], "kind"), "Application") &&
            node_equals(node_find(node_find(trial->rendered.items[i], "metadata"), "name"), name))
            return trial->rendered.items[i];
    return NULL;
}

static const struct target *find_target(const struct root_set *set, const struct existing *app)
{
    for (size_t i = 0; i < set->target_count; i++)
        if (set->targets[i].name && strcmp(set->targets[i].path, app->path) == 0 &&
            strcmp(set->targets[i].environment, app->environment) == 0)
            return &set->targets[i];
    return NULL;
}

/* What another entry's pattern finds first gets an entry before it. Whether there is any. */
static bool find_alone(struct adoption *adoption, const struct root_set *set)
{
    bool any = false;
    for (size_t i = 0; i < adoption->count; i++) {
        struct existing *app = &adoption->apps[i];
        if (app->left || app->alone || find_target(set, app))
            continue;
        any = app->alone = true;
    }
    return any;
}

static const char *problem_at(const struct adoption *adoption, const struct root_set *set, const char *path)
{
    for (size_t i = 0; i < set->target_count; i++)
        if (set->targets[i].path && !set->targets[i].name && strcmp(set->targets[i].path, path) == 0)
            return arena_string(adoption->arena, set->targets[i].problem);
    return "the policy does not find its directory";
}

static int compare_texts(const void *left, const void *right)
{
    const struct node *const *one = left, *const *other = right;
    return strcmp(node_text(*one) ? node_text(*one) : "", node_text(*other) ? node_text(*other) : "");
}

/* Their order means nothing, nor does saying a thing twice, or what is so anyway. */
static void order_options(struct tree *tree, struct node *spec)
{
    struct node *policy = node_find(spec, "syncPolicy"), *options = node_find(policy, "syncOptions");
    if (!node_is_list(options))
        return;
    struct node *out = tree_list(tree);
    for (uint32_t i = 0; i < options->count; i++)
        if (!node_equals(options->items[i], "CreateNamespace=false"))
            tree_append(tree, out, options->items[i]);
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, compare_texts);
    uint32_t kept = out->count > 0;
    for (uint32_t i = 1; i < out->count; i++)
        if (compare_texts(&out->items[kept - 1], &out->items[i]) != 0)
            out->items[kept++] = out->items[i];
    out->count = kept;
    tree_set_named(tree, policy, "syncOptions", out);
}

/* To git, no revision is HEAD (v3.6.1 util/git/client.go). */
static const struct node *without_head(struct adoption *adoption, struct node *application)
{
    struct node *source = node_find(node_find(application, "spec"), "source");
    if (source && !node_find(source, "chart") && node_equals(node_find(source, "targetRevision"), "HEAD"))
        tree_remove(source, intern_string(adoption->tree.keys, "targetRevision"));
    return application;
}

/* Only what somebody has written counts. */
static struct node *comparable_part(struct adoption *adoption, const struct node *application)
{
    static const char *const marks[] = {"kubectl.kubernetes.io/last-applied-configuration",
                                        "argocd.argoproj.io/tracking-id", "argocd.argoproj.io/refresh",
                                        "argocd.argoproj.io/application-set-refresh", ARGOCD_GENERATE_PATHS};
    static const char *const labels[] = {"app.kubernetes.io/instance", LABEL_APP, LABEL_ENVIRONMENT, LABEL_TEAM,
                                         LABEL_CLUSTER};
    struct tree *tree = &adoption->tree;
    struct node *out = tree_map(tree), *metadata = tree_map(tree);
    const struct node *old = node_find(application, "metadata");
    static const char *const kept[] = {"labels", "annotations"};
    for (size_t k = 0; k < 2; k++) {
        const struct node *map = node_find(old, kept[k]);
        struct node *copy = tree_map(tree);
        for (uint32_t i = 0; node_is_map(map) && i < map->count; i++) {
            bool mark = false;
            for (size_t j = 0; j < 5; j++)
                mark = mark || strcmp(map->entries[i].key->text, k ? marks[j] : labels[j]) == 0;
            if (!mark)
                tree_set_named(tree, copy, map->entries[i].key->text, tree_copy(tree, map->entries[i].value));
        }
        tree_set_named(tree, metadata, kept[k], copy);
    }
    if (node_find(old, "finalizers") && node_find(old, "finalizers")->count)
        tree_set_named(tree, metadata, "finalizers", tree_copy(tree, node_find(old, "finalizers")));
    tree_set_string(tree, out, "apiVersion", "argoproj.io/v1alpha1");
    tree_set_string(tree, out, "kind", "Application");
    tree_set_named(tree, out, "metadata", metadata);
    struct node *spec = known_spec(tree, node_find(application, "spec"));
    const struct node *sources = node_find(spec, "sources");
    if (node_is_list(sources) && sources->count == 1 && !node_find(spec, "source")) {
        struct node *alone = tree_map(tree);
        for (uint32_t i = 0; i < spec->count; i++)
            if (spec->entries[i].value != sources)
                tree_set_named(tree, alone, spec->entries[i].key->text, spec->entries[i].value);
        tree_set_named(tree, alone, "source", sources->items[0]);
        spec = alone;
    }
    order_options(tree, spec);
    tree_set_named(tree, out, "spec", spec);
    return out;
}

/* What no entry can say becomes files of the root's own directory, as it is. */
static void write_by_hand(struct adoption *adoption)
{
    text_cut(&adoption->by_hand, 0);
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        struct error ignored = {0};
        if (!app->by_hand)
            continue;
        struct node *application = comparable_part(adoption, app->node), *metadata = tree_map(&adoption->tree);
        const struct node *old = node_find(application, "metadata");
        tree_set_string(&adoption->tree, metadata, "name", app->name);
        for (uint32_t j = 0; j < old->count; j++)
            if (old->entries[j].value->count)
                tree_set_named(&adoption->tree, metadata, old->entries[j].key->text, old->entries[j].value);
        tree_set_named(&adoption->tree, application, "metadata", metadata);
        text_string(&adoption->by_hand, adoption->by_hand.size ? "---\n" : "");
        emit_yaml(application, &adoption->by_hand, &ignored);
        error_free(&ignored);
    }
}

const char *adoption_kustomization(const struct adoption *adoption)
{
    return arena_format(
        adoption->arena, "%s%s", policy_kustomization,
        adoption->by_hand.size ? "resources:\n  - applications.yaml # what no directory here stands for alone\n" : "");
}

/* In the adoption's own memory: a trial's goes. */
static const struct node *read_again(struct adoption *adoption, const struct node *node)
{
    struct text text = {0};
    struct error ignored = {0};
    struct node *out = NULL;
    if (emit_yaml(node, &text, &ignored)) {
        const char *copy = arena_copy(adoption->arena, text_content(&text), text.size);
        parse_first(
            &adoption->tree,
            &(struct yaml_text){.file = "the proposal", .bytes = copy, .size = text.size, .origins = adoption->origins},
            &out, &ignored);
    }
    text_free(&text);
    error_free(&ignored);
    return out;
}

static void compare_with_trial(struct adoption *adoption, const struct trial *trial, struct existing *app)
{
    const struct root_set *set = &trial->session.set;
    const struct target *target = app->by_hand ? NULL : find_target(set, app);
    const char *name = app->by_hand ? app->name : target ? target->name : NULL;
    const struct node *generated = name ? find_generated(trial, name) : NULL;
    generated = generated ? read_again(adoption, generated) : NULL;
    if (!generated) {
        app->left = app->by_hand ? app->left : problem_at(adoption, set, app->path);
        app->by_hand = false;
        return;
    }
    const struct node *base = without_head(adoption, comparable_part(adoption, app->node));
    const struct node *head = without_head(adoption, comparable_part(adoption, generated));
    struct diff diff = {.arena = adoption->arena, .tree = &adoption->tree};
    struct diff_side base_side = {.items = &base, .count = 1}, head_side = {.items = &head, .count = 1};
    app->new_name = arena_string(adoption->arena, name);
    app->change = (struct resource_change){.change = CHANGE_CHANGED, .base = base, .head = head};
    app->change.id = app->change.from = object_id_of(&diff, base);
    find_fields(&diff, &base_side, &head_side, &app->change);
}

static void finish_trial(struct adoption *adoption, struct trial *trial)
{
    struct text message = {0};
    if (!trial->good) {
        error_write(&trial->error, &message);
        adoption->refusal = arena_string(adoption->arena, text_content(&message));
        text_free(&message);
        return;
    }
    for (size_t i = 0; i < adoption->count; i++)
        if (!adoption->apps[i].left || adoption->apps[i].by_hand)
            compare_with_trial(adoption, trial, &adoption->apps[i]);
}

bool adoption_propose(struct adoption *adoption, struct error *error)
{
    size_t taken = 0;
    adoption_place(adoption);
    for (size_t i = 0; i < adoption->count; i++)
        taken += !adoption->apps[i].left;
    for (size_t i = 0; i < adoption->count && !taken; i++)
        adoption->apps[i].by_hand = false;
    if (!taken)
        return true;
    write_by_hand(adoption);
    for (int round = 0; round < MOST_ROUNDS; round++) {
        struct trial trial;
        adoption_write_policy(adoption);
        begin_trial(adoption, &trial);
        bool again = trial.good
                         ? find_exclusions(adoption, &trial.session.set) || find_alone(adoption, &trial.session.set)
                         : trial.error.message && allow_more(adoption, trial.error.message);
        if (!again || round + 1 == MOST_ROUNDS) {
            finish_trial(adoption, &trial);
            end_trial(&trial);
            return true;
        }
        end_trial(&trial);
    }
    return error_set(error, "no policy was found");
}
