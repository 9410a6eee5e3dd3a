/* manual.c: writes the commands and their options as manual pages. */
#include "plugin/manual.h"

#include <ctype.h>
#include <string.h>

#include "plugin/commands.h"
#include "plugin/run/version.h"

/* What roff would read as something else, or print as another character than the one that is typed on a keyboard.
 * Source: groff_char(7), "Basic Latin". */
static const char *escape_of(char character)
{
    switch (character) {
    case '\\':
        return "\\e";
    case '-':
        return "\\-";
    case '\'':
        return "\\(aq";
    case '`':
        return "\\(ga";
    case '^':
        return "\\(ha";
    case '~':
        return "\\(ti";
    case '"':
        return "\\(dq";
    default:
        return NULL;
    }
}

static void add_escaped(struct text *out, const char *string, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const char *escape = escape_of(string[i]);
        if (!i && string[i] == '.')
            text_string(out, "\\&");
        if (escape)
            text_string(out, escape);
        else
            text_byte(out, string[i]);
    }
}

static void add_text(struct text *out, const char *string)
{
    add_escaped(out, string, strlen(string));
}

/* Paragraphs: an empty line separates them, and lines that are indented stay as they are. */
static void add_paragraphs(struct text *out, const char *string)
{
    bool shown = false;
    while (*string) {
        size_t size = strcspn(string, "\n");
        bool indented = *string == ' ';
        if (indented != shown && size)
            text_string(out, indented ? ".PP\n.nf\n" : ".fi\n");
        shown = size ? indented : shown;
        if (!size)
            text_string(out, shown ? "" : ".PP\n");
        else
            add_escaped(out, string, size);
        text_string(out, size ? "\n" : "");
        string += size + (string[size] == '\n');
    }
    text_string(out, shown ? ".fi\n" : "");
}

static void add_lines(struct text *out, const char *lines)
{
    text_string(out, ".nf\n");
    while (*lines) {
        size_t size = strcspn(lines, "\n");
        add_escaped(out, lines, size);
        text_byte(out, '\n');
        lines += size + (lines[size] == '\n');
    }
    text_string(out, ".fi\n");
}

static void add_capitals(struct text *out, const char *string)
{
    for (; *string; string++) {
        char capital = (char)toupper((unsigned char)*string);
        add_escaped(out, &capital, 1);
    }
}

/* `name`: NULL for the page of all. */
static void begin_page(const char *name, const char *summary, struct text *out)
{
    text_string(out, ".TH ROOTAPP");
    if (name) {
        text_string(out, "\\-");
        add_capitals(out, name);
    }
    text_string(out, " 1 \"" ROOTAPP_DATE "\" \"rootapp " ROOTAPP_VERSION "\" \"rootapp manual\"\n.SH NAME\nrootapp");
    text_string(out, name ? "\\-" : "");
    add_text(out, name ? name : "");
    text_string(out, " \\- ");
    add_text(out, summary);
    text_string(out, "\n.SH SYNOPSIS\n.B rootapp\n");
}

/* "-o, --output FORMAT" with what is typed in bold. */
static void add_option(const struct option *option, struct text *out)
{
    text_string(out, ".TP\n");
    if (option->letter)
        text_format(out, "\\fB\\-%c\\fR, ", option->letter);
    text_string(out, "\\fB\\-\\-");
    add_text(out, option->name);
    text_string(out, "\\fR");
    if (option->value) {
        text_string(out, " \\fI");
        add_text(out, option->value);
        text_string(out, "\\fR");
    }
    text_byte(out, '\n');
    add_text(out, option->help);
    text_byte(out, '\n');
}

static void add_options(const struct option *option, struct text *out)
{
    for (; option && option->name; option++)
        if (option->kind != OPTION_IS_REFUSED)
            add_option(option, out);
}

static void add_status(struct text *out)
{
    text_string(out,
                ".SH EXIT STATUS\n.TP\n0\nAll is well.\n.TP\n1\nIt failed or found something.\n.TP\n2\nThe command "
                "line is wrong.\n");
}

static void add_environment(struct text *out)
{
    text_string(out, ".SH ENVIRONMENT\n.TP\nROOTAPP_PAGER, PAGER\nWhat shows output that does not fit on the terminal "
                     "(default: less). An empty text, or cat, is for none.\n.TP\nNO_COLOR\nLeaves colors out, unless "
                     "it is empty.\n");
}

static void add_see(const struct command *without, struct text *out)
{
    text_string(out, ".SH SEE ALSO\n");
    if (without)
        text_string(out, ".BR rootapp (1),\n");
    for (size_t i = 0; commands[i]; i++) {
        if (commands[i] == without)
            continue;
        text_string(out, ".BR rootapp\\-");
        add_text(out, commands[i]->name);
        text_format(out, " (1)%s\n", commands[i + 1] && commands[i + 1] != without ? "," : "");
    }
}

void manual_overview(struct text *out)
{
    begin_page(NULL, program_summary, out);
    text_string(out, "[\\fB\\-C\\fR \\fIDIR\\fR] \\fICOMMAND\\fR [\\fIoptions\\fR] [\\fIoperands\\fR]\n.SH COMMANDS\n"
                     "Each has a page of its own.\n");
    for (const struct overview_line *line = command_overview; line->title || line->command; line++) {
        if (line->title) {
            text_string(out, ".SS ");
            add_text(out, line->title);
            text_byte(out, '\n');
            continue;
        }
        text_string(out, ".TP\n\\fBrootapp\\-");
        add_text(out, line->command->name);
        text_string(out, "\\fR(1)\n");
        add_text(out, line->command->summary);
        text_byte(out, '\n');
    }
    text_string(out, ".SH OPTIONS\nEvery command takes these.\n");
    add_options(common_options, out);
    add_environment(out);
    add_status(out);
    add_see(NULL, out);
}

void manual_page(const struct command *command, struct text *out)
{
    begin_page(command->name, command->summary, out);
    text_string(out, ".B ");
    add_text(out, command->name);
    text_string(out, command->options ? "\n[\\fIoptions\\fR]" : "\n");
    text_string(out, command->options && *command->operands ? " " : "");
    add_text(out, command->operands);
    text_string(out, "\n.SH DESCRIPTION\n");
    add_paragraphs(out, command->description);
    text_string(out, ".SH OPTIONS\n");
    add_options(command->options, out);
    add_options(common_options, out);
    add_status(out);
    if (command->examples) {
        text_string(out, ".SH EXAMPLES\n");
        add_lines(out, command->examples);
    }
    add_see(command, out);
}
