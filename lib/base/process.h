/* Running another program: without a shell or a terminal, with a time limit, its output collected. It is killed when we
 * die; what it has started itself sees its pipes closed. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#include <sys/types.h>

struct process {
    const char *const *arguments;   /* the program, found on PATH, and its arguments; NULL ends them */
    const char *const *environment; /* NULL: ours */
    const char *directory;          /* NULL: ours */
    const char *input;              /* its standard input; NULL: empty */
    size_t input_size;
    bool input_once;     /* through a pipe, which keeps nothing that was read */
    unsigned seconds;    /* it is killed after these; 0: no limit */
    size_t output_limit; /* bytes of out and of err; it is killed beyond them. 0: no limit */
};

/* How it ended. `out` and `err` are the caller's to free. */
struct process_end {
    struct text out, err;
    int status; /* exit status; 128 + the signal that killed it */
    bool timed_out, too_large;
};

/* Runs it to its end. False: it could not be started. Safe to call from several threads at once. */
bool process_run(const struct process *process, struct process_end *end, struct error *error);

/* A program that is talked with while it runs: what is written to `in` is its standard input, `out` gives its output.
 * Its messages are kept, not shown. */
struct process_talk {
    int in, out, messages;
    pid_t pid;
};

/* Of `process`, only arguments, environment and directory count. */
bool process_start(const struct process *process, struct process_talk *talk, struct error *error);

/* What it said on standard error so far, at most 4 KiB. */
char *process_messages(const struct process_talk *talk, struct arena *arena);

/* Closes its input and kills it. */
void process_stop(struct process_talk *talk);

void process_end_free(struct process_end *end);

/* Our environment with changes: each is "NAME=value", or "NAME" to leave that variable out. NULL ends them. A later
 * change of the same variable wins. */
const char *const *process_environment(struct arena *arena, const char *const *changes);

/* The value of an environment variable; NULL where it is not set, or empty. */
const char *environment_value(const char *name);

#endif
