/* pager.c: starts a pager between us and the terminal. */
#define _GNU_SOURCE
#include "plugin/run/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process.h"
#include "plugin/run/terminal.h"

enum { NOT_EXECUTABLE = 126, NOT_FOUND = 127 }; /* of a shell */

/* 0: not known. */
static size_t terminal_height(void)
{
    struct winsize size = {0};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

bool pager_is_needed(const struct text *text)
{
    size_t lines = 0, width = terminal_width(), height = terminal_height();
    for (size_t at = 0, length; at < text->size && lines < height; at += length + 1) {
        const char *end = memchr(text->bytes + at, '\n', text->size - at);
        length = end ? (size_t)(end - text->bytes) - at : text->size - at;
        lines += 1 + (length ? (length - 1) / width : 0);
    }
    return height && lines >= height;
}

/* NULL: none is wanted. */
static const char *pager_command(void)
{
    const char *ours = getenv("ROOTAPP_PAGER"), *usual = getenv("PAGER");
    const char *chosen = ours ? ours : usual ? usual : "command -v less >/dev/null && exec less || exec cat";
    return *chosen && strcmp(chosen, "cat") != 0 ? chosen : NULL;
}

static bool is_clever(void)
{
    const char *terminal = environment_value("TERM");
    return isatty(STDOUT_FILENO) && terminal_height() && terminal && strcmp(terminal, "dumb") != 0;
}

/* Ctrl-C is the pager's: it goes on, and so do we. It keeps `ended` open as long as it runs. */
static bool start_pager(const char *line, int input, int ended, pid_t *pid)
{
    enum { KEPT = 3 };
    const char *words[] = {"sh", "-c", line, NULL};
    const char *changes[] = {getenv("LESS") ? NULL : "LESS=FRX", NULL};
    struct arena *arena = arena_new();
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGINT);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ended, KEPT);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    bool started = posix_spawn(pid, "/bin/sh", &actions, &attributes, (char *const *)words,
                               (char *const *)process_environment(arena, changes)) == 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    arena_free(arena);
    return started;
}

bool pager_begin(struct pager *pager)
{
    enum { READ, WRITE };
    const char *line = is_clever() ? pager_command() : NULL;
    int input[2], ended[2];
    *pager = (struct pager){.terminal = -1, .ended = -1};
    if (!line || pipe2(input, O_CLOEXEC) != 0)
        return false;
    pager->terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    bool started = false;
    if (pager->terminal >= 0 && pipe2(ended, O_CLOEXEC) == 0) {
        started = start_pager(line, input[READ], ended[WRITE], &pager->pid);
        close(ended[WRITE]);
        pager->ended = ended[READ];
    }
    if (started) {
        dup2(input[WRITE], STDOUT_FILENO);
        signal(SIGINT, SIG_IGN);
    } else {
        pager->pid = 0;
    }
    close(input[READ]);
    close(input[WRITE]);
    return started;
}

/* A confined process may neither wait for another one nor put its standard output back: it sees the pipe end that the
 * pager holds, and is done. Reading takes the time that it takes. */
bool pager_end(struct pager *pager)
{
    char byte;
    int status = 0;
    if (!pager->pid)
        return true;
    signal(SIGALRM, SIG_IGN);
    if (dup2(pager->terminal, STDOUT_FILENO) < 0)
        close(STDOUT_FILENO);
    while (read(pager->ended, &byte, 1) < 0 && errno == EINTR)
        continue;
    while (waitpid(pager->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close(pager->terminal);
    close(pager->ended);
    pager->pid = 0;
    return !WIFEXITED(status) || (WEXITSTATUS(status) != NOT_FOUND && WEXITSTATUS(status) != NOT_EXECUTABLE);
}
