/* test_parse.c: texts to trees. */
#include <criterion/criterion.h>

#include "tests/unit/tree_fixture.h"
#include "yaml/emit.h"
#include "yaml/parse.h"

static struct text json;

static void tear_down(void)
{
    text_free(&json);
    tree_tear_down();
}

TestSuite(parse, .init = tree_set_up, .fini = tear_down);

static struct yaml_text text_of(const char *bytes, size_t size)
{
    return (struct yaml_text){"a.yaml", bytes, size, origins, 0};
}

static const char *as_json(const struct node *node)
{
    text_cut(&json, 0);
    if (!node)
        return "nothing";
    cr_assert(emit_json(node, &json, &error), "%s", error.message);
    return text_content(&json);
}

static const char *message(void)
{
    static struct text line;
    text_cut(&line, 0);
    error_resolve(&error, origins);
    error_write(&error, &line);
    return text_content(&line);
}

/* The documents as JSON, one per line. */
static const char *documents(const char *text)
{
    static struct text lines;
    struct node_array found = {0};
    struct yaml_text input = text_of(text, strlen(text));
    text_cut(&lines, 0);
    error_free(&error);
    if (!parse_documents(&tree, &input, &found, &error))
        return message();
    for (size_t i = 0; i < found.count; i++)
        text_format(&lines, i ? "\n%s" : "%s", as_json(found.items[i]));
    return text_content(&lines);
}

static const char *yaml11(const char *text)
{
    struct node *node;
    struct yaml_text input = text_of(text, strlen(text));
    error_free(&error);
    return parse_yaml11(&tree, &input, &node, &error) ? as_json(node) : message();
}

Test(parse, documents_are_cut_at_separators)
{
    cr_expect_str_eq(documents("a: 1\n---\nb: 2\n---  # comment\nc: 3\n"), "{\"a\":1}\n{\"b\":2}\n{\"c\":3}");
    cr_expect_str_eq(documents("---\r\na: 1\r\n--- \r\nb: |\r\n  x\r\n"), "{\"a\":1}\n{\"b\":\"x\\n\"}");
    cr_expect_str_eq(documents(""), "");
    cr_expect_str_eq(documents("# nothing\n---\n---\n~\n---\na: b\n...\nc: d\n"), "{\"a\":\"b\"}");
    cr_expect_str_eq(documents("a: 1\n--- x\nb: 2\n"),
                     "a.yaml:2:1: invalid document separator: put what stands behind '---' in the next line");
}

Test(parse, a_sole_list_gives_its_items)
{
    cr_expect_str_eq(documents("kind: List\nitems:\n- {a: 1}\n- {b: 2}\n"), "{\"a\":1}\n{\"b\":2}");
    cr_expect_str_eq(documents("kind: List\nitems: []\n"), "");
    cr_expect_str_eq(documents("kind: List\n"), "{\"kind\":\"List\"}");
    cr_expect_str_eq(documents("kind: List\nitems: [1]\n---\n"), "{\"items\":[1],\"kind\":\"List\"}");
}

Test(parse, aliases_are_copied)
{
    cr_expect_str_eq(documents("a: &x {p: [1]}\nb: *x\n"), "{\"a\":{\"p\":[1]},\"b\":{\"p\":[1]}}");
    cr_expect_str_eq(documents("- &k key\n- {*k : 1}\n"), "[\"key\",{\"key\":1}]");
    cr_expect_str_eq(documents("a: *x\n"), "a.yaml:1:4: malformed YAML: alias '*x': unknown anchor");
    cr_expect_str_eq(documents("a: &x [*x]\n"),
                     "a.yaml:1:8: malformed YAML: alias '*x': the anchor's value contains itself");
}

Test(parse, an_alias_bomb_is_refused)
{
    struct text bomb = {0};
    text_string(&bomb, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
        text_format(&bomb, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            text_format(&bomb, "%s*a%d", k ? ", " : "", i - 1);
        text_string(&bomb, "]\n");
    }
    cr_expect(strstr(documents(text_content(&bomb)), "the copies that aliases make are too many"));
    text_free(&bomb);
}

Test(parse, merge_keys_are_resolved)
{
    cr_expect_str_eq(documents("- &x {a: 1, b: 1}\n- &y {b: 2, c: 2}\n- {<<: [*x, *y], c: 3}\n"),
                     "[{\"a\":1,\"b\":1},{\"b\":2,\"c\":2},{\"a\":1,\"b\":1,\"c\":3}]");
    cr_expect_str_eq(documents("{<<: {a: 1}, <<: {b: 1}}\n"), "a.yaml:1:14: malformed YAML: duplicate merge key");
    cr_expect_str_eq(documents("- &x [1]\n- {<<: *x}\n"),
                     "a.yaml:1:3: malformed YAML: invalid map merge: received alias for a non-map value");
    cr_expect_str_eq(documents("{<<: {a: 1}, b: <<}\n"), "{\"a\":1,\"b\":\"\\u003c\\u003c\"}");
}

Test(parse, the_first_of_duplicate_keys_counts_until_it_is_printed)
{
    struct node_array found = {0};
    struct yaml_text input = text_of("a: 1\nb: 2\na: 3\n", 15);
    cr_assert(parse_documents(&tree, &input, &found, &error));
    cr_expect(node_equals(node_find(found.items[0], "a"), "1"));
    cr_expect_eq(found.items[0]->count, 2);
    cr_expect_not(emit_json(found.items[0], &json, &error));
    cr_expect_str_eq(message(), "a.yaml:3:1: mapping key \"a\" already defined at line 1");

    struct node *node;
    error_free(&error);
    cr_expect_not(parse_first(&tree, &input, &node, &error));
    cr_expect_str_eq(message(), "a.yaml:3:1: mapping key \"a\" already defined at line 1");
    cr_expect_str_eq(yaml11("a: 1\nb: 2\na: 3\n"), "{\"a\":3,\"b\":2}");
}

Test(parse, a_map_as_key_matters_when_it_is_printed)
{
    struct node_array found = {0};
    static const char text[] = "a: {{x}}\nb: {? [1] : [2], c: 1}\n";
    struct yaml_text input = text_of(text, sizeof text - 1);
    cr_assert(parse_documents(&tree, &input, &found, &error));
    cr_expect_eq(node_find(found.items[0], "a")->count, 0);
    cr_expect(node_equals(node_find(node_find(found.items[0], "b"), "c"), "1"));
    cr_expect_not(emit_json(found.items[0], &json, &error));
    cr_expect_str_eq(message(), "a.yaml:1:5: a map key must be a scalar: put it in quotes if it is a template");
    cr_expect_str_eq(yaml11("a: {{x}}"),
                     "a.yaml:1:5: malformed YAML: a map key must be a scalar: put it in quotes if it is a template");
}

Test(parse, duplicates_are_found_in_large_maps)
{
    struct text map = {0};
    for (int i = 0; i < 1000; i++)
        text_format(&map, "k%d: %d\n", i, i);
    text_string(&map, "k500: x\n");
    struct node *node;
    struct yaml_text input = text_of(map.bytes, map.size);
    cr_expect_not(parse_first(&tree, &input, &node, &error));
    cr_expect_str_eq(message(), "a.yaml:1001:1: mapping key \"k500\" already defined at line 501");
    text_free(&map);
}

Test(parse, yaml11_is_what_json_makes_of_it)
{
    cr_expect_str_eq(
        yaml11("{b: yes, a: 0x1F, c: 017, d: 1e3, e: 2001-01-01, f: ~, g: \"yes\", h: 1_000}"),
        "{\"a\":31,\"b\":true,\"c\":15,\"d\":1000,\"e\":\"2001-01-01\",\"f\":null,\"g\":\"yes\",\"h\":1000}");
    cr_expect_str_eq(yaml11("{1: a, on: b, !!str 0x1: c}"), "{\"0x1\":\"c\",\"1\":\"a\",\"true\":\"b\"}");
    cr_expect_str_eq(yaml11("{a: !!binary aGk=, b: !!float 1, c: ! 12, d: !x 12}"),
                     "{\"a\":\"hi\",\"b\":1,\"c\":\"12\",\"d\":\"12\"}");
    cr_expect_str_eq(yaml11("{a: 1, <<: {a: 2, b: 2}, b: 3}"), "{\"a\":2,\"b\":3}", "the last one counts");
    cr_expect_str_eq(yaml11("# nothing"), "nothing");
    cr_expect_str_eq(yaml11("a: !!int x"), "a.yaml:1:4: malformed YAML: the value does not fit its tag");
    cr_expect_str_eq(yaml11("a: .inf"), "a.yaml:1:4: malformed YAML: JSON has no such number: put it in quotes");
}

Test(parse, what_go_yaml_refuses_is_refused)
{
    cr_expect_str_eq(documents("a: \"\\/\"\n"),
                     "a.yaml:1:5: malformed YAML: found unknown escape character: write '/' instead of '\\/', while "
                     "scanning a quoted scalar that begins in line 1");
    cr_expect_str_eq(documents("a: \"\\\\/\"\n"), "{\"a\":\"\\\\/\"}");
    cr_expect(strstr(documents("a: [http://x?y]\n"), "a.yaml:1:13: malformed YAML: did not find expected ','"));
    cr_expect_str_eq(documents("a: http://x?y\n"), "{\"a\":\"http://x?y\"}");
    cr_expect(strstr(yaml11("%YAML 1.2\n---\na: 1\n"), "found incompatible YAML document"));
}

Test(parse, what_go_yaml_accepts_is_accepted)
{
    cr_expect_str_eq(documents("a: \"it\\'s\\\\'\"\nb: 'x\\'\n"), "{\"a\":\"it's\\\\'\",\"b\":\"x\\\\\"}");
    cr_expect_str_eq(documents("a: [fe80::, b:]\n"), "{\"a\":[\"fe80::\",\"b:\"]}");
    cr_expect_str_eq(documents("a: 1\n# x\n\t\n \t# y\nb: \"\\'\"\n"), "{\"a\":1,\"b\":\"'\"}");
    cr_expect(strstr(documents("a: 1\n\t# y\nb: 1\n"), "a.yaml:2:1: malformed YAML: found a tab character"));
    cr_expect_str_eq(documents("a: 1\n\xEF\xBB\xBF"
                               "b: 1\n"),
                     "{\"a\":1,\"\xEF\xBB\xBF"
                     "b\":1}",
                     "a byte order mark in the middle is a letter");
    cr_expect_str_eq(documents("a: \"\\'\"\nb: ]\n"), "a.yaml:2:4: malformed YAML: did not find expected node content, "
                                                      "while parsing a block node that begins in line 2");
}

Test(parse, a_comment_behind_a_token_is_not_joined_with_the_next)
{
    cr_expect_str_eq(documents("a: # x\n  # y\n\t# z\n  1\n"), "{\"a\":1}");
    cr_expect_str_eq(documents("- # x\n\t# y\n  1\n"), "[1]");
    cr_expect(
        strstr(documents("a: # x\n\t# y\n  1\n"), "a.yaml:2:1: malformed YAML: found character that cannot start"));
    cr_expect(strstr(yaml11("a: 1\n# x\n\t# y\nb: 1\n"), "a.yaml:3:1: malformed YAML: found character that cannot"));
}

Test(parse, a_key_and_its_colon_are_close)
{
    struct text text = {0};
    text_repeat(&text, 'k', 1024);
    text_string(&text, ": 1\n");
    cr_expect_not(strstr(documents(text.bytes), "malformed"));
    text_cut(&text, 0);
    text_repeat(&text, 'k', 1025);
    text_string(&text, ": 1\n");
    cr_expect_str_eq(documents(text.bytes),
                     "a.yaml:1:1026: malformed YAML: mapping values are not allowed in this context");
    text_cut(&text, 0);
    for (int i = 0; i < 1024; i++)
        text_string(&text, "\xC3\xA9");
    text_string(&text, ": 1\n");
    cr_expect_not(strstr(documents(text.bytes), "malformed"), "characters count, not bytes");
    text_free(&text);
    cr_expect_str_eq(documents("a: 1\nb\nc: 2\n"), "a.yaml:3:1: malformed YAML: could not find expected ':', while "
                                                   "scanning a simple key that begins in line 2");
}

Test(parse, what_follows_a_document_is_scanned_for_two_tokens)
{
    struct node *node;
    struct yaml_text good = text_of("a: 1\n...\n- @\n", 13), bad = text_of("a: 1\n...\n@\n", 11);
    cr_expect(parse_first(&tree, &good, &node, &error), "%s", error.message);
    cr_expect_not(parse_first(&tree, &bad, &node, &error));
    cr_expect(parse_yaml11(&tree, &bad, &node, &error));
}

Test(parse, scalars_of_many_lines)
{
    cr_expect_str_eq(documents("a: b\n  c\n\n  d # e\nf: 'g\n\n  h '' i'\n"),
                     "{\"a\":\"b c\\nd\",\"f\":\"g\\nh ' i\"}");
    cr_expect_str_eq(documents("a: \"b \\\n  c\\x41\\u00e9\\U0001F600\n  d\"\n"),
                     "{\"a\":\"b cA\xC3\xA9\xF0\x9F\x98\x80 d\"}");
    struct node *node;
    static const char blocks[] = "a: >+\n\n  b\n  c\n\n   d\n  e\n\nf: |2-\n   g\n  h\n\n";
    struct yaml_text input = text_of(blocks, sizeof blocks - 1);
    cr_assert(parse_first(&tree, &input, &node, &error));
    cr_expect_str_eq(node_text(node_find(node, "a")), "\nb c\n\n d\ne\n\n");
    cr_expect_str_eq(node_text(node_find(node, "f")), " g\nh");
    cr_expect(strstr(documents("a: 'b\n---\n"), "found unexpected end of stream, while scanning a quoted scalar"));
    cr_expect(strstr(documents("a: |\n\tb\n"), "found a tab character where an indentation space is expected"));
}

Test(parse, tags_and_directives)
{
    cr_expect_str_eq(
        yaml11("%TAG !y! tag:yaml.org,2002:\n---\na: !y!str 1\nb: !<tag:yaml.org,2002:str> 2\nc: !!s%74r 3\n"),
        "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}");
    cr_expect(strstr(documents("a: !x!y 1\n"), "found undefined tag handle, while parsing a node"));
    cr_expect(strstr(yaml11("%TAG ! x\n%TAG ! y\n---\na: 1\n"), "found duplicate %TAG directive"));
    cr_expect(strstr(yaml11("%YAML 1.1\n%YAML 1.1\n---\na: 1\n"), "found duplicate %YAML directive"));
    cr_expect(strstr(yaml11("%FOO\n---\na: 1\n"), "found unknown directive name"));
    cr_expect(strstr(documents("[a, !!str]\n"), "did not find expected ',' or ']'"), "brackets belong to a tag");
    cr_expect(strstr(documents("a: !x{} 1\n"), "did not find expected whitespace or line break, while scanning a tag"));
}

/* The schema comments of a map's values, as "a={...} ". */
static const char *schemas_of(const char *text)
{
    static struct text found;
    static struct schema_comments schemas;
    schemas = (struct schema_comments){.arena = tree.arena};
    tree.schema_comments = &schemas;
    struct node *node;
    struct yaml_text input = text_of(text, strlen(text));
    text_cut(&found, 0);
    cr_assert(parse_first(&tree, &input, &node, &error), "%s", error.message);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct node *schema = tree_schema(&tree, node->entries[i].value);
        if (schema)
            text_format(&found, "%s=%s ", node->entries[i].key->text, as_json(schema));
    }
    return text_content(&found);
}

Test(parse, schema_comments_belong_to_values)
{
    cr_expect_str_eq(schemas_of("a: 1 # {\"x\": 1}\nb: ## {\"y\": 2}\n- 1\nc: {p: 1} # {\"z\": 3}\n"),
                     "a={\"x\":1} b={\"y\":2} c={\"z\":3} ");
    cr_expect_str_eq(schemas_of("# {\"x\": 1}\na: 1\n# {\"y\": 2}\nb:\n  c: 1\n"), "a={\"x\":1} b={\"y\":2} ");
    cr_expect_str_eq(
        schemas_of("# more\n# {\"x\": 1}\na: '\n # {\"y\": 2}\n'\n# {}\nb: x# {\"z\":3}\nc: 1 # {\"p\" q}\n"), "");
    cr_expect_str_eq(schemas_of("a: | # {\"x\": 1}\n  # {\"y\": 2}\nb: 1 # {\"z\": 3}"), "a={\"x\":1} b={\"z\":3} ");
    cr_expect_str_eq(schemas_of("a:\n  b: 1 # {\"x\": 1}\n  # {\"y\": 2}\n  c: 1\nd: 1\n"), "");
}

Test(parse, faults_have_places)
{
    cr_expect_str_eq(documents("ä: 1\n---\nb: [1,\nc\n"),
                     "a.yaml:5:1: malformed YAML: did not find expected ',' or ']', while parsing a flow sequence that "
                     "begins in line 3");
    cr_expect_str_eq(documents("ä: 1\nb: \x01\n"), "a.yaml:2:4: malformed YAML: control characters are not allowed");
    cr_expect_str_eq(documents("\xEF\xBB\xBF[a\n"),
                     "a.yaml:2:1: malformed YAML: did not find expected ',' or ']', while parsing a flow sequence that "
                     "begins in line 1");
}

Test(parse, utf16_is_read_as_one_document)
{
    static const char text[] = "\xFF\xFE"
                               "a\0:\0 \0\xE4\0\n\0-\0-\0-\0\n\0b\0:\0 \0=\xD8\0\xDE\n";
    struct node *node;
    struct yaml_text input = text_of(text, sizeof text);
    cr_assert(parse_first(&tree, &input, &node, &error), "%s", error.message);
    cr_expect_str_eq(as_json(node), "{\"a\":\"ä\"}");
}

Test(parse, depth_is_bounded)
{
    struct text deep = {0};
    text_repeat(&deep, '[', 100000);
    cr_expect(strstr(documents(text_content(&deep)), "too many levels"));
    text_cut(&deep, 0);
    for (int i = 0; i < 10; i++) {
        text_format(&deep, "a%d: &a%d ", i, i);
        text_repeat(&deep, '[', 100);
        if (i)
            text_format(&deep, "*a%d ", i - 1);
        text_repeat(&deep, ']', 100);
        text_string(&deep, "\n");
    }
    cr_expect(strstr(documents(text_content(&deep)), "too many levels"));
    text_free(&deep);
}
