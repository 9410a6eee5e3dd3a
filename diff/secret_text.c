/* secret_text.c: finds secrets in texts. */
#include "diff/secret_text.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST_NAME = 128 };

/* Words that make a key's value a secret; `_`, `-` and `.` are left out of keys before they are compared. */
static const char *const secret_words[] = {"password",   "passwd",     "secret",     "token",     "apikey",
                                           "privatekey", "credential", "passphrase", "accesskey", NULL};

/* Whether one of the words is in a name; `last`: at its end. */
static bool has_secret_word(const char *name, size_t size, bool last)
{
    char plain[LONGEST_NAME];
    size_t length = 0;
    for (size_t i = 0; i < size && length + 1 < sizeof plain; i++)
        if (name[i] != '_' && name[i] != '-' && name[i] != '.')
            plain[length++] = (char)tolower((unsigned char)name[i]);
    plain[length] = '\0';
    for (size_t i = 0; secret_words[i]; i++) {
        const char *found = strstr(plain, secret_words[i]);
        if (found && (!last || !found[strlen(secret_words[i])]))
            return true;
    }
    return false;
}

bool names_secret(const char *key, size_t size)
{
    return has_secret_word(key, size, false);
}

static size_t token_part(const char *at)
{
    size_t size = 0;
    while (isalnum((unsigned char)at[size]) || at[size] == '_' || at[size] == '-')
        size++;
    return size;
}

/* Three parts of base64 between points, of which the first is a JSON object. */
static size_t token_size(const char *at)
{
    size_t head = strncmp(at, "eyJ", 3) == 0 ? token_part(at) : 0;
    size_t body = head > 8 && at[head] == '.' ? token_part(at + head + 1) : 0;
    if (body < 4 || at[head + 1 + body] != '.')
        return 0;
    return head + body + 2 + token_part(at + head + body + 2);
}

bool holds_secret(const char *text)
{
    const char *block = strstr(text, "-----BEGIN ");
    if (block && strstr(block, "PRIVATE KEY"))
        return true;
    for (const char *at = strstr(text, "eyJ"); at; at = strstr(at + 1, "eyJ"))
        if (token_size(at))
            return true;
    return false;
}

/* The password of ://user:password@ at the first of these characters; 0: there is none. */
static size_t password_size(const char *at, size_t *size)
{
    if (strncmp(at, "://", 3) != 0)
        return 0;
    size_t user = strcspn(at + 3, ":/@ \t\r\n\"'"), from = 3 + user + 1;
    if (at[3 + user] != ':')
        return 0;
    *size = strcspn(at + from, "/@ \t\r\n\"'");
    return *size && at[from + *size] == '@' ? from : 0;
}

bool holds_password(const char *text)
{
    size_t size;
    for (const char *at = strstr(text, "://"); at; at = strstr(at + 1, "://"))
        if (password_size(at, &size))
            return true;
    return false;
}

/* A text while its secrets are replaced. */
struct hiding {
    struct text *out;
    enum secret_names names;
    bool any;
    bool below;      /* what follows belongs to a secret name: */
    size_t column;   /* lines that stand deeper than this, and items that do not stand less deep */
    size_t gathered; /* of them, in bytes */
};

static void add_hidden(struct hiding *hiding, size_t size)
{
    text_format(hiding->out, "(%zu bytes, hidden)", size);
    hiding->any = true;
}

static bool is_name_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_' || byte == '-' || byte == '.';
}

/* What stands between a name and its value: quotes, spaces, and a sign. 0: the name is given none. */
static size_t sign_size(const char *at, const char *end)
{
    const char *from = at;
    while (at < end && strchr("\\\"'", *at))
        at++;
    while (at < end && *at == ' ')
        at++;
    if (at == end || (*at != ':' && *at != '=') || (end - at > 2 && strncmp(at, "://", 3) == 0))
        return 0;
    at++;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return (size_t)(at - from);
}

/* What has its value in the lines below: nothing, or the sign of a block, or an open bracket. */
static bool is_continued(const char *value, const char *end)
{
    while (end > value && isspace((unsigned char)end[-1]))
        end--;
    if (value == end || strchr("|>", *value))
        return true;
    return end - value == 1 && strchr("{[", *value);
}

/* The size of a value in a line: between its quotes, to the line's end where the name begins the line, or one word. */
static size_t value_size(const char *value, const char *end, bool begins_line)
{
    size_t quote = 0, size = (size_t)(end - value);
    while (quote < size && value[quote] == '\\')
        quote++;
    if (quote < size && strchr("\"'", value[quote])) {
        for (size_t at = quote + 1; at < size; at++)
            if (value[at] == value[quote] && (quote || value[at - 1] != '\\'))
                return at + 1;
        return size;
    }
    if (begins_line || strchr("{[", *value))
        return size;
    size = strcspn(value, " \t\r\n,;&}])\"'");
    return size < (size_t)(end - value) ? size : (size_t)(end - value);
}

/* Whether only what begins a line of YAML, of properties or of a script stands before this. */
static bool is_line_begin(const char *line, const char *at)
{
    static const char export[] = "export ";
    while (line < at && strchr(" \t-\"'", *line))
        line++;
    if ((size_t)(at - line) >= strlen(export) && strncmp(line, export, strlen(export)) == 0)
        line += strlen(export);
    return line >= at;
}

/* The value of a name that ends here. Returns where to go on; NULL: it is no secret. */
static const char *hide_value(struct hiding *hiding, const char *line, const char *name, const char *at,
                              const char *end)
{
    bool path = hiding->names == NAMES_IN_MESSAGES && name > line && name[-1] == '/';
    bool secret = !path && has_secret_word(name, (size_t)(at - name), hiding->names == NAMES_OF_OPTIONS);
    size_t sign = secret ? sign_size(at, end) : 0;
    if (!sign)
        return NULL;
    const char *value = at + sign;
    text_bytes(hiding->out, name, (size_t)(value - name));
    if (is_continued(value, end)) {
        text_bytes(hiding->out, value, (size_t)(end - value));
        hiding->below = true;
        hiding->column = (size_t)(name - line) - (name > line && strchr("\"'", name[-1]));
        hiding->gathered = 0;
        return end;
    }
    bool first = is_line_begin(line, name) && *value != '(';
    size_t size = value_size(value, end, first && !strchr("\"'", name > line ? name[-1] : ' '));
    add_hidden(hiding, size);
    return value + size;
}

static void hide_in_line(struct hiding *hiding, const char *line, const char *end)
{
    for (const char *at = line; at < end;) {
        size_t size, from = password_size(at, &size);
        if (from) {
            text_bytes(hiding->out, at, from);
            add_hidden(hiding, size);
            at += from + size;
            continue;
        }
        const char *name = at;
        while (at < end && is_name_byte(*at))
            at++;
        const char *next = at > name ? hide_value(hiding, line, name, at, end) : NULL;
        if (next) {
            at = next;
            continue;
        }
        at += at == name;
        text_bytes(hiding->out, name, (size_t)(at - name));
    }
}

static void end_gathering(struct hiding *hiding)
{
    if (hiding->below && hiding->gathered) {
        text_repeat(hiding->out, ' ', hiding->column + 2);
        add_hidden(hiding, hiding->gathered);
        text_byte(hiding->out, '\n');
    }
    hiding->below = false;
}

/* Whether a line belongs to the secret name above it. */
static bool is_gathered(const struct hiding *hiding, const char *line, size_t size)
{
    size_t indent = strspn(line, " \t");
    if (!hiding->below || indent >= size)
        return hiding->below;
    return indent > hiding->column || (indent == hiding->column && line[indent] == '-' && line[indent + 1] == ' ');
}

bool hide_secrets(const char *text, enum secret_names names, struct text *out)
{
    struct hiding hiding = {.out = out, .names = names};
    for (size_t size; *text; text += size + (text[size] == '\n')) {
        size = strcspn(text, "\n");
        if (is_gathered(&hiding, text, size)) {
            hiding.gathered += size;
            continue;
        }
        end_gathering(&hiding);
        hide_in_line(&hiding, text, text + size);
        if (text[size])
            text_byte(out, '\n');
    }
    end_gathering(&hiding);
    return hiding.any;
}
