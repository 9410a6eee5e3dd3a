/* images.c: gives container images the names, tags and digests that `images` asks for.
 *
 * Each image goes over a resource twice, as kustomize does: over all `containers` and `initContainers` at any depth,
 * then over the fields of the specs. So a tagSuffix is added twice to a field that both reach.
 * Source: api/internal/builtins/ImageTagTransformer.go, api/filters/imagetag, api/internal/image */
#include <string.h>

#include "kustomize/field/set_value.h"
#include "kustomize/kustomization/image_name.h"
#include "kustomize/kustomization/plugin_decode.h"
#include "kustomize/kustomization/transformers.h"
#include "kustomize/transform/image_use.h"

struct setter {
    struct kust_target *target;
    const struct image_update *updates;
    size_t update_count;
    const struct image_update *update; /* the one at hand */
    struct field_paths *paths;
    const struct node **images; /* all that one resource has */
    size_t image_count, image_room;
    bool in_specs;         /* the second of the two ways over a resource */
    struct image_use *use; /* what is noted of the items; NULL: nobody asks */
};

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

static bool set_image(void *context, const struct found_field *field, struct error *error)
{
    const struct setter *setter = context;
    if (!image_matches(setter->update, field->node))
        return true;
    struct text name = {0};
    image_updated(setter->update, field->node, &name);
    image_use_note_change(setter->use, setter->update, setter->in_specs, field->node, &name);
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
    image_use_begin(setter->use);
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
        bool matches = has_match(setter);
        image_use_note(setter->use, i, setter->images, setter->image_count, matches);
        if (matches && (!pass_over(setter, resource, set_image, error) || !note_images(setter, resource, error)))
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
    for (size_t i = 0; i < count; i++)
        updates[i] = image_update_for(tree->arena, &images[i]);
    setter.use = image_use_new(target->render, updates, count);
    for (size_t i = 0; i < resources->count; i++) {
        struct resource *resource = resources->items[i];
        if (strcmp(resource->id.gvk.kind, "CustomResourceDefinition") == 0)
            continue;
        if (!set_in_resource(&setter, resource, error))
            return false;
        resources_refresh(resources, resource);
    }
    image_use_tell(setter.use, resources);
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
