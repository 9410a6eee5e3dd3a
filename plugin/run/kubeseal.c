/* kubeseal.c: runs kubeseal. */
#include "plugin/run/kubeseal.h"

#include <stdlib.h>
#include <string.h>

#include "base/process.h"
#include "plugin/run/secrecy.h"

#define REMEDY "get it from github.com/bitnami/sealed-secrets/releases, or name it in the environment variable KUBESEAL"

enum { LONGEST_RUN = 60, MOST_OUTPUT = 64 * 1024 * 1024 };

static const char *program_name(void)
{
    const char *named = environment_value("KUBESEAL");
    return named ? named : "kubeseal";
}

static bool explain_failure(const struct process_end *end, struct error *error)
{
    const char *said = text_content(&end->err);
    if (end->status == 127)
        return error_set(error, "%s: not found; " REMEDY, program_name());
    if (end->timed_out)
        return error_set(error, "%s: no answer within %d seconds", program_name(), LONGEST_RUN);
    if (strncmp(said, "error: ", 7) == 0)
        said += 7;
    return error_set(error, "%s: %.*s", program_name(), (int)strcspn(said, "\n"),
                     *said ? said : "failed without a word");
}

bool kubeseal_run(const char *const words[KUBESEAL_WORDS], const struct text *input, struct text *out,
                  struct error *error)
{
    const char *arguments[KUBESEAL_WORDS + 2] = {program_name()};
    struct process_end end = {0};
    struct error problem = {0};
    for (size_t i = 0, count = 1; i < KUBESEAL_WORDS; i++)
        if (words[i])
            arguments[count++] = words[i];
    struct process process = {.arguments = arguments,
                              .input = input ? text_content(input) : NULL,
                              .input_size = input ? input->size : 0,
                              .input_once = true,
                              .seconds = LONGEST_RUN,
                              .output_limit = MOST_OUTPUT};
    if (!process_run(&process, &end, &problem)) {
        error_set(error, "%s; kubeseal is needed: " REMEDY, problem.message);
        error_free(&problem);
    } else if (end.status != 0 || !end.out.size) {
        explain_failure(&end, error);
    } else {
        *out = end.out;
        end.out = (struct text){0};
    }
    secret_forget(&end.out);
    secret_forget(&end.err);
    return out->size > 0;
}

bool kubeseal_value(struct arena *arena, const struct seal_for *whom, const struct text *value, const char **out,
                    struct error *error)
{
    const char *words[KUBESEAL_WORDS] = {
        "--raw",  "--scope",  whom->scope,   "--cert",        whom->certificate,
        "--name", whom->name, "--namespace", whom->namespace, "--from-file=/dev/stdin"};
    struct text sealed = {0};
    bool good = kubeseal_run(words, value, &sealed, error);
    *out = arena_copy(arena, text_content(&sealed), strcspn(text_content(&sealed), "\r\n"));
    text_free(&sealed);
    return good;
}
