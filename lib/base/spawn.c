/* spawn.c: makes a child that becomes a program, and that ends when we do. */
#define _GNU_SOURCE
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a child needs to become the program. */
struct start {
    const struct process *process;
    char *const *environment;
    const int *streams;
    pid_t parent;
    volatile int problem; /* the errno that kept it from becoming the program */
};

static bool place_descriptor(int fd, int target)
{
    return fd == target ? fcntl(fd, F_SETFD, 0) == 0 : dup2(fd, target) == target;
}

/* Handlers are ours, and so is the wish to hear of a broken pipe by an error. Nothing is blocked. */
static void restore_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0 && (action.sa_handler != SIG_IGN || number == SIGPIPE))
            signal(number, SIG_DFL);
    }
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The kernel kills the program when the thread that waits for it ends, of whatever it dies. The parent may have died
 * before that was asked for. */
static bool end_with_parent(pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

/* In a session of its own: its children end with it, and nobody asks for a password on our terminal. Shares our memory
 * until it has become the program, so that it does nothing but call the kernel. */
static _Noreturn void become_program(struct start *start)
{
    const struct process *process = start->process;
    const int *streams = start->streams;
    int in = streams[0] < 0 ? open("/dev/null", O_RDONLY | O_CLOEXEC) : streams[0];
    setsid();
    if (in >= 0 && place_descriptor(in, STDIN_FILENO) && place_descriptor(streams[1], STDOUT_FILENO) &&
        place_descriptor(streams[2], STDERR_FILENO) && (!process->directory || chdir(process->directory) == 0) &&
        end_with_parent(start->parent)) {
        restore_signals();
        execvpe(process->arguments[0], (char *const *)process->arguments, start->environment);
    }
    start->problem = errno;
    _exit(127);
}

int spawn_program(const struct process *process, const int streams[3], pid_t *pid)
{
    struct start start = {.process = process,
                          .environment = process->environment ? (char *const *)process->environment : environ,
                          .streams = streams,
                          .parent = getpid()};
    *pid = vfork();
    if (*pid == 0)
        become_program(&start);
    if (*pid < 0)
        return errno;
    if (start.problem)
        waitpid(*pid, NULL, 0);
    return start.problem;
}
