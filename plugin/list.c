/* list.c: shows the table of apps and environments. */
#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>

#include "base/intern.h"
#include "plugin/commands.h"
#include "plugin/run/output.h"
#include "plugin/run/render_set.h"
#include "plugin/table.h"
#include "yaml/emit.h"

struct list_options {
    const char *format, *root;
    long threads;
};

static const char *const formats[] = {"table", "plain", "name", "json", "yaml", NULL};

static const struct option options[] = {
    OPTION_NUMBER(struct list_options, threads, 'j', "jobs", "N", "render N at once (default: one per processor)"),
    OPTION_CHOICE(struct list_options, format, 'o', "output", "FORMAT", formats,
                  "table, plain, name, json or yaml (default: table on a terminal, else plain)"),
    OPTION_TEXT(struct list_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    OPTION_END,
};

/* One row: what was found, the final Application, and what its render gave. */
struct row {
    const struct target *target;
    const char *project, *cluster, *namespace; /* after patches */
    const char *images;                        /* a line each */
    const char *problem;
};

static const char *at_path(const struct node *node, const char *first, const char *second, const char *otherwise)
{
    const struct node *value = node_find(node_find(node_find(node, "spec"), first), second);
    const char *text = node_text(value);
    return text ? text : otherwise;
}

static const char *problem_of(const struct target *target, const struct node *application, const struct render_job *job)
{
    if (target->problem)
        return target->problem;
    if (target->name && !application)
        return "a patch removes its Application";
    return job && job->error ? job->error : NULL;
}

static struct row row_of(const struct render_set *set, const struct target *target)
{
    const struct render_job *job = render_set_job(set, target);
    const struct node *application = target->name ? render_set_application(set, target->name) : NULL;
    const char *project = node_text(node_find(node_find(application, "spec"), "project"));
    return (struct row){
        .target = target,
        .project = project ? project : target->project,
        .cluster = target->cluster,
        .namespace = at_path(application, "destination", "namespace", target->namespace),
        .images = job ? text_content(&job->images) : "",
        .problem = problem_of(target, application, job),
    };
}

/* The lines of a text in one, with a separator. */
static const char *joined(struct arena *arena, const char *lines, const char *separator)
{
    struct text text = {0};
    for (; *lines; lines += strcspn(lines, "\n") + 1)
        text_format(&text, "%s%.*s", text.size ? separator : "", (int)strcspn(lines, "\n"), lines);
    const char *copy = arena_string(arena, text_content(&text));
    text_free(&text);
    return copy;
}

static void write_table(const struct render_set *set, bool aligned, struct text *out)
{
    static const char *const titles[] = {"APP",       "ENV",  "CLUSTER", "TEAM",   "PROJECT",
                                         "NAMESPACE", "PATH", "IMAGES",  "PROBLEM"};
    struct table table = {.arena = set->arena, .titles = titles, .columns = sizeof titles / sizeof *titles};
    for (size_t i = 0; i < set->target_count; i++) {
        struct row row = row_of(set, &set->targets[i]);
        const char *cells[] = {
            row.target->app, row.target->environment, row.cluster,      row.target->team,
            row.project,     row.namespace,           row.target->path, joined(set->arena, row.images, ","),
            row.problem};
        table_add(&table, cells);
    }
    if (aligned)
        table_write_aligned(&table, out);
    else
        table_write_plain(&table, out);
}

/* APP/ENV, as `render` takes it: of what has an Application, each once. */
static void write_names(const struct render_set *set, struct text *out)
{
    const struct target *before = NULL;
    for (size_t i = 0; i < set->target_count; i++) {
        const struct target *target = &set->targets[i];
        if (!target->name)
            continue;
        bool repeated =
            before && strcmp(before->app, target->app) == 0 && strcmp(before->environment, target->environment) == 0;
        if (!repeated)
            text_format(out, "%s/%s\n", target->app, target->environment);
        before = target;
    }
}

static void set_text(struct tree *tree, struct node *map, const char *key, const char *text)
{
    if (text)
        tree_set_string(tree, map, key, text);
}

static struct node *row_node(struct tree *tree, const struct row *row)
{
    struct node *node = tree_map(tree), *images = tree_list(tree);
    for (const char *line = row->images; *line; line += strcspn(line, "\n") + 1)
        tree_append(tree, images, tree_scalar(tree, line, strcspn(line, "\n"), TAG_STRING, STYLE_PLAIN));
    set_text(tree, node, "app", row->target->app);
    set_text(tree, node, "environment", row->target->environment);
    set_text(tree, node, "cluster", row->cluster);
    set_text(tree, node, "application", row->target->name);
    set_text(tree, node, "team", row->target->team);
    set_text(tree, node, "project", row->project);
    set_text(tree, node, "namespace", row->namespace);
    set_text(tree, node, "path", row->target->path);
    tree_set_named(tree, node, "images", images);
    set_text(tree, node, "problem", row->problem);
    return node;
}

static bool write_document(const struct render_set *set, bool json, struct text *out, struct error *error)
{
    struct tree tree = {.arena = set->arena, .keys = intern_new(set->arena), .owner = 1};
    struct node *list = tree_list(&tree);
    for (size_t i = 0; i < set->target_count; i++) {
        struct row row = row_of(set, &set->targets[i]);
        tree_append(&tree, list, row_node(&tree, &row));
    }
    if (!json)
        return emit_yaml(list, out, error);
    bool good = emit_json(list, out, error);
    text_byte(out, '\n');
    return good;
}

static bool write_as(const struct render_set *set, const char *format, struct error *error)
{
    struct text out = {0};
    bool good = true;
    if (strcmp(format, "name") == 0)
        write_names(set, &out);
    else if (strcmp(format, "json") == 0 || strcmp(format, "yaml") == 0)
        good = write_document(set, *format == 'j', &out, error);
    else
        write_table(set, *format == 't', &out);
    good = good && output_print(&out, error);
    text_free(&out);
    return good;
}

static bool list(const struct list_options *chosen, struct render_set *set, struct error *error)
{
    const char *format = chosen->format ? chosen->format : isatty(STDOUT_FILENO) ? "table" : "plain";
    if (strcmp(format, "name") != 0)
        render_set_add_targets(set, NULL, 0);
    return render_set_run(set, (unsigned)chosen->threads, error) && write_as(set, format, error);
}

static int run(const struct invocation *invocation, struct error *error)
{
    const struct list_options *chosen = invocation->options;
    struct repository repository;
    struct render_set set = {0};
    if (!repository_find(invocation->arena, ".", WITHOUT_GIT_HERE, &repository, error))
        return EXIT_FAILED;
    bool good = render_set_open(&set, invocation->arena, &repository, chosen->root, error) && list(chosen, &set, error);
    render_set_close(&set);
    repository_close(&repository);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

const struct command list_command = {
    .name = "list",
    .operands = "",
    .summary = "show the table of apps and environments",
    .description =
        "Lists what the RootApp finds: app, environment, cluster, team, project, namespace, path, images, and what is "
        "wrong: why a "
        "directory gets no Application, or why it does not render. Project and namespace are those of the final "
        "Application, after the patches of the root's kustomization.\n"
        "\n"
        "On a terminal the columns are aligned and have titles; otherwise they are separated by tabs. '-o name' prints "
        "APP/ENV, as "
        "'rootapp render' takes it. The exit status is 0 as long as the list is complete, whatever the problems in it.",
    .examples = "rootapp list\n"
                "rootapp list -o json | jq -r '.[] | select(.problem) | .path'\n",
    .options = options,
    .options_size = sizeof(struct list_options),
    .run = run,
};
