/* serve.c: answers those who connect to a mirror. */
#define _GNU_SOURCE
#include "plugin/mirror/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "plugin/mirror/listen.h"
#include "plugin/mirror/log.h"
#include "plugin/mirror/metrics.h"
#include "plugin/run/mirror_place.h"

enum { MOST_CONNECTIONS = 256, FIRST_CONNECTION = 3, REQUEST_ROOM = 4096, ID_ROOM = 65 };

/* What a connection waits for. */
enum phase { PHASE_REQUEST, PHASE_FETCH, PHASE_RENDER, PHASE_HTTP, PHASE_SENDING };

struct connection {
    int fd; /* -1: free */
    enum phase phase;
    char input[REQUEST_ROOM];
    size_t size;
    size_t copy; /* PHASE_FETCH: what is waited for */
    char commit[ID_ROOM];
    unsigned long fetch;
    struct timespec answered; /* PHASE_RENDER */
    struct text output;       /* PHASE_SENDING */
    size_t sent;
    unsigned long number; /* the oldest has the smallest */
};

struct server {
    const struct service *service;
    struct keeper **keepers;
    struct metrics metrics;
    struct connection connections[MOST_CONNECTIONS];
    unsigned long accepted;
    int local, http, told; /* listening twice, and what keepers write to */
};

/* A render that says nothing of its end was killed. */
static void drop_connection(struct server *server, struct connection *connection)
{
    if (connection->phase == PHASE_RENDER)
        metrics_count_render(&server->metrics, MIRROR_RENDER_ENDED, clock_seconds_since(&connection->answered));
    close(connection->fd);
    text_free(&connection->output);
    *connection = (struct connection){.fd = -1};
}

/* Renders. */

static void send_answer(struct server *server, struct connection *connection, enum mirror_answer kind, const char *line)
{
    size_t size = strlen(line);
    server->metrics.answers[kind]++;
    connection->phase = PHASE_RENDER;
    connection->answered = clock_now();
    if (send(connection->fd, line, size, MSG_NOSIGNAL) != (ssize_t)size)
        drop_connection(server, connection);
}

static void answer_missing(struct server *server, struct connection *connection, const char *problem)
{
    char line[MIRROR_LONGEST_LINE];
    int size = snprintf(line, sizeof line - 1, "missing %s", *problem ? problem : "the repository does not have it");
    size_t end = size < (int)sizeof line - 1 ? (size_t)size : sizeof line - 2;
    line[end] = '\n';
    line[end + 1] = '\0';
    send_answer(server, connection, ANSWER_MISSING, line);
}

/* Once the fetch that it waits for is done. */
static void answer_waiting(struct server *server, struct connection *connection)
{
    struct keeper *keeper = server->keepers[connection->copy];
    struct keeper_state state;
    keeper_read(keeper, &state);
    if (state.done < connection->fetch)
        return;
    if (keeper_has(keeper, connection->commit))
        send_answer(server, connection, ANSWER_HAVE, "have\n");
    else
        answer_missing(server, connection, state.problem);
}

static void take_want(struct server *server, struct connection *connection, const char *name, const char *commit)
{
    size_t at = 0;
    while (at < server->service->count && strcmp(server->service->names[at], name) != 0)
        at++;
    if (at == server->service->count) {
        send_answer(server, connection, ANSWER_UNLISTED, "unlisted\n");
    } else if (keeper_has(server->keepers[at], commit)) {
        send_answer(server, connection, ANSWER_HAVE, "have\n");
    } else {
        connection->phase = PHASE_FETCH;
        connection->copy = at;
        snprintf(connection->commit, sizeof connection->commit, "%s", commit);
        connection->fetch = keeper_want(server->keepers[at], commit);
    }
}

static void take_render(struct server *server, struct connection *connection, const char *outcome, const char *time)
{
    double seconds = (double)strtol(time, NULL, 10) / 1000, most = clock_seconds_since(&connection->answered) + 60;
    if (seconds >= 0 && seconds <= most && metrics_count_render(&server->metrics, outcome, seconds))
        connection->phase = PHASE_REQUEST; /* counted */
    drop_connection(server, connection);
}

/* "want NAME COMMIT" or "rendered OUTCOME MILLISECONDS", each in its time and once; whoever says anything else is not
 * talked with. */
static void take_line(struct server *server, struct connection *connection, char *line)
{
    char *first = strchr(line, ' '), *second = first ? strchr(first + 1, ' ') : NULL;
    if (second)
        *first++ = *second++ = '\0';
    bool wants = second && connection->phase == PHASE_REQUEST && strcmp(line, "want") == 0 &&
                 strlen(first) == MIRROR_NAME_SIZE && is_commit_id(second);
    connection->size = 0;
    if (wants)
        take_want(server, connection, first, second);
    else if (second && connection->phase == PHASE_RENDER && strcmp(line, "rendered") == 0)
        take_render(server, connection, first, second);
    else
        drop_connection(server, connection);
}

/* HTTP: of a request, the first line is read. */

static bool is_ready(const struct server *server)
{
    bool ready = true;
    for (size_t i = 0; i < server->service->count; i++) {
        struct keeper_state state;
        keeper_read(server->keepers[i], &state);
        ready = ready && state.done > 0;
    }
    return ready;
}

static void respond_http(struct server *server, struct connection *connection)
{
    struct text body = {0};
    const char *line = connection->input, *status = "404 Not Found";
    if (strncmp(line, "GET /metrics ", 13) == 0) {
        status = "200 OK";
        metrics_write(&server->metrics, server->keepers, server->service->count, &body);
    } else if (strncmp(line, "GET /ready ", 11) == 0) {
        status = is_ready(server) ? "200 OK" : "503 Service Unavailable";
        text_string(&body, is_ready(server) ? "ready\n" : "not every repository was asked for yet\n");
    } else {
        text_string(&body, "there are /metrics and /ready\n");
    }
    text_format(&connection->output,
                "HTTP/1.1 %s\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: %zu\r\n"
                "Connection: close\r\n\r\n",
                status, body.size);
    text_bytes(&connection->output, text_content(&body), body.size);
    text_free(&body);
    connection->phase = PHASE_SENDING;
}

static void send_more(struct server *server, struct connection *connection)
{
    struct text *output = &connection->output;
    ssize_t sent =
        send(connection->fd, output->bytes + connection->sent, output->size - connection->sent, MSG_NOSIGNAL);
    if (sent > 0)
        connection->sent += (size_t)sent;
    else if (errno != EAGAIN && errno != EINTR)
        connection->sent = output->size;
    if (connection->sent == output->size)
        drop_connection(server, connection);
}

/* Connections. */

static void receive_more(struct server *server, struct connection *connection)
{
    bool http = connection->phase == PHASE_HTTP;
    size_t room = http ? REQUEST_ROOM - 1 : MIRROR_LONGEST_LINE;
    ssize_t got = recv(connection->fd, connection->input + connection->size, room - connection->size, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        drop_connection(server, connection);
        return;
    }
    connection->size += (size_t)got;
    connection->input[connection->size] = '\0';
    char *end = http ? strstr(connection->input, "\r\n\r\n") : memchr(connection->input, '\n', connection->size);
    if (end)
        *end = '\0';
    if (end && http)
        respond_http(server, connection);
    else if (end)
        take_line(server, connection, connection->input);
    else if (connection->size == room)
        drop_connection(server, connection);
}

/* A free place, or that of the oldest: nobody can keep others out by holding on. */
static struct connection *take_place(struct server *server)
{
    struct connection *oldest = server->connections;
    for (size_t i = 0; i < MOST_CONNECTIONS; i++) {
        struct connection *connection = &server->connections[i];
        if (connection->fd < 0)
            return connection;
        if (connection->number < oldest->number)
            oldest = connection;
    }
    drop_connection(server, oldest);
    return oldest;
}

static void accept_one(struct server *server, int listening, enum phase phase)
{
    int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    struct connection *connection = take_place(server);
    *connection = (struct connection){.fd = fd, .phase = phase, .number = ++server->accepted};
}

/* Whoever waits for a fetch has nothing to say: only its end is heard. */
static short events_of(const struct connection *connection)
{
    return connection->phase == PHASE_FETCH ? POLLRDHUP : connection->phase == PHASE_SENDING ? POLLOUT : POLLIN;
}

static size_t prepare_poll(const struct server *server, struct pollfd *polled, size_t *places)
{
    size_t count = FIRST_CONNECTION;
    polled[0] = (struct pollfd){.fd = server->told, .events = POLLIN};
    polled[1] = (struct pollfd){.fd = server->local, .events = POLLIN};
    polled[2] = (struct pollfd){.fd = server->http, .events = POLLIN}; /* -1 is left out */
    for (size_t i = 0; i < MOST_CONNECTIONS; i++)
        if (server->connections[i].fd >= 0) {
            places[count] = i;
            polled[count++] =
                (struct pollfd){.fd = server->connections[i].fd, .events = events_of(&server->connections[i])};
        }
    return count;
}

static void handle_ready(struct server *server, struct connection *connection)
{
    switch (connection->phase) {
    case PHASE_FETCH:
        drop_connection(server, connection);
        break;
    case PHASE_SENDING:
        send_more(server, connection);
        break;
    default:
        receive_more(server, connection);
    }
}

static void hear_keepers(struct server *server)
{
    char bytes[256];
    while (read(server->told, bytes, sizeof bytes) == (ssize_t)sizeof bytes)
        ;
    for (size_t i = 0; i < MOST_CONNECTIONS; i++)
        if (server->connections[i].fd >= 0 && server->connections[i].phase == PHASE_FETCH)
            answer_waiting(server, &server->connections[i]);
}

static void serve_once(struct server *server)
{
    struct pollfd polled[FIRST_CONNECTION + MOST_CONNECTIONS];
    size_t places[FIRST_CONNECTION + MOST_CONNECTIONS], count = prepare_poll(server, polled, places);
    if (poll(polled, count, -1) < 0)
        return;
    for (size_t i = FIRST_CONNECTION; i < count; i++)
        if (polled[i].revents && server->connections[places[i]].fd == polled[i].fd)
            handle_ready(server, &server->connections[places[i]]);
    if (polled[0].revents)
        hear_keepers(server);
    if (polled[1].revents)
        accept_one(server, server->local, PHASE_REQUEST);
    if (polled[2].revents)
        accept_one(server, server->http, PHASE_HTTP);
}

static bool open_server(struct server *server, struct arena *arena, int pipes[2], struct error *error)
{
    const struct service *service = server->service;
    const char *address = NULL, *path = mirror_socket(arena, service->directory);
    server->http = service->listen ? listen_tcp(arena, service->listen, &address, error) : -1;
    if (service->listen && server->http < 0)
        return false;
    if (pipe2(pipes, O_CLOEXEC | O_NONBLOCK) != 0)
        return error_set(error, "no pipe can be opened: %s", strerror(errno));
    server->told = pipes[0];
    server->local = listen_local(path, error);
    if (server->local < 0)
        return false;
    struct json_value *members = json_map_new();
    json_map_put_text(members, "directory", service->directory);
    json_map_put_text(members, "listen", address);
    json_map_put_number(members, "repositories", (long long)service->count);
    log_line(LOG_INFO, "serving", members);
    return true;
}

bool serve(struct arena *arena, const struct service *service, struct error *error)
{
    int pipes[2];
    struct server *server = ARENA_NEW(arena, struct server);
    server->service = service;
    server->keepers = ARENA_ARRAY(arena, service->count + 1, struct keeper *);
    for (size_t i = 0; i < MOST_CONNECTIONS; i++)
        server->connections[i].fd = -1;
    if (!open_server(server, arena, pipes, error))
        return false;
    for (size_t i = 0; i < service->count; i++)
        server->keepers[i] = keeper_start(&service->copies[i], service->interval, pipes[1]);
    for (;;)
        serve_once(server);
}
