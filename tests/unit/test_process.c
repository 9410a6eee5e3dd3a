/* test_process.c: other programs, well-behaved and not. */
#include <criterion/criterion.h>

#include "base/process.h"

static struct process_end end;
static struct error error;

static bool shell(const char *script, unsigned seconds, size_t limit)
{
    const char *arguments[] = {"/bin/sh", "-c", script, NULL};
    struct process process = {.arguments = arguments, .seconds = seconds, .output_limit = limit};
    process_end_free(&end);
    return process_run(&process, &end, &error);
}

Test(process, output_and_status)
{
    cr_assert(shell("echo out; echo err >&2; exit 3", 10, 0));
    cr_assert_str_eq(text_content(&end.out), "out\n");
    cr_assert_str_eq(text_content(&end.err), "err\n");
    cr_assert_eq(end.status, 3);
    cr_assert(shell("kill -9 $$", 0, 0));
    cr_assert_eq(end.status, 128 + 9);
    cr_assert(shell("cat; exit 0", 10, 0), "standard input is empty");
    cr_assert_eq(end.status, 0);
}

Test(process, large_output)
{
    cr_assert(shell("head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2", 10, 0));
    cr_assert_eq(end.out.size, 1000000);
    cr_assert_eq(end.err.size, 1000000);
    cr_assert(shell("cat /dev/zero", 10, 1000));
    cr_assert(end.too_large);
    cr_assert_eq(end.status, 128 + 9);
}

Test(process, time_limit, .timeout = 60)
{
    cr_assert(shell("sleep 30 & sleep 30", 1, 0));
    cr_assert(end.timed_out);
    cr_assert(shell("exec >&- 2>&-; sleep 30", 1, 0));
    cr_assert(end.timed_out);
    cr_assert_eq(end.status, 128 + 9);
}

Test(process, what_is_not_there)
{
    const char *arguments[] = {"no-such-program-anywhere", NULL};
    struct process process = {.arguments = arguments};
    cr_assert_not(process_run(&process, &end, &error));
    cr_assert_str_eq(error.message, "no-such-program-anywhere: cannot be run: No such file or directory");
}
