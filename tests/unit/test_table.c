/* test_table.c: rows for people and for programs. */
#include <criterion/criterion.h>

#include "plugin/table.h"

static const char *const titles[] = {"NAME", "N", "LAST"};

static struct table filled(struct arena *arena)
{
    struct table table = {.arena = arena, .titles = titles, .columns = 3};
    table_add(&table, (const char *[]){"é", "1", "end"});
    table_add(&table, (const char *[]){"a\tb\n\\", NULL, ""});
    return table;
}

Test(table, aligned)
{
    struct arena *arena = arena_new();
    struct table table = filled(arena);
    struct text out = {0};
    table_add(&table, (const char *[]){"longer", "22", "x"});
    table.rows[1][0] = "a";
    table_write_aligned(&table, &out);
    cr_assert_str_eq(text_content(&out), "NAME    N   LAST\n"
                                         "é       1   end\n"
                                         "a       -   -\n"
                                         "longer  22  x\n");
    text_free(&out);
    arena_free(arena);
}

Test(table, plain)
{
    struct arena *arena = arena_new();
    struct table table = filled(arena);
    struct text out = {0};
    table_write_plain(&table, &out);
    cr_assert_str_eq(text_content(&out), "é\t1\tend\na\\tb\\n\\\\\t\t\n");
    text_free(&out);
    arena_free(arena);
}
