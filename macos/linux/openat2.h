/* What openat2(2) is asked for, where it is not (macos/linux.h). */
#ifndef MACOS_LINUX_OPENAT2_H
#define MACOS_LINUX_OPENAT2_H

struct open_how {
    unsigned long long flags, mode, resolve;
};
enum { RESOLVE_BENEATH = 1, RESOLVE_NO_SYMLINKS = 2 };

#endif
