/* intents.c: reads which images are wished for which targets. */
#include "plugin/change/intents.h"

#include <errno.h>
#include <string.h>

#include "base/files.h"

/* An app alone is refused: it would reach all environments. */
static bool add_intent(struct arena *arena, const char *pattern, const struct image_wish *wishes, size_t count,
                       struct intents *out, struct error *error)
{
    if (pattern && !strchr(pattern, '/') && !count)
        return error_set(error, "'%s' is neither a target, APP/ENV, nor an image, NAME:TAG", pattern);
    if (pattern && !strchr(pattern, '/'))
        return error_set(error, "'%s': name the environment: %s/ENV, or '%s/*' for all", pattern, pattern, pattern);
    out->items = arena_grow(arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = (struct image_intent){pattern, wishes, count};
    return true;
}

/* The images among words. */
static bool read_wishes(struct arena *arena, const char *const *words, size_t count, struct image_wish *out,
                        size_t *found, struct error *error)
{
    *found = 0;
    for (size_t i = 0; i < count; i++)
        if (is_image_operand(words[i]) && !image_wish_read(arena, words[i], &out[(*found)++], error))
            return false;
    return true;
}

bool intents_read_operands(struct arena *arena, const char *const *operands, size_t count, bool directory,
                           struct intents *out, struct error *error)
{
    struct image_wish *wishes = ARENA_ARRAY(arena, count + 1, struct image_wish);
    size_t wish_count;
    if (!read_wishes(arena, operands, count, wishes, &wish_count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (is_image_operand(operands[i]))
            continue;
        if (directory)
            return error_set(error, "'%s' is no image: give NAME:TAG, NAME@DIGEST or both", operands[i]);
        if (!add_intent(arena, operands[i], wishes, wish_count, out, error))
            return false;
    }
    if (directory && !add_intent(arena, NULL, wishes, wish_count, out, error))
        return false;
    if (!wish_count && count)
        return error_set(error, "which image? Name it with a tag or a digest: NAME:TAG, NAME@sha256:...");
    if (!out->count || !wish_count)
        return error_set(error, "name a target and an image: APP/ENV NAME:TAG");
    return true;
}

static bool read_line(struct arena *arena, const char *path, unsigned line, char *text, struct intents *out,
                      struct error *error)
{
    size_t room = strlen(text) / 2 + 2, count = 0;
    const char **words = ARENA_ARRAY(arena, room, const char *);
    char *rest = NULL;
    for (char *word = strtok_r(text, " \t\r", &rest); word && *word != '#'; word = strtok_r(NULL, " \t\r", &rest))
        words[count++] = word;
    if (!count)
        return true;
    struct image_wish *wishes = ARENA_ARRAY(arena, count + 1, struct image_wish);
    size_t wish_count;
    bool good = read_wishes(arena, words, count, wishes, &wish_count, error);
    if (good && (is_image_operand(words[0]) || wish_count != count - 1 || !wish_count))
        good = error_set(error, "not of the form APP/ENV IMAGE...");
    good = good && add_intent(arena, words[0], wishes, wish_count, out, error);
    if (!good)
        error_locate(error, (struct place){path, line, 1});
    return good;
}

bool intents_read_file(struct arena *arena, const char *path, struct intents *out, struct error *error)
{
    enum { LARGEST = 16 * 1024 * 1024 };
    struct text text = {.limit = LARGEST};
    bool input = strcmp(path, "-") == 0;
    errno = 0;
    if (!file_read(input ? "/dev/stdin" : path, &text)) {
        text_free(&text);
        return error_set(error, "%s: %s", path, errno ? strerror(errno) : "more than 16 MB");
    }
    char *copy = arena_copy(arena, text_content(&text), text.size);
    text_free(&text);
    unsigned line = 1;
    bool good = true;
    for (char *at = copy; good && *at; line++) {
        size_t size = strcspn(at, "\n");
        bool last = !at[size];
        at[size] = '\0';
        good = read_line(arena, input ? "standard input" : path, line, at, out, error);
        at += last ? size : size + 1;
    }
    return good && (out->count || error_set(error, "%s: no line of the form APP/ENV IMAGE... is in it", path));
}
