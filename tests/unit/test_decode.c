/* test_decode.c: trees into structs. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/nearest.h"
#include "tests/unit/tree_fixture.h"
#include "yaml/decode.h"
#include "yaml/parse.h"

static struct text text;

static void tear_down(void)
{
    text_free(&text);
    tree_tear_down();
}

TestSuite(decode, .init = tree_set_up, .fini = tear_down);

struct image {
    const struct node *node;
    const char *name, *tag;
};

struct sample {
    const char *prefix;
    bool flag;
    enum choice choice;
    int64_t count;
    const struct node *any;
    struct image inner;
    const struct image *pointer;
    struct list words, images, labels;
};

static const struct field image_fields[] = {
    FIELD_STRING(struct image, name, "name"),
    FIELD_STRING(struct image, tag, "newTag"),
    FIELD_END,
};
static const struct struct_type image_type = {"Image", sizeof(struct image), image_fields,
                                              offsetof(struct image, node)};
static const struct field sample_fields[] = {
    FIELD_STRING(struct sample, prefix, "namePrefix"),
    FIELD_BOOL(struct sample, flag, "flag"),
    FIELD_CHOICE(struct sample, choice, "choice"),
    FIELD_INT(struct sample, count, "count"),
    FIELD_NODE(struct sample, any, "any"),
    FIELD_STRUCT(struct sample, inner, "inner", &image_type),
    FIELD_POINTER(struct sample, pointer, "pointer", &image_type),
    FIELD_STRINGS(struct sample, words, "words"),
    FIELD_LIST(struct sample, images, "images", &image_type),
    FIELD_STRING_MAP(struct sample, labels, "labels"),
    FIELD_END,
};
static const struct struct_type sample_type = {"Kustomization", sizeof(struct sample), sample_fields, -1};

static const struct field strict_fields[] = {
    {"name", FIELD_IS_STRING, 0, NULL, true},
    FIELD_END,
};
static const struct struct_type strict_type = {"Strict", sizeof(const char *), strict_fields, -1};

static bool read(const char *yaml, enum decode_mode mode, struct sample *out)
{
    struct yaml_text source = {"a.yaml", yaml, strlen(yaml), origins, 0};
    struct node *node = NULL;
    error_free(&error);
    *out = (struct sample){0};
    bool parsed =
        mode == DECODE_AS_GO ? parse_yaml11(&tree, &source, &node, &error) : parse_first(&tree, &source, &node, &error);
    cr_assert(parsed, "%s", error.message);
    return decode(&tree, node, &sample_type, mode, out, &error);
}

static const char *message(void)
{
    text_cut(&text, 0);
    error_resolve(&error, origins);
    error_write(&error, &text);
    return text.bytes;
}

static void refuse(const char *yaml, enum decode_mode mode, const char *expected)
{
    struct sample sample;
    cr_expect_not(read(yaml, mode, &sample), "%s", yaml);
    cr_expect_str_eq(message(), expected);
}

Test(decode, fills_every_kind_of_field)
{
    struct sample sample;
    cr_assert(
        read("namePrefix: a-\nflag: true\nchoice: false\ncount: -7\nany: [1]\ninner: {name: x}\npointer: {newTag: y}\n"
             "words: [one, two]\nimages: [{name: p}, {name: q, newTag: r}]\nlabels: {b: c, a: ''}\n",
             DECODE_EXACT, &sample),
        "%s", error.message);
    cr_expect_str_eq(sample.prefix, "a-");
    cr_expect(sample.flag);
    cr_expect_eq(sample.choice, CHOICE_FALSE);
    cr_expect_eq(sample.count, -7);
    cr_expect(node_is_list(sample.any));
    cr_expect_str_eq(sample.inner.name, "x");
    cr_expect(node_is_map(sample.inner.node));
    cr_expect_str_eq(sample.pointer->tag, "y");
    cr_expect_eq(sample.words.count, 2);
    cr_expect_str_eq(((const char **)sample.words.items)[1], "two");
    cr_expect_str_eq(((struct image *)sample.images.items)[1].tag, "r");
    cr_expect_str_eq(((struct pair *)sample.labels.items)[0].key, "b");
    cr_expect_str_eq(((struct pair *)sample.labels.items)[1].value, "");
}

Test(decode, absent_and_null_stay_zero)
{
    struct sample sample;
    cr_assert(read("namePrefix: null\nwords: ~\n", DECODE_EXACT, &sample));
    cr_expect_null(sample.prefix);
    cr_expect_null(sample.words.node);
    cr_expect_eq(sample.choice, CHOICE_UNSET);
    cr_assert(read("words: []\n", DECODE_EXACT, &sample));
    cr_expect_not_null(sample.words.node);
}

Test(decode, exact_names_place_and_remedy)
{
    refuse("namePrefix: a\nimagse: []\n", DECODE_EXACT,
           "a.yaml:2:1: unknown field \"imagse\" (did you mean \"images\"?)");
    refuse("images:\n- nmae: a\n", DECODE_EXACT,
           "a.yaml:2:3: unknown field \"nmae\" in images[0] (did you mean \"name\"?)");
    refuse("images:\n- name: 5\n", DECODE_EXACT, "a.yaml:2:9: images[0].name must be a string, not a number");
    refuse("flag: maybe\n", DECODE_EXACT, "a.yaml:1:7: flag must be true or false, not a string");
    refuse("count: 1.5\n", DECODE_EXACT, "a.yaml:1:8: count must be a whole number of 64 bits, not a number");
    refuse("inner: []\n", DECODE_EXACT, "a.yaml:1:8: inner must be a map, not a list");
    refuse("NamePrefix: a\n", DECODE_EXACT, "a.yaml:1:1: unknown field \"NamePrefix\" (did you mean \"namePrefix\"?)");
    refuse("zzz: a\n", DECODE_EXACT, "a.yaml:1:1: unknown field \"zzz\"");
    refuse("words: [a, null]\n", DECODE_EXACT, "a.yaml:1:12: words[1] must be a string, not null");
    refuse("namePrefix: \"a\\0b\"\n", DECODE_EXACT, "a.yaml:1:13: a NUL byte is not allowed in this text");
}

/* The messages of kustomize v5.8.3, behind our place. */
Test(decode, as_go_says_what_go_says)
{
    refuse("images:\n- name: 5\n", DECODE_AS_GO,
           "a.yaml:2:9: json: cannot unmarshal number into Go struct field Kustomization.images.0.name of type string, "
           "expected a string: put it in quotes");
    refuse("foo: 1\n", DECODE_AS_GO, "a.yaml:1:1: json: unknown field \"foo\"");
    refuse("images: {a: b}\n", DECODE_AS_GO,
           "a.yaml:1:9: json: cannot unmarshal object into Go struct field Kustomization.images of type []types.Image, "
           "expected a list");
    refuse("labels: {a: 5}\n", DECODE_AS_GO,
           "a.yaml:1:13: json: cannot unmarshal number into Go struct field Kustomization.labels.a of type string, "
           "expected a string: put it in quotes");
    refuse("words: a\n", DECODE_AS_GO,
           "a.yaml:1:8: json: cannot unmarshal string into Go struct field Kustomization.words of type []string, "
           "expected a list: put it in brackets, or behind a dash");
    refuse("flag: x\n", DECODE_AS_GO,
           "a.yaml:1:7: json: cannot unmarshal string into Go struct field Kustomization.flag of type bool, expected "
           "true or false");
}

Test(decode, as_go_matches_keys_without_case_and_the_last_wins)
{
    struct sample sample;
    cr_assert(read("nameprefix: c\nNAMEPREFIX: a\nnamePrefix: b\n", DECODE_AS_GO, &sample), "%s", error.message);
    cr_expect_str_eq(sample.prefix, "c", "'nameprefix' sorts last");
    cr_assert(read("NAMEPREFIX: a\nnamePrefix: null\n", DECODE_AS_GO, &sample));
    cr_expect_str_eq(sample.prefix, "a", "null changes nothing");
    cr_assert(read("word\xC5\xBF: [a]\n", DECODE_AS_GO, &sample), "the long s folds to s");
    cr_expect_eq(sample.words.count, 1);
}

Test(decode, as_go_reads_yaml_11)
{
    struct sample sample;
    cr_assert(read("flag: yes\nchoice: on\ncount: 0x10\nwords: [a, null]\n", DECODE_AS_GO, &sample), "%s",
              error.message);
    cr_expect(sample.flag);
    cr_expect_eq(sample.choice, CHOICE_TRUE);
    cr_expect_eq(sample.count, 16);
    cr_expect_str_eq(((const char **)sample.words.items)[1], "");
    cr_assert(read("count: 1e3\n", DECODE_AS_GO, &sample), "%s", error.message);
    cr_expect_eq(sample.count, 1000);
    cr_assert(read("count: 3.0\n", DECODE_AS_GO, &sample), "%s", error.message);
    cr_expect_not(read("count: 1.5\n", DECODE_AS_GO, &sample));
    cr_expect_not(read("count: 9223372036854775808\n", DECODE_AS_GO, &sample));
    cr_assert(read("count: -9223372036854775808\n", DECODE_AS_GO, &sample));
    cr_expect_eq(sample.count, INT64_MIN);
    cr_assert(read("count: 017\n", DECODE_AS_GO, &sample));
    cr_expect_eq(sample.count, 15);
}

Test(decode, required_fields)
{
    static const char yaml[] = "{}\n";
    struct yaml_text source = {"a.yaml", yaml, strlen(yaml), origins, 0};
    struct node *node;
    const char *name = NULL;
    cr_assert(parse_first(&tree, &source, &node, &error));
    cr_expect_not(decode(&tree, node, &strict_type, DECODE_EXACT, &name, &error));
    cr_expect_str_eq(message(), "a.yaml:1:1: name is missing and has no default");
}

Test(decode, nearest_names)
{
    static const char *const names[] = {"resources", "replicas", "replacements", "namePrefix", NULL};
    cr_expect_str_eq(nearest_name("resource", names), "resources");
    cr_expect_str_eq(nearest_name("relpicas", names), "replicas");
    cr_expect_str_eq(nearest_name("nameprefix", names), "namePrefix");
    cr_expect_null(nearest_name("openapi", names));
    char longest[200];
    memset(longest, 'a', sizeof longest - 1);
    longest[199] = '\0';
    cr_expect_null(nearest_name(longest, names));
}
