/* spawn.c: as lib/base/spawn.c, by posix_spawn(3). A program is not killed when we are: macOS has no word for that. */
#include "base/spawn.h"

#include <signal.h>
#include <spawn.h>

static void set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(attributes);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID |
                                             POSIX_SPAWN_CLOEXEC_DEFAULT);
}

static void set_actions(posix_spawn_file_actions_t *actions, const struct process *process, const int streams[3])
{
    posix_spawn_file_actions_init(actions);
    if (streams[0] < 0)
        posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    for (int i = streams[0] < 0 ? 1 : 0; i < 3; i++)
        posix_spawn_file_actions_adddup2(actions, streams[i], i);
    if (process->directory)
        posix_spawn_file_actions_addchdir_np(actions, process->directory);
}

int spawn_program(const struct process *process, const int streams[3], pid_t *pid)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    set_attributes(&attributes);
    set_actions(&actions, process, streams);
    int problem = posix_spawnp(pid, process->arguments[0], &actions, &attributes, (char *const *)process->arguments,
                               process->environment ? (char *const *)process->environment : environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return problem;
}
