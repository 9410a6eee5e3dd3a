/* allowed_calls.c: lets the kernel refuse all system calls but those of a list (seccomp). */
#define _GNU_SOURCE
#include "plugin/run/allowed_calls.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

/* What a render calls once it is confined: it reads files, uses memory and threads, prints, and ends. */
static const int render_calls[] = {
    SYS_read,
    SYS_readv,
    SYS_pread64,
    SYS_write,
    SYS_writev,
    SYS_lseek,
    SYS_openat,
    SYS_openat2,
    SYS_close,
    SYS_fcntl,
    SYS_fstat,
    SYS_newfstatat,
    SYS_statx,
    SYS_faccessat,
    SYS_faccessat2,
    SYS_readlinkat,
    SYS_getdents64,
    SYS_getcwd,
    SYS_brk,
    SYS_mmap,
    SYS_munmap,
    SYS_mremap,
    SYS_mprotect,
    SYS_madvise,
    SYS_futex,
    SYS_set_robust_list,
    SYS_rseq,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_getcpu,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_sigaltstack,
    SYS_restart_syscall,
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_clock_nanosleep,
    SYS_nanosleep,
    SYS_gettimeofday,
    SYS_ppoll,
    SYS_getpid,
    SYS_gettid,
    SYS_getppid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_getrandom,
    SYS_getrlimit,
    SYS_getrusage,
    SYS_sysinfo,
    SYS_uname,
    SYS_exit,
    SYS_exit_group,
#ifdef __x86_64__
    SYS_open,
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_readlink,
    SYS_poll,
    SYS_pause,
    SYS_time,
    SYS_arch_prctl,
#endif
};

/* What removing a directory takes. */
static const int remove_calls[] = {
    SYS_unlinkat,
    SYS_fchmod,
    SYS_renameat,
#ifdef __x86_64__
    SYS_rmdir,
#endif
};

/* What starting and ending git, ssh and helm takes, and what these call: files of their own, pipes, signals, waiting.
 */
static const int program_calls[] = {
    SYS_execve,
    SYS_execveat,
    SYS_wait4,
    SYS_waitid,
    SYS_kill,
    SYS_tkill,
    SYS_tgkill,
    SYS_prctl,
    SYS_setrlimit,
    SYS_set_tid_address,
    SYS_setsid,
    SYS_getsid,
    SYS_setpgid,
    SYS_getpgid,
    SYS_getresuid,
    SYS_getresgid,
    SYS_getgroups,
    SYS_getpriority,
    SYS_setpriority,
    SYS_sched_getparam,
    SYS_sched_getscheduler,
    SYS_capget,
    SYS_times,
    SYS_umask,
    SYS_chdir,
    SYS_fchdir,
    SYS_mkdirat,
    SYS_unlinkat,
    SYS_renameat2,
    SYS_linkat,
    SYS_symlinkat,
    SYS_fchmod,
    SYS_fchmodat,
    SYS_utimensat,
    SYS_truncate,
    SYS_ftruncate,
    SYS_fallocate,
    SYS_fsync,
    SYS_fdatasync,
    SYS_flock,
    SYS_fadvise64,
    SYS_copy_file_range,
    SYS_sendfile,
    SYS_splice,
    SYS_statfs,
    SYS_fstatfs,
    SYS_getxattr,
    SYS_lgetxattr,
    SYS_fgetxattr,
    SYS_listxattr,
    SYS_llistxattr,
    SYS_flistxattr,
    SYS_preadv,
    SYS_pwrite64,
    SYS_pwritev,
    SYS_ioctl,
    SYS_dup,
    SYS_dup3,
    SYS_pipe2,
    SYS_close_range,
    SYS_pselect6,
    SYS_epoll_create1,
    SYS_epoll_ctl,
    SYS_epoll_pwait,
    SYS_epoll_pwait2,
    SYS_eventfd2,
    SYS_timerfd_create,
    SYS_timerfd_settime,
    SYS_timerfd_gettime,
    SYS_timer_create,
    SYS_timer_settime,
    SYS_timer_gettime,
    SYS_timer_delete,
    SYS_getitimer,
    SYS_setitimer,
    SYS_memfd_create,
    SYS_mincore,
    SYS_msync,
    SYS_mlock,
    SYS_mlock2,
    SYS_munlock,
    SYS_membarrier,
    SYS_rt_sigpending,
    SYS_rt_sigsuspend,
    SYS_rt_sigtimedwait,
#ifdef __x86_64__
    SYS_fork,
    SYS_vfork,
    SYS_creat,
    SYS_mkdir,
    SYS_rmdir,
    SYS_unlink,
    SYS_rename,
    SYS_renameat,
    SYS_link,
    SYS_symlink,
    SYS_chmod,
    SYS_utime,
    SYS_utimes,
    SYS_futimesat,
    SYS_dup2,
    SYS_pipe,
    SYS_select,
    SYS_epoll_create,
    SYS_epoll_wait,
    SYS_eventfd,
    SYS_alarm,
    SYS_getpgrp,
    SYS_getdents,
#else
    SYS_renameat,
#endif
};

/* Sockets that connect. None listens. */
static const int network_calls[] = {
    SYS_socketpair, SYS_connect,  SYS_bind,    SYS_getsockname, SYS_getpeername, SYS_getsockopt, SYS_setsockopt,
    SYS_sendto,     SYS_recvfrom, SYS_sendmsg, SYS_recvmsg,     SYS_sendmmsg,    SYS_recvmmsg,   SYS_shutdown,
};

enum {
    MOST_INSTRUCTIONS = 1024,
    NAMESPACES =
        CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET,
};

struct filter {
    struct sock_filter items[MOST_INSTRUCTIONS];
    unsigned short count;
};

static void add_instruction(struct filter *filter, unsigned code, unsigned value, unsigned char yes, unsigned char no)
{
    filter->items[filter->count++] =
        (struct sock_filter){.code = (unsigned short)code, .jt = yes, .jf = no, .k = value};
}

static void load_word(struct filter *filter, size_t offset)
{
    add_instruction(filter, BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

static void add_answer(struct filter *filter, unsigned what)
{
    add_instruction(filter, BPF_RET | BPF_K, what, 0, 0);
}

static void refuse_call(struct filter *filter, unsigned problem)
{
    add_answer(filter, SECCOMP_RET_ERRNO | problem);
}

/* Whether the value at hand is `value` (BPF_JEQ), has a bit of it (BPF_JSET), or is that at least (BPF_JGE): `size`
 * instructions follow for where it is so. */
static void add_test(struct filter *filter, unsigned test, unsigned value, unsigned char size)
{
    add_instruction(filter, BPF_JMP | BPF_K | test, value, 0, size);
}

static void allow_all_of(struct filter *filter, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_test(filter, BPF_JEQ, (unsigned)calls[i], 1);
        add_answer(filter, SECCOMP_RET_ALLOW);
    }
}

/* The lower half of a first argument: processors of both kinds put it first. */
static void load_argument(struct filter *filter)
{
    load_word(filter, offsetof(struct seccomp_data, args));
}

static void begin_filter(struct filter *filter)
{
    load_word(filter, offsetof(struct seccomp_data, arch));
    add_instruction(filter, BPF_JMP | BPF_K | BPF_JEQ, ARCHITECTURE, 1, 0);
    refuse_call(filter, EPERM);
    load_word(filter, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    add_test(filter, BPF_JGE, 0x40000000, 1); /* x32: other calls by the same numbers */
    refuse_call(filter, EPERM);
#endif
}

/* A thread, and where programs are executed any child, but no namespace. The flags of clone3 lie in memory, where a
 * filter cannot look: without it, the C library and Go call clone. */
static void allow_threads(struct filter *filter, bool execute)
{
    add_test(filter, BPF_JEQ, SYS_clone3, 1);
    refuse_call(filter, ENOSYS);
    add_test(filter, BPF_JEQ, SYS_clone, 4);
    load_argument(filter);
    add_instruction(filter, BPF_JMP | BPF_K | BPF_JSET, execute ? NAMESPACES : CLONE_THREAD, execute, !execute);
    add_answer(filter, SECCOMP_RET_ALLOW);
    refuse_call(filter, EPERM);
}

static void allow_for(struct filter *filter, int call, unsigned argument)
{
    add_test(filter, BPF_JEQ, (unsigned)call, 4);
    load_argument(filter);
    add_test(filter, BPF_JEQ, argument, 1);
    add_answer(filter, SECCOMP_RET_ALLOW);
    refuse_call(filter, EPERM);
}

/* What resolves names and connects: no packets by hand, no machine below this one. */
static void allow_sockets(struct filter *filter)
{
    static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
    enum { COUNT = sizeof families / sizeof *families };
    add_test(filter, BPF_JEQ, SYS_socket, 2 * COUNT + 2);
    load_argument(filter);
    allow_all_of(filter, families, COUNT);
    refuse_call(filter, EPERM);
}

#define ALLOW_ALL(filter, calls) allow_all_of(filter, calls, sizeof(calls) / sizeof *(calls))

bool allowed_calls_only(bool execute, bool network, bool remove)
{
    struct filter filter = {.count = 0};
    begin_filter(&filter);
    ALLOW_ALL(&filter, render_calls);
    allow_threads(&filter, execute);
    allow_for(&filter, SYS_prlimit64, 0); /* getrlimit(3): of this process */
    if (execute)
        ALLOW_ALL(&filter, program_calls);
    else
        allow_for(&filter, SYS_tgkill, (unsigned)getpid()); /* raise(3), abort(3) */
    if (network) {
        ALLOW_ALL(&filter, network_calls);
        allow_sockets(&filter);
    }
    if (remove)
        ALLOW_ALL(&filter, remove_calls);
    refuse_call(&filter, EPERM);
    struct sock_fprog program = {.len = filter.count, .filter = filter.items};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}
#else
bool allowed_calls_only(bool execute, bool network, bool remove)
{
    (void)execute;
    (void)network;
    (void)remove;
    return false;
}
#endif
