/* remote_push.c: pushes with a lease on what was there, and asks what is true where that did not say that it has
 * landed. */
#define _GNU_SOURCE
#include "plugin/change/remote_push.h"

#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "plugin/change/remote_text.h"

enum {
    MOST_DOUBLINGS = 3,
    PATIENT_ATTEMPTS = 8,
    ATTEMPTS_TO_HALVE = 4,
    MOST_HALVINGS = 5,
    MOST_SECONDS = 8,
    HOOK_STATUS = 1
};

struct pushing {
    struct remote_tips *tips;
    struct arena *arena;
    const struct reference_move *moves;
    size_t count;
    const char *const *options;
    const char **now;   /* what the references are */
    bool answered;      /* the last push was refused by somebody, not lost */
    bool never_started; /* ... by a hook of our own */
    struct text words;  /* of who has refused it */
};

/* Between 0 and 1. */
static double random_fraction(void)
{
    uint32_t number = 0;
    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
        number = (uint32_t)getpid() * 2654435761u;
    return (double)number / UINT32_MAX;
}

void wait_after_race(unsigned attempts, double cycle_seconds)
{
    unsigned doublings = attempts < MOST_DOUBLINGS ? attempts : MOST_DOUBLINGS;
    unsigned halvings = attempts > PATIENT_ATTEMPTS ? (attempts - PATIENT_ATTEMPTS) / ATTEMPTS_TO_HALVE : 0;
    double most = (double)(1u << doublings) * cycle_seconds, longest = MOST_SECONDS;
    most /= (double)(1u << (halvings < MOST_HALVINGS ? halvings : MOST_HALVINGS));
    wait_for(random_fraction() * (most < longest ? most : longest));
}

static const char *const *push_words(const struct pushing *pushing)
{
    size_t count = 0, more = 0;
    while (pushing->options && pushing->options[more])
        more++;
    const char **words = ARENA_ARRAY(pushing->arena, more + 2 * pushing->count + 5, const char *);
    words[count++] = "push";
    words[count++] = "--porcelain";
    if (pushing->count > 1)
        words[count++] = "--atomic";
    for (size_t i = 0; i < pushing->count; i++)
        words[count++] = arena_format(pushing->arena, "--force-with-lease=%s:%s", pushing->moves[i].name,
                                      pushing->moves[i].from ? pushing->moves[i].from : "");
    for (size_t i = 0; i < more; i++)
        words[count++] = pushing->options[i];
    words[count++] = pushing->tips->remote;
    for (size_t i = 0; i < pushing->count; i++)
        words[count++] = arena_format(pushing->arena, "%s:%s", pushing->moves[i].to, pushing->moves[i].name);
    return words;
}

/* Whether the user's own hook may have refused a push. git(1) ends in the same way where the connection breaks over
 * HTTP: then a push is not tried again where there is such a hook, since asking that again and again is worse. */
static bool has_hook(const struct pushing *pushing)
{
    for (size_t i = 0; pushing->options && pushing->options[i]; i++)
        if (strcmp(pushing->options[i], "--no-verify") == 0)
            return false;
    const char *hook = user_git_line(pushing->tips->git,
                                     GIT_WORDS("rev-parse", "--path-format=absolute", "--git-path", "hooks/pre-push"));
    return hook && access(hook, X_OK) == 0;
}

static bool send_tips(struct pushing *pushing)
{
    struct remote_tips *tips = pushing->tips;
    struct text out = {0};
    text_cut(&pushing->words, 0);
    int status = user_git_remote(tips->git, push_words(pushing), &out, &pushing->words, tips->error);
    pushing->answered = status >= 0 && porcelain_refused(text_content(&out), &pushing->words);
    pushing->never_started = status == HOOK_STATUS && !porcelain_has_line(text_content(&out)) && has_hook(pushing);
    bool landed = status == 0 && porcelain_landed(text_content(&out));
    text_free(&out);
    return landed;
}

/* One reference that was there comes with its objects, which spares asking twice. */
static bool ask_once(struct pushing *pushing)
{
    struct remote_tips *tips = pushing->tips;
    struct error *error = tips->error, ignored = {0};
    tips->error = &ignored;
    const char *now = pushing->count == 1 && pushing->moves->from ? remote_fetch(tips, pushing->moves->name) : NULL;
    tips->error = error;
    error_free(&ignored);
    if (!now)
        return remote_ask_all(tips, &pushing->moves->name, 1, pushing->now);
    *pushing->now = now;
    return true;
}

/* What the references are; those that go together are asked for together. */
static bool ask_all(struct pushing *pushing)
{
    if (pushing->count == 1)
        return ask_once(pushing);
    const char **names = ARENA_ARRAY(pushing->arena, pushing->count, const char *);
    for (size_t i = 0; i < pushing->count; i++)
        names[i] = pushing->moves[i].name;
    return remote_ask_all(pushing->tips, names, pushing->count, pushing->now);
}

/* The same, over a network that may fail for a while. */
static bool ask_again(struct pushing *pushing)
{
    struct remote_tips *tips = pushing->tips;
    struct error *error = tips->error;
    for (;;) {
        struct error problem = {0};
        tips->error = &problem;
        bool good = ask_all(pushing);
        tips->error = error;
        bool again = !good && remote_try_again(tips);
        if (!good && !again)
            error_set(error,
                      "unknown: the commit %.7s may have landed, or not (%s); run again, which changes nothing where "
                      "it has",
                      pushing->moves->to, problem.message ? problem.message : "no answer");
        error_free(&problem);
        if (good || !again)
            return good;
    }
}

/* Whether somebody has built on what we have pushed. */
static bool is_below(struct pushing *pushing, const char *name, const char *ours)
{
    struct remote_tips *tips = pushing->tips;
    struct error *error = tips->error, ignored = {0};
    tips->error = &ignored;
    const char *tip = remote_fetch(tips, name);
    tips->error = error;
    error_free(&ignored);
    return tip && user_git_line(tips->git, GIT_WORDS("merge-base", "--is-ancestor", ours, tip));
}

/* Whether it has landed, or a race was lost, or nothing has happened (PUSH_REFUSED). The first that has moved tells for
 * all, because they move together. */
static enum push_outcome judge_push(struct pushing *pushing)
{
    for (size_t i = 0; i < pushing->count; i++) {
        const struct reference_move *move = &pushing->moves[i];
        const char *now = pushing->now[i];
        if (strcmp(now, move->to) == 0)
            return PUSH_LANDED;
        if (strcmp(now, move->from ? move->from : "") != 0)
            return *now && is_below(pushing, move->name, move->to) ? PUSH_LANDED : PUSH_LOST;
    }
    return PUSH_REFUSED;
}

static void explain_refusal(struct pushing *pushing)
{
    const char *name = pushing->moves->name;
    bool is_branch = strncmp(name, "refs/heads/", 11) == 0;
    if (!pushing->answered) {
        error_set(pushing->tips->error, "git push to %s: %s. Nothing was changed", remote_shown(pushing->tips),
                  git_words(pushing->arena, text_content(&pushing->words)));
        return;
    }
    error_set(pushing->tips->error, "%s refused %s: %s. Nothing was changed", remote_shown(pushing->tips),
              pushing->count > 1 ? "the push" : name + (is_branch ? 11 : 0),
              server_words(pushing->arena, text_content(&pushing->words)));
}

static enum push_outcome push_until_known(struct pushing *pushing)
{
    for (;;) {
        if (send_tips(pushing))
            return PUSH_LANDED;
        if (pushing->tips->error->message || !ask_again(pushing))
            return PUSH_FAILED;
        enum push_outcome outcome = judge_push(pushing);
        if (outcome != PUSH_REFUSED)
            return outcome;
        if (!pushing->answered && !pushing->never_started && remote_try_again(pushing->tips))
            continue;
        explain_refusal(pushing);
        return pushing->answered ? PUSH_REFUSED : PUSH_FAILED;
    }
}

enum push_outcome remote_push(struct remote_tips *tips, const struct reference_move *moves, size_t count,
                              const char *const *options)
{
    struct arena *arena = tips->git->history->arena;
    struct pushing pushing = {.tips = tips,
                              .arena = arena,
                              .moves = moves,
                              .count = count,
                              .options = options,
                              .now = ARENA_ARRAY(arena, count, const char *)};
    enum push_outcome outcome = push_until_known(&pushing);
    text_free(&pushing.words);
    return outcome;
}
