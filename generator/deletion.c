/* deletion.c: what happens to a resource that is no longer generated. */
#include <string.h>

#include "generator/make.h"

/* Prune is read when the parent no longer generates the resource, Delete when the parent itself goes. */
static const char *const application_options[] = {
    [DELETION_AUTO] = "",
    [DELETION_KEEP] = "Prune=false,Delete=false",
    [DELETION_CONFIRM] = "Prune=confirm,Delete=confirm",
};

/* A project has to outlive its Applications: Argo CD cannot delete an Application without it. */
static const char *const project_options[] = {
    [DELETION_AUTO] = "PruneLast=true",
    [DELETION_KEEP] = "Prune=false,Delete=false",
    [DELETION_CONFIRM] = "PruneLast=true",
};

static void add_sync_options(struct tree *tree, struct node *resource, const char *options)
{
    const struct node *annotations = node_get(node_get(resource, &key_metadata), &key_annotations);
    const char *old = node_text(node_find(annotations, ARGOCD_SYNC_OPTIONS));
    if (!*options)
        return;
    if (old && *old && strcmp(old, options) != 0)
        options = arena_format(tree->arena, "%s,%s", old, options);
    add_annotation(tree, resource, ARGOCD_SYNC_OPTIONS, options);
}

void protect_application(struct tree *tree, struct node *resource, enum deletion deletion)
{
    struct node *metadata = add_map(tree, resource, "metadata");
    if (deletion == DELETION_KEEP)
        tree_remove(metadata, intern_string(tree->keys, "finalizers"));
    else if (!node_is_list(node_find(metadata, "finalizers")))
        add_string(tree, add_list(tree, metadata, "finalizers"), ARGOCD_FINALIZER);
    add_sync_options(tree, resource, application_options[deletion]);
}

void protect_project(struct tree *tree, struct node *resource, enum deletion deletion)
{
    add_sync_options(tree, resource, project_options[deletion]);
}
