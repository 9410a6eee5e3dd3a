/* external_run.c: runs one program of the user within its limits. */
#include "base/process.h"
#include "kustomize/program/exec_function.h"

enum { SECONDS = 600, LARGEST_OUTPUT = 256 * 1024 * 1024 };

static bool describe_end(const struct external *external, const struct process_end *end, struct error *error)
{
    if (end->timed_out)
        return error_set(error, "%s took longer than %d s", external->name, SECONDS);
    if (end->too_large)
        return error_set(error, "%s printed more than %d bytes", external->name, LARGEST_OUTPUT);
    if (end->status != 0)
        return error_set(error, "couldn't execute function: %s failed with exit status %d", external->name,
                         end->status);
    return true;
}

bool external_run(const struct external *external, const struct process *process, struct text *output,
                  struct error *error)
{
    struct process_end end;
    struct process run = *process;
    struct text *warnings = external->target->render->warnings;
    run.directory = external->directory;
    run.seconds = SECONDS;
    run.output_limit = LARGEST_OUTPUT;
    if (!process_run(&run, &end, error))
        return error_wrap(error, "couldn't execute function: %s", external->name);
    text_bytes(warnings, text_content(&end.err), end.err.size);
    if (end.err.size && end.err.bytes[end.err.size - 1] != '\n')
        text_byte(warnings, '\n');
    bool good = describe_end(external, &end, error);
    if (good)
        text_bytes(output, text_content(&end.out), end.out.size);
    process_end_free(&end);
    return good;
}
