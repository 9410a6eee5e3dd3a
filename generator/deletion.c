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

void add_finalizer(struct tree *tree, struct node *resource, enum deletion deletion)
{
    if (deletion != DELETION_KEEP)
        add_string(tree, add_list(tree, add_map(tree, resource, "metadata"), "finalizers"), ARGOCD_FINALIZER);
}

/* Argo CD has one finalizer, and a suffix says how it deletes: resources-finalizer.argocd.argoproj.io/background. */
static bool is_argocd_finalizer(const struct node *node)
{
    const char *text = node_text(node);
    size_t size = strlen(ARGOCD_FINALIZER);
    return text && strncmp(text, ARGOCD_FINALIZER, size) == 0 && (!text[size] || text[size] == '/');
}

/* Keeps the last one of Argo CD's finalizers, which is the template's; none where the resource is kept. */
static void settle_finalizers(struct tree *tree, struct node *metadata, bool keep)
{
    const struct node *old = node_find(metadata, "finalizers");
    bool has_own = keep;
    if (!node_is_list(old))
        return;
    struct node **kept = ARENA_ARRAY(tree->arena, old->count + 1, struct node *);
    size_t count = old->count;
    for (uint32_t i = old->count; i-- > 0;) {
        if (has_own && is_argocd_finalizer(old->items[i]))
            continue;
        has_own |= is_argocd_finalizer(old->items[i]);
        kept[--count] = old->items[i];
    }
    if (count == old->count)
        tree_remove(metadata, intern_string(tree->keys, "finalizers"));
    else if (count) {
        struct node *list = add_list(tree, metadata, "finalizers");
        for (; kept[count]; count++)
            tree_append(tree, list, kept[count]);
    }
}

void protect_application(struct tree *tree, struct node *resource, enum deletion deletion)
{
    settle_finalizers(tree, add_map(tree, resource, "metadata"), deletion == DELETION_KEEP);
    add_sync_options(tree, resource, application_options[deletion]);
}

void protect_project(struct tree *tree, struct node *resource, enum deletion deletion)
{
    add_sync_options(tree, resource, project_options[deletion]);
}
