/* confine.c: as plugin/run/confine.c, where nothing of the kernel confines: time and open files are limited. */
#include "plugin/run/confine.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "base/ending.h"

enum { OPEN_FILES = 1024 };

static void out_of_time(int number)
{
    end_process(number == SIGXCPU ? "rootapp: the render computes longer than it may (--processor-limit)\n"
                                  : "rootapp: the render takes longer than it may (--time-limit)\n");
}

static bool limit_resource(int resource, rlim_t value)
{
    struct rlimit now;
    if (getrlimit(resource, &now) != 0)
        return false;
    if (now.rlim_cur > value)
        now.rlim_cur = value;
    return setrlimit(resource, &now) == 0;
}

bool confine(const struct confinement *wanted, struct text *missing, struct error *error)
{
    struct sigaction action = {.sa_handler = out_of_time};
    if (!limit_resource(RLIMIT_CORE, 0) || !limit_resource(RLIMIT_NOFILE, OPEN_FILES) ||
        !limit_resource(RLIMIT_CPU, (rlim_t)wanted->processor))
        return error_set(error, "confinement: a limit cannot be set: %s", strerror(errno));
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGXCPU, &action, NULL);
    alarm((unsigned)wanted->seconds);
    text_format(missing, "%sfiles, memory and system calls (macOS)", missing->size ? ", " : "");
    return true;
}
