/* discover.c: walks the directories that the policy's paths can match. */
#include "generator/discover.h"

#include <string.h>

#include "base/map.h"
#include "base/nearest.h"
#include "base/path.h"
#include "generator/name.h"
#include "generator/slips.h"
#include "source/kustomization_files.h"

enum { MOST_REFUSED = 10000 };

struct walk {
    const struct generate_input *input;
    const struct policy *policy;
    struct discovery *out;
    struct map *seen;   /* the rule that has decided on a directory last */
    struct map *listed; /* directories that were counted */
    struct share *group;
    const struct discover_rule *rule;
    const char *names[PATTERN_LONGEST]; /* what the named segments matched so far */
    const char *app_path;
    const char *taken; /* the first directory of this entry that an entry above has; NULL: none */
    struct counts counts;
    struct error *error;
};

static bool visit_directory(struct walk *walk, const char *directory, size_t at, size_t depth);

static const char *named_segment(const struct walk *walk, const char *name)
{
    int at = pattern_find(&walk->rule->pattern, name);
    return at < 0 ? NULL : walk->names[at];
}

static const char *said_name(const struct walk *walk, const char *name)
{
    return name && walk->policy->spec.normalize_names ? normal_name(walk->input->tree->arena, name) : name;
}

static const char *app_of(const struct walk *walk)
{
    return walk->rule->app ? walk->rule->app : said_name(walk, named_segment(walk, "app"));
}

static const char *environment_of(const struct walk *walk)
{
    return walk->rule->env ? walk->rule->env : said_name(walk, named_segment(walk, "env"));
}

static void refuse_directory(struct walk *walk, const char *path, const char *problem)
{
    struct discovery *out = walk->out;
    if (out->refused_count >= MOST_REFUSED)
        return;
    out->refused = arena_grow(walk->input->tree->arena, out->refused, out->refused_count, &out->refused_room,
                              sizeof *out->refused);
    out->refused[out->refused_count++] =
        (struct refused){printable_text(walk->input->tree->arena, path), app_of(walk), environment_of(walk), problem};
}

/* Whether a later rule takes this directory away. */
static bool is_excluded(const struct walk *walk, const char *path)
{
    const struct discover_rule *end = policy_rules(walk->policy) + walk->policy->spec.discover.count;
    for (const struct discover_rule *rule = walk->rule + 1; rule < end; rule++)
        if (rule->exclude && pattern_covers(&rule->pattern, path))
            return true;
    return false;
}

static const struct binding *other_names(const struct walk *walk)
{
    const struct path_pattern *pattern = &walk->rule->pattern;
    struct binding *names = ARENA_ARRAY(walk->input->tree->arena, pattern->count + 1, struct binding);
    size_t count = 0;
    for (size_t i = 0; i < pattern->count; i++)
        if (pattern->segments[i].kind == SEGMENT_NAME && strcmp(pattern->segments[i].text, "app") != 0 &&
            strcmp(pattern->segments[i].text, "env") != 0)
            names[count++] = (struct binding){pattern->segments[i].text, said_name(walk, walk->names[i])};
    return names;
}

/* The problem of a named segment's text, or NULL. */
static const char *check_names(struct walk *walk)
{
    struct arena *arena = walk->input->tree->arena;
    const char *app = app_of(walk);
    if (!is_label(app))
        return arena_format(arena,
                            "'%s' is no name of an app: lower-case letters, digits and '-', at most %d characters", app,
                            NAME_LONGEST);
    const struct binding *names = other_names(walk);
    for (; names->name; names++)
        if (!is_label(names->value))
            return arena_format(arena, "{%s} is '%s', which is no name: lower-case letters, digits and '-'",
                                names->name, names->value);
    return NULL;
}

static const char *start_of(const struct walk *walk)
{
    const struct path_pattern *pattern = &walk->rule->pattern;
    const char *start = ".";
    for (size_t i = 0; i < pattern->count && pattern->segments[i].kind == SEGMENT_LITERAL; i++)
        start = path_join(walk->input->tree->arena, start, pattern->segments[i].text);
    return start;
}

static bool too_many(struct walk *walk, const char *what, int most)
{
    return error_at(walk->error, field_origin(walk->rule->node, "path"),
                    "'%s' leads to more than %d %s: narrow the path", walk->rule->path, most, what);
}

static struct owners owners_of(struct walk *walk)
{
    return (struct owners){.group = walk->group,
                           .own = walk->app_path ? counts_share(&walk->counts, walk->app_path) : NULL,
                           .app = app_of(walk)};
}

static bool add_found(struct walk *walk, const char *directory, const struct environment *environment,
                      const char *problem)
{
    struct discovery *out = walk->out;
    struct arena *arena = walk->input->tree->arena;
    const struct owners owners = owners_of(walk);
    const char *refusal = counts_target(&walk->counts, &owners, directory, environment->destinations.count);
    if (refusal) {
        refuse_directory(walk, directory, refusal);
        return true;
    }
    if (walk->counts.beyond)
        return too_many(walk, "targets", DISCOVER_MOST_TARGETS);
    char *resolved = source_resolve(walk->input->source, arena, directory, walk->error);
    if (!resolved)
        return false;
    struct found *found = ARENA_NEW(arena, struct found);
    *found = (struct found){
        .rule = walk->rule,
        .share = walk->group ? walk->group : counts_share(&walk->counts, directory),
        .path = directory,
        .resolved = resolved,
        .start = start_of(walk),
        .app = app_of(walk),
        .app_path = walk->app_path ? walk->app_path : directory,
        .environment = environment,
        .names = other_names(walk),
        .problem = problem,
    };
    found->values = read_values(walk->input, found);
    out->found_count++;
    out->tell(out->context, found);
    return true;
}

static const char *unlisted_environment(const struct walk *walk, const char *name)
{
    struct arena *arena = walk->input->tree->arena;
    size_t count = walk->policy->spec.environments.count;
    const char **names = ARENA_ARRAY(arena, count + 1, const char *);
    for (size_t i = 0; i < count; i++)
        names[i] = policy_environments(walk->policy)[i].name;
    const char *near = nearest_name(name, names);
    const char *problem = arena_format(arena, "environment '%s' is not listed in spec.environments", name);
    return near ? arena_format(arena, "%s (did you mean '%s'?)", problem, near) : problem;
}

/* A directory that an entry above has taken is not taken twice; an entry that finds nothing else says so. */
static void note_taken(struct walk *walk, const char *directory)
{
    if (!walk->taken)
        walk->taken = directory;
}

static void tell_taken(struct walk *walk, size_t found_before)
{
    if (!walk->taken || walk->out->found_count > found_before || walk->rule->item)
        return;
    refuse_directory(walk, walk->taken,
                     arena_format(walk->input->tree->arena,
                                  "'%s' finds only directories that entries above it have, as this one: a directory is "
                                  "in one environment",
                                  walk->rule->path));
}

static bool decide_environment(struct walk *walk, const char *directory, const char *name)
{
    const struct environment *environment = policy_environment(walk->policy, name);
    bool broken;
    const char *problem = check_names(walk);
    if (!problem && !environment)
        problem = unlisted_environment(walk, name);
    if (!problem) {
        problem = check_directory_content(walk->input, walk->rule->renderer, directory, &broken);
        if (!problem || broken)
            return add_found(walk, directory, environment, problem);
    }
    refuse_directory(walk, directory, problem);
    return true;
}

/* A directory that the whole path matches. */
static bool decide_match(struct walk *walk, const char *directory)
{
    void **slot = map_slot(walk->seen, directory, strlen(directory));
    const struct discover_rule *before = *slot;
    if (is_excluded(walk, directory))
        return true;
    if (before && before->entry != walk->rule->entry)
        note_taken(walk, directory);
    if (before && (before == walk->rule || before->entry != walk->rule->entry))
        return true;
    *slot = (void *)walk->rule;
    if (!walk->rule->envs.count)
        return decide_environment(walk, directory, environment_of(walk));
    for (size_t i = 0; i < walk->rule->envs.count; i++)
        if (!decide_environment(walk, directory, ((const char *const *)walk->rule->envs.items)[i]))
            return false;
    return true;
}

/* A FIFO is no directory; what cannot be looked at could be one, and leaving it out would take its apps away. */
static bool can_be_seen(struct walk *walk, const char *path)
{
    return source_resolve(walk->input->source, walk->input->tree->arena, path, walk->error) ||
           error_wrap(walk->error, "discovery has to look at it");
}

/* What Argo CD has not sent may hold any number of apps: without them all of theirs would be removed. */
static bool was_sent(struct walk *walk, const char *path)
{
    struct error problem = {0};
    bool sent =
        source_resolve(walk->input->source, walk->input->tree->arena, path, &problem) || problem.kind != ERROR_NOT_SENT;
    if (!sent)
        error_set_kind(walk->error, ERROR_NOT_SENT, "discovery has to look at it: %s", problem.message);
    error_free(&problem);
    return sent;
}

static bool enter_directory(struct walk *walk, const char *directory, size_t at, size_t depth)
{
    switch (source_kind(walk->input->source, directory)) {
    case FILE_DIRECTORY:
        return visit_directory(walk, directory, at, depth + 1);
    case FILE_REFUSED:
        if (!was_sent(walk, directory))
            return false;
        refuse_directory(walk, directory, "a symbolic link that leads out of the repository, or in a circle");
        return true;
    case FILE_OTHER:
        return can_be_seen(walk, directory);
    default:
        return true;
    }
}

/* An own directory is the one that {app} names; where the app's name is fixed, what stands before the first variable.
 */
static void note_app_path(struct walk *walk, const char *directory, size_t at)
{
    const struct segment *segment = &walk->rule->pattern.segments[at];
    bool literal_ends = walk->rule->app && (at + 1 == walk->rule->pattern.count || segment[1].kind != SEGMENT_LITERAL);
    if (segment->kind == SEGMENT_NAME ? strcmp(segment->text, "app") == 0 : literal_ends && !walk->app_path)
        walk->app_path = directory;
}

/* Where a fixed part of a path is not there, one of nearly that name may have been meant. */
static void note_missing(struct walk *walk, const char *parent, const char *name)
{
    struct arena *arena = walk->input->tree->arena;
    const char *near = find_near_directory(walk->input->source, arena, parent, name);
    if (near)
        refuse_directory(walk, path_join(arena, parent, near),
                         arena_format(arena, "'%s' has '%s' here: did you mean that?", walk->rule->path, name));
    else if (!walk->group && !walk->out->missing)
        walk->out->missing = path_join(arena, parent, name);
}

static bool visit_literals(struct walk *walk, const char *directory, size_t at, size_t depth)
{
    const struct path_pattern *pattern = &walk->rule->pattern;
    const char *before = walk->app_path;
    for (; at < pattern->count && pattern->segments[at].kind == SEGMENT_LITERAL; at++) {
        const char *parent = directory, *name = pattern->segments[at].text;
        directory = path_join(walk->input->tree->arena, directory, name);
        if (source_kind(walk->input->source, directory) == FILE_ABSENT) {
            note_missing(walk, parent, name);
            walk->app_path = before;
            return true;
        }
        if (at + 1 < pattern->count && pattern->segments[at + 1].kind == SEGMENT_LITERAL &&
            is_opted_out(walk->input, directory))
            break;
        note_app_path(walk, directory, at);
    }
    bool done = enter_directory(walk, directory, at, depth);
    walk->app_path = before;
    return done;
}

static bool is_hidden(const char *name)
{
    return *name == '_' || *name == '.';
}

/* A name becomes a part of Applications, which YAML has to hold. */
static bool check_text(struct walk *walk, const char *child, const char *name)
{
    if (is_one_line(name))
        return true;
    enum file_kind kind = source_kind(walk->input->source, child);
    if (kind == FILE_DIRECTORY || kind == FILE_REFUSED)
        refuse_directory(walk, child, "its name is not UTF-8, or has control characters");
    return false;
}

/* Whether a name at a segment is that of an app that nobody asks for. */
static bool is_other_app(const struct walk *walk, const struct segment *segment, const char *name)
{
    const char *only = walk->input->only_app;
    return only && segment->kind == SEGMENT_NAME && strcmp(segment->text, "app") == 0 &&
           strcmp(said_name(walk, name), only) != 0;
}

/* One child of a directory, for the segment at `at`. */
static bool visit_child(struct walk *walk, const char *directory, const char *name, size_t at, size_t depth)
{
    const struct segment *segment = &walk->rule->pattern.segments[at];
    const char *before = walk->app_path;
    struct share *outer = walk->group;
    if (is_hidden(name) || (segment->kind != SEGMENT_ANY_DEPTH && !segment_matches(segment, name)) ||
        is_other_app(walk, segment, segment_part(walk->input->tree->arena, segment, name)))
        return true;
    const char *child = path_join(walk->input->tree->arena, directory, name);
    if (is_excluded(walk, child) || !check_text(walk, child, name))
        return true;
    if (!walk->group)
        walk->group = counts_share(&walk->counts, child);
    walk->names[at] = segment_part(walk->input->tree->arena, segment, name);
    note_app_path(walk, child, at);
    bool done = enter_directory(walk, child, segment->kind == SEGMENT_ANY_DEPTH ? at : at + 1, depth);
    walk->names[at] = NULL;
    walk->app_path = before;
    walk->group = outer;
    return done;
}

/* Below ** a link could lead round in a circle: there, only directories themselves are entered. */
static bool is_link(struct walk *walk, const char *directory)
{
    struct error ignored = {0};
    char *resolved = source_resolve(walk->input->source, walk->input->tree->arena, directory, &ignored);
    error_free(&ignored);
    return !resolved || strcmp(resolved, directory) != 0;
}

/* Counts what a directory holds. False: it is not looked at; `done` is false, with the error, where all together are
 * too many. */
static bool count_entries(struct walk *walk, const char *directory, const struct name_list *names, bool *done)
{
    void **listed = map_slot(walk->listed, directory, strlen(directory));
    if (*listed)
        return true;
    const struct owners owners = owners_of(walk);
    size_t count = names->too_many ? SOURCE_MOST_NAMES + 1 : names->count;
    if (counts_directory(&walk->counts, &owners, directory, count) && !names->too_many)
        return (*listed = walk);
    if (walk->group && !walk->counts.beyond)
        refuse_directory(walk, directory,
                         "more files and directories than discovery looks at in one place: move away "
                         "what is no overlay");
    else
        *done = too_many(walk, "files and directories", DISCOVER_MOST_ENTRIES);
    return false;
}

static bool visit_children(struct walk *walk, const char *directory, size_t at, size_t depth)
{
    struct name_list names;
    bool done = true;
    if (!source_list(walk->input->source, walk->input->tree->arena, directory, &names, walk->error))
        return error_wrap(walk->error, "discovery has to read it");
    if (!count_entries(walk, directory, &names, &done))
        return done;
    for (size_t i = 0; i < names.count; i++)
        if (!visit_child(walk, directory, names.names[i], at, depth))
            return false;
    return true;
}

static bool visit_directory(struct walk *walk, const char *directory, size_t at, size_t depth)
{
    const struct path_pattern *pattern = &walk->rule->pattern;
    if (is_opted_out(walk->input, directory))
        return true;
    if (at == pattern->count)
        return decide_match(walk, directory);
    if (depth > DISCOVER_DEEPEST) {
        refuse_directory(walk, directory, "lies too deep below **");
        return true;
    }
    enum segment_kind kind = pattern->segments[at].kind;
    if (kind == SEGMENT_LITERAL)
        return visit_literals(walk, directory, at, depth);
    if (kind == SEGMENT_ANY_DEPTH && is_link(walk, directory))
        return true;
    if (kind == SEGMENT_ANY_DEPTH && !visit_directory(walk, directory, at + 1, depth))
        return false;
    return visit_children(walk, directory, at, depth);
}

static bool walk_rules(struct walk *walk)
{
    for (size_t i = 0; i < walk->policy->spec.discover.count; i++) {
        walk->rule = &policy_rules(walk->policy)[i];
        memset(walk->names, 0, sizeof walk->names);
        walk->app_path = NULL;
        walk->group = NULL;
        walk->taken = NULL;
        size_t found_before = walk->out->found_count;
        if (!walk->rule->exclude && !visit_directory(walk, ".", 0, 0))
            return false;
        tell_taken(walk, found_before);
    }
    return true;
}

static struct walk walk_of(const struct generate_input *input, const struct policy *policy, struct quotas quotas,
                           struct discovery *out, struct error *error)
{
    struct arena *arena = input->tree->arena;
    return (struct walk){.input = input,
                         .policy = policy,
                         .out = out,
                         .seen = map_new(arena),
                         .listed = map_new(arena),
                         .counts = counts_new(arena, policy, quotas),
                         .error = error};
}

static void tell_nobody(void *context, const struct found *found)
{
    (void)context;
    (void)found;
}

/* Walks for the numbers alone: whether all are within the limits. */
static bool all_fit(const struct generate_input *input, const struct policy *policy, struct quotas quotas)
{
    struct tree tree = *input->tree;
    struct generate_input trial = *input;
    struct discovery nobody = {.tell = tell_nobody};
    struct error ignored = {0};
    tree.arena = arena_new();
    trial.tree = &tree;
    struct walk walk = walk_of(&trial, policy, quotas, &nobody, &ignored);
    walk_rules(&walk);
    error_free(&ignored);
    arena_free(tree.arena);
    return !walk.counts.beyond;
}

/* Where all together are too many, those that have most get less. */
static bool discover_less(const struct generate_input *input, const struct policy *policy, struct discovery *out,
                          struct error *error)
{
    struct quotas quotas;
    unsigned number = 0;
    while (quotas_try(number++, &quotas))
        if (all_fit(input, policy, quotas)) {
            error_free(error);
            out->restart(out->context);
            out->found_count = out->refused_count = 0;
            out->missing = NULL;
            struct walk walk = walk_of(input, policy, quotas, out, error);
            return walk_rules(&walk);
        }
    return false;
}

bool discover(const struct generate_input *input, const struct policy *policy, struct discovery *out,
              struct error *error)
{
    struct walk walk = walk_of(input, policy, all_quotas, out, error);
    return walk_rules(&walk) || (walk.counts.beyond && discover_less(input, policy, out, error));
}
