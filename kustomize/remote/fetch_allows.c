/* fetch_allows.c: decides what may be fetched, by protocol and host. */
#define _GNU_SOURCE
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "kustomize/remote/remote_parts.h"
#include "kustomize/text/url.h"

/* What may stand in the authority of a URL that is compared with a list: no character on which two programs could
 * disagree about where the host ends. */
static const char authority_characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_~%:@[]";

static bool is_local_ipv4(uint32_t address)
{
    return address >> 24 == 127 || address >> 24 == 0 || address >> 16 == 0xa9fe; /* 169.254: link-local, metadata */
}

static bool is_local_ipv6(const struct in6_addr *address)
{
    uint32_t last;
    memcpy(&last, address->s6_addr + 12, sizeof last);
    if (IN6_IS_ADDR_V4MAPPED(address) || IN6_IS_ADDR_V4COMPAT(address))
        return is_local_ipv4(ntohl(last));
    return IN6_IS_ADDR_LOOPBACK(address) || IN6_IS_ADDR_UNSPECIFIED(address) || IN6_IS_ADDR_LINKLOCAL(address);
}

bool fetch_is_local_address(const void *address)
{
    const struct sockaddr *given = address;
    if (given->sa_family == AF_INET)
        return is_local_ipv4(ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr));
    return given->sa_family != AF_INET6 || is_local_ipv6(&((const struct sockaddr_in6 *)address)->sin6_addr);
}

/* A name without an address is none of ours: git or curl will say so. */
static bool is_local_host(const char *host)
{
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    char bare[NI_MAXHOST] = "";
    size_t size = strlen(host);
    bool bracketed = *host == '[' && size > 2, local = false;
    if (size >= sizeof bare)
        return true;
    memcpy(bare, host + bracketed, size - 2 * bracketed);
    int problem = getaddrinfo(bare, NULL, &wanted, &found);
    if (problem == EAI_MEMORY)
        memory_exhausted();
    if (problem)
        return false;
    for (const struct addrinfo *at = found; at; at = at->ai_next)
        local = local || fetch_is_local_address(at->ai_addr);
    freeaddrinfo(found);
    return local;
}

/* "*" matches any host, "*.example.com" those below, anything else itself. */
static bool matches_host(const char *listed, const char *host)
{
    size_t size = strlen(host), end = strlen(listed + (*listed == '*'));
    if (*listed != '*')
        return strcasecmp(listed, host) == 0;
    return size > end && strcasecmp(host + size - end, listed + 1) == 0;
}

static bool is_plain(const char *url)
{
    for (; *url; url++)
        if ((unsigned char)*url < ' ' || *url == 0x7f)
            return false;
    return true;
}

/* Only what git and curl take for the same host as we do: http, https, ssh, or user@host:path. */
static char *listed_host(struct arena *arena, const char *url)
{
    static const char *const schemes[] = {"https://", "http://", "ssh://", "oci://"};
    const char *authority = url;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
            authority = url + strlen(schemes[i]);
    size_t size = strspn(authority, authority_characters), ats = 0;
    for (size_t i = 0; i < size; i++)
        ats += authority[i] == '@';
    if (ats > 1 || !strchr("/?", authority[size]))
        return NULL;
    char *host = url_host(arena, url);
    return host && *host != '-' && !strpbrk(host, "@%_~") ? host : NULL;
}

static bool is_listed(const struct remote_options *options, const char *host, bool *local)
{
    bool by_pattern = false;
    *local = true;
    for (size_t i = 0; i < options->host_count; i++) {
        if (!matches_host(options->hosts[i], host))
            continue;
        if (*options->hosts[i] != '*')
            return true;
        by_pattern = true;
    }
    *local = false;
    return by_pattern;
}

static bool check_list(const struct remote_options *options, struct arena *arena, const char *url, bool *local,
                       struct error *error)
{
    const char *host = listed_host(arena, url), *shown = url_without_secrets(arena, url);
    if (!host)
        return error_set(error, "'%s' is refused: where hosts are listed, only https, http and ssh are allowed", shown);
    if (!is_listed(options, host, local))
        return error_set(error, "'%s' is refused: --allow-host does not list '%s'", shown, host);
    if (!*local && is_local_host(host))
        return error_set(error,
                         "'%s' is refused: '%s' is an address of this machine or its link; only its full name "
                         "after --allow-host would allow that",
                         shown, host);
    return true;
}

bool fetch_allows(const struct remote_options *options, const char *url, bool *local, struct error *error)
{
    struct arena *arena = arena_new();
    bool allowed = true;
    *local = true;
    if (options->access == REMOTE_REFUSED)
        allowed = error_set(error,
                            "'%s' is remote, and nothing remote is fetched here unless --allow-host names its "
                            "host",
                            url_without_secrets(arena, url));
    else if (!is_plain(url) || *url == '-')
        allowed = error_set(error, "'%s' is no URL", url_without_secrets(arena, url));
    else if (options->access == REMOTE_LISTED)
        allowed = check_list(options, arena, url, local, error);
    arena_free(arena);
    return allowed;
}
