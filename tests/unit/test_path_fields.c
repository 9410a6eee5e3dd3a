/* The reference scan follows every field of a kustomization that holds paths: each field of the tables gets a path, and
 * what a build looks up the scan must name. A field that is added without its mark fails here. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "kustomize/engine.h"
#include "kustomize/kustomization/kustomization.h"
#include "source/backend.h"

enum { DEEPEST = 8 };
static const char outside[] = "elsewhere/named";

/* Files in memory; notes whether the file outside was looked for. */
struct noting {
    struct source source;
    struct source *memory;
};
static bool looked_up;

static const struct source *note(const struct source *source, const char *path)
{
    looked_up = looked_up || strncmp(path, outside, sizeof outside - 1) == 0;
    return ((const struct noting *)source)->memory;
}

static enum file_kind noting_kind(const struct source *source, const char *path)
{
    return source_kind(note(source, path), path);
}

static char *noting_resolve(const struct source *source, struct arena *arena, const char *path, struct error *error)
{
    return source_resolve(note(source, path), arena, path, error);
}

static bool noting_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                        struct error *error)
{
    return source_read(note(source, path), arena, path, out, error);
}

static bool noting_list(const struct source *source, struct arena *arena, const char *path, struct name_list *out,
                        struct error *error)
{
    return source_list(note(source, path), arena, path, out, error);
}

/* Charts are read by helm itself. */
static char *noting_system_path(const struct source *source, struct arena *arena, const char *real)
{
    (void)source;
    return arena_string(arena, real);
}

static const struct source_backend noting_backend = {.kind = noting_kind,
                                                     .resolve = noting_resolve,
                                                     .read = noting_read,
                                                     .list = noting_list,
                                                     .system_path = noting_system_path};

/* What an item needs beside the field at hand, for a build to get as far as its path. */
static const char *other_fields(const struct struct_type *type)
{
    static const char *const needed[][2] = {
        {"Patch", "target: {kind: ConfigMap, name: x}, "},
        {"ConfigMapArgs", "name: x, "},
        {"SecretArgs", "name: x, "},
        {"HelmChart", "name: x, "},
        {"HelmChartArgs", "chartName: x, "},
    };
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (strcmp(needed[i][0], type->name) == 0)
            return needed[i][1];
    return "";
}

/* Only helm looks there. */
static bool is_read_by_helm(const struct field *field)
{
    return strcmp(field->name, "configHome") == 0 || strcmp(field->name, "helmHome") == 0;
}

/* A helm that knows its version. */
static const char *helm_script(void)
{
    static char path[] = "/tmp/test_path_fields_XXXXXX";
    static const char script[] = "#!/bin/sh\necho v3.14.2\n";
    int file = mkstemp(path);
    cr_assert(file >= 0 && write(file, script, sizeof script - 1) > 0 && fchmod(file, 0700) == 0 && close(file) == 0);
    return path;
}

static void write_way(const struct field *const *way, size_t depth, const char *before, struct text *out)
{
    const struct field *field = way[0];
    bool given = *before && strncmp(before, field->name, strlen(field->name)) == 0;
    text_format(out, "{%s%s: ", given ? "" : before, field->name);
    const char *open = field->kind == FIELD_IS_LIST || field->kind == FIELD_IS_TEXT_LIST ? "[" : "";
    text_string(out, open);
    if (depth > 1)
        write_way(way + 1, depth - 1, other_fields(field->of), out);
    else
        text_string(out, field->kind == FIELD_IS_STRING_MAP ? "{path: ../elsewhere/named}" : "../elsewhere/named");
    text_string(out, *open ? "]}" : "}");
}

static bool names_it(const struct reference_set *set)
{
    for (size_t i = 0; i < set->file_count; i++)
        if (strcmp(set->files[i], outside) == 0)
            return true;
    return false;
}

static void try_field(const struct field *const *way, size_t depth, const char *helm)
{
    struct text file = {0};
    struct noting noting = {.source = {.backend = &noting_backend}, .memory = source_memory()};
    struct arena *arena = arena_new();
    struct rendered rendered = {0};
    struct reference_set set = {0};
    struct error error = {0}, problem = {0};
    write_way(way, depth, strcmp(way[0]->name, "helmGlobals") == 0 ? "helmCharts: [{name: x}], " : "", &file);
    source_memory_add(noting.memory, "app/kustomization.yaml", text_content(&file), file.size);
    source_memory_add(noting.memory, outside, "a=b\n", 4);
    source_memory_add(noting.memory, "app/charts/x/values.yaml", "{}\n", 3);
    source_memory_add(noting.memory, "app/charts/x/Chart.yaml", "name: x\nversion: 1.0.0\n", 23);
    struct engine *engine = engine_new(&(struct engine_options){
        .source = &noting.source, .load_restrictions_none = true, .helm = {.enabled = true, .command = helm}});
    bool found = engine_scan(engine, arena, "app", &set, &problem) && names_it(&set);
    looked_up = false;
    bool built = engine_render(engine, "app", &rendered, &error);
    cr_expect(found || !looked_up, "a build looks a path up that the scan does not follow: %s (%s)",
              text_content(&file), problem.message ? problem.message : "it ends without an error");
    cr_expect(looked_up || !found || is_read_by_helm(way[depth - 1]),
              "the scan follows what no build looks up: %s (%s)", text_content(&file),
              built ? "it builds" : error.message);
    rendered_free(&rendered);
    engine_free(engine);
    error_free(&error);
    error_free(&problem);
    arena_free(arena);
    source_free(noting.memory);
    text_free(&file);
}

static size_t try_fields(const struct struct_type *type, const struct field **way, size_t depth, const char *helm)
{
    size_t tried = 0;
    cr_assert(depth < DEEPEST);
    for (const struct field *field = type->fields; field->name; field++) {
        way[depth] = field;
        if (field->of) {
            tried += try_fields(field->of, way, depth + 1, helm);
        } else if (field->kind == FIELD_IS_STRING || field->kind == FIELD_IS_LIST ||
                   field->kind == FIELD_IS_TEXT_LIST || field->kind == FIELD_IS_STRING_MAP) {
            try_field(way, depth + 1, helm);
            tried++;
        }
    }
    return tried;
}

Test(path_fields, the_scan_follows_what_a_build_looks_up)
{
    const struct field *way[DEEPEST];
    const char *helm = helm_script();
    cr_assert_gt(try_fields(&kustomization_type, way, 0, helm), 100);
    unlink(helm);
}
