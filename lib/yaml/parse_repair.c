/* parse_repair.c: rewrites what go-yaml (scannerc.go) accepts and libyaml 0.2.5 does not. */
#include "yaml/parse_quirks.h"

#include <string.h>

/* Characters of the private use area that stand for others while libyaml reads: a colon, and the two of \'. */
enum { STAND_IN_SIZE = 3, LARGEST_GAIN = 4, MOST_REPAIRS = 100 };
static const char stand_in_colon[] = "\xEF\xA3\xB0", stand_in_escape[] = "\xEF\xA3\xB1",
                  stand_in_quote[] = "\xEF\xA3\xB2";

static bool has_stand_ins(const struct source *source)
{
    return find_bytes(source->bytes, source->size, "\xEF\xA3", 2) != NULL;
}

/* Makes the text a copy that can be changed and that has room for all repairs. Returns the place in the copy. */
static char *make_own(struct source *source, struct arena *arena, const char *place)
{
    size_t offset = (size_t)(place - source->bytes);
    if (!source->copy) {
        source->copy = arena_alloc(arena, source->size + MOST_REPAIRS * LARGEST_GAIN);
        memcpy(source->copy, source->bytes, source->size);
        source->bytes = source->at = source->copy;
        source->number = 0;
    }
    return source->copy + offset;
}

static void replace(struct source *source, struct arena *arena, const char *place, size_t size, const char *fresh)
{
    char *own = make_own(source, arena, place);
    size_t fresh_size = strlen(fresh), behind = (size_t)(source->copy + source->size - own) - size;
    memmove(own + fresh_size, own + size, behind);
    memcpy(own, fresh, fresh_size);
    source->size += fresh_size - size;
}

static const char *line_start(const char *at, const char *start)
{
    while (at > start && at[-1] != '\n' && at[-1] != '\r')
        at--;
    return at;
}

/* go-yaml v3 eats all that is blank between two lines of comment, tabs included. */
static bool is_between_comments(const struct source *source, const char *place)
{
    const char *end = source->bytes + source->size, *next = skip_space(place, end), *last = place;
    while (last > source->bytes && skip_space(last - 1, last) == last)
        last--;
    const char *before = skip_space(line_start(last, source->bytes), end);
    return next < end && *next == '#' && before < last && *before == '#';
}

/* Goes on to the comments that follow, so that one repair does for all of them. */
static bool repair_tabs(struct source *source, struct arena *arena, const char *place)
{
    if (!is_between_comments(source, place))
        return false;
    char *at = make_own(source, arena, place);
    const char *end = source->bytes + source->size;
    for (const char *comment = skip_space(at, end); comment < end && *comment == '#'; comment = skip_space(at, end)) {
        for (; at < comment; at++)
            if (*at == '\t')
                *at = ' ';
        while (at < end && *at != '\n' && *at != '\r')
            at++;
    }
    return true;
}

bool source_repair(struct source *source, struct arena *arena, enum dialect dialect, const char *problem,
                   size_t character)
{
    const char *place = source_move(source, character), *end = source->bytes + source->size;
    if (source->repairs == MOST_REPAIRS || end - place < 2)
        return false;
    if (*place == '\t' && dialect != DIALECT_YAML11 && repair_tabs(source, arena, place)) {
        source->repairs++;
        return true;
    }
    bool colon = *place == ':' && strcmp(problem, "found unexpected ':'") == 0;
    bool quote = memcmp(place, "\\'", 2) == 0 && strcmp(problem, "found unknown escape character") == 0;
    if ((!colon && !quote) || (!source->stand_ins && has_stand_ins(source)))
        return false;
    source->stand_ins = true;
    char pair[2 * STAND_IN_SIZE + 1] = {0};
    memcpy(pair, colon ? stand_in_colon : stand_in_escape, STAND_IN_SIZE);
    if (quote)
        memcpy(pair + STAND_IN_SIZE, stand_in_quote, STAND_IN_SIZE);
    replace(source, arena, place, colon ? 1 : 2, pair);
    source->repairs++;
    return true;
}

void scalar_restore(const struct source *source, struct arena *arena, struct raw_scalar *raw)
{
    if (!source->stand_ins || !find_bytes(raw->text, raw->size, "\xEF\xA3", 2))
        return;
    char *text = arena_alloc(arena, raw->size + 1);
    size_t size = 0;
    for (size_t i = 0; i < raw->size;) {
        const char *at = raw->text + i;
        bool whole = raw->size - i >= STAND_IN_SIZE;
        bool colon = whole && memcmp(at, stand_in_colon, STAND_IN_SIZE) == 0;
        bool quote = whole && memcmp(at, stand_in_quote, STAND_IN_SIZE) == 0;
        bool escape = whole && memcmp(at, stand_in_escape, STAND_IN_SIZE) == 0;
        if (!escape)
            text[size++] = colon ? ':' : quote ? '\'' : *at;
        i += colon || quote || escape ? STAND_IN_SIZE : 1;
    }
    text[size] = '\0';
    raw->text = text;
    raw->size = size;
}
