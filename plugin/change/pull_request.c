/* pull_request.c: runs gh or glab. */
#include "plugin/change/pull_request.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"
#include "plugin/change/remote_text.h"
#include "json/json.h"

enum { MOST_WORDS = 24, SECONDS = 60 };

/* How a program is asked. In its words, BASE, BRANCH, TITLE, BODY, REPOSITORY and URL (of the open request) stand for
 * what they say. */
static const struct program {
    const char *server, *name, *token, *url_field;
    const char *list[MOST_WORDS], *update[MOST_WORDS], *create[MOST_WORDS];
} programs[] = {
    {"github",
     "gh",
     "GH_TOKEN",
     "url",
     {"pr", "list", "--repo", "REPOSITORY", "--head", "BRANCH", "--base", "BASE", "--state", "open", "--json", "url"},
     {"pr", "edit", "URL", "--title", "TITLE", "--body", "BODY"},
     {"pr", "create", "--repo", "REPOSITORY", "--head", "BRANCH", "--base", "BASE", "--title", "TITLE", "--body",
      "BODY"}},
    {"gitlab",
     "glab",
     "GITLAB_TOKEN",
     "web_url",
     {"mr", "list", "--repo", "REPOSITORY", "--source-branch", "BRANCH", "--target-branch", "BASE", "--output", "json"},
     {"mr", "update", "BRANCH", "--repo", "REPOSITORY", "--title", "TITLE", "--description", "BODY"},
     {"mr", "create", "--repo", "REPOSITORY", "--source-branch", "BRANCH", "--target-branch", "BASE", "--title",
      "TITLE", "--description", "BODY", "--yes"}},
};

static bool is_installed(struct arena *arena, const char *name)
{
    const char *at = getenv("PATH");
    for (size_t size; at && *at; at += size + (at[size] == ':')) {
        size = strcspn(at, ":");
        if (access(arena_format(arena, "%.*s/%s", (int)size, at, name), X_OK) == 0)
            return true;
    }
    return false;
}

static const struct program *program_for(struct user_git *git, const char *remote)
{
    const char *server = server_kind(git, remote);
    for (size_t i = 0; server && i < sizeof programs / sizeof *programs; i++)
        if (strcmp(programs[i].server, server) == 0 && is_installed(git->history->arena, programs[i].name))
            return &programs[i];
    return NULL;
}

const char *pull_request_program(struct user_git *git, const char *remote)
{
    const struct program *program = program_for(git, remote);
    return program ? program->name : NULL;
}

struct asking {
    struct user_git *git;
    const struct program *program;
    const struct pull_request *request;
    const char *url; /* of the open request; NULL: there is none */
    struct error *error;
};

static const char *fill_word(const struct asking *asking, const char *word)
{
    const struct pull_request *request = asking->request;
    const struct {
        const char *word, *value;
    } values[] = {{"BASE", request->base},   {"BRANCH", request->branch},
                  {"TITLE", request->title}, {"BODY", request->body},
                  {"URL", asking->url},      {"REPOSITORY", remote_address(asking->git, request->remote)}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strcmp(word, values[i].word) == 0)
            return values[i].value;
    return word;
}

/* The program finds the token in its own variable; what is there already is the user's choice. */
static const char *const *environment_of(const struct asking *asking)
{
    struct arena *arena = asking->git->history->arena;
    const char *variable = asking->git->token_variable, *token = variable ? getenv(variable) : NULL;
    const char *own = asking->program->token;
    const char *changes[] = {"GH_PROMPT_DISABLED=1", "NO_COLOR=1", "GIT_DIR", "GIT_INDEX_FILE", NULL, NULL};
    if (token && !getenv(own))
        changes[4] = arena_format(arena, "%s=%s", own, token);
    return process_environment(arena, changes);
}

/* What it prints, in the arena; NULL with an error. */
static const char *ask_program(const struct asking *asking, const char *const *words)
{
    const char *all[MOST_WORDS + 2] = {asking->program->name};
    struct process process = {.arguments = all, .environment = environment_of(asking), .seconds = SECONDS};
    struct process_end end;
    struct text said = {0};
    for (size_t i = 0; i < MOST_WORDS && words[i]; i++)
        all[1 + i] = fill_word(asking, words[i]);
    if (!process_run(&process, &end, asking->error))
        return NULL;
    const char *out = arena_copy(asking->git->history->arena, text_content(&end.out), end.out.size);
    history_said(&said, end.timed_out ? "no answer" : text_content(&end.err));
    if (end.status != 0)
        error_set(asking->error, "%s %s %s: %s", asking->program->name, words[0], words[1],
                  said.size ? said.bytes : "failed");
    bool good = end.status == 0;
    text_free(&said);
    process_end_free(&end);
    return good ? out : NULL;
}

/* The URL of the first of a list of requests. */
static const char *first_url(const struct asking *asking, const char *list)
{
    struct tree tree = {
        .arena = asking->git->history->arena, .keys = intern_new(asking->git->history->arena), .owner = 1};
    struct error ignored = {0};
    const struct node *node = json_parse(&tree, "a list of requests", list, strlen(list), &ignored);
    const char *url = node && node->kind == NODE_LIST && node->count
                          ? node_text(node_find(node->items[0], asking->program->url_field))
                          : NULL;
    error_free(&ignored);
    return url;
}

/* The last word that is a URL. */
static const char *printed_url(struct arena *arena, const char *out)
{
    const char *found = "";
    for (const char *at = out; (at = strstr(at, "https://")) != NULL; at++)
        found = at;
    return arena_copy(arena, found, strcspn(found, " \t\r\n"));
}

const char *pull_request_make(struct user_git *git, const struct pull_request *request, struct error *error)
{
    struct asking asking = {
        .git = git, .program = program_for(git, request->remote), .request = request, .error = error};
    const char *list = ask_program(&asking, asking.program->list);
    if (!list)
        return NULL;
    asking.url = first_url(&asking, list);
    if (asking.url)
        return ask_program(&asking, asking.program->update) ? asking.url : NULL;
    const char *out = ask_program(&asking, asking.program->create);
    return out ? printed_url(git->history->arena, out) : NULL;
}
