/* revisions.c: finds the two trees that are to be compared. */
#include "plugin/run/revisions.h"

#include <stdlib.h>
#include <string.h>

#include "base/process.h"

/* The branch that a revision names, without its remote; NULL: it names none. */
static const char *branch_of(struct history *history, const char *name)
{
    struct text answer = {0};
    struct error ignored = {0};
    const char *const words[] = {"rev-parse", "--symbolic-full-name", "--end-of-options", name, NULL};
    const char *branch = NULL;
    if (history_try(history, words, &answer, NULL, &ignored) == 0) {
        const char *full = strstr(text_content(&answer), "refs/");
        size_t size = full ? strcspn(full, "\n") : 0;
        if (size > 11 && strncmp(full, "refs/heads/", 11) == 0)
            branch = arena_copy(history->arena, full + 11, size - 11);
        const char *slash = size > 13 && strncmp(full, "refs/remotes/", 13) == 0 ? strchr(full + 13, '/') : NULL;
        if (slash && slash < full + size)
            branch = arena_copy(history->arena, slash + 1, (size_t)(full + size - slash - 1));
    }
    text_free(&answer);
    error_free(&ignored);
    return branch;
}

/* CI checks a commit out, not a branch, and says which branch a request is for. */
static const char *branch_of_ci(void)
{
    static const char *const names[] = {"GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = environment_value(names[i]);
        if (value)
            return value;
    }
    return NULL;
}

static bool is_unborn(struct history *history)
{
    struct error ignored = {0};
    const char *const words[] = {"rev-parse", "--verify", "--quiet", "HEAD", NULL};
    bool unborn = history_try(history, words, NULL, NULL, &ignored) != 0;
    error_free(&ignored);
    return unborn;
}

static bool find_local(struct history *history, bool staged, struct comparison_form *out, struct error *error)
{
    bool good =
        staged ? history_find_index(history, &out->head, error) : history_find_work_tree(history, &out->head, error);
    if (!good)
        return false;
    if (is_unborn(history))
        return history_find_nothing(history, &out->base, error);
    return history_find(history, "HEAD", &out->base, error);
}

static bool find_pair(struct history *history, const char *text, const char *dots, struct comparison_form *out,
                      struct error *error)
{
    size_t size = dots ? (size_t)(dots - text) : strlen(text), width = dots ? strspn(dots, ".") : 3;
    const char *base = size ? arena_copy(history->arena, text, size) : "HEAD";
    const char *head = dots && dots[width] ? dots + width : "HEAD";
    if (width > 3)
        return error_set(error, "'%s': revisions are BASE, BASE...HEAD or BASE..HEAD", text);
    struct revision found[] = {{.name = base}, {.name = head}};
    if (!history_find_all(history, found, 2, error))
        return false;
    const struct revision other = found[1];
    out->base = found[0];
    const char *ci = branch_of_ci();
    out->into = ci ? ci : branch_of(history, base);
    if (width == 2) {
        out->head = other;
        return true;
    }
    if (!history_find_merge(history, &out->base, &other, &out->merge, &out->head, error))
        return false;
    if (!out->merge)
        out->note = "git is older than 2.38: what the branch did since it left is shown, not what a merge would do";
    return true;
}

bool comparison_form_find(struct history *history, const char *text, bool staged, struct comparison_form *out,
                          struct error *error)
{
    *out = (struct comparison_form){0};
    if (text && staged)
        return error_set(error, "--staged compares HEAD with the index: it takes no revision");
    return text ? find_pair(history, text, strstr(text, ".."), out, error) : find_local(history, staged, out, error);
}
