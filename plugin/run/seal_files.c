/* seal_files.c: reads, changes and writes the files that a sealed value is in. */
#include "plugin/run/seal_files.h"

#include <string.h>

#include "base/digest.h"
#include "base/files.h"
#include "base/path.h"
#include "kustomize/engine.h"
#include "plugin/run/sealing.h"

enum { HEX_SIZE = 2 * DIGEST_SIZE };

static struct seal_file *add_file(struct arena *arena, const struct repository *repository, struct seal_files *files,
                                  const char *path, struct error *error)
{
    struct file_bytes bytes;
    if (files->count == SEAL_MOST_FILES) {
        error_set(error, "%s: more files than expected hold the checksum", path);
        return NULL;
    }
    struct seal_file *file = &files->items[files->count];
    *file = (struct seal_file){.path = source_resolve(repository->source, arena, path, error)};
    if (!file->path || !source_read(repository->source, arena, path, &bytes, error))
        return NULL;
    text_bytes(&file->old, bytes.bytes, bytes.size);
    text_bytes(&file->new, bytes.bytes, bytes.size);
    files->count++;
    return file;
}

static bool open_new(struct arena *arena, const struct repository *repository, const struct seal_target *target,
                     const char *name, const char *scope, struct seal_files *files, struct error *error)
{
    const char *path = path_join(arena, target->directory, "sealed-secret.yaml");
    const char *kustomization = engine_kustomization_file(repository->source, target->directory, error);
    if (source_kind(repository->source, path) != FILE_ABSENT)
        return error_set(error,
                         "%s: is there, but not rendered as a SealedSecret of this overlay; name it under "
                         "'resources', or remove it",
                         path);
    if (!kustomization)
        return error_set(error, "%s: no kustomization.yaml in it", target->directory);
    files->items[files->count++] = (struct seal_file){.path = path, .is_new = true};
    seal_new_text(name, scope, &files->items[0].new);
    struct seal_file *file =
        add_file(arena, repository, files, path_join(arena, target->directory, kustomization), error);
    return file && seal_add_resource(arena, file->path, "sealed-secret.yaml", &file->new, error);
}

bool seal_files_open(struct arena *arena, const struct repository *repository, const struct seal_target *target,
                     const char *name, const char *scope, struct seal_files *out, struct error *error)
{
    return target->file ? add_file(arena, repository, out, target->file, error) != NULL
                        : open_new(arena, repository, target, name, scope, out, error);
}

/* Checksums. */

static void write_hex(const struct text *text, char hex[HEX_SIZE + 1])
{
    unsigned char digest[DIGEST_SIZE];
    digest_sha256(text_content(text), text->size, digest);
    for (size_t i = 0; i < HEX_SIZE; i++)
        hex[i] = "0123456789abcdef"[digest[i / 2] >> (i % 2 ? 0 : 4) & 15];
    hex[HEX_SIZE] = '\0';
}

static void replace_all(struct text *text, const char *old, const char *new)
{
    for (char *at = text->bytes; at && (at = strstr(at, old)); at += HEX_SIZE)
        memcpy(at, new, HEX_SIZE);
}

/* The checksum behind a key checksum/NAME, as `check` understands it (RA518); NULL: there is none from here on. */
static char *named_checksum(char *text, const char *name)
{
    size_t stem = strcspn(name, ".");
    for (char *at = text; at && (at = strstr(at, "checksum/"));) {
        at += strlen("checksum/");
        if (strncmp(at, name, stem) != 0)
            continue;
        at += strncmp(at, name, strlen(name)) == 0 ? strlen(name) : stem;
        if (!strchr("\"':", *at))
            continue;
        at += strspn(at, "\"': ");
        if (strspn(at, "0123456789abcdef") == HEX_SIZE)
            return at;
    }
    return NULL;
}

static void replace_named(struct text *text, const char *name, const char *new)
{
    for (char *at = named_checksum(text->bytes, name); at; at = named_checksum(at, name))
        memcpy(at, new, HEX_SIZE);
}

static bool holds_checksum(const struct repository *repository, struct arena *arena, const char *path, const char *old,
                           const char *name)
{
    struct file_bytes bytes;
    struct error ignored = {0};
    bool holds = source_kind(repository->source, path) == FILE_REGULAR &&
                 source_read(repository->source, arena, path, &bytes, &ignored) &&
                 (strstr(bytes.bytes, old) || named_checksum(arena_copy(arena, bytes.bytes, bytes.size), name));
    error_free(&ignored);
    return holds;
}

/* The file of these, which may be open already; NULL with an error. */
static struct seal_file *open_file(struct arena *arena, const struct repository *repository, struct seal_files *files,
                                   const char *path, struct error *error)
{
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->items[i].path, path) == 0)
            return &files->items[i];
    return add_file(arena, repository, files, path, error);
}

bool seal_files_add_checksums(struct arena *arena, const struct repository *repository,
                              const struct seal_target *target, struct seal_files *files, struct error *error)
{
    char old[HEX_SIZE + 1], new[HEX_SIZE + 1];
    struct name_list names;
    const char *name = path_base(files->items[0].path);
    write_hex(&files->items[0].old, old);
    write_hex(&files->items[0].new, new);
    if (strcmp(old, new) == 0)
        return true;
    if (!source_list(repository->source, arena, target->directory, &names, error))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        const char *path = path_join(arena, target->directory, names.names[i]);
        if (strcmp(path, files->items[0].path) == 0 || !holds_checksum(repository, arena, path, old, name))
            continue;
        struct seal_file *file = open_file(arena, repository, files, path, error);
        if (!file)
            return false;
        replace_all(&file->new, old, new);
        replace_named(&file->new, name, new);
    }
    return true;
}

void seal_files_lay_over(const struct seal_files *files, struct repository *repository)
{
    struct source *over = source_memory();
    for (size_t i = 0; i < files->count; i++)
        source_memory_add(over, files->items[i].path, text_content(&files->items[i].new), files->items[i].new.size);
    repository->source = source_layered(repository->source, over);
}

bool seal_files_write(struct arena *arena, const struct repository *repository, const struct seal_files *files,
                      struct error *error)
{
    for (size_t i = 0; i < files->count; i++) {
        const struct seal_file *file = &files->items[i];
        if (!file_replace(path_join(arena, repository->root, file->path), text_content(&file->new), file->new.size,
                          error))
            return false;
    }
    return true;
}

void seal_files_free(struct seal_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        text_free(&files->items[i].old);
        text_free(&files->items[i].new);
    }
}
