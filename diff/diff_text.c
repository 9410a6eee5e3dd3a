/* diff_text.c: a report for a terminal. */
#include <string.h>

#include "base/visible.h"
#include "base/wrap.h"
#include "diff/mask.h"
#include "diff/show.h"

/* Where remarks begin, unless the terminal is narrower; how much further in a line goes on. */
enum { REMARKS = 92, FURTHER = 2 };

struct writer {
    const struct report *report;
    const struct text_style *style;
    struct text *out;
};

static const char *color_of(char mark)
{
    return mark == '+' ? "\033[32m" : mark == '-' || mark == '!' ? "\033[31m" : mark == '~' ? "\033[33m" : "";
}

/* Broken where it is wider than the terminal, and further in from there on. */
static void add_broken(struct writer *writer, const char *line, char mark)
{
    const char *color = writer->style->color ? color_of(mark) : "";
    size_t indent = strspn(line, " +~-!=") + FURTHER, size = strlen(line);
    size_t begin = size < indent ? size : indent;
    text_string(writer->out, color);
    text_bytes(writer->out, line, begin);
    text_wrap(writer->out, line + begin, begin, writer->style->width);
    text_cut(writer->out, writer->out->size - 1);
    text_string(writer->out, *color ? "\033[0m" : "");
}

/* A line with a remark in its right column, where there is one. One that the terminal has no room for beside the line
 * has a line of its own. */
static void add_line(struct writer *writer, char mark, const char *line, const char *remark)
{
    size_t used = strlen(line), size = strlen(remark), width = writer->style->width, column = REMARKS;
    add_broken(writer, line, mark);
    if (size && width && used + 2 + size > width) {
        text_byte(writer->out, '\n');
        used = 0;
    }
    if (size && width && column + size > width)
        column = size < width ? width - size : 0;
    if (size) {
        text_repeat(writer->out, ' ', used + 2 < column ? column - used : used ? 2 : 0);
        text_string(writer->out, remark);
    }
    text_byte(writer->out, '\n');
}

static void add_field_value(const struct field_change *field, struct text *line)
{
    switch (field->op) {
    case FIELD_ADD:
        text_string(line, ": + ");
        show_value(field->new, line);
        break;
    case FIELD_REMOVE:
        text_string(line, ": - ");
        show_value(field->old, line);
        break;
    case FIELD_ORDER:
        text_string(line, ": order only: ");
        show_order(field, line);
        break;
    case FIELD_REPLACE:
        text_string(line, ": ");
        if (shows_lines(field) || field->inside_count)
            break;
        show_value(field->old, line);
        text_string(line, " -> ");
        show_value(field->new, line);
    }
    if (field->note)
        text_format(line, " (%s)", field->note);
}

static void add_hunks(struct writer *writer, const struct field_change *field)
{
    struct text hunks = {0}, line = {0};
    show_lines(field, &hunks);
    for (const char *at = text_content(&hunks); *at;) {
        size_t size = strcspn(at, "\n");
        text_cut(&line, 0);
        text_format(&line, "          %.*s", (int)size, at);
        add_line(writer, ' ', line.bytes, "");
        at += size + (at[size] == '\n');
    }
    text_free(&hunks);
    text_free(&line);
}

static void add_field(struct writer *writer, const struct field_change *field, size_t indent)
{
    struct text line = {0}, place = {0};
    if (field->follows)
        return;
    text_repeat(&line, ' ', indent);
    visible_bytes(&line, field->path, strlen(field->path), VISIBLE_LINE);
    add_field_value(field, &line);
    show_place(field_place(field), &place);
    add_line(writer, ' ', line.bytes, text_content(&place));
    if (shows_lines(field))
        add_hunks(writer, field);
    for (size_t i = 0; i < field->inside_count; i++)
        add_field(writer, &field->inside[i], indent + 3);
    text_free(&line);
    text_free(&place);
}

static char change_mark(enum change change)
{
    return change == CHANGE_ADDED ? '+' : change == CHANGE_REMOVED ? '-' : '~';
}

static void add_resource(struct writer *writer, const struct resource_change *change)
{
    struct text line = {0}, remark = {0};
    char mark = change_mark(change->change);
    text_format(&line, "   %c ", mark);
    show_resource(change, &line);
    show_remark(change, &remark);
    if (change->change == CHANGE_ADDED || change->change == CHANGE_REMOVED)
        show_place(change->head ? change->source : change->was, &remark);
    add_line(writer, mark, line.bytes, text_content(&remark));
    for (size_t i = 0; i < change->count; i++)
        add_field(writer, &change->fields[i], 7);
    text_free(&line);
    text_free(&remark);
}

static void add_touched(const struct application *application, struct text *line)
{
    if (!application->touched)
        return;
    text_string(line, " (");
    visible_bytes(line, application->touched, strlen(application->touched), VISIBLE_LINE);
    text_string(line, application->touches_more ? " and others changed)" : " changed)");
}

static void add_heading(const struct application *application, struct text *line)
{
    text_format(line, " %c ", state_mark(application->state));
    visible_bytes(line, application->name, strlen(application->name), VISIBLE_LINE);
    switch (application->state) {
    case APPLICATION_ADDED:
        text_string(line, "  new: ");
        show_count(application->head.count, "resource", line);
        if (application->namespace)
            text_format(line, " in namespace %s", application->namespace);
        if (application->project)
            text_format(line, ", project %s", application->project);
        if (application->renamed_from)
            text_format(line, "; it was %s", application->renamed_from);
        break;
    case APPLICATION_REMOVED:
        text_string(line, "  removed with ");
        show_count(application->base.count, "resource", line);
        break;
    case APPLICATION_BROKEN:
        text_string(line, "  cannot be rendered: ");
        mask_text(application->error, line);
        break;
    case APPLICATION_SAME:
        text_string(line, "  the same resources");
        add_touched(application, line);
        break;
    default:
        if (application->was_path)
            text_format(line, "  from %s", application->was_path);
        text_format(line, "  +%zu ~%zu -%zu", application->added, application->changed, application->removed);
    }
}

static void add_application(struct writer *writer, const struct application *application)
{
    struct text line = {0};
    add_heading(application, &line);
    add_line(writer, state_mark(application->state), line.bytes, "");
    text_free(&line);
    bool brief = writer->style->stat || application->state == APPLICATION_SAME;
    if (application->application && !brief)
        add_resource(writer, application->application);
    bool whole = application->state == APPLICATION_ADDED || application->state == APPLICATION_REMOVED;
    for (size_t i = 0; i < application->resources.count && !brief && !whole; i++)
        add_resource(writer, &application->resources.items[i]);
}

static void add_name(const char *name, struct text *out)
{
    visible_bytes(out, name, strlen(name), VISIBLE_LINE);
}

static void add_risk(struct writer *writer, const struct risk *risk)
{
    struct text line = {0}, place = {0};
    char mark = risk->level == RISK_NOTE ? ' ' : '!';
    if (risk->repeated)
        return;
    text_format(&line, " ! %-8s %s  ", risk_levels[risk->level], risk->rule->name);
    if (risk->application) {
        show_risk_names(writer->report, risk, add_name, &line);
        text_string(&line, ": ");
    }
    visible_bytes(&line, risk->message, strlen(risk->message), VISIBLE_LINE);
    show_place(risk->source, &place);
    if (place.size)
        text_format(&line, " (%s)", place.bytes);
    if (risk->allowed)
        text_format(&line, " [allowed: %s]", risk->allowed);
    add_line(writer, mark, line.bytes, "");
    text_free(&line);
    text_free(&place);
}

void diff_write_summary(const struct report *report, struct text *out)
{
    show_counts(report, out);
    for (size_t i = 0; i < report->unaffected_count; i++) {
        text_string(out, "; ");
        show_unaffected(&report->unaffected[i], out);
    }
    if (is_routine(report))
        text_string(out, "; routine: image versions only");
    if (report->risk_count) {
        text_string(out, "; ");
        show_risk_counts(report, out);
    }
    text_byte(out, '\n');
}

static void write_names(const struct report *report, struct text *out)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->applications[i].state != APPLICATION_SAME)
            text_format(out, "%s\n", report->applications[i].name);
}

/* The verdict, and what is to be known of the comparison itself. */
static void write_verdict(struct writer *writer)
{
    struct text line = {0};
    diff_write_summary(writer->report, &line);
    text_cut(&line, line.size - 1);
    add_line(writer, ' ', line.bytes, "");
    for (size_t i = 0; i < writer->report->note_count; i++) {
        text_cut(&line, 0);
        text_format(&line, "   %s", writer->report->notes[i]);
        add_line(writer, ' ', line.bytes, "");
    }
    text_free(&line);
}

void diff_write_text(const struct report *report, const struct text_style *style, struct text *out)
{
    struct writer writer = {report, style, out};
    if (style->names) {
        write_names(report, out);
        return;
    }
    write_verdict(&writer);
    for (size_t i = 0; i < report->risk_count; i++)
        add_risk(&writer, &report->risks[i]);
    for (size_t i = 0; i < report->root.count && !style->stat; i++)
        add_resource(&writer, &report->root.items[i]);
    for (size_t i = 0; i < report->count; i++)
        add_application(&writer, &report->applications[i]);
}
