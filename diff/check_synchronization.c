/* check_synchronization.c: resources that Argo CD is to apply in another way. */
#include <string.h>

#include "diff/judge.h"

/* When, and as what, a resource is applied. */
static const char *const annotations[] = {"argocd\\.argoproj\\.io/sync-wave", "argocd\\.argoproj\\.io/hook",
                                          "argocd\\.argoproj\\.io/hook-delete-policy", NULL};

/* Options that replace or delete what is there, or take less care of it. */
static const char *const options[] = {"Replace=true", "Force=true", "Validate=false", NULL};

static void check_annotation(struct judge *judge, const struct field_change *field)
{
    static const char metadata[] = "metadata.annotations.";
    const struct resource_change *change = judge->resource;
    if (strncmp(field->path, metadata, strlen(metadata)) != 0)
        return;
    for (size_t i = 0; annotations[i]; i++)
        if (text_is(field->path + strlen(metadata), annotations[i]))
            risk_add(judge, RISK_SYNC_WEAKER, field, "%s %s: %s: it is applied at another time", change->id.kind,
                     change->id.name, strchr(field->path, '/') + 1);
}

void check_synchronization(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    if (!change->base || !change->head)
        return;
    for (size_t i = 0; options[i]; i++)
        if (has_sync_option(change->head, options[i]) && !has_sync_option(change->base, options[i]))
            risk_add(judge, RISK_SYNC_WEAKER, NULL, "%s %s: it is applied with %s from now on", change->id.kind,
                     change->id.name, options[i]);
    for (size_t i = 0; i < change->count; i++)
        check_annotation(judge, &change->fields[i]);
}
