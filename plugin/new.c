/* new.c: makes an app of the template. */
#define _GNU_SOURCE
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/path.h"
#include "generator/name.h"
#include "plugin/commands.h"
#include "plugin/run/app_overlays.h"
#include "plugin/run/app_values.h"
#include "plugin/run/fresh_directory.h"
#include "plugin/run/judge_app.h"
#include "plugin/run/output.h"
#include "plugin/run/render_set.h"
#include "plugin/run/share.h"
#include "plugin/table.h"

struct new_options {
    const char *image, *namespace, *repository, *from, *root;
    bool dry_run, template;
};

static const struct option options[] = {
    OPTION_TEXT(struct new_options, from, 0, "from", "DIR",
                "the template (default: _template beside the apps, else the one that is installed with the program)"),
    OPTION_TEXT(struct new_options, image, 0, "image", "NAME",
                "its image, without a tag (default: APP in the registry that the other apps have in common)"),
    OPTION_SWITCH(struct new_options, dry_run, 'n', "dry-run", "show what would be written, and write nothing"),
    OPTION_TEXT(struct new_options, namespace, 0, "namespace", "NAME",
                "what stands for {NAMESPACE} (default: what the policy puts before -ENV)"),
    OPTION_TEXT(struct new_options, repository, 0, "repo", "OWNER/NAME",
                "of this repository (default: that of git's origin, else of the policy's repoURL)"),
    OPTION_TEXT(struct new_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    OPTION_SWITCH(struct new_options, template, 0, "template",
                  "write the template itself into the repository, to be changed there"),
    OPTION_END,
};

/* One run. */
struct making {
    struct arena *arena;
    const struct new_options *chosen;
    const char *app; /* NULL: the template is written */
    struct repository repository;
    const char *root;
    struct session policy_session;
    struct rendered policy_rendered;
    struct app_place place;
    const char *directory; /* of the app */
    struct app_template template;
    const char *shown_template; /* what it is called on the screen */
    struct template_values values;
    struct fresh_file *files;
    size_t count;
    struct name_list left_out; /* environments that the policy does not have */
    struct made_overlays made; /* of those that the template does not have */
    int status;
    struct error *error;
};

static bool refuse_app(struct making *making, int status)
{
    making->status = status;
    return false;
}

static bool read_policy(struct making *making)
{
    struct session *session = &making->policy_session;
    struct error *error = making->error;
    session_open(session, &(struct session_options){.repository = &making->repository, .policy_only = true});
    if (!session_build(session, making->root, &making->policy_rendered, error))
        return false;
    if (!session->policy)
        return error_set(error, "%s: has no RootApp; name the directory that has with --root DIR", making->root);
    return app_place_find(making->arena, session->policy, &making->place, error) ||
           error_resolve(error, engine_origins(session->engine));
}

/* Services and labels are named after the app, so a digit may not come first. */
static bool check_name(struct making *making)
{
    const char *suffix, *app = making->app;
    size_t longest = app_place_longest_name(making->arena, &making->place, &suffix);
    if (is_label(app) && isalpha((unsigned char)*app) && strlen(app) <= longest)
        return true;
    error_set(making->error,
              "'%s': a name has lower-case letters, digits and '-', begins with a letter, does not end with '-', and "
              "has at most %zu characters here ('%s' comes behind it)",
              app, longest, suffix);
    return refuse_app(making, EXIT_USAGE);
}

/* Some file systems take Shop and shop for one. */
static bool check_taken(struct making *making)
{
    struct name_list names = {0};
    struct error none = {0};
    if (!source_list(making->repository.source, making->arena, making->place.above, &names, &none))
        error_free(&none);
    for (size_t i = 0; i < names.count; i++)
        if (strcasecmp(names.names[i], path_base(making->directory)) == 0)
            return error_set(making->error, "%s is there already",
                             path_join(making->arena, making->place.above, names.names[i]));
    return true;
}

static bool find_template(struct making *making)
{
    const char *own = path_join(making->arena, making->place.above, "_template"), *place = making->chosen->from;
    if (!place && making->app && source_kind(making->repository.source, own) == FILE_DIRECTORY)
        place = path_join(making->arena, making->repository.root, own);
    else
        own = place;
    if (!place)
        own = place = share_directory(making->arena, "template", making->error);
    making->shown_template = own;
    return place && template_read(making->arena, place, &making->template, making->error);
}

static void leave_out(struct making *making, const char *environment)
{
    struct name_list *list = &making->left_out;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->names[i], environment) == 0)
            return;
    list->names[list->count++] = environment;
}

static void add_file(struct making *making, const char *path, const struct template_file *file)
{
    making->files[making->count++] = (struct fresh_file){
        .path = path, .bytes = file->content.bytes, .size = file->content.size, .program = file->program};
}

static void place_files(struct making *making)
{
    const struct app_template *template = &making->template;
    making->files = ARENA_ARRAY(making->arena, template->count + 1, struct fresh_file);
    making->left_out.names = ARENA_ARRAY(making->arena, template->count + 1, const char *);
    for (size_t i = 0; i < template->count; i++) {
        const char *environment = NULL, *path = template->files[i].path;
        if (making->app)
            path = app_place_path(making->arena, &making->place, path, &environment);
        if (path)
            add_file(making, path, &template->files[i]);
        else
            leave_out(making, environment);
    }
}

/* The repository as it would be. The source below stays that of `repository`, which is asked for nothing meanwhile. */
static struct source *lay_over(struct making *making)
{
    struct source *over = source_memory();
    for (size_t i = 0; i < making->count; i++)
        source_memory_add(over, path_join(making->arena, making->directory, making->files[i].path),
                          making->files[i].bytes, making->files[i].size);
    struct source *below = source_directory(making->repository.root, making->error);
    return source_layered(source_snapshot(below, false), over);
}

static const char *removal_text(const struct judged_target *judged)
{
    return judged->confirms ? "waits for confirmation" : "";
}

static void write_targets(const struct making *making, const struct judged_app *judged, struct text *out)
{
    static const char *const titles[] = {"TARGET", "APPLICATION", "PROJECT", "NAMESPACE", "REPLICAS", "REMOVAL"};
    struct arena *arena = making->arena;
    struct table table = {.arena = arena, .titles = titles, .columns = sizeof titles / sizeof *titles};
    for (size_t i = 0; i < judged->count; i++) {
        const struct judged_target *each = &judged->targets[i];
        const struct target *target = each->target;
        const char *cells[] = {arena_format(arena, "%s/%s", target->app, target->environment),
                               target->name,
                               target->project,
                               target->namespace,
                               each->has_replicas ? arena_format(arena, "%ld", each->replicas) : "",
                               removal_text(each)};
        table_add(&table, cells);
    }
    table_write_aligned(&table, out);
}

static bool is_used(const struct making *making, const char *environment)
{
    for (size_t i = 0; i < making->made.count; i++)
        if (strcmp(making->made.items[i].like, environment) == 0)
            return true;
    return false;
}

static void write_summary(const struct making *making, struct text *out)
{
    text_format(out, "%s: %zu files from %s%s\n", making->directory, making->count, making->shown_template,
                making->chosen->dry_run ? " (dry run: nothing is written)" : "");
    for (size_t i = 0; i < making->left_out.count; i++)
        if (!is_used(making, making->left_out.names[i]))
            text_format(out, "without %s/%s: the policy has no environment '%s'\n", making->place.overlays,
                        making->left_out.names[i], making->left_out.names[i]);
    for (size_t i = 0; i < making->made.count; i++)
        text_format(out, "%s/%s: made of the template's %s\n", making->place.overlays,
                    making->made.items[i].environment, making->made.items[i].like);
    for (size_t i = 0; making->chosen->dry_run && i < making->count; i++)
        text_format(out, "  %s\n", making->files[i].path);
}

/* The longest name of a CronJob, and of a StatefulSet whose pods carry its name with a hash as a label. */
enum { LONGEST_OF_CRON_JOB = 52 };

static void write_next(const struct making *making, struct text *out)
{
    if (strlen(making->app) > LONGEST_OF_CRON_JOB)
        text_format(out, "note: a CronJob or StatefulSet can have at most %d characters, '%s' has %zu\n",
                    LONGEST_OF_CRON_JOB, making->app, strlen(making->app));
    if (making->policy_session.policy->spec.allow_empty)
        text_format(out,
                    "note: the policy still allows a repository without apps. To have an error where nothing is found, "
                    "and nothing "
                    "pruned, take that out:\n  sed -i '/allowEmpty: true/d' %s/rootapp.yaml\n",
                    making->root);
    text_format(out, "next:\n  make -C %s setup test\n  git add %s && git commit -m 'Add %s' && git push\n",
                making->directory, making->directory, making->app);
}

static bool write_files(struct making *making)
{
    return making->chosen->dry_run || fresh_directory_write(making->arena, making->repository.root, making->directory,
                                                            making->files, making->count, making->error);
}

static bool judge_and_write(struct making *making, const struct repository *after)
{
    struct judged_app judged;
    struct text out = {0};
    bool good =
        judge_app(making->arena, &making->repository, after, making->root, making->directory, &judged, making->error) &&
        write_files(making);
    if (good) {
        write_summary(making, &out);
        write_targets(making, &judged, &out);
        if (!making->chosen->dry_run)
            write_next(making, &out);
        good = output_print(&out, making->error);
    }
    judged_app_close(&judged);
    text_free(&out);
    return good;
}

static bool make_app(struct making *making)
{
    const struct new_options *chosen = making->chosen;
    making->directory = path_join(making->arena, making->place.above, making->app);
    making->values = (struct template_values){making->app, chosen->image, chosen->namespace, chosen->repository};
    if (!check_name(making) || !check_taken(making) || !find_template(making))
        return false;
    if (!app_values_find(making->arena, &making->repository, making->root, &making->place, &making->values,
                         making->error))
        return refuse_app(making, EXIT_USAGE);
    app_overlays_fit(making->arena, &making->place, making->app, chosen->namespace, &making->template, &making->made);
    template_fill(making->arena, &making->template, &making->values);
    place_files(making);
    struct repository after = making->repository;
    after.source = lay_over(making);
    bool good = judge_and_write(making, &after);
    source_free(after.source);
    return good;
}

static bool make_template(struct making *making)
{
    struct text out = {0};
    making->directory = path_join(making->arena, making->place.above, "_template");
    if (!check_taken(making) || !find_template(making))
        return false;
    place_files(making);
    bool good = write_files(making);
    write_summary(making, &out);
    good = good && output_print(&out, making->error);
    text_free(&out);
    return good;
}

static bool make_new(struct making *making)
{
    making->root = render_set_root(making->arena, &making->repository, making->chosen->root, making->error);
    return making->root && read_policy(making) && (making->app ? make_app(making) : make_template(making));
}

static bool check_operands(const struct invocation *invocation, struct error *error)
{
    const struct new_options *chosen = invocation->options;
    if (chosen->template ? !invocation->operand_count : invocation->operand_count == 1)
        return true;
    return error_set(error, chosen->template ? "--template takes no APP" : "name the app: rootapp new APP");
}

static int run_new(const struct invocation *invocation, struct error *error)
{
    struct making making = {.arena = invocation->arena,
                            .chosen = invocation->options,
                            .app = invocation->operand_count ? invocation->operands[0] : NULL,
                            .status = EXIT_FAILED,
                            .error = error};
    if (!check_operands(invocation, error))
        return EXIT_USAGE;
    if (!repository_find(making.arena, ".", WITHOUT_GIT_HERE, &making.repository, error))
        return EXIT_FAILED;
    bool good = make_new(&making);
    rendered_free(&making.policy_rendered);
    session_close(&making.policy_session);
    repository_close(&making.repository);
    return good ? EXIT_GOOD : making.status;
}

const struct command new_command = {
    .name = "new",
    .operands = "APP",
    .most_operands = 1,
    .summary = "make an app of the template",
    .description =
        "Copies the template to the directory where the policy looks for the app, and puts values for its four "
        "placeholders: {APP_NAME}, {REGISTRY_IMAGE}, {NAMESPACE} and {GITHUB_REPO}. Nothing else is changed, so that "
        "'cp' and 'sed' give the same files, where the policy has the template's environments and its namespaces are "
        "{app}-{env}. An environment that the template does not have gets the overlay of the one that is most like it, "
        "with its own name, and overlays get the policy's namespaces. What the template's tests leave behind, as its "
        ".gitignore names it, is "
        "not copied, and no overlay of an environment that the policy does not have.\n"
        "\n"
        "Before anything is written, the policy judges the repository as it would be. Refused are names that are "
        "taken, "
        "reserved or too long, apps without a team, namespaces that another app has, and overlays that do not render "
        "into the namespace of their Application. The directory appears as a whole, or not at all.\n"
        "\n"
        "The template is _template beside the apps, or else the one that is installed with the program; '--template' "
        "writes that one into the repository.",
    .examples = "rootapp new shop --image docker.io/acme/shop\n"
                "rootapp new till --image docker.io/acme/till --dry-run\n",
    .options = options,
    .options_size = sizeof(struct new_options),
    .run = run_new,
};
