/* repository_layout.c: tells apps and environments apart in the paths of kustomizations. */
#include "plugin/run/repository_layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/text.h"

enum { MOST_SEGMENTS = 16, NOWHERE = -1, RANK_OF_PRODUCTION = 11 };

/* Names of environments, with the order of promotion. Each is also taken with something behind or before a dash. */
static const struct {
    const char *name;
    int rank;
} known_environments[] = {
    {"local", 0}, {"sandbox", 1}, {"dev", 2},         {"develop", 2},     {"development", 2}, {"ci", 3},
    {"test", 4},  {"testing", 4}, {"int", 5},         {"integration", 5}, {"qa", 6},          {"uat", 7},
    {"stage", 8}, {"stg", 8},     {"staging", 8},     {"preprod", 9},     {"pre-prod", 9},    {"canary", 10},
    {"prod", 11}, {"prd", 11},    {"production", 11}, {"live", 11},
};

/* Directories whose children are environments. */
static const char *const holders[] = {"overlays", "overlay", "envs", "env", "environments", "environment", NULL};

/* What a directory of an app's manifests is called: no name of an app. */
static const char *const manifest_words[] = {"k8s",    "kubernetes", "kustomize",   "manifests", "manifest",
                                             "deploy", "deployment", "deployments", "config",    NULL};

/* What the directory of all apps is called: the name of an app only where there is no other. */
static const char *const group_words[] = {"apps", "applications", "services", "workloads", "clusters", "teams", NULL};

/* What is no environment, although it lies where one would. */
static const char *const shared_words[] = {"base",       "bases",     "common",   "shared",
                                           "components", "component", "template", NULL};

struct split {
    const char *segments[MOST_SEGMENTS];
    int count, app, environment;
};

/* Whether a known name is the word itself, or a part of it beside a dash: prod, prod-eu, eu-prod. */
static bool has_part(const char *word, const char *name, bool whole)
{
    size_t size = strlen(name), all = strlen(word);
    if (strcmp(word, name) == 0)
        return true;
    if (whole || all <= size + 1)
        return false;
    bool begins = strncmp(word, name, size) == 0 && word[size] == '-';
    return begins || (word[all - size - 1] == '-' && strcmp(word + all - size, name) == 0);
}

/* The order of promotion; NOWHERE: no environment is called so. */
static int rank_of(const char *word, bool whole)
{
    for (size_t i = 0; i < sizeof known_environments / sizeof *known_environments; i++)
        if (has_part(word, known_environments[i].name, whole))
            return known_environments[i].rank;
    return NOWHERE;
}

static bool split_path(struct arena *arena, const char *path, struct split *out)
{
    *out = (struct split){.app = NOWHERE, .environment = NOWHERE};
    for (; *path && out->count < MOST_SEGMENTS; path += *path == '/') {
        size_t size = strcspn(path, "/");
        if (*path == '.' || *path == '_')
            return false; /* discovery leaves it alone, too */
        out->segments[out->count++] = arena_copy(arena, path, size);
        path += size;
    }
    return !*path;
}

static int find_environment(const struct split *split)
{
    for (int i = 0; i + 1 < split->count; i++)
        if (string_in(holders, split->segments[i]))
            return string_in(shared_words, split->segments[i + 1]) ? NOWHERE : i + 1;
    for (int i = split->count - 1; i >= 0; i--)
        if (string_in(shared_words, split->segments[i]))
            return NOWHERE;
    for (int i = split->count - 1; i >= 0; i--)
        if (rank_of(split->segments[i], true) != NOWHERE)
            return i;
    for (int i = split->count - 1; i > 0; i--)
        if (rank_of(split->segments[i], false) != NOWHERE)
            return i;
    return NOWHERE;
}

static bool is_app(const char *word)
{
    return !string_in(holders, word) && !string_in(manifest_words, word) && !string_in(group_words, word);
}

/* Behind the environment the last name, else the nearest one before it. */
static int find_app(const struct split *split)
{
    for (int i = split->count - 1; i > split->environment; i--)
        if (is_app(split->segments[i]))
            return i;
    for (int i = split->environment - 1; i >= 0; i--)
        if (is_app(split->segments[i]))
            return i;
    return NOWHERE;
}

static const char *pattern_of(struct arena *arena, const struct split *split)
{
    const char *pattern = ".";
    for (int i = 0; i < split->count; i++)
        pattern = path_join(arena, pattern,
                            i == split->app           ? "{app}"
                            : i == split->environment ? "{env}"
                                                      : split->segments[i]);
    return pattern;
}

static const char *fixed_app(const struct split *split, const char *name)
{
    if (split->app != NOWHERE)
        return NULL;
    for (int i = split->environment - 1; i >= 0; i--)
        if (string_in(group_words, split->segments[i]))
            return split->segments[i];
    return name;
}

static bool place_directory(struct arena *arena, const char *path, const char *name, struct placed_directory *out)
{
    struct split split;
    if (!split_path(arena, path, &split))
        return false;
    split.environment = find_environment(&split);
    if (split.environment == NOWHERE)
        return false;
    split.app = find_app(&split);
    const char *fixed = fixed_app(&split, name);
    *out = (struct placed_directory){.path = path,
                                     .app = fixed ? fixed : split.segments[split.app],
                                     .environment = split.segments[split.environment],
                                     .pattern = pattern_of(arena, &split),
                                     .fixed_app = fixed};
    return true;
}

/* Two patterns that differ in one directory above {app}, not the first, as one with `*` there; NULL: they do not. */
static const char *merged_pattern(struct arena *arena, const char *left, const char *right)
{
    struct split one, other;
    int differs = NOWHERE, app = NOWHERE;
    if (!split_path(arena, left, &one) || !split_path(arena, right, &other) || one.count != other.count)
        return NULL;
    for (int i = 0; i < one.count; i++) {
        app = strcmp(one.segments[i], "{app}") == 0 ? i : app;
        if (strcmp(one.segments[i], other.segments[i]) == 0)
            continue;
        if (differs != NOWHERE || i == 0 || *one.segments[i] == '{' || *other.segments[i] == '{')
            return NULL;
        differs = i;
    }
    if (differs == NOWHERE || differs > app)
        return NULL;
    one.segments[differs] = "*";
    return pattern_of(arena, &one);
}

static bool same_text(const char *left, const char *right)
{
    return left == right || (left && right && strcmp(left, right) == 0);
}

static void add_rule(struct arena *arena, struct repository_layout *layout, const struct placed_directory *placed)
{
    for (size_t i = 0; i < layout->rule_count; i++) {
        struct placed_directory *rule = &layout->rules[i];
        if (!same_text(rule->fixed_app, placed->fixed_app))
            continue;
        if (strcmp(rule->pattern, placed->pattern) == 0)
            return;
        const char *merged = merged_pattern(arena, rule->pattern, placed->pattern);
        if (merged) {
            rule->pattern = merged;
            return;
        }
    }
    layout->rules[layout->rule_count++] = *placed;
}

static void add_name(struct name_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->names[i], name) == 0)
            return;
    list->names[list->count++] = name;
}

/* Environments whose names no list has: nerc-edu, where nerc-test and nerc-prod lie beside it. */

/* Of a name that ends with a known one behind a dash: what is before that, with the dash. 0: it does not. */
static size_t stem_size(const char *name)
{
    size_t all = strlen(name);
    for (size_t i = 0; i < sizeof known_environments / sizeof *known_environments; i++) {
        size_t size = strlen(known_environments[i].name);
        if (all > size + 1 && name[all - size - 1] == '-' && strcmp(name + all - size, known_environments[i].name) == 0)
            return all - size;
    }
    return 0;
}

static bool is_stem_of_several(const struct name_list *environments, const char *name, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; size && i < environments->count; i++)
        count += strncmp(environments->names[i], name, size) == 0;
    return count > 1;
}

/* As the directory of a rule is placed, if the two differ in the app, and in what follows the stem of the environment.
 */
static bool place_like(struct arena *arena, const struct placed_directory *rule, const char *path,
                       struct placed_directory *out)
{
    struct split known, split;
    if (!split_path(arena, rule->path, &known) || !split_path(arena, path, &split) || known.count != split.count)
        return false;
    split.environment = known.environment = find_environment(&known);
    split.app = known.app = find_app(&known);
    if (known.app == NOWHERE || !is_app(split.segments[split.app]) ||
        strncmp(split.segments[split.environment], rule->environment, stem_size(rule->environment)) != 0 ||
        strcmp(pattern_of(arena, &split), pattern_of(arena, &known)) != 0)
        return false;
    *out = (struct placed_directory){.path = path,
                                     .app = split.segments[split.app],
                                     .environment = split.segments[split.environment],
                                     .pattern = rule->pattern};
    return true;
}

static bool place_beside(struct arena *arena, const struct repository_layout *layout, const char *path,
                         struct placed_directory *out)
{
    for (size_t i = 0; i < layout->rule_count; i++) {
        const struct placed_directory *rule = &layout->rules[i];
        if (is_stem_of_several(&layout->environments, rule->environment, stem_size(rule->environment)) &&
            place_like(arena, rule, path, out))
            return true;
    }
    return false;
}

static void place_others(struct arena *arena, struct repository_layout *layout)
{
    struct name_list others = layout->others;
    layout->others.count = 0;
    for (size_t i = 0; i < others.count; i++) {
        struct placed_directory *placed = &layout->placed[layout->count];
        if (!place_beside(arena, layout, others.names[i], placed)) {
            layout->others.names[layout->others.count++] = others.names[i];
            continue;
        }
        layout->count++;
        add_name(&layout->environments, placed->environment);
    }
}

/* What is not known is promoted before production. */
static int order_of(const char *name)
{
    int rank = rank_of(name, false);
    return rank == NOWHERE ? 2 * RANK_OF_PRODUCTION - 1 : 2 * rank;
}

bool is_production(const char *environment)
{
    return rank_of(environment, false) == RANK_OF_PRODUCTION;
}

int compare_promotion(const char *left, const char *right)
{
    int difference = order_of(left) - order_of(right);
    return difference ? difference : strcmp(left, right);
}

static int compare_environments(const void *left, const void *right)
{
    const char *const *one = left, *const *other = right;
    return compare_promotion(*one, *other);
}

/* An environment's own kustomization that only gathers its apps is no app. */
static bool gathers_apps(struct arena *arena, const struct name_list *directories,
                         const struct placed_directory *placed)
{
    struct placed_directory below;
    for (size_t i = 0; placed->fixed_app && i < directories->count; i++)
        if (strcmp(directories->names[i], placed->path) != 0 && path_is_within(directories->names[i], placed->path) &&
            place_directory(arena, directories->names[i], "", &below) && !below.fixed_app)
            return true;
    return false;
}

void repository_layout_find(struct arena *arena, const struct name_list *directories, const char *name,
                            struct repository_layout *out)
{
    size_t most = directories->count + 1;
    *out = (struct repository_layout){.placed = ARENA_ARRAY(arena, most, struct placed_directory),
                                      .rules = ARENA_ARRAY(arena, most, struct placed_directory),
                                      .environments.names = ARENA_ARRAY(arena, most, const char *),
                                      .others.names = ARENA_ARRAY(arena, most, const char *)};
    for (size_t i = 0; i < directories->count; i++) {
        struct placed_directory *placed = &out->placed[out->count];
        if (!place_directory(arena, directories->names[i], name, placed) || gathers_apps(arena, directories, placed)) {
            out->others.names[out->others.count++] = directories->names[i];
            continue;
        }
        out->count++;
        add_rule(arena, out, placed);
        add_name(&out->environments, placed->environment);
    }
    place_others(arena, out);
    if (out->environments.count)
        qsort(out->environments.names, out->environments.count, sizeof *out->environments.names, compare_environments);
}

/* A namespace without the environment that it ends or begins with. */
static const char *stem_of(struct arena *arena, const char *namespace, const char *environment)
{
    size_t size = strlen(namespace), part = strlen(environment);
    if (size > part + 1 && namespace[size - part - 1] == '-' && strcmp(namespace + size - part, environment) == 0)
        return arena_copy(arena, namespace, size - part - 1);
    if (size > part + 1 && namespace[part] == '-' && strncmp(namespace, environment, part) == 0)
        return namespace + part + 1;
    return namespace;
}

static const char *told_name(struct arena *arena, const struct repository_layout *layout, const char *const *namespaces)
{
    const char *name = NULL;
    for (size_t i = 0; i < layout->count; i++) {
        const struct placed_directory *placed = &layout->placed[i];
        if (!placed->fixed_app)
            continue;
        const char *stem = namespaces[i] ? stem_of(arena, namespaces[i], placed->environment) : NULL;
        if (!stem || strcmp(stem, "default") == 0 || (name && strcmp(stem, name) != 0))
            return NULL;
        name = stem;
    }
    return name;
}

void repository_layout_rename(struct arena *arena, struct repository_layout *layout, const char *const *namespaces)
{
    const char *name = told_name(arena, layout, namespaces);
    for (size_t i = 0; name && i < layout->count; i++)
        if (layout->placed[i].fixed_app)
            layout->placed[i].app = layout->placed[i].fixed_app = name;
    for (size_t i = 0; name && i < layout->rule_count; i++)
        if (layout->rules[i].fixed_app)
            layout->rules[i].app = layout->rules[i].fixed_app = name;
}
