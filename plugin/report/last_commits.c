/* last_commits.c: reads the history once, from the newest commit on, until each target has met a commit of its own. */
#include "plugin/report/last_commits.h"

#include <string.h>

#include "base/map.h"
#include "base/process.h"

enum { FIRST_PIECE = 200, GROWTH = 8, MOST_COMMITS = 100000, SECONDS = 60 };

/* One target that waits for a path to be met. */
struct waiter {
    struct board_target *target;
    struct waiter *next;
};

struct commit_search {
    struct arena *arena;
    struct history *history;
    struct map *by_path; /* of waiters */
    size_t waiting;      /* targets */
    bool shallow;        /* the oldest commit of the clone seems to add all that is older */
};

static void wait_for(struct commit_search *search, struct board_target *target, const char *path)
{
    struct waiter **slot = (struct waiter **)map_slot(search->by_path, path, strlen(path));
    struct waiter *waiter = ARENA_NEW(search->arena, struct waiter);
    *waiter = (struct waiter){target, *slot};
    *slot = waiter;
}

static void wait_for_targets(struct commit_search *search, struct board *board, const struct render_set *set)
{
    for (size_t i = 0; i < board->target_count; i++) {
        struct board_target *target = &board->targets[i];
        struct name_list read = {0};
        if (!target->row.target->path)
            continue;
        search->waiting++;
        wait_for(search, target, target->row.target->path);
        if (!render_set_references(set, target->row.target->path, &read))
            continue;
        for (size_t k = 0; k < read.count; k++)
            wait_for(search, target, read.names[k]);
    }
}

static void give_commit(struct commit_search *search, const char *path, size_t size, const struct last_commit *commit)
{
    struct waiter **slot = (struct waiter **)map_find(search->by_path, path, size);
    for (struct waiter *waiter = slot ? *slot : NULL; waiter; waiter = waiter->next)
        if (!waiter->target->last) {
            waiter->target->last = commit;
            search->waiting--;
        }
    if (slot)
        *slot = NULL;
}

/* The path itself, and each directory above it. */
static void meet_path(struct commit_search *search, const char *path, const struct last_commit *commit)
{
    for (size_t size = strlen(path); size; size--)
        if (!path[size] || path[size] == '/')
            give_commit(search, path, size, commit);
}

/* The next text of a list whose texts end with NUL; NULL: it has ended. */
static const char *next_text(const char **at, const char *end)
{
    const char *text = *at;
    if (text >= end)
        return NULL;
    *at += strlen(text) + 1;
    return text;
}

/* As FORMAT writes it: a mark, the facts, and, where files were changed, a line's end and their paths. */
#define FORMAT "%x01%h%x00%cs%x00%an%x00%s%x00%P"

static bool read_commit(struct commit_search *search, const char **at, const char *end)
{
    struct last_commit *commit = ARENA_NEW(search->arena, struct last_commit);
    const char *id = next_text(at, end), *date = next_text(at, end), *author = next_text(at, end),
               *subject = next_text(at, end), *parents = next_text(at, end);
    if (!parents || *id != '\1')
        return false;
    *commit = (struct last_commit){arena_string(search->arena, id + 1), arena_string(search->arena, date),
                                   arena_string(search->arena, author), arena_string(search->arena, subject),
                                   search->shallow && !*parents};
    while (*at < end && **at != '\1') {
        const char *path = next_text(at, end);
        meet_path(search, path + (*path == '\n'), commit);
    }
    return true;
}

/* How many commits were read. */
static size_t read_piece(struct commit_search *search, size_t skip, size_t most)
{
    struct arena *arena = search->arena;
    const char *const words[] = {"log",
                                 "--date-order", /* no commit before what follows it, whatever clocks said */
                                 "-z",
                                 "--name-only",
                                 "--no-renames",
                                 "--no-relative",
                                 "--no-show-signature",
                                 "--no-color",
                                 "--format=" FORMAT,
                                 arena_format(arena, "--skip=%zu", skip),
                                 arena_format(arena, "--max-count=%zu", most),
                                 "HEAD",
                                 NULL};
    const struct git_call call = {.words = words,
                                  .environment =
                                      process_environment(arena, (const char *const[]){"GIT_NO_LAZY_FETCH=1", NULL}),
                                  .seconds = SECONDS};
    struct text out = {0};
    struct error ignored = {0};
    size_t count = 0;
    if (history_call(search->history, &call, &out, NULL, &ignored) == 0) {
        const char *at = text_content(&out), *end = at + out.size;
        while (search->waiting && read_commit(search, &at, end))
            count++;
    }
    error_free(&ignored);
    text_free(&out);
    return count;
}

static bool is_shallow(struct history *history)
{
    static const char *const words[] = {"rev-parse", "--is-shallow-repository", NULL};
    return history_says_true(history, words);
}

/* In pieces that grow, because most targets are met soon. */
void last_commits_find(struct board *board, const struct render_set *set, struct history *history)
{
    struct commit_search search = {board->arena, history, map_new(board->arena), 0, is_shallow(history)};
    wait_for_targets(&search, board, set);
    size_t skip = 0;
    for (size_t most = FIRST_PIECE; search.waiting && skip < MOST_COMMITS; most *= GROWTH) {
        size_t count = read_piece(&search, skip, most);
        skip += count;
        if (count < most)
            return;
    }
}
