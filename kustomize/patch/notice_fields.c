/* notice_fields.c: notes fields that a patch empties, and those that exclude each other and meet in a merge. */
#include <string.h>

#include "kustomize/kustomization/notice.h"
#include "kustomize/patch/notice_lists.h"

static const char *kind_of(const struct merge *merge)
{
    return merge->resource ? merge->resource->id.gvk.kind : "the resource";
}

static const char *name_of(const struct merge *merge)
{
    return merge->resource ? merge->resource->id.name : "";
}

/* `spec:` with nothing behind it; who writes null means it. */
static bool is_left_empty(const struct node *patch)
{
    return node_is_null(patch) && !patch->count && patch->style == STYLE_PLAIN && !patch->tagged;
}

static const char *content_of(struct arena *arena, const struct node *node)
{
    const char *names = "";
    if (node->kind == NODE_LIST)
        return arena_format(arena, ", with %s", list_names(arena, node));
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count && i < 10; i++)
        names = arena_format(arena, "%s%s%s", names, i ? ", " : ", with ", node->entries[i].key->text);
    return names;
}

void notice_emptied_field(const struct merge *merge, const struct node *before, const struct node *patch)
{
    if (!before || before == patch || !merge->field || !is_left_empty(patch) || node_is_null(before) ||
        (before->kind != NODE_SCALAR && !before->count) || !notice_may(merge->render, 1, 20))
        return;
    notice_about(merge->render,
                 render_notice(merge->render, RA716, patch->origin,
                               "'%s' has no value here, which removes it from %s '%s'%s", merge->field, kind_of(merge),
                               name_of(merge), content_of(merge->render->arena, before)),
                 merge->resource, merge->field);
}

/* Of these fields of a map one may be there. Source: k8s.io/api core/v1, apps/v1 */
static const char *const handlers[] = {"exec", "httpGet", "tcpSocket", "grpc", "sleep", NULL};

static bool asks_once(const char *field)
{
    static const char *const maps[] = {"readinessProbe", "livenessProbe", "startupProbe", "preStop", "postStart"};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        if (strcmp(maps[i], field) == 0)
            return true;
    return false;
}

static void tell_second(const struct merge *merge, origin at, const char *fresh, const char *old)
{
    notice_about(merge->render,
                 render_notice(merge->render, RA715, at,
                               "'%s' of this patch comes to stand beside '%s' of the base, and the API server refuses "
                               "both in one %s: set the old one to null",
                               fresh, old, merge->field),
                 merge->resource, merge->field);
}

void notice_excluded_fields(const struct merge *merge, const struct node *before, const struct node *patch)
{
    const char *field = merge->field ? merge->field : "";
    if (!node_is_map(before) || !node_is_map(patch) || before == patch)
        return;
    for (size_t i = 0; asks_once(field) && handlers[i]; i++)
        for (size_t k = 0; handlers[k]; k++) {
            const struct node *fresh = node_find(patch, handlers[i]), *old = node_find(before, handlers[k]);
            if (i != k && fresh && !node_is_null(fresh) && old && !node_is_null(old) && !node_find(patch, handlers[k]))
                tell_second(merge, field_origin(patch, handlers[i]), handlers[i], handlers[k]);
        }
    const char *type = node_text(node_find(patch, "type"));
    bool stops_rolling = type && ((strcmp(field, "strategy") == 0 && strcmp(type, "Recreate") == 0) ||
                                  (strcmp(field, "updateStrategy") == 0 && strcmp(type, "OnDelete") == 0));
    if (stops_rolling && node_is_map(node_find(before, "rollingUpdate")) && !node_find(patch, "rollingUpdate"))
        tell_second(merge, field_origin(patch, "type"), type, "rollingUpdate");
}
