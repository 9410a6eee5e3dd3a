/* check_everything.c: what only the whole comparison shows: resources that go from one Application to another. */
#include <string.h>

#include "base/map.h"
#include "diff/judge.h"
#include "source/source.h"

enum { MANY_APPLICATIONS = 10, MANY_RESOURCES = 60 };

/* An object in the cluster that an Application goes to. */
static const char *key_of(const struct report *report, const struct application *application,
                          const struct object_id *id)
{
    const char *namespace = *id->namespace ? id->namespace : application->namespace ? application->namespace : "";
    return arena_format(report->arena, "%s\n%s\n%s\n%s\n%s", application->cluster ? application->cluster : "",
                        id->group, id->kind, namespace, id->name);
}

struct app_owner {
    const struct application *application;
    const struct resource_change *resource;
};

static struct map *collect_removed(const struct report *report)
{
    struct map *removed = map_new(report->arena);
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->applications[i].resources.count; j++) {
            const struct resource_change *change = &report->applications[i].resources.items[j];
            if (change->change != CHANGE_REMOVED)
                continue;
            const char *key = key_of(report, &report->applications[i], &change->id);
            struct app_owner *owner = ARENA_NEW(report->arena, struct app_owner);
            *owner = (struct app_owner){&report->applications[i], change};
            *map_slot(removed, key, strlen(key)) = owner;
        }
    return removed;
}

static void check_moves(struct judge *judge, const struct map *removed)
{
    const struct report *report = judge->report;
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->applications[i].resources.count; j++) {
            const struct resource_change *change = &report->applications[i].resources.items[j];
            const char *key = key_of(report, &report->applications[i], &change->id);
            const struct app_owner *from = change->change == CHANGE_ADDED ? map_get(removed, key, strlen(key)) : NULL;
            if (!from || from->application == &report->applications[i])
                continue;
            judge->application = &report->applications[i];
            judge->resource = change;
            risk_add(judge, RISK_MOVED, NULL, "%s %s comes from %s, which deletes it when it is synchronized later",
                     change->id.kind, change->id.name, from->application->name);
        }
}

static void collect_side(const struct report *report, struct map *owners, size_t index, const struct diff_side *side)
{
    const struct application *application = &report->applications[index];
    struct diff diff = {.arena = report->arena};
    for (size_t i = 0; i < side->count; i++) {
        struct object_id id = object_id_of(&diff, side->items[i]);
        const char *key = key_of(report, application, &id);
        void **slot = map_slot(owners, key, strlen(key));
        if (!*slot)
            *slot = (void *)(uintptr_t)application;
    }
}

/* Of what is new in an Application: whether another one that was rendered has it, too. */
static void check_shared(struct judge *judge)
{
    const struct report *report = judge->report;
    struct map *owners = map_new(report->arena);
    for (size_t i = 0; i < report->count; i++)
        collect_side(report, owners, i, &report->applications[i].head);
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->applications[i].resources.count; j++) {
            const struct resource_change *change = &report->applications[i].resources.items[j];
            const char *key = key_of(report, &report->applications[i], &change->id);
            const struct application *other = map_get(owners, key, strlen(key));
            if (change->change != CHANGE_ADDED || !other || other == &report->applications[i] || !other->app)
                continue;
            judge->application = &report->applications[i];
            judge->resource = change;
            risk_add(judge, RISK_SHARED, NULL, "%s %s is in %s, too", change->id.kind, change->id.name, other->name);
        }
}

static void check_size(struct judge *judge)
{
    const struct report *report = judge->report;
    size_t applications = report->count - count_applications(report, APPLICATION_SAME), resources = 0;
    for (size_t i = 0; i < report->count; i++)
        resources += report->applications[i].resources.count;
    if (applications >= MANY_APPLICATIONS || resources >= MANY_RESOURCES)
        risk_add(judge, RISK_LARGE_CHANGE, NULL, "%zu Applications and %zu resources change", applications, resources);
}

static void check_source_files(struct judge *judge)
{
    const struct name_list *files = judge->report->source_files;
    for (size_t i = 0; files && i < files->count; i++)
        risk_add(judge, RISK_ARGOCD_SOURCE_FILE, NULL,
                 "%s: Argo CD merges this file into the source, and this comparison does not", files->names[i]);
}

static void check_found(struct judge *judge)
{
    for (size_t i = 0; i < judge->report->found_count; i++) {
        const struct found_risk *found = &judge->report->found[i];
        judge->application = found->application;
        risk_add_at(judge, found->rule, found->place, "%s", found->message);
    }
    judge->application = NULL;
}

void check_everything(struct judge *judge)
{
    check_found(judge);
    check_source_files(judge);
    check_size(judge);
    check_moves(judge, collect_removed(judge->report));
    check_shared(judge);
    judge->application = NULL;
    judge->resource = NULL;
}
