/* log.c: writes a mirror's log. */
#include "plugin/mirror/log.h"

#include <time.h>
#include <unistd.h>

static const char *write_time(char out[32])
{
    struct timespec time;
    struct tm parts;
    char seconds[24] = "";
    clock_gettime(CLOCK_REALTIME, &time);
    if (gmtime_r(&time.tv_sec, &parts))
        strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &parts);
    struct text text = {0};
    text_format(&text, "%s.%03ldZ", seconds, time.tv_nsec / 1000000);
    size_t size = text.size < 31 ? text.size : 31;
    for (size_t i = 0; i < size; i++)
        out[i] = text.bytes[i];
    out[size] = '\0';
    text_free(&text);
    return out;
}

/* In one write, so that lines of several threads do not mix. */
void log_line(enum log_level level, const char *message, struct json_value *members)
{
    char time[32];
    struct text line = {0};
    struct json_value *whole = json_map_new();
    json_map_put_text(whole, "time", write_time(time));
    json_map_put_text(whole, "level", level == LOG_INFO ? "info" : "warning");
    json_map_put_text(whole, "message", message);
    if (members)
        json_map_add(whole, members);
    json_value_write_line(whole, &line);
    ssize_t written = write(STDOUT_FILENO, line.bytes, line.size);
    (void)written; /* nobody reads it */
    json_value_free(whole);
    text_free(&line);
}
