/* git.c: fetches repositories with the user's git, as kustomize does: one commit, checked out, with submodules.
 *
 * Source: api/internal/git/cloner.go. Credential helpers, ssh, proxies and certificates are git's own affair. */
#include "kustomize/remote/git.h"

#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "kustomize/text/url.h"

enum { OBJECT_ID = 64 };

#define GIT(git, directory, out, error, ...) \
    git_run(git, directory, (const char *const[]){__VA_ARGS__, NULL}, out, error)

/* What a ref pointed to when it was last fetched. */
struct pin {
    char object[OBJECT_ID + 1]; /* a commit, or a tag's own object */
    char commit[OBJECT_ID + 1];
};

static bool is_object_id(const char *text)
{
    size_t size = strspn(text, "0123456789abcdef");
    return !text[size] && (size == 40 || size == OBJECT_ID);
}

static bool take_id(const char **text, char *out)
{
    size_t size = strspn(*text, "0123456789abcdef");
    if (size > OBJECT_ID)
        return false;
    memcpy(out, *text, size);
    out[size] = '\0';
    *text += size + ((*text)[size] == ' ' || (*text)[size] == '\n');
    return is_object_id(out);
}

static bool read_pin(const char *text, struct pin *pin)
{
    return take_id(&text, pin->object) && take_id(&text, pin->commit);
}

static const char *submodules_mark(const struct git *git)
{
    return git->url->submodules ? "submodules" : "";
}

static const char *ref_of(const struct git *git)
{
    return *git->url->ref ? git->url->ref : "HEAD";
}

static char *pin_place(const struct git *git)
{
    return cache_place(git->arena, git->options, "refs",
                       (const char *const[]){git->url->clone, ref_of(git), submodules_mark(git), NULL});
}

static char *tree_place(const struct git *git, const char *commit)
{
    return cache_place(git->arena, git->options, "commits",
                       (const char *const[]){git->url->clone, commit, submodules_mark(git), NULL});
}

/* The pin of the ref and the cached checkout of its commit; NULL where either is missing. */
static char *pinned_tree(const struct git *git, struct pin *pin)
{
    struct text text = {.limit = 4 * OBJECT_ID};
    char *place = pin_place(git);
    bool known = place && file_read(place, &text) && read_pin(text_content(&text), pin);
    text_free(&text);
    char *tree = known ? tree_place(git, pin->commit) : NULL;
    return tree && access(tree, F_OK) == 0 ? tree : NULL;
}

static void write_pin(const struct git *git, const struct pin *pin)
{
    const char *place = pin_place(git), *text = arena_format(git->arena, "%s %s\n", pin->object, pin->commit);
    if (place)
        cache_write(place, text, strlen(text));
}

/* The object that a server's list gives for a ref, by the order in which git fetch looks for it (gitrevisions). */
static bool find_ref(const struct git *git, const char *list, const char *object)
{
    static const char *const forms[] = {
        "%s", "refs/%s", "refs/tags/%s", "refs/heads/%s", "refs/remotes/%s", "refs/remotes/%s/HEAD"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *end = strstr(forms[i], "%s");
        const char *name =
            arena_format(git->arena, "\t%.*s%s%s\n", (int)(end - forms[i]), forms[i], ref_of(git), end + 2);
        const char *found = strstr(list, name);
        size_t size = strlen(object);
        if (found)
            return (size_t)(found - list) >= size && memcmp(found - size, object, size) == 0;
    }
    return false;
}

/* Asks the server whether a ref still points to what it did. */
static bool is_current(const struct git *git, const struct pin *pin)
{
    struct text list = {0};
    struct error ignored = {0}; /* fetching tells what is wrong */
    bool current = GIT(git, "/", &list, &ignored, "ls-remote", "--", git->url->clone, ref_of(git)) &&
                   find_ref(git, text_content(&list), pin->object);
    error_free(&ignored);
    text_free(&list);
    return current;
}

/* Brings the ref's commit into an empty directory. */
static bool fetch_pin(const struct git *git, const char *directory, struct pin *pin, struct error *error)
{
    struct text ids = {0};
    bool good = GIT(git, directory, NULL, error, "init", "-q", "--template=") &&
                GIT(git, directory, NULL, error, "remote", "add", "--", "origin", git->url->clone) &&
                GIT(git, directory, NULL, error, "fetch", "-q", "--depth=1", "--", git->url->clone, ref_of(git)) &&
                GIT(git, directory, &ids, error, "rev-parse", "FETCH_HEAD", "FETCH_HEAD^{commit}");
    if (good && !read_pin(text_content(&ids), pin))
        good = error_set(error, "git rev-parse printed no object ids");
    text_free(&ids);
    return good;
}

static bool check_out(const struct git *git, const char *directory, struct error *error)
{
    return GIT(git, directory, NULL, error, "checkout", "-q", "FETCH_HEAD", "--") &&
           (!git->url->submodules || git_submodules(git, directory, error));
}

/* A finished checkout goes to its place in the cache, where it needs no objects. */
static const char *keep_tree(const struct git *git, const char *directory, const char *tree, struct error *error)
{
    directory_remove(arena_format(git->arena, "%s/.git", directory));
    return cache_keep(directory, tree, error) ? tree : NULL;
}

static bool fetch_anew(const struct git *git, struct checkout *out, struct error *error)
{
    struct pin pin;
    char *directory = cache_workplace(git->arena, git->options, error);
    if (!directory)
        return false;
    bool good = fetch_pin(git, directory, &pin, error);
    const char *tree = good ? tree_place(git, pin.commit) : NULL;
    bool there = tree && access(tree, F_OK) == 0;
    good = good && (there || check_out(git, directory, error));
    *out = (struct checkout){directory, true};
    if (good && tree && !there)
        good = keep_tree(git, directory, tree, error) != NULL;
    if (!good || there)
        directory_remove(directory);
    if (!good || !tree)
        return good;
    write_pin(git, &pin);
    *out = (struct checkout){tree, false};
    return true;
}

static bool check_ref(const struct git *git, struct error *error)
{
    if (*git->url->ref == '-')
        return error_set(error, "the ref '%s' of '%s' begins with a dash: no ref does", git->url->ref,
                         url_without_secrets(git->arena, git->url->clone));
    return true;
}

bool git_checkout(struct arena *arena, const struct remote_options *options, const struct repository_url *url,
                  struct checkout *out, struct error *error)
{
    struct git git = {arena, options, url};
    struct pin pin;
    if (!check_ref(&git, error))
        return false;
    const char *tree = pinned_tree(&git, &pin);
    *out = (struct checkout){tree, false};
    if (tree && (options->offline || is_object_id(url->ref) || is_current(&git, &pin)))
        return true;
    if (options->offline)
        return error_set(error, "'%s'%s%s is not in the cache, and --offline forbids fetching it",
                         url_without_secrets(arena, url->clone), *url->ref ? " at " : "", url->ref);
    return fetch_anew(&git, out, error);
}

bool git_is_cached(struct arena *arena, const struct remote_options *options, const struct repository_url *url)
{
    struct git git = {arena, options, url};
    struct pin pin;
    return pinned_tree(&git, &pin) != NULL;
}
