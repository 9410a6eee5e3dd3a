/* confine.c: takes from the process what a render does not need: files, network, programs, memory and time. */
#define _GNU_SOURCE
#include "plugin/run/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/ending.h"
#include "base/files.h"
#include "plugin/run/allowed_calls.h"

/* Newer than the headers of Debian 12. Source: Linux, include/uapi/linux/landlock.h. */
struct ruleset {
    uint64_t files, network, scopes;
};
enum {
    TRUNCATE = 1 << 14,        /* version 3 */
    DEVICE_CONTROL = 1 << 15,  /* version 5 */
    BIND_TCP = 1 << 0,         /* version 4 */
    CONNECT_TCP = 1 << 1,      /* version 4 */
    ABSTRACT_SOCKETS = 1 << 0, /* version 6 */
    SIGNALS = 1 << 1,          /* version 6 */
    READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    READ_AND_RUN = READ | LANDLOCK_ACCESS_FS_EXECUTE,
    VERSION_1 = LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1,
    FILE_RIGHTS = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | TRUNCATE |
                  DEVICE_CONTROL,
};

enum { MEGABYTE = 1000 * 1000, OPEN_FILES = 64, OPEN_FILES_FETCHING = 1024 };

/* Of the user, threads too, in all of its containers on the machine: no more than what stops a chain of forks. */
enum { PROCESSES = 4096 };

static void add_missing(struct text *missing, const char *what)
{
    text_format(missing, "%s%s", missing->size ? ", " : "", what);
}

/* The rights that this version of Landlock knows: what it does not know it cannot forbid. */
static uint64_t rights_of(long version)
{
    uint64_t rights = VERSION_1;
    if (version >= 2)
        rights |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3)
        rights |= TRUNCATE;
    if (version >= 5)
        rights |= DEVICE_CONTROL;
    return rights;
}

static bool allow_path(int ruleset, const char *path, uint64_t rights, struct error *error)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        int problem = errno;
        if (fd >= 0)
            close(fd);
        return error_set(error, "confinement: a directory cannot be opened: %s", strerror(problem));
    }
    if (!S_ISDIR(status.st_mode))
        rights &= FILE_RIGHTS;
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
    bool added = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    int problem = errno;
    close(fd);
    return added || error_set(error, "confinement: Landlock refuses a rule: %s", strerror(problem));
}

/* To be removed itself, it needs a right of the directory that it is in: to remove directories that are empty. */
static bool allow_writing(int ruleset, const char *directory, uint64_t handled, struct error *error)
{
    char parent[PATH_MAX];
    size_t size = (size_t)(strrchr(directory, '/') - directory);
    snprintf(parent, sizeof parent, "%.*s", size ? (int)size : 1, directory);
    return allow_path(ruleset, directory, handled & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE, error) &&
           allow_path(ruleset, parent, handled & LANDLOCK_ACCESS_FS_REMOVE_DIR, error);
}

/* git writes to /dev/null. */
static bool allow_all(int ruleset, const struct confinement *wanted, uint64_t handled, struct error *error)
{
    for (size_t i = 0; wanted->readable && wanted->readable[i]; i++)
        if (!allow_path(ruleset, wanted->readable[i], handled & READ, error))
            return false;
    if (wanted->writable && !allow_writing(ruleset, wanted->writable, handled, error))
        return false;
    if (!wanted->execute)
        return allow_path(ruleset, wanted->root, handled & READ, error);
    return allow_path(ruleset, "/", handled & READ_AND_RUN, error) &&
           allow_path(ruleset, "/dev/null", handled & FILE_RIGHTS, error) &&
           allow_path(ruleset, temporary_parent(), handled, error) &&
           (!wanted->cache || allow_path(ruleset, wanted->cache, handled, error));
}

static bool restrict_files(const struct confinement *wanted, long version, struct error *error)
{
    struct ruleset rules = {.files = rights_of(version)};
    if (version >= 4 && !wanted->network)
        rules.network = BIND_TCP | CONNECT_TCP;
    if (version >= 6) /* of processes that are not confined with this one */
        rules.scopes = ABSTRACT_SOCKETS | SIGNALS;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
    if (ruleset < 0)
        return error_set(error, "confinement: Landlock refuses its rules: %s", strerror(errno));
    bool good = allow_all(ruleset, wanted, rules.files, error);
    if (good && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        good = error_set(error, "confinement: Landlock does not take effect: %s", strerror(errno));
    close(ruleset);
    return good;
}

/* In containers, a profile of seccomp may refuse what the kernel would give. */
static bool confine_files(const struct confinement *wanted, struct text *missing, struct error *error)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version > 0)
        return restrict_files(wanted, version, error);
    add_missing(missing, "files outside of the repository (Landlock, Linux 5.13)");
    return true;
}

static void confine_calls(const struct confinement *wanted, struct text *missing)
{
    if (!allowed_calls_only(wanted->execute, wanted->network, wanted->writable))
        add_missing(missing, "system calls (seccomp)");
}

static void out_of_time(int number)
{
    end_process(number == SIGXCPU ? "rootapp: the render computes longer than it may (--processor-limit)\n"
                                  : "rootapp: the render takes longer than it may (--time-limit)\n");
}

/* A limit that is lower already stays. The hard one is above the soft one, which then is met first: at the hard limit
 * of processor time the kernel kills without a word. RLIM_INFINITY is the largest number. */
static bool limit_resource(int resource, rlim_t value)
{
    struct rlimit now;
    if (getrlimit((__rlimit_resource_t)resource, &now) != 0)
        return false;
    if (now.rlim_max > value)
        now.rlim_max = value + 1;
    if (now.rlim_cur > value)
        now.rlim_cur = value;
    return setrlimit((__rlimit_resource_t)resource, &now) == 0;
}

/* What another process of the same user sees of this one: no memory, no environment, no core dump. */
static bool hide_process(void)
{
    return limit_resource(RLIMIT_CORE, 0) && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/* Memory as RLIMIT_DATA counts it leaves out what is mapped from files: git maps whole packs. */
static bool confine_resources(const struct confinement *wanted, struct error *error)
{
    rlim_t memory = (rlim_t)wanted->memory * MEGABYTE;
    struct sigaction action = {.sa_handler = out_of_time};
    bool limited = hide_process() && limit_resource(RLIMIT_NPROC, PROCESSES) &&
                   limit_resource(RLIMIT_NOFILE, wanted->execute ? OPEN_FILES_FETCHING : OPEN_FILES) &&
                   limit_resource(RLIMIT_FSIZE, memory) && (CONFINE_SANITIZED || limit_resource(RLIMIT_DATA, memory)) &&
                   limit_resource(RLIMIT_CPU, (rlim_t)wanted->processor);
    if (!limited)
        return error_set(error, "confinement: a limit cannot be set: %s", strerror(errno));
    signal(SIGXFSZ, SIG_IGN); /* too large a file is an error of the write */
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGXCPU, &action, NULL);
    alarm((unsigned)wanted->seconds);
    return true;
}

bool confine(const struct confinement *wanted, struct text *missing, struct error *error)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return error_set(error, "confinement: new privileges cannot be refused: %s", strerror(errno));
    if (!confine_resources(wanted, error))
        return false;
    if (CONFINE_SANITIZED)
        return true;
    if (!confine_files(wanted, missing, error))
        return false;
    confine_calls(wanted, missing); /* last: confining files takes calls that are refused afterwards */
    return true;
}
