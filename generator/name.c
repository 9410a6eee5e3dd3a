/* name.c: decides what is a name. */
#include "generator/name.h"

#include <stddef.h>
#include <string.h>

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

bool is_one_line(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}
