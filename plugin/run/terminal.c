/* terminal.c: finds out how wide a terminal is, and breaks texts into its lines. */
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

static void break_line(struct text *out, size_t column)
{
    while (out->size && out->bytes[out->size - 1] == ' ')
        text_cut(out, out->size - 1);
    text_byte(out, '\n');
    text_repeat(out, ' ', column);
}

void terminal_wrap(struct text *out, const char *string, size_t column, size_t width)
{
    size_t at = column;
    while (*string) {
        size_t word = strcspn(string, " \n");
        if (width && at > column && at + word > width) {
            break_line(out, column);
            at = column;
        }
        text_bytes(out, string, word);
        string += word;
        at += word + 1;
        if (*string == '\n') {
            break_line(out, column);
            at = column;
        } else if (*string == ' ') {
            text_byte(out, ' ');
        }
        string += *string != '\0';
    }
    text_byte(out, '\n');
}
