/* check_output.c: writes findings in the formats that were asked for. */
#include "plugin/run/check_output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/process.h"
#include "plugin/run/output.h"
#include "plugin/run/terminal.h"

static void write_text(const struct finding_report *report, struct text *out)
{
    write_findings_lines(report, out);
}

static const struct format {
    const char *name;
    void (*write)(const struct finding_report *report, struct text *out);
} formats[] = {
    {"text", write_text},
    {"github", write_findings_github},
    {"sarif", write_findings_sarif},
    {"junit", write_findings_junit},
    {"json", write_findings_json},
};

enum { FORMATS = sizeof formats / sizeof *formats };

static const struct format *find_format(const char *text)
{
    size_t size = strcspn(text, "=");
    for (size_t i = 0; i < FORMATS; i++)
        if (strlen(formats[i].name) == size && strncmp(formats[i].name, text, size) == 0)
            return &formats[i];
    return NULL;
}

bool check_output_is_known(const char *text, struct error *error)
{
    const char *names[FORMATS + 1] = {0};
    if (find_format(text))
        return true;
    for (size_t i = 0; i < FORMATS; i++)
        names[i] = formats[i].name;
    const char *near = nearest_name(text, names);
    return near ? error_set(error, "--output %s: no such format (did you mean '%s'?)", text, near)
                : error_set(error, "--output %s: a format is text, github, sarif, junit or json", text);
}

/* A summary that cannot be written takes nothing away: the findings are in the log. */
static void add_summary(const struct finding_report *report)
{
    const char *path = environment_value("GITHUB_STEP_SUMMARY");
    struct text text = {0};
    int file = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644) : -1;
    if (file < 0)
        return;
    write_findings_markdown(report, &text);
    for (size_t done = 0; done < text.size;) {
        ssize_t size = write(file, text.bytes + done, text.size - done);
        if (size < 0 && errno != EINTR)
            break;
        done += size > 0 ? (size_t)size : 0;
    }
    close(file);
    text_free(&text);
}

/* To a person's terminal, or to a log. */
static bool print_text(const struct finding_report *report, struct error *error)
{
    struct text out = {0}, summary = {0};
    bool terminal = isatty(STDOUT_FILENO);
    if (terminal)
        write_findings_terminal(report, terminal_has_color(), terminal_width(), &out);
    else
        write_findings_lines(report, &out);
    write_findings_summary(report, terminal ? &out : &summary);
    text_byte(terminal ? &out : &summary, '\n');
    bool good = output_print(&out, error);
    output_note(&summary);
    text_free(&out);
    text_free(&summary);
    return good;
}

static bool write_one(const struct finding_report *report, const char *text, struct error *error)
{
    const struct format *format = find_format(text);
    const char *path = strchr(text, '=');
    struct text out = {0};
    if (format->write == write_text && !path)
        return print_text(report, error);
    format->write(report, &out);
    bool good = path ? output_file(path + 1, &out, error) : output_print(&out, error);
    if (format->write == write_findings_github)
        add_summary(report);
    text_free(&out);
    return good;
}

bool check_output_write(const struct finding_report *report, const char *const *wanted, size_t count,
                        struct error *error)
{
    if (!count)
        return print_text(report, error);
    for (size_t i = 0; i < count; i++)
        if (!write_one(report, wanted[i], error))
            return false;
    return true;
}
