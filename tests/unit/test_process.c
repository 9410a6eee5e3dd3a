/* test_process.c: other programs, well-behaved and not. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

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

Test(process, signals_as_usual)
{
    signal(SIGPIPE, SIG_IGN);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    cr_assert(shell("kill -TERM $$; exit 0", 10, 0));
    cr_assert_eq(end.status, 128 + SIGTERM, "nothing is blocked");
    cr_assert(shell("kill -PIPE $$; exit 0", 10, 0));
    cr_assert_eq(end.status, 128 + SIGPIPE, "a broken pipe ends it");
}

Test(process, a_directory_that_is_not_there)
{
    const char *arguments[] = {"true", NULL};
    struct process process = {.arguments = arguments, .directory = "/nowhere/at/all"};
    cr_assert_not(process_run(&process, &end, &error));
    cr_assert_str_eq(error.message, "true: cannot be run: No such file or directory");
}

/* We are the reaper of what loses its parent, so that its end is seen. */
Test(process, it_dies_with_us, .timeout = 60)
{
    int ends[2];
    char said[32] = "";
    cr_assert_eq(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
    cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
    fflush(NULL);
    pid_t parent = fork();
    if (parent == 0) {
        char script[64];
        snprintf(script, sizeof script, "echo $$ >/proc/%d/fd/%d; exec sleep 1000", (int)getpid(), ends[1]);
        shell(script, 0, 0);
        _exit(1);
    }
    cr_assert_gt(read(ends[0], said, sizeof said - 1), 0);
    kill(parent, SIGKILL);
    int status = 0;
    cr_assert_eq(waitpid(parent, NULL, 0), parent);
    cr_assert_eq(waitpid((pid_t)atol(said), &status, 0), (pid_t)atol(said));
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "it went on to its own end");
}

/* More than a pipe holds, to a program that reads it, and to one that does not. */
Test(process, input_through_a_pipe, .timeout = 60)
{
    struct text input = {0};
    text_repeat(&input, 'x', 1 << 20);
    const char *const counting[] = {"sh", "-c", "test -p /dev/stdin && wc -c", NULL}, *const deaf[] = {"true", NULL};
    struct process process = {.input = input.bytes, .input_size = input.size, .input_once = true, .seconds = 30};
    struct process_end ended = {0};
    struct error problem = {0};
    process.arguments = counting;
    cr_assert(process_run(&process, &ended, &problem));
    cr_assert_eq(strtol(text_content(&ended.out), NULL, 10), 1 << 20);
    process_end_free(&ended);
    signal(SIGPIPE, SIG_IGN);
    process.arguments = deaf;
    cr_assert(process_run(&process, &ended, &problem));
    cr_assert_eq(ended.status, 0);
    process_end_free(&ended);
    text_free(&input);
}
