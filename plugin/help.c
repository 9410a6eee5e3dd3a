/* help.c: shows what commands there are and what each takes, as text or as the page under docs/commands. */
#include "plugin/help.h"

#include <string.h>
#include <unistd.h>

#include "base/wrap.h"
#include "plugin/commands.h"
#include "plugin/manual.h"
#include "plugin/run/output.h"
#include "plugin/run/terminal.h"

enum { OPTION_COLUMN = 30, LINE = 100 };

/* A page has lines of 100; a terminal says how long its own are, also where less or head shows them. */
static size_t line_width(void)
{
    size_t behind = terminal_width_behind();
    return isatty(STDOUT_FILENO) ? terminal_width() : behind && behind < LINE ? behind : LINE;
}

static void write_padded(struct text *out, const char *string, size_t column)
{
    size_t size = strlen(string);
    text_string(out, string);
    text_repeat(out, ' ', size + 1 < column ? column - size : 1);
}

/* "-o, --output PATH". Refused options are no part of help: whoever writes one is told why. */
static void option_label(const struct option *option, bool align, struct text *out)
{
    if (option->letter)
        text_format(out, "-%c, ", option->letter);
    else if (align)
        text_string(out, "    ");
    text_format(out, "--%s", option->name);
    if (option->kind == OPTION_IS_OPTIONAL)
        text_format(out, "[=%s]", option->value);
    else if (option->value)
        text_format(out, " %s", option->value);
}

static void write_options(const struct option *option, struct text *out)
{
    for (; option->name; option++) {
        if (option->kind == OPTION_IS_REFUSED)
            continue;
        struct text label = {0};
        text_string(&label, "  ");
        option_label(option, true, &label);
        if (label.size + 2 > OPTION_COLUMN) {
            text_format(out, "%s\n", label.bytes);
            text_repeat(out, ' ', OPTION_COLUMN);
        } else {
            write_padded(out, label.bytes, OPTION_COLUMN);
        }
        text_wrap(out, option->help, OPTION_COLUMN, line_width());
        text_free(&label);
    }
}

static void write_usage(const struct command *command, struct text *out)
{
    text_format(out, "rootapp %s%s%s%s\n", command->name, command->options ? " [options]" : "",
                *command->operands ? " " : "", command->operands);
}

void help_overview(struct text *out)
{
    struct text sentence = {0};
    text_format(&sentence, "rootapp %s.", program_summary);
    text_wrap(out, text_content(&sentence), 0, line_width());
    text_free(&sentence);
    text_string(out, "\nusage: rootapp [-C DIR] COMMAND [options] [operands]\n");
    for (const struct overview_line *line = command_overview; line->title || line->command; line++) {
        if (line->title) {
            text_format(out, "\n%s:\n", line->title);
            continue;
        }
        text_string(out, "  ");
        write_padded(out, line->command->name, 12);
        text_wrap(out, line->command->summary, 14, line_width());
    }
    text_string(out, "\n'rootapp help COMMAND' shows a command's options.\n");
}

void help_command_page(const struct command *command, struct text *out)
{
    text_string(out, "usage: ");
    write_usage(command, out);
    text_byte(out, '\n');
    text_wrap(out, command->description, 0, line_width());
    text_byte(out, '\n');
    if (command->options)
        write_options(command->options, out);
    write_options(common_options, out);
    if (command->examples)
        text_format(out, "\nExamples:\n%s", command->examples);
}

static void write_option_rows(const struct option *option, struct text *out)
{
    for (; option->name; option++) {
        if (option->kind == OPTION_IS_REFUSED)
            continue;
        text_string(out, "| `");
        option_label(option, false, out);
        text_format(out, "` | %s |\n", option->help);
    }
}

static void help_command_markdown(const struct command *command, struct text *out)
{
    text_format(out, "# rootapp %s: %s\n\n    ", command->name, command->summary);
    write_usage(command, out);
    text_byte(out, '\n');
    text_wrap(out, command->description, 0, LINE);
    text_string(out, "\n## Options\n\n| Option | Meaning |\n|---|---|\n");
    if (command->options)
        write_option_rows(command->options, out);
    write_option_rows(common_options, out);
    text_string(out, "\nExit status: 0 all is well, 1 it failed or found something, 2 the command line is wrong.\n");
    if (command->examples)
        text_format(out, "\n## Examples\n\n```sh\n%s```\n", command->examples);
}

struct help_options {
    bool markdown, manual;
};

static const struct option options[] = {
    OPTION_SWITCH(struct help_options, markdown, 0, "markdown", "print the command's page of docs/commands"),
    OPTION_SWITCH(struct help_options, manual, 0, "man", "print the manual page, for man -l -"),
    OPTION_END,
};

static void write_help(const struct help_options *chosen, const struct command *command, struct text *out)
{
    if (chosen->manual && command)
        manual_page(command, out);
    else if (chosen->manual)
        manual_overview(out);
    else if (!command)
        help_overview(out);
    else if (chosen->markdown)
        help_command_markdown(command, out);
    else
        help_command_page(command, out);
}

static int run_help(const struct invocation *invocation, struct error *error)
{
    const struct help_options *chosen = invocation->options;
    struct text text = {0};
    const struct command *command = NULL;
    if (invocation->operand_count) {
        command = command_find(invocation->operands[0]);
        if (!command) {
            unknown_command(error, invocation->operands[0]);
            return EXIT_USAGE;
        }
    }
    write_help(chosen, command, &text);
    bool written = output_print(&text, error);
    text_free(&text);
    return written ? EXIT_GOOD : EXIT_FAILED;
}

const struct command help_command = {
    .name = "help",
    .operands = "[COMMAND]",
    .most_operands = 1,
    .summary = "show the commands, or one command's options",
    .description =
        "Lists the commands. With a command, shows what it does and what options it takes. "
        "'make install' installs the manual pages: man rootapp, man rootapp-list.\n"
        "\n"
        "All output that does not fit on the terminal is shown by the pager that ROOTAPP_PAGER names, else by "
        "PAGER's, else by less. An empty text, or cat, is for none. NO_COLOR leaves colors out.",
    .examples = "rootapp help list\n"
                "rootapp help --man list >rootapp-list.1\n",
    .options = options,
    .options_size = sizeof(struct help_options),
    .run = run_help,
};
