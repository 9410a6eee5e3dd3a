/* hint_lines.c: the lines that hints look at and show. */
#include <string.h>

#include "plugin/run/hint_parts.h"

const char *hint_copy_line(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strcspn(text, "\r\n"));
}

const char *hint_line(const struct looking *looking, unsigned number)
{
    const char *at = looking->text;
    for (; at && number > 1; number--)
        at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    return at ? hint_copy_line(looking->arena, at) : "";
}

void hint_move(struct looking *looking, unsigned line, unsigned column)
{
    looking->error->line = line;
    looking->error->column = column;
    looking->above = line > 1 ? hint_line(looking, line - 1) : "";
    looking->line = hint_line(looking, line);
}

static void add_line(struct text *out, unsigned number, const char *line)
{
    text_format(out, "%6u | ", number);
    for (const char *at = line; *at; at++)
        text_byte(out, (unsigned char)*at < ' ' ? ' ' : *at);
    text_byte(out, '\n');
}

void hint_show(const struct looking *looking, unsigned column)
{
    struct text out = {0};
    if (!looking->person)
        return;
    if (*looking->above)
        add_line(&out, looking->error->line - 1, looking->above);
    add_line(&out, looking->error->line, looking->line);
    text_format(&out, "%*s^\n", (int)(column + 8), "");
    error_excerpt(looking->error, text_content(&out));
    text_free(&out);
}
