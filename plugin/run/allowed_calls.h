/* The system calls that a confined process may make. All others fail with EPERM, as an unprivileged user's fail. */
#ifndef PLUGIN_ALLOWED_CALLS_H
#define PLUGIN_ALLOWED_CALLS_H

#include <stdbool.h>

/* From then on for this thread, those that it starts, and all programs: what a render calls, and what git, ssh and helm
 * call where programs are executed, sockets where something is fetched, and removing where there is something to
 * remove. Nothing of it can be taken back. Needs no_new_privs. False: the kernel, or this kind of processor, has no
 * such filter. */
bool allowed_calls_only(bool execute, bool network, bool remove);

#endif
