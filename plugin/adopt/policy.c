/* policy.c: writes the policy whose Applications are those that are there. */
#include <string.h>

#include "base/path.h"
#include "generator/discover.h"
#include "plugin/adopt/entries.h"
#include "yaml/emit.h"

static void write_quoted(struct text *out, const char *text)
{
    emit_json_string(text, strlen(text), out);
}

static void write_field(struct text *out, const char *indent, const char *name, const char *value)
{
    text_format(out, "%s%s: ", indent, name);
    write_quoted(out, value);
    text_byte(out, '\n');
}

static void write_tree(struct text *out, const char *indent, const char *name, const struct node *node)
{
    struct text text = {0};
    struct error ignored = {0};
    text_format(out, "%s%s:\n", indent, name);
    emit_yaml(node, &text, &ignored);
    for (const char *line = text_content(&text); *line; line += strcspn(line, "\n") + 1)
        text_format(out, "%s  %.*s\n", indent, (int)strcspn(line, "\n"), line);
    text_free(&text);
    error_free(&ignored);
}

/* The template of an entry with its source. */
static struct node *whole_template(const struct writing *writing, const struct policy_entry *entry)
{
    struct tree *tree = &writing->adoption->tree;
    struct node *template = entry->template ? tree_copy(tree, entry->template) : tree_map(tree);
    if (entry->source) {
        struct node *spec = node_find(template, "spec");
        if (!spec) {
            spec = tree_map(tree);
            tree_set_named(tree, template, "spec", spec);
        }
        tree_set_named(tree, spec, "source", entry->source);
    }
    return template;
}

static bool uses_values(const struct writing *writing, const struct policy_entry *entry)
{
    struct discover_rule rule = {.namespace = entry->namespace, .template = entry->template};
    find_value_words(writing->arena, &rule);
    size_t count = rule.value_words.count;
    rule.template = entry->source;
    find_value_words(writing->arena, &rule);
    return count || rule.value_words.count;
}

/* What an entry says beside where it looks. */
enum { ENTRY_FIELDS = 7 };
static const char *const entry_fields[ENTRY_FIELDS] = {"app",      "name",    "namespace", "project",
                                                       "renderer", "repoURL", "values"};

/* NULL: nothing has to be said. */
static const char *value_of(const struct writing *writing, const struct policy_entry *entry, size_t field)
{
    const char *const values[ENTRY_FIELDS] = {
        entry->app,
        strcmp(entry->name, writing->name) != 0 ? entry->name : NULL,
        strcmp(entry->namespace, writing->namespace) != 0 ? entry->namespace : NULL,
        entry->project,
        strcmp(entry->renderer, "kustomize") != 0 ? entry->renderer : NULL,
        entry->url,
        entry->values && uses_values(writing, entry) ? entry->values : NULL,
    };
    return values[field];
}

static void write_environments_of(const struct policy_entry *entry, const char *indent, struct text *out)
{
    if (entry->environment_count == 1)
        write_field(out, indent, "env", entry->environments[0]);
    for (size_t i = 0; entry->environment_count > 1 && i < entry->environment_count; i++) {
        text_string(out, i ? ", " : "      envs: [");
        write_quoted(out, entry->environments[i]);
        text_string(out, i + 1 == entry->environment_count ? "]\n" : "");
    }
}

/* What all templates of some entries say; or what the one of `entry` says beside that. */
static const struct node *template_part(const struct writing *writing, const struct policy_entry *entries, size_t count,
                                        const struct policy_entry *entry, bool alike)
{
    struct tree *tree = &writing->adoption->tree;
    const struct node **all = ARENA_ARRAY(writing->arena, count, const struct node *);
    for (size_t i = 0; i < count; i++)
        all[i] = whole_template(writing, &entries[i]);
    const struct node *common = common_template(tree, all, count);
    return alike ? common : template_beside(tree, whole_template(writing, entry), common);
}

/* The fields that all of some entries have alike, or those that they have not; and their template likewise. */
static void write_fields(const struct writing *writing, const struct policy_entry *entries, size_t count,
                         const struct policy_entry *entry, const char *indent, bool alike, struct text *out)
{
    const struct node *template = template_part(writing, entries, count, entry, alike);
    for (size_t field = 0; field < ENTRY_FIELDS; field++) {
        const char *value = value_of(writing, entry, field);
        bool same = value != NULL;
        for (size_t i = 0; same && i < count; i++) {
            const char *other = value_of(writing, &entries[i], field);
            same = other && strcmp(other, value) == 0;
        }
        if (value && same == alike)
            write_field(out, indent, entry_fields[field], value);
        if (field == 0 && count == 1)
            write_environments_of(entry, indent, out);
    }
    if (template->count)
        write_tree(out, indent, "template", template);
}

/* Entries of one path are those of one directory in several environments. */
static void write_entries(const struct writing *writing, const struct policy_entry *entries, size_t count,
                          struct text *out)
{
    text_string(out, "    - path: ");
    write_quoted(out, entries->path);
    text_byte(out, '\n');
    write_fields(writing, entries, count, entries, "      ", true, out);
    text_string(out, count > 1 ? "      envs:\n" : "");
    for (size_t i = 0; count > 1 && i < count; i++) {
        write_environments_of(&entries[i], "        - ", out);
        write_fields(writing, entries, count, &entries[i], "          ", false, out);
    }
}

static void write_discover(const struct writing *writing, struct text *out)
{
    const struct name_list *exclusions = &writing->adoption->exclusions;
    text_string(out, "  discover:\n");
    for (size_t i = 0, next; i < writing->count; i = next) {
        const struct policy_entry *first = &writing->entries[i];
        for (next = i + 1; next < writing->count && strcmp(writing->entries[next].path, first->path) == 0;)
            next++;
        write_entries(writing, first, next - i, out);
    }
    for (size_t i = 0; i < exclusions->count; i++) {
        text_string(out, "    - {path: ");
        write_quoted(out, exclusions->names[i]);
        text_string(out, ", exclude: true} # has no Application today\n");
    }
}

static void write_environments(struct writing *writing, struct text *out)
{
    const struct adoption *adoption = writing->adoption;
    text_string(out, "  # In the order in which changes are promoted: put it right.\n  environments:\n");
    for (size_t i = 0; i < adoption->environment_count; i++) {
        const struct adoption_environment *environment = &adoption->environments[i];
        write_field(out, "    - ", "name", environment->name);
        if (strcmp(environment->revision, adoption->revision) != 0)
            write_field(out, "      ", "targetRevision", environment->revision);
        text_string(out, "      destination:\n");
        write_field(out, "        ", environment->server ? "server" : "name",
                    environment->server ? environment->server : environment->cluster);
        write_field(out, "        ", "namespace", writing->namespace);
    }
}

/* Projects. */

static size_t count_project(const struct adoption *adoption, const char *project)
{
    size_t count = 0;
    for (size_t i = 0; i < adoption->count; i++)
        count += !adoption->apps[i].left && strcmp(adoption->apps[i].project, project) == 0;
    return count;
}

static const char *main_project(const struct adoption *adoption)
{
    const char *best = "default";
    size_t most = 0;
    for (size_t i = 0; i < adoption->count; i++) {
        size_t count = adoption->apps[i].left ? 0 : count_project(adoption, adoption->apps[i].project);
        if (count > most) {
            most = count;
            best = adoption->apps[i].project;
        }
    }
    return best;
}

static bool is_project_alone(const struct adoption *adoption, const struct path_pattern *pattern, const char *project)
{
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        if (!app->left && strcmp(app->project, project) != 0 && pattern_covers(pattern, app->path))
            return false;
    }
    return true;
}

/* The directory that {app} names, or what stands before it, as far as it is the project's alone; else the app's own. */
static const char *team_path(const struct adoption *adoption, const struct existing *app)
{
    struct arena *arena = adoption->arena;
    const char *path = app->path;
    for (size_t size = strcspn(path, "/");; size += path[size] ? 1 + strcspn(path + size + 1, "/") : 0) {
        struct path_pattern pattern;
        struct error ignored = {0};
        const char *part = arena_copy(arena, path, size);
        bool good =
            pattern_read(arena, part, 0, &pattern, &ignored) && is_project_alone(adoption, &pattern, app->project);
        error_free(&ignored);
        if (good || !path[size])
            return part;
    }
}

/* A project and its directories. */
struct team_paths {
    const char *project;
    const char **paths;
    size_t count, room;
    bool written;
};

static void add_team_path(const struct adoption *adoption, struct team_paths *team, const char *path)
{
    for (size_t i = 0; i < team->count; i++)
        if (strcmp(team->paths[i], path) == 0)
            return;
    team->paths = arena_grow(adoption->arena, team->paths, team->count, &team->room, sizeof *team->paths);
    team->paths[team->count++] = path;
}

static void find_team_paths(const struct adoption *adoption, struct team_paths *team)
{
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        if (!app->left && strcmp(app->project, team->project) == 0)
            add_team_path(adoption, team, team_path(adoption, app));
    }
}

static bool is_inside(const struct team_paths *inner, const struct team_paths *outer)
{
    for (size_t i = 0; i < inner->count; i++)
        for (size_t j = 0; j < outer->count; j++)
            if (path_is_within(inner->paths[i], outer->paths[j]))
                return true;
    return false;
}

static void write_team(const struct team_paths *team, struct text *out)
{
    text_string(out, "    - name: ");
    write_quoted(out, team->project);
    text_string(out, "\n      paths:\n");
    for (size_t i = 0; i < team->count; i++) {
        text_string(out, "        - ");
        write_quoted(out, team->paths[i]);
        text_byte(out, '\n');
    }
}

/* Whether an Application of the project is in Argo CD's own namespace. */
static bool needs_admin(const struct adoption *adoption, const char *project)
{
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        if (!app->left && strcmp(app->project, project) == 0 &&
            strcmp(namespace_of(app), adoption->argocd_namespace) == 0)
            return true;
    }
    return false;
}

static size_t find_teams(const struct adoption *adoption, struct team_paths *teams)
{
    size_t count = 0;
    for (size_t i = 0; i < adoption->count; i++) {
        size_t j = 0;
        while (j < count && strcmp(teams[j].project, adoption->apps[i].project) != 0)
            j++;
        if (adoption->apps[i].left || j < count)
            continue;
        teams[count] = (struct team_paths){.project = adoption->apps[i].project};
        find_team_paths(adoption, &teams[count++]);
    }
    return count;
}

/* The first team with a directory has it: so a team with a directory inside another team's comes first. */
static struct team_paths *next_team(struct team_paths *teams, size_t count, const char *last)
{
    struct team_paths *any = NULL;
    for (size_t i = 0; i < count; i++) {
        bool waits = false;
        if (teams[i].written || (last && strcmp(teams[i].project, last) == 0))
            continue;
        for (size_t j = 0; j < count && !waits; j++)
            waits = j != i && !teams[j].written && is_inside(&teams[j], &teams[i]);
        if (!waits)
            return &teams[i];
        any = any ? any : &teams[i];
    }
    return any;
}

/* The team that most are of has the rest, too, unless it reaches into Argo CD's own namespace or another one's
 * directories. */
static bool takes_the_rest(const struct adoption *adoption, const struct team_paths *teams, size_t count,
                           const char *most)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count && strcmp(teams[i].project, most) == 0; j++)
            if (i != j && is_inside(&teams[i], &teams[j]))
                return false;
    return !needs_admin(adoption, most);
}

static void write_teams(const struct adoption *adoption, struct text *out)
{
    struct team_paths *teams = ARENA_ARRAY(adoption->arena, adoption->count + 1, struct team_paths);
    size_t count = find_teams(adoption, teams);
    const char *most = main_project(adoption);
    bool rest = takes_the_rest(adoption, teams, count, most);
    text_string(out, "  teams:\n");
    for (struct team_paths *team; (team = next_team(teams, count, rest ? most : NULL));) {
        team->written = true;
        write_team(team, out);
        if (needs_admin(adoption, team->project))
            text_string(out, "      argocdAdmin: true # who may write there is an admin of Argo CD\n");
    }
    if (rest) {
        write_field(out, "    - ", "name", most);
        text_string(out, "      apps: [\"*\"]\n");
    }
    text_string(out, "  projects:\n    name: \"{team}\"\n    existing: true # as they are today\n");
}

/* What is reserved by default, as far as nothing of this is there. */
static void write_reserved(const struct adoption *adoption, struct text *out)
{
    static const char *const usual[] = {"default", "kube-node-lease", "kube-public", "kube-system"};
    bool used[4] = {false}, any = false, named = false;
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        for (size_t j = 0; j < 4 && !app->left; j++)
            if (strcmp(namespace_of(app), usual[j]) == 0)
                used[j] = any = true;
        named = named || (!app->left && strcmp(app->name, "argocd") == 0);
    }
    const char *separator = "";
    for (size_t j = 0; any && j < 4; j++) {
        text_string(out, j ? "" : "  reservedNamespaces: [");
        if (!used[j])
            text_format(out, "%s%s", separator, usual[j]);
        separator = used[j] ? separator : ", ";
        text_string(out, j == 3 ? "]\n" : "");
    }
    text_string(out, named ? "  reservedNames: []\n" : "");
    text_string(out, adoption->other_roots ? "  roots: {name: \"rootapp-{env}\"}\n" : "");
    for (size_t i = 0; i < adoption->shared.count; i++) {
        text_string(out, i ? ", " : "  sharedNamespaces: [");
        write_quoted(out, adoption->shared.names[i]);
        text_string(out, i + 1 == adoption->shared.count ? "] # teams and environments meet in them\n" : "");
    }
    text_string(out, adoption->normalizes ? "  normalizeNames: true\n" : "");
}

void adoption_write_policy(struct adoption *adoption)
{
    struct writing writing = {.adoption = adoption, .arena = adoption->arena};
    struct text *out = &adoption->policy;
    text_cut(out, 0);
    find_entries(&writing);
    text_string(out, "apiVersion: rootapp.dev/v1alpha1\nkind: RootApp\nmetadata:\n  name: apps\nspec:\n  source:\n");
    write_field(out, "    ", "repoURL", adoption->url);
    write_field(out, "    ", "targetRevision", adoption->revision);
    write_discover(&writing, out);
    write_environments(&writing, out);
    write_teams(adoption, out);
    text_string(out, "  application:\n");
    write_field(out, "    ", "name", writing.name);
    text_string(out, "    renderer: kustomize # as today; 'plugin' once nothing differs any more\n");
    if (adoption->reports_collisions)
        text_string(out, "    collisions: report\n");
    if (writing.template)
        write_tree(out, "    ", "template", writing.template);
    write_reserved(adoption, out);
}
