/* The end of the process away from main: out of memory, out of time, or by a signal.
 *
 * What it must not leave behind is noted here: programs that run, and temporary directories. This note is in static
 * memory, because a signal handler is given nothing else. */
#ifndef BASE_ENDING_H
#define BASE_ENDING_H

#include <stdbool.h>
#include <sys/types.h>

/* Makes a directory as mkdtemp(3) does, and notes and locks it (flock(2)) until it is forgotten; no end comes between.
 * The lock ends with the process, of whatever it dies: what is not locked belongs to nobody. False: errno says why.
 * What is noted beyond 64 is lost. */
bool ending_make_directory(char *path);
void ending_forget_directory(const char *path);

/* Notes the leader of a session, in the same way. */
void ending_add_program(pid_t leader);
void ending_forget_program(pid_t leader);

/* Says why, in one line, kills the programs, removes the directories, and exits with status 1. Only the first of
 * several threads gets to say something. */
_Noreturn void end_process(const char *line);

/* From now on SIGHUP, SIGINT and SIGTERM kill and remove, too, before they end the process as usual. */
void ending_catch_signals(void);

#endif
