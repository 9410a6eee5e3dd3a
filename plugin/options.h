/* Commands and their options: one table, from which come parsing, usage, help, manual pages and the hints in errors.
 *
 * To add a command NAME:
 *  1. plugin/NAME.c: a struct for its options, a const table of them, a function `run`, and one exported constant
 *
 *         struct greet_options { const char *name; bool loud; };
 *         static const struct option options[] = {
 *             OPTION_TEXT(struct greet_options, name, 'n', "name", "NAME", "whom to greet"),
 *             OPTION_SWITCH(struct greet_options, loud, 0, "loud", "in capitals"),
 *             OPTION_END,
 *         };
 *         const struct command greet_command = {...};
 *
 *  2. a line in plugin/commands.def, where help shows it;
 *  3. docs/commands/NAME.md as `rootapp help --markdown NAME` prints it (tests/cli/help.sh compares them);
 *  4. tests in tests/cli/NAME.sh.
 *
 * The struct is zeroed before parsing, so an absent option is NULL, false or 0. `run` returns an exit status; where it
 * fills the error, main prints that and the status is at least EXIT_FAILED. Results go out through plugin/run/output.h.
 */
#ifndef PLUGIN_OPTIONS_H
#define PLUGIN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum exit_status { EXIT_GOOD = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

enum option_kind {
    OPTION_IS_SWITCH,   /* bool; --name=false is understood */
    OPTION_IS_TEXT,     /* const char * */
    OPTION_IS_OPTIONAL, /* const char *: its value, only behind '='; "": the option alone */
    OPTION_IS_CHOICE,   /* const char *, one of `choices` */
    OPTION_IS_NUMBER,   /* long, from 1 to 1024 */
    OPTION_IS_LIST,     /* struct option_list; may be given several times */
    OPTION_IS_REFUSED,  /* known to users of kustomize, refused by name; `help` says why */
};

struct option_list {
    const char **items;
    size_t count, room;
};

struct option {
    const char *name; /* without "--"; NULL ends a table */
    char letter;      /* 0: none */
    enum option_kind kind;
    size_t offset;
    const char *value; /* what help calls the value; NULL: it takes none */
    const char *const *choices;
    const char *help;
};

#define OPTION_SWITCH(type, member, letter, name, help)                          \
    {                                                                            \
        name, letter, OPTION_IS_SWITCH, offsetof(type, member), NULL, NULL, help \
    }
#define OPTION_TEXT(type, member, letter, name, value, help)                    \
    {                                                                           \
        name, letter, OPTION_IS_TEXT, offsetof(type, member), value, NULL, help \
    }
#define OPTION_OPTIONAL(type, member, letter, name, value, help)                    \
    {                                                                               \
        name, letter, OPTION_IS_OPTIONAL, offsetof(type, member), value, NULL, help \
    }
#define OPTION_CHOICE(type, member, letter, name, value, choices, help)              \
    {                                                                                \
        name, letter, OPTION_IS_CHOICE, offsetof(type, member), value, choices, help \
    }
#define OPTION_NUMBER(type, member, letter, name, value, help)                    \
    {                                                                             \
        name, letter, OPTION_IS_NUMBER, offsetof(type, member), value, NULL, help \
    }
#define OPTION_LIST(type, member, letter, name, value, help)                    \
    {                                                                           \
        name, letter, OPTION_IS_LIST, offsetof(type, member), value, NULL, help \
    }
#define OPTION_REFUSED(letter, name, help)                   \
    {                                                        \
        name, letter, OPTION_IS_REFUSED, 0, NULL, NULL, help \
    }
#define OPTION_END                                     \
    {                                                  \
        NULL, 0, OPTION_IS_SWITCH, 0, NULL, NULL, NULL \
    }

struct invocation;

struct command {
    const char *name;
    const char *operands; /* as usage shows them: "[DIR]"; "" for none */
    size_t most_operands;
    const char *summary;     /* one line, lower case, no full stop */
    const char *description; /* paragraphs for help and the manual page */
    const char *examples;    /* lines of shell; NULL: none */
    const struct option *options;
    size_t options_size; /* of the struct that the options are stored in */
    int (*run)(const struct invocation *invocation, struct error *error);
};

typedef bool command_line_parser(struct arena *arena, char **arguments, struct invocation *out, int *status,
                                 struct error *error);

/* A parsed command line. Lives in `arena`, which a command may use for whatever lives as long as the process. */
struct invocation {
    const struct command *command; /* NULL: none was given */
    const void *options;
    const char *const *operands;
    size_t operand_count;
    size_t before;      /* how many of them stand before "--"; all, where there is none */
    bool help, version; /* asked for by an option */
    struct arena *arena;
    command_line_parser *parse; /* for a command that reads another command line: options_parse */
};

enum { OPERANDS_UNLIMITED = 4096 };

/* All commands in the order of help, the last one NULL; and one by its name. */
extern const struct command *const commands[];
const struct command *command_find(const char *name);

/* The options that every command takes. */
extern const struct option common_options[];

/* Parses a command line (without the program's name). Changes the working directory at each -C. False: a usage error,
 * or a directory that is not there; *status says which. */
bool options_parse(struct arena *arena, char **arguments, struct invocation *out, int *status, struct error *error);

/* The message of an unknown command, with the nearest name. */
void unknown_command(struct error *error, const char *name);

#endif
