/* The numbers of system calls: macos/linux.h has those that are asked for. */
