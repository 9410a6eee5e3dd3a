/* kustomization_file.c: reads kustomization files for rules about what stands in them. */
#include "check/kustomization_file.h"

#include <string.h>

#include "base/intern.h"
#include "base/map.h"
#include "base/path.h"
#include "yaml/parse.h"

struct kustomization_files kustomization_files_open(const struct check_input *input)
{
    return (struct kustomization_files){input, map_new(input->arena), origins_new()};
}

void kustomization_files_close(struct kustomization_files *files)
{
    origins_free(files->origins);
}

static struct kustomization_file *find_file(struct kustomization_files *files, const char *directory)
{
    void **slot = map_slot(files->read, directory, strlen(directory));
    struct arena *arena = files->input->arena;
    if (*slot)
        return *slot;
    struct kustomization_file *file = ARENA_NEW(arena, struct kustomization_file);
    struct span place = check_directory_place(files->input, directory);
    *file = (struct kustomization_file){.directory = directory, .path = place.file};
    const struct file_bytes *bytes = place.line ? check_file(files->input, place.file) : NULL;
    file->text = bytes ? bytes->bytes : NULL;
    *slot = file;
    return file;
}

const struct kustomization_file *kustomization_text(struct kustomization_files *files, const char *directory)
{
    return find_file(files, directory);
}

const struct kustomization_file *kustomization_tree(struct kustomization_files *files, const char *directory)
{
    struct kustomization_file *file = find_file(files, directory);
    struct arena *arena = files->input->arena;
    struct error ignored = {0};
    struct node_array documents = {0};
    if (!file->text || file->root)
        return file;
    struct tree *tree = ARENA_NEW(arena, struct tree);
    *tree = (struct tree){.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct yaml_text text = {
        .file = file->path, .bytes = file->text, .size = strlen(file->text), .origins = files->origins};
    if (parse_documents(tree, &text, &documents, &ignored) && documents.count && node_is_map(documents.items[0]))
        file->root = documents.items[0];
    else
        file->text = NULL;
    error_free(&ignored);
    return file;
}

struct span kustomization_span(const struct kustomization_files *files, const struct node *node)
{
    return span_at(files->origins, node->origin);
}

/* The text of a list's item, or of its field `path`, that leads to a file or directory. */
static const struct node *find_entry(const struct kustomization_files *files, const struct kustomization_file *file,
                                     const struct node *node, const char *path, unsigned depth)
{
    enum { DEEPEST = 8 };
    if (!node || depth > DEEPEST)
        return NULL;
    if (node->kind == NODE_SCALAR) {
        bool may = node->count && !strpbrk(node->text, " \n:");
        const char *to = may ? path_join(files->input->arena, file->directory, node->text) : NULL;
        return to && (strcmp(to, path) == 0 || path_is_within(path, to)) && !path_is_within(file->directory, to) ? node
                                                                                                                 : NULL;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        const struct node *found =
            find_entry(files, file, node->kind == NODE_MAP ? node->entries[i].value : node->items[i], path, depth + 1);
        if (found)
            return found;
    }
    return NULL;
}

struct span kustomization_entry(struct kustomization_files *files, const struct check_target *target, const char *path)
{
    const struct name_list *references = &target->references;
    for (size_t i = 0; i <= references->count; i++) {
        const char *directory = i ? references->names[i - 1] : target->directory;
        if (i && source_kind(files->input->source, directory) != FILE_DIRECTORY)
            continue;
        const struct kustomization_file *file = kustomization_tree(files, directory);
        const struct node *entry = file->root ? find_entry(files, file, file->root, path, 0) : NULL;
        if (entry)
            return kustomization_span(files, entry);
    }
    return check_directory_place(files->input, target->directory);
}
