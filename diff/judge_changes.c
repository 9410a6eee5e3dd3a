/* judge_changes.c: the table of the checks. */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "diff/judge.h"

static risk_check *const application_checks[] = {check_application, check_references, check_budgets};
static risk_check *const resource_checks[] = {
    check_removed,        check_immutable,  check_storage,         check_workload,
    check_pods,           check_images,     check_traffic,         check_access,
    check_new_references, check_definition, check_synchronization, check_pointers};
static risk_check *const root_checks[] = {check_project, check_other_application};

/* The worst first; of one level by rule, and then as they were found. */
static int compare_risks(const void *left, const void *right)
{
    const struct risk *const *a = left, *const *b = right;
    if ((*a)->level != (*b)->level)
        return (*a)->level > (*b)->level ? -1 : 1;
    if ((*a)->rule != (*b)->rule)
        return (*a)->rule < (*b)->rule ? -1 : 1;
    return *a < *b ? -1 : *a > *b;
}

static void sort_risks(struct report *report)
{
    struct risk **order = ARENA_ARRAY(report->arena, report->risk_count, struct risk *);
    struct risk *sorted = ARENA_ARRAY(report->arena, report->risk_count, struct risk);
    for (size_t i = 0; i < report->risk_count; i++)
        order[i] = &report->risks[i];
    if (report->risk_count)
        qsort(order, report->risk_count, sizeof *order, compare_risks);
    for (size_t i = 0; i < report->risk_count; i++)
        sorted[i] = *order[i];
    report->risks = sorted;
}

/* Joins what says the same at the same place, of several Applications. */
static void join_risks(struct report *report)
{
    struct map *last = map_new(report->arena);
    for (size_t i = 0; i < report->risk_count; i++) {
        struct risk *risk = &report->risks[i];
        const char *key = arena_format(report->arena, "%d\n%s\n%s\n%u\n%d\n%s", (int)risk->level, risk->rule->name,
                                       risk->source.file ? risk->source.file : "", risk->source.line,
                                       risk->allowed != NULL, risk->message);
        void **slot = map_slot(last, key, strlen(key));
        struct risk *before = *slot;
        if (before && risk->application) {
            before->next = i;
            risk->repeated = true;
            risk->again = before->application == risk->application;
        }
        *slot = risk->application ? risk : NULL;
    }
}

static void run_checks(struct judge *judge, risk_check *const *checks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        checks[i](judge);
}

/* What comes or goes with its Application is told with that. */
static void judge_application(struct judge *judge, const struct application *application)
{
    judge->application = application;
    judge->resource = NULL;
    run_checks(judge, application_checks, sizeof application_checks / sizeof *application_checks);
    for (size_t i = 0; i < application->resources.count && application->state != APPLICATION_REMOVED; i++) {
        judge->resource = &application->resources.items[i];
        run_checks(judge, resource_checks, sizeof resource_checks / sizeof *resource_checks);
    }
    judge->application = NULL;
    judge->resource = NULL;
}

void judge_changes(struct report *report)
{
    struct judge judge = {.report = report};
    check_everything(&judge);
    for (size_t i = 0; i < report->root.count; i++) {
        judge.resource = &report->root.items[i];
        run_checks(&judge, root_checks, sizeof root_checks / sizeof *root_checks);
    }
    for (size_t i = 0; i < report->count; i++)
        judge_application(&judge, &report->applications[i]);
    sort_risks(report);
    join_risks(report);
}
