/* work_tree.c: writes changed files, all or none. */
#include "plugin/change/work_tree.h"

#include "base/files.h"
#include "base/path.h"
#include "plugin/change/unseen.h"

static bool write_file(const struct changes *changes, const struct repository *repository,
                       const struct changed_file *file, const struct text *content, struct error *error)
{
    const char *path = path_join(changes->arena, repository->root, file->path);
    struct error problem = {0};
    if (file_replace(path, content->bytes, content->size, &problem))
        return true;
    error_set(error, "%s; nothing was changed", problem.message);
    error_free(&problem);
    return false;
}

void work_tree_restore(const struct changes *changes, const struct repository *repository, size_t count)
{
    for (size_t i = 0; i < count; i++)
        write_file(changes, repository, &changes->files[i], &changes->files[i].old, NULL);
}

/* What is committed there is nothing that we could see. */
static bool are_ours(const struct changes *changes, const struct repository *repository, struct error *error)
{
    for (size_t i = 0; i < changes->file_count && repository->has_git; i++) {
        const struct changed_file *file = &changes->files[i];
        const char *inner = inner_repository(changes->arena, repository->root, file->path);
        if (inner && changed_file_differs(file))
            return error_set(error,
                             "%s: lies in %s, which is a repository of its own (a submodule): run this there, with "
                             "--directory; nothing was changed",
                             file->path, inner);
    }
    return true;
}

bool work_tree_write(const struct changes *changes, const struct repository *repository, struct error *error)
{
    if (!are_ours(changes, repository, error))
        return false;
    for (size_t i = 0; i < changes->file_count; i++) {
        const struct changed_file *file = &changes->files[i];
        if (!changed_file_differs(file) || write_file(changes, repository, file, &file->new, error))
            continue;
        work_tree_restore(changes, repository, i);
        return false;
    }
    return true;
}
