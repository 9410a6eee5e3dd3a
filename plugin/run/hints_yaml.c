/* hints_yaml.c: remedies for slips in YAML and in kustomization files, by what the message says and the line shows. */
#include <stdlib.h>
#include <string.h>

#include "plugin/run/hint_parts.h"

/* The line that a message says something begins in; 0: it does not. */
static unsigned beginning_line(const struct looking *looking)
{
    static const char words[] = "begins in line ";
    const char *at = strstr(looking->error->message, words);
    return at ? (unsigned)strtoul(at + sizeof words - 1, NULL, 10) : 0;
}

static size_t indent_of(const char *line)
{
    return strspn(line, " ");
}

static const char *at_column(const struct looking *looking)
{
    unsigned column = looking->error->column;
    return column && column <= strlen(looking->line) ? looking->line + column - 1 : "";
}

static bool add(struct looking *looking, const char *remedy)
{
    error_append(looking->error, remedy);
    hint_show(looking, looking->error->column ? looking->error->column : 1);
    return true;
}

/* images, newTag "1.1.0", newTag:"1.1.0": the place is the line that lacks something, not the one behind it. */
static bool hint_colon(struct looking *looking)
{
    unsigned number = beginning_line(looking);
    const char *line = number ? hint_line(looking, number) : "";
    size_t key = strspn(line, " -"), size = strcspn(line + key, " :");
    if (!line[key])
        return false;
    hint_move(looking, number, (unsigned)key + 1);
    bool glued = line[key + size] == ':' && line[key + size + 1];
    return add(looking, arena_format(looking->arena,
                                     glued ? ": in line %u a blank is missing behind '%.*s:'"
                                           : ": in line %u ':' is missing behind '%.*s'",
                                     number, (int)size, line + key));
}

static bool hint_quote(struct looking *looking)
{
    unsigned number = beginning_line(looking);
    const char *line = number ? hint_line(looking, number) : "";
    size_t quote = strcspn(line, "\"'");
    if (!line[quote])
        return false;
    hint_move(looking, number, (unsigned)quote + 1);
    return add(looking, arena_format(looking->arena, ": the quote in line %u is not closed", number));
}

/* A line whose indentation is that of none above it. */
static bool hint_depth(struct looking *looking)
{
    size_t here = indent_of(looking->line), less = 0, more = 0;
    for (unsigned number = looking->error->line; number > 1; number--) {
        const char *line = hint_line(looking, number - 1);
        size_t key = strspn(line, " -");
        if (!line[key] || line[key] == '#')
            continue;
        if (key == here || indent_of(line) == here)
            return false;
        if (key > here)
            more = key;
        if (indent_of(line) < here) {
            less = indent_of(line);
            break;
        }
    }
    if (!more)
        return false;
    looking->error->column = (unsigned)here + 1;
    return add(looking,
               arena_format(looking->arena, ": line %u is indented by %zu, and what stands above it by %zu or %zu",
                            looking->error->line, here, less, more));
}

static bool hint_first_character(struct looking *looking)
{
    const char *at = at_column(looking);
    return strchr("@`%", *at) && *at &&
           add(looking, arena_format(looking->arena, ": a value that begins with '%c' needs quotes", *at));
}

/* images, and then the items of its list: both lines are one text to YAML. */
static bool hint_colon_above(struct looking *looking)
{
    size_t key = strspn(looking->above, " -"),
           size = strspn(looking->above + key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    unsigned number = looking->error->line - 1;
    if (!size || looking->above[key + size])
        return false;
    const char *word = arena_copy(looking->arena, looking->above + key, size);
    hint_move(looking, number, (unsigned)key + 1);
    return add(looking, arena_format(looking->arena, ": in line %u ':' is missing behind '%s'", number, word));
}

/* image: example.com/shop: 1.0.0 */
static bool hint_second_colon(struct looking *looking)
{
    size_t key = strspn(looking->line, " -"), size = strcspn(looking->line + key, ": #");
    const char *value = looking->line + key + size;
    if (value[0] != ':' || value[1] != ' ' || strchr("\"'", value[1 + strspn(value + 1, " ")]))
        return false;
    return strstr(value + 2, ": ") &&
           add(looking, arena_format(looking->arena, ": the value of '%.*s' has ': ' in it, and needs quotes",
                                     (int)size, looking->line + key));
}

static bool hint_alias(struct looking *looking)
{
    return add(looking, ": a value that begins with '*' needs quotes");
}

static bool hint_encoding(struct looking *looking)
{
    error_append(looking->error, ": the file is not UTF-8; save it as UTF-8"); /* and is not shown: it may be no text */
    return true;
}

/* A blank that is none, copied from a page. */
static bool hint_blank(struct looking *looking)
{
    return strstr(looking->line, "\xc2\xa0") &&
           add(looking, ": there is a no-break space in the line; write a plain one");
}

static bool hint_flux(struct looking *looking)
{
    return strstr(looking->text, "kustomize.toolkit.fluxcd.io") &&
           add(looking, ": this is Flux's Kustomization, which only shares the name: it is no kustomization file");
}

static bool hint_template(struct looking *looking)
{
    const char *at = at_column(looking);
    return strncmp(at, "{{", 2) == 0 &&
           add(looking,
               arena_format(looking->arena,
                            ": %.*s is a template, as Helm has them, and is a map to YAML: write the value, or put it "
                            "in quotes",
                            (int)(strstr(at, "}}") ? (size_t)(strstr(at, "}}") - at) + 2 : 2), at));
}

static bool hint_path(struct looking *looking)
{
    const char *at = at_column(looking);
    return add(looking, arena_format(looking->arena, ": write 'path: %.*s'", (int)strcspn(at, " \t\"'#"), at));
}

static bool hint_literal(struct looking *looking)
{
    return add(looking, ": write KEY=VALUE");
}

static bool hint_dash(struct looking *looking)
{
    return strstr(looking->line, "- ") && add(looking, ": leave the dash out");
}

static bool hint_list(struct looking *looking)
{
    return add(looking, ": put each item behind a dash");
}

static bool hint_component(struct looking *looking)
{
    return add(looking, ": list it under resources, or give it kind: Component");
}

/* Each message by two parts of it (NULL: one is enough). The first that knows a remedy has it. */
static const struct {
    const char *part, *other;
    bool (*hint)(struct looking *looking);
} hints[] = {
    {"could not find expected ':'", NULL, hint_colon},
    {"unexpected end of stream", "quoted scalar", hint_quote},
    {"did not find expected key", NULL, hint_depth},
    {"did not find expected '-' indicator", NULL, hint_depth},
    {"cannot start any token", NULL, hint_first_character},
    {"could not find expected directive name", NULL, hint_first_character},
    {"mapping values are not allowed", NULL, hint_colon_above},
    {"mapping values are not allowed", NULL, hint_second_colon},
    {"unknown anchor", NULL, hint_alias},
    {"UTF-8 octet", NULL, hint_encoding},
    {"unknown field", NULL, hint_blank},
    {"unknown field \"spec\"", NULL, hint_flux},
    {"got MappingNode", NULL, hint_template},
    {"unmarshal object", "of type string", hint_template},
    {"unmarshal string", "Kustomization.patches.", hint_path},
    {"unmarshal object", ".literals.", hint_literal},
    {"unmarshal array", "expected a map", hint_dash},
    {"unmarshal object", "expected a list", hint_list},
    {"expected kind 'Component'", NULL, hint_component},
};

bool hint_yaml(struct looking *looking)
{
    const char *message = looking->error->message;
    for (size_t i = 0; message && i < sizeof hints / sizeof *hints; i++)
        if (strstr(message, hints[i].part) && (!hints[i].other || strstr(message, hints[i].other)) &&
            hints[i].hint(looking))
            return true;
    return false;
}
