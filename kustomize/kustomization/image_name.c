/* image_name.c: matches image names, splits them and puts them together anew.
 *
 * Source: api/internal/image/image.go, api/filters/imagetag/updater.go */
#include "kustomize/kustomization/image_name.h"

#include <string.h>

#include "base/text.h"

/* How much of the pattern, taken character by character, every match begins with. */
static size_t literal_start(const char *pattern)
{
    size_t size = strspn(pattern, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/:@.");
    if (strchr(pattern, '|'))
        return 0;
    return size && pattern[size] && strchr("?*{", pattern[size]) ? size - 1 : size;
}

/* A name in which nothing but a dot means something in a regular expression: most are. */
static bool is_plain(const char *name)
{
    return !name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/:@.")];
}

struct image_update image_update_for(struct arena *arena, const struct image *image)
{
    const char *name = image->name ? image->name : "";
    if (is_plain(name))
        return (struct image_update){image, NULL, name, strlen(name), true};
    const char *pattern = arena_format(arena,
                                       "^%s(:[a-zA-Z0-9_.{}-]*)?"
                                       "(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?$",
                                       name);
    struct error ignored = {0};
    struct image_update update = {image, regex_compile(arena, pattern, 0, &ignored), name, literal_start(name), false};
    error_free(&ignored);
    return update;
}

/* Most images differ there, which a comparison tells sooner than the regular expression. */
static bool begins_alike(const struct image_update *update, const struct node *scalar)
{
    if (scalar->count < update->literal_size)
        return false;
    for (size_t i = 0; i < update->literal_size; i++) {
        char byte = scalar->text[i], wanted = update->literal[i];
        if (wanted == '.' && (byte & 0x80))
            return true; /* a character of several bytes: from here on it is not byte by byte */
        if (wanted != '.' && byte != wanted)
            return false;
    }
    return true;
}

static const char tag_characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.{}-";
static const char digits_and_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/* (@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)? up to the end. */
static bool ends_with_digest(const char *text)
{
    do {
        size_t size = strspn(++text, digits_and_letters);
        if (!size)
            return false;
        text += size;
    } while (*text && strchr(".+_-", *text));
    return *text == ':' && !text[1 + strspn(text + 1, tag_characters)];
}

/* What the regular expression says of what stands behind the name: (:[a-zA-Z0-9_.{}-]*)? and a digest. */
static bool ends_with_tag(const char *text)
{
    if (*text == ':')
        text += 1 + strspn(text + 1, tag_characters);
    return !*text || (*text == '@' && ends_with_digest(text));
}

/* What stands behind the name in a text; NULL: it begins otherwise. */
static const char *behind_name(const char *name, const char *text)
{
    for (; *name; name++, text++) {
        if (*name != '.' ? *text != *name : !*text || *text == '\n')
            return NULL;
        while (*name == '.' && (text[1] & 0xC0) == 0x80)
            text++; /* a character of several bytes */
    }
    return text;
}

bool image_matches(const struct image_update *update, const struct node *scalar)
{
    if (update->is_literal) {
        const char *rest = behind_name(update->literal, scalar->text);
        return rest && ends_with_tag(rest) && strlen(scalar->text) == scalar->count;
    }
    return update->regex && begins_alike(update, scalar) && regex_matches(update->regex, scalar->text, scalar->count);
}

struct piece {
    const char *text;
    size_t size;
};

struct image_pieces {
    struct piece name, tag, digest;
};

/* Colons before the first slash belong to the registry's address. */
static struct image_pieces split_name(const char *text, size_t size)
{
    const char *end = text + size, *slash = memchr(text, '/', size);
    const char *search = slash ? slash : text;
    size_t rest = (size_t)(end - search);
    const char *at = memchr(search, '@', rest), *colon = memchr(search, ':', rest);
    struct image_pieces pieces = {.name = {text, size}};
    if (at && colon && at < colon)
        colon = NULL;
    if (at)
        pieces.digest = (struct piece){at + 1, (size_t)(end - at - 1)};
    if (colon)
        pieces.tag = (struct piece){colon + 1, (size_t)((at ? at : end) - colon - 1)};
    if (colon || at)
        pieces.name.size = (size_t)((colon ? colon : at) - text);
    return pieces;
}

struct image_parts image_split(struct arena *arena, const char *text)
{
    struct image_pieces pieces = split_name(text, strlen(text));
    return (struct image_parts){
        .name = arena_copy(arena, pieces.name.text, pieces.name.size),
        .tag = pieces.tag.size ? arena_copy(arena, pieces.tag.text, pieces.tag.size) : "",
        .digest = pieces.digest.size ? arena_copy(arena, pieces.digest.text, pieces.digest.size) : "",
    };
}

void image_updated(const struct image_update *update, const struct node *scalar, struct text *out)
{
    const struct image *image = update->image;
    struct image_pieces old = split_name(scalar->text, scalar->count);
    bool replaced = string_is_given(image->new_tag) || string_is_given(image->digest);
    bool suffixed = !replaced && string_is_given(image->tag_suffix);
    if (string_is_given(image->new_name))
        text_string(out, image->new_name);
    else
        text_bytes(out, old.name.text, old.name.size);
    if (string_is_given(image->new_tag))
        text_format(out, ":%s", image->new_tag);
    else if (!replaced && (old.tag.size || suffixed))
        text_format(out, ":%.*s%s", (int)old.tag.size, old.tag.size ? old.tag.text : "",
                    suffixed ? image->tag_suffix : "");
    if (string_is_given(image->digest))
        text_format(out, "@%s", image->digest);
    else if (!replaced && !suffixed && old.digest.size)
        text_format(out, "@%.*s", (int)old.digest.size, old.digest.text);
}

struct part_list {
    const struct node *scalar; /* the old name */
    struct writer_part *items;
    size_t count, at;
};

static void add_kept(struct part_list *parts, struct piece piece)
{
    parts->items[parts->count++] = (struct writer_part){.start = parts->at,
                                                        .size = piece.size,
                                                        .from = parts->scalar->origin,
                                                        .from_start = (size_t)(piece.text - parts->scalar->text),
                                                        .from_size = piece.size};
    parts->at += piece.size;
}

static void add_given(struct part_list *parts, const struct image *image, const char *field, const char *text)
{
    size_t size = strlen(text);
    parts->items[parts->count++] = (struct writer_part){
        .start = parts->at, .size = size, .from = field_origin(image->node, field), .from_size = WHOLE_VALUE};
    parts->at += size;
}

/* As image_updated puts the name together. */
size_t image_writers(const struct image_update *update, const struct node *scalar,
                     struct writer_part items[MOST_IMAGE_PARTS])
{
    const struct image *image = update->image;
    const struct image_pieces old = split_name(scalar->text, scalar->count);
    bool replaced = string_is_given(image->new_tag) || string_is_given(image->digest);
    bool suffixed = !replaced && string_is_given(image->tag_suffix);
    struct part_list parts = {.scalar = scalar, .items = items};
    if (string_is_given(image->new_name))
        add_given(&parts, image, "newName", image->new_name);
    else
        add_kept(&parts, old.name);
    parts.at++;
    if (string_is_given(image->new_tag))
        add_given(&parts, image, "newTag", image->new_tag);
    else if (!replaced && old.tag.size)
        add_kept(&parts, old.tag);
    if (suffixed)
        add_given(&parts, image, "tagSuffix", image->tag_suffix);
    bool has_tag = string_is_given(image->new_tag) || suffixed || (!replaced && old.tag.size);
    parts.at += has_tag;
    if (string_is_given(image->digest))
        add_given(&parts, image, "digest", image->digest);
    else if (!replaced && !suffixed && old.digest.size)
        add_kept(&parts, old.digest);
    return parts.count;
}
