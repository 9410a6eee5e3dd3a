/* notice_patches.c: notes patches that select too much, say nothing, or are read as something else. */
#include "kustomize/patch/notice_patches.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/selector.h"
#include "kustomize/kustomization/suggest.h"
#include "kustomize/patch/notice_lists.h"
#include "kustomize/patch/strategic_merge.h"
#include "yaml/resolve.h"

enum { MOST_NAMES = 10, DEEPEST = PARSE_DEEPEST };

/* Targets. */

static bool is_open(const struct selector_fields *target)
{
    const char *const fields[] = {target->group,         target->version,   target->kind,
                                  target->name,          target->namespace, target->annotation_selector,
                                  target->label_selector};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i] && *fields[i] && strcmp(fields[i], ".*") != 0)
            return false;
    return true;
}

static const char *names_of(struct arena *arena, const struct resource_matches *selected)
{
    const char *names = "";
    for (size_t i = 0; i < selected->count && i < MOST_NAMES; i++)
        names = arena_format(arena, "%s%s%s '%s'", names, i ? ", " : "", selected->items[i]->id.gvk.kind,
                             selected->items[i]->id.name);
    if (selected->count > MOST_NAMES)
        names = arena_format(arena, "%s and %zu more", names, selected->count - MOST_NAMES);
    return names;
}

/* Whether the patch itself names exactly one of what it is applied to. */
static bool names_one(const struct resource *patch, const struct resource_matches *selected)
{
    size_t count = 0;
    for (size_t i = 0; i < selected->count; i++)
        count += strcmp(selected->items[i]->id.name, patch->id.name) == 0;
    return count == 1;
}

/* Whether a patch means another resource, or another name, than its target selects. Names that say nothing are common:
 * kustomize does not look at them. */
static bool names_another(const struct resources *resources, const struct resource *patch,
                          const struct resource *selected)
{
    const char *name = patch->id.name, *own = selected->id.name;
    bool like = *name && *own && (strstr(name, own) || strstr(own, name)) && strlen(name) > 2 && strlen(own) > 2;
    if (strcmp(name, own) == 0 || patch->name_change_allowed || resource_was_named(selected, name))
        return false;
    for (size_t i = 0; i < resources->count && !like; i++)
        like = strcmp(resources->items[i]->id.gvk.kind, patch->id.gvk.kind) == 0 &&
               strcmp(resources->items[i]->id.name, name) == 0;
    return like;
}

static void notice_identity(struct render *render, const struct resources *resources, const struct resource *patch,
                            const struct resource *selected)
{
    const char *kind = patch->id.gvk.kind;
    if (notice_may(render, 1, resources->count) && names_another(resources, patch, selected)) {
        struct finding *finding = render_notice(
            render, RA718, field_origin(node_get(patch->root, &key_metadata), "name"),
            "the patch names '%s', and its target %s '%s': the name is not looked at, and does not change "
            "without options.allowNameChange",
            patch->id.name, selected->id.gvk.kind, selected->id.name);
        if (finding) /* one text may serve several targets */
            finding->severity = SEVERITY_NOTE;
    }
    if (*kind && !patch->kind_change_allowed && strcmp(kind, selected->id.gvk.kind) != 0 &&
        strcmp(patch->id.name, selected->id.name) == 0)
        render_notice(render, RA718, field_origin(patch->root, "kind"),
                      "the patch is of kind %s, and its target a %s: the kind is not looked at, and does not change "
                      "without options.allowKindChange",
                      kind, selected->id.gvk.kind);
}

void notice_selection(struct render *render, const struct resources *resources, const struct selector_fields *target,
                      const struct resource *patch, const struct resource_matches *selected)
{
    struct arena *arena = render->arena;
    bool deletes = directive_of_map(patch->root) == DIRECTIVE_DELETE, open = is_open(target);
    origin at = target->node ? target->node->origin : patch->root->origin;
    if (wants_notices(render) && selected->count == 1)
        notice_identity(render, resources, patch, selected->items[0]);
    if (!wants_notices(render) || selected->count < 2)
        return;
    if (deletes && (open || names_one(patch, selected)))
        render_notice(render, RA709, at,
                      "the target selects %zu resources, and the patch deletes all of them, not only '%s': %s",
                      selected->count, patch->id.name, names_of(arena, selected));
    else if (open)
        render_notice(render, RA709, at, "an empty target selects everything: the patch changes %zu resources: %s",
                      selected->count, names_of(arena, selected));
    else if (names_one(patch, selected))
        render_notice(render, RA709, at,
                      "the target selects %zu resources, and the patch changes all of them, not only '%s': %s",
                      selected->count, patch->id.name, names_of(arena, selected));
}

void notice_unchanged(struct render *render, const struct resource *patch, const struct resource *resource,
                      const struct node *before)
{
    if (!before || !resource->root || !node_same(before, resource->root))
        return;
    struct finding *finding =
        render_notice(render, RA712, patch->root->origin,
                      "the patch changes nothing: what it says of %s '%s' is there already, or what it removes is not",
                      resource->id.gvk.kind, resource->id.name);
    notice_about(render, finding, resource, NULL);
    if (finding)
        finding->severity = SEVERITY_NOTE;
}

/* YAML 1.1. */

static void look_at_word(struct render *render, const char *text, size_t size, bool is_key, origin at)
{
    enum node_tag here = node_resolve(text, size);
    const char *read = read_as_yaml11(render->tree, text, size, is_key);
    if (!read || strcmp(read, text) == 0 || here == TAG_NULL ||
        (here == TAG_BOOL && resolve_yaml11(text, size) == here))
        return;
    render_notice(render, RA710, at, "%s'%s' is read as %s: JSON patches are YAML 1.1; put it in quotes",
                  is_key ? "the key " : "", text, read);
}

static void walk_patch(struct render *render, const struct node *node, unsigned depth)
{
    if (depth > DEEPEST)
        return;
    if (node->kind == NODE_SCALAR) {
        if (node->style == STYLE_PLAIN && !node->tagged)
            look_at_word(render, node->text, node->count, false, node->origin);
        return;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        const struct entry *entry = node->kind == NODE_MAP ? &node->entries[i] : NULL;
        if (entry && entry->style == STYLE_PLAIN)
            look_at_word(render, entry->key->text, entry->key->size, true, entry->origin);
        walk_patch(render, entry ? entry->value : node->items[i], depth + 1);
    }
}

void notice_misread(struct render *render, const struct yaml_text *text)
{
    struct error ignored = {0};
    struct node *list = NULL;
    if (!wants_notices(render))
        return;
    bool is_json = text->size && text->bytes[0] == '[';
    bool read = parse_first(render->tree, text, &list, &ignored) && !is_json;
    if (ignored.kind == ERROR_DUPLICATE_KEY)
        render_notice_in(render, RA208, span_of((struct place){ignored.file, ignored.line, ignored.column}),
                         "%s: only the last one counts", ignored.message);
    error_free(&ignored);
    for (uint32_t i = 0; read && node_is_list(list) && i < list->count; i++) {
        const struct node *value = node_find(list->items[i], "value");
        if (value)
            walk_patch(render, value, 0);
    }
}

/* The element that a number in a path means, in a list of several that have names; NULL: there is none. */
static const struct node *element_by_position(struct render *render, const struct node *root, const char *path)
{
    const struct node *node = root;
    for (const char *at = path; *at == '/' && node && notice_may(render, 1, node->count);) {
        size_t size = strcspn(at + 1, "/");
        const char *segment = arena_copy(render->arena, at + 1, size);
        at += 1 + size;
        if (node_is_map(node)) {
            node = node_find(node, segment);
            continue;
        }
        bool number = *segment && strspn(segment, "0123456789") == size && size < 6;
        unsigned long index = number ? strtoul(segment, NULL, 10) : 0;
        if (!number || !node_is_list(node) || index >= node->count)
            return NULL;
        if (node->count > 1 && node_text(node_get(node->items[index], &key_name)))
            return node->items[index];
        node = node->items[index];
    }
    return NULL;
}

void notice_positions(struct render *render, const struct json_patch *patch, const struct resource *resource)
{
    for (size_t i = 0; wants_notices(render) && i < json_patch_count(patch); i++) {
        origin at;
        const char *path = json_patch_path(patch, i, &at);
        const struct node *element = path ? element_by_position(render, resource->root, path) : NULL;
        struct finding *finding =
            element ? render_notice(render, RA713, at,
                                    "this path means '%s' of %s '%s' by its position, which changes with the base",
                                    node_text(node_get(element, &key_name)), resource->id.gvk.kind, resource->id.name)
                    : NULL;
        notice_about(render, finding, resource, path);
    }
}

/* ~1 and ~0 of RFC 6901. */
static const char *segment_text(struct arena *arena, const char *segment, size_t size)
{
    char *text = arena_copy(arena, segment, size), *out = text;
    for (const char *at = text; *at; at++)
        if (*at == '~' && (at[1] == '0' || at[1] == '1'))
            *out++ = *++at == '1' ? '/' : '~';
        else
            *out++ = *at;
    *out = 0;
    return text;
}

/* What is there at a path through maps and numbers, in a map; NULL: nothing, or it stands in a list. */
static const struct node *member_at(struct render *render, const struct node *root, const char *path)
{
    const struct node *node = root, *above = NULL;
    for (const char *at = path; *at == '/' && node && notice_may(render, 1, node->count);) {
        size_t size = strcspn(at + 1, "/");
        const char *segment = segment_text(render->arena, at + 1, size);
        bool number = *segment && strspn(segment, "0123456789") == strlen(segment) && size < 6;
        unsigned long index = number ? strtoul(segment, NULL, 10) : 0;
        at += 1 + size;
        above = node;
        node = node_is_map(node)                                     ? node_find(node, segment)
               : node_is_list(node) && number && index < node->count ? node->items[index]
                                                                     : NULL;
    }
    return node_is_map(above) ? node : NULL;
}

/* Keys, or elements, that the new value does not have. */
static const char *lost_by_adding(struct arena *arena, const struct node *before, const struct node *value)
{
    const char *lost = "";
    for (uint32_t i = 0; i < before->count && i < MOST_NAMES; i++) {
        bool kept = false;
        for (uint32_t k = 0; before->kind == NODE_LIST && node_is_list(value) && k < value->count; k++)
            kept = kept || node_same(value->items[k], before->items[i]);
        if (before->kind == NODE_MAP)
            kept = node_get(value, before->entries[i].key);
        const char *name = before->kind == NODE_MAP ? arena_format(arena, "'%s'", before->entries[i].key->text)
                                                    : element_name(arena, before->items[i]);
        if (!kept)
            lost = arena_format(arena, "%s%s%s", lost, *lost ? ", " : "", name);
    }
    return lost;
}

void notice_overwritten(struct render *render, const struct json_patch *patch, const struct resource *resource)
{
    for (size_t i = 0; wants_notices(render) && i < json_patch_count(patch); i++) {
        origin at;
        const char *path = json_patch_path(patch, i, &at), *name = json_patch_operation(patch, i);
        const struct node *before =
            path && *path && name && strcmp(name, "add") == 0 ? member_at(render, resource->root, path) : NULL;
        const struct node *value = json_patch_value(patch, i);
        const char *lost = before && before->kind != NODE_SCALAR && value && notice_may(render, before->count, 20)
                               ? lost_by_adding(render->arena, before, value)
                               : "";
        if (*lost)
            notice_about(render,
                         render_notice(render, RA706, at, "this 'add' replaces the whole %s '%s' of %s '%s'; lost: %s",
                                       before->kind == NODE_MAP ? "map" : "list", path, resource->id.gvk.kind,
                                       resource->id.name, lost),
                         resource, path);
    }
}

void notice_copies(struct render *render, const struct json_patch *patch, const struct resource *resource)
{
    uint64_t before = 0, looked_at = 0;
    for (size_t i = 0; i < json_patch_count(patch) && notice_may(render, 1, (size_t)(looked_at - before)); i++) {
        origin at;
        before = looked_at;
        const char *from = json_patch_copies_nothing(render->tree, patch, i, resource->root, &looked_at, &at);
        if (from)
            notice_about(render,
                         render_notice(render, RA711, at, "'%s' is not there: null is copied to its place", from),
                         resource, NULL);
    }
}

/* The field of a selector of labels or annotations; NULL: it has none. */
static const char *selector_shown(const struct selector_fields *target)
{
    return target->label_selector ? "labelSelector" : target->annotation_selector ? "annotationSelector" : NULL;
}

static void add_values(struct string_list *values, const struct resources *resources, const struct key *map,
                       const char *key)
{
    for (size_t i = 0; i < resources->count; i++) {
        const struct node *metadata = node_get(resources->items[i]->root, &key_metadata);
        const char *value = node_text(node_find(node_get(metadata, map), key));
        if (value)
            string_list_add(resources->arena, values, value);
    }
    string_list_add(resources->arena, values, NULL);
}

/* What a label or annotation was meant to be, for selectors of one: KEY=VALUE. */
static const char *suggest_label(const struct resources *resources, const struct selector_fields *target)
{
    const char *text = target->label_selector ? target->label_selector : target->annotation_selector;
    size_t size = strcspn(text, "=");
    const char *key = arena_copy(resources->arena, text, size), *value = text + size + strspn(text + size, "= ");
    struct string_list values = {0};
    add_values(&values, resources, target->label_selector ? &key_labels : &key_annotations, key);
    const char *near = text[size] && !strpbrk(text, ",!(") ? nearest_name(value, values.items) : NULL;
    if (near && strcmp(near, value) != 0)
        return arena_format(resources->arena, ", '%s' (did you mean '%s=%s'?)", text, key, near);
    return arena_format(resources->arena, ", '%s'", text);
}

/* The field of a target without which it would select something; NULL: none alone. `selected`: one of these. */
static const char *find_culprit(struct render *render, const struct resources *resources,
                                const struct selector_fields *target, const struct resource **selected)
{
    static const struct {
        const char *field;
        size_t offset;
    } fields[] = {
        {"name", offsetof(struct selector_fields, name)},
        {"kind", offsetof(struct selector_fields, kind)},
        {"namespace", offsetof(struct selector_fields, namespace)},
        {"version", offsetof(struct selector_fields, version)},
        {"group", offsetof(struct selector_fields, group)},
        {"labelSelector", offsetof(struct selector_fields, label_selector)},
        {"annotationSelector", offsetof(struct selector_fields, annotation_selector)},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct selector_fields without = *target;
        const char **field = (const char **)(void *)((char *)&without + fields[i].offset);
        struct resource_matches found = {0};
        struct error ignored = {0};
        if (!*field || !**field)
            continue;
        *field = NULL;
        struct selector *selector = selector_compile(render->arena, &without, &ignored);
        bool any = selector && selector_select(selector, resources, render->tree, &found, &ignored) && found.count;
        error_free(&ignored);
        if (any) {
            *selected = found.items[0];
            return fields[i].field;
        }
    }
    return NULL;
}

void notice_no_target(struct render *render, const struct resources *resources, const struct selector_fields *target)
{
    if (!wants_notices(render))
        return;
    enum { OF_A_NAME = 50 };
    struct resource_id wanted = {{"", "", target->kind ? target->kind : ""}, target->name ? target->name : "", ""};
    const char *by = selector_shown(target), *hint = "";
    const struct resource *meant = NULL;
    bool may = notice_may(render, OF_A_NAME, resources->count);
    const char *culprit = may ? find_culprit(render, resources, target, &meant) : NULL;
    if (may)
        hint = target->name || !by ? suggest_id(resources, &wanted) : suggest_label(resources, target);
    if (culprit && !*hint)
        hint = arena_format(render->arena, "; without its %s it would be %s '%s'", culprit, meant->id.gvk.kind,
                            meant->id.name);
    if (culprit && by && strcmp(culprit, by) != 0)
        by = NULL;
    render_notice(render, RA701,
                  field_origin(target->node, culprit        ? culprit
                                             : target->name ? "name"
                                             : by           ? by
                                                            : "kind"),
                  "the patch changes nothing: no resource matches its target%s%s",
                  target->name || !by ? target_shown(render->arena, target) : "", hint);
}
