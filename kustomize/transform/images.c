/* images.c: gives container images the names, tags and digests that `images` asks for.
 *
 * Each image goes over a resource twice, as kustomize does: over all `containers` and `initContainers` at any depth,
 * then over the fields of the specs. So a tagSuffix is added twice to a field that both reach.
 * Source: api/internal/builtins/ImageTagTransformer.go, api/filters/imagetag, api/internal/image */
#include <string.h>

#include "base/map.h"
#include "kustomize/field/set_value.h"
#include "kustomize/kustomization/image_name.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/plugin_decode.h"
#include "kustomize/kustomization/suggest.h"
#include "kustomize/kustomization/transformers.h"

enum { MOST_NAMES = 5000 }; /* that are looked through for what a misspelt one was meant to be */

struct setter {
    struct kust_target *target;
    const struct image_update *updates;
    size_t update_count;
    const struct image_update *update; /* the one at hand */
    struct field_paths *paths;
    const struct node **images; /* all that one resource has */
    size_t image_count, image_room;
    bool *used;               /* by update; NULL: notices are not wanted */
    struct string_list names; /* of all images, where notices are wanted */
    bool in_specs;            /* the second of the two ways over a resource */
    origin *suffixed;         /* what the first one has given a suffix */
    size_t suffixed_count, suffixed_room;
    struct map *changed; /* the images that were changed, as they were -> what they are; where notices are wanted */
    size_t changed_count;
};

/* Where a scalar stands in its file, whoever has written it since. */
static origin place_of(const struct setter *setter, const struct node *scalar)
{
    const struct writer *writer = origins_writer(setter->target->render->origins, scalar->origin);
    return writer ? writer->place : scalar->origin;
}

/* A field that is below `containers` and that a spec names too is visited twice. */
static void notice_suffix(struct setter *setter, const struct node *image)
{
    const struct image *update = setter->update->image;
    struct arena *arena = setter->target->render->arena;
    if (!setter->used || !update->tag_suffix || !*update->tag_suffix || !image->origin)
        return;
    if (!setter->in_specs) {
        setter->suffixed =
            arena_grow(arena, setter->suffixed, setter->suffixed_count, &setter->suffixed_room, sizeof(origin));
        setter->suffixed[setter->suffixed_count++] = place_of(setter, image);
        return;
    }
    bool twice = false;
    for (size_t i = 0; !twice && i < setter->suffixed_count; i++)
        twice = setter->suffixed[i] == place_of(setter, image);
    if (twice)
        render_notice(setter->target->render, RA731, field_origin(update->node, "tagSuffix"),
                      "the tagSuffix is added twice to '%s': kustomize visits the images of containers twice",
                      node_text(image));
}

/* Whether the same item has given the image this name on the first of its two ways. */
static bool was_set(const struct setter *setter, const struct node *image, const struct text *name,
                    const struct writer_part *parts, size_t count)
{
    const struct writer *writer = origins_writer(setter->target->render->origins, image->origin);
    if (!setter->in_specs || !writer || strcmp(writer->step, "images") != 0 || !count ||
        !node_equals(image, text_content(name)))
        return false;
    for (size_t i = 0; i < count; i++)
        if (parts[i].from != image->origin && writer->parts[writer->part_count - 1].from == parts[i].from)
            return true;
    return false;
}

/* Those that a name alone does not tell from other texts are left out. */
static void note_changed(struct setter *setter, const struct node *image, const struct text *now)
{
    enum { MOST_CHANGED = 1000 };
    if (!setter->used || !strpbrk(image->text, ":@") || strcmp(image->text, text_content(now)) == 0 ||
        setter->changed_count == MOST_CHANGED)
        return;
    setter->changed_count++;
    *map_slot(setter->changed, image->text, image->count) =
        arena_copy(setter->target->render->arena, text_content(now), now->size);
}

/* What still says an image as it was. */
static void look_for_left(struct setter *setter, const struct resource *resource, const struct node *node,
                          const char *field, unsigned depth)
{
    if (node->kind == NODE_SCALAR) {
        const char *now = node->count > 2 ? map_get(setter->changed, node->text, node->count) : NULL;
        struct finding *finding =
            now ? render_notice(setter->target->render, RA751, node->origin,
                                "this still says '%s', and `images` has made '%s' of it in the containers", node->text,
                                now)
                : NULL;
        notice_about(setter->target->render, finding, resource, field);
        if (finding && (!field || !string_ends(field, "mage")))
            finding->severity = SEVERITY_NOTE;
        return;
    }
    for (uint32_t i = 0; depth < PARSE_DEEPEST && i < node->count; i++) {
        const struct entry *entry = node->kind == NODE_MAP ? &node->entries[i] : NULL;
        look_for_left(setter, resource, entry ? entry->value : node->items[i], entry ? entry->key->text : field,
                      depth + 1);
    }
}

static void notice_left(struct setter *setter)
{
    const struct resources *resources = kust_target_resources(setter->target);
    enum { OF_A_RESOURCE = 100 };
    if (!setter->used || !setter->changed_count)
        return;
    for (size_t i = 0; i < resources->count && notice_may(setter->target->render, 1, OF_A_RESOURCE); i++)
        if (resources->items[i]->root && strcmp(resources->items[i]->id.gvk.kind, "CustomResourceDefinition") != 0)
            look_for_left(setter, resources->items[i], resources->items[i]->root, NULL, 0);
}

static bool set_image(void *context, const struct found_field *field, struct error *error)
{
    const struct setter *setter = context;
    if (!image_matches(setter->update, field->node))
        return true;
    struct text name = {0};
    notice_suffix(context, field->node);
    image_updated(setter->update, field->node, &name);
    note_changed(context, field->node, &name);
    struct writer_part parts[MOST_IMAGE_PARTS];
    struct new_scalar value = {text_content(&name), name.size, TAG_NONE, "images", 0, parts, 0};
    if (field->tree->writers)
        value.part_count = image_writers(setter->update, field->node, parts);
    bool ok = was_set(setter, field->node, &name, parts, value.part_count) || set_found_scalar(field, &value, error);
    text_free(&name);
    return ok;
}

/* Visited before any other, so that the others find scalars only. */
static bool note_image(void *context, const struct found_field *field, struct error *error)
{
    struct setter *setter = context;
    if (!demand_kind(field->node, NODE_SCALAR, error))
        return false;
    setter->images = arena_grow(setter->target->render->arena, setter->images, setter->image_count, &setter->image_room,
                                sizeof *setter->images);
    setter->images[setter->image_count++] = field->node;
    return true;
}

/* Containers at any depth. */

struct walk {
    struct setter *setter;
    field_visitor *visit;
    struct trail trail;
};

static bool step_down(struct walk *walk, const struct node *parent, uint32_t index, struct error *error)
{
    if (walk->trail.depth == TRAIL_LONGEST)
        return error_at(error, parent->origin, "nested more than %d deep", TRAIL_LONGEST);
    walk->trail.steps[walk->trail.depth++] = index;
    return true;
}

static bool visit_container(struct walk *walk, const struct node *container, struct error *error)
{
    if (node_is_null(container))
        return true;
    if (!demand_kind(container, NODE_MAP, error))
        return false;
    const struct entry *image = node_entry(container, &key_image);
    if (!image)
        return true;
    if (!step_down(walk, container, (uint32_t)(image - container->entries), error))
        return false;
    const struct found_field field = {
        .tree = walk->setter->target->render->tree, .trail = &walk->trail, .node = image->value};
    bool ok = walk->visit(walk->setter, &field, error);
    walk->trail.depth--;
    return ok;
}

static bool visit_containers(struct walk *walk, const struct node *list, struct error *error)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (!step_down(walk, list, i, error) || !visit_container(walk, list->items[i], error))
            return false;
        walk->trail.depth--;
    }
    return true;
}

static bool walk_node(struct walk *walk, const struct node *node, struct error *error)
{
    walk->setter->target->render->tree->steps += node->count / 2;
    for (uint32_t i = 0; node->kind != NODE_SCALAR && i < node->count; i++) {
        const struct entry *entry = node->kind == NODE_MAP ? &node->entries[i] : NULL;
        const struct node *child = entry ? entry->value : node->items[i];
        if (child->kind == NODE_SCALAR)
            continue;
        if (!step_down(walk, node, i, error) || !walk_node(walk, child, error))
            return false;
        bool containers = entry && (entry->key == &key_containers || entry->key == &key_initContainers);
        if (containers && child->kind == NODE_LIST && !visit_containers(walk, child, error))
            return false;
        walk->trail.depth--;
    }
    return true;
}

/* One image, or noting all images, in one resource. */
static bool pass_over(struct setter *setter, struct resource *resource, field_visitor *visit, struct error *error)
{
    struct walk walk;
    walk.setter = setter;
    walk.visit = visit;
    trail_start(&walk.trail, &resource->root);
    setter->in_specs = false;
    setter->suffixed_count = 0;
    if (!walk_node(&walk, resource->root, error))
        return false;
    setter->in_specs = true;
    return field_paths_visit(setter->paths, resource, CREATE_NOTHING, visit, setter, error);
}

static bool note_images(struct setter *setter, struct resource *resource, struct error *error)
{
    setter->image_count = 0;
    return pass_over(setter, resource, note_image, error);
}

static bool has_match(const struct setter *setter)
{
    for (size_t i = 0; i < setter->image_count; i++)
        if (image_matches(setter->update, setter->images[i]))
            return true;
    return false;
}

/* For the notices of images that nothing uses. */
static void note_use(struct setter *setter, size_t update)
{
    struct arena *arena = setter->target->render->arena;
    setter->used[update] = setter->used[update] || has_match(setter);
    for (size_t i = 0; update == 0 && i < setter->image_count && setter->names.count < MOST_NAMES; i++) {
        const char *text = setter->images[i]->text, *slash = strrchr(text, '/');
        string_list_add(
            arena, &setter->names,
            arena_copy(arena, text, strcspn(slash ? slash : text, ":@") + (size_t)(slash ? slash - text : 0)));
    }
}

static void notice_unused(struct setter *setter)
{
    struct arena *arena = setter->target->render->arena;
    if (!setter->used)
        return;
    string_list_add(arena, &setter->names, NULL);
    for (size_t i = 0; i < setter->update_count; i++) {
        const struct image *image = setter->updates[i].image;
        const char *name = image->name ? image->name : "";
        for (size_t k = i + 1; setter->used[i] && k < setter->update_count && notice_may(setter->target->render, 1, 1);
             k++)
            if (setter->used[k] && strcmp(setter->updates[k].image->name, name) == 0)
                render_notice(setter->target->render, RA739, field_origin(image->node, "name"),
                              "images: a later entry for '%s' sets anew what this one sets", name);
        if (!setter->used[i])
            render_notice(setter->target->render, RA730, field_origin(image->node, "name"),
                          "images: no container uses '%s'%s", name, suggest_name(arena, name, setter->names.items));
    }
}

/* What a resource has is noted first, so that an image that it does not use costs no walk. */
static bool set_in_resource(struct setter *setter, struct resource *resource, struct error *error)
{
    struct tree *tree = setter->target->render->tree;
    if (!note_images(setter, resource, error))
        return error_wrap(error, "images of %s", id_text(setter->target->render->arena, &resource->id));
    for (size_t i = 0; i < setter->update_count; i++) {
        setter->update = &setter->updates[i];
        if (!tree_count_steps(tree, setter->image_count, error))
            return false;
        if (setter->used)
            note_use(setter, i);
        if (has_match(setter) &&
            (!pass_over(setter, resource, set_image, error) || !note_images(setter, resource, error)))
            return false;
    }
    return true;
}

static bool update_images(struct kust_target *target, const struct image *images, size_t count,
                          struct field_specs specs, struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    struct tree *tree = target->render->tree;
    struct image_update *updates = ARENA_ARRAY(tree->arena, count, struct image_update);
    struct setter setter = {.target = target, .updates = updates, .update_count = count};
    setter.paths = field_paths_of(target->render, specs);
    if (wants_notices(target->render)) {
        setter.used = ARENA_ARRAY(tree->arena, count, bool);
        setter.changed = map_new(tree->arena);
    }
    for (size_t i = 0; setter.used && i < count; i++)
        setter.used[i] = false;
    for (size_t i = 0; i < count; i++)
        updates[i] = image_update_for(tree->arena, &images[i]);
    for (size_t i = 0; i < resources->count; i++) {
        struct resource *resource = resources->items[i];
        if (strcmp(resource->id.gvk.kind, "CustomResourceDefinition") == 0)
            continue;
        if (!set_in_resource(&setter, resource, error))
            return false;
        resources_refresh(resources, resource);
    }
    notice_unused(&setter);
    notice_left(&setter);
    for (size_t i = 0; i < count; i++)
        if (!kust_target_transformed(target, "ImageTagTransformer", error))
            return false;
    return true;
}

bool set_images(struct kust_target *target, struct error *error)
{
    const struct list *images = &target->kustomization->images;
    if (!images->count)
        return true;
    return update_images(target, images->items, images->count, target->accumulator->config->images, error);
}

struct image_fields {
    struct image image;
    struct list field_specs; /* of struct field_spec_fields */
};

static const struct field plugin_fields[] = {
    FIELD_STRUCT(struct image_fields, image, "imageTag", &image_type),
    FIELD_LIST(struct image_fields, field_specs, "fieldSpecs", &field_spec_type),
    FIELD_END,
};
static const struct struct_type plugin_type = {"ImageTagTransformerPlugin", sizeof(struct image_fields), plugin_fields,
                                               -1};

bool image_tag_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    struct image_fields fields = {0};
    if (!plugin_decode(target, config, &plugin_type, &fields, error))
        return false;
    return update_images(target, &fields.image, 1, field_specs_from(target->render->arena, &fields.field_specs), error);
}
