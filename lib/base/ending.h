/* The end of the process away from main: out of memory, out of time, or by a signal.
 *
 * What it must not leave behind is noted here: programs that run, and temporary directories. This note is in static
 * memory, because a signal handler is given nothing else. Nothing here allocates. */
#ifndef BASE_ENDING_H
#define BASE_ENDING_H

#include <sys/types.h>

/* Notes a directory (`path` is released with free() some time), or the leader of a session, until it is forgotten. What
 * is noted beyond 64 of each is lost. */
void ending_add_directory(char *path);
void ending_forget_directory(const char *path);
void ending_add_program(pid_t leader);
void ending_forget_program(pid_t leader);

/* Says why, in one line, kills the programs, removes the directories, and exits with status 1. Only the first of
 * several threads gets to say something. */
_Noreturn void end_process(const char *line);

/* From now on SIGHUP, SIGINT and SIGTERM kill and remove, too, before they end the process as usual. */
void ending_catch_signals(void);

#endif
