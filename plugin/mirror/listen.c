/* listen.c: opens sockets to be connected to. */
#define _GNU_SOURCE
#include "plugin/mirror/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 128, SOCKET_FLAGS = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, OTHERS = 0177 };

static int fail_listening(int fd, const char *what, struct error *error)
{
    error_set(error, "%s: cannot be listened on: %s", what, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

int listen_local(const char *path, struct error *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        error_set(error, "%s: is too long for a socket: at most %zu bytes", path, sizeof address.sun_path - 1);
        return -1;
    }
    strcpy(address.sun_path, path);
    unlink(path);
    int fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
    mode_t before = umask(OTHERS);
    bool bound = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    umask(before);
    return bound && listen(fd, BACKLOG) == 0 ? fd : fail_listening(fd, path, error);
}

static struct addrinfo *find_address(struct arena *arena, const char *wanted)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    const char *colon = strrchr(wanted, ':');
    size_t size = colon ? (size_t)(colon - wanted) : 0;
    bool brackets = size > 1 && wanted[0] == '[' && wanted[size - 1] == ']';
    const char *host = brackets ? arena_copy(arena, wanted + 1, size - 2) : arena_copy(arena, wanted, size);
    if (!colon || getaddrinfo(*host ? host : NULL, colon + 1, &hints, &found) != 0)
        return NULL;
    return found;
}

static const char *name_of(struct arena *arena, int fd)
{
    char host[64] = "", port[16] = "";
    struct sockaddr_storage own;
    socklen_t size = sizeof own;
    if (getsockname(fd, (struct sockaddr *)&own, &size) == 0)
        getnameinfo((struct sockaddr *)&own, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV);
    return arena_format(arena, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}

int listen_tcp(struct arena *arena, const char *wanted, const char **address, struct error *error)
{
    struct addrinfo *found = find_address(arena, wanted);
    if (!found) {
        error_set(error, "--listen %s: is no ADDRESS:PORT in numbers, as 0.0.0.0:8085", wanted);
        return -1;
    }
    int fd = socket(found->ai_family, SOCKET_FLAGS, 0), on = 1;
    bool bound = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                 bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0;
    freeaddrinfo(found);
    if (!bound)
        return fail_listening(fd, wanted, error);
    *address = name_of(arena, fd);
    return fd;
}
