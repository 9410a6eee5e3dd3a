/* diff_github.c: risks as annotations of a GitHub Actions run. Source: actions/toolkit, packages/core/src/command.ts */
#include <string.h>

#include "diff/show.h"

/* A value of a property cannot hold a colon or a comma; nothing can hold a line break. */
static void add_escaped(const char *text, bool property, struct text *out)
{
    for (; *text; text++)
        if (strchr("%\r\n", *text) || (property && strchr(":,", *text)))
            text_format(out, "%%%02X", (unsigned)(unsigned char)*text);
        else
            text_byte(out, *text);
}

static void add_name(const char *name, struct text *out)
{
    add_escaped(name, false, out);
}

static void add_risk(const struct report *report, const struct risk *risk, struct text *out)
{
    static const char *const commands[] = {"notice", "warning", "error"};
    text_format(out, "::%s title=", commands[risk->level]);
    add_escaped(risk->rule->name, true, out);
    if (risk->source.file) {
        text_string(out, ",file=");
        add_escaped(risk->source.file, true, out);
    }
    if (risk->source.file && risk->source.line)
        text_format(out, ",line=%u", risk->source.line);
    text_string(out, "::");
    if (risk->application) {
        show_risk_names(report, risk, add_name, out);
        text_string(out, ": ");
    }
    add_escaped(risk->message, false, out);
    text_byte(out, '\n');
}

void diff_write_github(const struct report *report, struct text *out)
{
    for (size_t i = 0; i < report->risk_count; i++)
        if (!report->risks[i].allowed && !report->risks[i].repeated)
            add_risk(report, &report->risks[i], out);
    diff_write_summary(report, out);
}
