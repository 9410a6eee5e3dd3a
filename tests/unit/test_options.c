/* test_options.c: command lines, right and wrong. */
#include <criterion/criterion.h>
#include <string.h>

#include "plugin/options.h"

static struct arena *arena;
static struct error error;
static struct invocation got;
static int status;

static void setup(void)
{
    arena = arena_new();
}

TestSuite(options, .init = setup);

static bool parse(const char *line)
{
    char *words[32] = {0};
    size_t count = 0;
    for (char *word = strtok(arena_string(arena, line), " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    error_free(&error);
    return options_parse(arena, words, &got, &status, &error);
}

static void expect_error(const char *line, int expected_status, const char *message)
{
    cr_assert_not(parse(line), "%s", line);
    cr_assert_str_eq(error.message, message);
    cr_assert_eq(status, expected_status);
}

Test(options, commands_and_operands)
{
    cr_assert(parse(""));
    cr_assert_null(got.command);
    cr_assert(parse("help version"));
    cr_assert_str_eq(got.command->name, "help");
    cr_assert_str_eq(got.operands[0], "version");
    cr_assert(parse("help -- --version"));
    cr_assert_str_eq(got.operands[0], "--version");
    cr_assert(parse("version --help"));
    cr_assert(got.help);
    cr_assert(parse("--version"));
    cr_assert(got.version);
    cr_assert(parse("-C / -C . help"));
    cr_assert(parse("help -C/ --directory=/"));
    cr_assert(parse("help --markdown=false version"));
}

Test(options, mistakes)
{
    expect_error("hlep", 2, "unknown command 'hlep' (did you mean 'help'?)");
    expect_error("frobnicate", 2, "unknown command 'frobnicate'; 'rootapp help' lists them");
    expect_error("help --markdwon", 2, "unknown option '--markdwon' (did you mean '--markdown'?)");
    expect_error("help --zzzzzz", 2, "unknown option '--zzzzzz'; see 'rootapp help help'");
    expect_error("help -x", 2, "unknown option '-x'; see 'rootapp help'");
    expect_error("help --markdown=yes", 2, "--markdown: 'yes' is neither true nor false");
    expect_error("help a b", 2, "unexpected operand 'b'; usage: rootapp help [options] [COMMAND]");
    expect_error("-C", 2, "-C needs a value: DIR");
    expect_error("-C /no/such/place help", 1, "-C /no/such/place: No such file or directory");
}

Test(options, every_command_is_described)
{
    for (size_t i = 0; commands[i]; i++) {
        cr_assert(commands[i]->name && commands[i]->summary && commands[i]->description && commands[i]->run);
        cr_assert_eq(command_find(commands[i]->name), commands[i]);
        for (const struct option *option = commands[i]->options; option && option->name; option++)
            cr_assert(option->help && *option->help, "%s --%s", commands[i]->name, option->name);
    }
}
