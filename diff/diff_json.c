/* diff_json.c: a report as JSON, version 1: docs/diff.schema.json describes it. Fields are only ever added. */
#include <string.h>

#include "diff/mask.h"
#include "diff/show.h"
#include "yaml/emit.h"

static void put_count(struct tree *tree, struct node *map, const char *key, size_t count)
{
    tree_set_named(tree, map, key, tree_int(tree, (long long)count));
}

static struct node *put_map(struct tree *tree, struct node *map, const char *key)
{
    struct node *fresh = tree_map(tree);
    tree_set_named(tree, map, key, fresh);
    return fresh;
}

static struct node *put_list(struct tree *tree, struct node *map, const char *key)
{
    struct node *fresh = tree_list(tree);
    tree_set_named(tree, map, key, fresh);
    return fresh;
}

static struct node *add_map(struct tree *tree, struct node *list)
{
    struct node *fresh = tree_map(tree);
    tree_append(tree, list, fresh);
    return fresh;
}

/* What JSON cannot hold is told as text. */
static void put_value(struct tree *tree, struct node *map, const char *key, const struct node *value)
{
    struct text json = {0};
    struct error ignored = {0};
    if (value && emit_json(value, &json, &ignored))
        tree_set_named(tree, map, key, (struct node *)(uintptr_t)value);
    else if (value) {
        text_cut(&json, 0);
        show_value(value, &json);
        tree_set_given(tree, map, key, text_content(&json));
    }
    text_free(&json);
    error_free(&ignored);
}

static void put_place(struct tree *tree, struct node *map, const char *key, struct place place)
{
    if (!place.file)
        return;
    struct node *fresh = put_map(tree, map, key);
    tree_set_given(tree, fresh, "file", place.file);
    if (place.line)
        put_count(tree, fresh, "line", place.line);
    if (place.column)
        put_count(tree, fresh, "column", place.column);
}

static void put_revision(struct tree *tree, struct node *root, const char *key,
                         const struct compared_revision *revision)
{
    struct node *map = put_map(tree, root, key);
    tree_set_given(tree, map, "rev", revision->name);
    tree_set_given(tree, map, "commit", revision->commit);
    tree_set_given(tree, map, "tree", revision->tree);
}

static void add_field(struct tree *tree, struct node *list, const struct field_change *field)
{
    static const char *const operations[] = {"add", "remove", "replace", "order"};
    struct node *map = add_map(tree, list);
    tree_set_given(tree, map, "path", field->path);
    tree_set_given(tree, map, "op", operations[field->op]);
    tree_set_given(tree, map, "hidden", field->hidden);
    tree_set_given(tree, map, "note", field->note);
    if (field->follows)
        tree_set_named(tree, map, "follows", tree_bool(tree, true));
    if (mask_shows_parts(field->hidden)) {
        put_value(tree, map, "old", field->old);
        put_value(tree, map, "new", field->new);
    }
    put_place(tree, map, "source", field->source);
    put_place(tree, map, "was", field->was);
    struct node *inside = field->inside_count ? put_list(tree, map, "inside") : NULL;
    for (size_t i = 0; i < field->inside_count; i++)
        add_field(tree, inside, &field->inside[i]);
}

static void put_id(struct tree *tree, struct node *map, const char *key, const struct object_id *id)
{
    struct node *fresh = put_map(tree, map, key);
    tree_set_given(tree, fresh, "group", id->group);
    tree_set_given(tree, fresh, "version", id->version);
    tree_set_given(tree, fresh, "kind", id->kind);
    tree_set_given(tree, fresh, "namespace", id->namespace);
    tree_set_given(tree, fresh, "name", id->name);
}

static void add_resource(struct tree *tree, struct node *list, const struct report *report,
                         const struct application *application, const struct resource_change *change)
{
    static const char *const changes[] = {"added", "removed", "changed", "renamed", "replaced"};
    static const char *const ways[] = {NULL, "id", "hash", "affix", "kind"};
    struct node *map = add_map(tree, list);
    tree_set_given(tree, map, "change", changes[change->change]);
    tree_set_given(tree, map, "matched", ways[change->matched]);
    put_id(tree, map, "id", &change->id);
    if (change->base && change->head)
        put_id(tree, map, "from", &change->from);
    if (change->similar)
        put_id(tree, map, "similar", change->similar);
    if (change->rolls_out)
        tree_set_named(tree, map, "rollout", tree_bool(tree, true));
    if (change->no_restart)
        tree_set_named(tree, map, "rollout", tree_bool(tree, false));
    tree_set_given(tree, map, "prune", pruning_names[pruning_of(report, application, change)]);
    if (change->references)
        put_count(tree, map, "references", change->references);
    put_place(tree, map, "source", change->source);
    put_place(tree, map, "was", change->was);
    struct node *fields = put_list(tree, map, "fields");
    for (size_t i = 0; i < change->count; i++)
        add_field(tree, fields, &change->fields[i]);
}

static void put_error(struct tree *tree, struct node *map, const char *error)
{
    struct text message = {0};
    if (!error)
        return;
    mask_text(error, &message);
    tree_set_given(tree, put_map(tree, map, "error"), "message", text_content(&message));
    text_free(&message);
}

static void add_application(struct tree *tree, struct node *list, const struct report *report,
                            const struct application *application)
{
    struct node *map = add_map(tree, list);
    tree_set_given(tree, map, "name", application->name);
    tree_set_given(tree, map, "app", application->app);
    tree_set_given(tree, map, "env", application->environment);
    tree_set_given(tree, map, "cluster", application->cluster);
    tree_set_given(tree, map, "namespace", application->namespace);
    tree_set_given(tree, map, "project", application->project);
    tree_set_given(tree, map, "path", application->path);
    tree_set_given(tree, map, "wasPath", application->was_path);
    tree_set_given(tree, map, "renamedFrom", application->renamed_from);
    tree_set_given(tree, map, "renamedTo", application->renamed_to);
    tree_set_given(tree, map, "change", state_name(application->state));
    tree_set_given(tree, map, "deletion", application->deletion);
    put_error(tree, map, application->error);
    struct node *fields = put_list(tree, map, "application"), *resources = put_list(tree, map, "resources");
    for (size_t i = 0; application->application && i < application->application->count; i++)
        add_field(tree, fields, &application->application->fields[i]);
    for (size_t i = 0; i < application->resources.count; i++)
        add_resource(tree, resources, report, application, &application->resources.items[i]);
}

static void add_risk(struct tree *tree, struct node *list, const struct risk *risk)
{
    struct node *map = add_map(tree, list);
    tree_set_given(tree, map, "rule", risk->rule->name);
    tree_set_given(tree, map, "level", risk_levels[risk->level]);
    tree_set_given(tree, map, "message", risk->message);
    tree_set_given(tree, map, "allowed", risk->allowed);
    if (risk->application)
        tree_set_given(tree, map, "application", risk->application->name);
    if (risk->resource)
        put_id(tree, map, "resource", &risk->resource->id);
    if (risk->field)
        tree_set_given(tree, map, "field", risk->field->path);
    put_place(tree, map, "source", risk->source);
}

static void put_counts(struct tree *tree, struct node *root, const struct report *report)
{
    struct node *map = put_map(tree, root, "counts");
    put_count(tree, map, "applications", report->total);
    for (int state = APPLICATION_SAME; state <= APPLICATION_FIXED; state++)
        put_count(tree, map, state_name((enum application_state)state),
                  count_applications(report, (enum application_state)state));
    size_t unaffected = 0;
    for (size_t i = 0; i < report->unaffected_count; i++)
        unaffected += report->unaffected[i].count;
    put_count(tree, map, "unaffected_by_revision", unaffected);
}

static void put_lists(struct tree *tree, struct node *root, const struct report *report)
{
    struct node *unaffected = put_list(tree, root, "unaffected"), *notes = put_list(tree, root, "notes");
    struct node *applications = put_list(tree, root, "applications"), *resources = put_list(tree, root, "root");
    struct node *risks = put_list(tree, root, "risks");
    for (size_t i = 0; i < report->unaffected_count; i++) {
        struct node *map = add_map(tree, unaffected);
        tree_set_given(tree, map, "env", report->unaffected[i].environment);
        tree_set_given(tree, map, "follows", report->unaffected[i].revision);
        put_count(tree, map, "applications", report->unaffected[i].count);
    }
    for (size_t i = 0; i < report->note_count; i++)
        tree_append(tree, notes, tree_string(tree, report->notes[i]));
    for (size_t i = 0; i < report->count; i++)
        add_application(tree, applications, report, &report->applications[i]);
    for (size_t i = 0; i < report->root.count; i++)
        add_resource(tree, resources, report, NULL, &report->root.items[i]);
    for (size_t i = 0; i < report->risk_count; i++)
        add_risk(tree, risks, &report->risks[i]);
}

void diff_write_json(const struct report *report, struct text *out)
{
    struct tree *tree = report->tree;
    struct node *root = tree_map(tree);
    struct error ignored = {0};
    put_count(tree, root, "version", 1);
    put_revision(tree, root, "base", &report->base);
    put_revision(tree, root, "head", &report->head);
    tree_set_named(tree, root, "merge", tree_bool(tree, report->merge));
    tree_set_named(tree, root, "routine", tree_bool(tree, is_routine(report)));
    put_counts(tree, root, report);
    put_lists(tree, root, report);
    emit_json(root, out, &ignored);
    text_byte(out, '\n');
    error_free(&ignored);
}
