/* Takes from this process what a render does not need, before it reads what others wrote.
 *
 * From then on, for the process and all programs that it starts: files are read below `root` only, and written nowhere
 * (Landlock); no TCP port is used (Landlock 4) and no socket made; no program is executed, and no process started; no
 * signal reaches another process (Landlock 6); all system calls are refused but those of a list (allowed_calls.h); no
 * program gives new privileges; other processes of the user do not see this one's memory, and no core is dumped;
 * memory, time, open files and written files are limited. Nothing of it can be taken back.
 *
 * Fetching needs more: `network` and `execute` leave both possible, and everything may be read then, because git, ssh
 * and helm read the system's libraries, certificates and their own configuration; only `cache` and $TMPDIR (or /tmp)
 * may be written to. */
#ifndef PLUGIN_CONFINE_H
#define PLUGIN_CONFINE_H

#include "base/error.h"
#include "base/text.h"

/* 1 under the sanitizers of addresses and threads: they reserve terabytes and look at their own process, so memory,
 * files and calls stay as they are. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CONFINE_SANITIZED 1
#elif defined(__has_feature)
#define CONFINE_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define CONFINE_SANITIZED 0
#endif

struct confinement {
    const char *root;            /* the repository: the only place to read from, unless programs are executed */
    const char *cache;           /* written to when programs are executed, as the temporary directory is; NULL: none */
    const char *const *readable; /* more places to read from; NULL ends them, and may stand for them */
    const char *writable;        /* a directory to write to, and to remove; NULL: none */
    bool network, execute;
    long memory;    /* MB */
    long seconds;   /* of the clock */
    long processor; /* seconds of the processor */
};

/* What the kernel cannot give is added to `missing`, with commas, and goes without; whether that matters is the
 * caller's decision. False: something that every kernel can give was refused.
 *
 * Too much time ends the process, with a message and exit status 1; too much memory does at the next allocation. */
bool confine(const struct confinement *wanted, struct text *missing, struct error *error);

#endif
