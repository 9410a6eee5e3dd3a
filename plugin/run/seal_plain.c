/* seal_plain.c: finds a Secret in plain text that has the name of a SealedSecret. */
#include "plugin/run/seal_plain.h"

#include <string.h>

#include "base/path.h"
#include "plugin/run/history.h"
#include "yaml/layout.h"

enum { LARGEST = 1024 * 1024 };

static bool has_values(const struct layout_node *document, const char *field)
{
    const struct layout_node *map = layout_value(document, field);
    return map && map->kind == LAYOUT_MAP && map->count;
}

static bool is_plain_secret(const struct layout_node *document, const char *name)
{
    const char *kind = layout_text(layout_value(document, "kind"));
    const char *own = layout_text(layout_value(layout_value(document, "metadata"), "name"));
    return kind && own && strcmp(kind, "Secret") == 0 && strcmp(own, name) == 0 && !layout_value(document, "sops") &&
           (has_values(document, "data") || has_values(document, "stringData"));
}

static bool check_file(struct arena *arena, const struct source *source, const char *path, const char *where,
                       const char *name, struct error *error)
{
    struct file_bytes file;
    struct error ignored = {0};
    struct layout layout = {0};
    bool read = source_kind(source, path) == FILE_REGULAR &&
                source_read_small(source, arena, path, LARGEST, &file, &ignored) && strstr(file.bytes, "Secret") &&
                layout_read(arena, path, file.bytes, file.size, &layout, &ignored);
    error_free(&ignored);
    for (size_t i = 0; read && i < layout.count; i++)
        if (is_plain_secret(layout.documents[i], name))
            return error_in(error, layout_place(&layout, layout_value(layout.documents[i], "kind")->start),
                            "the Secret '%s' stands here in plain text%s: move it out of the repository, and seal it "
                            "with --from-secret FILE",
                            name, where);
    return true;
}

static bool check_directory(struct arena *arena, const struct source *source, const char *directory, const char *where,
                            const char *name, struct error *error)
{
    struct name_list names = {0};
    struct error ignored = {0};
    source_list(source, arena, directory, &names, &ignored);
    error_free(&ignored);
    for (size_t i = 0; i < names.count; i++) {
        const char *path = path_join(arena, directory, names.names[i]), *ending = strrchr(names.names[i], '.');
        bool is_text =
            ending && (strcmp(ending, ".yaml") == 0 || strcmp(ending, ".yml") == 0 || strcmp(ending, ".json") == 0);
        if (is_text && !check_file(arena, source, path, where, name, error))
            return false;
    }
    return true;
}

/* Where git cannot tell, the work tree is all. */
static bool check_index(struct arena *arena, const char *root, const char *directory, const char *name,
                        struct error *error)
{
    struct history history;
    struct revision revision;
    struct repository index = {0};
    struct error ignored = {0};
    bool opened = history_open(&history, arena, root, &ignored) && history_find_index(&history, &revision, &ignored) &&
                  history_open_tree(&history, revision.tree, &index, &ignored);
    bool good = !opened || check_directory(arena, index.source, directory, ", in what is staged", name, error);
    error_free(&ignored);
    repository_close(&index);
    history_close(&history);
    return good;
}

bool seal_refuse_plain(struct arena *arena, const struct repository *repository, const struct seal_target *target,
                       struct error *error)
{
    const char *rendered = target->file ? target->name : target->app, *name = target->written_name;
    if (!name)
        name = rendered;
    return check_directory(arena, repository->source, target->directory, "", name, error) &&
           (!repository->has_git || check_index(arena, repository->root, target->directory, name, error));
}
