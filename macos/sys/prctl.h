/* prctl(2), of which macOS has nothing: secrecy.c goes without what it asks for. */
#ifndef MACOS_SYS_PRCTL_H
#define MACOS_SYS_PRCTL_H

enum { PR_SET_DUMPABLE };

static inline int prctl(int option, unsigned long value, ...)
{
    (void)option;
    (void)value;
    return 0;
}

#endif
