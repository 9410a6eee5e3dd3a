/* entries.c: groups Applications whose directories one path finds, and learns their names. */
#include "plugin/adopt/entries.h"

#include <stdlib.h>
#include <string.h>

#include "generator/discover.h"

/* A text as the policy will expand it. NULL: the file does not say what it needs. */
static const char *expand_for(struct tree *tree, const char *template, const struct existing *app)
{
    struct discover_rule rule = {.namespace = template};
    const char *missing, *text = expand_text(tree->arena, template, names_of(tree->arena, app, false));
    find_value_words(tree->arena, &rule);
    const struct values values = values_of_file(tree, &rule.value_words, app->values);
    return expand_value_text(tree->arena, text, &values, &missing);
}

/* Entries. */

static void add_member(struct writing *writing, const char *key, const char *path, struct existing *app)
{
    struct policy_entry *entry = NULL;
    for (size_t i = 0; i < writing->count && !entry; i++)
        if (strcmp(writing->entries[i].key, key) == 0)
            entry = &writing->entries[i];
    if (!entry) {
        writing->entries =
            arena_grow(writing->arena, writing->entries, writing->count, &writing->room, sizeof *writing->entries);
        entry = &writing->entries[writing->count++];
        *entry = (struct policy_entry){
            .key = key, .path = path, .renderer = app->renderer, .url = app->url, .values = app->values_file};
    }
    entry->members = arena_grow(writing->arena, entry->members, entry->count, &entry->room, sizeof *entry->members);
    entry->members[entry->count++] = app;
}

static void remove_member(struct policy_entry *entry, const struct existing *app)
{
    size_t kept = 0;
    for (size_t i = 0; i < entry->count; i++)
        if (entry->members[i] != app)
            entry->members[kept++] = entry->members[i];
    entry->count = kept;
}

/* All environments in which a directory is deployed, as one text. */
static const char *environments_of(const struct writing *writing, const struct existing *app)
{
    const char *all = "";
    for (size_t i = 0; i < writing->adoption->environment_count; i++) {
        const char *name = writing->adoption->environments[i].name;
        for (size_t j = 0; j < writing->adoption->count; j++) {
            const struct existing *other = &writing->adoption->apps[j];
            if (!other->left && strcmp(other->environment, name) == 0 && strcmp(other->path, app->path) == 0)
                all = arena_format(writing->arena, "%s,%s", all, name);
        }
    }
    return all;
}

static void group_by_pattern(struct writing *writing)
{
    for (size_t i = 0; i < writing->adoption->count; i++) {
        struct existing *app = &writing->adoption->apps[i];
        if (app->left)
            continue;
        if (app->alone) {
            add_member(writing,
                       arena_format(writing->arena, "=%s|%s|%s", app->path, app->renderer, app->url ? app->url : ""),
                       app->path, app);
            continue;
        }
        const char *all = strstr(app->pattern, "{env}") ? "" : environments_of(writing, app);
        add_member(writing,
                   arena_format(writing->arena, "%s|%s|%s|%s|%s", app->pattern, all, app->renderer,
                                app->url ? app->url : "", app->values_file ? app->values_file : ""),
                   app->pattern, app);
    }
}

/* The first of two entries of one path would find all: the one with fewer Applications names each directory. */
static void split_rivals(struct writing *writing)
{
    size_t groups = writing->count;
    for (size_t i = 0; i < groups; i++)
        for (size_t j = 0; j < groups; j++) {
            struct policy_entry small = writing->entries[i];
            const struct policy_entry *large = &writing->entries[j];
            bool fewer = small.count < large->count || (small.count == large->count && i > j);
            if (i == j || !fewer || !strchr(small.path, '{') || strcmp(small.path, large->path) != 0)
                continue;
            writing->entries[i].count = 0;
            for (size_t k = 0; k < small.count; k++)
                add_member(writing,
                           arena_format(writing->arena, "=%s|%s|%s", small.members[k]->path, small.renderer,
                                        small.url ? small.url : ""),
                           small.members[k]->path, small.members[k]);
        }
}

static bool template_gives(struct tree *tree, const char *template, const struct existing *app, const char *text)
{
    const char *said = expand_for(tree, template, app);
    return said && strcmp(said, text) == 0;
}

static size_t count_fits(struct tree *tree, const struct policy_entry *entry, const char *name, const char *namespace)
{
    size_t count = 0;
    for (size_t i = 0; i < entry->count; i++)
        count += template_gives(tree, name, entry->members[i], entry->members[i]->name) &&
                 template_gives(tree, namespace, entry->members[i], namespace_of(entry->members[i]));
    return count;
}

/* Takes these templates where more follow them than any before. */
static void try_names(struct tree *tree, struct policy_entry *entry, const char *name, const char *namespace,
                      size_t *most)
{
    bool apart = has_placeholder(name, "app") || !strstr(entry->path, "{app}");
    size_t count = apart && namespace ? count_fits(tree, entry, name, namespace) : 0;
    if (count <= *most)
        return;
    *most = count;
    entry->name = name;
    entry->namespace = namespace;
}

/* The templates that most of an entry's Applications follow. How many that are. */
static size_t learn_names(struct tree *tree, struct policy_entry *entry)
{
    size_t most = 0;
    for (size_t i = 0; i < entry->count && most < entry->count; i++) {
        const struct existing *app = entry->members[i];
        const struct binding *values = names_of(tree->arena, app, false);
        const char *name = learn_text(tree->arena, app->name, values);
        try_names(tree, entry, name, learn_text(tree->arena, namespace_of(app), values), &most);
        try_names(tree, entry, name, learn_namespace(tree->arena, app), &most);
    }
    return most;
}

/* What does not follow an entry's names has an entry for its directory alone. */
static void split_entries(struct writing *writing)
{
    struct arena *arena = writing->arena;
    struct tree *tree = &writing->adoption->tree;
    size_t groups = writing->count;
    for (size_t i = 0; i < groups; i++) {
        struct policy_entry entry = writing->entries[i];
        struct existing **members = entry.members;
        size_t count = entry.count, fits = learn_names(tree, &entry);
        bool alone = fits < 2 && strstr(entry.path, "{app}");
        entry.members = ARENA_ARRAY(arena, count + 1, struct existing *);
        entry.count = 0;
        for (size_t j = 0; j < count; j++) {
            bool fit = !alone && fits && template_gives(tree, entry.name, members[j], members[j]->name) &&
                       template_gives(tree, entry.namespace, members[j], namespace_of(members[j]));
            if (fit)
                entry.members[entry.count++] = members[j];
            else
                add_member(writing,
                           arena_format(arena, "=%s|%s|%s", members[j]->path, members[j]->renderer,
                                        members[j]->url ? members[j]->url : ""),
                           members[j]->path, members[j]);
        }
        writing->entries[i] = entry;
    }
    for (size_t i = groups; i < writing->count; i++)
        learn_names(tree, &writing->entries[i]);
}

enum { MOST_ENTRIES = 150 };

/* What needs another template than most of an entry has an entry of its own, as long as there are not too many. */
static void split_by_template(struct writing *writing)
{
    size_t groups = writing->count;
    for (size_t i = 0; i < groups && writing->count < MOST_ENTRIES; i++) {
        struct policy_entry entry = writing->entries[i];
        size_t kept = 0;
        if (!strchr(entry.path, '{'))
            continue;
        entry.chosen = choose_template(writing, &entry);
        for (size_t j = 0; j < entry.count; j++) {
            struct existing *app = entry.members[j];
            if (fits_template(writing, entry.chosen, app))
                entry.members[kept++] = app;
            else
                add_member(
                    writing,
                    arena_format(writing->arena, "=%s|%s|%s", app->path, app->renderer, app->url ? app->url : ""),
                    app->path, app);
        }
        entry.count = kept;
        writing->entries[i] = entry;
    }
    for (size_t i = groups; i < writing->count; i++)
        learn_names(&writing->adoption->tree, &writing->entries[i]);
}

/* Whether other Applications of a directory are in other projects. */
static bool has_other_projects(const struct adoption *adoption, const struct existing *app)
{
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *other = &adoption->apps[i];
        if (!other->left && strcmp(other->path, app->path) == 0 && strcmp(other->project, app->project) != 0)
            return true;
    }
    return false;
}

/* Whether all of an entry's Applications have the names and the template that it gives. */
static bool says_all(struct writing *writing, const struct policy_entry *entry)
{
    const struct node *template = choose_template(writing, entry);
    size_t count = entry->name ? count_fits(&writing->adoption->tree, entry, entry->name, entry->namespace) : 0;
    bool apart = entry->count < 2 || has_placeholder(entry->name ? entry->name : "", "env");
    for (size_t i = 0; i < entry->count; i++)
        if (!fits_template(writing, template, entry->members[i]))
            return false;
    return count == entry->count && apart;
}

/* Whether other entries have the directory in other environments. */
static bool is_elsewhere(const struct writing *writing, size_t own, const struct existing *app)
{
    for (size_t i = 0; i < writing->count; i++)
        for (size_t j = 0; i != own && j < writing->entries[i].count; j++)
            if (strcmp(writing->entries[i].members[j]->path, app->path) == 0)
                return true;
    return false;
}

/* A directory with settings of its own in each environment has an entry for each, which are written as one. */
static void split_environments(struct writing *writing)
{
    size_t groups = writing->count, moved_count = 0;
    struct existing **moved = ARENA_ARRAY(writing->arena, writing->adoption->count + 1, struct existing *);
    for (size_t i = 0; i < groups; i++) {
        const struct policy_entry *entry = &writing->entries[i];
        bool differs = !strchr(entry->path, '{') && entry->count > 1 && !says_all(writing, entry);
        for (size_t j = 0; j < entry->count; j++)
            if (differs || is_elsewhere(writing, i, entry->members[j]) ||
                has_other_projects(writing->adoption, entry->members[j]))
                moved[moved_count++] = entry->members[j];
    }
    for (size_t i = 0; i < moved_count; i++)
        for (size_t j = 0; j < groups; j++)
            remove_member(&writing->entries[j], moved[i]);
    for (size_t i = 0; i < moved_count; i++)
        add_member(writing, arena_format(writing->arena, "=%s@%s", moved[i]->path, moved[i]->environment),
                   moved[i]->path, moved[i]);
    for (size_t i = groups; i < writing->count; i++) {
        struct policy_entry *entry = &writing->entries[i];
        learn_names(&writing->adoption->tree, entry);
        if (has_other_projects(writing->adoption, entry->members[0]))
            entry->project = entry->members[0]->project;
    }
}

/* Of a directory in several environments one entry can say only names that tell them apart. */
static void leave_unsaid(struct writing *writing, struct policy_entry *entry)
{
    size_t kept = 0;
    for (size_t i = 0; i < entry->count; i++) {
        struct existing *app = entry->members[i];
        bool good = entry->name && template_gives(&writing->adoption->tree, entry->name, app, app->name) &&
                    template_gives(&writing->adoption->tree, entry->namespace, app, namespace_of(app)) &&
                    (kept == 0 || has_placeholder(entry->name, "env") || strstr(entry->path, "{app}"));
        if (good)
            entry->members[kept++] = app;
        else
            app->left = "its directory is that of another Application, too, and no one template gives both names";
    }
    entry->count = kept;
}

static void note_environments(struct writing *writing, struct policy_entry *entry)
{
    size_t most = writing->adoption->environment_count;
    entry->environments = ARENA_ARRAY(writing->arena, most + 1, const char *);
    for (size_t i = 0; !strstr(entry->path, "{env}") && i < most; i++) {
        const char *name = writing->adoption->environments[i].name;
        bool used = false;
        for (size_t j = 0; j < entry->count; j++)
            used = used || strcmp(entry->members[j]->environment, name) == 0;
        if (used)
            entry->environments[entry->environment_count++] = name;
    }
    if (!strstr(entry->path, "{app}") && entry->count)
        entry->app = entry->members[0]->app;
}

static void find_common(struct writing *writing)
{
    bool common = true, first = true;
    const char *text = "";
    for (size_t i = 0; i < writing->count; i++) {
        struct policy_entry *entry = &writing->entries[i];
        if (!entry->count)
            continue;
        learn_entry_template(writing, entry);
        const char *own = tree_as_json(writing->arena, entry->template);
        common = common && (first || strcmp(own, text) == 0);
        text = own;
        first = false;
        writing->template = entry->template;
    }
    for (size_t i = 0; common && i < writing->count; i++)
        writing->entries[i].template = NULL;
    writing->template = common ? writing->template : NULL;
}

static const char *most_common(const struct writing *writing, bool namespaces, const char *otherwise)
{
    const char *best = otherwise;
    size_t most = 0;
    for (size_t i = 0; i < writing->count; i++) {
        const char *text = namespaces ? writing->entries[i].namespace : writing->entries[i].name;
        size_t count = 0;
        for (size_t j = 0; text && j < writing->count; j++) {
            const char *other = namespaces ? writing->entries[j].namespace : writing->entries[j].name;
            count += other && strcmp(text, other) == 0 ? writing->entries[j].count : 0;
        }
        bool own = text && strstr(text, "{values."); /* only an entry has a file of values */
        if (count > most && !own && (namespaces ? !!strchr(text, '{') : has_placeholder(text, "app"))) {
            most = count;
            best = text;
        }
    }
    return best;
}

/* A path without names stands before one with: the first gives a directory its names. */
static int compare_entries(const void *left, const void *right)
{
    const struct policy_entry *one = left, *other = right;
    bool fixed = !strchr(one->path, '{'), other_fixed = !strchr(other->path, '{');
    int by_path = strcmp(one->path, other->path);
    return fixed != other_fixed ? (fixed ? -1 : 1) : by_path ? by_path : strcmp(one->key, other->key);
}

static void drop_empty(struct writing *writing)
{
    size_t kept = 0;
    for (size_t i = 0; i < writing->count; i++)
        if (writing->entries[i].count)
            writing->entries[kept++] = writing->entries[i];
    writing->count = kept;
}

void find_entries(struct writing *writing)
{
    group_by_pattern(writing);
    split_rivals(writing);
    split_entries(writing);
    split_by_template(writing);
    split_environments(writing);
    for (size_t i = 0; i < writing->count; i++) {
        leave_unsaid(writing, &writing->entries[i]);
        note_environments(writing, &writing->entries[i]);
    }
    drop_empty(writing);
    if (writing->count)
        qsort(writing->entries, writing->count, sizeof *writing->entries, compare_entries);
    find_common(writing);
    writing->name = most_common(writing, false, "{app}-{env}");
    writing->namespace = most_common(writing, true, "{app}-{env}");
}
