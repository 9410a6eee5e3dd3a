/* markdown_parts.c: texts of others that mean nothing in markdown, and the risks of a report as a block. */
#include "diff/markdown_parts.h"

#include <ctype.h>
#include <string.h>

#include "base/visible.h"
#include "diff/show.h"
#include "source/source.h"

enum { LONGEST_MESSAGE = 400 };

/* What GitHub counts: a character outside of the basic plane is two. */
size_t markdown_units(const char *bytes, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        count += (byte & 0xC0) != 0x80;
        count += byte >= 0xF0;
    }
    return count;
}

size_t markdown_size(const struct text *text)
{
    return markdown_units(text_content(text), text->size);
}

/* A word joiner behind @ and # keeps them from calling somebody, or from naming an issue. */
static void add_escaped(const char *text, size_t size, struct text *out)
{
    struct text plain = {0};
    visible_bytes(&plain, text, size, VISIBLE_LINE);
    for (const char *at = text_content(&plain); *at; at++)
        if (strchr("&<>|[]()*_`\\~!", *at))
            text_format(out, "&#%d;", *at);
        else if (strchr("@#", *at) || strncmp(at, "://", 3) == 0)
            text_format(out, "&#%d;\xE2\x81\xA0", *at);
        else
            text_byte(out, *at);
    text_free(&plain);
}

void markdown_text(const char *text, struct text *out)
{
    size_t size = strlen(text), shown = size > LONGEST_MESSAGE ? LONGEST_MESSAGE : size;
    while (shown < size && shown && ((unsigned char)text[shown] & 0xC0) == 0x80)
        shown--;
    add_escaped(text, shown, out);
    text_string(out, shown < size ? "…" : "");
}

/* Bytes that mean something in an address, or in markdown, are written as %HH. */
static void add_path(const char *path, struct text *out)
{
    for (; *path; path++)
        if (isalnum((unsigned char)*path) || strchr("/-._", *path))
            text_byte(out, *path);
        else
            text_format(out, "%%%02X", (unsigned char)*path);
}

static bool is_excepted(const struct line_links *links, const char *file)
{
    for (size_t i = 0; links->except && i < links->except->count; i++)
        if (strcmp(links->except->names[i], file) == 0)
            return true;
    return false;
}

/* Where the risk comes from, as a link where it is known which. */
static void add_place(const struct report *report, const struct risk *risk, bool linked, struct text *out)
{
    const struct line_links *links = risk->on_base ? &report->base.lines : &report->head.lines;
    struct text place = {0};
    show_place(risk->source, &place);
    bool link = linked && place.size && links->before && !is_excepted(links, risk->source.file);
    text_string(out, !place.size ? "" : link ? " ([" : " (");
    markdown_text(text_content(&place), out);
    if (link) {
        text_format(out, "](%s", links->before);
        add_path(risk->source.file, out);
        if (risk->source.line)
            text_format(out, "%s%u", links->between, risk->source.line);
        text_string(out, ")");
    }
    text_string(out, place.size ? ")" : "");
    text_free(&place);
}

static void add_risk(const struct report *report, const struct risk *risk, bool linked, struct text *out)
{
    text_string(out, "> ");
    if (risk->application) {
        text_string(out, "**");
        show_risk_names(report, risk, markdown_text, out);
        text_string(out, "**: ");
    }
    markdown_text(risk->message, out);
    add_place(report, risk, linked, out);
    if (risk->allowed) {
        text_string(out, " allowed: ");
        markdown_text(risk->allowed, out);
    }
    text_format(out, " `%s`  \n", risk->rule->name);
}

static bool is_shown(const struct risk *risk, enum risk_level level)
{
    return risk->level == level && !risk->allowed;
}

static void add_all_risks(const struct report *report, enum risk_level level, bool linked, struct text *out)
{
    for (size_t i = 0; i < report->risk_count; i++)
        if (is_shown(&report->risks[i], level) && !report->risks[i].repeated)
            add_risk(report, &report->risks[i], linked, out);
}

static size_t count_of_rule(const struct report *report, enum risk_level level, const struct risk_rule *rule)
{
    size_t count = 0;
    for (size_t i = 0; i < report->risk_count; i++)
        count += is_shown(&report->risks[i], level) && report->risks[i].rule == rule;
    return count;
}

/* Where there is no room for a line each: a line for each rule, with the Applications that it is about. */
static void add_rule(const struct report *report, enum risk_level level, const struct risk_rule *rule, size_t limit,
                     struct text *out)
{
    const struct application *last = NULL;
    size_t left = count_of_rule(report, level, rule), shown = 0;
    text_format(out, "> **%zu times** %s (`%s`): ", left, rule->meaning, rule->name);
    for (size_t i = 0; i < report->risk_count; i++) {
        const struct risk *risk = &report->risks[i];
        if (!is_shown(risk, level) || risk->rule != rule)
            continue;
        if (markdown_size(out) + LONGEST_MESSAGE / 4 > limit)
            break;
        left--;
        if (!risk->application || risk->application == last)
            continue;
        text_string(out, shown++ ? ", " : "");
        markdown_text(risk->application->name, out);
        last = risk->application;
    }
    text_string(out, left ? " …  \n" : "  \n");
}

static void add_rules(const struct report *report, enum risk_level level, size_t limit, struct text *out)
{
    const struct risk_rule *rule = NULL;
    for (size_t i = 0; i < report->risk_count; i++)
        if (is_shown(&report->risks[i], level) && report->risks[i].rule != rule) {
            rule = report->risks[i].rule; /* they are sorted by it */
            add_rule(report, level, rule, limit, out);
        }
}

/* All risks of a level: with their messages, and links while these take no more than half of the room; or, beyond this
 * size of the comment, by their rules. */
void markdown_risks(const struct report *report, enum risk_level level, const char *alert, size_t limit,
                    struct text *out)
{
    struct text all = {0};
    if (!count_risks(report, level))
        return;
    text_format(out, "> [!%s]\n", alert);
    add_all_risks(report, level, true, &all);
    if (limit && markdown_size(out) + markdown_size(&all) > limit / 2) {
        text_cut(&all, 0);
        add_all_risks(report, level, false, &all);
    }
    if (limit && markdown_size(out) + markdown_size(&all) > limit)
        add_rules(report, level, limit, out);
    else
        text_bytes(out, text_content(&all), all.size);
    text_byte(out, '\n');
    text_free(&all);
}
