/* since.c: asks git blame when the version of an image was written. */
#include "plugin/change/since.h"

#include <stdlib.h>
#include <time.h>

#include "plugin/run/line_commits.h"

/* Each file costs a process. */
enum { MOST_FILES = 30, SECONDS_OF_A_DAY = 24 * 60 * 60 };

static const struct line_commit *newer(const struct line_commit *left, const struct line_commit *right)
{
    return !left || (right && right->seconds > left->seconds) ? right : left;
}

/* A version whose commit is not known, or may be older than the clone goes back, is as old as nobody knows. */
static const char *describe(struct arena *arena, const char *environment, const struct line_commit *commit)
{
    if (!commit || !commit->id || commit->boundary)
        return NULL;
    long long days = ((long long)time(NULL) - commit->seconds) / SECONDS_OF_A_DAY;
    if (days < 1)
        return arena_format(arena, "%s since %s", environment, commit->date);
    return arena_format(arena, "%s since %s, %lld day%s", environment, commit->date, days, days == 1 ? "" : "s");
}

static void want_lines(struct line_commits *commits, const struct image_wish *wish)
{
    for (size_t i = 0; i < WISH_LINES; i++)
        if (wish->lines[i])
            line_commits_want(commits, wish->file, wish->lines[i]);
}

static const struct line_commit *find_commit(struct line_commits *commits, const struct image_wish *wish)
{
    const struct line_commit *found = NULL;
    for (size_t i = 0; i < WISH_LINES; i++)
        if (wish->lines[i])
            found = newer(found, line_commits_find(commits, wish->file, wish->lines[i]));
    return found;
}

void wishes_date(struct history *history, const char *revision, const char *environment, struct intents *intents)
{
    struct line_commits commits;
    if (intents->count > MOST_FILES || history->fetches_late)
        return;
    line_commits_open(&commits, history->arena, history, revision);
    for (size_t i = 0; i < intents->count; i++)
        for (size_t k = 0; k < intents->items[i].count; k++)
            want_lines(&commits, &intents->items[i].wishes[k]);
    for (size_t i = 0; i < intents->count; i++) {
        struct image_intent *intent = &intents->items[i];
        struct image_wish *dated = ARENA_ARRAY(history->arena, intent->count, struct image_wish);
        for (size_t k = 0; k < intent->count; k++) {
            dated[k] = intent->wishes[k];
            dated[k].since = describe(history->arena, environment, find_commit(&commits, &dated[k]));
        }
        intent->wishes = dated;
    }
}
