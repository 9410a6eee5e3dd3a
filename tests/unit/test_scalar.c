/* test_scalar.c: the final form of numbers and dates, what needs quotes, and the order of keys. */
#include <criterion/criterion.h>
#include <string.h>

#include "yaml/natural.h"
#include "yaml/scalar.h"

struct float_case {
    double value;
    const char *json, *yaml;
};

Test(scalar, floats_are_printed_as_go_prints_them)
{
    static const struct float_case cases[] = {
        {0, "0", "0"},
        {-0.0, "-0", "0"},
        {1.5, "1.5", "1.5"},
        {0.1, "0.1", "0.1"},
        {1e-6, "0.000001", "1e-06"},
        {1e-7, "1e-7", "1e-07"},
        {-1.5e-10, "-1.5e-10", "-1.5e-10"},
        {0.0001, "0.0001", "0.0001"},
        {0.00001, "0.00001", "1e-05"},
        {100000.5, "100000.5", "100000.5"},
        {1000000.5, "1000000.5", "1.0000005e+06"},
        {12345678.9, "12345678.9", "1.23456789e+07"},
        {1e15, "1000000000000000", "1000000000000000"},
        {1e20, "100000000000000000000", "1e+20"},
        {1e21, "1e+21", "1e+21"},
        {18446744073709549568.0, "18446744073709550000", "18446744073709550000"},
        {18446744073709551616.0, "18446744073709552000", "1.8446744073709552e+19"},
        {-9223372036854774784.0, "-9223372036854775000", "-9223372036854775000"},
        {-9223372036854775808.0, "-9223372036854776000", "-9.223372036854776e+18"},
        {0.30000000000000004, "0.30000000000000004", "0.30000000000000004"},
        {5e-324, "5e-324", "5e-324"},
        {2.2250738585072014e-308, "2.2250738585072014e-308", "2.2250738585072014e-308"},
        {1.7976931348623157e308, "1.7976931348623157e+308", "1.7976931348623157e+308"},
        {0x1p-44, "5.684341886080802e-14", "5.684341886080802e-14"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[NUMBER_SIZE];
        cr_expect_eq(scalar_json_float(cases[i].value, out), strlen(out));
        cr_expect_str_eq(out, cases[i].json);
        cr_expect_eq(scalar_yaml_float(cases[i].value, out), strlen(out));
        cr_expect_str_eq(out, cases[i].yaml);
    }
}

Test(scalar, integers_have_up_to_64_bits)
{
    char out[NUMBER_SIZE];
    scalar_integer(&(struct integer){true, UINT64_C(1) << 63}, out);
    cr_expect_str_eq(out, "-9223372036854775808");
    scalar_integer(&(struct integer){false, UINT64_MAX}, out);
    cr_expect_str_eq(out, "18446744073709551615");
    scalar_integer(&(struct integer){true, 0}, out);
    cr_expect_str_eq(out, "0");
}

Test(scalar, dates_become_rfc_3339)
{
    static const char *const cases[][2] = {
        {"2001-2-3", "2001-02-03T00:00:00Z"},
        {"2001-02-03T4:5:6Z", "2001-02-03T04:05:06Z"},
        {"2001-02-03t04:05:06.7000+01:30", "2001-02-03T04:05:06.7+01:30"},
        {"2001-2-3   4:5:6,123456789123", "2001-02-03T04:05:06.123456789Z"},
        {"2001-2-3 4:5:6.000", "2001-02-03T04:05:06Z"},
        {"2001-2-3T4:5:6-00:00", "2001-02-03T04:05:06Z"},
        {"2001-2-3T4:5:6+01:60", "2001-02-03T04:05:06+02:00"},
        {"2001-2-3T4:5:6+24:00", ""},
        {"2001-2-3T4:5:6+23:60", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[NUMBER_SIZE] = "";
        size_t size = scalar_timestamp(cases[i][0], out);
        cr_expect_eq(size, strlen(cases[i][1]), "%s", cases[i][0]);
        if (size)
            cr_expect_str_eq(out, cases[i][1]);
    }
}

Test(scalar, base64_is_that_of_go)
{
    struct text out = {0};
    cr_expect(scalar_base64("aGVs\nbG8=\n", 10, &out));
    cr_expect_str_eq(text_content(&out), "hello");
    static const char *const bad[] = {"a", "aGVsbG8", "aGVsbG8=x", "a=Vs", "aG=s", "a GVs", "===="};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(scalar_base64(bad[i], strlen(bad[i]), &out), "%s", bad[i]);
    cr_expect(scalar_base64("", 0, &out));
    text_free(&out);
}

Test(scalar, what_was_more_than_a_string_in_yaml_1_1_needs_quotes)
{
    static const char *const quoted[] = {"",     "~",     "null", "y",    "NO",    "Off",        "true",  "1",
                                         "0x1",  "1_0",   "0b-1", "1e3",  ".5",    ".inf",       "12:30", "1:2:3.4_",
                                         "0o17", "-1:30", "08",   "1:59", "+.INF", "2001-01-01", ".NaN",  "0o7"};
    static const char *const plain[] = {"nO", "=",  "<<", "1.2.3", "yess", "1:60", "1:",      "0o-7",       "1e400",
                                        "0x", "--", "-",  "trUe",  "_1",   ".",    "12:30pm", "2001-02-30", "1:2:345"};
    for (size_t i = 0; i < sizeof quoted / sizeof *quoted; i++)
        cr_expect(scalar_needs_quotes(quoted[i], strlen(quoted[i])), "'%s'", quoted[i]);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        cr_expect_not(scalar_needs_quotes(plain[i], strlen(plain[i])), "'%s'", plain[i]);
}

static void expect_order(const char *const *keys, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++) {
        const char *left = keys[i], *right = keys[i + 1];
        cr_expect(natural_order(left, strlen(left), right, strlen(right)), "%s %s", left, right);
        cr_expect_not(natural_order(right, strlen(right), left, strlen(left)), "%s %s", right, left);
    }
}

Test(natural, letters_stand_last_and_numbers_count)
{
    static const char *const numbers[] = {"a1", "a01", "a2", "a10", "a10b", "a20"};
    static const char *const kinds[] = {"", "-", "0", "A", "Z", "a", "z"};
    static const char *const letters_later[] = {"a", "a-", "a1", "aB", "aa", "a\xC3\xA9"};
    expect_order(numbers, sizeof numbers / sizeof *numbers);
    expect_order(kinds, sizeof kinds / sizeof *kinds);
    expect_order(letters_later, sizeof letters_later / sizeof *letters_later);
}

Test(natural, sorting_is_stable_where_the_order_contradicts_itself)
{
    enum { COUNT = 100 };
    struct sort_key keys[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        keys[i] = (struct sort_key){i % 2 ? "same" : "other", i % 2 ? 4 : 5, (const char *)"" + i};
    sort_keys(keys, COUNT, natural_order);
    for (size_t i = 0; i + 1 < COUNT; i++) {
        cr_assert(keys[i].size >= keys[i + 1].size);
        cr_assert(keys[i].size != keys[i + 1].size || keys[i].value < keys[i + 1].value);
    }
}
