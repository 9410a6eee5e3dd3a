/* secrecy.c: keeps values out of cores, other processes, swap space and freed memory. */
#define _GNU_SOURCE
#include "plugin/run/secrecy.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { FIRST_ROOM = 4096 };

/* The limit is inherited by programs that are run; being dumpable is not. */
void secrecy_begin(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void secrecy_end(void)
{
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static void make_room(struct text *value, size_t size)
{
    struct text larger = {0};
    if (value->size + size < value->room)
        return;
    if (!text_grow(&larger, 2 * (value->size + size) + FIRST_ROOM))
        return;
    (void)mlock(larger.bytes, larger.room); /* beyond the limit, it can be swapped out as any other memory */
    memcpy(larger.bytes, text_content(value), value->size + 1);
    larger.size = value->size;
    secret_forget(value);
    *value = larger;
}

void secret_bytes(struct text *value, const void *bytes, size_t size)
{
    make_room(value, size);
    text_bytes(value, bytes, size);
}

bool secret_read(int fd, size_t most, bool one_line, struct text *value)
{
    for (;;) {
        make_room(value, FIRST_ROOM);
        char *end = value->bytes + value->size;
        ssize_t got = read(fd, end, one_line ? 1 : FIRST_ROOM);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || (one_line && *end == '\n')) {
            *end = '\0';
            return got >= 0;
        }
        value->size += (size_t)got;
        value->bytes[value->size] = '\0';
        if (value->size > most)
            return false;
    }
}

void secret_forget(struct text *value)
{
    if (value->bytes) {
        explicit_bzero(value->bytes, value->room);
        (void)munlock(value->bytes, value->room);
    }
    text_free(value);
}
