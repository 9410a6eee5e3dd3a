/* list.c: shows the table of apps and environments. */
#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>

#include "base/intern.h"
#include "generator/policy.h"
#include "plugin/as_plugin.h"
#include "plugin/commands.h"
#include "plugin/matrix.h"
#include "plugin/run/checking.h"
#include "plugin/run/output.h"
#include "plugin/run/target_row.h"
#include "plugin/run/terminal.h"
#include "plugin/run/uncommitted.h"
#include "plugin/table.h"
#include "yaml/emit.h"

struct list_options {
    struct plugin_options plugin;
    const char *format, *root, *environment, *team;
    long threads;
};

static const char *const formats[] = {"table", "wide", "plain", "name", "json", "yaml", NULL};

static const struct option options[] = {
    OPTION_NUMBER(struct list_options, threads, 'j', "jobs", "N", "render N at once (default: one per processor)"),
    OPTION_CHOICE(struct list_options, format, 'o', "output", "FORMAT", formats,
                  "table, wide, plain, name, json or yaml (default: table on a terminal, else plain)"),
    OPTION_TEXT(struct list_options, environment, 0, "env", "ENV", "only what is in this environment"),
    OPTION_TEXT(struct list_options, team, 0, "team", "TEAM", "only what belongs to this team"),
    OPTION_TEXT(struct list_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    PLUGIN_OPTIONS(struct list_options, plugin),
    OPTION_END,
};

/* What git says, asked for while targets are rendered. */
struct asking {
    struct arena *arena; /* of that thread */
    const char *root;
    struct name_list uncommitted;
};

static void ask_git(void *context)
{
    struct asking *asking = context;
    asking->uncommitted = uncommitted_files(asking->arena, asking->root);
}

/* The lines of a text in one, with a separator. */
static const char *joined_lines(struct arena *arena, const char *lines, const char *separator)
{
    struct text text = {0};
    for (; *lines; lines += strcspn(lines, "\n") + 1)
        text_format(&text, "%s%.*s", text.size ? separator : "", (int)strcspn(lines, "\n"), lines);
    const char *copy = arena_string(arena, text_content(&text));
    text_free(&text);
    return copy;
}

/* Of what Argo CD renders itself no image is known; the cell says by what it does. */
static const char *images_cell(struct arena *arena, const struct target_row *row)
{
    return row->renderer ? arena_format(arena, "(%s)", row->renderer) : joined_lines(arena, row->images, ",");
}

static void write_wide(const struct render_set *set, bool aligned, struct text *out)
{
    static const char *const titles[] = {"APP",       "ENV",  "CLUSTER", "TEAM",   "PROJECT",
                                         "NAMESPACE", "PATH", "IMAGES",  "PROBLEM"};
    struct table table = {.arena = set->arena, .titles = titles, .columns = sizeof titles / sizeof *titles};
    for (size_t i = 0; i < set->target_count; i++) {
        if (!filter_selects(&set->filter, &set->targets[i]))
            continue;
        struct target_row row = target_row_of(set, &set->targets[i]);
        const char *cells[] = {
            row.target->app,  row.target->environment,       row.cluster, row.target->team, row.project, row.namespace,
            row.target->path, images_cell(set->arena, &row), row.problem};
        table_add(&table, cells);
    }
    if (aligned)
        table_write_aligned(&table, out);
    else
        table_write_plain(&table, out);
}

/* Environments in the policy's order: of those that something is in. */
static const char **used_environments(const struct render_set *set, const struct found_target *rows, size_t count,
                                      size_t *used)
{
    const struct policy *policy = set->session.set.policy;
    const char **names = ARENA_ARRAY(set->arena, policy->spec.environments.count + 1, const char *);
    *used = 0;
    for (size_t i = 0; i < policy->spec.environments.count; i++) {
        const char *name = policy_environments(policy)[i].name;
        bool found = false;
        for (size_t row = 0; row < count && !found; row++)
            found = rows[row].target->environment && strcmp(rows[row].target->environment, name) == 0;
        if (found)
            names[(*used)++] = name;
    }
    return names;
}

static void write_matrix(const struct render_set *set, const struct name_list *uncommitted, struct text *out)
{
    if (!set->target_count) {
        text_string(out, "There is no application yet; 'rootapp new APP' makes the first one.\n");
        return;
    }
    struct found_target *rows = ARENA_ARRAY(set->arena, set->target_count + 1, struct found_target);
    struct matrix matrix = {
        .arena = set->arena, .rows = rows, .width = terminal_width(), .color = terminal_has_color()};
    for (size_t i = 0; i < set->target_count; i++) {
        struct target_row row = target_row_of(set, &set->targets[i]);
        if (filter_selects(&set->filter, row.target))
            rows[matrix.count++] = (struct found_target){row.target, row.images, row.problem,
                                                         is_uncommitted(set, row.target, uncommitted)};
    }
    matrix.environments = used_environments(set, rows, matrix.count, &matrix.environment_count);
    matrix_write(&matrix, out);
}

/* APP/ENV, as `render` takes it: of what has an Application, each once. */
static void write_names(const struct render_set *set, struct text *out)
{
    const struct target *before = NULL;
    for (size_t i = 0; i < set->target_count; i++) {
        const struct target *target = &set->targets[i];
        if (!target->name || !filter_selects(&set->filter, target))
            continue;
        bool repeated =
            before && strcmp(before->app, target->app) == 0 && strcmp(before->environment, target->environment) == 0;
        if (!repeated)
            text_format(out, "%s/%s\n", target->app, target->environment);
        before = target;
    }
}

static struct node *row_node(struct tree *tree, const struct target_row *row)
{
    struct node *node = tree_map(tree), *images = tree_list(tree);
    for (const char *line = row->images; *line; line += strcspn(line, "\n") + 1)
        tree_append(tree, images, tree_scalar(tree, line, strcspn(line, "\n"), TAG_STRING, STYLE_PLAIN));
    tree_set_given(tree, node, "app", row->target->app);
    tree_set_given(tree, node, "environment", row->target->environment);
    tree_set_given(tree, node, "cluster", row->cluster);
    tree_set_given(tree, node, "application", row->target->name);
    tree_set_given(tree, node, "team", row->target->team);
    tree_set_given(tree, node, "project", row->project);
    tree_set_given(tree, node, "namespace", row->namespace);
    tree_set_given(tree, node, "path", row->target->path);
    tree_set_given(tree, node, "renderer", row->renderer);
    tree_set_named(tree, node, "images", images);
    tree_set_given(tree, node, "problem", row->problem);
    return node;
}

static bool write_document(const struct render_set *set, const struct name_list *uncommitted, bool json,
                           struct text *out, struct error *error)
{
    struct tree tree = {.arena = set->arena, .keys = intern_new(set->arena), .owner = 1};
    struct node *list = tree_list(&tree);
    for (size_t i = 0; i < set->target_count; i++) {
        if (!filter_selects(&set->filter, &set->targets[i]))
            continue;
        struct target_row row = target_row_of(set, &set->targets[i]);
        struct node *node = row_node(&tree, &row);
        if (is_uncommitted(set, row.target, uncommitted))
            tree_set_named(&tree, node, "uncommitted", tree_bool(&tree, true));
        tree_append(&tree, list, node);
    }
    if (!json)
        return emit_yaml(list, out, error);
    bool good = emit_json(list, out, error);
    text_byte(out, '\n');
    return good;
}

/* The formats of lines have no column for it. */
static void note_uncommitted(const struct render_set *set, const struct name_list *uncommitted)
{
    enum { MOST_NAMED = 5 };
    struct text note = {0};
    size_t count = 0;
    for (size_t i = 0; i < set->target_count; i++) {
        const struct target *target = &set->targets[i];
        if (target->name && filter_selects(&set->filter, target) && is_uncommitted(set, target, uncommitted) &&
            count++ < MOST_NAMED)
            text_format(&note, "%s%s/%s",
                        note.size ? ", " : "not as committed, so that Argo CD does not see it: ", target->app,
                        target->environment);
    }
    if (count > MOST_NAMED)
        text_format(&note, " and %zu more", count - MOST_NAMED);
    if (count)
        text_byte(&note, '\n');
    output_note(&note);
    text_free(&note);
}

static bool write_as(const struct render_set *set, const struct name_list *uncommitted, const char *format,
                     struct error *error)
{
    struct text out = {0};
    bool good = true;
    if (strcmp(format, "name") == 0)
        write_names(set, &out);
    else if (strcmp(format, "json") == 0 || strcmp(format, "yaml") == 0)
        good = write_document(set, uncommitted, *format == 'j', &out, error);
    else if (strcmp(format, "table") == 0)
        write_matrix(set, uncommitted, &out);
    else
        write_wide(set, *format == 'w', &out);
    good = good && output_print(&out, error);
    if (good && (*format == 'w' || *format == 'p'))
        note_uncommitted(set, uncommitted);
    text_free(&out);
    return good;
}

static void note_findings(const struct render_set *set)
{
    struct text line = {0};
    check_summarize(set, &line);
    output_note(&line);
    text_free(&line);
}

static bool list_targets(const struct invocation *invocation, struct render_set *set, struct error *error)
{
    const struct list_options *chosen = invocation->options;
    const char *format = chosen->format ? chosen->format : isatty(STDOUT_FILENO) ? "table" : "plain";
    render_set_add_targets(set, invocation->operands, invocation->operand_count);
    set->targets_wanted = strcmp(format, "name") != 0;
    set->filter.environment = chosen->environment;
    set->filter.team = chosen->team;
    set->filter.skipped = true;
    if (set->targets_wanted)
        render_set_note_findings(set);
    struct asking asking = {.arena = arena_new(), .root = set->repository->root};
    if (set->repository->has_git && set->targets_wanted)
        render_set_add_work(set, ask_git, NULL, &asking);
    bool good = plugin_rules_read(&chosen->plugin, invocation, set->repository, &set->rules, error) &&
                render_set_run(set, (unsigned)chosen->threads, error) &&
                write_as(set, &asking.uncommitted, format, error);
    arena_free(asking.arena);
    if (good && set->targets_wanted)
        note_findings(set);
    return good;
}

static int run_list(const struct invocation *invocation, struct error *error)
{
    const struct list_options *chosen = invocation->options;
    struct repository repository;
    struct render_set set = {0};
    if (!repository_find(invocation->arena, ".", WITHOUT_GIT_HERE, &repository, error))
        return EXIT_FAILED;
    bool good = render_set_open(&set, invocation->arena, &repository, chosen->root, error) &&
                list_targets(invocation, &set, error);
    render_set_close(&set);
    repository_close(&repository);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

const struct command list_command = {
    .name = "list",
    .operands = "[APP[/ENV]... | DIR...]",
    .most_operands = OPERANDS_UNLIMITED,
    .summary = "show which version of which app is in which environment",
    .description =
        "Shows what the RootApp finds: a line for each app, a column for each environment, and in it the version that "
        "is deployed there: the tag of the image that is named like the app, or of its first one; 'ok' where no image "
        "runs, '-' where there is nothing, '!' where something is wrong. Below are the reasons: why a directory gets "
        "no Application, or why it does not render. A '*' marks what is new or changed since the last commit, which "
        "Argo CD "
        "does not see.\n"
        "\n"
        "What Argo CD renders without this program (helm, directory, other) has its renderer's name in place of the "
        "version, and in -o json a field renderer.\n"
        "\n"
        "Operands choose apps, environments or directories: shop, shop/prod, 'shop*', '*/prod', apps/shop.\n"
        "\n"
        "-o wide has a line for each directory: app, environment, cluster, team, project, namespace, path, images and "
        "problem. Project and namespace are those of the final Application, after the patches of the root's "
        "kustomization. -o plain is the same without titles, separated by tabs, and the default where the output is "
        "no terminal. -o name prints APP/ENV, as 'rootapp render' takes it. The exit status is 0 as long as the list "
        "is complete, whatever the problems in it.\n"
        "\n"
        "What Argo CD would refuse is a problem here, too: the command line of argo/install/plugin.yaml says what is "
        "allowed. What else renders tell, what a patch loses for example, is counted at the end on standard error; "
        "'rootapp check' shows it and looks for more.",
    .examples = "rootapp list\n"
                "rootapp list --env prod\n"
                "rootapp list -o json | jq -r '.[] | select(.problem) | .path'\n",
    .options = options,
    .options_size = sizeof(struct list_options),
    .run = run_list,
};
