/* terminal.c: finds out what a terminal shows. */
#include "plugin/run/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/process.h"

enum { USUAL_WIDTH = 80, LEAST_WIDTH = 40, LARGEST_WIDTH = 1000 };

static size_t bounded_width(long width)
{
    return width < LEAST_WIDTH ? LEAST_WIDTH : width > LARGEST_WIDTH ? LARGEST_WIDTH : (size_t)width;
}

size_t terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    long wanted = columns ? strtol(columns, NULL, 10) : 0;
    struct winsize size = {0};
    if (wanted > 0)
        return bounded_width(wanted);
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
        return bounded_width(size.ws_col);
    return USUAL_WIDTH;
}

size_t terminal_width_behind(void)
{
    struct winsize size = {0};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? bounded_width(size.ws_col) : 0;
}

bool terminal_has_color(void)
{
    const char *terminal = getenv("TERM");
    bool dumb = !terminal || strcmp(terminal, "dumb") == 0;
    return isatty(STDOUT_FILENO) && !dumb && !environment_value("NO_COLOR");
}
