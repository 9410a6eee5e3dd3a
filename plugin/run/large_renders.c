/* large_renders.c: makes a render that needs much memory wait for its turn. */
#define _GNU_SOURCE
#include "plugin/run/large_renders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/ending.h"
#include "base/files.h"
#include "base/memory.h"

enum { OWNER_ONLY = 0600, PAUSE_NANOSECONDS = 10 * 1000 * 1000, MOST_AT_ONCE = 64 };

/* Bytes of the file: a row of places for each queue. */
enum { ROOTS_PLACE = 0, EVERYBODYS_PLACES = MOST_AT_ONCE, PROJECTS_PLACES = 2 * MOST_AT_ONCE };

struct lock_row {
    off_t first;
    long count;
};

struct turn {
    int fd;
    struct lock_row rows[2]; /* a place in each, in this order */
    size_t count;
    time_t deadline;
};

static bool take_place(int fd, const struct lock_row *row)
{
    for (long i = 0; i < row->count; i++) {
        struct flock place = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = row->first + i, .l_len = 1};
        if (fcntl(fd, F_OFD_SETLK, &place) == 0)
            return true;
    }
    return false;
}

static void wait_for_turn(void *context)
{
    const struct turn *turn = context;
    for (size_t i = 0; i < turn->count; i++)
        while (!take_place(turn->fd, &turn->rows[i])) {
            if (clock_now().tv_sec >= turn->deadline)
                end_process("rootapp: the render needs much memory and waited too long for others that do "
                            "(--large-renders, --time-limit)\n");
            nanosleep(&(struct timespec){.tv_nsec = PAUSE_NANOSECONDS}, NULL);
        }
}

/* Two projects that share a row share its places: no harm, and too rare to be arranged. */
static struct lock_row row_of(const char *project, long at_once)
{
    unsigned char digest[DIGEST_SIZE];
    digest_sha256(project ? project : "", project ? strlen(project) : 0, digest);
    off_t number = digest[0] << 16 | digest[1] << 8 | digest[2];
    return (struct lock_row){PROJECTS_PLACES + number * MOST_AT_ONCE, at_once > 1 ? at_once - 1 : 1};
}

static void choose_rows(struct turn *turn, const struct large_renders *wanted)
{
    long at_once = wanted->at_once < MOST_AT_ONCE ? wanted->at_once : MOST_AT_ONCE;
    if (wanted->root) {
        turn->rows[turn->count++] = (struct lock_row){ROOTS_PLACE, 1};
        return;
    }
    turn->rows[turn->count++] = row_of(wanted->project, at_once);
    turn->rows[turn->count++] = (struct lock_row){EVERYBODYS_PLACES, at_once};
}

/* In a directory that others may write to, the file could be somebody else's. */
static int open_file(const char *path, struct error *error)
{
    struct stat status;
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, OWNER_ONLY);
    if (fd < 0) {
        error_set(error, "--large-renders: cannot open '%s': %s", path, strerror(errno));
        return -1;
    }
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid())
        return fd;
    close(fd);
    error_set(error, "--large-renders: '%s' belongs to somebody else", path);
    return -1;
}

bool large_renders_bound(struct arena *arena, const struct large_renders *wanted, struct error *error)
{
    const char *parent = temporary_parent();
    struct turn *turn = ARENA_NEW(arena, struct turn);
    turn->fd = open_file(arena_format(arena, "%s/rootapp-renders-%u", parent, (unsigned)geteuid()), error);
    if (turn->fd < 0)
        return false;
    turn->deadline = clock_now().tv_sec + wanted->seconds;
    choose_rows(turn, wanted);
    memory_watch(LARGE_RENDER, wait_for_turn, turn);
    return true;
}
