/* target_filter.c: chooses targets by app, environment, team and directory. */
#include "plugin/run/target_filter.h"

#include <fnmatch.h>
#include <string.h>

#include "base/nearest.h"
#include "base/path.h"

static bool names_target(const char *operand, const struct target *target)
{
    const char *slash = strchr(operand, '/');
    char app[256];
    size_t size = slash ? (size_t)(slash - operand) : strlen(operand);
    if (!target->app || size >= sizeof app)
        return false;
    memcpy(app, operand, size);
    app[size] = '\0';
    if (fnmatch(app, target->app, 0) != 0)
        return false;
    return !slash || (target->environment && fnmatch(slash + 1, target->environment, 0) == 0);
}

/* Only what has a slash, or is "." or "..", is taken for a directory: a name is that of an app. */
static bool holds_target(const struct target_filter *filter, const char *operand, const struct target *target)
{
    if (!filter->directory || !target->path || (!strchr(operand, '/') && operand[0] != '.'))
        return false;
    struct arena *arena = arena_new();
    bool holds = path_is_within(target->path, path_join(arena, filter->directory, operand));
    arena_free(arena);
    return holds;
}

static bool operand_selects(const struct target_filter *filter, const char *operand, const struct target *target)
{
    return names_target(operand, target) || holds_target(filter, operand, target);
}

static bool is_or_any(const char *wanted, const char *value)
{
    return !wanted || (value && fnmatch(wanted, value, 0) == 0);
}

bool filter_selects(const struct target_filter *filter, const struct target *target)
{
    if (!is_or_any(filter->environment, target->environment) || !is_or_any(filter->team, target->team))
        return false;
    for (size_t i = 0; i < filter->operand_count; i++)
        if (operand_selects(filter, filter->operands[i], target))
            return true;
    return filter->operand_count == 0;
}

static bool no_such_operand(const char *operand, const char *const *names, struct error *error)
{
    const char *near = nearest_name(operand, names);
    if (near)
        return error_set(error, "no application '%s' (did you mean '%s'?)", operand, near);
    return error_set(error, "no application '%s'; 'rootapp list' shows them", operand);
}

static bool check_operand(const struct target_filter *filter, const char *operand, const struct target *targets,
                          size_t count, struct arena *arena, struct error *error)
{
    const char **names = ARENA_ARRAY(arena, 2 * count + 1, const char *);
    const struct target *skipped = NULL;
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        bool selected = operand_selects(filter, operand, &targets[i]);
        if (selected && (targets[i].name || filter->skipped))
            return true;
        if (selected)
            skipped = &targets[i];
        if (!targets[i].name)
            continue;
        names[known++] = targets[i].app;
        names[known++] = arena_format(arena, "%s/%s", targets[i].app, targets[i].environment);
    }
    if (skipped && skipped->path && skipped->problem)
        return error_set(error, "no application '%s': %s: %s", operand, skipped->path, skipped->problem);
    return no_such_operand(operand, names, error);
}

/* One of the options: a value that no target has. */
static bool check_value(const char *option, const char *wanted, const char *const *values, size_t count,
                        struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (is_or_any(wanted, values[i]))
            return true;
    const char *near = nearest_name(wanted, values);
    if (near)
        return error_set(error, "--%s %s: no application has it (did you mean '%s'?)", option, wanted, near);
    return error_set(error, "--%s %s: no application has it; 'rootapp list' shows what there is", option, wanted);
}

static bool check_options(const struct target_filter *filter, const struct target *targets, size_t count,
                          struct arena *arena, struct error *error)
{
    const char **environments = ARENA_ARRAY(arena, count + 1, const char *);
    const char **teams = ARENA_ARRAY(arena, count + 1, const char *);
    for (size_t i = 0; i < count; i++) {
        environments[i] = targets[i].environment ? targets[i].environment : "";
        teams[i] = targets[i].team ? targets[i].team : "";
    }
    return (!filter->environment || check_value("env", filter->environment, environments, count, error)) &&
           (!filter->team || check_value("team", filter->team, teams, count, error));
}

bool filter_check(const struct target_filter *filter, const struct target *targets, size_t count, struct arena *arena,
                  struct error *error)
{
    for (size_t i = 0; i < filter->operand_count; i++)
        if (!check_operand(filter, filter->operands[i], targets, count, arena, error))
            return false;
    return check_options(filter, targets, count, arena, error);
}
