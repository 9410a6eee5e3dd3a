/* name.c: decides what is a name. */
#include "generator/name.h"

#include <stddef.h>
#include <string.h>

#include "base/utf8.h"

enum { PREFIX_LONGEST = 253 };

static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_alphanumeric(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool is_label_part(const char *text, size_t size)
{
    if (!size || size > NAME_LONGEST || !is_lower(text[0]) || !is_lower(text[size - 1]))
        return false;
    for (size_t i = 0; i < size; i++)
        if (!is_lower(text[i]) && text[i] != '-')
            return false;
    return true;
}

bool is_label(const char *name)
{
    return is_label_part(name, strlen(name));
}

bool is_subdomain(const char *name)
{
    if (strlen(name) > NAME_LONGEST)
        return false;
    for (;;) {
        size_t size = strcspn(name, ".");
        if (!is_label_part(name, size))
            return false;
        if (!name[size])
            return true;
        name += size + 1;
    }
}

bool is_role_name(const char *name)
{
    size_t size = strlen(name);
    if (!size || !is_alphanumeric(name[0]) || !is_alphanumeric(name[size - 1]))
        return false;
    for (; *name; name++)
        if (!is_alphanumeric(*name) && *name != '-' && *name != '_')
            return false;
    return true;
}

/* Letters, digits, '-', '_' and '.', alphanumeric at both ends, at most 63 (apimachinery util/validation). */
static bool is_name_part(const char *text, size_t size)
{
    if (!size || size > NAME_LONGEST || !is_alphanumeric(text[0]) || !is_alphanumeric(text[size - 1]))
        return false;
    for (size_t i = 0; i < size; i++)
        if (!is_alphanumeric(text[i]) && text[i] != '-' && text[i] != '_' && text[i] != '.')
            return false;
    return true;
}

/* A DNS-1123 subdomain of any length that Kubernetes takes. */
static bool is_name_prefix(const char *text, size_t size)
{
    if (!size || size > PREFIX_LONGEST)
        return false;
    for (size_t start = 0, i = 0; i <= size; i++)
        if (i == size || text[i] == '.') {
            if (!is_label_part(text + start, i - start))
                return false;
            start = i + 1;
        }
    return true;
}

bool is_qualified_name(const char *name)
{
    const char *slash = strchr(name, '/'), *part = slash ? slash + 1 : name;
    return (!slash || is_name_prefix(name, (size_t)(slash - name))) && is_name_part(part, strlen(part));
}

bool is_label_value(const char *text)
{
    return !*text || is_name_part(text, strlen(text));
}

bool is_word(const char *name)
{
    if (!is_alphanumeric(*name) || (*name >= '0' && *name <= '9'))
        return false;
    for (; *name; name++)
        if (!is_alphanumeric(*name) && *name != '-' && *name != '_')
            return false;
    return true;
}

/* The code point of a character that utf8_length has measured. */
static uint32_t point_of(const char *text, size_t size)
{
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t point = (unsigned char)text[0] & masks[size];
    for (size_t i = 1; i < size; i++)
        point = point << 6 | ((unsigned char)text[i] & 0x3f);
    return point;
}

/* Controls, line breaks, what turns the direction of text, the byte order mark, and code points that are no characters.
 */
static bool is_unprintable(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0, 0x1f}, {0x7f, 0x9f}, {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfdd0, 0xfdef}, {0xfeff, 0xfeff}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return (point & 0xfffe) == 0xfffe;
}

/* The bytes of the printable character that a text begins with; 0: it begins with none. */
static size_t printable_length(const char *text, size_t size)
{
    size_t length = utf8_length(text, size);
    return length && !is_unprintable(point_of(text, length)) ? length : 0;
}

bool is_one_line(const char *text)
{
    size_t size = strlen(text), length;
    for (; size; text += length, size -= length)
        if (!(length = printable_length(text, size)))
            return false;
    return true;
}

const char *printable_text(struct arena *arena, const char *text)
{
    struct text out = {0};
    for (size_t size = strlen(text); size;) {
        size_t length = printable_length(text, size), width = length ? length : 1;
        if (length)
            text_bytes(&out, text, length);
        else
            text_format(&out, "\\x%02x", (unsigned char)*text);
        text += width;
        size -= width;
    }
    const char *copy = arena_string(arena, text_content(&out));
    text_free(&out);
    return copy;
}

const char *normal_name(struct arena *arena, const char *text)
{
    char *out = arena_string(arena, text);
    for (char *at = out; *at; at++)
        if (*at == '_' || *at == '.' || *at == ' ')
            *at = '-';
        else if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return out;
}
