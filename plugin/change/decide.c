/* decide.c: decides whether a change of an image is the newer one. */
#include "plugin/change/decide.h"

#include <string.h>

#include "plugin/change/message.h"

void began_note(struct began *began, struct arena *arena, const struct image_change *change)
{
    began->items = arena_grow(arena, began->items, began->count, &began->room, sizeof *began->items);
    began->items[began->count++] = (struct began_value){change->target->path, change->wish->name, change->from};
}

static bool has_moved(const struct began *began, const struct image_change *change)
{
    for (size_t i = 0; i < began->count; i++)
        if (strcmp(began->items[i].overlay, change->target->path) == 0 &&
            strcmp(began->items[i].image, change->wish->name) == 0)
            return strcmp(began->items[i].value, change->from) != 0;
    return false;
}

bool is_expected(struct arena *arena, const struct image_wish *expect, const char *pair)
{
    const char *wanted = image_pair_text(arena, expect->tag, expect->digest);
    return strcmp(*wanted == ':' ? wanted + 1 : wanted, pair) == 0;
}

/* Runs of digits are numbers; all between them has to be the same. */
bool is_downgrade(const char *from, const char *to)
{
    static const char digits[] = "0123456789";
    int order = 0;
    while (*from && *to) {
        size_t left = strspn(from, digits), right = strspn(to, digits);
        if (!left != !right || (!left && *from != *to))
            return false;
        if (!left) {
            from++;
            to++;
            continue;
        }
        while (left > 1 && *from == '0')
            from++, left--;
        while (right > 1 && *to == '0')
            to++, right--;
        int here = left != right ? (left < right ? -1 : 1) : strncmp(from, to, left);
        order = order ? order : here;
        from += left;
        to += right;
    }
    return !*from && !*to && order > 0;
}

static bool is_ancestor(struct user_git *git, const char *directory, const char *older, const char *newer)
{
    return strcmp(older, newer) != 0 &&
           user_git_line(git, GIT_WORDS("-C", directory, "merge-base", "--is-ancestor", older, newer)) != NULL;
}

static const char *short_id(struct arena *arena, const char *id)
{
    return arena_copy(arena, id, strlen(id) < 7 ? strlen(id) : 7);
}

/* What the commits say of who is newer: by the runs of one pipeline, else by the history of the code. */
static enum verdict by_setter(struct user_git *git, struct arena *arena, const struct image_change *change,
                              const struct decide_options *options, const struct image_setter *setter, bool *decided,
                              struct reason *reason)
{
    const struct sequence *ours = &options->sequence, *theirs = &setter->sequence;
    *decided = true;
    if (ours->pipeline && theirs->pipeline && strcmp(ours->pipeline, theirs->pipeline) == 0) {
        if (theirs->number <= ours->number)
            return VERDICT_APPLY;
        reason->why =
            arena_format(arena, "superseded: %s is %s from %s (%s#%llu), this is #%llu", change->wish->name,
                         change->from, short_id(arena, setter->commit), theirs->pipeline, theirs->number, ours->number);
        return VERDICT_SUPERSEDED;
    }
    if (options->source_commit && setter->source) {
        if (is_ancestor(git, options->source, setter->source, options->source_commit))
            return VERDICT_APPLY;
        if (is_ancestor(git, options->source, options->source_commit, setter->source)) {
            reason->why = arena_format(arena, "superseded: %s is %s from %s, whose code is newer", change->wish->name,
                                       change->from, short_id(arena, setter->commit));
            return VERDICT_SUPERSEDED;
        }
    }
    *decided = false;
    return VERDICT_APPLY;
}

/* Who made the last commit of a file; NULL: that is not known. */
static const struct image_setter *last_setter(struct user_git *git, struct arena *arena, const char *tip,
                                              const char *path)
{
    const char *line =
        user_git_line(git, GIT_WORDS("log", "-1", "--no-show-signature", "--format=%H%x01%an%x01%s", tip, "--", path));
    if (!line || !*line)
        return NULL;
    struct image_setter *setter = ARENA_NEW(arena, struct image_setter);
    const char *author = line + strcspn(line, "\1"), *subject = author + 1 + strcspn(author + 1, "\1");
    setter->commit = arena_copy(arena, line, (size_t)(author - line));
    setter->author = arena_copy(arena, author + 1, (size_t)(subject - author - 1));
    setter->subject = arena_string(arena, subject + 1);
    return setter;
}

static bool has_lower_tag(const struct image_change *change)
{
    const struct image_edit *edit = &change->edit;
    return edit->old_tag && edit->tag && is_downgrade(edit->old_tag, edit->tag);
}

enum verdict decide(struct user_git *git, struct arena *arena, const struct image_change *change,
                    const struct decide_options *options, const struct set_images *set, const struct began *began,
                    const char *tip, struct reason *reason)
{
    const struct image_wish *expect = &options->expect;
    *reason = (struct reason){0};
    if (expect->name && !change->edit.is_new && strcmp(expect->name, change->wish->name) == 0 &&
        !is_expected(arena, expect, change->from)) {
        reason->why =
            arena_format(arena, "%s is %s, not %s as expected", change->wish->name, change->from, expect->text);
        return VERDICT_CONFLICT;
    }
    if (options->refuses_lower && has_lower_tag(change)) {
        reason->why = arena_format(arena, "%s is %s, which is newer than %s; --rollback takes it back",
                                   change->wish->name, change->from, change->to);
        return VERDICT_CONFLICT;
    }
    if (options->replace)
        return VERDICT_APPLY;
    const char *value = image_text(arena, change->wish->name, change->edit.old_tag, change->edit.old_digest);
    const struct image_setter *setter = set ? set_images_find(set, change->target->path, value) : NULL;
    bool decided = false;
    enum verdict verdict = setter ? by_setter(git, arena, change, options, setter, &decided, reason) : VERDICT_APPLY;
    if (decided) {
        reason->by = verdict == VERDICT_APPLY ? NULL : setter;
        return verdict;
    }
    if (options->no_downgrade && has_lower_tag(change)) {
        reason->why =
            arena_format(arena, "%s is %s, which is newer than %s", change->wish->name, change->from, change->to);
        reason->by = setter;
        return VERDICT_SUPERSEDED;
    }
    if (!began || !has_moved(began, change))
        return VERDICT_APPLY;
    reason->by = last_setter(git, arena, tip, change->file);
    const char *who = reason->by ? arena_format(arena, "%s %s: %s", short_id(arena, reason->by->commit),
                                                reason->by->author, reason->by->subject)
                                 : tip;
    reason->why = arena_format(arena, "somebody else has set %s to %s meanwhile (%s); --replace overrules that",
                               change->wish->name, *change->from ? change->from : "nothing", who);
    return VERDICT_CONFLICT;
}
