/* share.c: counts what directories and teams have, and divides what looking at them may cost. */
#include "generator/share.h"

#include <string.h>

#include "base/map.h"

/* LONG_: a path of so many bytes counts twice, because what it costs in memory grows with its length. */
enum { LONG_PATH = 256, LONG_DIRECTORY = 64, MOST_HALVES = 8, TRIES = 3 };

const struct quotas all_quotas = {SHARE_MOST_ENTRIES, SHARE_MOST_TARGETS, DISCOVER_MOST_ENTRIES, DISCOVER_MOST_TARGETS};

bool quotas_try(unsigned number, struct quotas *out)
{
    unsigned halves = number / TRIES + 1, which = number % TRIES;
    *out = all_quotas;
    if (which != 1) {
        out->group_entries >>= halves;
        out->group_targets >>= halves;
    }
    if (which != 0) {
        out->team_entries >>= halves;
        out->team_targets >>= halves;
    }
    return halves <= MOST_HALVES;
}

struct counts counts_new(struct arena *arena, const struct policy *policy, struct quotas quotas)
{
    return (struct counts){.policy = policy,
                           .arena = arena,
                           .quotas = quotas,
                           .shares = map_new(arena),
                           .teams = ARENA_ARRAY(arena, policy->spec.teams.count + 1, struct share)};
}

struct share *counts_share(struct counts *counts, const char *path)
{
    void **slot = map_slot(counts->shares, path, strlen(path));
    if (!*slot) {
        struct share *share = ARENA_NEW(counts->arena, struct share);
        share->path = path;
        *slot = share;
    }
    return *slot;
}

static size_t weight_of(const char *path, size_t unit)
{
    return 1 + strlen(path) / unit;
}

/* By the app, or by where the directory lies. */
static struct share *team_share(const struct counts *counts, const char *app, const char *directory)
{
    const struct team *team =
        app ? policy_team(counts->policy, app, directory) : directory_team(counts->policy, directory);
    return team ? &counts->teams[team - policy_teams(counts->policy)] : NULL;
}

const char *counts_target(struct counts *counts, const struct owners *owners, const char *directory, size_t clusters)
{
    struct share *group = owners->group, *team = team_share(counts, owners->app, directory);
    size_t weight = weight_of(directory, LONG_PATH) * (clusters ? clusters : 1);
    if (group && (group->targets += weight) > counts->quotas.group_targets)
        return arena_format(counts->arena, "more than %zu targets in '%s'", counts->quotas.group_targets, group->path);
    if (team && (team->targets += weight) > counts->quotas.team_targets)
        return arena_format(counts->arena, "its team has more than %zu of the %d targets that there may be",
                            counts->quotas.team_targets, DISCOVER_MOST_TARGETS);
    counts->targets += weight;
    counts->beyond = counts->targets > DISCOVER_MOST_TARGETS;
    return NULL;
}

static bool count_within(struct share *share, size_t count, size_t most)
{
    return !share || (share->entries += count) <= most;
}

static bool count_shares(struct counts *counts, const struct owners *owners, const char *directory, size_t count)
{
    const struct quotas *quotas = &counts->quotas;
    bool alone = owners->own && owners->own == owners->group;
    size_t most = alone && quotas->group_entries > APP_MOST_ENTRIES ? APP_MOST_ENTRIES : quotas->group_entries;
    return count_within(alone ? NULL : owners->own, count, APP_MOST_ENTRIES) &&
           count_within(owners->group, count, most) &&
           (!owners->group || count_within(team_share(counts, owners->app, directory), count, quotas->team_entries));
}

bool counts_directory(struct counts *counts, const struct owners *owners, const char *directory, size_t entries)
{
    size_t count = entries * weight_of(directory, LONG_DIRECTORY);
    if (!count_shares(counts, owners, directory, count))
        return false;
    counts->entries += count;
    counts->beyond = counts->entries > DISCOVER_MOST_ENTRIES;
    return !counts->beyond;
}

/* What all groups may use up together, and how much of it one may at most. A group with many Applications needs more.
 */
static size_t part_of(size_t all, size_t groups, size_t applications, size_t each, size_t most)
{
    size_t part = all / groups + applications * each;
    return part < most ? part : most;
}

void shares_divide(struct share *const *shares, size_t count)
{
    enum { MIB = 1024 * 1024, ALL_SCANNED = 1024 * MIB, ALL_SURVEYED = 300000, ALL_TEXT = 32 * MIB };
    enum { MOST_SCANNED = 64 * MIB, MOST_SURVEYED = 100000, MOST_TEXT = 4 * MIB };
    size_t groups = 0;
    for (size_t i = 0; i < count; i++)
        groups += shares[i]->applications++ == 0;
    for (size_t i = 0; i < count; i++) {
        size_t own = shares[i]->applications;
        shares[i]->most_scanned = part_of(ALL_SCANNED, groups, own, 16 * 1024, MOST_SCANNED);
        shares[i]->most_surveyed = part_of(ALL_SURVEYED, groups, own, 10, MOST_SURVEYED);
        shares[i]->most_text = part_of(ALL_TEXT, groups, own, 1024, MOST_TEXT);
    }
}
