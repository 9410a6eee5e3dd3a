/* test_ending.c: what a fault leaves behind. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ending.h"

/* Uses the stack up; the volatile bytes keep a compiler from making a loop of it. */
static int descend(int depth)
{
    volatile char bytes[4096];
    bytes[depth % 4096] = 1;
    return depth < 0 ? 0 : descend(depth + 1) + bytes[depth % 4096];
}

static void overflow(void)
{
    descend(0);
}

static void call_abort(void)
{
    raise(SIGABRT);
}

/* Ends a process of its own by a fault after it has made a directory. Returns its status, and what it said. */
static int end_by(void (*fault)(void), char *path, char *said, size_t size)
{
    int pipe_ends[2], status = 0;
    cr_assert_eq(pipe(pipe_ends), 0);
    cr_assert(mkdtemp(path));
    pid_t child = fork();
    if (child == 0) {
        char stack[ENDING_STACK], inner[64];
        static const int numbers[] = {SIGSEGV, SIGABRT};
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
            signal(numbers[i], SIG_DFL); /* criterion has handlers of its own */
        dup2(pipe_ends[1], STDERR_FILENO);
        ending_use_stack(stack);
        ending_catch_signals();
        snprintf(inner, sizeof inner, "%s/XXXXXX", path);
        ending_make_directory(inner);
        fault();
        _exit(3);
    }
    close(pipe_ends[1]);
    ssize_t length = read(pipe_ends[0], said, size - 1);
    said[length > 0 ? length : 0] = '\0';
    close(pipe_ends[0]);
    cr_assert_eq(waitpid(child, &status, 0), child);
    return status;
}

static void expect_end(void (*fault)(void), const char *reason)
{
    char path[] = "/tmp/rootapp-test-XXXXXX", said[512];
    int status = end_by(fault, path, said, sizeof said);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 1, "status %d", status);
    cr_expect(strstr(said, reason), "%s", said);
    cr_expect_eq(rmdir(path), 0, "the directory within is still there");
}

Test(ending, a_stack_overflow_ends_as_other_ends_do)
{
    expect_end(overflow, "out of stack");
}

Test(ending, so_do_other_faults)
{
    expect_end(call_abort, "a fault of rootapp itself");
}
