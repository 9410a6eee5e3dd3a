/* api.c: finds kinds, and tells how long each of them is served. */
#include "kubernetes/api.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "kubernetes/api_table.h"
#include "kubernetes/custom_kinds.h"

struct api_versions api_versions(void)
{
    return (struct api_versions){api_table.oldest, api_table.oldest + api_table.versions - 1};
}

/* An apiVersion in its two parts: "apps/v1"; of the core group "v1". */
struct group_version {
    const char *group, *version;
    size_t group_size;
};

static struct group_version split_version(const char *api_version)
{
    const char *slash = strchr(api_version, '/');
    if (!slash)
        return (struct group_version){"", api_version, 0};
    return (struct group_version){api_version, slash + 1, (size_t)(slash - api_version)};
}

static int compare_bytes(const char *left, size_t size, const char *right)
{
    int order = strncmp(left, right, size);
    return order ? order : right[size] ? -1 : 0;
}

struct wanted_kind {
    const struct api_table *table;
    struct group_version of;
    const char *kind;
};

static int compare_version(const void *key, const void *item)
{
    const struct wanted_kind *wanted = key;
    const struct api_kind *kind = item;
    int order = compare_bytes(wanted->of.group, wanted->of.group_size, api_name(wanted->table, kind->group));
    return order ? order : strcmp(wanted->of.version, api_name(wanted->table, kind->version));
}

static int compare_kind(const void *key, const void *item)
{
    const struct wanted_kind *wanted = key;
    const struct api_kind *kind = item;
    int order = compare_version(key, item);
    return order ? order : strcmp(wanted->kind, api_name(wanted->table, kind->kind));
}

struct known_kind api_find(const struct custom_kinds *custom, const char *api_version, const char *kind)
{
    struct wanted_kind wanted = {&api_table, split_version(api_version), kind};
    const struct api_kind *found = bsearch(&wanted, api_table.kinds, api_table.kind_count, sizeof *found, compare_kind);
    if (!found && custom)
        return custom_kinds_find(custom, api_version, kind);
    return (struct known_kind){&api_table, found};
}

bool api_has_fields(struct known_kind kind)
{
    return kind.kind && kind.kind->type;
}

static const char *version_name(struct arena *arena, const struct api_table *table, uint16_t group, uint16_t version)
{
    const char *name = api_name(table, group);
    return *name ? arena_format(arena, "%s/%s", name, api_name(table, version)) : api_name(table, version);
}

static bool is_same_group(const struct api_table *table, const struct api_kind *kind, struct group_version of)
{
    return compare_bytes(of.group, of.group_size, api_name(table, kind->group)) == 0 &&
           strcmp(of.version, api_name(table, kind->version)) == 0;
}

bool api_is_builtin(const char *api_version)
{
    struct wanted_kind wanted = {&api_table, split_version(api_version), NULL};
    return bsearch(&wanted, api_table.kinds, api_table.kind_count, sizeof *api_table.kinds, compare_version);
}

/* The names of the kinds of one group and version, a NULL behind them. */
static const char **kinds_of_group(struct arena *arena, struct group_version of)
{
    const char **names = ARENA_ARRAY(arena, api_table.kind_count + 1, const char *);
    size_t count = 0;
    for (size_t i = 0; i < api_table.kind_count; i++)
        if (is_same_group(&api_table, &api_table.kinds[i], of))
            names[count++] = api_name(&api_table, api_table.kinds[i].kind);
    return names;
}

/* The newest version that serves a kind of this name, in whatever group. */
static const struct api_kind *find_elsewhere(const char *kind)
{
    const struct api_kind *found = NULL;
    for (size_t i = 0; i < api_table.kind_count; i++)
        if (api_table.kinds[i].versions && strcmp(api_name(&api_table, api_table.kinds[i].kind), kind) == 0 &&
            (!found || !strpbrk(api_name(&api_table, api_table.kinds[i].version) + 1, "ab")))
            found = &api_table.kinds[i];
    return found;
}

const char *api_nearest(struct arena *arena, const struct custom_kinds *custom, const char *api_version,
                        const char *kind)
{
    const struct api_kind *elsewhere = find_elsewhere(kind);
    const char *near = nearest_name(kind, kinds_of_group(arena, split_version(api_version)));
    if (near)
        return arena_format(arena, "%s %s", api_version, near);
    if (elsewhere)
        return arena_format(arena, "%s %s", version_name(arena, &api_table, elsewhere->group, elsewhere->version),
                            kind);
    return custom ? custom_kinds_nearest(arena, custom, api_version, kind) : NULL;
}

static unsigned first_version(const struct api_table *table, uint16_t versions)
{
    unsigned number = 0;
    while (number < table->versions && !(versions >> number & 1))
        number++;
    return table->oldest + number;
}

static enum api_state state_of(const struct api_table *table, const struct api_kind *kind, unsigned minor)
{
    unsigned bit = minor < table->oldest ? 0 : minor - table->oldest;
    if (bit >= table->versions)
        bit = table->versions - 1;
    if (kind->removed && minor >= kind->removed)
        return API_REMOVED;
    if (kind->versions && !(kind->versions >> bit & 1) && minor >= table->oldest)
        return kind->versions >> bit ? API_NOT_YET : API_REMOVED;
    return kind->deprecated && minor >= kind->deprecated ? API_DEPRECATED : API_SERVED;
}

struct api_lifecycle api_lifecycle(struct arena *arena, struct known_kind known, unsigned minor)
{
    const struct api_table *table = known.table;
    const struct api_kind *kind = known.kind;
    struct api_lifecycle life = {
        .state = state_of(table, kind, minor),
        .is_alpha = table == &api_table && strstr(api_name(table, kind->version), "alpha"),
        .since = first_version(table, kind->versions),
        .deprecated = kind->deprecated,
        .removed = kind->removed,
    };
    if (kind->new_kind) {
        life.new_version = version_name(arena, table, kind->new_group, kind->new_version);
        life.new_kind = api_name(table, kind->new_kind);
    }
    return life;
}
