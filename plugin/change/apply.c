/* apply.c: makes changes of images, but for those that newer ones of others supersede. */
#include "plugin/change/apply.h"

#include <string.h>

struct judging {
    const struct applying *applying;
    struct changes *changes;
    struct set_images set;
    bool knows_set, first;
    struct change_end *end;
    struct error *error;
};

/* What commits say is read once it is needed. */
static const struct set_images *demand_set(struct judging *judging)
{
    const struct applying *applying = judging->applying;
    const struct decide_options *options = applying->options;
    if (!applying->git || (!options->sequence.pipeline && !options->source_commit))
        return NULL;
    if (!judging->knows_set && !set_images_read(applying->git, applying->tip, &judging->set, judging->error))
        return NULL;
    judging->knows_set = true;
    return &judging->set;
}

static enum judgement judge_change(void *context, struct image_change *change)
{
    struct judging *judging = context;
    const struct applying *applying = judging->applying;
    if (judging->first)
        began_note(applying->began, judging->changes->arena, change);
    if (change->state != CHANGE_MADE)
        return JUDGEMENT_GOOD;
    const struct set_images *set = demand_set(judging);
    struct reason reason;
    enum verdict verdict = decide(applying->git, judging->changes->arena, change, applying->options, set,
                                  applying->began, applying->tip, &reason);
    change->note = reason.why;
    if (judging->error->message)
        return JUDGEMENT_FAILED;
    if (verdict != VERDICT_APPLY && !judging->end->by)
        judging->end->by = reason.by;
    if (verdict != VERDICT_CONFLICT)
        return verdict == VERDICT_APPLY ? JUDGEMENT_GOOD : JUDGEMENT_SKIP;
    judging->end->result = "conflict";
    error_set(judging->error, "%s: %s", change->target->label, change->note);
    return JUDGEMENT_FAILED;
}

/* An expectation of an image that has no entry yet is about what is rendered. */
static bool check_expectations(struct judging *judging)
{
    const struct image_wish *expect = &judging->applying->options->expect;
    for (size_t i = 0; i < judging->changes->count && expect->name; i++) {
        const struct image_change *change = &judging->changes->items[i];
        if (!change->edit.is_new || strcmp(change->wish->name, expect->name) != 0 ||
            is_expected(judging->changes->arena, expect, change->from))
            continue;
        judging->end->result = "conflict";
        return error_set(judging->error, "%s: %s is %s, not %s as expected", change->target->label, expect->name,
                         change->from, expect->text);
    }
    return true;
}

bool apply_changes(struct applying *applying, struct arena *arena, const struct change_request *request,
                   struct changes *changes, struct repository *repository, struct change_end *end, struct error *error)
{
    struct judging judging = {.applying = applying, .changes = changes, .end = end, .error = error};
    struct change_request judged = *request;
    judging.first = applying->began && !applying->began->noted;
    judged.judge = judge_change;
    judged.context = &judging;
    bool good = changes_make(changes, arena, repository, &judged, error) && check_expectations(&judging);
    if (applying->began)
        applying->began->noted = true;
    return good;
}
