/* set_image.c: gives images of targets another tag or digest. */
#include "base/path.h"
#include "plugin/change/intents.h"
#include "plugin/change/report.h"
#include "plugin/change/work_tree.h"
#include "plugin/commands.h"
#include "plugin/run/output.h"
#include "plugin/run/render_set.h"

struct set_image_options {
    const char *root, *directory, *file, *format;
    bool dry_run, replace, require_digest;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct option options[] = {
    OPTION_TEXT(struct set_image_options, directory, 0, "directory", "DIR",
                "edit the kustomization of this directory, in any repository or none; then no target is named"),
    OPTION_SWITCH(struct set_image_options, dry_run, 'n', "dry-run", "show what would change, and change nothing"),
    OPTION_TEXT(struct set_image_options, file, 'f', "file", "FILE",
                "read lines 'APP/ENV IMAGE...' from this file, '-' for standard input"),
    OPTION_CHOICE(struct set_image_options, format, 'o', "output", "FORMAT", formats, "text (default) or json"),
    OPTION_SWITCH(struct set_image_options, replace, 0, "replace", "overrule a hold"),
    OPTION_SWITCH(struct set_image_options, require_digest, 0, "require-digest", "refuse images without a digest"),
    OPTION_TEXT(struct set_image_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    OPTION_END,
};

/* A call, and what it works on. */
struct setting {
    const struct invocation *invocation;
    const struct set_image_options *chosen;
    struct repository repository;
    struct intents intents;
    struct change_request request;
    struct changes changes;
};

static bool read_intents(struct setting *setting, struct error *error)
{
    const struct invocation *invocation = setting->invocation;
    const struct set_image_options *chosen = setting->chosen;
    if (!chosen->file)
        return intents_read_operands(invocation->arena, invocation->operands, invocation->operand_count,
                                     chosen->directory, &setting->intents, error);
    if (chosen->directory)
        return error_set(error, "--file names targets: leave --directory out");
    if (invocation->operand_count)
        return error_set(error, "'%s': with --file, targets and images are in the file", invocation->operands[0]);
    return intents_read_file(invocation->arena, chosen->file, &setting->intents, error);
}

static bool find_repository(struct setting *setting, struct error *error)
{
    struct arena *arena = setting->invocation->arena;
    const struct set_image_options *chosen = setting->chosen;
    struct repository *repository = &setting->repository;
    if (!repository_find(arena, chosen->directory ? chosen->directory : ".",
                         chosen->directory ? WITHOUT_GIT_SYSTEM : WITHOUT_GIT_HERE, repository, error))
        return false;
    setting->request = (struct change_request){
        .directory = chosen->directory ? repository->directory : NULL,
        .intents = setting->intents.items,
        .count = setting->intents.count,
        .overrules = chosen->replace,
        .require_digest = chosen->require_digest,
    };
    if (!chosen->directory)
        setting->request.root = render_set_root(arena, repository, chosen->root, error);
    return chosen->directory || setting->request.root;
}

/* "held" only where nothing else happened. */
static const char *result_of(const struct changes *changes)
{
    bool held = false;
    for (size_t i = 0; i < changes->count; i++)
        held = held || changes->items[i].state == CHANGE_HELD;
    return changes_any(changes) ? "edited" : held ? "held" : "unchanged";
}

static bool report(const struct setting *setting, const struct change_end *end, struct error *error)
{
    const struct set_image_options *chosen = setting->chosen;
    struct text out = {0};
    bool good = true;
    if (chosen->format && *chosen->format == 'j')
        good = report_json(&setting->changes, end, &out, error);
    else if (chosen->dry_run && changes_any(&setting->changes))
        report_diff(&setting->changes, &out);
    else
        report_text(&setting->changes, &out);
    good = good && output_print(&out, error);
    text_free(&out);
    return good;
}

static bool set_image(struct setting *setting, struct error *error)
{
    struct change_end end = {0};
    if (!changes_make(&setting->changes, setting->invocation->arena, &setting->repository, &setting->request, error))
        return false;
    if (!setting->chosen->dry_run && !work_tree_write(&setting->changes, &setting->repository, error))
        return false;
    end.result = result_of(&setting->changes);
    return report(setting, &end, error);
}

static int run(const struct invocation *invocation, struct error *error)
{
    struct setting setting = {.invocation = invocation, .chosen = invocation->options};
    if (!read_intents(&setting, error))
        return EXIT_USAGE;
    bool good = find_repository(&setting, error) && set_image(&setting, error);
    if (!good)
        repository_localize(&setting.repository, invocation->arena, error);
    changes_close(&setting.changes);
    repository_close(&setting.repository);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

const struct command set_image_command = {
    .name = "set-image",
    .operands = "[APP/ENV...] [IMAGE...]",
    .most_operands = OPERANDS_UNLIMITED,
    .summary = "give images of targets another tag or digest",
    .description =
        "Edits the entry of 'images' in the overlay's kustomization, and nothing else: every other byte of the file "
        "stays.\n"
        "\n"
        "An operand with '=', ':' or '@' is an image: NAME:TAG, NAME@DIGEST, NAME:TAG@DIGEST, or "
        "NAME=NEWNAME:TAG@DIGEST. '*' in place of a part keeps it. Any other operand is a target, APP/ENV; '*' stands "
        "for anything in either half.",
    .examples = "rootapp set-image example-app/dev example/example-app:1.4.0\n",
    .options = options,
    .options_size = sizeof(struct set_image_options),
    .run = run,
};
