/* diff_markdown.c: a report as a comment on a pull request, no longer than it may be.
 *
 * What others wrote cannot break out: in text, characters that mean something are entities, and names that would call
 * somebody are broken; in code, the fence is longer than all that is within. All dangers come first. What room is left
 * for details is shared so that no Application gets more because it comes first. */
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "diff/markdown_parts.h"
#include "diff/mask.h"
#include "diff/show.h"

enum { LEAST_SECTION = 200 };

/* One Application's details, cut where they are too long. */
struct section {
    struct text head, body; /* the lines of the fence */
    size_t size;            /* of all of it, in UTF-16 units */
    const struct application *application;
};

static void write_head(const struct report *report, size_t limit, struct text *out)
{
    text_string(out, "<!-- rootapp diff -->\n### ");
    if (report->title)
        markdown_text(report->title, out);
    else
        text_string(out, is_routine(report) ? "rootapp: routine" : "rootapp");
    text_string(out, ": ");
    show_risk_counts(report, out);
    text_string(out, " · ");
    show_counts(report, out);
    text_string(out, "\n");
    markdown_risks(report, RISK_DANGER, "CAUTION", limit ? limit / 2 : 0, out);
    markdown_risks(report, RISK_WARNING, "WARNING", limit ? limit * 5 / 8 : 0, out);
    markdown_risks(report, RISK_NOTE, "NOTE", limit ? limit * 5 / 8 : 0, out);
    for (size_t i = 0; i < report->note_count; i++) {
        markdown_text(report->notes[i], out);
        text_string(out, "\n\n");
    }
}

static const char *worst_level(const struct report *report, const struct application *application)
{
    for (size_t i = 0; i < report->risk_count; i++)
        if (report->risks[i].application == application && !report->risks[i].allowed)
            return risk_levels[report->risks[i].level];
    return "";
}

static void add_rollouts(const struct application *application, struct text *out)
{
    size_t count = 0;
    for (size_t i = 0; i < application->resources.count; i++) {
        const struct resource_change *change = &application->resources.items[i];
        if (!change->rolls_out)
            continue;
        if (count++ < 3) {
            text_string(out, count > 1 ? ", " : "");
            markdown_text(change->id.name, out);
        }
    }
    if (count > 3)
        text_format(out, " and %zu more", count - 3);
}

static void add_number(size_t number, struct text *out)
{
    if (number)
        text_format(out, "%zu", number);
    text_string(out, " | ");
}

static void add_row(const struct report *report, const struct application *application, struct text *out)
{
    bool gone = application->state == APPLICATION_REMOVED, fresh = application->state == APPLICATION_ADDED;
    text_string(out, "| ");
    markdown_text(application->name, out);
    text_format(out, " | %s | ", state_name(application->state));
    add_number(fresh ? application->head.count : application->added, out);
    add_number(application->changed, out);
    add_number(gone ? application->base.count : application->removed, out);
    add_rollouts(application, out);
    text_format(out, " | %s |\n", worst_level(report, application));
}

/* What is to be seen first: 3 a danger, or an Application that goes or breaks, then warnings and notes. */
enum { MOST_IMPORTANT = 3 };

static int importance_of(const struct report *report, const struct application *application)
{
    const char *level = worst_level(report, application);
    if (application->state == APPLICATION_REMOVED || application->state == APPLICATION_BROKEN)
        return MOST_IMPORTANT;
    for (int i = RISK_DANGER; i >= RISK_NOTE; i--)
        if (strcmp(level, risk_levels[i]) == 0)
            return i + 1;
    return 0;
}

/* All rows, or, where they are too many, those that matter and then a count. */
static void write_table(const struct report *report, size_t limit, struct text *out)
{
    struct text row = {0};
    size_t left = report->count - count_applications(report, APPLICATION_SAME);
    if (!left)
        return;
    text_string(out, "| Application | | + | ~ | - | rolls out | flags |\n|---|---|---|---|---|---|---|\n");
    for (int important = MOST_IMPORTANT; important >= 0; important--)
        for (size_t i = 0; i < report->count; i++) {
            const struct application *application = &report->applications[i];
            if (application->state == APPLICATION_SAME || importance_of(report, application) != important)
                continue;
            text_cut(&row, 0);
            add_row(report, application, &row);
            if (limit && markdown_size(out) + markdown_size(&row) > limit)
                continue;
            text_bytes(out, row.bytes, row.size);
            left--;
        }
    text_byte(out, '\n');
    if (left)
        text_format(out, "and %zu more Applications\n\n", left);
    text_free(&row);
}

static void add_line(char sign, const char *text, struct text *out)
{
    text_byte(out, sign);
    text_byte(out, ' ');
    text_string(out, text);
    text_byte(out, '\n');
}

static void add_place_behind(struct place place, struct text *line)
{
    if (place.file)
        text_string(line, "   # ");
    show_place(place, line);
}

static void add_value_line(char sign, const struct field_change *field, const struct node *value, struct text *out)
{
    struct text line = {0};
    visible_bytes(&line, field->path, strlen(field->path), VISIBLE_LINE);
    text_string(&line, ": ");
    show_value(value, &line);
    if (sign != '-')
        add_place_behind(field->source, &line);
    add_line(sign, line.bytes, out);
    text_free(&line);
}

/* What is no value of its own: an order, or a text of which only parts differ. */
static void add_heading(const struct field_change *field, struct text *out)
{
    struct text line = {0};
    visible_bytes(&line, field->path, strlen(field->path), VISIBLE_LINE);
    if (field->op == FIELD_ORDER) {
        text_string(&line, ": order only: ");
        show_order(field, &line);
    }
    add_line('!', line.bytes, out);
    text_free(&line);
}

static void add_field(const struct field_change *field, struct text *out)
{
    if (field->follows)
        return;
    if (field->op == FIELD_ORDER || shows_lines(field) || field->inside_count) {
        add_heading(field, out);
        if (shows_lines(field))
            show_lines(field, out);
        for (size_t i = 0; i < field->inside_count; i++)
            add_field(&field->inside[i], out);
        return;
    }
    if (field->old)
        add_value_line('-', field, field->old, out);
    if (field->new)
        add_value_line('+', field, field->new, out);
}

static void add_resource(const struct resource_change *change, struct text *out)
{
    struct text line = {0}, remark = {0};
    char sign = change->change == CHANGE_ADDED ? '+' : change->change == CHANGE_REMOVED ? '-' : '#';
    show_resource(change, &line);
    show_remark(change, &remark);
    if (remark.size)
        text_format(&line, " (%s)", remark.bytes);
    if (change->change == CHANGE_ADDED || change->change == CHANGE_REMOVED)
        add_place_behind(change->head ? change->source : change->was, &line);
    add_line(sign, line.bytes, out);
    for (size_t i = 0; i < change->count; i++)
        add_field(&change->fields[i], out);
    text_free(&line);
    text_free(&remark);
}

/* A fence that nothing within can close. */
static size_t fence_of(const struct text *body)
{
    size_t longest = 2, run = 0;
    for (size_t i = 0; i < body->size; i++) {
        run = body->bytes[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest + 1;
}

static void add_resource_names(const struct application *application, struct text *out)
{
    enum { MOST_NAMES = 5 };
    for (size_t i = 0; i < application->resources.count && i < MOST_NAMES; i++) {
        struct text name = {0};
        show_resource(&application->resources.items[i], &name);
        text_string(out, i ? ", " : ": ");
        markdown_text(text_content(&name), out);
        text_free(&name);
    }
    if (application->resources.count > MOST_NAMES)
        text_format(out, " and %zu more", application->resources.count - MOST_NAMES);
}

static void make_section(const struct application *application, struct section *out)
{
    out->application = application;
    text_string(&out->head, "<details><summary>");
    markdown_text(application->name, &out->head);
    add_resource_names(application, &out->head);
    text_string(&out->head, "</summary>\n\n");
    if (application->error)
        mask_text(application->error, &out->body);
    if (application->error)
        text_byte(&out->body, '\n');
    if (application->application)
        add_resource(application->application, &out->body);
    for (size_t i = 0; i < application->resources.count; i++)
        add_resource(&application->resources.items[i], &out->body);
    out->size = markdown_size(&out->head) + markdown_size(&out->body) + 2 * fence_of(&out->body) + 30;
}

/* As many whole lines as fit. */
static size_t lines_that_fit(const struct text *body, size_t room)
{
    size_t fits = 0, used = 0;
    while (fits < body->size) {
        size_t size = strcspn(body->bytes + fits, "\n") + 1;
        used += markdown_units(body->bytes + fits, size);
        if (used > room)
            break;
        fits += size;
    }
    return fits > body->size ? body->size : fits;
}

static void write_section(const struct report *report, const struct section *section, size_t share, struct text *out)
{
    const struct text *body = &section->body;
    size_t fence = fence_of(body), fixed = markdown_size(&section->head) + 2 * fence + 30, fits = body->size, lines = 0;
    const struct application *application = section->application;
    if (section->size > share) {
        size_t note = 80 + strlen(application->name) + strlen(report->base.name);
        if (share < fixed + note + LEAST_SECTION / 2)
            return;
        fits = lines_that_fit(body, share - fixed - note);
    }
    for (size_t i = fits; i < body->size; i++)
        lines += body->bytes[i] == '\n';
    text_bytes(out, section->head.bytes, section->head.size);
    text_repeat(out, '`', fence);
    text_string(out, "diff\n");
    text_bytes(out, text_content(body), fits);
    if (lines)
        text_format(out, "… %zu lines more: rootapp diff %s -- %s\n", lines, report->base.name,
                    application->app ? arena_format(report->arena, "%s/%s", application->app, application->environment)
                                     : application->name);
    text_repeat(out, '`', fence);
    text_string(out, "\n\n</details>\n\n");
}

static int compare_sizes(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return a < b ? -1 : a > b;
}

/* The largest share with which all sections together fit: each takes its size, or the share. */
static size_t fair_share(const struct report *report, const struct section *sections, size_t count, size_t room)
{
    size_t *sizes = ARENA_ARRAY(report->arena, count + 1, size_t);
    for (size_t i = 0; i < count; i++)
        sizes[i] = sections[i].size;
    if (count)
        qsort(sizes, count, sizeof *sizes, compare_sizes);
    for (size_t i = 0; i < count; i++) {
        size_t share = room / (count - i);
        if (sizes[i] > share)
            return share;
        room -= sizes[i];
    }
    return SIZE_MAX;
}

/* The least room in which a section tells something. */
enum { USEFUL_SECTION = 600 };

/* Those that matter first, so that they are kept where there is no useful room for all. */
static size_t make_sections(const struct report *report, struct section *sections)
{
    size_t count = 0;
    for (int important = MOST_IMPORTANT; important >= 0; important--)
        for (size_t i = 0; i < report->count; i++) {
            const struct application *application = &report->applications[i];
            bool any = application->resources.count || application->application || application->error;
            if (any && importance_of(report, application) == important)
                make_section(application, &sections[count++]);
        }
    return count;
}

static void write_sections(const struct report *report, size_t room, struct text *out)
{
    struct section *sections = ARENA_ARRAY(report->arena, report->count + 1, struct section);
    size_t count = make_sections(report, sections), kept = count;
    while (kept > 1 && fair_share(report, sections, kept, room) < USEFUL_SECTION)
        kept = kept * 3 / 4;
    size_t share = fair_share(report, sections, kept, room);
    for (size_t i = 0; i < count; i++) {
        if (i < kept)
            write_section(report, &sections[i], share, out);
        text_free(&sections[i].head);
        text_free(&sections[i].body);
    }
}

static void add_revision(const struct compared_revision *revision, struct text *out)
{
    markdown_text(revision->name, out);
    if (revision->commit)
        text_format(out, " %.7s", revision->commit);
}

static void write_footer(const struct report *report, struct text *out)
{
    text_string(out, "<sub>");
    add_revision(&report->base, out);
    text_string(out, report->merge ? " with a merge of " : " … ");
    add_revision(&report->head, out);
    for (size_t i = 0; i < report->unaffected_count; i++) {
        struct text line = {0};
        show_unaffected(&report->unaffected[i], &line);
        text_string(out, " · ");
        markdown_text(line.bytes, out);
        text_free(&line);
    }
    if (report->program)
        text_format(out, " · %s", report->program);
    if (report->command) {
        text_string(out, " · <code>");
        markdown_text(report->command, out);
        text_string(out, "</code> shows the same");
    }
    if (report->link && strncmp(report->link, "https://", 8) == 0 && !strpbrk(report->link, " ()<>\"'\\\n")) {
        text_format(out, " · [run](%s)", report->link);
    }
    text_string(out, "</sub>\n");
}

void diff_write_markdown(const struct report *report, size_t limit, struct text *out)
{
    struct text footer = {0};
    write_footer(report, &footer);
    size_t end = markdown_size(&footer) + 60;
    write_head(report, limit > end ? limit - end : limit, out);
    write_table(report, limit > end ? limit - end : limit, out);
    size_t used = markdown_size(out) + end;
    write_sections(report, !limit ? SIZE_MAX : limit > used ? limit - used : 0, out);
    text_bytes(out, footer.bytes, footer.size);
    text_free(&footer);
}
