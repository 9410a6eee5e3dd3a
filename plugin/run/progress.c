/* progress.c: shows on a terminal how far we are. */
#include "plugin/run/progress.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "plugin/run/output.h"

enum { MILLISECONDS_BETWEEN = 100 };

static long long milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct progress progress_begin(const char *verb)
{
    const char *terminal = getenv("TERM");
    bool dumb = !terminal || (terminal[0] == 'd' && terminal[1] == 'u');
    return (struct progress){.verb = verb, .visible = isatty(STDERR_FILENO) && !dumb, .shown = milliseconds()};
}

void progress_show(struct progress *progress, size_t done, size_t total)
{
    long long now = progress->visible ? milliseconds() : 0;
    if (!progress->visible || now - progress->shown < MILLISECONDS_BETWEEN)
        return;
    progress->shown = now;
    progress->on_screen = true;
    struct text line = {0};
    text_format(&line, "\r\033[K%s %zu of %zu", progress->verb, done, total);
    output_note(&line);
    text_free(&line);
}

void progress_end(struct progress *progress)
{
    if (!progress->on_screen)
        return;
    struct text line = {0};
    text_string(&line, "\r\033[K");
    output_note(&line);
    text_free(&line);
}
