/* test_go_values.c: numbers and durations as Go reads them. The expectations are those of strconv and time. */
#include <criterion/criterion.h>

#include "base/go_values.h"

Test(go_values, integers)
{
    static const struct {
        const char *text;
        int64_t number;
    } good[] = {{"0", 0},
                {"-0", 0},
                {"+7", 7},
                {"007", 7},
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN}};
    static const char *const bad[] = {
        "", "+", "-", "1 ", " 1", "1.0", "0x1", "1_0", "--1", "9223372036854775808", "-9223372036854775809"};
    int64_t number;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_assert(go_read_integer(good[i].text, &number), "%s", good[i].text);
        cr_assert_eq(number, good[i].number, "%s", good[i].text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_not(go_read_integer(bad[i], &number), "%s", bad[i]);
}

Test(go_values, durations)
{
    static const struct {
        const char *text;
        int64_t nanoseconds;
    } good[] = {{"0", 0},
                {"-0", 0},
                {"1h30m", 5400000000000},
                {"-1.5s", -1500000000},
                {".5us", 500},
                {"1.s", 1000000000},
                {"1\xC2\xB5s", 1000},
                {"1.0000000000001h", 3600000000000},
                {"-2562047h47m16.854775808s", INT64_MIN}};
    static const char *const bad[] = {"", "-", "1", "s", ".s", "1d", "1h ", "1h-1m", "2562047h47m16.854775808s"};
    int64_t nanoseconds;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_assert(go_read_duration(good[i].text, &nanoseconds), "%s", good[i].text);
        cr_assert_eq(nanoseconds, good[i].nanoseconds, "%s", good[i].text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_not(go_read_duration(bad[i], &nanoseconds), "%s", bad[i]);
}
