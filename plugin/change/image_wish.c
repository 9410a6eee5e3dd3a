/* image_wish.c: reads what somebody wants an image to be. */
#include "plugin/change/image_wish.h"

#include <string.h>

#include "kustomize/kustomization/image_name.h"

static const char keep[] = "*";

bool is_image_operand(const char *operand)
{
    return strpbrk(operand, "=:@") != NULL;
}

static bool is_hexadecimal(const char *text, size_t digits)
{
    return strlen(text) == digits && strspn(text, "0123456789abcdef") == digits;
}

static bool is_digest(const char *text)
{
    return (strncmp(text, "sha256:", 7) == 0 && is_hexadecimal(text + 7, 64)) ||
           (strncmp(text, "sha512:", 7) == 0 && is_hexadecimal(text + 7, 128));
}

/* What registries allow: a word of at most 128 letters, digits, '_', '.' and '-', the last two not first. */
static bool is_tag(const char *text)
{
    static const char letters[] = "_.-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *text && *text != '.' && *text != '-' && strlen(text) <= 128 && !text[strspn(text, letters)];
}

static const char *given_part(const char *part, bool *keeps)
{
    *keeps = strcmp(part, keep) == 0;
    return *part && !*keeps ? part : NULL;
}

/* 1.3, v2.0-rc1: what is meant for a tag where a new name stands. kustomize takes it for a name. */
static bool looks_like_tag(const char *name)
{
    const char *digits = name + (*name == 'v');
    size_t size = strspn(digits, "0123456789");
    return size && digits[size] == '.' && digits[size + 1] >= '0' && digits[size + 1] <= '9' && !strchr(name, '/');
}

static bool check_wish(const struct image_wish *wish, struct error *error)
{
    if (!*wish->name || strpbrk(wish->name, " \t\n\"'"))
        return error_set(error, "'%s': no name of an image stands before the tag", wish->text);
    if (wish->new_name && !wish->tag && !wish->digest && looks_like_tag(wish->new_name))
        return error_set(error, "'%s': '%s' looks like a tag, and a new name stands behind '='; write %s:%s",
                         wish->text, wish->new_name, wish->name, wish->new_name);
    if (wish->tag && !is_tag(wish->tag))
        return error_set(error, "'%s': '%s' is no tag", wish->text, wish->tag);
    if (wish->digest && !is_digest(wish->digest))
        return error_set(error, "'%s': '%s' is no digest: sha256: and 64 hexadecimal digits, or sha512: and 128",
                         wish->text, wish->digest);
    if (!wish->new_name && !wish->tag && !wish->digest)
        return error_set(error, "'%s': give the image a tag or a digest: %s:TAG, %s@sha256:...", wish->text, wish->name,
                         wish->name);
    return true;
}

bool image_wish_read(struct arena *arena, const char *text, struct image_wish *out, struct error *error)
{
    const char *equals = strchr(text, '=');
    struct image_parts parts = image_split(arena, equals ? equals + 1 : text);
    bool keeps_name;
    *out = (struct image_wish){.text = text, .name = parts.name};
    out->tag = given_part(parts.tag, &out->keeps_tag);
    out->digest = given_part(parts.digest, &out->keeps_digest);
    if (equals) {
        out->name = arena_copy(arena, text, (size_t)(equals - text));
        out->new_name = given_part(parts.name, &keeps_name);
    }
    return check_wish(out, error);
}

const char *image_pair_text(struct arena *arena, const char *tag, const char *digest)
{
    return arena_format(arena, "%s%s%s%s", tag ? ":" : "", tag ? tag : "", digest ? "@" : "", digest ? digest : "");
}
