/* getauxval(3), for the random bytes that Linux gives each process: the same ones each time. */
#ifndef MACOS_SYS_AUXV_H
#define MACOS_SYS_AUXV_H

enum { AT_RANDOM = 25 };

unsigned long getauxval(unsigned long kind);

#endif
