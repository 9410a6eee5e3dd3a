/* notice_merged.c: notices of what an object loses when a generator merges into it or takes its place. */
#include <string.h>

#include "kustomize/field/set_value.h"
#include "kustomize/generate/generated.h"
#include "kustomize/kustomization/notice.h"

static bool is_known(const struct key *key, const struct key *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (keys[i] == key)
            return true;
    return false;
}

static void tell_lost(struct kust_target *target, const struct resource *old, origin at, const char *field)
{
    notice_about(
        target->render,
        render_notice(target->render, RA755, at,
                      "'%s' of %s '%s' is lost: of what a generator changes, only data, labels and annotations "
                      "are kept",
                      field, old->id.gvk.kind, old->id.name),
        old, field);
}

/* The type of a Secret that names none is Opaque. */
static void notice_type(struct kust_target *target, const struct resource *old, const struct node *fresh, origin at)
{
    const char *type = node_text(node_get(old->root, &key_type));
    const char *becomes = node_text(node_get(fresh, &key_type));
    if (!type || !becomes || strcmp(type, becomes) == 0)
        return;
    struct finding *finding = render_notice(target->render, RA755, at,
                                            "Secret '%s' is of type %s, and becomes %s: this generator names no type",
                                            old->id.name, type, becomes);
    notice_about(target->render, finding, old, "type");
    if (finding)
        finding->fix = arena_format(target->render->findings->arena, "type: %s", type);
}

void notice_merged(struct kust_target *target, const struct resource *generated,
                   const struct generator_arguments *arguments)
{
    static const struct key *const kept[] = {&key_apiVersion, &key_kind,       &key_metadata, &key_data,
                                             &key_stringData, &key_binaryData, &key_type};
    static const struct key *const kept_metadata[] = {&key_name, &key_namespace, &key_labels, &key_annotations};
    struct resource_matches matches = resources_by_any_id(kust_target_resources(target), &generated->id);
    if (generated->behavior != BEHAVIOR_MERGE && generated->behavior != BEHAVIOR_REPLACE)
        return;
    const struct resource *old = matches.count == 1 ? matches.items[0] : NULL;
    const struct node *root = old ? old->root : NULL, *metadata = node_get(root, &key_metadata);
    origin at = field_origin(arguments->node, "behavior");
    for (uint32_t i = 0; node_is_map(root) && i < root->count; i++)
        if (!is_known(root->entries[i].key, kept, sizeof kept / sizeof *kept) &&
            !node_get(generated->root, root->entries[i].key))
            tell_lost(target, old, at, root->entries[i].key->text);
    for (uint32_t i = 0; node_is_map(metadata) && i < metadata->count; i++)
        if (!is_known(metadata->entries[i].key, kept_metadata, sizeof kept_metadata / sizeof *kept_metadata))
            tell_lost(target, old, at, metadata->entries[i].key->text);
    if (old && !(arguments->type && *arguments->type))
        notice_type(target, old, generated->root, at);
}
