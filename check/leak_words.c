/* leak_words.c: private keys, tokens with a known prefix, and passwords in URLs, in any text. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/path.h"
#include "base/text.h"
#include "check/leaks.h"
#include "yaml/scalar.h"

enum { KEY_BODY = 64, LONGEST_TOKEN = 400 };

struct words {
    const char *file, *start, *end; /* the text */
    const struct letter_pairs *pairs;
    struct findings *findings;
};

static bool may_have(const struct words *words, const char *word)
{
    return letter_pairs_may_make(words->pairs, word);
}

static struct place place_of(const struct words *words, const char *at)
{
    unsigned line = 1;
    const char *begin = words->start;
    for (const char *next; (next = memchr(begin, '\n', (size_t)(at - begin))); begin = next + 1)
        line++;
    return (struct place){words->file, line, (unsigned)(at - begin) + 1};
}

static void tell_word(const struct words *words, const char *at, size_t size, const char *what)
{
    leak_add(words->findings, RA503, place_of(words, at), size,
             arena_format(words->findings->arena, "%s is here in plain text", what));
}

/* Private keys. A header alone, as in documentation, is none. */

static bool has_key_body(const char *at, const char *end)
{
    size_t found = 0;
    for (; at < end && found < KEY_BODY; at++) {
        if (*at == '\\' && at + 1 < end && at[1] == 'n')
            at++;
        else if (isalnum((unsigned char)*at) || *at == '+' || *at == '/' || *at == '=')
            found++;
        else if (!strchr(" \t\r\n:,-", *at))
            return false;
    }
    return found >= KEY_BODY;
}

static void find_private_keys(const struct words *words)
{
    for (const char *at = words->start; may_have(words, "-----BEGIN ") && (at = strstr(at, "-----BEGIN ")); at += 11) {
        size_t size = strcspn(at, "\r\n\\\"'");
        const char *closing = strstr(at + 11, "-----");
        const char *private = strstr(at, "PRIVATE KEY");
        if (closing && private && private < closing && closing < at + 60 && has_key_body(closing + 5, words->end))
            tell_word(words, at, size < 60 ? size : 0, "a private key");
    }
}

/* The same in base64: the first bytes of the header are always the same. */
static void find_encoded_keys(const struct words *words)
{
    static const char begin[] = "LS0tLS1CRUdJTi";
    for (const char *at = words->start; may_have(words, begin) && (at = strstr(at, begin)); at += strlen(begin)) {
        struct text bytes = {0};
        if (words->end - at > 120 && scalar_base64(at, 48, &bytes) && strstr(text_content(&bytes), "PRIVATE KEY"))
            tell_word(words, at, 0, "a private key (in base64)");
        text_free(&bytes);
    }
}

/* Tokens. Sources: the documentation of those who issue them. */

static const struct {
    const char *prefix, *what;
    size_t least; /* characters behind the prefix */
} tokens[] = {
    {"AKIA", "an access key of AWS", 16},
    {"ASIA", "an access key of AWS", 16},
    {"ghp_", "a token of GitHub", 36},
    {"gho_", "a token of GitHub", 36},
    {"ghu_", "a token of GitHub", 36},
    {"ghs_", "a token of GitHub", 36},
    {"ghr_", "a token of GitHub", 36},
    {"github_pat_", "a token of GitHub", 40},
    {"glpat-", "a token of GitLab", 20},
    {"gldt-", "a token of GitLab", 20},
    {"xoxb-", "a token of Slack", 24},
    {"xoxp-", "a token of Slack", 24},
    {"xoxa-", "a token of Slack", 24},
    {"xapp-", "a token of Slack", 24},
    {"sk_live_", "a key of Stripe", 24},
    {"rk_live_", "a key of Stripe", 24},
    {"AIza", "a key of Google", 35},
    {"ya29.", "a token of Google", 30},
    {"npm_", "a token of npm", 36},
    {"pypi-AgE", "a token of PyPI", 50},
    {"hvs.", "a token of Vault", 24},
    {"dckr_pat_", "a token of Docker", 27},
    {"dop_v1_", "a token of DigitalOcean", 64},
    {"glsa_", "a token of Grafana", 32},
    {"shpat_", "a token of Shopify", 32},
    {"sk-ant-", "a key of Anthropic", 40},
    {"sk-proj-", "a key of OpenAI", 40},
    {"SG.", "a key of SendGrid", 60},
    {"tskey-auth-", "a key of Tailscale", 20},
    {"AGE-SECRET-KEY-1", "a key of age", 58},
    {"AccountKey=", "a key of Azure Storage", 80},
};

static bool is_token_character(char character)
{
    return isalnum((unsigned char)character) || strchr("_-./+=", character);
}

static size_t token_size(const char *at, const char *end)
{
    size_t size = 0;
    while (at + size < end && size < LONGEST_TOKEN && at[size] && is_token_character(at[size]))
        size++;
    return size;
}

static bool contains_word(const char *at, size_t size, const char *word)
{
    for (size_t i = 0, length = strlen(word); i + length <= size; i++)
        if (strncasecmp(at + i, word, length) == 0)
            return true;
    return false;
}

/* Not the placeholders of documentation: EXAMPLE, xxxx, "your-token". A token has letters and digits that differ. */
static bool is_random(const char *at, size_t size)
{
    bool seen[256] = {false};
    unsigned different = 0;
    for (size_t i = 0; i < size; i++) {
        different += !seen[(unsigned char)at[i]];
        seen[(unsigned char)at[i]] = true;
    }
    return different >= 8 && !contains_word(at, size, "example") && !contains_word(at, size, "your") &&
           !contains_word(at, size, "xxxx");
}

static void find_tokens(const struct words *words)
{
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        size_t prefix = strlen(tokens[i].prefix);
        if (!may_have(words, tokens[i].prefix))
            continue;
        for (const char *at = words->start; (at = strstr(at, tokens[i].prefix)); at += prefix) {
            size_t size = token_size(at + prefix, words->end);
            bool begins = at == words->start || !(isalnum((unsigned char)at[-1]) || strchr("_/+", at[-1]));
            if (begins && size >= tokens[i].least && is_random(at + prefix, size))
                tell_word(words, at, prefix + size, tokens[i].what);
        }
    }
}

/* JWTs: a header and a payload in base64 that begin with {", and a signature. */
static void find_web_tokens(const struct words *words)
{
    for (const char *at = words->start; may_have(words, "eyJhbGciOi") && (at = strstr(at, "eyJhbGciOi")); at += 10) {
        size_t size = token_size(at, words->end);
        const char *payload = memchr(at, '.', size),
                   *signature = payload ? memchr(payload + 1, '.', size - (size_t)(payload + 1 - at)) : NULL;
        if (signature && strncmp(payload + 1, "eyJ", 3) == 0 && at + size - signature > 20)
            tell_word(words, at, 0, "a signed token (JWT)");
    }
}

/* Passwords in URLs: scheme://user:password@host. */

static bool is_own_machine(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "example.", "host", "hostname"};
    for (size_t i = 0; i < 3; i++)
        if (strncmp(host, names[i], strlen(names[i])) == 0)
            return true;
    size_t size = strcspn(host, ":/ \t\r\n\"'`");
    return (size == 4 && strncmp(host, names[3], 4) == 0) || (size == 8 && strncmp(host, names[4], 8) == 0);
}

static void look_at_url(const struct words *words, const char *user)
{
    size_t size = strcspn(user, "@/ \t\r\n\"'`<>|\\");
    const char *colon = memchr(user, ':', size);
    if (user[size] != '@' || !colon)
        return;
    const char *password = colon + 1;
    size_t length = (size_t)(user + size - password);
    bool as_user = length == (size_t)(colon - user) && strncmp(user, password, length) == 0;
    if (!as_user && !is_stand_in(password, length) && !memchr(password, '{', length) &&
        !memchr(password, '*', length) && !is_own_machine(user + size + 1) &&
        !contains_word(user + size + 1, strcspn(user + size + 1, ":/ \t\r\n\"'`"), "example.com"))
        tell_word(words, user, size, "a URL with a password");
}

static bool is_prose(const char *file)
{
    static const char *const endings[] = {".md", ".rst", ".adoc", ".html", ".txt"};
    size_t size = strlen(file);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (size > strlen(endings[i]) && strcasecmp(file + size - strlen(endings[i]), endings[i]) == 0)
            return true;
    return false;
}

static void find_urls(const struct words *words)
{
    for (const char *at = words->start; may_have(words, "://") && !is_prose(words->file) && (at = strstr(at, "://"));
         at += 3)
        look_at_url(words, at + 3);
}

void leaks_in_words(const char *file, const struct file_bytes *text, const struct letter_pairs *pairs,
                    struct findings *findings)
{
    struct words words = {file, text->bytes, text->bytes + text->size, pairs, findings};
    find_private_keys(&words);
    find_encoded_keys(&words);
    find_tokens(&words);
    find_web_tokens(&words);
    find_urls(&words);
}
