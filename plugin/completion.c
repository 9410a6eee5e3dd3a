/* completion.c: writes the completion of commands, options and targets for a shell. */
#include <string.h>

#include "plugin/commands.h"
#include "plugin/run/output.h"

/* Each value of an option that has choices is one; of others, the shell offers files. */
static void add_bash_values(const struct option *option, struct text *out)
{
    for (; option && option->name; option++) {
        if (!option->choices || option->kind != OPTION_IS_CHOICE)
            continue;
        text_format(out, "    --%s", option->name);
        if (option->letter)
            text_format(out, "|-%c", option->letter);
        text_string(out, ") words='");
        for (const char *const *choice = option->choices; *choice; choice++)
            text_format(out, "%s%s", choice == option->choices ? "" : " ", *choice);
        text_string(out, "' ;;\n");
    }
}

static void add_names(const struct option *option, struct text *out)
{
    for (; option && option->name; option++)
        if (option->kind != OPTION_IS_REFUSED)
            text_format(out, " --%s", option->name);
}

/* What a shell runs to list operands; NULL: there is nothing to list, or what files there are. */
static const char *operand_lister(const struct command *command)
{
    if (strcmp(command->name, "promote") == 0) /* APP FROM TO */
        return "rootapp list -o name 2>/dev/null | tr / '\n' | sort -u";
    bool targets = strstr(command->operands, "APP") && strcmp(command->name, "new") != 0;
    return targets ? "rootapp list -o name 2>/dev/null" : NULL;
}

/* Operands that are always the same, each behind a blank. */
static void add_fixed_operands(const struct command *command, struct text *out)
{
    if (strcmp(command->name, "completion") == 0)
        text_string(out, " bash zsh fish");
    for (size_t i = 0; strcmp(command->name, "help") == 0 && commands[i]; i++)
        text_format(out, " %s", commands[i]->name);
}

static void write_bash(struct text *out)
{
    text_string(out, "# bash completion of rootapp. To have it: source <(rootapp completion bash)\n"
                     "_rootapp() {\n"
                     "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words= i command=\n"
                     "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
                     "    case ${COMP_WORDS[i]} in -C) ((i++)) ;; -*) ;; *) command=${COMP_WORDS[i]}; break ;; esac\n"
                     "  done\n"
                     "  case $command in\n"
                     "  '') words='");
    for (size_t i = 0; commands[i]; i++)
        text_format(out, "%s ", commands[i]->name);
    text_string(out, "-C --help --version' ;;\n");
    for (size_t i = 0; commands[i]; i++) {
        text_format(out, "  %s)\n    words='", commands[i]->name);
        add_names(commands[i]->options, out);
        add_names(common_options, out);
        add_fixed_operands(commands[i], out);
        text_string(out, "'\n");
        if (operand_lister(commands[i]))
            text_format(out, "    [[ $word == -* ]] || words=$(%s)\n", operand_lister(commands[i]));
        text_string(out, "    case $before in\n");
        add_bash_values(commands[i]->options, out);
        text_string(out, "    esac ;;\n");
    }
    text_string(out, "  esac\n"
                     "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                     "}\n"
                     "complete -o default -F _rootapp rootapp\n");
}

/* A text between single quotes, for a shell. */
static void add_quoted(const char *string, const char *quote, struct text *out)
{
    text_byte(out, '\'');
    for (; *string; string++) {
        if (*string == '\'')
            text_string(out, quote);
        else
            text_byte(out, *string);
    }
    text_byte(out, '\'');
}

static void write_fish_options(const struct option *option, const char *command, struct text *out)
{
    for (; option && option->name; option++) {
        if (option->kind == OPTION_IS_REFUSED)
            continue;
        text_format(out, "complete -c rootapp -n '__fish_seen_subcommand_from %s' -l %s", command, option->name);
        if (option->letter)
            text_format(out, " -s %c", option->letter);
        if (option->value && option->kind != OPTION_IS_OPTIONAL)
            text_string(out, " -r");
        if (option->kind == OPTION_IS_CHOICE) {
            text_string(out, " -f -a '");
            for (const char *const *choice = option->choices; *choice; choice++)
                text_format(out, "%s%s", choice == option->choices ? "" : " ", *choice);
            text_byte(out, '\'');
        }
        text_string(out, " -d ");
        add_quoted(option->help, "\\'", out);
        text_byte(out, '\n');
    }
}

static void write_fish_operands(const struct command *command, struct text *out)
{
    struct text fixed = {0};
    const char *lister = operand_lister(command);
    add_fixed_operands(command, &fixed);
    if (lister || fixed.size)
        text_format(out, "complete -c rootapp -n '__fish_seen_subcommand_from %s' %s-a ", command->name,
                    fixed.size ? "-f " : "");
    if (lister) {
        text_string(&fixed, "(");
        text_string(&fixed, lister);
        text_string(&fixed, ")");
    }
    if (fixed.size) {
        add_quoted(text_content(&fixed), "\\'", out);
        text_byte(out, '\n');
    }
    text_free(&fixed);
}

static void write_fish(struct text *out)
{
    text_string(out, "# fish completion of rootapp. To have it: rootapp completion fish | source\n");
    for (size_t i = 0; commands[i]; i++) {
        text_format(out, "complete -c rootapp -n __fish_use_subcommand -f -a %s -d ", commands[i]->name);
        add_quoted(commands[i]->summary, "\\'", out);
        text_byte(out, '\n');
        write_fish_operands(commands[i], out);
        write_fish_options(commands[i]->options, commands[i]->name, out);
        write_fish_options(common_options, commands[i]->name, out);
    }
}

/* zsh reads what is written for bash. */
static void write_zsh(struct text *out)
{
    text_string(out, "#compdef rootapp\n"
                     "# zsh completion of rootapp. To have it: source <(rootapp completion zsh)\n"
                     "autoload -U +X bashcompinit && bashcompinit\n");
    write_bash(out);
}

static const struct shell {
    const char *name;
    void (*write)(struct text *out);
} shells[] = {{"bash", write_bash}, {"zsh", write_zsh}, {"fish", write_fish}};

static int run_completion(const struct invocation *invocation, struct error *error)
{
    const char *wanted = invocation->operand_count ? invocation->operands[0] : "";
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        struct text text = {0};
        if (strcmp(shells[i].name, wanted) != 0)
            continue;
        shells[i].write(&text);
        bool written = output_print(&text, error);
        text_free(&text);
        return written ? EXIT_GOOD : EXIT_FAILED;
    }
    error_set(error, "completion needs the name of a shell: bash, zsh or fish");
    return EXIT_USAGE;
}

const struct command completion_command = {
    .name = "completion",
    .operands = "bash|zsh|fish",
    .most_operands = 1,
    .summary = "write the completion for a shell",
    .description = "Writes what a shell needs to complete commands, options, their values, and the names of targets. "
                   "The line with which a shell reads it is at its beginning.",
    .examples = "rootapp completion bash >rootapp.bash\n",
    .run = run_completion,
};
