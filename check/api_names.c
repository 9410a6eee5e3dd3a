/* api_names.c: reads names. */
#include "check/api_names.h"

#include <ctype.h>
#include <string.h>

/* Small letters, digits and '-', with a letter or digit at both ends. */
bool is_label_name(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!(islower((unsigned char)text[i]) || isdigit((unsigned char)text[i]) || text[i] == '-'))
            return false;
    return size && size <= 63 && text[0] != '-' && text[size - 1] != '-';
}

/* Labels with points between them. */
bool is_subdomain_name(const char *text)
{
    if (strlen(text) > 253)
        return false;
    for (const char *at = text;; at++) {
        size_t size = strcspn(at, ".");
        bool ends = size && size < 254 && at[0] != '-' && at[size - 1] != '-';
        for (size_t i = 0; i < size; i++)
            if (!(islower((unsigned char)at[i]) || isdigit((unsigned char)at[i]) || at[i] == '-'))
                return false;
        if (!ends)
            return false;
        at += size;
        if (!*at)
            return true;
    }
}

/* An IANA service name: at most 15 characters, a letter among them. */
bool is_port_name(const char *text)
{
    size_t size = strlen(text);
    bool is_plain = size && size <= 15 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
    return is_plain && strspn(text, "0123456789-") < size && text[0] != '-' && text[size - 1] != '-' &&
           !strstr(text, "--");
}
