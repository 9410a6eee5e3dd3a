/* test_load_restriction.c: a file counts by where it was opened, not by where its path led when it was looked at.
 *
 * The source of these tests is what a racing tenant makes of a directory: while a path is judged it lies below the
 * kustomization, and when it is opened a symbolic link in it leads elsewhere. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "kustomize/engine.h"
#include "source/backend.h"

struct exchanged {
    struct source source;
    struct source *files;
};

static const struct exchanged *exchanged_of(const struct source *source)
{
    return (const struct exchanged *)source;
}

static enum file_kind exchanged_kind(const struct source *source, const char *path)
{
    return source_kind(exchanged_of(source)->files, path);
}

static char *exchanged_resolve(const struct source *source, struct arena *arena, const char *path, struct error *error)
{
    return source_resolve(exchanged_of(source)->files, arena, path, error);
}

static bool exchanged_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                           struct error *error)
{
    bool read = source_read(exchanged_of(source)->files, arena, path, out, error);
    if (read && strncmp(path, "app/linked/", strlen("app/linked/")) == 0)
        out->real = arena_format(arena, "elsewhere/%s", path + strlen("app/linked/"));
    return read;
}

static bool exchanged_list(const struct source *source, struct arena *arena, const char *path, struct name_list *out,
                           struct error *error)
{
    return source_list(exchanged_of(source)->files, arena, path, out, error);
}

static void exchanged_release(struct source *source)
{
    source_free(exchanged_of(source)->files);
}

static const struct source_backend exchanged_backend = {
    .kind = exchanged_kind,
    .resolve = exchanged_resolve,
    .read = exchanged_read,
    .list = exchanged_list,
    .release = exchanged_release,
};

static void add(struct source *files, const char *path, const char *text)
{
    source_memory_add(files, path, text, strlen(text));
}

static struct source *exchanged_new(const char *kustomization)
{
    struct exchanged *exchanged = calloc(1, sizeof *exchanged);
    *exchanged = (struct exchanged){.source.backend = &exchanged_backend, .files = source_memory()};
    add(exchanged->files, "app/kustomization.yaml", kustomization);
    add(exchanged->files, "app/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map\n");
    add(exchanged->files, "app/linked/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map\n");
    add(exchanged->files, "app/linked/variables", "A=1\n");
    add(exchanged->files, "app/linked/schema.json", "{\"definitions\": {}}");
    add(exchanged->files, "app/linked/list.yaml", "[]\n");
    return &exchanged->source;
}

static bool render(const char *kustomization, struct error *error)
{
    struct source *source = exchanged_new(kustomization);
    struct engine *engine = engine_new(&(struct engine_options){.source = source});
    struct rendered rendered = {0};
    bool good = engine_render(engine, "app", &rendered, error);
    rendered_free(&rendered);
    engine_free(engine);
    source_free(source);
    return good;
}

static const struct {
    const char *field, *kustomization;
} uses[] = {
    {"resources", "resources: [linked/map.yaml]\n"},
    {"patches", "resources: [map.yaml]\npatches: [{path: linked/map.yaml}]\n"},
    {"files", "configMapGenerator: [{name: a, files: [linked/variables]}]\n"},
    {"envs", "configMapGenerator: [{name: a, envs: [linked/variables]}]\n"},
    {"openapi", "resources: [map.yaml]\nopenapi: {path: linked/schema.json}\n"},
    {"crds", "resources: [map.yaml]\ncrds: [linked/schema.json]\n"},
    {"replacements", "resources: [map.yaml]\nreplacements: [{path: linked/list.yaml}]\n"},
    {"configurations", "resources: [map.yaml]\nconfigurations: [linked/schema.json]\n"},
};

Test(load_restriction, a_file_that_was_opened_elsewhere_is_refused)
{
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        struct error error = {0};
        cr_expect(!render(uses[i].kustomization, &error), "%s", uses[i].field);
        cr_expect(error.message && strstr(error.message, "'elsewhere/") &&
                      strstr(error.message, "is not in or below 'app'"),
                  "%s: %s", uses[i].field, error.message);
        error_free(&error);
    }
}
