/* progress.c: shows on a terminal how far we are. */
#include "plugin/run/progress.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ending.h"
#include "plugin/run/output.h"

enum { MILLISECONDS_BETWEEN = 100, MILLISECONDS_BEFORE_REST = 2000 };

struct progress progress_begin(const char *verb)
{
    const char *terminal = getenv("TERM");
    bool dumb = !terminal || (terminal[0] == 'd' && terminal[1] == 'u');
    long long now = clock_milliseconds();
    return (struct progress){.verb = verb, .visible = isatty(STDERR_FILENO) && !dumb, .begun = now, .shown = now};
}

/* How fast it goes, and how long the rest takes if it goes on so; said when two seconds have shown it. */
static void add_rest(const struct progress *progress, long long now, size_t done, size_t total, struct text *out)
{
    long long passed = now - progress->begun;
    if (passed < MILLISECONDS_BEFORE_REST || !done || done > total)
        return;
    long long a_second = (long long)done * 1000 / passed, a_minute = (long long)done * 60000 / passed;
    text_format(out, ", %lld %s", a_second ? a_second : a_minute, a_second ? "a second" : "a minute");
    text_format(out, ", %lld s left", (passed * (long long)(total - done) / (long long)done + 999) / 1000);
}

void progress_show(struct progress *progress, size_t done, size_t total)
{
    long long now = progress->visible ? clock_milliseconds() : 0;
    if (!progress->visible || now - progress->shown < MILLISECONDS_BETWEEN)
        return;
    progress->shown = now;
    progress->on_screen = true;
    ending_clears_line(true);
    struct text line = {0};
    text_format(&line, "\r\033[K%s %zu of %zu", progress->verb, done, total);
    add_rest(progress, now, done, total, &line);
    output_note(&line);
    text_free(&line);
}

void progress_end(struct progress *progress)
{
    if (!progress->on_screen)
        return;
    ending_clears_line(false);
    struct text line = {0};
    text_string(&line, "\r\033[K");
    output_note(&line);
    text_free(&line);
}
