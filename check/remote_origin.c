/* remote_origin.c: a policy that names another repository than the one that it lies in. */
#include <ctype.h>
#include <string.h>

#include "check/check.h"
#include "generator/policy.h"

/* host/owner/name of an address, in lower case; NULL: it is a path of this machine. */
static const char *repository_of(struct arena *arena, const char *url)
{
    const char *scheme = strstr(url, "://"), *at = scheme ? scheme + 3 : url;
    const char *host = memchr(at, '@', strcspn(at, "/")) ? strchr(at, '@') + 1 : at;
    size_t length = strcspn(host, ":/"), size;
    if (!length || strncmp(url, "file:", 5) == 0 || (!scheme && host[length] != ':'))
        return NULL;
    const char *path = host + length;
    if (scheme && *path == ':')
        path += strcspn(path, "/"); /* a port */
    path += strspn(path, ":/");
    size = strlen(path);
    while (size && path[size - 1] == '/')
        size--;
    if (size > 4 && strncmp(path + size - 4, ".git", 4) == 0)
        size -= 4;
    char *text = arena_zero(arena, length + size + 2);
    memcpy(text, host, length);
    text[length] = '/';
    memcpy(text + length + 1, path, size);
    for (char *letter = text; *letter; letter++)
        *letter = (char)tolower((unsigned char)*letter);
    return size ? text : NULL;
}

static void check_remote_origin(struct check_input *input)
{
    const struct policy *policy = input->set ? input->set->policy : NULL;
    const char *here = input->clone_url ? repository_of(input->arena, input->clone_url) : NULL;
    const char *said =
        policy && policy->spec.source.repo_url ? repository_of(input->arena, policy->spec.source.repo_url) : NULL;
    if (!here || !said || strcmp(here, said) == 0)
        return;
    static const char *const path[] = {"source", "repoURL", NULL};
    struct span place = span_at(input->root_origins, check_origin(policy->spec.node, path));
    check_report_in(input, NULL, RA120, place, NULL, "Argo CD would read '%s', and this clone is of '%s'",
                    policy->spec.source.repo_url, input->clone_url)
        ->fix = input->clone_url;
}

static const enum rule_id ids[] = {RA120, RULE_COUNT};
const struct check remote_origin_check = {"remote_origin", ids, check_remote_origin};
