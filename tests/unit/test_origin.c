/* test_origin.c: places of characters, in files and in texts that scalars hold. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/origin.h"

static void at(const struct origins *origins, origin where, unsigned line, unsigned column)
{
    struct place place = origins_place(origins, where);
    cr_assert_str_eq(place.file, "a.yaml");
    cr_assert(place.line == line && place.column == column, "%u:%u, not %u:%u", place.line, place.column, line, column);
}

static origin offset(const char *text, const char *wanted)
{
    return (origin)(strstr(text, wanted) - text);
}

Test(origin, columns_count_characters)
{
    struct origins *origins = origins_new();
    static const char text[] = "a: é\nb: c\n";
    origin start = origins_add(origins, "a.yaml", text, sizeof text - 1);
    at(origins, start, 1, 1);
    at(origins, start + 3, 1, 4);
    at(origins, start + 5, 1, 5);
    at(origins, start + 6, 2, 1);
    at(origins, start + 9, 2, 4);
    cr_assert_null(origins_place(origins, 0).file);
    origins_free(origins);
}

Test(origin, places_in_a_long_text_in_any_order)
{
    enum { LINES = 3000, LINE = 7 };
    struct origins *origins = origins_new();
    static char text[LINES * LINE + 1];
    for (size_t i = 0; i < LINES; i++)
        memcpy(text + i * LINE, "k: \u00e9v\n", LINE);
    origin start = origins_add(origins, "a.yaml", text, LINES * LINE);
    static const unsigned lines[] = {2900, 1, 586, 587, 3000, 1171, 2};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        at(origins, start + (lines[i] - 1) * LINE, lines[i], 1);
        at(origins, start + (lines[i] - 1) * LINE + 5, lines[i], 5);
    }
    at(origins, start + LINES * LINE, LINES + 1, 1);
    origins_free(origins);
}

Test(origin, texts_within_block_scalars)
{
    struct origins *origins = origins_new();
    static const char file[] = "p:\n- patch: |-\n\n    one: 1\n    two: 2\n";
    static const char inner[] = "one: 1\ntwo: 2";
    origin outer = origins_add(origins, "a.yaml", file, sizeof file - 1);
    origin start = origins_add_within(origins, outer + offset(file, "|-"), "x", inner, sizeof inner - 1);
    at(origins, start, 4, 5);
    at(origins, start + offset(inner, "2"), 5, 10);
    origins_free(origins);
}

Test(origin, texts_within_quotes_and_plain_scalars)
{
    struct origins *origins = origins_new();
    static const char file[] = "a: 'x: 1'\nb: [y]\n";
    origin outer = origins_add(origins, "a.yaml", file, sizeof file - 1);
    at(origins, origins_add_within(origins, outer + offset(file, "'"), "x", "x: 1", 4) + 3, 1, 8);
    at(origins, origins_add_within(origins, outer + offset(file, "["), "x", "[y]", 3) + 1, 2, 5);
    origins_free(origins);
}

Test(origin, texts_within_texts_within_a_file)
{
    struct origins *origins = origins_new();
    static const char file[] = "t:\n- |\n  a: b\n  patch: |\n    x: 1\n    y: 2\n";
    static const char middle[] = "a: b\npatch: |\n  x: 1\n  y: 2\n", inner[] = "x: 1\ny: 2\n";
    origin outer = origins_add(origins, "a.yaml", file, sizeof file - 1);
    origin between = origins_add_within(origins, outer + offset(file, "|"), "x", middle, sizeof middle - 1);
    origin start = origins_add_within(origins, between + offset(middle, "|"), "x", inner, sizeof inner - 1);
    at(origins, start + offset(inner, "2"), 6, 8);
    origins_free(origins);
}

Test(origin, a_scalar_of_nowhere_leaves_the_place_in_the_text)
{
    struct origins *origins = origins_new();
    origin start = origins_add_within(origins, 0, "a.yaml", "a\nb", 3);
    at(origins, start + 2, 2, 1);
    origins_free(origins);
}
