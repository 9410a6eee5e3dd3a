/* test_splice.c: edits of texts that keep every other byte. */
#include <criterion/criterion.h>
#include <string.h>

#include "tree_fixture.h"
#include "yaml/parse.h"
#include "yaml/splice.h"

static struct text out;
static struct layout layout;

static void tear_down(void)
{
    text_free(&out);
    tree_tear_down();
}

TestSuite(splice, .init = tree_set_up, .fini = tear_down);

static const struct layout_node *root_of(const char *text, size_t size)
{
    text_cut(&out, 0);
    error_free(&error);
    bool good = layout_read(arena, "k.yaml", arena_copy(arena, text, size), size, &layout, &error);
    cr_assert(good, "%s\n%s", error.message, text);
    return layout.documents[0];
}

static const struct layout_node *item(const struct layout_node *list, uint32_t index)
{
    cr_assert(list && index < list->count);
    return list->items[index].value;
}

/* The text after an edit, or the message. */
static const char *result(bool good)
{
    return good ? text_content(&out) : error.message;
}

static const char *set(const char *text, const char *key, const char *value)
{
    const struct layout_node *found = layout_value(root_of(text, strlen(text)), key);
    cr_assert(found);
    return result(splice_string(&layout, found, value, strlen(value), &out, &error));
}

static struct node *pairs(const char *first, const char *one, const char *second, const char *two)
{
    struct node *map = tree_map(&tree);
    tree_set_string(&tree, map, first, one);
    if (second)
        tree_set_string(&tree, map, second, two);
    return map;
}

static const char *add_item(const char *text, const char *key, struct node *value)
{
    const struct layout_node *found = layout_value(root_of(text, strlen(text)), key);
    return result(splice_add_item(&layout, found, value, &out, &error));
}

static const char *add_entry(const char *text, const char *key, struct node *value)
{
    return result(splice_add_entry(&layout, root_of(text, strlen(text)), key, value, &out, &error));
}

static const char *remove_from(const char *text, const char *key, uint32_t index)
{
    const struct layout_node *root = root_of(text, strlen(text));
    return result(splice_remove(&layout, key ? layout_value(root, key) : root, index, &out, &error));
}

static struct node *list_of(struct node *first)
{
    struct node *list = tree_list(&tree);
    tree_append(&tree, list, first);
    return list;
}

Test(splice, replaces_scalars)
{
    cr_expect_str_eq(set("a: 1 # one\nb: 2\n", "a", "x"), "a: x # one\nb: 2\n");
    cr_expect_str_eq(set("a: '1' # one\n", "a", "it's"), "a: 'it''s' # one\n");
    cr_expect_str_eq(set("a: \"1\"", "a", "say \"hi\"\n"), "a: \"say \\\"hi\\\"\\n\"");
    cr_expect_str_eq(set("{a: 1,b: 2}", "a", "x,y"), "{a: \"x,y\",b: 2}");
    cr_expect_str_eq(set("{\"a\":1}", "a", "x"), "{\"a\":\"x\"}");
    cr_expect_str_eq(set("a: x\n   y # two lines\n", "a", "z"), "a: z # two lines\n");
    cr_expect_str_eq(set("a: !!str 1\n", "a", "z"), "a: !!str z\n");
    cr_expect_str_eq(set("a: &x 1\n", "a", "z"), "a: &x z\n");
    cr_expect_str_eq(set("a:\nb: 'y'\n", "a", "1.0"), "a: '1.0'\nb: 'y'\n");
    cr_expect_str_eq(set("{a:   , b}", "a", "z"), "{a: z   , b}");
    cr_expect_str_eq(set("a: x\t# tab\n", "a", "z"), "a: z\t# tab\n");
}

Test(splice, names_what_it_cannot_replace)
{
    cr_expect_str_eq(set("b: &x 1\na: *x\n", "a", "z"),
                     "is an alias: write the value itself here, or change it where it is anchored");
    cr_expect_eq(error.line, 2);
    cr_expect_str_eq(set("a: |\n  x\n", "a", "z"), "is a block of text (| or >): write it in one line");
    cr_expect_str_eq(set("a: [x]\n", "a", "z"), "is a map or a list where a string is expected");
    cr_expect_str_eq(set("a: x\n", "a", "\xff"), "the new value is not UTF-8");
}

Test(splice, refuses_what_would_change_other_values)
{
    cr_expect_str_eq(add_item("l:\n- a\n- |\n  text", "l", tree_string(&tree, "b")),
                     "cannot be changed without changing how the text beside it reads: edit it by hand");
    cr_expect_eq(error.line, 2);
    cr_expect_str_eq(remove_from("a: |+\n  text\n\nb: 1\n", NULL, 1), "a: |+\n  text\n\n");
    cr_expect_str_eq(remove_from("a: 1\xC2\x85"
                                 "b: 2\n",
                                 NULL, 1),
                     "begins behind a line break that is none to most: remove it by hand");
    cr_expect_str_eq(remove_from("l: [a: , b]\n", "l", 1), "l: [a: ]\n");
}

Test(splice, adds_items)
{
    struct node *image = pairs("name", "c", "newTag", "1.0");
    cr_expect_str_eq(add_item("l:\n- name: a\n  newTag: v\nm: 1\n", "l", image),
                     "l:\n- name: a\n  newTag: v\n- name: c\n  newTag: \"1.0\"\nm: 1\n");
    cr_expect_str_eq(add_item("l:\n  -   name: a\n      newTag: 'v' # x\n", "l", image),
                     "l:\n  -   name: a\n      newTag: 'v' # x\n  -   name: c\n      newTag: '1.0'\n");
    cr_expect_str_eq(add_item("l:\n- {name: a, newTag: v}", "l", image),
                     "l:\n- {name: a, newTag: v}\n- {name: c, newTag: \"1.0\"}");
    cr_expect_str_eq(add_item("l: [ { name: a } ]\n", "l", image),
                     "l: [ { name: a }, { name: c, newTag: \"1.0\" } ]\n");
    cr_expect_str_eq(add_item("l: []\n", "l", image), "l: [{name: c, newTag: \"1.0\"}]\n");
    cr_expect_str_eq(add_item("l:\n- a # x\n# y\n", "l", tree_string(&tree, "b")), "l:\n- a # x\n# y\n- b\n");
    cr_expect_str_eq(add_item("l:\n- a\n# y\nm: 1\n", "l", tree_string(&tree, "b")), "l:\n- a\n- b\n# y\nm: 1\n");
    cr_expect_str_eq(add_item("l:\n- a: 1\n  # of a\n\n- b: 1\n\nm:\n", "l", pairs("c", "d", NULL, NULL)),
                     "l:\n- a: 1\n  # of a\n\n- b: 1\n\n- c: d\n\nm:\n");
    cr_expect_str_eq(
        add_item("{\"l\":[\n  {\n    \"name\": \"a\"\n  }\n]}", "l", image),
        "{\"l\":[\n  {\n    \"name\": \"a\"\n  },\n  {\n    \"name\": \"c\",\n    \"newTag\": \"1.0\"\n  }\n]}");
    cr_expect_str_eq(add_item("l:\n- |\n  text\n\n\nm: 1\n", "l", tree_string(&tree, "b")),
                     "l:\n- |\n  text\n- b\n\n\nm: 1\n");
}

Test(splice, adds_entries)
{
    struct node *images = list_of(pairs("name", "c", "newTag", "v1"));
    cr_expect_str_eq(add_entry("a: 1\nr:\n- x\n", "images", images),
                     "a: 1\nr:\n- x\nimages:\n- name: c\n  newTag: v1\n");
    cr_expect_str_eq(add_entry("a: 1\n\nr:\n  - x\n...\n", "images", images),
                     "a: 1\n\nr:\n  - x\n\nimages:\n  - name: c\n    newTag: v1\n...\n");
    cr_expect_str_eq(add_entry("a: 1\r\nr: 2", "images", images),
                     "a: 1\r\nr: 2\r\nimages:\r\n- name: c\r\n  newTag: v1");
    cr_expect_str_eq(
        add_entry("{\n  \"a\": 1\n}\n", "images", images),
        "{\n  \"a\": 1,\n  \"images\": [\n    {\n      \"name\": \"c\",\n      \"newTag\": \"v1\"\n    }\n  ]\n}\n");
    cr_expect_str_eq(add_entry("{\"a\":1}", "images", images),
                     "{\"a\":1, \"images\":[{\"name\":\"c\", \"newTag\":\"v1\"}]}");
    cr_expect_str_eq(add_entry("a: 'x'\n", "b", tree_string(&tree, "y")), "a: 'x'\nb: 'y'\n");
    cr_expect_str_eq(add_entry("a:\n  b: 1\n", "c", tree_int(&tree, 3)), "a:\n  b: 1\nc: 3\n");
}

Test(splice, fills_empty_values)
{
    const char *text = "l: # none\nm: 1\n";
    const struct layout_item *entry = layout_find(root_of(text, strlen(text)), "l");
    cr_expect_str_eq(result(splice_value(&layout, entry, list_of(pairs("a", "b", "c", "d")), &out, &error)),
                     "l: # none\n- a: b\n  c: d\nm: 1\n");
}

Test(splice, removes)
{
    cr_expect_str_eq(remove_from("l:\n- a # x\n- b\n", "l", 0), "l:\n- b\n");
    cr_expect_str_eq(remove_from("l:\n- a\n- b", "l", 1), "l:\n- a");
    cr_expect_str_eq(remove_from("l:\n- a\n", "l", 0), "l: []\n");
    cr_expect_str_eq(remove_from("l: # c\n  a: 1\nm: 1\n", "l", 0), "l: {} # c\nm: 1\n");
    cr_expect_str_eq(remove_from("l: [a, b,  c]\n", "l", 1), "l: [a,  c]\n");
    cr_expect_str_eq(remove_from("l: [a, b]\n", "l", 0), "l: [b]\n");
    cr_expect_str_eq(remove_from("l: [ a, ]\n", "l", 0), "l: []\n");
    cr_expect_str_eq(remove_from("- a: 1\n  b: 2\n", NULL, 0), "[]\n");
    cr_expect_str_eq(remove_from("a: |\n  x\n\nb: 1\n", NULL, 1), "a: |\n  x\n");
}

Test(splice, removes_the_first_entry_of_an_item)
{
    const char *text = "l:\n- a: 1 # x\n  b: 2\n";
    const struct layout_node *map = item(layout_value(root_of(text, strlen(text)), "l"), 0);
    cr_expect_str_eq(result(splice_remove(&layout, map, 0, &out, &error)), "l:\n- b: 2\n");
}

Test(splice, places_have_line_and_column)
{
    const char *text = "\xEF\xBB\xBF"
                       "a: 1\nl:\n- x: y\n";
    const struct layout_node *map = item(layout_value(root_of(text, strlen(text)), "l"), 0);
    struct place place = layout_place(&layout, map->start);
    cr_expect(place.line == 3 && place.column == 3);
    place = layout_place(&layout, layout.documents[0]->start);
    cr_expect(place.line == 1 && place.column == 1);
}

Test(splice, refuses_what_is_malformed)
{
    static const char *const texts[] = {"a: [b", "a: b: c", "{a", "'x", "[a b: c", "- a\nb: c", "a: ]"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        error_free(&error);
        cr_expect(!layout_read(arena, "k", texts[i], strlen(texts[i]), &layout, &error) && error.message, "%s",
                  texts[i]);
    }
}

static void expect_plain(bool plain, const char *words, const char *separators)
{
    char *copy = arena_string(arena, words), *rest;
    for (char *word = strtok_r(copy, separators, &rest); word; word = strtok_r(NULL, separators, &rest))
        cr_expect_eq(string_is_plain(word, strlen(word), false), plain, "%s", word);
}

Test(splice, quotes_what_some_reader_takes_for_more)
{
    expect_plain(false,
                 "1.30 3.10 12 007 08 0x1f 0o17 1_000 1e3 1.2e5 true yes on y n FALSE null Null ~ 12e4567 1:30 .5 1. "
                 ".inf -1 +.5e-3 0b11 << = 2001-01-01 2001-1-9 2024-13-45 0x1234567890abcdef1234 "
                 "99999999999999999999999 #a &a * @a a:",
                 " ");
    expect_plain(false, "a: b|a #b| a|a |- a|2001-01-01 10:00:00", "|");
    expect_plain(true,
                 "v1 1.4.0 1.4.0-rc.1 main latest 2024.01.01 a-b -a 12e 0x1g nothing yesno a:b a#b 1_a 0o8 sha-1 "
                 "9f2c1a 20240101-1 2001-01-01-1 a,b",
                 " ");
    cr_expect(!string_is_plain("", 0, false));
    cr_expect(!string_is_plain("a,b", 3, true));
}

/* Files in every style. The judge is the text that the same style gives with the other value. */

struct style {
    bool flow, crlf, marked, open_end, blank_lines;
    unsigned indent, comments;
    char quote; /* '\0': only where needed */
};

static void put_value(struct text *text, const struct style *style, const char *value, bool bare)
{
    char quote = style->quote ? style->quote : bare ? '\0' : '"';
    text_format(text, quote ? "%c%s%c" : "%.0d%s", quote, value, quote);
}

static void put_newline(struct text *text, const struct style *style)
{
    text_string(text, style->crlf ? "\r\n" : "\n");
}

static void put_image(struct text *text, const struct style *style, const char *name, const char *tag, bool bare)
{
    text_format(text, "%*s- %s", style->indent, "", style->flow ? "{ name: " : "name: ");
    put_value(text, style, name, true);
    if (style->flow) {
        text_string(text, " , newTag: ");
    } else {
        put_newline(text, style);
        text_format(text, "%*snewTag: ", style->indent + 2, "");
    }
    put_value(text, style, tag, bare);
    text_string(text, style->flow ? " }" : "");
}

struct wanted {
    const char *tag;
    bool bare, images, more;
};

static void put_file(struct text *text, const struct style *style, struct wanted wanted)
{
    text_cut(text, 0);
    text_string(text, style->marked ? "\xEF\xBB\xBF" : "");
    if (style->comments) {
        text_string(text, "# top");
        put_newline(text, style);
    }
    text_string(text, "kind:   Kustomization");
    put_newline(text, style);
    if (style->blank_lines)
        put_newline(text, style);
    text_string(text, style->comments > 1 ? "resources:  # those" : "resources:");
    put_newline(text, style);
    text_format(text, "%*s- a.yaml", style->indent, "");
    if (wanted.images) {
        put_newline(text, style);
        if (style->blank_lines)
            put_newline(text, style);
        text_string(text, "images:");
        put_newline(text, style);
        if (style->comments) {
            text_format(text, "%*s# web", style->indent, "");
            put_newline(text, style);
        }
        put_image(text, style, "web", wanted.tag, wanted.bare);
        text_string(text, style->comments > 1 ? "  # set by the build" : "");
    }
    if (wanted.more) {
        put_newline(text, style);
        put_image(text, style, "more", "v9", true);
    }
    if (!style->open_end)
        put_newline(text, style);
}

struct tag {
    const char *text;
    bool bare;
};

static const struct tag tags[] = {{"v2", true},       {"1.4.0", true}, {"main", true},      {"1.30", false},
                                  {"007", false},     {"0x1f", false}, {"1e3", false},      {"1_000", false},
                                  {"12e4567", false}, {"yes", false},  {"null", false},     {"12", false},
                                  {"sha-9f2", true},  {"1:30", false}, {"2001-1-1", false}, {"true", false}};

static void expect_text(const struct text *expected, const char *what)
{
    bool same = out.size == expected->size && memcmp(text_content(&out), expected->bytes, out.size) == 0;
    cr_assert(same, "%s: expected\n%s\ngot\n%s", what, expected->bytes, text_content(&out));
}

static const struct layout_node *tag_of(const struct text *text)
{
    return layout_value(item(layout_value(root_of(text->bytes, text->size), "images"), 0), "newTag");
}

/* Sets the tag, and sets it back. */
static void check_replacing(const struct style *style, const struct tag *tag)
{
    struct text old = {0}, expected = {0};
    put_file(&old, style, (struct wanted){"v1", true, true, false});
    put_file(&expected, style, (struct wanted){tag->text, tag->bare, true, false});
    cr_assert(splice_string(&layout, tag_of(&old), tag->text, strlen(tag->text), &out, &error), "%s", error.message);
    expect_text(&expected, "replaced");
    if (tag->bare || style->quote) {
        cr_assert(splice_string(&layout, tag_of(&expected), "v1", 2, &out, &error));
        expect_text(&old, "set back");
    }
    text_free(&old);
    text_free(&expected);
}

/* Adds an item, and removes it. */
static void check_items(const struct style *style, const struct tag *tag)
{
    struct text old = {0}, expected = {0};
    put_file(&old, style, (struct wanted){tag->text, tag->bare, true, false});
    put_file(&expected, style, (struct wanted){tag->text, tag->bare, true, true});
    const struct layout_node *images = layout_value(root_of(old.bytes, old.size), "images");
    struct node *more = pairs("name", "more", "newTag", "v9");
    bool same_quotes = style->quote || tag->bare; /* else the new tag has the quotes of the one above */
    if (same_quotes) {
        cr_assert(splice_add_item(&layout, images, more, &out, &error), "%s", error.message);
        expect_text(&expected, "added");
    }
    images = layout_value(root_of(expected.bytes, expected.size), "images");
    cr_assert(splice_remove(&layout, images, 1, &out, &error));
    expect_text(&old, "removed");
    text_free(&old);
    text_free(&expected);
}

/* Adds the field, and removes it. */
static void check_fields(const struct style *style, const struct tag *tag)
{
    struct text old = {0}, expected = {0};
    put_file(&old, style, (struct wanted){NULL, true, false, false});
    put_file(&expected, style, (struct wanted){tag->text, tag->bare, true, false});
    const struct layout_node *root = root_of(old.bytes, old.size);
    struct node *images = list_of(pairs("name", "web", "newTag", tag->text));
    if (!style->flow && !style->comments && !style->quote) {
        cr_assert(splice_add_entry(&layout, root, "images", images, &out, &error), "%s", error.message);
        expect_text(&expected, "field added");
    }
    root = root_of(expected.bytes, expected.size);
    cr_assert(splice_remove(&layout, root, 2, &out, &error));
    expect_text(&old, "field removed");
    text_free(&old);
    text_free(&expected);
}

static struct style style_of(unsigned number)
{
    static const char quotes[] = {'\0', '\'', '"'};
    struct style style = {.flow = number & 1,
                          .crlf = number >> 1 & 1,
                          .marked = number >> 2 & 1,
                          .open_end = number >> 3 & 1,
                          .blank_lines = number >> 4 & 1};
    number >>= 5;
    style.indent = number % 3 * 2;
    style.comments = number / 3 % 3;
    style.quote = quotes[number / 9 % 3];
    return style;
}

Test(splice, keeps_every_other_byte_in_all_styles)
{
    enum { STYLES = 32 * 27 };
    for (unsigned i = 0; i < STYLES; i++)
        for (size_t k = 0; k < sizeof tags / sizeof *tags; k++) {
            struct style style = style_of(i);
            check_replacing(&style, &tags[k]);
            check_items(&style, &tags[k]);
            check_fields(&style, &tags[k]);
        }
}
