/* process.c: starts a program, collects what it prints, and ends it in time. */
#define _GNU_SOURCE
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ending.h"
#include "base/spawn.h"

enum { PIPE_CHUNK = 64 * 1024, NO_LIMIT = -1 };

struct stream {
    int fd; /* -1: at its end */
    struct text *text;
};

static int time_left(long long deadline)
{
    if (deadline < 0)
        return NO_LIMIT;
    long long left = deadline - clock_milliseconds();
    return left > 0 ? (int)left : 0;
}

/* Reads what is there. False: the text has grown beyond its limit. */
static bool drain_stream(struct stream *stream)
{
    char chunk[PIPE_CHUNK];
    ssize_t got = read(stream->fd, chunk, sizeof chunk);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (got <= 0) {
        close(stream->fd);
        stream->fd = -1;
        return true;
    }
    text_bytes(stream->text, chunk, (size_t)got);
    return !stream->text->failed;
}

/* What is written to a program while it runs. */
struct feed {
    int fd; /* -1: all is written, or nobody reads */
    const char *bytes;
    size_t size;
};

static void write_some(struct feed *feed)
{
    ssize_t written = feed->size ? write(feed->fd, feed->bytes, feed->size) : 0;
    if (written < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (written > 0) {
        feed->bytes += written;
        feed->size -= (size_t)written;
    }
    if (written > 0 && feed->size)
        return;
    close(feed->fd);
    feed->fd = -1;
}

/* A program is killed before its pipes are closed: else it may hear first that nobody reads, and end of that. */
static void collect_output(struct stream streams[2], struct feed *feed, pid_t pid, long long deadline,
                           struct process_end *end)
{
    while ((streams[0].fd >= 0 || streams[1].fd >= 0) && !end->timed_out && !end->too_large) {
        struct pollfd polled[3] = {{.fd = streams[0].fd, .events = POLLIN},
                                   {.fd = streams[1].fd, .events = POLLIN},
                                   {.fd = feed->fd, .events = POLLOUT}};
        int ready = poll(polled, 3, time_left(deadline));
        end->timed_out = ready == 0;
        if (ready > 0 && polled[2].revents)
            write_some(feed);
        for (int i = 0; i < 2 && ready > 0; i++)
            if (polled[i].revents && !drain_stream(&streams[i]))
                end->too_large = true;
    }
    if (end->timed_out || end->too_large)
        kill(-pid, SIGKILL);
    for (int i = 0; i < 2; i++)
        if (streams[i].fd >= 0)
            close(streams[i].fd);
    if (feed->fd >= 0)
        close(feed->fd);
}

/* Whoever closes its output and lives on is waited for until the deadline. */
static int reap_process(pid_t pid, long long deadline, struct process_end *end)
{
    int status = 0;
    bool killed = end->timed_out || end->too_large;
    while (!killed && deadline >= 0 && waitpid(pid, &status, WNOHANG) == 0) {
        end->timed_out = killed = time_left(deadline) == 0;
        if (killed)
            kill(-pid, SIGKILL);
        nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
    }
    if (killed || deadline < 0)
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool open_pipes(int out[2], int err[2])
{
    if (pipe2(out, O_CLOEXEC) != 0)
        return false;
    if (pipe2(err, O_CLOEXEC) == 0)
        return true;
    close(out[0]);
    close(out[1]);
    return false;
}

/* The input as an open file: it may be read as often as the program likes, and nothing waits for it. */
static int open_input(const struct process *process)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    for (size_t done = 0; fd >= 0 && done < process->input_size;) {
        ssize_t written = write(fd, process->input + done, process->input_size - done);
        if (written > 0) {
            done += (size_t)written;
        } else if (written == 0 || errno != EINTR) {
            close(fd);
            return -1;
        }
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

/* Gives the end that the program reads; the other one is the feed's. */
static int open_feed(const struct process *process, struct feed *feed)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    *feed = (struct feed){ends[1], process->input, process->input_size};
    return ends[0];
}

/* No signal comes between a program's start and the note of it. */
static int spawn_and_note(const struct process *process, int in, int out, int err, pid_t *pid)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int problem = spawn_program(process, (const int[]){in, out, err}, pid);
    if (!problem)
        ending_add_program(*pid);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return problem;
}

bool process_run(const struct process *process, struct process_end *end, struct error *error)
{
    *end = (struct process_end){.out.limit = process->output_limit, .err.limit = process->output_limit};
    struct feed feed = {.fd = -1};
    int in = -1, out[2], err[2];
    pid_t pid;
    if (process->input)
        in = process->input_once ? open_feed(process, &feed) : open_input(process);
    if (process->input && in < 0)
        return error_set(error, "%s: cannot be given its input: %s", process->arguments[0], strerror(errno));
    bool connected = open_pipes(out, err);
    int problem = connected ? spawn_and_note(process, in, out[1], err[1], &pid) : errno;
    if (in >= 0)
        close(in);
    if ((!connected || problem) && feed.fd >= 0)
        close(feed.fd);
    if (!connected)
        return error_set(error, "%s: cannot make a pipe: %s", process->arguments[0], strerror(problem));
    close(out[1]);
    close(err[1]);
    if (problem) {
        close(out[0]);
        close(err[0]);
        return error_set(error, "%s: cannot be run: %s", process->arguments[0], strerror(problem));
    }
    long long deadline = process->seconds ? clock_milliseconds() + process->seconds * 1000LL : NO_LIMIT;
    struct stream streams[2] = {{out[0], &end->out}, {err[0], &end->err}};
    collect_output(streams, &feed, pid, deadline, end);
    end->status = reap_process(pid, deadline, end);
    ending_forget_program(pid);
    return true;
}

static void close_pair(const int pair[2])
{
    close(pair[0]);
    close(pair[1]);
}

bool process_start(const struct process *process, struct process_talk *talk, struct error *error)
{
    int in[2], out[2], messages = memfd_create("messages", MFD_CLOEXEC);
    bool connected = messages >= 0 && open_pipes(in, out);
    if (!connected && messages >= 0)
        close(messages);
    if (!connected)
        return error_set(error, "%s: cannot make a pipe: %s", process->arguments[0], strerror(errno));
    int problem = spawn_and_note(process, in[0], out[1], messages, &talk->pid);
    close(in[0]);
    close(out[1]);
    talk->in = in[1];
    talk->out = out[0];
    talk->messages = messages;
    if (!problem)
        return true;
    close_pair((const int[2]){talk->in, talk->out});
    close(messages);
    return error_set(error, "%s: cannot be run: %s", process->arguments[0], strerror(problem));
}

char *process_messages(const struct process_talk *talk, struct arena *arena)
{
    char bytes[4096];
    ssize_t size = pread(talk->messages, bytes, sizeof bytes, 0);
    return arena_copy(arena, bytes, size > 0 ? (size_t)size : 0);
}

void process_stop(struct process_talk *talk)
{
    close_pair((const int[2]){talk->in, talk->out});
    close(talk->messages);
    kill(-talk->pid, SIGKILL);
    while (waitpid(talk->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    ending_forget_program(talk->pid);
}

void process_end_free(struct process_end *end)
{
    text_free(&end->out);
    text_free(&end->err);
}

static bool is_changed(const char *variable, const char *const *changes)
{
    size_t size = strcspn(variable, "=");
    for (; *changes; changes++)
        if (strncmp(*changes, variable, size) == 0 && ((*changes)[size] == '=' || !(*changes)[size]))
            return true;
    return false;
}

const char *const *process_environment(struct arena *arena, const char *const *changes)
{
    size_t count = 0, changed = 0;
    while (environ[count])
        count++;
    while (changes[changed])
        changed++;
    const char **out = ARENA_ARRAY(arena, count + changed + 1, const char *);
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        if (!is_changed(environ[i], changes))
            out[size++] = environ[i];
    for (size_t i = 0; i < changed; i++)
        if (strchr(changes[i], '=') && !is_changed(changes[i], changes + i + 1))
            out[size++] = changes[i];
    return out;
}

const char *environment_value(const char *name)
{
    const char *value = name ? getenv(name) : NULL;
    return value && *value ? value : NULL;
}
