/* history_merge.c: what a merge would give. */
#include <string.h>

#include "plugin/run/history.h"

enum { STATUS_CONFLICT = 1, STATUS_USAGE = 129 };

static char *first_line(struct history *history, const struct text *answer)
{
    return arena_copy(history->arena, text_content(answer), strcspn(text_content(answer), "\n"));
}

/* Behind the tree's id stand the files in conflict, a line each. */
static bool refuse_conflict(const struct revision *base, const struct revision *other, const struct text *answer,
                            struct error *error)
{
    struct text files = {0};
    const char *at = text_content(answer) + strcspn(text_content(answer), "\n");
    for (size_t size; *at; at += size) {
        at += *at == '\n';
        size = strcspn(at, "\n");
        if (size)
            text_format(&files, "%s%.*s", files.size ? ", " : "", (int)size, at);
    }
    error_set(error, "merging %s into %s conflicts in %s; '%s..%s' compares them as they are", other->name, base->name,
              text_content(&files), base->name, other->name);
    text_free(&files);
    return false;
}

static bool refuse_merge(const struct revision *base, const struct revision *other, const struct text *said,
                         struct error *error)
{
    if (strstr(text_content(said), "unrelated histories"))
        return error_set(error,
                         "%s and %s have no commit in common here: where the clone is shallow, 'git fetch --deepen=50' "
                         "brings more of it (of actions/checkout: fetch-depth: 0)",
                         base->name, other->name);
    return error_set(error, "git merge-tree: %s", text_content(said));
}

/* Older git: what the branch did since it left. */
static bool use_ancestor(struct history *history, struct revision *base, const struct revision *other,
                         struct revision *out, struct error *error)
{
    struct text answer = {0};
    const char *const words[] = {"merge-base", base->commit, other->commit, NULL};
    bool good = history_run(history, words, &answer, error);
    const char *name = base->name;
    good = good && history_find(history, first_line(history, &answer), base, error);
    base->name = name;
    *out = *other;
    text_free(&answer);
    return good;
}

bool history_find_merge(struct history *history, struct revision *base, const struct revision *other, bool *merged,
                        struct revision *out, struct error *error)
{
    struct text answer = {0}, said = {0};
    const char *const words[] = {"merge-tree", "--write-tree", "--name-only", "--no-messages",
                                 base->commit, other->commit,  NULL};
    if (!base->commit || !other->commit)
        return error_set(error, "'%s' is no commit, and cannot be merged", base->commit ? other->name : base->name);
    if (!history_write_elsewhere(history, error))
        return false;
    int status = history_try(history, words, &answer, &said, error);
    bool good = status == 0;
    *merged = good;
    *out = (struct revision){.name = other->name, .commit = other->commit};
    if (good)
        out->tree = first_line(history, &answer);
    else if (status == STATUS_CONFLICT && answer.size)
        refuse_conflict(base, other, &answer, error);
    else if (status == STATUS_USAGE)
        good = use_ancestor(history, base, other, out, error);
    else if (status > 0)
        refuse_merge(base, other, &said, error);
    text_free(&answer);
    text_free(&said);
    return good;
}

bool history_find_nothing(struct history *history, struct revision *out, struct error *error)
{
    struct text answer = {0};
    bool good = history_write_elsewhere(history, error) &&
                history_run(history, (const char *const[]){"mktree", NULL}, &answer, error);
    *out = (struct revision){.name = "nothing", .tree = good ? first_line(history, &answer) : NULL};
    text_free(&answer);
    return good;
}
