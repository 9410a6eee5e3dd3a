/* What Linux has and macOS lacks, for sources that are written for Linux: included before each of them (Makefile).
 *
 * Each does what the manual page of Linux says, as far as this program asks for it. What cannot be had is refused with
 * ENOSYS, which the callers expect of old kernels. */
#ifndef MACOS_LINUX_H
#define MACOS_LINUX_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

extern char **environ;

/* stat(2): the times of POSIX have other names. */
#define st_atim st_atimespec
#define st_mtim st_mtimespec

/* openat(2): a link itself is opened by O_SYMLINK; a place that is only named must not block. */
#define O_PATH (O_SYMLINK | O_NONBLOCK)

/* syscall(2) of openat2: there is none, so each component of a path is opened singly (lib/source/directory.c). */
#define SYS_openat2 0
long linux_syscall(long number, ...);
#define syscall linux_syscall

int linux_pipe(int ends[2], int flags);
#define pipe2 linux_pipe

/* A file without a name in the temporary directory. */
int memfd_create(const char *name, unsigned flags);
#define MFD_CLOEXEC 1u

#define dirent64 dirent
ssize_t getdents64(int fd, void *buffer, size_t size);

char *linux_strchrnul(const char *text, int character);
#define strchrnul linux_strchrnul
void *memrchr(const void *bytes, int character, size_t size);
void explicit_bzero(void *bytes, size_t size);
ssize_t getrandom(void *bytes, size_t size, unsigned flags);

/* rename(2) that does not replace, or that exchanges. */
#define RENAME_NOREPLACE 1u
#define RENAME_EXCHANGE 2u
int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned flags);

/* How many processors there are: a process has no list of those that it may use. */
typedef struct {
    int count;
} cpu_set_t;
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set);
#define CPU_COUNT(set) ((set)->count)

#define MADV_HUGEPAGE 0

/* "/proc/self/exe" is the program, and any other path a link. */
ssize_t linux_readlink(const char *path, char *target, size_t size);
#define readlink linux_readlink

/* Sockets whose flags come with them. */
#define SOCK_CLOEXEC 0x1000000
#define SOCK_NONBLOCK 0x2000000
int linux_socket(int domain, int type, int protocol);
#define socket linux_socket

/* main ignores SIGPIPE. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

#endif
