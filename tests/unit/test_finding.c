/* test_finding.c: the table of rules, lists of findings, and where a word ends. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "finding/write.h"

static struct arena *arena;
static struct findings *findings;

static void setup(void)
{
    arena = arena_new();
    findings = findings_new(arena);
}

static void teardown(void)
{
    arena_free(arena);
}

TestSuite(finding, .init = setup, .fini = teardown);

static struct finding *add(enum rule_id rule, unsigned line, const char *message, const char *target)
{
    struct finding finding = {
        .rule = &rules[rule], .place = {"a.yaml", line, 3, 0, 0}, .message = message, .targets = &target};
    finding.target_count = 1;
    return findings_add(findings, &finding);
}

Test(finding, a_cause_is_one_finding_with_all_its_targets_sorted)
{
    add(RA302, 7, "no pod", "shop/prod");
    add(RA302, 7, "no pod", "shop/dev");
    add(RA302, 7, "no pod", "shop/prod");
    cr_assert_eq(findings->count, 1);
    cr_assert_eq(findings->items[0]->target_count, 2);
    cr_expect_str_eq(findings->items[0]->targets[0], "shop/dev");
    cr_expect_str_eq(findings->items[0]->targets[1], "shop/prod");
    cr_expect_eq(findings->items[0]->severity, SEVERITY_ERROR);
}

Test(finding, rule_place_and_message_tell_findings_apart_and_sort_them)
{
    add(RA302, 7, "no pod", "a/b");
    add(RA302, 5, "no pod", "a/b");
    add(RA301, 7, "no pod", "a/b");
    add(RA302, 7, "another", "a/b");
    findings_sort(findings);
    cr_assert_eq(findings->count, 4);
    cr_expect_eq(findings->items[0]->place.line, 5);
    cr_expect_str_eq(findings->items[1]->rule->id, "RA301");
    cr_expect_str_eq(findings->items[2]->message, "another");
}

Test(finding, a_full_list_counts_what_it_drops)
{
    findings->most = 10;
    cr_expect(add(RA302, 1, "twelve bytes", "a/b"));
    cr_expect_null(add(RA302, 2, "one more", "a/b"));
    cr_expect(add(RA302, 1, "twelve bytes", "a/c"), "what is there already is found");
    cr_expect_eq(findings->dropped, 1);
}

Test(finding, rules_are_sorted_have_unique_names_and_whole_sentences)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        const struct rule *rule = &rules[i];
        cr_expect(!i || strcmp(rules[i - 1].id, rule->id) < 0, "%s", rule->id);
        cr_expect_eq(rule_find(rule->name), rule, "%s", rule->name);
        const char *texts[] = {rule->summary, rule->why, rule->fix};
        for (size_t k = 0; k < 3; k++)
            cr_expect(*texts[k] && texts[k][strlen(texts[k]) - 1] == '.', "%s: %s", rule->id, texts[k]);
    }
}

Test(finding, rules_are_meant_by_id_name_or_group)
{
    const struct rule *rule = rule_find("RA302");
    cr_expect(rule_matches(rule, "RA302") && rule_matches(rule, "RA3") && rule_matches(rule, rule->name));
    cr_expect(!rule_matches(rule, "RA4") && !rule_matches(rule, "R") && !rule_matches(rule, "RA3022"));
}

static unsigned end_of(const char *text)
{
    struct origins *origins = origins_new();
    struct span span = span_at(origins, origins_add(origins, "a", text, strlen(text)));
    origins_free(origins);
    return span.end_column;
}

Test(finding, a_span_ends_where_the_word_ends)
{
    cr_expect_eq(end_of("abc\n"), 4);
    cr_expect_eq(end_of("abc: d\n"), 4);
    cr_expect_eq(end_of("a:b # c\n"), 4);
    cr_expect_eq(end_of("abc, d]"), 4);
    cr_expect_eq(end_of("'it''s' x"), 8);
    cr_expect_eq(end_of("\"a\\\"b\" x"), 7);
    cr_expect_eq(end_of("\xc3\xa4\xc3\xb6 # c"), 3);
}

/* docs/warnings.md tells of each rule what the table tells. */
static char page[64 * 1024];

Test(finding, the_page_of_warnings_is_that_of_the_table)
{
    FILE *file = fopen("docs/warnings.md", "r");
    cr_assert(file);
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    fclose(file);
    for (size_t i = RA701; i < RULE_COUNT; i++)
        if (i != RA747) /* is about Argo CD, and no render tells of it */
            cr_expect(strstr(page, rules[i].id), "docs/warnings.md lacks %s", rules[i].id);
    size_t rows = 0;
    for (char *line = strtok(page, "\n"); line; line = strtok(NULL, "\n")) {
        if (strncmp(line, "| RA", 4) != 0)
            continue;
        line[7] = '\0';
        const struct rule *rule = rule_find(line + 2);
        rows++;
        cr_assert(rule, "%s", line);
        cr_expect(strstr(line + 8, rule->fix), "%s: docs/warnings.md says another remedy: %s", rule->id, line + 8);
    }
    cr_expect_geq(rows, 20);
}

/* Bytes of which commands are made, more often than others. */
static void fill(char *text, size_t size, unsigned *seed)
{
    static const char bytes[] = "::%%\n\r,,= #[]errorwarningnotice\t\"'\x1b\xe2\x80\xa8";
    size_t length = 0;
    for (*seed = *seed * 1664525 + 1013904223; length + 1 < (*seed >> 8) % size;) {
        *seed = *seed * 1664525 + 1013904223;
        text[length++] = bytes[(*seed >> 16) % (sizeof bytes - 1)];
    }
    text[length] = '\0';
}

/* Whether a text is one command, of the two kinds that may come, and its end. */
static bool is_one_command(const char *text)
{
    size_t size = strlen(text), line = strcspn(text, "\r\n");
    return strncmp(text, "::error file=", 13) == 0 && line + 1 == size && text[line] == '\n';
}

Test(finding, no_text_of_a_finding_begins_a_second_command_of_github)
{
    enum { RUNS = 1000 * 1000, LONGEST = 24 };
    char file[LONGEST], message[LONGEST], fix[LONGEST];
    unsigned seed = 1;
    struct text out = {0};
    for (size_t i = 0; i < RUNS; i++) {
        fill(file, LONGEST, &seed);
        fill(message, LONGEST, &seed);
        fill(fix, LONGEST, &seed);
        struct finding finding = {.rule = &rules[RA302],
                                  .severity = SEVERITY_ERROR,
                                  .place = {file, 7, 1, 7, 3},
                                  .message = message,
                                  .fix = fix};
        struct finding *items[] = {&finding};
        const struct findings one = {.items = items, .count = 1};
        text_cut(&out, 0);
        write_findings_github(&(struct finding_report){.findings = &one}, &out);
        cr_assert(is_one_command(text_content(&out)), "%s", text_content(&out));
        const char *properties = text_content(&out) + 13, *title = strstr(properties, ",title=");
        cr_assert(title && memchr(properties, ',', (size_t)(title - properties)), "%s", properties);
        cr_assert_eq(strcspn(properties, ",:"), (size_t)(strstr(properties, ",line=7,") - properties), "%s",
                     properties);
    }
    text_free(&out);
}
