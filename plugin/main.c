/* main.c: parses the command line, runs the command, and is the only place that prints an error. */
#include <signal.h>
#include <string.h>

#include "base/ending.h"
#include "plugin/commands.h"
#include "plugin/help.h"
#include "plugin/run/output.h"

static void print_error(const struct error *error)
{
    struct text line = {0};
    text_string(&line, "rootapp: ");
    error_write(error, &line);
    text_byte(&line, '\n');
    text_string(&line, error->excerpt ? error->excerpt : "");
    output_note(&line);
    text_free(&line);
}

static int print_help(const struct invocation *invocation, struct error *error)
{
    struct text text = {0};
    if (invocation->command)
        help_command_page(invocation->command, &text);
    else
        help_overview(&text);
    bool written = output_print(&text, error);
    text_free(&text);
    return written ? EXIT_GOOD : EXIT_FAILED;
}

static int print_usage(void)
{
    struct text text = {0};
    help_overview(&text);
    output_note(&text);
    text_free(&text);
    return EXIT_USAGE;
}

static int dispatch_command(const struct invocation *invocation, struct error *error)
{
    if (invocation->help)
        return print_help(invocation, error);
    if (invocation->version)
        return version_command.run(invocation, error);
    if (!invocation->command)
        return print_usage();
    return invocation->command->run(invocation, error);
}

int main(int count, char **arguments)
{
    char stack[ENDING_STACK];
    (void)count;
    ending_use_stack(stack);
    output_guard();
    ending_catch_signals();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of the write */
    struct arena *arena = arena_new();
    struct error error = {0};
    struct invocation invocation;
    int status;
    if (options_parse(arena, *arguments ? arguments + 1 : arguments, &invocation, &status, &error))
        status = dispatch_command(&invocation, &error);
    if (error.message && error.kind == ERROR_CLOSED_PIPE) {
        status = 128 + SIGPIPE; /* as if the signal had ended us, and as silent: `rootapp list | head` is no mistake */
    } else if (error.message) {
        print_error(&error);
        status = status ? status : EXIT_FAILED;
    }
    error_free(&error);
    arena_free(arena);
    return status;
}
