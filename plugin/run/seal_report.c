/* seal_report.c: tells what was sealed, and which files change. */
#include "plugin/run/seal_report.h"

#include <ctype.h>
#include <string.h>

#include "base/line_diff.h"
#include "base/path.h"
#include "plugin/run/output.h"

enum { SHOWN = 8, LONG_VALUE = 200 };

/* The line of a text in another one, from 1; 0: it is not there. */
static unsigned line_of(const struct text *text, const char *wanted)
{
    const char *found = strstr(text_content(text), wanted);
    unsigned line = found ? 1 : 0;
    for (const char *at = text_content(text); found && at < found; at++)
        line += *at == '\n';
    return line;
}

static void tell_place(const char *path, unsigned line, struct text *out)
{
    text_string(out, path);
    if (line)
        text_format(out, ":%u", line);
    text_string(out, ": ");
}

static void tell_value(const struct seal_report *report, const struct seal_value *value, struct text *out)
{
    const struct seal_file *file = &report->files->items[0];
    const struct seal_target *target = report->target;
    tell_place(file->path, value->removed ? 0 : line_of(&file->new, value->sealed), out);
    if (value->removed)
        text_format(out, "%s removed\n", value->key);
    else
        text_format(out, "%s sealed for Secret %s/%s (%s), certificate %s, valid until %s\n", value->key,
                    target->namespace, target->name, target->scope, report->certificate->shown,
                    report->certificate->until);
}

/* The first line that is another one. */
static unsigned changed_line(const struct seal_file *file, const char **start)
{
    const char *old = text_content(&file->old), *new = text_content(&file->new);
    unsigned line = 1;
    *start = new;
    for (; *old && *old == *new; old++, new ++)
        if (*new == '\n') {
            line++;
            *start = new + 1;
        }
    return line;
}

static const char *key_of_line(struct arena *arena, const char *line)
{
    line += strspn(line, " \t\"'-");
    return arena_copy(arena, line, strcspn(line, ":\"'\n"));
}

static void tell_file(struct arena *arena, const struct seal_report *report, const struct seal_file *file,
                      struct text *out)
{
    const char *start, *first = path_base(report->files->items[0].path);
    unsigned line = changed_line(file, &start);
    bool names_it = report->files->items[0].is_new && line_of(&file->new, first) && !line_of(&file->old, first);
    if (names_it)
        tell_place(file->path, line_of(&file->new, first), out);
    else
        tell_place(file->path, line, out);
    const char *key = key_of_line(arena, start);
    if (names_it)
        text_string(out, "names it under resources\n");
    else
        text_format(out, "%s, so that new pods start\n", strncmp(key, "checksum/", 9) == 0 ? key : "the checksum");
}

static bool print_text(struct text *text, struct error *error)
{
    bool good = output_print(text, error);
    text_free(text);
    return good;
}

bool seal_report_done(struct arena *arena, const struct seal_report *report, struct error *error)
{
    struct text out = {0};
    for (size_t i = 0; i < report->values->count; i++)
        tell_value(report, &report->values->items[i], &out);
    for (size_t i = 1; i < report->files->count; i++)
        tell_file(arena, report, &report->files->items[i], &out);
    return print_text(&out, error);
}

static void shorten_values(const struct text *diff, struct text *out)
{
    for (const char *at = text_content(diff); *at;) {
        size_t size = 0;
        while (isalnum((unsigned char)at[size]) || (at[size] && strchr("+/=", at[size])))
            size++;
        bool is_long = size > LONG_VALUE;
        text_bytes(out, at, is_long ? SHOWN : size ? size : 1);
        if (is_long)
            text_format(out, "... (%zu characters)", size);
        at += size ? size : 1;
    }
}

static void add_diff(const char *path, bool is_new, const struct text *old, const struct text *new, struct text *out)
{
    struct text before = {0}, after = {0};
    text_format(&before, "%s%s", is_new ? "/dev/" : "a/", is_new ? "null" : path);
    text_format(&after, "b/%s", path);
    line_diff(before.bytes, old, after.bytes, new, out);
    text_free(&before);
    text_free(&after);
}

static bool print_diff(struct text *diff, struct error *error)
{
    struct text out = {0};
    shorten_values(diff, &out);
    text_free(diff);
    text_string(&out, "nothing was changed (--dry-run)\n");
    return print_text(&out, error);
}

bool seal_report_diff(const struct seal_report *report, struct error *error)
{
    struct text diff = {0};
    for (size_t i = 0; i < report->files->count; i++) {
        const struct seal_file *file = &report->files->items[i];
        add_diff(file->path, file->is_new, &file->old, &file->new, &diff);
    }
    return print_diff(&diff, error);
}

bool seal_report_fetched(const struct fetched_certificate *fetched, bool dry_run, struct error *error)
{
    struct text out = {0};
    bool changed = fetched->old.size != fetched->new.size ||
                   memcmp(text_content(&fetched->old), text_content(&fetched->new), fetched->new.size) != 0;
    if (dry_run) {
        add_diff(fetched->path, !fetched->old.size, &fetched->old, &fetched->new, &out);
        return print_diff(&out, error);
    }
    text_format(&out, "%s: certificate %s, valid until %s, %s by '%s'\n", fetched->path,
                fetched->certificate.fingerprint, fetched->certificate.until,
                changed ? "fetched" : "still the one that is given", fetched->words);
    if (changed)
        text_format(&out, "git add %s && git commit\n", fetched->path);
    return print_text(&out, error);
}
