/* ending.c: ends the process early and leaves nothing behind. */
#define _GNU_SOURCE
#include "base/ending.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/files.h"
#include "base/memory.h"

enum { MOST = 64, ATTEMPTS = 50, PAUSE_NANOSECONDS = 2000000 };

/* A directory of ours. As long as it is locked, its maker lives (base/files.h). */
struct noted {
    int lock;
    char path[];
};

/* Whoever takes something out of a place, by exchanging it for nothing, has it for itself. */
static _Atomic(struct noted *) directories[MOST];
static _Atomic(pid_t) programs[MOST];

/* Directories that are being made, and whether the end has come: then none is made any more. */
static atomic_int making;
static atomic_bool ended;
static atomic_bool line_shown;

static struct termios terminal_before;
static atomic_bool terminal_changed;

static void drop_noted(struct noted *noted)
{
    if (noted->lock >= 0)
        close(noted->lock);
    free(noted);
}

static void note_directory(struct noted *directory)
{
    for (size_t i = 0; i < MOST; i++) {
        struct noted *nothing = NULL;
        if (atomic_compare_exchange_strong(&directories[i], &nothing, directory))
            return;
    }
    drop_noted(directory);
}

/* False: it has gone. Somebody who removes what the dead have left may have been faster. */
static bool lock_directory(struct noted *directory)
{
    struct stat status;
    directory->lock = open(directory->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory->lock < 0)
        return errno != ENOENT;
    flock(directory->lock, LOCK_EX);
    return fstat(directory->lock, &status) != 0 || status.st_nlink > 0;
}

static bool make_and_lock(char *path, struct noted *noted)
{
    size_t letters = strlen(path) - strlen("XXXXXX");
    for (;;) {
        if (!mkdtemp(path))
            return false;
        memcpy(noted->path, path, strlen(path));
        if (lock_directory(noted))
            return true;
        if (noted->lock >= 0)
            close(noted->lock);
        memset(path + letters, 'X', strlen("XXXXXX"));
    }
}

static bool make_directory(char *path)
{
    /* Before it is there: without memory, the process would end here. */
    struct noted *noted = memory_new(sizeof *noted + strlen(path) + 1);
    noted->lock = -1;
    atomic_fetch_add(&making, 1);
    if (atomic_load(&ended)) {
        atomic_fetch_sub(&making, 1);
        for (;;)
            pause();
    }
    bool made = make_and_lock(path, noted);
    int problem = errno;
    if (made)
        note_directory(noted);
    atomic_fetch_sub(&making, 1);
    if (!made)
        drop_noted(noted);
    errno = problem;
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
        struct noted *noted = atomic_exchange(&directories[i], NULL);
        if (noted && strcmp(noted->path, path) == 0)
            drop_noted(noted);
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

void ending_clears_line(bool wanted)
{
    atomic_store(&line_shown, wanted);
}

static void clear_line(void)
{
    static const char clear[] = "\r\033[K";
    if (!atomic_exchange(&line_shown, false))
        return;
    ssize_t written = write(STDERR_FILENO, clear, sizeof clear - 1);
    (void)written;
}

void ending_restores_terminal(const struct termios *before)
{
    atomic_store(&terminal_changed, false);
    if (before)
        terminal_before = *before;
    atomic_store(&terminal_changed, before != NULL);
}

static void restore_terminal(void)
{
    if (atomic_exchange(&terminal_changed, false))
        tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
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
        const struct noted *noted = atomic_exchange(&directories[i], NULL);
        for (int attempt = 0; noted && attempt < ATTEMPTS; attempt++) {
            directory_remove(noted->path);
            if (access(noted->path, F_OK) != 0)
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
    restore_terminal();
    clear_line();
    ssize_t written = write(STDERR_FILENO, line, strlen(line));
    (void)written;
    kill_programs();
    remove_directories();
    _exit(1);
}

static void end_by_signal(int number)
{
    restore_terminal();
    clear_line();
    kill_programs();
    remove_directories();
    signal(number, SIG_DFL);
    raise(number);
}

static void end_by_fault(int number)
{
    if (number == SIGSEGV)
        end_process("rootapp: out of stack, or a fault of rootapp itself: is something nested very deeply? If not, "
                    "please report it\n");
    end_process("rootapp: a fault of rootapp itself: please report it\n");
}

/* A handler of someone else, as of a sanitizer, stays. */
static void catch_signal(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags}, before;
    sigfillset(&action.sa_mask);
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_DFL)
        sigaction(number, &action, NULL);
}

void ending_catch_signals(void)
{
    static const int ends[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM}, faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        catch_signal(ends[i], end_by_signal, 0);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        catch_signal(faults[i], end_by_fault, SA_ONSTACK);
}

void ending_use_stack(char *memory)
{
    sigaltstack(&(stack_t){.ss_sp = memory, .ss_size = ENDING_STACK}, NULL);
}

void ending_drop_stack(void)
{
    sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
}
