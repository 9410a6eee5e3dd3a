/* The end of the process away from main: out of memory, out of time, by a signal, or by a fault.
 *
 * What it must not leave behind is noted here: programs that run, and temporary directories. This note is in static
 * memory, because a signal handler is given nothing else. */
#ifndef BASE_ENDING_H
#define BASE_ENDING_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

/* Makes a directory as mkdtemp(3) does, and notes and locks it (flock(2)) until it is forgotten; no signal ends the
 * process between these steps. The lock ends with the process, however that dies: a directory that is not locked
 * belongs to nobody. False: errno says why. What is noted beyond 64 is lost. */
bool ending_make_directory(char *path);
void ending_forget_directory(const char *path);

/* Notes the leader of a session, in the same way. */
void ending_add_program(pid_t leader);
void ending_forget_program(pid_t leader);

/* Whether a line of progress stands on the terminal, which the end has to clear. */
void ending_clears_line(bool wanted);

/* The settings that standard input's terminal had before they were changed: the end restores them. NULL: they are
 * unchanged. */
void ending_restores_terminal(const struct termios *before);

/* Says why, in one line, kills the programs, removes the directories, and exits with status 1. Only the first of
 * several threads gets to say something. */
_Noreturn void end_process(const char *line);

/* From now on SIGHUP, SIGINT, SIGQUIT and SIGTERM kill and remove, too, before they end the process as usual; and a
 * fault (SIGSEGV and its like) ends it as end_process does. */
void ending_catch_signals(void);

/* Gives this thread ENDING_STACK bytes to handle a fault on, so that it can do so when its own stack is used up. A
 * thread other than the first drops them before it ends, because the C library's code that ends it may use the same
 * memory. */
enum { ENDING_STACK = 64 * 1024 };
void ending_use_stack(char *memory);
void ending_drop_stack(void);

#endif
