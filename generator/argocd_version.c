/* argocd_version.c: reads which Argo CD the policy is for, so that what it would leave out of a resource is refused. */
#include <ctype.h>
#include <stdlib.h>

#include "generator/policy.h"

enum { LARGEST_PART = ARGOCD_MAJOR - 1, LONGEST_PART = 4 };

/* A number and what ends it; -1: there is none, or it is too large. */
static int read_part(const char **text, char end)
{
    char *after;
    if (!isdigit((unsigned char)**text))
        return -1;
    long part = strtol(*text, &after, 10);
    bool ends = *after == end || !*after;
    if (after - *text > LONGEST_PART || part > LARGEST_PART || !ends)
        return -1;
    *text = *after ? after + 1 : after;
    return (int)part;
}

static unsigned version_of(const char *text)
{
    text += *text == 'v';
    int major = read_part(&text, '.'), minor = *text ? read_part(&text, '.') : -1;
    bool good = major >= 0 && minor >= 0 && (!*text || read_part(&text, '\0') >= 0);
    return good ? (unsigned)(major * ARGOCD_MAJOR + minor) : 0;
}

bool read_argocd_version(struct policy *policy, struct error *error)
{
    const char *text = policy->spec.argocd_version;
    if (!text)
        return true;
    origin at = field_origin(policy->spec.node, "argocdVersion");
    policy->argocd_version = version_of(text);
    if (!policy->argocd_version)
        return error_at(error, at, "argocdVersion: '%s' is no version of Argo CD; write \"3.3\" or v3.3.2", text);
    return policy->argocd_version >= FIRST_ARGOCD ||
           error_at(error, at,
                    "argocdVersion: Argo CD %u.%u does not tell a plugin which project it renders for, so that no root "
                    "could be told from a tenant's Application: 3.0 is the first that does",
                    policy->argocd_version / ARGOCD_MAJOR, policy->argocd_version % ARGOCD_MAJOR);
}
