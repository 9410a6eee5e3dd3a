/* check_application.c: Applications that go, break, shrink, or are synchronized otherwise. */
#include <string.h>

#include "diff/judge.h"
#include "diff/mask.h"

/* Kinds whose deletion deletes more than is written. */
static const char *const precious_kinds[] = {
    "PersistentVolumeClaim", "PersistentVolume", "StatefulSet", "Namespace", "CustomResourceDefinition", NULL};

static bool is_precious(const struct node *resource)
{
    const char *kind = node_text(node_get(resource, &key_kind));
    return is_listed(kind, precious_kinds) ||
           (text_is(kind, "Service") && node_equals(AT(resource, "spec", "type"), "LoadBalancer"));
}

static void add_precious(const struct application *application, struct text *out)
{
    for (size_t i = 0, count = 0; i < application->base.count; i++) {
        const struct node *resource = application->base.items[i];
        if (!is_precious(resource))
            continue;
        const char *name = node_text(node_get(node_get(resource, &key_metadata), &key_name));
        text_format(out, "%s%s %s", count++ ? ", " : ", among them ", node_text(node_get(resource, &key_kind)),
                    name ? name : "");
    }
}

static void check_removal(struct judge *judge)
{
    const struct application *application = judge->application;
    struct text precious = {0};
    add_precious(application, &precious);
    if (application->renamed_to && strcmp(application->deletion, "keep") == 0)
        risk_add_as(judge, RISK_APP_RENAMED, RISK_WARNING, NULL,
                    "is renamed to %s: its %zu resources stay, nobody manages them, and they are created once more",
                    application->renamed_to, application->base.count);
    else if (application->renamed_to)
        risk_add(judge, RISK_APP_RENAMED, NULL, "is renamed to %s: its %zu resources are deleted and created again%s%s",
                 application->renamed_to, application->base.count,
                 strcmp(application->deletion, "confirm") == 0 ? ", once that is confirmed" : "",
                 text_content(&precious));
    else if (strcmp(application->deletion, "keep") == 0)
        risk_add_as(judge, RISK_APP_REMOVED, RISK_WARNING, NULL,
                    "is removed; its %zu resources stay, and nobody manages them", application->base.count);
    else if (strcmp(application->deletion, "confirm") == 0)
        risk_add(judge, RISK_APP_REMOVED, NULL,
                 "is removed with %zu resources%s, once that is confirmed; its root waits until then",
                 application->base.count, text_content(&precious));
    else
        risk_add(judge, RISK_APP_REMOVED, NULL, "is removed: %zu resources are deleted%s", application->base.count,
                 text_content(&precious));
    text_free(&precious);
}

static void check_size(struct judge *judge)
{
    size_t before = judge->application->base.count, after = judge->application->head.count;
    if (before && (!after || (before >= 4 && after * 2 < before)))
        risk_add(judge, RISK_APP_SHRUNK, NULL, "has %zu resources, and had %zu", after, before);
}

static void check_fields(struct judge *judge, const struct resource_change *change)
{
    const char *name = judge->application ? "" : arena_format(judge->report->arena, "%s: ", change->id.name);
    for (size_t i = 0; i < change->count; i++) {
        const struct field_change *field = &change->fields[i];
        if (path_begins(field->path, "spec.destination"))
            risk_add(judge, RISK_APP_DESTINATION, field, "%s%s changes: what is in the old place stays behind", name,
                     field->path);
        else if (path_begins(field->path, "spec.syncPolicy") || strstr(field->path, "sync-options") ||
                 strstr(field->path, "sync-wave") || path_begins(field->path, "metadata.finalizers"))
            risk_add(judge, RISK_SYNC_WEAKER, field, "%s%s changes", name, field->path);
    }
}

static void check_breakage(struct judge *judge)
{
    struct text message = {0};
    mask_text(judge->application->error, &message);
    if (judge->application->state == APPLICATION_BROKEN)
        risk_add(judge, RISK_APP_BROKEN, NULL, "cannot be rendered: %s", text_content(&message));
    else
        risk_add(judge, RISK_APP_FIXED, NULL, "could not be rendered: %s", text_content(&message));
    text_free(&message);
}

void check_application(struct judge *judge)
{
    const struct application *application = judge->application;
    if (application->state == APPLICATION_REMOVED)
        check_removal(judge);
    else if (application->state == APPLICATION_BROKEN || application->state == APPLICATION_FIXED)
        check_breakage(judge);
    else if (application->state != APPLICATION_ADDED)
        check_size(judge);
    if (application->application)
        check_fields(judge, application->application);
}

/* Of an Application none of whose files has changed: the policy says otherwise. */
void check_other_application(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    if (text_is(change->id.kind, "Application") && change->change == CHANGE_CHANGED)
        check_fields(judge, change);
}
