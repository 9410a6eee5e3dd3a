/* permit.c: what an AppProject permits, by Argo CD's own rules (pkg/apis/application/v1alpha1/app_project_types.go). */
#include "generator/permit.h"

#include <string.h>

#include "generator/glob.h"

static bool is_denial(const char *pattern)
{
    return *pattern == '!';
}

static bool matches_pattern(const char *pattern, const char *value, char separator)
{
    if (is_denial(pattern))
        return !glob_matches(pattern + 1, value, separator);
    return strcmp(pattern, "*") == 0 || glob_matches(pattern, value, separator);
}

/* How an item of `destinations` compares with a destination. */
struct item_match {
    bool server, name, namespace;                      /* whether each matches */
    bool denies_server, denies_name, denies_namespace; /* whether each begins with "!" */
};

static struct item_match match_item(const struct node *item, const char *server, const char *name,
                                    const char *namespace)
{
    const char *item_server = node_text_or(node_find(item, "server"), "");
    const char *item_name = node_text_or(node_find(item, "name"), "");
    const char *item_namespace = node_text_or(node_find(item, "namespace"), "");
    return (struct item_match){.server = server && matches_pattern(item_server, server, 0),
                               .name = name && matches_pattern(item_name, name, 0),
                               .namespace = matches_pattern(item_namespace, namespace, 0),
                               .denies_server = is_denial(item_server),
                               .denies_name = is_denial(item_name),
                               .denies_namespace = is_denial(item_namespace)};
}

static bool item_permits(const struct item_match *match)
{
    return (match->server || match->name) && match->namespace;
}

static bool item_denies(const struct item_match *match)
{
    if (!match->namespace)
        return match->denies_namespace && match->server;
    return (!match->name && match->denies_name) || (!match->server && match->denies_server);
}

bool project_permits_destination(const struct node *project, const char *server, const char *name,
                                 const char *namespace)
{
    const struct node *list = node_find(node_get(project, &key_spec), "destinations");
    bool permitted = false;
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        struct item_match match = match_item(list->items[i], server, name, namespace);
        if (item_permits(&match))
            permitted = true;
        else if (item_denies(&match))
            return false;
    }
    return permitted;
}

/* A repository's address as Argo CD compares it (util/git NormalizeGitURL): in lower case, without ".git", and the
 * scp-like form as ssh's. Of a pattern, what stands behind its "!". */
static char *comparable_url(struct arena *arena, const char *url)
{
    url += strspn(url, " \t\n\v\f\r");
    size_t size = strlen(url);
    while (size && strchr(" \t\n\v\f\r", url[size - 1]))
        size--;
    char *out = arena_copy(arena, url, size);
    for (char *at = out; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    const char *sign = strchr(out, '@');
    bool plain = sign && sign[1] && !strchr(sign + 1, '@') && strcspn(out, "/:") > (size_t)(sign - out);
    char *colon = strchr(out, ':');
    if (strncmp(out, "ssh://", 6) == 0)
        out += 6;
    else if (plain && colon)
        *colon = '/';
    size = strlen(out);
    if (size >= 4 && strcmp(out + size - 4, ".git") == 0)
        out[size - 4] = '\0';
    return out;
}

/* Argo CD takes the pattern through Go's net/url, which escapes these characters: they are no pattern there. */
static bool url_matches(const char *pattern, const char *url, bool denies)
{
    if (strpbrk(pattern, "{}\\ \"<>^`|"))
        return strcmp(pattern, url) == 0;
    return (!denies && strcmp(pattern, "*") == 0) || glob_matches(pattern, url, '/');
}

bool project_permits_source(const struct node *project, const char *repo_url)
{
    const struct node *list = node_find(node_get(project, &key_spec), "sourceRepos");
    struct arena *arena = arena_new();
    const char *url = comparable_url(arena, repo_url);
    bool permitted = false, denied = false;
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const char *pattern = node_text(list->items[i]);
        if (!pattern)
            continue;
        bool denies = is_denial(pattern), same = url_matches(comparable_url(arena, pattern + denies), url, denies);
        permitted = permitted || same != denies;
        denied = denied || (denies && same);
    }
    arena_free(arena);
    return permitted && !denied;
}

/* Go's filepath.Match, which an empty pattern of a name does not restrict. */
static bool item_matches(const struct node *item, const char *group, const char *kind, const char *name)
{
    const char *wanted = node_text_or(node_find(item, "name"), "");
    return glob_matches(node_text_or(node_find(item, "group"), ""), group, '/') &&
           glob_matches(node_text_or(node_find(item, "kind"), ""), kind, '/') &&
           (!*wanted || glob_matches(wanted, name, '/'));
}

static bool list_has(const struct node *list, const char *group, const char *kind, const char *name)
{
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        if (item_matches(list->items[i], group, kind, name))
            return true;
    return false;
}

bool project_permits_kind(const struct node *project, const char *group, const char *kind, const char *name,
                          bool namespaced)
{
    const struct node *spec = node_get(project, &key_spec);
    const struct node *permitted =
        node_find(spec, namespaced ? "namespaceResourceWhitelist" : "clusterResourceWhitelist");
    const struct node *refused =
        node_find(spec, namespaced ? "namespaceResourceBlacklist" : "clusterResourceBlacklist");
    bool open = namespaced && !node_is_list(permitted);
    return (open || list_has(permitted, group, kind, name)) && !list_has(refused, group, kind, name);
}
