/* read_objects.c: reads Argo CD's objects from a text, or from the files of a repository. */
#include <string.h>

#include "base/intern.h"
#include "base/path.h"
#include "plugin/adopt/adoption.h"
#include "yaml/parse.h"

void adoption_open(struct adoption *adoption, struct arena *arena, const struct repository *repository, const char *url,
                   bool given, const char *revision)
{
    *adoption = (struct adoption){.arena = arena,
                                  .repository = repository,
                                  .origins = origins_new(),
                                  .url = url,
                                  .url_is_given = given,
                                  .revision = revision,
                                  .argocd_namespace = "argocd"};
    adoption->tree = (struct tree){.arena = arena, .keys = intern_new(arena), .owner = 1, .origins = adoption->origins};
}

void adoption_close(struct adoption *adoption)
{
    text_free(&adoption->policy);
    text_free(&adoption->by_hand);
    origins_free(adoption->origins);
}

void adoption_note(struct adoption *adoption, const struct node *at, const char *what, const char *reason)
{
    adoption->gaps =
        arena_grow(adoption->arena, adoption->gaps, adoption->gap_count, &adoption->gap_room, sizeof *adoption->gaps);
    adoption->gaps[adoption->gap_count++] = (struct gap){
        .place = at ? origins_place(adoption->origins, at->origin) : (struct place){0}, .what = what, .reason = reason};
}

/* Argo CD's Secret of a cluster. */
static bool is_cluster(const struct node *node)
{
    const struct node *labels = node_find(node_find(node, "metadata"), "labels");
    return node_equals(node_find(node, "kind"), "Secret") &&
           node_equals(node_find(labels, "argocd.argoproj.io/secret-type"), "cluster");
}

static void add_cluster(struct adoption *adoption, struct node *node)
{
    adoption->clusters = arena_grow(adoption->arena, adoption->clusters, adoption->cluster_count,
                                    &adoption->cluster_room, sizeof *adoption->clusters);
    adoption->clusters[adoption->cluster_count++] = node;
}

static void add_object(struct adoption *adoption, struct node *node)
{
    const char *kind = node_text(node_find(node, "kind")), *version = node_text(node_find(node, "apiVersion"));
    const struct node *items = node_find(node, "items");
    if (kind && node_is_list(items))
        for (uint32_t i = 0; i < items->count; i++)
            add_object(adoption, items->items[i]);
    if (is_cluster(node))
        add_cluster(adoption, node);
    if (!kind || !version || strncmp(version, "argoproj.io/", 12) != 0 ||
        (strcmp(kind, "Application") != 0 && strcmp(kind, "ApplicationSet") != 0 && strcmp(kind, "AppProject") != 0))
        return;
    adoption->objects = arena_grow(adoption->arena, adoption->objects, adoption->object_count, &adoption->object_room,
                                   sizeof *adoption->objects);
    adoption->objects[adoption->object_count++] = node;
    adoption->project_count += strcmp(kind, "AppProject") == 0;
}

bool adoption_read_text(struct adoption *adoption, const char *file, const char *bytes, size_t size,
                        struct error *error)
{
    struct yaml_text text = {.file = file, .bytes = bytes, .size = size, .origins = adoption->origins};
    struct node_array documents = {0};
    if (!parse_documents(&adoption->tree, &text, &documents, error))
        return false;
    for (size_t i = 0; i < documents.count; i++)
        add_object(adoption, documents.items[i]);
    return true;
}

/* Most files of a repository are of no interest, and charts' templates are no YAML. */
static bool may_have_objects(const char *bytes)
{
    return strstr(bytes, "argoproj.io/") && (strstr(bytes, "Application") || strstr(bytes, "AppProject") ||
                                             strstr(bytes, "argocd.argoproj.io/secret-type"));
}

static void read_file(struct adoption *adoption, const char *path)
{
    struct file_bytes file;
    struct error error = {0};
    const char *end = strrchr(path, '.');
    if (!end || (strcmp(end, ".yaml") != 0 && strcmp(end, ".yml") != 0) ||
        !source_read(adoption->repository->source, adoption->arena, path, &file, &error) ||
        !may_have_objects(file.bytes)) {
        error_free(&error);
        return;
    }
    if (!adoption_read_text(adoption, path, file.bytes, file.size, &error)) {
        adoption_note(adoption, NULL, path, "cannot be read as YAML; a chart's template has to be rendered first");
        adoption->gaps[adoption->gap_count - 1].place = (struct place){path, error.line, error.column};
    }
    error_free(&error);
}

static bool read_directory(struct adoption *adoption, const char *directory, struct error *error)
{
    const struct source *source = adoption->repository->source;
    struct name_list names;
    if (!source_list(source, adoption->arena, directory, &names, error))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        const char *path = path_join(adoption->arena, directory, names.names[i]);
        struct error ignored = {0};
        char *real = source_resolve(source, adoption->arena, path, &ignored);
        error_free(&ignored);
        if (!real || strcmp(real, path) != 0)
            continue;
        if (source_kind(source, path) == FILE_REGULAR)
            read_file(adoption, path);
        else if (source_kind(source, path) == FILE_DIRECTORY && !read_directory(adoption, path, error))
            return false;
    }
    return true;
}

bool adoption_read_repository(struct adoption *adoption, struct error *error)
{
    return read_directory(adoption, ".", error);
}
