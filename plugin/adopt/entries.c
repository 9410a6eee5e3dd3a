/* entries.c: groups Applications whose directories one path finds, and learns their templates. */
#include "plugin/adopt/entries.h"

#include <stdlib.h>
#include <string.h>

#include "generator/discover.h"
#include "yaml/emit.h"

static const struct binding *values_of(struct arena *arena, const struct existing *app, bool with_path)
{
    struct binding *values = ARENA_ARRAY(arena, 4, struct binding);
    values[0] = (struct binding){"app", app->app};
    values[1] = (struct binding){"env", app->environment};
    values[2] = (struct binding){with_path ? "path" : NULL, app->path};
    values[3] = (struct binding){NULL, NULL};
    return values;
}

/* A text or a tree as the policy will expand it. NULL: the file does not say what it needs. */
static const char *expand_for(struct tree *tree, const char *template, const struct existing *app)
{
    struct discover_rule rule = {.namespace = template};
    const char *missing, *text = expand_text(tree->arena, template, values_of(tree->arena, app, false));
    find_value_words(tree->arena, &rule);
    const struct values values = values_of_file(tree, &rule.value_words, app->values);
    return expand_value_text(tree->arena, text, &values, &missing);
}

static struct node *expand_template_for(struct tree *tree, const struct node *template, const struct existing *app)
{
    struct discover_rule rule = {.template = template};
    const char *missing;
    find_value_words(tree->arena, &rule);
    const struct values values = values_of_file(tree, &rule.value_words, app->values);
    return expand_values(tree, expand_tree(tree, template, values_of(tree->arena, app, true)), &values, &missing);
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
        const struct binding *values = values_of(tree->arena, app, false);
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

static const char *json_of(struct arena *arena, const struct node *node)
{
    struct text text = {0};
    struct error ignored = {0};
    if (node)
        emit_json(node, &text, &ignored);
    error_free(&ignored);
    const char *copy = arena_string(arena, text_content(&text));
    text_free(&text);
    return copy;
}

/* The template of one Application, in the words of its entry. */
static struct node *learned_template(struct writing *writing, const struct existing *app)
{
    struct tree *tree = &writing->adoption->tree;
    const struct node *template = template_for(tree, app);
    return template ? learn_tree(tree, learn_values(tree, template, app), values_of(writing->arena, app, true)) : NULL;
}

/* Whether it gives an Application all that it has. */
static bool fits_template(struct writing *writing, const struct node *template, const struct existing *app)
{
    struct tree *tree = &writing->adoption->tree;
    const struct node *wanted = template_for(tree, app);
    const struct node *said = template ? expand_template_for(tree, template, app) : NULL;
    if (!template || !wanted)
        return !template == !wanted;
    return said && nodes_equal(said, wanted);
}

static bool is_new(const char **seen, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(seen[i], text) == 0)
            return false;
    return true;
}

enum { MOST_CANDIDATES = 40 };

/* The template of one of an entry's Applications that most of them can have. */
static struct node *choose_template(struct writing *writing, const struct policy_entry *entry)
{
    struct tree *tree = &writing->adoption->tree;
    const char *seen[MOST_CANDIDATES];
    struct node *best = NULL;
    size_t most = 0, tried = 0;
    for (size_t i = 0; i < entry->count && tried < MOST_CANDIDATES && most < entry->count; i++) {
        struct node *template = learned_template(writing, entry->members[i]);
        for (size_t j = 0; template && j < entry->count; j++)
            learn_defaults(tree, template, template_for(tree, entry->members[j]), entry->members[j]);
        const char *text = json_of(writing->arena, template);
        size_t fits = 0;
        if (!is_new(seen, tried, text))
            continue;
        seen[tried++] = text;
        for (size_t j = 0; j < entry->count; j++)
            fits += fits_template(writing, template, entry->members[j]);
        if (fits <= most)
            continue;
        most = fits;
        best = template;
    }
    return best;
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

/* Whether more than half of the trees have this value at a place. */
static bool is_common(struct node *const *all, size_t count, const char *const *way, const struct node *value)
{
    size_t same = 0;
    for (size_t i = 0; i < count; i++) {
        const struct node *other = all[i];
        for (const char *const *name = way; *name && other; name++)
            other = node_find(other, *name);
        same += other && nodes_equal(other, value);
    }
    return same * 2 > count;
}

/* A setting of one Application must not become everybody's: what fewer have is left out, and shown as a difference. */
static struct node *common_part(struct tree *tree, struct node *const *all, size_t count, const char **way,
                                size_t depth, const struct node *node)
{
    bool deeper = depth == 0 || (depth == 1 && strcmp(way[0], "metadata") == 0) ||
                  (depth == 1 && strcmp(way[0], "spec") == 0) || (depth == 2 && strcmp(way[0], "metadata") == 0);
    if (!deeper || !node_is_map(node))
        return is_common(all, count, way, node) ? tree_copy(tree, node) : NULL;
    struct node *out = tree_map(tree);
    for (uint32_t i = 0; i < node->count; i++) {
        way[depth] = node->entries[i].key->text;
        way[depth + 1] = NULL;
        struct node *value = common_part(tree, all, count, way, depth + 1, node->entries[i].value);
        way[depth] = NULL;
        if (value)
            tree_set_named(tree, out, node->entries[i].key->text, value);
    }
    return out->count ? out : NULL;
}

/* What most of an entry's Applications need. */
static struct node *learn_template(struct writing *writing, const struct policy_entry *entry)
{
    struct tree *tree = &writing->adoption->tree;
    struct node **learned = ARENA_ARRAY(writing->arena, entry->count + 1, struct node *), *best = NULL;
    const char **texts = ARENA_ARRAY(writing->arena, entry->count + 1, const char *);
    size_t most = 0;
    for (size_t i = 0; i < entry->count; i++) {
        learned[i] = learned_template(writing, entry->members[i]);
        texts[i] = json_of(writing->arena, learned[i]);
    }
    for (size_t i = 0; i < entry->count; i++) {
        size_t count = 0;
        for (size_t j = 0; j < entry->count; j++)
            count += strcmp(texts[i], texts[j]) == 0;
        if (count > most) {
            most = count;
            best = learned[i];
        }
    }
    const char *way[5] = {NULL};
    if (entry->chosen)
        return entry->chosen;
    return best ? common_part(tree, learned, entry->count, way, 0, best) : NULL;
}

/* The source belongs to the entry; the rest may be common to all. */
static void split_template(struct writing *writing, struct policy_entry *entry)
{
    struct tree *tree = &writing->adoption->tree;
    struct node *template = learn_template(writing, entry), *spec = template ? node_find(template, "spec") : NULL;
    entry->source = node_find(spec, "source");
    if (spec && entry->source) {
        struct node *rest = tree_map(tree);
        for (uint32_t i = 0; i < spec->count; i++)
            if (spec->entries[i].value != entry->source)
                tree_set_named(tree, rest, spec->entries[i].key->text, spec->entries[i].value);
        struct node *whole = tree_map(tree);
        if (node_find(template, "metadata"))
            tree_set_named(tree, whole, "metadata", node_find(template, "metadata"));
        if (rest->count)
            tree_set_named(tree, whole, "spec", rest);
        template = whole->count ? whole : NULL;
    }
    entry->template = template;
}

static void find_common(struct writing *writing)
{
    bool common = true, first = true;
    const char *text = "";
    for (size_t i = 0; i < writing->count; i++) {
        struct policy_entry *entry = &writing->entries[i];
        if (!entry->count)
            continue;
        split_template(writing, entry);
        const char *own = json_of(writing->arena, entry->template);
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
        if (count > most && (namespaces ? !!strchr(text, '{') : has_placeholder(text, "app"))) {
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
    return fixed != other_fixed ? (fixed ? -1 : 1) : strcmp(one->path, other->path);
}

void find_entries(struct writing *writing)
{
    group_by_pattern(writing);
    split_rivals(writing);
    split_entries(writing);
    split_by_template(writing);
    for (size_t i = 0; i < writing->count; i++) {
        leave_unsaid(writing, &writing->entries[i]);
        note_environments(writing, &writing->entries[i]);
    }
    if (writing->count)
        qsort(writing->entries, writing->count, sizeof *writing->entries, compare_entries);
    find_common(writing);
    writing->name = most_common(writing, false, "{app}-{env}");
    writing->namespace = most_common(writing, true, "{app}-{env}");
}
