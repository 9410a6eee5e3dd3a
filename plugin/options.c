/* options.c: parses a command line by the tables of options. */
#include "plugin/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"

struct common {
    const char *directory;
    bool help, version;
};

const struct option common_options[] = {
    OPTION_TEXT(struct common, directory, 'C', "directory", "DIR", "run as if started in DIR"),
    OPTION_SWITCH(struct common, help, 'h', "help", "show help"),
    OPTION_SWITCH(struct common, version, 'V', "version", "show the version"),
    OPTION_END,
};

static const struct option no_options[] = {OPTION_END};

enum { LARGEST_NUMBER = 1024, MOST_NAMES = 64 };

/* A command line on its way: `own` and `common` are the structs that values are stored in. */
struct parser {
    struct arena *arena;
    const struct command *command;
    char **arguments;
    char *own;
    struct common common;
    const char **operands;
    size_t operand_count, operand_room;
    bool only_operands;
    size_t before; /* operands in front of "--" */ /* after -- */
    int *status;
    struct error *error;
};

/* An option as it was written. */
struct given_option {
    const struct option *option;
    bool is_common;
    const char *shown; /* --output or -o */
    const char *value; /* NULL: none was attached */
};

static const struct option *own_options(const struct parser *parser)
{
    return parser->command && parser->command->options ? parser->command->options : no_options;
}

static const struct option *find_long(const struct option *table, const char *name, size_t size)
{
    for (; table->name; table++)
        if (strncmp(table->name, name, size) == 0 && !table->name[size])
            return table;
    return NULL;
}

static const struct option *find_letter(const struct option *table, char letter)
{
    for (; table->name; table++)
        if (table->letter == letter)
            return table;
    return NULL;
}

static const char *nearest_option(const struct parser *parser, const char *name)
{
    const char *names[MOST_NAMES + 1] = {NULL};
    size_t count = 0;
    const struct option *tables[] = {own_options(parser), common_options};
    for (size_t i = 0; i < 2; i++)
        for (const struct option *option = tables[i]; option->name && count < MOST_NAMES; option++)
            names[count++] = option->name;
    return nearest_name(name, names);
}

static bool unknown_option(struct parser *parser, const char *name)
{
    const char *see = parser->command ? parser->command->name : NULL;
    const char *near = nearest_option(parser, name);
    if (near)
        return error_set(parser->error, "unknown option '--%s' (did you mean '--%s'?)", name, near);
    return error_set(parser->error, "unknown option '--%s'; see 'rootapp help%s%s'", name, see ? " " : "",
                     see ? see : "");
}

static bool set_switch(const struct given_option *written, bool *out, struct error *error)
{
    const char *value = written->value;
    if (value && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
        return error_set(error, "%s: '%s' is neither true nor false", written->shown, value);
    *out = !value || *value == 't';
    return true;
}

static bool set_choice(const struct given_option *written, const char **out, struct error *error)
{
    struct text known = {0};
    for (const char *const *choice = written->option->choices; *choice; choice++) {
        if (strcmp(*choice, written->value) == 0) {
            *out = *choice;
            text_free(&known);
            return true;
        }
        text_format(&known, "%s%s", known.size ? ", " : "", *choice);
    }
    error_set(error, "%s: '%s' is none of %s", written->shown, written->value, known.bytes);
    text_free(&known);
    return false;
}

static bool set_number(const struct given_option *written, long *out, struct error *error)
{
    char *end;
    errno = 0;
    long number = strtol(written->value, &end, 10);
    if (errno || *end || end == written->value || number < 1 || number > LARGEST_NUMBER)
        return error_set(error, "%s: '%s' is no number from 1 to %d", written->shown, written->value, LARGEST_NUMBER);
    *out = number;
    return true;
}

static bool add_to_list(struct parser *parser, const struct given_option *written, struct option_list *list)
{
    list->items = arena_grow(parser->arena, list->items, list->count, &list->room, sizeof *list->items);
    list->items[list->count++] = written->value;
    return true;
}

/* -C takes effect at once, so that a second one is relative to the first. */
static bool change_directory(struct parser *parser, const char *path)
{
    if (chdir(path) == 0)
        return true;
    *parser->status = EXIT_FAILED;
    return error_set(parser->error, "-C %s: %s", path, strerror(errno));
}

static bool store_value(struct parser *parser, const struct given_option *written)
{
    char *base = written->is_common ? (char *)&parser->common : parser->own;
    void *member = base + written->option->offset;
    switch (written->option->kind) {
    case OPTION_IS_SWITCH:
        return set_switch(written, member, parser->error);
    case OPTION_IS_CHOICE:
        return set_choice(written, member, parser->error);
    case OPTION_IS_NUMBER:
        return set_number(written, member, parser->error);
    case OPTION_IS_REFUSED:
        return error_set(parser->error, "%s: %s", written->shown, written->option->help);
    case OPTION_IS_LIST:
        return add_to_list(parser, written, member);
    case OPTION_IS_TEXT:
    case OPTION_IS_OPTIONAL:
        break;
    }
    *(const char **)member = written->value;
    return written->option->letter != 'C' || !written->is_common || change_directory(parser, written->value);
}

/* Takes the next argument as the value where the option wants one and none is attached. */
static bool finish_option(struct parser *parser, struct given_option *written)
{
    if (written->option->kind == OPTION_IS_OPTIONAL && !written->value)
        written->value = "";
    if (written->option->value && !written->value) {
        written->value = *parser->arguments;
        if (!written->value)
            return error_set(parser->error, "%s needs a value: %s", written->shown, written->option->value);
        parser->arguments++;
    }
    return store_value(parser, written);
}

static bool parse_long(struct parser *parser, const char *argument)
{
    size_t size = strcspn(argument, "=");
    const char *name = arena_copy(parser->arena, argument, size);
    struct given_option written = {.shown = arena_format(parser->arena, "--%s", name)};
    written.option = find_long(own_options(parser), name, size);
    if (!written.option) {
        written.option = find_long(common_options, name, size);
        written.is_common = true;
    }
    if (!written.option)
        return unknown_option(parser, name);
    written.value = argument[size] ? argument + size + 1 : NULL;
    return finish_option(parser, &written);
}

/* Letters may stand together: -vj4. A letter that takes a value takes the rest: -j4, -j=4. */
static bool parse_letters(struct parser *parser, const char *letters)
{
    for (; *letters; letters++) {
        struct given_option written = {.shown = arena_format(parser->arena, "-%c", *letters)};
        written.option = find_letter(own_options(parser), *letters);
        if (!written.option) {
            written.option = find_letter(common_options, *letters);
            written.is_common = true;
        }
        if (!written.option)
            return error_set(parser->error, "unknown option '%s'; see 'rootapp help'", written.shown);
        bool takes_rest = written.option->value && letters[1];
        if (takes_rest)
            written.value = letters + 1 + (letters[1] == '=');
        if (!finish_option(parser, &written))
            return false;
        if (takes_rest)
            break;
    }
    return true;
}

static void add_operand(struct parser *parser, const char *operand)
{
    parser->operands = arena_grow(parser->arena, parser->operands, parser->operand_count, &parser->operand_room,
                                  sizeof *parser->operands);
    parser->operands[parser->operand_count++] = operand;
}

static bool take_command(struct parser *parser, const char *name)
{
    parser->command = command_find(name);
    if (!parser->command) {
        unknown_command(parser->error, name);
        return false;
    }
    parser->own = arena_zero(parser->arena, parser->command->options_size + 1);
    return true;
}

static bool parse_argument(struct parser *parser, const char *argument)
{
    if (parser->only_operands || argument[0] != '-' || !argument[1]) {
        if (!parser->command)
            return take_command(parser, argument);
        add_operand(parser, argument);
        return true;
    }
    if (argument[1] != '-')
        return parse_letters(parser, argument + 1);
    if (argument[2])
        return parse_long(parser, argument + 2);
    parser->only_operands = true;
    parser->before = parser->operand_count;
    return true;
}

static bool check_operands(const struct parser *parser)
{
    const struct command *command = parser->command;
    if (!command || parser->operand_count <= command->most_operands)
        return true;
    return error_set(parser->error, "unexpected operand '%s'; usage: rootapp %s [options] %s",
                     parser->operands[command->most_operands], command->name, command->operands);
}

bool options_parse(struct arena *arena, char **arguments, struct invocation *out, int *status, struct error *error)
{
    struct parser parser = {.arena = arena, .arguments = arguments, .status = status, .error = error};
    *status = EXIT_USAGE;
    while (*parser.arguments) {
        const char *argument = *parser.arguments++;
        if (!parse_argument(&parser, argument))
            return false;
    }
    *out = (struct invocation){.command = parser.command,
                               .options = parser.own,
                               .operands = parser.operands,
                               .operand_count = parser.operand_count,
                               .before = parser.only_operands ? parser.before : parser.operand_count,
                               .help = parser.common.help,
                               .version = parser.common.version,
                               .arena = arena,
                               .parse = options_parse};
    return out->help || out->version || check_operands(&parser);
}
