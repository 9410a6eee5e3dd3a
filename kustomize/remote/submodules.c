/* submodules.c: checks out submodules; where hosts are listed, only those from listed hosts.
 *
 * git itself can be confined to protocols, not to hosts. So there each level is initialised, its URLs are looked at,
 * and only then it is fetched. */
#include <string.h>

#include "kustomize/remote/git.h"

enum { DEEPEST_SUBMODULE = 16 };

static bool check_urls(const struct git *git, const char *directory, struct error *error)
{
    struct text list = {0};
    struct error none = {0}; /* git config fails where there is nothing to list */
    const char *const words[] = {"config", "-z", "--get-regexp", "^submodule\\..*\\.url$", NULL};
    bool good = true, local;
    git_run(git, directory, words, &list, &none);
    error_free(&none);
    for (size_t at = 0; good && at < list.size; at += strlen(list.bytes + at) + 1) {
        const char *url = strchr(list.bytes + at, '\n');
        good = !url || fetch_allows(git->options, url + 1, &local, error);
    }
    text_free(&list);
    return good;
}

static bool check_out_level(const struct git *git, const char *directory, unsigned depth, struct error *error);

static bool check_out_below(const struct git *git, const char *directory, unsigned depth, struct error *error)
{
    struct text paths = {0};
    const char *const words[] = {"submodule", "--quiet", "foreach", "printf '%s/%s\\0' \"$toplevel\" \"$sm_path\"",
                                 NULL};
    bool good = git_run(git, directory, words, &paths, error);
    for (size_t at = 0; good && at < paths.size; at += strlen(paths.bytes + at) + 1)
        good = check_out_level(git, paths.bytes + at, depth + 1, error);
    text_free(&paths);
    return good;
}

static bool check_out_level(const struct git *git, const char *directory, unsigned depth, struct error *error)
{
    static const char *const begin[] = {"submodule", "--quiet", "init", NULL};
    static const char *const update[] = {"submodule", "--quiet", "update", NULL};
    if (depth > DEEPEST_SUBMODULE)
        return error_set(error, "submodules are nested more than %d deep", DEEPEST_SUBMODULE);
    return git_run(git, directory, begin, NULL, error) && check_urls(git, directory, error) &&
           git_run(git, directory, update, NULL, error) && check_out_below(git, directory, depth, error);
}

bool git_submodules(const struct git *git, const char *directory, struct error *error)
{
    static const char *const all[] = {"submodule", "--quiet", "update", "--init", "--recursive", NULL};
    if (git->options->access == REMOTE_LISTED)
        return check_out_level(git, directory, 0, error);
    return git_run(git, directory, all, NULL, error);
}
