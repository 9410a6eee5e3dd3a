/* mirror.c: keeps copies of repositories beside the plugin, for `generate --mirror` to read commits from. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/path.h"
#include "plugin/commands.h"
#include "plugin/mirror/serve.h"
#include "plugin/run/mirror_place.h"

enum { DAY = 24 * 60 * 60, KEEP_DAYS = 7, INTERVAL = 60, FETCH_SECONDS = 300, OWNER_ONLY = 0600 };

struct mirror_options {
    const char *directory, *listen;
    struct option_list repositories;
    long keep, interval, limit;
};

static const struct option options[] = {
    OPTION_TEXT(struct mirror_options, directory, 0, "dir", "DIR", "where copies and the socket are"),
    OPTION_LIST(struct mirror_options, repositories, 0, "repo", "URL",
                "a repository to keep a copy of, as its Applications call it; may be given several times"),
    OPTION_TEXT(struct mirror_options, listen, 0, "listen", "ADDRESS:PORT",
                "serve /metrics and /ready by HTTP, as 0.0.0.0:8085"),
    OPTION_NUMBER(struct mirror_options, interval, 0, "interval", "SECONDS",
                  "fetch after so long, if no render has asked meanwhile (default 60)"),
    OPTION_NUMBER(struct mirror_options, limit, 0, "fetch-limit", "SECONDS",
                  "the time that a fetch may take (default 300)"),
    OPTION_NUMBER(struct mirror_options, keep, 0, "keep", "DAYS",
                  "keep commits that no branch or tag has any more for so long (default 7)"),
    OPTION_END,
};

/* For as long as the process lives. Two would take each other's unfinished files away. */
static bool lock_directory(struct arena *arena, const char *directory, struct error *error)
{
    int fd = open(path_join(arena, directory, "lock"), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, OWNER_ONLY);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (fd >= 0 && errno == EWOULDBLOCK)
        return error_set(error, "%s: another mirror serves it", directory);
    return error_set(error, "%s: cannot be locked: %s", directory, strerror(errno));
}

static bool is_url(const char *url, struct error *error)
{
    if (*url && *url != '-')
        return true;
    return error_set(error, "--repo '%s': is no URL", url);
}

static void prepare_copies(struct arena *arena, const struct mirror_options *chosen, const char *directory,
                           struct service *out)
{
    const char *const *environment = copy_environment(arena);
    const char **names = ARENA_ARRAY(arena, chosen->repositories.count + 1, const char *);
    out->copies = ARENA_ARRAY(arena, chosen->repositories.count + 1, struct copy);
    out->names = names;
    for (size_t i = 0; i < chosen->repositories.count; i++) {
        const char *url = chosen->repositories.items[i], *name = mirror_name(arena, url);
        bool known = false;
        for (size_t j = 0; j < out->count; j++)
            known = known || strcmp(names[j], name) == 0;
        if (known)
            continue;
        names[out->count] = name;
        out->copies[out->count] =
            (struct copy){.url = url,
                          .directory = mirror_repository(arena, directory, name),
                          .temporary = mirror_repository(arena, directory, arena_format(arena, ".new-%s", name)),
                          .keep = (chosen->keep ? chosen->keep : KEEP_DAYS) * DAY,
                          .limit = (unsigned)(chosen->limit ? chosen->limit : FETCH_SECONDS),
                          .environment = environment};
        copy_clear(&out->copies[out->count++]);
    }
}

static int run_mirror(const struct invocation *invocation, struct error *error)
{
    const struct mirror_options *chosen = invocation->options;
    struct arena *arena = invocation->arena;
    struct service service = {.listen = chosen->listen, .interval = chosen->interval ? chosen->interval : INTERVAL};
    if (!chosen->directory || !chosen->repositories.count) {
        error_set(error, "mirror needs --dir and at least one --repo");
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < chosen->repositories.count; i++)
        if (!is_url(chosen->repositories.items[i], error))
            return EXIT_USAGE;
    umask(077);
    if (!directory_make(path_join(arena, chosen->directory, "repositories"), error) ||
        !lock_directory(arena, chosen->directory, error))
        return EXIT_FAILED;
    service.directory = chosen->directory;
    prepare_copies(arena, chosen, chosen->directory, &service);
    return serve(arena, &service, error) ? EXIT_GOOD : EXIT_FAILED;
}

const struct command mirror_command = {
    .name = "mirror",
    .operands = "",
    .summary = "keep copies of repositories for 'generate --mirror'",
    .description =
        "Runs beside the plugin, in a container of its own that has git, the network and read-only credentials, and "
        "shares the directory DIR with it. For each --repo there is a bare copy in DIR, which git fetches into: when a "
        "render asks for a commit that is not there yet, and from time to time. 'rootapp generate --mirror DIR' reads "
        "its commit there, so that Argo CD need not send the repository for each render. Git finds credentials as it "
        "always does: in its configuration, in a credential helper, by ssh.\n"
        "\n"
        "A render can only ask for a commit of a repository that is listed here. Commits stay for --keep days after "
        "their branch was pushed by force or removed.\n"
        "\n"
        "Each line of the log is a JSON object. With --listen, /metrics are for Prometheus and /ready is for the "
        "kubelet: it is good once each repository was asked for once, whether or not it answered, because renders go "
        "on without a mirror. See docs/mirror.md.",
    .examples =
        "rootapp mirror --dir /mirror --repo https://git.example.com/platform/gitops.git --listen 0.0.0.0:8085\n",
    .options = options,
    .options_size = sizeof(struct mirror_options),
    .run = run_mirror,
};
