/* test_line_diff.c: our differences are those of diff -u, and applied they give the new text. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/line_diff.h"

static struct text text_of(const char *content)
{
    struct text text = {0};
    text_string(&text, content);
    return text;
}

static void expect_diff(const char *old_content, const char *new_content, const char *expected)
{
    struct text old = text_of(old_content), new = text_of(new_content), out = {0};
    line_diff("a", &old, "b", &new, &out);
    cr_assert_str_eq(text_content(&out), expected);
    text_free(&old);
    text_free(&new);
    text_free(&out);
}

Test(line_diff, small_texts)
{
    expect_diff("", "", "");
    expect_diff("a\nb\n", "a\nb\n", "");
    expect_diff("a\nb\nc\n", "a\nx\nc\n", "--- a\n+++ b\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
    expect_diff("", "a\n", "--- a\n+++ b\n@@ -0,0 +1,1 @@\n+a\n");
    expect_diff("a\n", "", "--- a\n+++ b\n@@ -1,1 +0,0 @@\n-a\n");
    expect_diff("a\n", "a", "--- a\n+++ b\n@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file\n");
}

Test(line_diff, two_hunks)
{
    expect_diff("x\n1\n2\n3\n4\n5\n6\n7\nx\n", "y\n1\n2\n3\n4\n5\n6\n7\ny\n",
                "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-x\n+y\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-x\n+y\n");
    expect_diff("x\n1\n2\n3\n4\n5\n6\nx\n", "y\n1\n2\n3\n4\n5\n6\ny\n",
                "--- a\n+++ b\n@@ -1,8 +1,8 @@\n-x\n+y\n 1\n 2\n 3\n 4\n 5\n 6\n-x\n+y\n");
}

static struct text random_text(unsigned *seed)
{
    struct text text = {0};
    for (int lines = rand_r(seed) % 40; lines > 0; lines--)
        text_format(&text, "%c\n", 'a' + rand_r(seed) % 4);
    return text;
}

/* patch(1), or git, is not everywhere: the result is applied here. */
static struct text apply(const struct text *old, const char *diff)
{
    struct text out = {0};
    const char *from = text_content(old);
    size_t line = 0;
    for (const char *at = strstr(diff, "@@"); at && *at; at = strchr(at, '\n') + 1) {
        size_t size = strcspn(at, "\n") + 1;
        size_t start, count;
        if (*at == '@') {
            cr_assert_eq(sscanf(at, "@@ -%zu,%zu", &start, &count), 2);
            for (size_t first = count ? start - 1 : start; line < first; line++) {
                size_t whole = strcspn(from, "\n") + 1;
                text_bytes(&out, from, whole);
                from += whole;
            }
            continue;
        }
        if (*at != '+') {
            cr_assert_eq(strncmp(from, at + 1, size - 1), 0, "context does not match");
            from += size - 1;
            line++;
        }
        if (*at != '-')
            text_bytes(&out, at + 1, size - 1);
    }
    text_string(&out, from);
    return out;
}

Test(line_diff, random_texts)
{
    unsigned seed = 1;
    for (int round = 0; round < 2000; round++) {
        struct text old = random_text(&seed), new = random_text(&seed), diff = {0};
        line_diff("a", &old, "b", &new, &diff);
        struct text got = apply(&old, text_content(&diff));
        cr_assert_str_eq(text_content(&got), text_content(&new), "%s\n", text_content(&diff));
        text_free(&old);
        text_free(&new);
        text_free(&diff);
        text_free(&got);
    }
}

Test(line_diff, very_different_texts, .timeout = 120)
{
    struct text old = {0}, new = {0}, diff = {0};
    for (int line = 0; line < 20000; line++) {
        text_format(&old, "old %d\n", line);
        text_format(&new, "new %d\n", line);
    }
    line_diff("a", &old, "b", &new, &diff);
    struct text got = apply(&old, text_content(&diff));
    cr_assert_str_eq(text_content(&got), text_content(&new));
    text_free(&old);
    text_free(&new);
    text_free(&diff);
    text_free(&got);
}
