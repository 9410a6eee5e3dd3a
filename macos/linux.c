/* linux.c: what Linux has and macOS lacks (linux.h). */
#include <limits.h>
#include <mach-o/dyld.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#undef pipe2
#undef readlink
#undef socket
#undef syscall

/* The system's own, behind readdir(3). */
ssize_t __getdirentries64(int fd, void *buffer, size_t size, off_t *position);

long linux_syscall(long number, ...)
{
    (void)number;
    errno = ENOSYS;
    return -1;
}

/* A program that another thread starts in between inherits the descriptor: POSIX_SPAWN_CLOEXEC_DEFAULT of
 * macos/spawn.c keeps it from that. */
static bool set_flags(int fd, int flags)
{
    return (!(flags & O_CLOEXEC) || fcntl(fd, F_SETFD, FD_CLOEXEC) == 0) &&
           (!(flags & O_NONBLOCK) || fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
}

int linux_pipe(int ends[2], int flags)
{
    if (pipe(ends) != 0)
        return -1;
    if (set_flags(ends[0], flags) && set_flags(ends[1], flags))
        return 0;
    close(ends[0]);
    close(ends[1]);
    return -1;
}

int linux_socket(int domain, int type, int protocol)
{
    int fd = socket(domain, type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK), protocol);
    int flags = (type & SOCK_CLOEXEC ? O_CLOEXEC : 0) | (type & SOCK_NONBLOCK ? O_NONBLOCK : 0);
    if (fd >= 0 && !set_flags(fd, flags)) {
        close(fd);
        return -1;
    }
    return fd;
}

int memfd_create(const char *name, unsigned flags)
{
    const char *chosen = getenv("TMPDIR");
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s-XXXXXX", chosen && *chosen == '/' ? chosen : "/tmp", name);
    int fd = mkostemp(path, flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
    if (fd >= 0)
        unlink(path);
    return fd;
}

ssize_t getdents64(int fd, void *buffer, size_t size)
{
    off_t position;
    return __getdirentries64(fd, buffer, size, &position);
}

char *linux_strchrnul(const char *text, int character)
{
    char *found = strchr(text, character);
    return found ? found : (char *)text + strlen(text);
}

void *memrchr(const void *bytes, int character, size_t size)
{
    const unsigned char *first = bytes;
    while (size > 0)
        if (first[--size] == (unsigned char)character)
            return (void *)(first + size);
    return NULL;
}

void explicit_bzero(void *bytes, size_t size)
{
    volatile unsigned char *each = bytes; /* volatile: it is written to though nobody reads it */
    while (size > 0)
        each[--size] = 0;
}

static unsigned char process_random[16];

static void fill_random(void)
{
    arc4random_buf(process_random, sizeof process_random);
}

unsigned long getauxval(unsigned long kind)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (kind != AT_RANDOM)
        return 0;
    pthread_once(&once, fill_random);
    return (unsigned long)process_random;
}

ssize_t getrandom(void *bytes, size_t size, unsigned flags)
{
    (void)flags;
    arc4random_buf(bytes, size);
    return (ssize_t)size;
}

ssize_t linux_readlink(const char *path, char *target, size_t size)
{
    char program[PATH_MAX], real[PATH_MAX];
    uint32_t room = sizeof program;
    if (strcmp(path, "/proc/self/exe") != 0)
        return readlink(path, target, size);
    if (_NSGetExecutablePath(program, &room) != 0 || !realpath(program, real))
        return -1;
    size_t length = strlen(real);
    memcpy(target, real, length < size ? length : size);
    return (ssize_t)(length < size ? length : size);
}

int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned flags)
{
    int done =
        renameatx_np(from_directory, from, to_directory, to, flags & RENAME_EXCHANGE ? RENAME_SWAP : RENAME_EXCL);
    if (done != 0 && errno == ENOTSUP)
        errno = ENOSYS; /* as a file system of Linux that lacks it */
    return done;
}

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
    (void)pid;
    (void)size;
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    *set = (cpu_set_t){count > 0 ? (int)count : 1};
    return 0;
}
