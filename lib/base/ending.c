/* ending.c: ends the process early and leaves nothing behind. */
#define _GNU_SOURCE
#include "base/ending.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/files.h"
#include "base/memory.h"

enum { MOST = 64, ATTEMPTS = 50, PAUSE_NANOSECONDS = 2000000 };

/* Whoever takes something out of a place, by exchanging it for nothing, has it for itself. */
static _Atomic(char *) directories[MOST];
static _Atomic(pid_t) programs[MOST];

/* Directories that are being made, and whether the end has come: then none is made any more. */
static atomic_int making;
static atomic_bool ended;

static void note_directory(char *path)
{
    for (size_t i = 0; i < MOST; i++) {
        char *nothing = NULL;
        if (atomic_compare_exchange_strong(&directories[i], &nothing, path))
            return;
    }
    free(path);
}

static bool make_directory(char *path)
{
    char *noted = memory_copy(path, strlen(path)); /* before: without memory, the process would end here */
    atomic_fetch_add(&making, 1);
    if (atomic_load(&ended)) {
        atomic_fetch_sub(&making, 1);
        for (;;)
            pause();
    }
    bool made = mkdtemp(path);
    if (made)
        note_directory(memcpy(noted, path, strlen(path)));
    atomic_fetch_sub(&making, 1);
    if (!made)
        free(noted);
    return made;
}

bool ending_make_directory(char *path)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    bool made = make_directory(path);
    int problem = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = problem;
    return made;
}

void ending_forget_directory(const char *path)
{
    for (size_t i = 0; i < MOST; i++) {
        char *noted = atomic_exchange(&directories[i], NULL);
        if (noted && strcmp(noted, path) == 0)
            free(noted);
        else if (noted)
            atomic_store(&directories[i], noted);
    }
}

void ending_add_program(pid_t leader)
{
    for (size_t i = 0; i < MOST; i++) {
        pid_t nothing = 0;
        if (atomic_compare_exchange_strong(&programs[i], &nothing, leader))
            return;
    }
}

void ending_forget_program(pid_t leader)
{
    for (size_t i = 0; i < MOST; i++) {
        pid_t noted = leader;
        if (atomic_compare_exchange_strong(&programs[i], &noted, 0))
            return;
    }
}

static void kill_programs(void)
{
    for (size_t i = 0; i < MOST; i++) {
        pid_t leader = atomic_exchange(&programs[i], 0);
        if (!leader)
            continue;
        kill(-leader, SIGKILL);
        waitpid(leader, NULL, 0);
    }
}

static void wait_a_little(void)
{
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_NANOSECONDS}, NULL);
}

/* Children of a program that was killed, and other threads, may write for a moment longer. */
static void remove_directories(void)
{
    atomic_store(&ended, true);
    for (int attempt = 0; atomic_load(&making) && attempt < ATTEMPTS; attempt++)
        wait_a_little();
    for (size_t i = 0; i < MOST; i++) {
        const char *path = atomic_exchange(&directories[i], NULL);
        for (int attempt = 0; path && attempt < ATTEMPTS; attempt++) {
            directory_remove(path);
            if (access(path, F_OK) != 0)
                break;
            wait_a_little();
        }
    }
}

/* No signal handler may interrupt the thread that others wait for. */
_Noreturn void end_process(const char *line)
{
    static atomic_flag ending = ATOMIC_FLAG_INIT;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    while (atomic_flag_test_and_set(&ending))
        pause();
    ssize_t written = write(STDERR_FILENO, line, strlen(line));
    (void)written;
    kill_programs();
    remove_directories();
    _exit(1);
}

static void end_by_signal(int number)
{
    kill_programs();
    remove_directories();
    signal(number, SIG_DFL);
    raise(number);
}

void ending_catch_signals(void)
{
    static const int numbers[] = {SIGHUP, SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction action = {.sa_handler = end_by_signal}, before;
        sigfillset(&action.sa_mask);
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(numbers[i], &action, NULL);
    }
}
