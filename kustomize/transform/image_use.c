/* image_use.c: notes what the items of `images` do, and tells what they do not. */
#include "kustomize/transform/image_use.h"

#include <string.h>

#include "base/map.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/suggest.h"

enum { MOST_NAMES = 5000 }; /* that are looked through for what a misspelt one was meant to be */

struct image_use {
    struct render *render;
    const struct image_update *updates;
    size_t update_count;
    bool *used;               /* by update */
    struct string_list names; /* of all images */
    origin *suffixed;         /* what the first way over a resource has given a suffix */
    size_t suffixed_count, suffixed_room;
    struct map *changed; /* the images that were changed, as they were -> what they are */
    size_t changed_count;
};

struct image_use *image_use_new(struct render *render, const struct image_update *updates, size_t count)
{
    if (!wants_notices(render))
        return NULL;
    struct image_use *use = arena_zero(render->arena, sizeof *use);
    use->render = render;
    use->updates = updates;
    use->update_count = count;
    use->used = arena_zero(render->arena, (count + 1) * sizeof *use->used);
    use->changed = map_new(render->arena);
    return use;
}

void image_use_begin(struct image_use *use)
{
    if (use)
        use->suffixed_count = 0;
}

void image_use_note(struct image_use *use, size_t update, const struct node *const *images, size_t count, bool matches)
{
    if (!use)
        return;
    use->used[update] = use->used[update] || matches;
    for (size_t i = 0; update == 0 && i < count && use->names.count < MOST_NAMES; i++) {
        const char *text = images[i]->text, *slash = strrchr(text, '/');
        string_list_add(use->render->arena, &use->names,
                        arena_copy(use->render->arena, text,
                                   strcspn(slash ? slash : text, ":@") + (size_t)(slash ? slash - text : 0)));
    }
}

/* Where a scalar stands in its file, whoever has written it since. */
static origin place_of(const struct image_use *use, const struct node *scalar)
{
    const struct writer *writer = origins_writer(use->render->origins, scalar->origin);
    return writer ? writer->place : scalar->origin;
}

/* A field that is below `containers` and that a spec names too is visited twice. */
static void notice_suffix(struct image_use *use, const struct image *update, bool in_specs, const struct node *image)
{
    struct arena *arena = use->render->arena;
    if (!update->tag_suffix || !*update->tag_suffix || !image->origin)
        return;
    if (!in_specs) {
        use->suffixed = arena_grow(arena, use->suffixed, use->suffixed_count, &use->suffixed_room, sizeof(origin));
        use->suffixed[use->suffixed_count++] = place_of(use, image);
        return;
    }
    bool twice = false;
    for (size_t i = 0; !twice && i < use->suffixed_count; i++)
        twice = use->suffixed[i] == place_of(use, image);
    if (twice)
        render_notice(use->render, RA731, field_origin(update->node, "tagSuffix"),
                      "the tagSuffix is added twice to '%s': kustomize visits the images of containers twice",
                      node_text(image));
}

/* Those that a name alone does not tell from other texts are left out. */
static void note_changed(struct image_use *use, const struct node *image, const struct text *now)
{
    enum { MOST_CHANGED = 1000 };
    if (!strpbrk(image->text, ":@") || strcmp(image->text, text_content(now)) == 0 ||
        use->changed_count == MOST_CHANGED)
        return;
    use->changed_count++;
    *map_slot(use->changed, image->text, image->count) = arena_copy(use->render->arena, text_content(now), now->size);
}

void image_use_note_change(struct image_use *use, const struct image_update *update, bool in_specs,
                           const struct node *image, const struct text *now)
{
    if (!use)
        return;
    notice_suffix(use, update->image, in_specs, image);
    note_changed(use, image, now);
}

/* What still says an image as it was. */
static void look_for_left(struct image_use *use, const struct resource *resource, const struct node *node,
                          const char *field, unsigned depth)
{
    if (node->kind == NODE_SCALAR) {
        const char *now = node->count > 2 ? map_get(use->changed, node->text, node->count) : NULL;
        struct finding *finding =
            now ? render_notice(use->render, RA751, node->origin,
                                "this still says '%s', and `images` has made '%s' of it in the containers", node->text,
                                now)
                : NULL;
        notice_about(use->render, finding, resource, field);
        if (finding && (!field || !string_ends(field, "mage")))
            finding->severity = SEVERITY_NOTE;
        return;
    }
    for (uint32_t i = 0; depth < PARSE_DEEPEST && i < node->count; i++) {
        const struct entry *entry = node->kind == NODE_MAP ? &node->entries[i] : NULL;
        look_for_left(use, resource, entry ? entry->value : node->items[i], entry ? entry->key->text : field,
                      depth + 1);
    }
}

static void notice_left(struct image_use *use, const struct resources *resources)
{
    enum { OF_A_RESOURCE = 100 };
    if (!use->changed_count)
        return;
    for (size_t i = 0; i < resources->count && notice_may(use->render, 1, OF_A_RESOURCE); i++)
        if (resources->items[i]->root && strcmp(resources->items[i]->id.gvk.kind, "CustomResourceDefinition") != 0)
            look_for_left(use, resources->items[i], resources->items[i]->root, NULL, 0);
}

static void notice_unused(struct image_use *use)
{
    struct arena *arena = use->render->arena;
    string_list_add(arena, &use->names, NULL);
    for (size_t i = 0; i < use->update_count; i++) {
        const struct image *image = use->updates[i].image;
        const char *name = image->name ? image->name : "";
        for (size_t k = i + 1; use->used[i] && k < use->update_count && notice_may(use->render, 1, 1); k++)
            if (use->used[k] && strcmp(use->updates[k].image->name, name) == 0)
                render_notice(use->render, RA739, field_origin(image->node, "name"),
                              "images: a later entry for '%s' sets anew what this one sets", name);
        if (!use->used[i])
            render_notice(use->render, RA730, field_origin(image->node, "name"), "images: no container uses '%s'%s",
                          name, suggest_name(arena, name, use->names.items));
    }
}

void image_use_tell(struct image_use *use, const struct resources *resources)
{
    if (!use)
        return;
    notice_unused(use);
    notice_left(use, resources);
}
