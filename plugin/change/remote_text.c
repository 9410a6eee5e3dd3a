/* remote_text.c: makes URLs for people, and reads what `git push --porcelain` prints. */
#include "plugin/change/remote_text.h"

#include <stdlib.h>
#include <string.h>

const char *without_password(struct arena *arena, const char *remote)
{
    const char *host = strstr(remote, "://"), *at = host ? strchr(host, '@') : NULL;
    const char *slash = host ? strchr(host + 3, '/') : NULL;
    if (!at || (slash && slash < at))
        return remote;
    return arena_format(arena, "%.*s%s", (int)(host + 3 - remote), remote, at + 1);
}

bool is_branch_name(struct user_git *git, const char *name)
{
    return *name != '-' &&
           user_git_line(git, GIT_WORDS("check-ref-format", arena_format(git->history->arena, "refs/heads/%s", name)));
}

const char *remote_for_token(struct user_git *git, const char *remote)
{
    const char *url = git->token_variable ? user_git_line(git, GIT_WORDS("remote", "get-url", "--push", remote)) : NULL;
    const char *plain = url && strncmp(url, "http", 4) == 0 ? without_password(git->history->arena, url) : url;
    return url && strcmp(plain, url) != 0 ? plain : remote;
}

bool remote_demand(struct user_git *git, const char *remote, struct error *error)
{
    const char *name = arena_format(git->history->arena, "remote.%s.url", remote);
    if (strpbrk(remote, ":/") || user_git_line(git, GIT_WORDS("config", "--get", name)))
        return true;
    return error_set(error,
                     "the repository has no remote '%s': name another with --remote NAME, or add it: git remote "
                     "add %s URL",
                     remote, remote);
}

/* https://HOST/PATH of any form of URL; NULL: it has no host. */
static const char *web_address(struct arena *arena, const char *url)
{
    url = without_password(arena, url);
    const char *host = strstr(url, "://"), *colon = strchr(url, ':'), *at = strchr(url, '@');
    const char *rest;
    if (host && (strncmp(url, "http", 4) == 0 || strncmp(url, "ssh", 3) == 0))
        rest = host + 3;
    else if (!host && at && colon && at < colon)
        rest = arena_format(arena, "%.*s/%s", (int)(colon - at - 1), at + 1, colon + 1);
    else
        return NULL;
    size_t size = strlen(rest);
    if (size > 4 && strcmp(rest + size - 4, ".git") == 0)
        size -= 4;
    return arena_format(arena, "https://%.*s", (int)size, rest);
}

/* Servers by a part of their host's name. */
static const struct server {
    const char *host, *commit, *compare, *files, *line;
} servers[] = {
    {"github", "%s/commit/%s", "%s/compare/%s...%s?expand=1", "%s/blob/%s/", "#L"},
    {"gitlab", "%s/-/commit/%s", "%s/-/compare/%s...%s", "%s/-/blob/%s/", "#L"},
    {"bitbucket", "%s/commits/%s", "%s/branches/compare/%s..%s", "%s/src/%s/", "#lines-"},
    {"gitea", "%s/commit/%s", "%s/compare/%s...%s", "%s/src/commit/%s/", "#L"},
    {"codeberg", "%s/commit/%s", "%s/compare/%s...%s", "%s/src/commit/%s/", "#L"},
};

/* What tells that a host of another name is one of these. */
static const struct {
    const char *variable, *host;
} told[] = {
    {"GITHUB_SERVER_URL", "github"}, {"GH_HOST", "github"}, {"CI_SERVER_URL", "gitlab"}, {"GITLAB_HOST", "gitlab"}};

static const char *host_of(const char *address)
{
    const char *slashes = strstr(address, "://");
    return slashes ? slashes + 3 : address;
}

static bool is_told(const char *address, size_t size, const char *host)
{
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const char *value = getenv(told[i].variable), *name = value ? host_of(value) : "";
        if (strcmp(told[i].host, host) == 0 && strcspn(name, "/") == size && size && strncmp(name, address, size) == 0)
            return true;
    }
    return false;
}

static const struct server *server_of(const char *address)
{
    const char *host = address ? host_of(address) : "";
    size_t size = strcspn(host, "/");
    for (size_t i = 0; address && i < sizeof servers / sizeof *servers; i++) {
        const char *found = strstr(host, servers[i].host);
        if ((found && found < host + size) || is_told(host, size, servers[i].host))
            return &servers[i];
    }
    return NULL;
}

const char *remote_address(struct user_git *git, const char *remote)
{
    struct arena *arena = git->history->arena;
    const char *name = arena_format(arena, "remote.%s.url", remote);
    const char *used = user_git_line(git, GIT_WORDS("remote", "get-url", remote));
    const char *address = web_address(arena, used ? used : remote);
    if (server_of(address) || !used)
        return address;
    const char *written = user_git_line(git, GIT_WORDS("config", "--get", name));
    const char *other = written ? web_address(arena, written) : NULL;
    return server_of(other) ? other : address;
}

/* The forms of the table have no more than three texts, each %s. */
static const char *fill_form(struct arena *arena, const char *form, const char *const *texts)
{
    struct text out = {0};
    for (; *form; form++) {
        if (strncmp(form, "%s", 2) != 0) {
            text_byte(&out, *form);
            continue;
        }
        text_string(&out, *texts++);
        form++;
    }
    const char *copy = arena_string(arena, text_content(&out));
    text_free(&out);
    return copy;
}

const char *commit_url(struct user_git *git, const char *remote, const char *commit)
{
    const char *address = remote_address(git, remote);
    const struct server *server = server_of(address);
    return server ? fill_form(git->history->arena, server->commit, (const char *const[]){address, commit}) : NULL;
}

void file_url(struct user_git *git, const char *remote, const char *commit, const char **before, const char **between)
{
    const char *address = remote_address(git, remote);
    const struct server *server = server_of(address);
    if (!server)
        return;
    *before = fill_form(git->history->arena, server->files, (const char *const[]){address, commit});
    *between = server->line;
}

const char *compare_url(struct user_git *git, const char *remote, const char *base, const char *branch)
{
    const char *address = remote_address(git, remote);
    const struct server *server = server_of(address);
    return server ? fill_form(git->history->arena, server->compare, (const char *const[]){address, base, branch})
                  : NULL;
}

const char *server_kind(struct user_git *git, const char *remote)
{
    const struct server *server = server_of(remote_address(git, remote));
    return server ? server->host : NULL;
}

/* The line of the reference: FLAG TAB FROM:TO TAB SUMMARY. */
static const char *reference_line(const char *output)
{
    for (const char *line = output; *line; line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n'))
        if (strchr(" +-*!=t", line[0]) && line[1] == '\t')
            return line;
    return "";
}

bool porcelain_has_line(const char *output)
{
    return *reference_line(output);
}

bool porcelain_landed(const char *output)
{
    const char *line = reference_line(output);
    return *line && strchr(" +*=", *line);
}

bool porcelain_refused(const char *output, struct text *words)
{
    const char *line = reference_line(output);
    if (*line != '!')
        return false;
    const char *tab = strchr(line + 2, '\t');
    if (tab)
        text_format(words, "%s%.*s", words->size ? " " : "", (int)strcspn(tab + 1, "\n"), tab + 1);
    return true;
}

const char *git_words(struct arena *arena, const char *said)
{
    const char *end = strstr(said, " error: failed to push some refs");
    return end ? arena_copy(arena, said, (size_t)(end - said)) : said;
}

/* A line that begins another message, not one that goes on. */
static bool begins_message(const char *line)
{
    static const char *const words[] = {"error: ", "fatal: ", "warning: "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(line, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

const char *server_words(struct arena *arena, const char *said)
{
    static const char mark[] = "remote: ";
    struct text out = {0};
    for (const char *at = strstr(said, mark); at; at = strstr(at, mark)) {
        at += sizeof mark - 1;
        const char *next = strstr(at, mark), *end = strstr(at, " To ");
        const char *other = strstr(at, " error: failed to push");
        end = end && (!other || end < other) ? end : other;
        end = next && (!end || next < end) ? next : end ? end : at + strlen(at);
        text_format(&out, "%s%.*s", !out.size ? "" : begins_message(at) ? "; " : " ", (int)(end - at), at);
        while (out.size && out.bytes[out.size - 1] == ' ')
            text_cut(&out, out.size - 1);
    }
    const char *words = out.size ? arena_string(arena, out.bytes) : said;
    text_free(&out);
    return words;
}
