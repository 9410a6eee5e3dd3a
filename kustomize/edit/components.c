/* components.c: adds components as `kustomize edit add component` does (edit/add/addcomponent.go). */
#include <string.h>

#include "base/path.h"
#include "kustomize/edit/edit_parts.h"
#include "kustomize/text/repository_url.h"
#include "source/kustomization_files.h"

/* Argo CD looks for a regular file of one of the three names, within the repository. */
static bool is_missing(const struct kust_target *target, const char *path)
{
    for (const char *const *name = kustomization_file_names; *name; name++)
        if (source_kind(target->source, path_join(target->render->arena, path, *name)) == FILE_REGULAR)
            return false;
    return true;
}

static bool add_component(const struct edits *edits, const struct kust_target *target, struct node *list,
                          const char *component, struct error *error)
{
    struct render *render = target->render;
    const char *path = path_join(render->arena, target->directory, component);
    struct repository_url url;
    bool remote = repository_url_parse(render->arena, component, &url);
    if (edits->ignore_missing_components && (remote || is_missing(target, path)))
        return true;
    if (!remote && source_kind(target->source, path) == FILE_ABSENT)
        return error_set(error, "components: '%s' is not there", component);
    if (!node_list_has(list, component))
        tree_append(render->tree, list, tree_string(render->tree, component));
    return true;
}

bool edit_components(const struct edits *edits, const struct kust_target *target, struct node *file,
                     struct error *error)
{
    if (!edits->components.count)
        return true;
    struct node *list = edit_value(target->render->tree, file, "components", NODE_LIST, error);
    for (size_t i = 0; list && i < edits->components.count; i++) {
        const char *component = edits->components.items[i];
        if (*component == '-' || !*component)
            return error_set(error, "components: '%s' is no path", component);
        if (!add_component(edits, target, list, component, error))
            return false;
    }
    return list != NULL;
}
