/* show.c: parts of a report as texts. */
#include "diff/show.h"

#include <string.h>

#include "base/line_diff.h"
#include "base/visible.h"
#include "yaml/emit.h"

enum { LONGEST_VALUE = 200 };

static const struct {
    const char *name;
    char mark;
} states[] = {
    [APPLICATION_SAME] = {"same", '='},   [APPLICATION_CHANGED] = {"changed", '~'},
    [APPLICATION_ADDED] = {"added", '+'}, [APPLICATION_REMOVED] = {"removed", '-'},
    [APPLICATION_MOVED] = {"moved", '~'}, [APPLICATION_BROKEN] = {"broken", '!'},
    [APPLICATION_FIXED] = {"fixed", '~'},
};

const char *state_name(enum application_state state)
{
    return states[state].name;
}

char state_mark(enum application_state state)
{
    return states[state].mark;
}

void show_count(size_t count, const char *what, struct text *out)
{
    text_format(out, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

/* As many bytes as fit, and no half of a character. */
static void add_cut(const char *bytes, size_t size, struct text *out)
{
    size_t shown = size > LONGEST_VALUE ? LONGEST_VALUE : size;
    while (shown < size && shown && ((unsigned char)bytes[shown] & 0xC0) == 0x80)
        shown--;
    visible_bytes(out, bytes, shown, VISIBLE_LINE);
    if (shown < size)
        text_format(out, "… (%zu bytes)", size);
}

/* A text that would read as a number or the like, or as nothing, stands between quotes. */
static bool is_ambiguous(const struct node *value)
{
    return node_tag(value) == TAG_STRING && (!value->count || node_resolve(value->text, value->count) != TAG_STRING);
}

void show_value(const struct node *value, struct text *out)
{
    struct text json = {0};
    struct error ignored = {0};
    if (!value)
        return;
    if (node_is_scalar(value) && !is_ambiguous(value))
        add_cut(value->text, value->count, out);
    else if (node_is_scalar(value) ? (text_format(&json, "\"%s\"", value->text), true)
                                   : emit_json(value, &json, &ignored))
        add_cut(json.bytes, json.size, out);
    text_free(&json);
    error_free(&ignored);
}

bool shows_lines(const struct field_change *field)
{
    const char *old = node_text(field->old), *new = node_text(field->new);
    return field->op == FIELD_REPLACE && !field->inside_count && old && new && (strchr(old, '\n') || strchr(new, '\n'));
}

void show_lines(const struct field_change *field, struct text *out)
{
    struct text old = {0}, new = {0}, hunks = {0};
    text_bytes(&old, field->old->text, field->old->count);
    text_bytes(&new, field->new->text, field->new->count);
    line_diff("", &old, "", &new, &hunks);
    const char *at = strstr(text_content(&hunks), "@@");
    if (at)
        visible_bytes(out, at, strlen(at), VISIBLE_LINES);
    text_free(&old);
    text_free(&new);
    text_free(&hunks);
}

static void add_names(const struct node *list, struct text *out)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *name = node_text(node_get(list->items[i], &key_name));
        text_string(out, i ? ", " : "");
        if (name)
            add_cut(name, strlen(name), out);
        else
            show_value(list->items[i], out);
    }
}

void show_order(const struct field_change *field, struct text *out)
{
    add_names(field->old, out);
    text_string(out, " -> ");
    add_names(field->new, out);
}

static void add_word(const char *word, struct text *out)
{
    visible_bytes(out, word, strlen(word), VISIBLE_LINE);
}

void show_resource(const struct resource_change *change, struct text *out)
{
    const struct object_id *id = &change->id, *from = &change->from;
    bool kind = strcmp(id->kind, from->kind) != 0, name = strcmp(id->name, from->name) != 0;
    add_word(from->kind, out);
    text_byte(out, ' ');
    add_word(from->name, out);
    if (!kind && !name)
        return;
    text_string(out, " -> ");
    if (kind)
        add_word(id->kind, out);
    text_string(out, kind ? " " : "");
    add_word(id->name, out);
}

static void add_remark(const char *remark, struct text *out)
{
    text_format(out, "%s%s", out->size ? ", " : "", remark);
}

void show_remark(const struct resource_change *change, struct text *out)
{
    struct text remark = {0};
    if (change->matched == MATCHED_HASH) {
        add_remark("content changed", &remark);
        if (change->references)
            text_format(&remark, ", %zu reference%s", change->references,
                        change->references == 1 ? " follows" : "s follow");
    }
    if (change->change == CHANGE_RENAMED)
        add_remark("renamed: deleted and created again", &remark);
    if (change->change == CHANGE_REPLACED)
        add_remark("replaced: deleted and created as another kind", &remark);
    if (change->matched == MATCHED_ID && strcmp(change->id.version, change->from.version) != 0)
        text_format(&remark, "%sversion %s -> %s", remark.size ? ", " : "", change->from.version, change->id.version);
    if (change->similar) {
        add_remark("like ", &remark);
        add_word(change->similar->name, &remark);
        text_string(&remark, change->head ? ", which is removed" : ", which is added");
    }
    if (change->rolls_out)
        add_remark("rolls out", &remark);
    if (change->no_restart)
        add_remark("no restart", &remark);
    text_bytes(out, text_content(&remark), remark.size);
    text_free(&remark);
}

void show_place(struct place place, struct text *out)
{
    if (!place.file)
        return;
    add_word(place.file, out);
    if (place.line)
        text_format(out, ":%u", place.line);
}

struct place field_place(const struct field_change *field)
{
    return field->new ? field->source : field->was;
}

void show_risk_counts(const struct report *report, struct text *out)
{
    size_t size = out->size;
    for (int level = RISK_DANGER; level >= RISK_NOTE; level--) {
        size_t count = count_risks(report, (enum risk_level)level);
        if (!count)
            continue;
        text_string(out, out->size > size ? ", " : "");
        show_count(count, risk_levels[level], out);
    }
    if (out->size == size)
        text_string(out, "no risk found");
}

void show_risk_names(const struct report *report, const struct risk *risk, void add(const char *name, struct text *out),
                     struct text *out)
{
    const struct application *last = risk->application;
    add(last->name, out);
    while (risk->next) {
        risk = &report->risks[risk->next];
        if (risk->application == last)
            continue;
        last = risk->application;
        text_string(out, ", ");
        add(last->name, out);
    }
}

void show_counts(const struct report *report, struct text *out)
{
    static const enum application_state shown[] = {APPLICATION_ADDED, APPLICATION_REMOVED, APPLICATION_CHANGED,
                                                   APPLICATION_MOVED, APPLICATION_BROKEN,  APPLICATION_FIXED};
    size_t size = out->size;
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        size_t count = count_applications(report, shown[i]);
        if (count)
            text_format(out, "%s%zu %s", out->size > size ? ", " : "", count, state_name(shown[i]));
    }
    if (!report->total) {
        text_string(out, "nothing changes");
        return;
    }
    text_string(out, out->size > size ? " of " : "nothing changes in ");
    show_count(report->total, "Application", out);
}

void show_unaffected(const struct unaffected *unaffected, struct text *out)
{
    add_word(unaffected->environment, out);
    text_string(out, " follows ");
    add_word(unaffected->revision, out);
    text_string(out, ": not affected");
}

static bool is_routine_change(const struct resource_change *change)
{
    for (size_t i = 0; i < change->count; i++) {
        const struct field_change *field = &change->fields[i];
        if (field->op != FIELD_REPLACE ||
            !(string_ends(field->path, ".image") || string_ends(field->path, ".app\\.kubernetes\\.io/version") ||
              string_ends(field->path, ".helm\\.sh/chart")))
            return false;
    }
    return change->change == CHANGE_CHANGED;
}

bool is_routine(const struct report *report)
{
    size_t changes = 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct application *application = &report->applications[i];
        if ((application->state != APPLICATION_CHANGED && application->state != APPLICATION_SAME) ||
            application->application)
            return false;
        for (size_t j = 0; j < application->resources.count; j++, changes++)
            if (!is_routine_change(&application->resources.items[j]))
                return false;
    }
    return changes && !report->root.count;
}
