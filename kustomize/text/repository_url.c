/* repository_url.c: takes the URLs of remote bases apart.
 *
 * Source: api/internal/git/repospec.go; Go's net/url ParseQuery, time ParseDuration, strconv ParseBool and Atoi */
#include "kustomize/text/repository_url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/go_values.h"
#include "base/path.h"
#include "base/text.h"

enum { DEFAULT_SECONDS = 27, MOST_SECONDS = 24 * 60 * 60, DEFAULT_SEGMENTS = 2 };

/* Whether the text begins with a prefix in lower case, whatever its own case; then it is taken off. */
static bool take_prefix(const char **text, const char *prefix)
{
    size_t size = strlen(prefix);
    if (strncasecmp(*text, prefix, size) != 0)
        return false;
    *text += size;
    return true;
}

/* Queries. */

/* NULL: a percent sign without two hexadecimal digits. */
static char *unescape_part(struct arena *arena, const char *text, size_t size)
{
    char *out = arena_copy(arena, text, size);
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        char c = text[i] == '+' ? ' ' : text[i];
        if (c == '%') {
            if (i + 2 >= size || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0)
                return NULL;
            c = (char)(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        }
        out[length++] = c;
    }
    out[length] = '\0';
    return out;
}

struct query {
    const char *ref, *version, *timeout, *submodules; /* "" where absent; the first of several */
};

static void keep_first(const char **slot, const char *value)
{
    if (!*slot)
        *slot = value;
}

static bool read_pair(struct arena *arena, const char *pair, size_t size, struct query *query)
{
    const char *equals = memchr(pair, '=', size);
    size_t key_size = equals ? (size_t)(equals - pair) : size;
    if (memchr(pair, ';', size))
        return false;
    const char *key = unescape_part(arena, pair, key_size);
    const char *value = equals ? unescape_part(arena, equals + 1, size - key_size - 1) : "";
    if (!key || !value)
        return false;
    const struct {
        const char *name;
        const char **slot;
    } known[] = {{"ref", &query->ref},
                 {"version", &query->version},
                 {"timeout", &query->timeout},
                 {"submodules", &query->submodules}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(key, known[i].name) == 0)
            keep_first(known[i].slot, value);
    return true;
}

static bool read_query(struct arena *arena, const char *text, struct query *query)
{
    while (*text) {
        size_t size = strcspn(text, "&");
        if (size && !read_pair(arena, text, size, query))
            return false;
        text += size + (text[size] == '&');
    }
    return true;
}

/* A number of seconds, or a duration; rounded up. What is none, or not positive, counts for nothing. */
static unsigned time_limit(const char *text)
{
    const int64_t second = 1000000000;
    int64_t seconds = 0, nanoseconds;
    if (text && !go_read_integer(text, &seconds) && go_read_duration(text, &nanoseconds) && nanoseconds > 0)
        seconds = (nanoseconds - 1) / second + 1;
    if (seconds <= 0)
        return DEFAULT_SECONDS;
    return seconds > MOST_SECONDS ? MOST_SECONDS : (unsigned)seconds;
}

static bool wants_submodules(const char *text)
{
    static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False"};
    for (size_t i = 0; text && i < sizeof no / sizeof *no; i++)
        if (strcmp(text, no[i]) == 0)
            return false;
    return true;
}

static void set_query(struct arena *arena, const char *text, struct repository_url *out)
{
    struct query query = {0};
    if (!read_query(arena, text, &query))
        query = (struct query){0};
    out->ref = query.ref && *query.ref ? query.ref : query.version ? query.version : "";
    out->seconds = time_limit(query.timeout);
    out->submodules = wants_submodules(query.submodules);
}

/* The host. */

struct authority {
    const char *scheme; /* "https://"; "" for user@host:path */
    const char *user;   /* with its @; "" */
    const char *host;   /* with the separator behind it */
    const char *rest;   /* behind the separator */
};

static const char *take_scheme(const char **text)
{
    static const char *const schemes[] = {"ssh://", "https://", "http://", "file://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (take_prefix(text, schemes[i]))
            return schemes[i];
    return "";
}

static const char *take_user(struct arena *arena, const char **text)
{
    const char *at = *text;
    if (!isalpha((unsigned char)*at))
        return "";
    while (isalnum((unsigned char)*at) || *at == '-')
        at++;
    if (*at != '@')
        return "";
    const char *user = arena_copy(arena, *text, (size_t)(at - *text) + 1);
    *text = at + 1;
    return user;
}

/* The end of the host; NULL: none. A colon ends it where no scheme says otherwise. */
static const char *host_end(const char *text, bool colon_ends)
{
    const char *slash = strchr(text, '/'), *colon = colon_ends ? strchr(text, ':') : NULL;
    if (colon_ends && (!slash || (colon && colon > text && colon < slash)))
        return colon;
    return slash;
}

static bool read_authority(struct arena *arena, const char *text, struct authority *out)
{
    out->scheme = take_scheme(&text);
    out->user = take_user(arena, &text);
    const char *rest = text;
    bool github = take_prefix(&rest, "github.com/") || take_prefix(&rest, "github.com:");
    bool scp = !*out->scheme && (*out->user || github);
    if (!*out->scheme && !scp)
        return false;
    if (strcmp(out->scheme, "file://") == 0) { /* all of it is a path */
        out->host = "";
        out->rest = arena_format(arena, "%s%s", out->user, text);
        out->user = "";
        return true;
    }
    const char *end = host_end(text, scp);
    if (!end)
        return false;
    out->host = arena_copy(arena, text, (size_t)(end - text) + 1);
    out->rest = end + 1;
    if (github && (strcmp(out->scheme, "ssh://") == 0 || *out->user)) {
        out->scheme = "";
        out->host = "github.com:";
    } else if (github) {
        out->scheme = "https://";
        out->host = "github.com/";
    }
    return true;
}

/* The repository and the directory in it. */

struct split {
    size_t repository; /* size of the repository's path */
    const char *directory;
};

static bool split_at_mark(const char *path, struct split *out)
{
    static const char above_repository[] = "_git/", suffix[] = ".git";
    const char *mark = strstr(path, above_repository);
    if (mark) {
        const char *name = mark + sizeof above_repository - 1, *end = name + strcspn(name, "/");
        *out = (struct split){(size_t)(end - path), *end ? end + 1 : end};
        return true;
    }
    mark = strstr(path, "//");
    if (mark) {
        *out = (struct split){(size_t)(mark - path), mark + 2};
        return true;
    }
    mark = strstr(path, suffix);
    if (mark)
        *out = (struct split){(size_t)(mark - path) + sizeof suffix - 1, mark + sizeof suffix - 1};
    return mark != NULL;
}

static bool split_at_length(const char *path, bool whole, struct split *out)
{
    const char *end = path;
    *out = (struct split){strlen(path), ""};
    if (whole)
        return true;
    for (int i = 0; i < DEFAULT_SEGMENTS; i++) {
        if (i && *end != '/')
            return false;
        end += i;
        end += strcspn(end, "/");
    }
    *out = (struct split){(size_t)(end - path), *end ? end + 1 : end};
    return true;
}

static bool leaves_repository(struct arena *arena, const char *directory)
{
    const char *cleaned = path_clean(arena, directory);
    return strncmp(cleaned, "..", 2) == 0 && (!cleaned[2] || cleaned[2] == '/');
}

bool repository_url_parse(struct arena *arena, const char *text, struct repository_url *out)
{
    struct authority authority;
    struct split split;
    if (path_is_absolute(text))
        return false;
    size_t size = strcspn(text, "?");
    *out = (struct repository_url){.raw = text};
    const char *location = arena_copy(arena, text, size);
    out->forced_git = take_prefix(&location, "git::");
    if (!read_authority(arena, location, &authority))
        return false;
    if (!split_at_mark(authority.rest, &split) &&
        !split_at_length(authority.rest, strcmp(authority.scheme, "file://") == 0, &split))
        return false;
    split.directory += *split.directory == '/';
    if (!split.repository || leaves_repository(arena, split.directory))
        return false;
    set_query(arena, text[size] ? text + size + 1 : "", out);
    out->directory = split.directory;
    out->clone = arena_format(arena, "%s%s%s%.*s", authority.scheme, authority.user, authority.host,
                              (int)split.repository, authority.rest);
    return true;
}
