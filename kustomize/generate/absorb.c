/* absorb.c: lets a generated object join the resources of its kustomization: added, merged or put in place of another.
 *
 * Source: kustomize api/resmap/reswrangler.go appendReplaceOrMerge, api/resource/resource.go */
#include <string.h>

#include "base/map.h"
#include "kustomize/field/set_value.h"
#include "kustomize/generate/generated.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/suggest.h"
#include "kustomize/kustomization/transformers.h"
#include "yaml/written.h"

/* The text that kyaml takes from a value: labels keep the letters of a null, data does not. */
static struct node *text_of(struct tree *tree, const struct node *value, bool null_is_empty)
{
    bool has_text = node_is_scalar(value) && !(null_is_empty && node_is_null(value));
    struct node *text = styled_string(tree, has_text ? value->text : "", has_text ? value->count : 0);
    text->origin = value->origin;
    return text;
}

/* The values of `old` with those of `fresh` over them, all as strings. NULL where there is none. */
static struct node *overlay_map(struct tree *tree, const struct node *old, const struct node *fresh, bool null_is_empty)
{
    const struct node *both[] = {old, fresh};
    struct node *merged = tree_map(tree);
    struct map *places = map_new(tree->arena);
    for (size_t i = 0; i < 2; i++)
        for (uint32_t j = 0; node_is_map(both[i]) && j < both[i]->count; j++) {
            const struct entry *entry = &both[i]->entries[j];
            struct node *text = text_of(tree, entry->value, null_is_empty);
            struct node **place = (struct node **)map_slot(places, entry->key->text, entry->key->size);
            if (*place) {
                written_over(tree, text, *place, "generator");
                **place = *text;
            } else
                append_entry(tree, merged, entry->key->text, entry->key->size, *place = text);
        }
    return merged->count ? merged : NULL;
}

static void set_or_remove(struct tree *tree, struct node *map, const struct key *key, struct node *value)
{
    if (value)
        tree_set(tree, map, key, value);
    else
        tree_remove(map, key);
}

/* The old text in the new one's style, its type left to the text (kyaml SetName and SetNamespace). */
static void keep_identity(struct tree *tree, struct node *metadata, const struct key *key, const struct node *old,
                          const char *text)
{
    const struct node *given = node_get(metadata, key);
    enum node_style style = given ? (enum node_style)given->style : STYLE_PLAIN;
    struct node *kept = *text ? tree_scalar(tree, text, strlen(text), TAG_NONE, style) : NULL;
    if (kept && tree->writers)
        kept->origin = old ? old->origin : 0;
    set_or_remove(tree, metadata, key, kept);
}

static void keep_metadata(struct tree *tree, const struct resource *old, struct node *root)
{
    const struct node *before = node_get(old->root, &key_metadata);
    struct node *metadata = tree_demand_map(tree, root, &key_metadata);
    const struct key *const maps[] = {&key_labels, &key_annotations};
    for (size_t i = 0; i < 2; i++)
        set_or_remove(tree, metadata, maps[i],
                      overlay_map(tree, node_get(before, maps[i]), node_get(metadata, maps[i]), false));
    keep_identity(tree, metadata, &key_name, node_get(before, &key_name), old->id.name);
    keep_identity(tree, metadata, &key_namespace, node_get(before, &key_namespace), old->id.namespace);
}

/* A Secret's data with its stringData encoded into it, as the API server does. */
static bool whole_data(struct tree *tree, const struct resource *old, const struct node **out, struct error *error)
{
    const struct node *plain = node_get(old->root, &key_stringData);
    if (node_is_map(plain) && plain->count && *out && !node_is_null(*out) && !demand_kind(*out, NODE_MAP, error))
        return error_wrap(error, "encode stringData");
    struct node *encoded = tree_map(tree);
    for (uint32_t i = 0; node_is_map(plain) && i < plain->count; i++) {
        const struct entry *entry = &plain->entries[i];
        if (!node_is_scalar(entry->value))
            return error_at(error, entry->value->origin, "stringData value for key \"%s\" must be a scalar",
                            entry->key->text);
        const struct node *text = text_of(tree, entry->value, true);
        append_entry(tree, encoded, entry->key->text, entry->key->size, base64_string(tree, text->text, text->count));
    }
    *out = overlay_map(tree, *out, encoded, true);
    return true;
}

static bool merge_data(struct tree *tree, const struct resource *old, struct node *root, struct error *error)
{
    const struct node *data = node_get(old->root, &key_data);
    if (node_equals(node_get(root, &key_kind), "Secret") && !whole_data(tree, old, &data, error))
        return false;
    set_or_remove(tree, root, &key_data, overlay_map(tree, data, node_get(root, &key_data), true));
    set_or_remove(tree, root, &key_binaryData,
                  overlay_map(tree, node_get(old->root, &key_binaryData), node_get(root, &key_binaryData), true));
    return true;
}

static const char origin_key[] = "config.kubernetes.io/origin";

/* A merge changes nothing about where the object came from. */
static void keep_origin(struct tree *tree, struct node *root, const char *origin_text)
{
    if (origin_text)
        tree_set_string(tree, tree_demand_map(tree, node_get(root, &key_metadata), &key_annotations), origin_key,
                        origin_text);
}

static const char *behavior_name(enum behavior behavior)
{
    return behavior == BEHAVIOR_CREATE ? "create" : "unspecified";
}

/* The generated tree takes the place of the old one, whose history stays. */
static bool join_resources(struct kust_target *target, struct resource *old, const struct resource *generated,
                           struct error *error)
{
    struct tree *tree = target->render->tree;
    struct node *root = generated->root;
    const char *id = id_text(tree->arena, &generated->id), *origin_text = resource_annotation(old, origin_key);
    if (generated->behavior != BEHAVIOR_MERGE && generated->behavior != BEHAVIOR_REPLACE)
        return error_at(error, root->origin,
                        "id %s exists; can not use behavior: '%s', behavior must be merge or replace", id,
                        behavior_name(generated->behavior));
    if (!gvk_equal(&old->id.gvk, &generated->id.gvk))
        return error_at(error, root->origin, "cannot find resource with id %s to replace: it is a %s now", id,
                        old->id.gvk.kind);
    keep_metadata(tree, old, root);
    if (generated->behavior == BEHAVIOR_MERGE) {
        if (!merge_data(tree, old, root, error))
            return error_wrap(error, "failed to normalize stringData for %s", id);
        keep_origin(tree, root, origin_text);
    }
    old->root = root;
    if (generated->needs_hash && !old->needs_hash)
        render_notice(target->render, RA752, field_origin(root, "metadata"),
                      "%s '%s' gets no hash: what the generator is merged with has none", old->id.gvk.kind,
                      old->id.name);
    old->needs_hash = old->needs_hash && generated->needs_hash;
    resources_refresh(kust_target_resources(target), old);
    return true;
}

bool absorb_generated(struct kust_target *target, struct resource *generated, struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    struct resource_matches matches = resources_by_any_id(resources, &generated->id);
    const char *id = id_text(target->render->arena, &generated->id);
    if (matches.count > 1)
        return error_at(error, generated->root->origin, "found multiple objects that could accept merge of %s", id);
    if (matches.count == 1)
        return join_resources(target, matches.items[0], generated, error);
    if (generated->behavior == BEHAVIOR_MERGE || generated->behavior == BEHAVIOR_REPLACE)
        return error_at(error, generated->root->origin, "id %s does not exist; cannot merge or replace%s", id,
                        suggest_id(kust_target_resources(target), &generated->id));
    return resources_append(resources, generated, error);
}
