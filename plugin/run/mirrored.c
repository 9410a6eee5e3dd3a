/* mirrored.c: asks a mirror for a commit, and reads it. */
#define _GNU_SOURCE
#include "plugin/run/mirrored.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "plugin/run/mirror_place.h"
#include "plugin/run/output.h"

/* Without waiting: where a mirror serves, there is room. */
static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        int problem = errno;
        close(fd);
        errno = problem;
        return -1;
    }
    return fd;
}

static bool send_line(int fd, const char *line)
{
    size_t size = strlen(line);
    return send(fd, line, size, MSG_NOSIGNAL) == (ssize_t)size;
}

/* One line, without its end; false where it does not come in time. */
static bool receive_line(const struct mirrored *mirrored, long milliseconds, char line[MIRROR_LONGEST_LINE + 1])
{
    for (size_t size = 0; size < MIRROR_LONGEST_LINE;) {
        long left = milliseconds - clock_milliseconds_since(&mirrored->begun);
        struct pollfd polled = {.fd = mirrored->connection, .events = POLLIN};
        if (left <= 0 || poll(&polled, 1, (int)left) <= 0)
            return false;
        ssize_t got = recv(mirrored->connection, line + size, MIRROR_LONGEST_LINE - size, 0);
        if (got <= 0)
            return false;
        size += (size_t)got;
        char *end = memchr(line, '\n', size);
        if (end)
            *end = '\0';
        if (end)
            return true;
    }
    return false;
}

static void drop_connection(struct mirrored *mirrored)
{
    if (mirrored->connection >= 0)
        close(mirrored->connection);
    mirrored->connection = -1;
}

/* NULL: the mirror has the commit. */
static const char *ask_mirror(struct mirrored *mirrored, struct arena *arena, const char *directory, const char *name,
                              long seconds)
{
    char line[MIRROR_LONGEST_LINE + 1];
    mirrored->connection = connect_to(mirror_socket(arena, directory));
    if (mirrored->connection < 0)
        return arena_format(arena, "it does not answer: %s", strerror(errno));
    if (!send_line(mirrored->connection, arena_format(arena, "want %s %s\n", name, mirrored->commit)) ||
        !receive_line(mirrored, seconds * 1000, line)) {
        drop_connection(mirrored);
        bool late = clock_milliseconds_since(&mirrored->begun) >= seconds * 1000;
        return late ? arena_format(arena, "it did not get it within %ld s", seconds) : "it ended while it was asked";
    }
    if (strcmp(line, "have") == 0)
        return NULL;
    mirrored->listed = strcmp(line, "unlisted") != 0;
    const char *said = strncmp(line, "missing ", 8) == 0 ? line + 8 : line;
    return mirrored->listed ? arena_string(arena, said) : "this repository is none of its --repo";
}

/* Also where the mirror did not answer: it may have had the commit before it stopped. What it says that it does not
 * have is not looked for. */
static void prepare_objects(struct mirrored *mirrored, struct arena *arena, const char *repository)
{
    struct error error = {0};
    const char *objects = path_join(arena, repository, "objects");
    if (!mirrored->listed || access(objects, R_OK | X_OK) != 0)
        return;
    mirrored->place = (struct git_place){
        .directory = repository, .objects = objects, .sha256 = strlen(mirrored->commit) == 64, .foreign = true};
    mirrored->objects = git_objects_open(&mirrored->place);
    if (git_objects_ready(mirrored->objects, &error)) {
        mirrored->objects_directory = objects;
        return;
    }
    git_objects_free(mirrored->objects);
    mirrored->objects = NULL;
    mirrored->why = arena_format(arena, "git's objects cannot be read: %s", error.message);
    error_free(&error);
}

void mirrored_ask(struct mirrored *mirrored, struct arena *arena, const char *directory, const struct request *request,
                  long seconds)
{
    *mirrored = (struct mirrored){.connection = -1};
    mirrored->begun = clock_now();
    if (!directory)
        return;
    if (!request->repo_url || !request->source_path || !request->revision || !is_commit_id(request->revision)) {
        mirrored->why = "Argo CD named no commit (ARGOCD_APP_REVISION)";
        return;
    }
    const char *name = mirror_name(arena, request->repo_url);
    mirrored->commit = request->revision;
    mirrored->listed = true;
    mirrored->why = ask_mirror(mirrored, arena, directory, name, seconds);
    bool answered_no = mirrored->why && mirrored->connection >= 0;
    if (!answered_no)
        prepare_objects(mirrored, arena, mirror_repository(arena, directory, name));
}

bool mirrored_open(struct mirrored *mirrored, struct arena *arena, const struct request *request,
                   struct repository *repository, struct error *error)
{
    struct error problem = {0};
    if (!mirrored->objects)
        return true;
    const char *tree = git_objects_tree(mirrored->objects, arena, mirrored->commit, &problem);
    if (!tree) {
        mirrored->why = mirrored->why ? mirrored->why : arena_string(arena, problem.message);
        error_free(&problem);
        return true;
    }
    mirrored->why = NULL;
    repository->source = source_checkout(source_git(mirrored->objects, tree, NULL), repository->source);
    repository->directory = source_resolve(repository->source, arena, path_clean(arena, request->source_path), error);
    return repository->directory != NULL;
}

void mirrored_explain(const struct mirrored *mirrored, struct arena *arena, const struct repository *repository,
                      struct error *error)
{
    if (mirrored->why && repository->part && error->kind == ERROR_NOT_SENT)
        error_append(error,
                     arena_format(arena, "; from the mirror it cannot be read: %s (docs/mirror.md)", mirrored->why));
}

void mirrored_note(const struct mirrored *mirrored)
{
    struct text note = {0};
    if (!mirrored->why || !mirrored->listed)
        return;
    text_format(&note, "rootapp: warning: what Argo CD has sent is rendered, without the mirror: %s\n", mirrored->why);
    output_warnings(&note);
    text_free(&note);
}

/* By then the process is confined, and writing to what is open is all that it can do. */
void mirrored_close(struct mirrored *mirrored, bool rendered)
{
    const char *outcome = !rendered       ? MIRROR_RENDER_FAILED
                          : mirrored->why ? MIRROR_RENDER_FROM_SENT
                                          : MIRROR_RENDER_FROM_MIRROR;
    struct text line = {0};
    if (mirrored->connection >= 0) {
        text_format(&line, "rendered %s %lld\n", outcome, clock_milliseconds_since(&mirrored->begun));
        ssize_t written = write(mirrored->connection, line.bytes, line.size);
        (void)written; /* a mirror that has ended counts nothing */
        drop_connection(mirrored);
    }
    text_free(&line);
    git_objects_free(mirrored->objects);
    mirrored->objects = NULL;
}
