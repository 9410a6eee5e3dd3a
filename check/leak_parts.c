/* leak_parts.c: what a secret value looks like, and how it is told. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "check/leaks.h"

bool leak_name_ends(const char *name, size_t size, const char *ending)
{
    size_t length = strlen(ending);
    return size >= length && strncasecmp(name + size - length, ending, length) == 0;
}

void leak_add(struct findings *findings, enum rule_id id, struct place place, size_t size, const char *message)
{
    struct span span = span_of(place);
    if (size) {
        span.end_line = span.line;
        span.end_column = span.column + (unsigned)size;
    }
    struct finding finding = {.rule = &rules[id], .place = span, .message = message};
    struct finding *added = findings_add(findings, &finding);
    if (added && !added->fix)
        added->fix = "take it out and seal it (rootapp seal), and change the value: it has leaked";
}

/* Words that stand for a password in examples and templates. */
static bool is_example_word(const char *value, size_t size)
{
    static const char *const words[] = {"password",    "passwd",        "pass",         "pwd",        "secret",
                                        "token",       "changeme",      "change-me",    "change_me",  "example",
                                        "placeholder", "redacted",      "dummy",        "todo",       "none",
                                        "null",        "your-password", "yourpassword", "mypassword", "test",
                                        "...",         "replace_me",    "replaceme",    "foo",        "bar"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == size && strncasecmp(value, words[i], size) == 0)
            return true;
    return false;
}

static bool is_one_character(const char *value, size_t size)
{
    for (size_t i = 1; i < size; i++)
        if (value[i] != value[0])
            return false;
    return true;
}

bool is_stand_in(const char *value, size_t size)
{
    if (!size || is_one_character(value, size) || is_example_word(value, size))
        return true;
    return *value == '$' || *value == '<' || *value == '%' || (size > 1 && value[0] == '{' && value[1] == '{') ||
           (*value == '[' && value[size - 1] == ']') || (size >= 4 && strncmp(value, "ENC[", 4) == 0);
}

bool is_filled_in(const char *value, size_t size)
{
    static const char *const beginnings[] = {"{{",     "${",   "ENC[",        "op://",
                                             "vault:", "ref+", "AWS_SECRET:", "secretref+"};
    if (size > 1 && value[0] == '<' && value[size - 1] == '>')
        return true;
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (size > strlen(beginnings[i]) && strncmp(value, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

static bool is_switch_or_path(const char *value, size_t size)
{
    static const char *const switches[] = {"true", "false", "yes", "no", "on", "off"};
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (strlen(switches[i]) == size && strncasecmp(value, switches[i], size) == 0)
            return true;
    bool number = true;
    for (size_t i = 0; i < size; i++)
        number = number && isdigit((unsigned char)value[i]);
    return (number && size < 4) || *value == '/' || *value == '.' || (size > 5 && strncmp(value, "file:", 5) == 0);
}

static const char secret_endings[][16] = {
    "password",   "passwd",         "passphrase",    "client_secret",  "client-secret", "clientsecret",
    "jwt_secret", "session_secret", "cookie_secret", "webhook_secret", "app_secret",    "signing_secret",
    "secret_key", "secret-key",     "secretkey",     "api_key",        "api-key",       "apikey",
    "access_key", "access-key",     "accesskey",     "private_key",    "private-key",   "privatekey",
    "auth_token", "auth-token",     "access_token",  "access-token",   "api_token",     "api-token"};

bool is_secret_setting(const char *name, size_t name_size, const char *value, size_t value_size)
{
    if (is_stand_in(value, value_size) || is_switch_or_path(value, value_size))
        return false;
    for (size_t i = 0; i < sizeof secret_endings / sizeof *secret_endings; i++)
        if (leak_name_ends(name, name_size, secret_endings[i]))
            return true;
    return false;
}

/* A name may be written with escapes, too. */
bool may_name_secret(const struct letter_pairs *pairs)
{
    for (size_t i = 0; i < sizeof secret_endings / sizeof *secret_endings; i++)
        if (letter_pairs_may_make(pairs, secret_endings[i]))
            return true;
    return letter_pairs_may_make(pairs, "\\u") || letter_pairs_may_make(pairs, "\\x");
}
