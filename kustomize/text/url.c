/* url.c: the host of a URL, and a text without the secrets of the URLs in it. */
#include "kustomize/text/url.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

bool url_is_file(const char *path)
{
    return strncasecmp(path, "http:", 5) == 0 || strncasecmp(path, "https:", 6) == 0;
}

/* Where the authority of a URL begins: behind ://, else at the start. */
static const char *authority_of(const char *url)
{
    const char *mark = strstr(url, "://");
    return mark ? mark + 3 : url;
}

char *url_host(struct arena *arena, const char *url)
{
    const char *start = authority_of(url);
    bool has_scheme = start != url;
    size_t size = strcspn(start, "/?#");
    for (size_t i = size; i-- > 0;)
        if (start[i] == '@') {
            start += i + 1;
            size -= i + 1;
            break;
        }
    const char *bracket = *start == '[' ? memchr(start, ']', size) : NULL;
    size_t end = bracket ? (size_t)(bracket - start) + 1 : 0;
    const char *colon = memchr(start + end, ':', size - end);
    if (!has_scheme && !colon) /* git takes it for a path */
        return NULL;
    size = colon ? (size_t)(colon - start) : size;
    char *host = arena_copy(arena, start, size);
    for (size_t i = 0; i < size; i++)
        host[i] = (char)tolower((unsigned char)host[i]);
    return size ? host : NULL;
}

/* Source: api/internal/git/repospec.go parseQuery */
static bool is_known_query(const char *name, size_t size)
{
    static const char *const known[] = {"ref", "version", "timeout", "submodules"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i]) == size && strncmp(known[i], name, size) == 0)
            return true;
    return false;
}

/* Characters that end a URL within a message. */
static const char url_ends[] = " \t\n\r'\"`<>()";

/* Copies one query of a URL, its value hidden unless it is known. Returns the query's size. */
static size_t copy_query(struct text *out, const char *query)
{
    size_t size = 0, name = 0;
    while (query[size] && query[size] != '&' && !strchr(url_ends, query[size]))
        size++;
    while (name < size && query[name] != '=')
        name++;
    bool shown = name == size || is_known_query(query, name);
    text_bytes(out, query, shown ? size : name);
    if (!shown)
        text_string(out, "=***");
    return size;
}

/* The user part of an authority, up to its last @. For ssh it is a name; elsewhere it may be a token. */
static size_t copy_user(struct text *out, const char *authority)
{
    size_t size = 0, at = 0;
    for (; authority[size] && authority[size] != '/' && authority[size] != '?' && !strchr(url_ends, authority[size]);
         size++)
        if (authority[size] == '@')
            at = size;
    if (!at)
        return 0;
    if (string_ends(text_content(out), "ssh://") && !memchr(authority, ':', at))
        text_bytes(out, authority, at + 1);
    else
        text_string(out, "***@");
    return at + 1;
}

char *url_without_secrets(struct arena *arena, const char *text)
{
    struct text out = {0};
    bool in_url = false, in_query = false;
    while (*text) {
        if (strncmp(text, "://", 3) == 0) {
            text_bytes(&out, text, 3);
            text += 3;
            text += copy_user(&out, text);
            in_url = true;
            in_query = false;
            continue;
        }
        in_url = in_url && !strchr(url_ends, *text);
        bool separator = in_url && (*text == '?' || (in_query && *text == '&'));
        text_byte(&out, *text++);
        in_query = in_url && (in_query || separator);
        if (separator)
            text += copy_query(&out, text);
    }
    char *copy = arena_string(arena, text_content(&out));
    text_free(&out);
    return copy;
}
