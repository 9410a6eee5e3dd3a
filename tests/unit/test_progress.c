/* The line of progress: what it says, when it is shown, and that nothing stays of it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plugin/run/progress.h"

static FILE *standard_error; /* what is written there, in a file */

static void catch_standard_error(void)
{
    standard_error = tmpfile();
    dup2(fileno(standard_error), STDERR_FILENO);
}

static const char *caught(void)
{
    static char text[1024];
    rewind(standard_error);
    text[fread(text, 1, sizeof text - 1, standard_error)] = '\0';
    return text;
}

/* As it is after some time, on a terminal. */
static struct progress running(long long milliseconds)
{
    struct progress progress = progress_begin("rendering");
    progress.visible = true;
    progress.begun -= milliseconds;
    progress.shown -= milliseconds;
    return progress;
}

TestSuite(progress, .init = catch_standard_error);

Test(progress, tells_how_far_and_clears_its_line)
{
    struct progress progress = running(1000);
    progress_show(&progress, 12, 90);
    cr_assert_str_eq(caught(), "\r\033[Krendering 12 of 90");
    progress_end(&progress);
    cr_assert_str_eq(caught(), "\r\033[Krendering 12 of 90\r\033[K");
}

Test(progress, tells_a_rate_and_the_rest_when_they_are_known)
{
    struct progress progress = running(9600);
    progress_show(&progress, 50, 100);
    cr_assert_str_eq(caught(), "\r\033[Krendering 50 of 100, 5 a second, 10 s left");
}

Test(progress, tells_a_slow_rate_by_the_minute)
{
    struct progress progress = running(118600);
    progress_show(&progress, 8, 24);
    cr_assert_str_eq(caught(), "\r\033[Krendering 8 of 24, 4 a minute, 238 s left");
}

Test(progress, is_not_shown_too_often)
{
    struct progress progress = running(1000);
    progress.shown += 2000;
    progress_show(&progress, 12, 90);
    progress_end(&progress);
    cr_assert_str_eq(caught(), "");
}

Test(progress, is_for_terminals_only)
{
    struct progress progress = progress_begin("rendering");
    progress.begun -= 10000;
    progress.shown -= 10000;
    progress_show(&progress, 50, 100);
    progress_end(&progress);
    cr_assert_str_eq(caught(), "");
}
