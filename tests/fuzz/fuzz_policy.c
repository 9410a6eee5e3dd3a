/* fuzz_policy.c: a repository (see memory_tree.h) as the plugin renders it: argo/root with its RootApp, from discovery
 * to the root set, and then app. A file `parameters` is Argo CD's JSON of parameters. */
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "memory_tree.h"
#include "plugin/run/parameters.h"
#include "plugin/run/session.h"

enum { MOST_NODES = 20000, LARGEST_OUTPUT = 4 * 1024 * 1024 };

static bool build(struct session *session, const char *directory, struct text *out)
{
    struct rendered rendered = {0};
    struct error error = {0};
    struct text notes = {0};
    bool good = session_build(session, directory, &rendered, &error) && session_write(session, &rendered, out, &error);
    MUST(good == !error.message);
    MUST(!good || utf8_is_valid(text_content(out), out->size));
    session_notes(session, false, &notes);
    MUST(utf8_is_valid(text_content(&notes), notes.size));
    text_free(&notes);
    rendered_free(&rendered);
    error_free(&error);
    return good;
}

/* Twice, and both have to end alike. */
static void build_twice(const struct repository *repository, const struct request *request, const char *project)
{
    struct trust trust = {.root_project = "argocd-root", .project = project, .refuse_secrets = true};
    struct session session;
    struct text once = {.limit = LARGEST_OUTPUT}, twice = {.limit = LARGEST_OUTPUT};
    session_open(&session, &(struct session_options){.repository = repository,
                                                     .request = request,
                                                     .edits = &request->edits,
                                                     .trust = &trust,
                                                     .share_bases = true,
                                                     .node_limit = MOST_NODES});
    bool good = build(&session, repository->directory, &once);
    MUST(build(&session, repository->directory, &twice) == good);
    MUST(!good || (once.size == twice.size && (!once.size || memcmp(once.bytes, twice.bytes, once.size) == 0)));
    text_free(&once);
    text_free(&twice);
    session_close(&session);
}

static struct request request_of(const struct source *source, struct arena *arena)
{
    static const struct request usual = {.app_name = "root",
                                         .namespace = "argocd",
                                         .repo_url = "https://git.example.com/gitops.git",
                                         .target_revision = "main"};
    struct request request = usual;
    struct file_bytes file;
    struct error error = {0};
    if (source_kind(source, "parameters") == FILE_REGULAR && source_read(source, arena, "parameters", &file, &error)) {
        const char *text = arena_copy(arena, file.bytes, file.size);
        bool good = parameters_read(arena, text, &request, &error);
        MUST(good == !error.message);
        if (!good)
            request = usual;
    }
    error_free(&error);
    return request;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct source *source = memory_tree(data, size);
    struct repository repository = {.source = source, .root = "/repository", .directory = "argo/root", .has_git = true};
    struct request request = request_of(source, arena);
    build_twice(&repository, &request, "argocd-root");
    repository.directory = "app";
    build_twice(&repository, &request, "tenants");
    source_free(source);
    arena_free(arena);
    return 0;
}
