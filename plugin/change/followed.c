/* followed.c: finds the branches that targets follow. */
#include "plugin/change/followed.h"

#include <string.h>

/* The real name of a branch; "" is the remote's default one. NULL with an error. */
static const char *real_name(struct followed *followed, const char *branch)
{
    if (*branch)
        return arena_string(followed->arena, branch);
    if (!followed->default_branch)
        followed->default_branch = remote_default_branch(followed->tips);
    return followed->default_branch;
}

/* The place of the branch that an intent is for. `is_new`: that was not known. */
static size_t want_branch(struct followed *followed, const char *name, size_t intent, bool *is_new)
{
    size_t at = 0;
    while (at < followed->count && strcmp(followed->items[at].name, name) != 0)
        at++;
    if (at == followed->count) {
        followed->items = arena_grow(followed->arena, followed->items, at, &followed->room, sizeof *followed->items);
        followed->items[followed->count++] = (struct followed_branch){
            .name = name, .wanted = ARENA_ARRAY(followed->arena, followed->request->count + 1, bool)};
    }
    *is_new = !followed->items[at].wanted[intent];
    followed->items[at].wanted[intent] = true;
    return at;
}

/* Of what the policy of one tree says of the intents. */
static bool take_targets(struct followed *followed, const struct changes *changes)
{
    for (size_t i = 0, next = 0; i < followed->request->count; i++)
        for (; next < changes->ends[i]; next++) {
            const char *name = real_name(followed, change_target_branch(&changes->targets.items[next]));
            if (!name)
                return false;
            bool is_new;
            want_branch(followed, name, i, &is_new);
        }
    return true;
}

/* Whether the policy at HEAD could be read. */
static bool guess_from_head(struct followed *followed, struct user_git *git, bool *good)
{
    struct revision head;
    struct repository repository = {0};
    struct changes changes = {0};
    struct error ignored = {0};
    bool known = history_find(git->history, "HEAD", &head, &ignored) &&
                 history_open_tree(git->history, head.tree, &repository, &ignored) &&
                 changes_open(&changes, followed->arena, &repository, followed->request, &ignored);
    *good = !known || take_targets(followed, &changes);
    changes_close(&changes);
    repository_close(&repository);
    error_free(&ignored);
    return known;
}

bool followed_guess(struct followed *followed, struct user_git *git)
{
    const struct change_request *request = followed->request;
    const char *name = NULL;
    bool good;
    bool here = request->directory || request->shared_file;
    if (!here && guess_from_head(followed, git, &good))
        return good;
    if (here)
        name = user_git_line(git, GIT_WORDS("symbolic-ref", "--quiet", "--short", "HEAD"));
    name = name ? name : real_name(followed, "");
    bool is_new;
    for (size_t i = 0; i < request->count && name; i++)
        want_branch(followed, name, i, &is_new);
    return name;
}

bool followed_take(struct followed *followed, size_t branch, const struct changes *changes, bool *grown)
{
    size_t *intents = ARENA_ARRAY(followed->arena, followed->request->count + 1, size_t), count = 0;
    for (size_t i = 0; i < followed->request->count; i++)
        if (followed->items[branch].wanted[i])
            intents[count++] = i;
    for (size_t i = 0; i < changes->other_count && !followed->request->shared_file; i++) {
        const struct other_target *other = &changes->others[i];
        const char *name = real_name(followed, other->branch);
        bool is_new;
        if (!name)
            return false;
        if (want_branch(followed, name, intents[other->intent], &is_new) <= branch && is_new)
            *grown = true;
    }
    return true;
}

struct change_request followed_request(const struct followed *followed, const struct followed_branch *branch)
{
    struct change_request part = *followed->request;
    struct image_intent *intents = ARENA_ARRAY(followed->arena, part.count + 1, struct image_intent);
    size_t count = 0;
    for (size_t i = 0; i < part.count; i++)
        if (branch->wanted[i])
            intents[count++] = part.intents[i];
    part.intents = intents;
    part.count = count;
    part.branch = part.directory ? NULL : branch->name;
    part.default_branch = followed->default_branch;
    return part;
}
