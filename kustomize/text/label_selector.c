/* label_selector.c: parses and applies label selectors.
 *
 * Source of all rules and messages: k8s.io/apimachinery pkg/labels/selector.go, which kyaml carries. */
#include "kustomize/text/label_selector.h"

#include <stdlib.h>
#include <string.h>

#include "base/go_values.h"

enum token { END, CLOSE, COMMA, NOT, DOUBLE_EQUALS, EQUALS, GREATER, WORD, IN, LESS, NOT_EQUALS, NOT_IN, OPEN };

enum relation { RELATION_IN, RELATION_NOT_IN, RELATION_EXISTS, RELATION_ABSENT, RELATION_GREATER, RELATION_LESS };

struct requirement {
    const char *key;
    enum relation relation;
    const char **values;
    size_t count, room;
    int64_t bound;
};

struct label_selector {
    struct requirement *items;
    size_t count, room;
};

struct parser {
    struct arena *arena;
    const char *at;
    enum token token; /* the next one */
    const char *text; /* as it is written */
    origin origin;
    struct error *error;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_symbol(char c)
{
    return c && strchr("=!(),><", c);
}

static const struct symbol {
    const char *text;
    enum token token;
} symbols[] = {
    {"==", DOUBLE_EQUALS}, {"!=", NOT_EQUALS}, {"=", EQUALS},  {"!", NOT},  {")", CLOSE},
    {",", COMMA},          {"(", OPEN},        {">", GREATER}, {"<", LESS},
};

static void next_symbol(struct parser *parser)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        size_t size = strlen(symbols[i].text);
        if (strncmp(parser->at, symbols[i].text, size) != 0)
            continue;
        parser->token = symbols[i].token;
        parser->text = symbols[i].text;
        parser->at += size;
        return;
    }
}

static void next_word(struct parser *parser)
{
    size_t size = 0;
    while (parser->at[size] && !is_space(parser->at[size]) && !is_symbol(parser->at[size]))
        size++;
    parser->text = arena_copy(parser->arena, parser->at, size);
    parser->at += size;
    bool in = strcmp(parser->text, "in") == 0, not_in = strcmp(parser->text, "notin") == 0;
    parser->token = in ? IN : not_in ? NOT_IN : WORD;
}

static void read_token(struct parser *parser)
{
    while (is_space(*parser->at))
        parser->at++;
    parser->token = END;
    parser->text = "";
    if (is_symbol(*parser->at))
        next_symbol(parser);
    else if (*parser->at)
        next_word(parser);
}

static bool expected_token(struct parser *parser, const char *what)
{
    return error_at(parser->error, parser->origin, "unable to parse requirement: found '%s', expected: %s",
                    parser->text, what);
}

/* `in` and `notin` are words where a key or a value is expected. */
static bool at_word(const struct parser *parser)
{
    return parser->token == WORD || parser->token == IN || parser->token == NOT_IN;
}

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Begins and ends with a letter or digit; dashes, dots and underscores in between. */
static bool is_name(const char *text, size_t size)
{
    if (!size || size > 63 || !is_alphanumeric(text[0]) || !is_alphanumeric(text[size - 1]))
        return false;
    for (size_t i = 0; i < size; i++)
        if (!is_alphanumeric(text[i]) && !strchr("-_.", text[i]))
            return false;
    return true;
}

/* Lower-case labels of letters, digits and dashes, with dots between them. */
static bool is_subdomain(const char *text, size_t size)
{
    if (!size || size > 253)
        return false;
    char before = '.';
    for (size_t i = 0; i <= size; i++) {
        char c = i < size ? text[i] : '.';
        bool edge = before == '.' || before == '-';
        bool valid = c == '.' ? !edge : c == '-' ? before != '.' : is_alphanumeric(c) && !(c >= 'A' && c <= 'Z');
        if (!valid)
            return false;
        before = c;
    }
    return true;
}

static bool check_key(struct parser *parser, const char *key)
{
    const char *slash = strchr(key, '/');
    const char *name = slash ? slash + 1 : key;
    if ((!slash || is_subdomain(key, (size_t)(slash - key))) && is_name(name, strlen(name)))
        return true;
    return error_at(parser->error, parser->origin,
                    "unable to parse requirement: invalid label key \"%s\": it must be [prefix/]name, the name of at "
                    "most 63 letters, digits, '-', '_' and '.'",
                    key);
}

static bool check_value(struct parser *parser, const struct requirement *requirement, const char *value)
{
    if (!*value || is_name(value, strlen(value)))
        return true;
    return error_at(parser->error, parser->origin,
                    "unable to parse requirement: invalid label value: \"%s\": at key: \"%s\": it must be empty or "
                    "consist of at most 63 letters, digits, '-', '_' and '.'",
                    value, requirement->key);
}

static bool add_value(struct parser *parser, struct requirement *requirement, const char *value)
{
    if (!check_value(parser, requirement, value))
        return false;
    requirement->values = arena_grow(parser->arena, requirement->values, requirement->count, &requirement->room,
                                     sizeof *requirement->values);
    requirement->values[requirement->count++] = value;
    return true;
}

/* (a,,b): what is missing between commas is the empty value. */
static bool parse_values(struct parser *parser, struct requirement *requirement)
{
    if (parser->token != OPEN)
        return expected_token(parser, "'('");
    do {
        read_token(parser);
        const char *value = at_word(parser) ? parser->text : "";
        if (!add_value(parser, requirement, value))
            return false;
        if (at_word(parser))
            read_token(parser);
    } while (parser->token == COMMA);
    if (parser->token != CLOSE)
        return expected_token(parser, "',' or ')'");
    read_token(parser);
    return true;
}

static bool parse_exact_value(struct parser *parser, struct requirement *requirement)
{
    if (parser->token == END || parser->token == COMMA)
        return add_value(parser, requirement, "");
    if (!at_word(parser))
        return expected_token(parser, "identifier");
    const char *value = parser->text;
    read_token(parser);
    return add_value(parser, requirement, value);
}

static bool parse_bound(struct parser *parser, struct requirement *requirement)
{
    if (!parse_exact_value(parser, requirement))
        return false;
    if (go_read_integer(requirement->values[0], &requirement->bound))
        return true;
    return error_at(parser->error, parser->origin,
                    "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer");
}

static bool parse_restriction(struct parser *parser, struct requirement *requirement)
{
    enum token token = parser->token;
    switch (token) {
    case IN:
    case EQUALS:
    case DOUBLE_EQUALS:
        requirement->relation = RELATION_IN;
        break;
    case NOT_IN:
    case NOT_EQUALS:
        requirement->relation = RELATION_NOT_IN;
        break;
    case GREATER:
    case LESS:
        requirement->relation = token == LESS ? RELATION_LESS : RELATION_GREATER;
        break;
    default:
        return expected_token(parser, "'=', '!=', '==', 'in', notin'");
    }
    read_token(parser);
    if (token == IN || token == NOT_IN)
        return parse_values(parser, requirement);
    bool bound = token == GREATER || token == LESS;
    return bound ? parse_bound(parser, requirement) : parse_exact_value(parser, requirement);
}

static bool parse_requirement(struct parser *parser, struct requirement *requirement)
{
    bool negative = parser->token == NOT;
    if (negative)
        read_token(parser);
    if (!at_word(parser))
        return expected_token(parser, "identifier");
    requirement->key = parser->text;
    requirement->relation = negative ? RELATION_ABSENT : RELATION_EXISTS;
    read_token(parser);
    if (!check_key(parser, requirement->key))
        return false;
    return parser->token == END || parser->token == COMMA || parse_restriction(parser, requirement);
}

static bool parse_all(struct parser *parser, struct label_selector *selector)
{
    while (parser->token != END) {
        if (!at_word(parser) && parser->token != NOT)
            return expected_token(parser, "!, identifier, or 'end of string'");
        selector->items =
            arena_grow(parser->arena, selector->items, selector->count, &selector->room, sizeof *selector->items);
        struct requirement *requirement = &selector->items[selector->count++];
        *requirement = (struct requirement){0};
        if (!parse_requirement(parser, requirement))
            return false;
        if (parser->token == END)
            break;
        if (parser->token != COMMA)
            return expected_token(parser, "',' or 'end of string'");
        read_token(parser);
        if (!at_word(parser) && parser->token != NOT)
            return expected_token(parser, "identifier after ','");
    }
    return true;
}

struct label_selector *label_selector_parse(struct arena *arena, const char *text, origin at, struct error *error)
{
    struct parser parser = {.arena = arena, .at = text, .origin = at, .error = error};
    struct label_selector *selector = ARENA_NEW(arena, struct label_selector);
    read_token(&parser);
    return parse_all(&parser, selector) ? selector : NULL;
}

static bool has_value(const struct requirement *requirement, const char *value)
{
    for (size_t i = 0; i < requirement->count; i++)
        if (strcmp(requirement->values[i], value) == 0)
            return true;
    return false;
}

static bool satisfies_requirement(const struct node *labels, const struct requirement *requirement)
{
    const struct node *label = node_last(labels, requirement->key);
    const char *value = node_is_scalar(label) ? label->text : "";
    int64_t number;
    switch (requirement->relation) {
    case RELATION_IN:
        return label && has_value(requirement, value);
    case RELATION_NOT_IN:
        return !label || !has_value(requirement, value);
    case RELATION_EXISTS:
        return label;
    case RELATION_ABSENT:
        return !label;
    case RELATION_GREATER:
        return label && go_read_integer(value, &number) && number > requirement->bound;
    case RELATION_LESS:
        return label && go_read_integer(value, &number) && number < requirement->bound;
    }
    return false;
}

bool label_selector_matches(const struct label_selector *selector, const struct node *labels)
{
    for (size_t i = 0; i < selector->count; i++)
        if (!satisfies_requirement(labels, &selector->items[i]))
            return false;
    return true;
}

size_t label_selector_cost(const struct label_selector *selector, const struct node *labels)
{
    enum { VALUES_A_STEP = 8, LABELS_A_STEP = 16 };
    size_t look_up = 1 + (node_is_map(labels) ? labels->count / LABELS_A_STEP : 0), cost = 0;
    for (size_t i = 0; selector && i < selector->count; i++)
        cost += look_up + selector->items[i].count / VALUES_A_STEP;
    return cost;
}
