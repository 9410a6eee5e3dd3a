/* unseen.c: says why what is there may not be seen. */
#include "plugin/change/unseen.h"

#include <string.h>
#include <unistd.h>

#include "base/path.h"

enum { MOST_NAMED = 5 };

/* Appends "A, B" of the records of `git ls-files -s -z` or `git ls-tree -z` that are submodules: "160000 ...\tPATH". */
static size_t name_submodules(const struct text *listing, struct text *out)
{
    size_t count = 0;
    for (size_t at = 0; at < listing->size; at += strlen(listing->bytes + at) + 1) {
        const char *record = listing->bytes + at, *tab = strchr(record, '\t');
        if (strncmp(record, "160000 ", 7) != 0 || !tab)
            continue;
        if (count++ < MOST_NAMED)
            text_format(out, "%s%s", count > 1 ? ", " : "", tab + 1);
    }
    if (count > MOST_NAMED)
        text_format(out, " and %zu more", count - MOST_NAMED);
    return count;
}

static void explain_submodules(struct history *history, const char *tip, struct error *error)
{
    const char *const of_commit[] = {"ls-tree", "-r", "-z", tip, NULL};
    const char *const of_index[] = {"ls-files", "-s", "-z", NULL};
    struct text listing = {0}, names = {0};
    struct error ignored = {0};
    size_t count =
        history_run(history, tip ? of_commit : of_index, &listing, &ignored) ? name_submodules(&listing, &names) : 0;
    if (count)
        error_append(error, arena_format(history->arena, "; what lies in a submodule is another repository's (%s)",
                                         text_content(&names)));
    error_free(&ignored);
    text_free(&listing);
    text_free(&names);
}

static bool is_sparse(struct history *history)
{
    static const char *const words[] = {"config", "--type=bool", "--get", "core.sparseCheckout", NULL};
    return history_says_true(history, words);
}

void explain_unseen(struct history *history, const char *tip, struct error *error)
{
    if (error->kind != ERROR_ABSENT)
        return;
    if (!tip && is_sparse(history))
        error_append(error, "; this checkout is a sparse one, which leaves files out: 'git sparse-checkout add "
                            "DIRECTORY' brings them, and --push needs none");
    explain_submodules(history, tip, error);
}

void explain_unseen_here(struct arena *arena, const char *directory, struct error *error)
{
    struct history history = {0};
    struct error ignored = {0};
    if (history_open(&history, arena, directory, &ignored)) {
        if (history.root) {
            explain_unseen(&history, NULL, error);
        } else {
            error_free(error);
            error_set(error, "the repository is bare: it has no work tree to change; --push needs none");
        }
    }
    history_close(&history);
    error_free(&ignored);
}

const char *inner_repository(struct arena *arena, const char *root, const char *path)
{
    for (const char *at = path_directory(arena, path); strcmp(at, ".") != 0; at = path_directory(arena, at))
        if (access(path_join(arena, root, path_join(arena, at, ".git")), F_OK) == 0)
            return at;
    return NULL;
}
