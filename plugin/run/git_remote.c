/* git_remote.c: asks git where a clone came from. */
#include "plugin/run/git_remote.h"

#include <ctype.h>
#include <string.h>

#include "base/process.h"

enum { SECONDS = 10, MOST_OUTPUT = 4096 };

/* The first line of what git prints; NULL where it fails. */
static const char *ask_git(struct arena *arena, const char *directory, const char *const *words)
{
    struct process process = {
        .arguments = words, .directory = directory, .seconds = SECONDS, .output_limit = MOST_OUTPUT};
    struct process_end end;
    struct error error = {0};
    const char *line = NULL;
    if (!process_run(&process, &end, &error)) {
        error_free(&error);
        return NULL;
    }
    if (end.status == 0 && end.out.size > 1)
        line = arena_copy(arena, end.out.bytes, strcspn(end.out.bytes, "\n"));
    process_end_free(&end);
    return line;
}

const char *git_origin(struct arena *arena, const char *directory)
{
    static const char *const words[] = {"git", "remote", "get-url", "origin", NULL};
    return ask_git(arena, directory, words);
}

const char *git_main_branch(struct arena *arena, const char *directory)
{
    static const char *const remote[] = {"git", "rev-parse", "--abbrev-ref", "origin/HEAD", NULL};
    static const char *const local[] = {"git", "symbolic-ref", "--short", "HEAD", NULL};
    const char *branch = ask_git(arena, directory, remote);
    if (branch && strncmp(branch, "origin/", 7) == 0 && branch[7])
        return branch + 7;
    return ask_git(arena, directory, local);
}

const char *url_without_user(struct arena *arena, const char *url)
{
    const char *scheme = strncmp(url, "http", 4) == 0 ? strstr(url, "://") : NULL;
    if (!scheme)
        return url;
    const char *host = scheme + 3, *at = memchr(host, '@', strcspn(host, "/"));
    return at ? arena_format(arena, "%.*s%s", (int)(host - url), url, at + 1) : url;
}

static bool is_name(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr("._-", text[i]))
            return false;
    return size && text[0] != '.';
}

/* What stands behind the host. NULL: the address names none. */
static const char *path_of(const char *url)
{
    const char *scheme = strstr(url, "://");
    if (scheme && strncmp(url, "file:", 5) != 0) {
        const char *slash = strchr(scheme + 3, '/');
        return slash ? slash + 1 : NULL;
    }
    const char *colon = strchr(url, ':'), *slash = strchr(url, '/');
    return colon && !scheme && (!slash || colon < slash) ? colon + 1 : NULL;
}

const char *repository_name(struct arena *arena, const char *url)
{
    const char *path = path_of(url);
    if (!path)
        return NULL;
    size_t size = strlen(path);
    while (size && path[size - 1] == '/')
        size--;
    if (size > 4 && strncmp(path + size - 4, ".git", 4) == 0)
        size -= 4;
    const char *copy = arena_copy(arena, path + (*path == '/'), size - (*path == '/'));
    const char *name = strrchr(copy, '/'), *owner = name;
    while (owner && owner > copy && owner[-1] != '/')
        owner--;
    bool good = name && is_name(owner, (size_t)(name - owner)) && is_name(name + 1, strlen(name + 1));
    return good ? owner : NULL;
}

/* The host alone: without a user, and without a port of ssh. */
static const char *host_of(struct arena *arena, const char *url)
{
    const char *scheme = strstr(url, "://"), *from = scheme ? scheme + strlen("://") : url;
    const char *at = memchr(from, '@', strcspn(from, "/"));
    from = at ? at + 1 : from;
    bool keeps_port = strncmp(url, "http", 4) == 0;
    return arena_copy(arena, from, strcspn(from, keeps_port ? "/" : ":/"));
}

const char *repository_web_address(struct arena *arena, const char *url)
{
    if (!repository_name(arena, url))
        return NULL;
    const char *path = path_of(url), *host = host_of(arena, url);
    path += *path == '/';
    size_t size = strlen(path);
    while (size && path[size - 1] == '/')
        size--;
    if (size > 4 && strncmp(path + size - 4, ".git", 4) == 0)
        size -= 4;
    return arena_format(arena, "%s://%s/%.*s", strncmp(url, "http:", 5) == 0 ? "http" : "https", host, (int)size, path);
}
