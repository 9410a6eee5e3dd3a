/* How a program is started. Other files call process.h, which also waits for its end. */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include "base/process.h"

/* Starts it with these as standard input, output and error; -1 as input stands for an empty one. Returns 0, or the
 * errno that kept it from starting. All signals are blocked meanwhile by the caller, and none in the program. */
int spawn_program(const struct process *process, const int streams[3], pid_t *pid);

#endif
