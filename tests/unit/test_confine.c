/* test_confine.c: what a confined process can no longer do. Each test looks from inside, in a child of its own. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin/run/confine.h"

enum { SEEN = 0, MISSED = 9, KERNEL_LACKS_IT = 77 };

static char top[] = "/tmp/rootapp-confine-XXXXXX";
static char root[64], outside[64], inside_file[80], outside_file[80];

static void put(const char *path)
{
    FILE *file = fopen(path, "w");
    cr_assert(file);
    fputs("x", file);
    fclose(file);
}

static void setup(void)
{
    cr_assert(mkdtemp(top));
    snprintf(root, sizeof root, "%s/root", top);
    snprintf(outside, sizeof outside, "%s/outside", top);
    snprintf(inside_file, sizeof inside_file, "%s/file", root);
    snprintf(outside_file, sizeof outside_file, "%s/file", outside);
    cr_assert(mkdir(root, 0755) == 0 && mkdir(outside, 0755) == 0);
    put(inside_file);
    put(outside_file);
}

static void teardown(void)
{
    unlink(inside_file);
    unlink(outside_file);
    rmdir(root);
    rmdir(outside);
    rmdir(top);
}

TestSuite(confine, .init = setup, .fini = teardown);

static struct confinement usual(void)
{
    return (struct confinement){.root = root, .memory = 256, .seconds = 20, .processor = 20};
}

/* What `look` says in a confined child. */
static int from_inside(struct confinement wanted, bool (*look)(void))
{
    if (CONFINE_SANITIZED)
        return KERNEL_LACKS_IT;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct error error = {0};
        struct text missing = {0};
        close(STDERR_FILENO);
        if (!confine(&wanted, &missing, &error))
            _exit(2);
        _exit(missing.size ? KERNEL_LACKS_IT : look() ? SEEN : MISSED);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void expect(int result, int wanted)
{
    if (result == KERNEL_LACKS_IT)
        cr_skip("this kernel, or a sanitizer, cannot confine");
    cr_assert_eq(result, wanted, "exit status %d", result);
}

static bool opens(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0644);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static bool reads_inside_only(void)
{
    return opens(inside_file, O_RDONLY) && opens(root, O_RDONLY | O_DIRECTORY) && !opens(outside_file, O_RDONLY) &&
           !opens(outside, O_RDONLY | O_DIRECTORY) && !opens("/etc/passwd", O_RDONLY) &&
           !opens("/proc/self/environ", O_RDONLY);
}

static bool writes_nowhere(void)
{
    char fresh[96];
    snprintf(fresh, sizeof fresh, "%s/fresh", root);
    return !opens(inside_file, O_WRONLY) && !opens(outside_file, O_WRONLY) && !opens(fresh, O_WRONLY | O_CREAT) &&
           mkdir(fresh, 0755) != 0 && symlink("x", fresh) != 0 && unlink(inside_file) != 0 &&
           truncate(inside_file, 0) != 0 && rename(inside_file, fresh) != 0;
}

static bool reaches_nobody(void)
{
    static const int families[] = {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (socket(families[i], SOCK_DGRAM, 0) >= 0)
            return false;
    return true;
}

static bool runs_nothing(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return errno == EPERM || errno == EACCES;
}

static bool has_no_new_privileges(void)
{
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

static bool dumps_no_core(void)
{
    struct rlimit core;
    return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0;
}

/* All processes of the user count, those of Argo CD's server and of other renders too; root's are not limited. */
static bool starts_no_flood(void)
{
    struct rlimit processes;
    return getrlimit(RLIMIT_NPROC, &processes) == 0 && processes.rlim_cur <= 4096 && processes.rlim_max <= 4097;
}

static bool cannot_be_looked_into(void)
{
    return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/* Whether each of these is refused before it looks at its arguments, which are none. */
static bool refuses(const long *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        errno = 0;
        if (syscall(calls[i], 0L, 0L, 0L, 0L, 0L, 0L) != -1 || errno != EPERM)
            return false;
    }
    return true;
}

static const long nobodys_calls[] = {
    SYS_ptrace,      SYS_process_vm_readv, SYS_process_vm_writev,
    SYS_pidfd_open,  SYS_pidfd_getfd,      SYS_pidfd_send_signal,
    SYS_keyctl,      SYS_add_key,          SYS_request_key,
    SYS_userfaultfd, SYS_unshare,          SYS_setns,
    SYS_mount,       SYS_pivot_root,       SYS_chroot,
    SYS_bpf,         SYS_io_uring_setup,   SYS_perf_event_open,
    SYS_setxattr,    SYS_inotify_init1,    SYS_fanotify_init,
    SYS_fchown,      SYS_fchownat,         SYS_setuid,
    SYS_kcmp,        SYS_personality,      SYS_listen,
    SYS_accept4,     SYS_rt_sigqueueinfo,
};
static const long programs_calls[] = {
    SYS_fchmod, SYS_fchmodat, SYS_utimensat, SYS_kill,  SYS_tkill, SYS_prctl,   SYS_execve,       SYS_truncate,
    SYS_dup3,   SYS_setsid,   SYS_ioctl,     SYS_flock, SYS_chdir, SYS_mkdirat, SYS_memfd_create,
};

static bool makes_no_other_calls(void)
{
    return refuses(nobodys_calls, sizeof nobodys_calls / sizeof *nobodys_calls) &&
           refuses(programs_calls, sizeof programs_calls / sizeof *programs_calls);
}

static bool makes_programs_calls_only(void)
{
    return refuses(nobodys_calls, sizeof nobodys_calls / sizeof *nobodys_calls);
}

static bool starts_no_process(void)
{
    return fork() < 0 && errno == EPERM;
}

static bool signals_nobody_else(void)
{
    return kill(getppid(), 0) == -1 && errno == EPERM && kill(getpid(), 0) == 0;
}

static void *work(void *nothing)
{
    return nothing;
}

static bool starts_threads(void)
{
    pthread_t thread;
    int sign;
    void *result = NULL;
    return pthread_create(&thread, NULL, work, &sign) == 0 && pthread_join(thread, &result) == 0 && result == &sign;
}

static bool raises_a_signal(void)
{
    signal(SIGTERM, SIG_DFL);
    raise(SIGTERM);
    return false;
}

static bool lacks_memory(void)
{
    return !malloc((size_t)300 * 1000 * 1000);
}

static bool waits(void)
{
    while (pause() != 0)
        ;
    return true;
}

static bool computes(void)
{
    volatile unsigned long number = 1;
    while (number)
        number |= 1;
    return true;
}

Test(confine, reads_the_repository_only)
{
    expect(from_inside(usual(), reads_inside_only), SEEN);
}

Test(confine, writes_nowhere)
{
    expect(from_inside(usual(), writes_nowhere), SEEN);
}

Test(confine, makes_no_socket)
{
    expect(from_inside(usual(), reaches_nobody), SEEN);
}

Test(confine, executes_no_program)
{
    expect(from_inside(usual(), runs_nothing), SEEN);
}

Test(confine, makes_no_other_calls)
{
    expect(from_inside(usual(), makes_no_other_calls), SEEN);
    expect(from_inside(usual(), starts_no_process), SEEN);
}

Test(confine, has_threads_and_its_own_signals)
{
    expect(from_inside(usual(), starts_threads), SEEN);
    expect(from_inside(usual(), raises_a_signal), 128 + SIGTERM);
}

Test(confine, dumps_no_core)
{
    expect(from_inside(usual(), dumps_no_core), SEEN);
}

Test(confine, has_so_much_memory)
{
    expect(from_inside(usual(), lacks_memory), SEEN);
}

Test(confine, ends_in_time)
{
    struct confinement wanted = usual();
    wanted.seconds = 1;
    expect(from_inside(wanted, waits), 1);
}

Test(confine, computes_so_long)
{
    struct confinement wanted = usual();
    wanted.processor = 1;
    expect(from_inside(wanted, computes), 1);
}

static bool writes_to_the_cache_only(void)
{
    char fresh[96];
    snprintf(fresh, sizeof fresh, "%s/fresh", outside);
    bool made = opens(fresh, O_WRONLY | O_CREAT) && unlink(fresh) == 0 && opens("/dev/null", O_WRONLY);
    return made && !opens(inside_file, O_WRONLY) && socket(AF_INET, SOCK_DGRAM, 0) >= 0;
}

static bool runs_true(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return false;
}

static bool reaches_nobody_but_runs(void)
{
    return reaches_nobody() && runs_true();
}

static struct confinement fetching(void)
{
    struct confinement wanted = usual();
    setenv("TMPDIR", outside, 1);
    wanted.cache = outside;
    wanted.network = wanted.execute = true;
    return wanted;
}

Test(confine, fetches_into_the_cache)
{
    expect(from_inside(fetching(), writes_to_the_cache_only), SEEN);
    expect(from_inside(fetching(), runs_true), SEEN);
}

Test(confine, starts_no_flood)
{
    expect(from_inside(usual(), starts_no_flood), SEEN);
    expect(from_inside(fetching(), starts_no_flood), SEEN);
}

Test(confine, makes_no_other_calls_when_it_fetches)
{
    expect(from_inside(fetching(), makes_programs_calls_only), SEEN);
    expect(from_inside(fetching(), has_no_new_privileges), SEEN);
    expect(from_inside(fetching(), cannot_be_looked_into), SEEN);
}

Test(confine, signals_nobody_else_when_it_fetches)
{
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < 6)
        cr_skip("signals are confined since Linux 6.12");
    expect(from_inside(fetching(), signals_nobody_else), SEEN);
}

Test(confine, inflates_charts_without_a_network)
{
    struct confinement wanted = fetching();
    wanted.network = false;
    expect(from_inside(wanted, reaches_nobody_but_runs), SEEN);
}

Test(confine, refuses_a_repository_that_is_not_there)
{
    struct confinement wanted = usual();
    wanted.root = "/nowhere/at/all";
    expect(from_inside(wanted, waits), 2);
}
