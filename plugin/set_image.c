/* set_image.c: gives images of targets another tag or digest. */
#include <string.h>

#include "plugin/change/carry_out.h"
#include "plugin/change/intents.h"
#include "plugin/commands.h"
#include "plugin/helm_options.h"
#include "plugin/push_options.h"
#include "plugin/remote_options.h"

struct set_image_options {
    const char *root, *directory, *shared_file, *file, *format;
    const char *expect, *sequence;
    struct carry_out_options carry;
    struct fetch_options fetch;
    struct chart_options charts;
    bool replace, no_downgrade, require_digest, all_entries;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct option options[] = {
    OPTION_SWITCH(struct set_image_options, carry.dry_run, 'n', "dry-run",
                  "show what would change, and change nothing"),
    OPTION_SWITCH(struct set_image_options, carry.commit, 'c', "commit", "commit the files that change, and no others"),
    OPTION_SWITCH(struct set_image_options, carry.push, 'p', "push",
                  "push a commit to the branch that the targets follow; the work tree stays as it is"),
    OPTION_OPTIONAL(struct set_image_options, carry.branch, 0, "branch", "NAME",
                    "push to this branch instead, which is made anew on the target's (default rootapp/APP-ENV)"),
    OPTION_SWITCH(struct set_image_options, carry.pull_request, 0, "pull-request",
                  "the same, and ask for a pull request, with gh or glab where it is installed"),
    OPTION_SWITCH(struct set_image_options, all_entries, 0, "all-entries",
                  "where several entries have the image's name, change all of them"),
    OPTION_TEXT(struct set_image_options, file, 'f', "file", "FILE",
                "read lines 'APP/ENV IMAGE...' from this file, '-' for standard input: one commit for all"),
    OPTION_TEXT(struct set_image_options, carry.message, 'm', "message", "TEXT", "the commit's subject"),
    OPTION_TEXT(struct set_image_options, carry.source, 0, "source", "DIR",
                "a clone of the code, whose commit is named in the trailers that Argo CD shows"),
    OPTION_TEXT(struct set_image_options, sequence, 0, "sequence", "N",
                "the number of this run of the pipeline (default: what the CI says), or 'none'"),
    OPTION_TEXT(struct set_image_options, expect, 0, "expect", "IMAGE", "only where this is what is there"),
    OPTION_SWITCH(struct set_image_options, no_downgrade, 0, "no-downgrade", "a lower version is nothing to do"),
    OPTION_SWITCH(struct set_image_options, replace, 0, "replace",
                  "overrule a hold, a later run and what somebody else has set meanwhile"),
    OPTION_SWITCH(struct set_image_options, require_digest, 0, "require-digest", "refuse images without a digest"),
    OPTION_TEXT(struct set_image_options, directory, 0, "directory", "DIR",
                "edit the kustomization of this directory, in any repository or none; then no target is named"),
    OPTION_TEXT(
        struct set_image_options, shared_file, 0, "in", "FILE",
        "edit this kustomization file, which targets share, and tell what it changes in each; then no target is "
        "named"),
    PUSH_OPTIONS(struct set_image_options, carry),
    OPTION_CHOICE(struct set_image_options, format, 'o', "output", "FORMAT", formats, "text (default) or json"),
    OPTION_TEXT(struct set_image_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    FETCH_OPTIONS(struct set_image_options, fetch),
    HELM_OPTIONS(struct set_image_options, charts),
    OPTION_END,
};

static bool read_intents(const struct invocation *invocation, struct intents *out, struct error *error)
{
    const struct set_image_options *chosen = invocation->options;
    if (!chosen->file)
        return intents_read_operands(invocation->arena, invocation->operands, invocation->operand_count,
                                     chosen->directory || chosen->shared_file, out, error);
    if (chosen->directory || chosen->shared_file)
        return error_set(error, "--file names targets: leave --%s out", chosen->directory ? "directory" : "in");
    if (invocation->operand_count)
        return error_set(error, "'%s': with --file, targets and images are in the file", invocation->operands[0]);
    return intents_read_file(invocation->arena, chosen->file, out, error);
}

static bool read_options(const struct invocation *invocation, struct carry_out *carry, struct error *error)
{
    const struct set_image_options *chosen = invocation->options;
    struct intents intents = {0};
    if (!read_intents(invocation, &intents, error))
        return chosen->carry.branch && !*chosen->carry.branch
                   ? error_append(error, "; a branch's name stands behind '=': --branch=NAME")
                   : false;
    carry->options = chosen->carry;
    carry->options.json = chosen->format && *chosen->format == 'j';
    carry->root = chosen->root;
    carry->directory = chosen->directory;
    carry->shared_file = chosen->shared_file;
    if (chosen->shared_file && chosen->directory)
        return error_set(error, "--in and --directory: name one of them");
    if (chosen->shared_file)
        intents.items[0].pattern = "*/*";
    carry->request = (struct change_request){.intents = intents.items,
                                             .count = intents.count,
                                             .all_entries = chosen->all_entries,
                                             .overrules = chosen->replace,
                                             .require_digest = chosen->require_digest};
    carry->decide = (struct decide_options){.no_downgrade = chosen->no_downgrade, .replace = chosen->replace};
    carry->rendering.helm = helm_options_read(&chosen->charts, invocation->arena, NULL);
    return carry_out_check(&carry->options, error) &&
           fetch_options_read(&chosen->fetch, FETCH_FOR_OTHERS, invocation->arena, &carry->rendering.remote, error) &&
           sequence_read(invocation->arena, chosen->sequence, &carry->decide.sequence, error) &&
           (!chosen->expect || image_wish_read(invocation->arena, chosen->expect, &carry->decide.expect, error));
}

static int run_set_image(const struct invocation *invocation, struct error *error)
{
    struct carry_out carry = {.arena = invocation->arena};
    if (!read_options(invocation, &carry, error))
        return EXIT_USAGE;
    return carry_out(&carry, error) ? EXIT_GOOD : EXIT_FAILED;
}

const struct command set_image_command = {
    .name = "set-image",
    .operands = "[APP/ENV...] [IMAGE...]",
    .most_operands = OPERANDS_UNLIMITED,
    .summary = "give images of targets another tag or digest",
    .description =
        "Edits the entry of 'images' in the overlay's kustomization; every other byte of the file stays. The overlay "
        "is "
        "rendered before and after, in memory, and exactly the image that was named may differ; otherwise nothing is "
        "written, and the message says what is in the way.\n"
        "\n"
        "An operand with '=', ':' or '@' is an image: NAME:TAG, NAME@DIGEST, NAME:TAG@DIGEST, or "
        "NAME=NEWNAME:TAG@DIGEST; '*' in place of a part keeps it. Any other operand is a target, APP/ENV, where '*' "
        "stands for anything in either half. What is not given stays, but tag and digest are a pair: a tag without a "
        "digest takes an old digest away, which would win over the tag, and the other way round.\n"
        "\n"
        "Without --commit and --push, the work tree is edited. --push works on the tip of the branch that the target "
        "follows (of several such branches, on all or none of them), and touches neither the work tree nor the index "
        "nor a local branch. Where others push at the same "
        "time, the change is applied anew to what they have pushed, until it has landed; nothing of theirs is lost. "
        "What a later run of the same pipeline has set stays (--sequence), and so does what a person has set in that "
        "moment: then the exit status is 1.\n"
        "\n"
        "A comment '# rootapp:hold REASON' in the entry's lines, or right above it, lets all this leave the entry "
        "alone.\n"
        "\n"
        "The exit status is 0 where the change was made, where there was nothing to do, and where a later run has "
        "superseded it; '-o json' tells which: 'result' is edited, committed, pushed, unchanged, superseded, held, "
        "refused, conflict or failed. 'changes' has app, env, state, file, line, image, from and to (tag, digest), and "
        "the fields of resources that change; 'branch', 'commit', 'old' and 'url' say what was pushed, 'branches' "
        "where "
        "that are several; 'by' is the commit, with author and subject, that stands in the way.",
    .examples = "rootapp set-image example-app/dev example/example-app:1.4.0\n"
                "rootapp set-image --push --source . example-app/dev example/example-app:1.4.0\n"
                "rootapp set-image --dry-run 'example-app/*' example/example-app:1.4.0\n"
                "rootapp set-image --directory apps/example-app/k8s/overlays/dev example/example-app:1.4.0\n",
    .options = options,
    .options_size = sizeof(struct set_image_options),
    .run = run_set_image,
};
