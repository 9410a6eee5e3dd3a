/* load.c: finds and reads kustomization files.
 *
 * An engine for many builds reads each file once: every overlay of an app refers to its base, and many bases to one
 * component. */
#include <string.h>

#include "base/path.h"
#include "kustomize/accumulate.h"
#include "kustomize/edit/edits.h"
#include "kustomize/kustomization/base_cache.h"
#include "kustomize/kustomization/notice.h"
#include "source/kustomization_files.h"

const char *engine_kustomization_file(const struct source *source, const char *directory, struct error *error)
{
    struct arena *arena = arena_new();
    const char *found = NULL, *other = NULL;
    size_t count = 0;
    for (const char *const *name = kustomization_file_names; *name; name++) {
        if (source_kind(source, path_join(arena, directory, *name)) != FILE_REGULAR)
            continue;
        other = found;
        found = *name;
        count++;
    }
    arena_free(arena);
    if (count < 2)
        return found;
    error_in(error, (struct place){directory, 0, 0}, "Found multiple kustomization files: keep one of %s and %s", other,
             found);
    return NULL;
}

bool engine_is_kustomization_file(const char *path)
{
    return is_kustomization_file_name(path_base(path));
}

/* One that is there, and may not be read, is named. */
static bool no_kustomization_file(const struct kust_target *target, struct error *error)
{
    const struct render *render = target->render;
    struct file_bytes bytes;
    for (const char *const *name = kustomization_file_names; *name; name++) {
        const char *path = path_join(render->arena, target->directory, *name);
        enum file_kind kind = source_kind(target->source, path);
        if ((kind == FILE_REFUSED || kind == FILE_OTHER) &&
            !source_read(target->source, render->arena, path, &bytes, error))
            return false;
    }
    return error_set(error,
                     "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in "
                     "directory '%s'",
                     kust_target_name(target, "."));
}

static bool find_file(struct kust_target *target, struct error *error)
{
    target->file = engine_kustomization_file(target->source, target->directory, error);
    return target->file || (!error->message && no_kustomization_file(target, error));
}

/* The edits are of the file that is built alone. */
static const struct edits *edits_of(const struct kust_target *target)
{
    return target->parent ? NULL : target->render->options->edits;
}

static bool read_bytes(struct kust_target *target, struct arena *arena, struct file_bytes *out, struct error *error)
{
    const struct render *render = target->render;
    const char *path = path_join(render->arena, target->directory, target->file);
    return render->largest_file ? source_read_small(target->source, arena, path, render->largest_file, out, error)
                                : source_read(target->source, arena, path, out, error);
}

/* Into this tree, and its warnings into this text. What is edited is the render's own. */
static bool read_file(struct kust_target *target, struct tree *tree, struct text *warnings, struct error *error)
{
    struct render *render = target->render;
    struct file_bytes bytes;
    if (!find_file(target, error) || !read_bytes(target, tree->arena, &bytes, error))
        return false;
    target->file_size = bytes.size;
    struct yaml_text text = kust_target_file_text(target, target->file, &bytes);
    text.file = arena_string(tree->arena, text.file); /* origins borrow both, and may outlive this render */
    const struct edits *edits = edits_of(target);
    struct node *root = NULL;
    size_t repeated = tree->repeated;
    if (!kustomization_parse(tree, &text, &root, error) || (edits && !edits_apply(edits, target, &root, error)))
        return false;
    target->kustomization = kustomization_read(tree, text.file, root, warnings, error);
    if (target->kustomization && wants_notices(render))
        notice_kustomization(render, &text, root, tree->repeated > repeated);
    return target->kustomization;
}

/* A file that was read, with the warnings that come with it. */
struct kept_file {
    const char *name;
    size_t size;
    const struct kustomization *kustomization;
    struct text warnings;
    struct findings *findings; /* NULL: nobody will ask for them */
};

static void tell_kept(const struct render *render, const struct text *warnings, const struct findings *findings)
{
    text_bytes(render->warnings, text_content(warnings), warnings->size);
    if (render->findings && findings)
        findings_add_all(render->findings, findings, NULL);
}

/* The first who reads a file may be a scan, which wants no findings; who builds it later does. */
static bool keep_file(struct kust_target *target, struct kept_file *kept, struct error *error)
{
    struct render *render = target->render;
    struct tree tree = base_cache_tree(render->bases, render->tree);
    struct text warnings = {0};
    struct findings *wanted = render->findings;
    render->findings = render->options->warn ? notices_new(tree.arena) : NULL;
    bool good = read_file(target, &tree, &warnings, error);
    *kept = (struct kept_file){.name = target->file,
                               .size = target->file_size,
                               .kustomization = target->kustomization,
                               .findings = render->findings};
    render->findings = wanted;
    tell_kept(render, &warnings, kept->findings);
    kept->warnings.bytes = arena_copy(tree.arena, text_content(&warnings), warnings.size);
    kept->warnings.size = warnings.size;
    text_free(&warnings);
    return good;
}

static bool load_kept(struct kust_target *target, struct error *error)
{
    struct render *render = target->render;
    const char *directory = target->directory;
    void **known = map_find(base_cache_files(render->bases), directory, strlen(directory));
    if (known) {
        const struct kept_file *kept = *known;
        if (render->largest_file && kept->size > render->largest_file)
            return error_set(error, "%s: is larger than %zu KiB", path_join(render->arena, directory, kept->name),
                             render->largest_file / 1024);
        target->file = kept->name;
        target->file_size = kept->size;
        target->kustomization = kept->kustomization;
        tell_kept(render, &kept->warnings, kept->findings);
        return true;
    }
    struct arena *arena = base_cache_tree(render->bases, render->tree).arena;
    struct kept_file *kept = ARENA_NEW(arena, struct kept_file);
    if (!keep_file(target, kept, error))
        return false;
    *map_slot(base_cache_files(render->bases), arena_string(arena, directory), strlen(directory)) = kept;
    return true;
}

bool kust_target_load_file(struct kust_target *target, struct error *error)
{
    struct render *render = target->render;
    bool kept = render->options->share_bases && !target->clone && !edits_of(target);
    if (!(kept ? load_kept(target, error) : read_file(target, render->tree, render->warnings, error)))
        return false;
    if (render->visited && !target->clone)
        string_list_add(render->arena, render->visited, target->directory);
    return true;
}

bool kust_target_load(struct kust_target *target, struct error *error)
{
    return kust_target_load_file(target, error) && kust_target_choose_schemas(target, error);
}
