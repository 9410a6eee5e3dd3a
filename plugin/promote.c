/* promote.c: gives an environment the images that the one before it runs. */
#include <string.h>

#include "plugin/change/carry_out.h"
#include "plugin/change/preview.h"
#include "plugin/change/promotion.h"
#include "plugin/change/since.h"
#include "plugin/commands.h"
#include "plugin/helm_options.h"
#include "plugin/push_options.h"
#include "plugin/remote_options.h"
#include "plugin/run/output.h"

struct promote_options {
    const char *root, *image, *format;
    struct carry_out_options carry;
    struct fetch_options fetch;
    struct chart_options charts;
    bool all, skip, rollback, require_digest;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct option options[] = {
    OPTION_SWITCH(struct promote_options, all, 0, "all", "all apps that are in both environments, in one commit"),
    OPTION_TEXT(struct promote_options, image, 0, "image", "NAME", "only this image, by the name of its entry"),
    OPTION_SWITCH(struct promote_options, skip, 0, "skip", "TO need not be the next environment after FROM"),
    OPTION_SWITCH(struct promote_options, rollback, 0, "rollback", "give TO an older version, too"),
    OPTION_SWITCH(struct promote_options, require_digest, 0, "require-digest", "refuse images without a digest"),
    OPTION_SWITCH(struct promote_options, carry.yes, 'y', "yes", "do not ask on a terminal"),
    OPTION_SWITCH(struct promote_options, carry.dry_run, 'n', "dry-run", "show what would change, and change nothing"),
    OPTION_SWITCH(struct promote_options, carry.commit, 'c', "commit", "commit the files that change, and no others"),
    OPTION_SWITCH(struct promote_options, carry.push, 'p', "push",
                  "push a commit to the branch that TO follows; the work tree stays as it is"),
    OPTION_OPTIONAL(struct promote_options, carry.branch, 0, "branch", "NAME",
                    "push to this branch instead, which is made anew on TO's (default rootapp/APP-TO)"),
    OPTION_SWITCH(struct promote_options, carry.pull_request, 0, "pull-request",
                  "the same, and ask for a pull request, with gh or glab where it is installed"),
    OPTION_TEXT(struct promote_options, carry.message, 'm', "message", "TEXT", "the commit's subject"),
    OPTION_TEXT(struct promote_options, carry.source, 0, "source", "DIR",
                "a clone of the code, whose commit is named in the trailers that Argo CD shows"),
    PUSH_OPTIONS(struct promote_options, carry),
    OPTION_CHOICE(struct promote_options, format, 'o', "output", "FORMAT", formats, "text (default) or json"),
    OPTION_TEXT(struct promote_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    FETCH_OPTIONS(struct promote_options, fetch),
    HELM_OPTIONS(struct promote_options, charts),
    OPTION_END,
};

/* At the commit, or in the work tree. */
static void date_promotion(struct carry_out *carry, struct user_git *git, const char *commit, struct intents *intents)
{
    const struct promotion *promotion = carry->context;
    struct history here = {0};
    struct error ignored = {0};
    if (git)
        wishes_date(git->history, commit, promotion->from, intents);
    else if (history_open(&here, carry->arena, ".", &ignored))
        wishes_date(&here, NULL, promotion->from, intents);
    if (!git)
        history_close(&here);
    error_free(&ignored);
}

static bool prepare_promotion(struct carry_out *carry, struct user_git *git, const char *remote, struct error *error)
{
    const struct promotion *promotion = carry->context;
    struct image_intent any = {.pattern = arena_format(carry->arena, "*/%s", promotion->from)};
    struct change_request source = {
        .root = carry->request.root, .intents = &any, .count = 1, .rendering = carry->request.rendering};
    struct repository repository = {0};
    struct intents intents = {0};
    struct text notes = {0};
    const char *commit = NULL;
    bool good = git ? push_open_source(git, remote, &source, &repository, &commit, error)
                    : repository_find(carry->arena, ".", WITHOUT_GIT_HERE, &repository, error);
    good = good && promotion_read(carry->arena, &repository, promotion, &source, &intents, &notes, error);
    if (good)
        date_promotion(carry, git, commit, &intents);
    if (good && !carry->options.json)
        output_note(&notes);
    text_free(&notes);
    repository_close(&repository);
    if (good && !intents.count)
        good = error_set(error, "%s sets no image of its own: nothing to promote", promotion->from);
    carry->request.intents = intents.items;
    carry->request.count = intents.count;
    return good;
}

static bool read_operands(const struct invocation *invocation, struct promotion *out, struct error *error)
{
    const struct promote_options *chosen = invocation->options;
    size_t count = invocation->operand_count;
    if (chosen->all ? count != 2 : count < 3)
        return error_set(error, chosen->all ? "with --all, name the two environments: FROM TO"
                                            : "name apps and two environments: APP... FROM TO");
    *out = (struct promotion){.apps = chosen->all ? NULL : invocation->operands,
                              .app_count = count - 2,
                              .from = invocation->operands[count - 2],
                              .to = invocation->operands[count - 1],
                              .image = chosen->image,
                              .skips = chosen->skip};
    return true;
}

static int run_promote(const struct invocation *invocation, struct error *error)
{
    const struct promote_options *chosen = invocation->options;
    struct promotion promotion;
    struct carry_out carry = {.arena = invocation->arena,
                              .options = chosen->carry,
                              .root = chosen->root,
                              .request = {.require_digest = chosen->require_digest, .refuses_holds = true},
                              .decide = {.refuses_lower = !chosen->rollback, .replace = chosen->rollback},
                              .prepare = prepare_promotion,
                              .preview = preview_write,
                              .question = "Promote this?",
                              .context = &promotion};
    carry.options.json = chosen->format && *chosen->format == 'j';
    carry.rendering.helm = helm_options_read(&chosen->charts, invocation->arena, NULL);
    if (!read_operands(invocation, &promotion, error) || !carry_out_check(&carry.options, error) ||
        !fetch_options_read(&chosen->fetch, FETCH_FOR_OTHERS, invocation->arena, &carry.rendering.remote, error))
        return EXIT_USAGE;
    return carry_out(&carry, error) ? EXIT_GOOD : EXIT_FAILED;
}

const struct command promote_command = {
    .name = "promote",
    .operands = "[APP...] FROM TO",
    .most_operands = OPERANDS_UNLIMITED,
    .summary = "give an environment the images that the one before it runs",
    .description =
        "Copies the tag and the digest of each image that FROM's overlay sets to the entry of the same name in TO's "
        "overlay. All else in TO stays: newName, so that each environment may have a registry of its own, tagSuffix, "
        "and "
        "every byte beside the two values. FROM is read at the tip of the branch that it follows, and has to render; "
        "TO is "
        "edited, verified and pushed as 'rootapp set-image' does it.\n"
        "\n"
        "Refused are an environment that is not the next one of spec.environments (--skip), an older version than TO "
        "has "
        "(--rollback), an image that TO does not run, one that is held there, and one without a digest where the "
        "policy "
        "requires that. Images that FROM has from a base, a patch or a component are in TO by the same file: they are "
        "named, "
        "and not copied.\n"
        "\n"
        "Each image is shown with the version that TO has and the one that it gets, since when FROM has that, and "
        "which "
        "workloads roll out. On a terminal, nothing is written before that is confirmed (--yes).\n"
        "\n"
        "Where the policy says 'changes: pullRequest' of TO, --push goes to a branch of its own.",
    .examples = "rootapp promote example-app dev staging\n"
                "rootapp promote --push example-app staging prod\n",
    .options = options,
    .options_size = sizeof(struct promote_options),
    .run = run_promote,
};
