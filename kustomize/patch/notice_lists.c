/* notice_lists.c: notes lists that a patch replaces as a whole, and those whose order it changes. */
#include "kustomize/patch/notice_lists.h"

#include <string.h>

#include "kustomize/kustomization/notice.h"

enum { MOST_ITEMS = 500 }; /* all are compared with all */

static const char *name_of(const struct node *element)
{
    const char *name = node_text(node_get(element, &key_name));
    return name ? name : "";
}

/* The index of an element by its name; the count where there is none. */
static uint32_t find_named(const struct node *list, const char *name)
{
    uint32_t at = 0;
    while (at < list->count && strcmp(name_of(list->items[at]), name) != 0)
        at++;
    return at;
}

static const struct node *find_by(const struct node *list, const char *key, const char *text)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const char *other = node_text(node_find(list->items[i], key));
        if (other && strcmp(other, text) == 0)
            return list->items[i];
    }
    return NULL;
}

static origin place_in(const struct node *patch, const char *name)
{
    uint32_t at = find_named(patch, name);
    return at < patch->count ? patch->items[at]->origin : patch->origin;
}

static struct finding *tell_list(const struct merge *merge, enum rule_id rule, origin at, const char *text)
{
    struct finding *finding = render_notice(merge->render, rule, at, "%s", text);
    notice_about(merge->render, finding, merge->resource, merge->field);
    return finding;
}

static void note_list(const struct merge *merge, origin at, const char *text)
{
    struct finding *finding = tell_list(merge, RA707, at, text);
    if (finding)
        finding->severity = SEVERITY_NOTE;
}

/* Init containers run one after the other. */
static void notice_init_containers(const struct merge *merge, const struct node *before, const struct node *patch,
                                   const struct node *result)
{
    for (uint32_t i = 0; i < result->count; i++)
        for (uint32_t j = i + 1; j < result->count; j++) {
            const char *first = name_of(result->items[i]), *second = name_of(result->items[j]);
            uint32_t one = find_named(before, first), other = find_named(before, second);
            if (one < before->count && other < one) {
                tell_list(
                    merge, RA707, place_in(patch, first),
                    arena_format(merge->render->arena,
                                 "the init container '%s' comes to run before '%s': what a patch names is put first",
                                 first, second));
                return;
            }
        }
    if (result->count && find_named(before, name_of(result->items[0])) == before->count)
        note_list(
            merge, place_in(patch, name_of(result->items[0])),
            arena_format(merge->render->arena,
                         "the new init container '%s' runs before those of the base: what a patch names is put first",
                         name_of(result->items[0])));
}

/* The name in $(NAME) at or behind `at`; NULL: there is none. */
static const char *next_use(struct arena *arena, const char **at)
{
    for (const char *start; (start = strstr(*at, "$(")); *at = start + 2) {
        size_t size = strcspn(start + 2, ")");
        if (start > *at && start[-1] == '$')
            continue;
        *at = start + 2 + size;
        return arena_copy(arena, start + 2, size);
    }
    return NULL;
}

/* A variable sees only those above it. */
static void notice_variable(const struct merge *merge, const struct node *before, const struct node *patch,
                            const struct node *result, uint32_t index)
{
    struct arena *arena = merge->render->arena;
    const char *name = name_of(result->items[index]);
    const char *at = node_text(node_find(result->items[index], "value"));
    for (const char *used; at && (used = next_use(arena, &at));) {
        uint32_t behind = find_named(result, used), ours = find_named(before, name), theirs = find_named(before, used);
        bool was_behind = ours < before->count && theirs < before->count && theirs > ours;
        if (behind < result->count && behind > index && !was_behind)
            tell_list(
                merge, RA707, place_in(patch, name),
                arena_format(arena,
                             "'%s' uses $(%s), which this patch puts behind it: it is not replaced then; name '%s' in "
                             "the patch, before '%s'",
                             name, used, used, name));
    }
}

static void notice_first(const struct merge *merge, const struct node *before, const struct node *patch,
                         const struct node *result, const char *what)
{
    if (!before->count || !result->count)
        return;
    const char *first = name_of(before->items[0]), *fresh = name_of(result->items[0]);
    if (*first && *fresh && strcmp(first, fresh) != 0 && find_named(result, first) < result->count)
        note_list(merge, place_in(patch, fresh),
                  arena_format(merge->render->arena, "'%s' comes before '%s', and so is the first %s of the list",
                               fresh, first, what));
}

static bool names_default_container(const struct resource *resource)
{
    const struct node *annotations =
        resource ? node_get(node_get(resource->root, &key_metadata), &key_annotations) : NULL;
    return node_find(annotations, "kubectl.kubernetes.io/default-container");
}

static uint32_t count_named(const struct node *list, const char *name)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < list->count; i++)
        count += strcmp(name_of(list->items[i]), name) == 0;
    return count;
}

/* Ports are told apart by their numbers: one with a new number is another port, whatever its name. */
static void notice_ports(const struct merge *merge, const struct node *before, const struct node *patch,
                         const struct node *result)
{
    for (uint32_t i = 0; i < patch->count; i++) {
        const char *name = name_of(patch->items[i]);
        if (*name && count_named(before, name) == 1 && count_named(result, name) == 2)
            tell_list(
                merge, RA714, patch->items[i]->origin,
                arena_format(merge->render->arena,
                             "the port '%s' is added beside the one of that name, not changed: ports are merged by "
                             "their numbers",
                             name));
    }
}

/* How many of the fields that exclude each other an element has: of a volume, all but its name. */
static uint32_t count_sources(const struct node *element, const char *field)
{
    if (strcmp(field, "env") == 0) { /* an empty value is none to the API server */
        const char *value = node_text(node_find(element, "value"));
        return value && *value && node_find(element, "valueFrom") ? 2 : 1;
    }
    return strcmp(field, "volumes") == 0 && node_is_map(element) ? element->count - 1 : 0;
}

/* A patch that gives an element another source has to take away the one of the base. */
static void notice_sources(const struct merge *merge, const struct node *before, const struct node *patch,
                           const struct node *result, const char *field)
{
    for (uint32_t i = 0; i < patch->count; i++) {
        const char *name = name_of(patch->items[i]);
        uint32_t at = find_named(result, name), was = find_named(before, name);
        if (*name && at < result->count && was < before->count && count_sources(result->items[at], field) > 1 &&
            count_sources(before->items[was], field) <= 1)
            tell_list(
                merge, RA715, patch->items[i]->origin,
                arena_format(merge->render->arena,
                             "'%s' now has two sources, that of the base and that of the patch: the API server refuses "
                             "it; set the old one to null",
                             name));
    }
}

/* Ports and mounts are told apart by their numbers and paths: another name makes another one of them. */
static void notice_renamed(const struct merge *merge, const struct node *before, const struct node *patch,
                           const char *field)
{
    static const struct {
        const char *field, *key, *what;
    } lists[] = {{"ports", "containerPort", "port"}, {"ports", "port", "port"}, {"volumeMounts", "mountPath", "mount"}};
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        for (uint32_t i = 0; strcmp(field, lists[k].field) == 0 && i < patch->count; i++) {
            const char *key = node_text(node_find(patch->items[i], lists[k].key)), *name = name_of(patch->items[i]);
            const struct node *old = key && *name ? find_by(before, lists[k].key, key) : NULL;
            if (!old || !*name_of(old) || strcmp(name_of(old), name) == 0 || find_named(before, name) < before->count)
                continue;
            struct finding *finding = tell_list(
                merge, RA717, patch->items[i]->origin,
                arena_format(merge->render->arena, "the %s '%s' of '%s' becomes that of '%s': %s are merged by %s",
                             lists[k].what, key, name_of(old), name, field, lists[k].key));
            if (finding && strcmp(field, "ports") == 0)
                finding->severity = SEVERITY_NOTE;
        }
}

void notice_order(const struct merge *merge, const struct node *before, const struct node *patch,
                  const struct node *result)
{
    const char *field = merge->field ? merge->field : "";
    if (!node_is_list(before) || !node_is_list(patch) || !node_is_list(result) || result->count > MOST_ITEMS ||
        !notice_may(merge->render, (size_t)result->count * result->count, before->count + patch->count))
        return;
    notice_sources(merge, before, patch, result, field);
    notice_renamed(merge, before, patch, field);
    if (strcmp(field, "ports") == 0)
        notice_ports(merge, before, patch, result);
    if (strcmp(field, "initContainers") == 0)
        notice_init_containers(merge, before, patch, result);
    for (uint32_t i = 0; strcmp(field, "env") == 0 && i < result->count; i++)
        notice_variable(merge, before, patch, result, i);
    if (strcmp(field, "containers") == 0 && !names_default_container(merge->resource))
        notice_first(merge, before, patch, result, "container");
    if (strcmp(field, "ports") == 0 && merge->resource && strcmp(merge->resource->id.gvk.kind, "Service") == 0)
        notice_first(merge, before, patch, result, "port");
}

/* Lists that are replaced. */

/* Whether a field tells the elements of a list apart. */
static bool is_identity(const struct node *list, const char *key)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const char *text = node_text(node_find(list->items[i], key));
        if (!text || find_by(list, key, text) != list->items[i])
            return false;
    }
    return true;
}

/* What tells elements apart although no schema says so; NULL: nothing is known to. */
static const char *identity_of(const struct node *list)
{
    static const char *const keys[] = {"name", "key", "id", "alert", "record", "host", "path", "uri", "port"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (is_identity(list, keys[k]))
            return keys[k];
    return NULL;
}

static const char *joined_path(struct arena *arena, const char *list, const char *item)
{
    return arena_format(arena, "%s%s%s", list, *list ? ", " : "", item);
}

/* Fields that the base's element has and the patch's lacks. */
static const char *lost_fields(struct arena *arena, const struct node *element, const struct node *patched)
{
    const char *names = "";
    for (uint32_t i = 0; i < element->count; i++)
        if (!node_get(patched, element->entries[i].key))
            names = joined_path(arena, names, element->entries[i].key->text);
    return names;
}

static const char *lost_by_name(struct arena *arena, const struct node *before, const struct node *patch,
                                const char *key)
{
    const char *lost = "";
    for (uint32_t i = 0; i < before->count; i++) {
        const struct node *element = before->items[i];
        const char *name = node_text(node_find(element, key));
        const struct node *patched = find_by(patch, key, name);
        const char *fields = node_is_map(patched) ? lost_fields(arena, element, patched) : "";
        if (!patched)
            lost = joined_path(arena, lost, arena_format(arena, "'%s'", name));
        else if (*fields)
            lost = joined_path(arena, lost, arena_format(arena, "%s of '%s'", fields, name));
    }
    return lost;
}

static bool has_same(const struct node *list, const struct node *element)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (node_same(list->items[i], element))
            return true;
    return false;
}

static const char *lost_maps(struct arena *arena, const struct node *before, const struct node *patch)
{
    const char *key = identity_of(before);
    if (key)
        return lost_by_name(arena, before, patch, key);
    uint32_t gone = 0;
    for (uint32_t i = 0; i < before->count; i++)
        gone += !has_same(patch, before->items[i]);
    return gone ? arena_format(arena, "%u of %u elements", gone, before->count) : "";
}

static bool begins_with_kind(const struct node *list, enum node_kind kind)
{
    return node_is_list(list) && list->count && list->items[0]->kind == kind;
}

static const char *lost_texts(struct arena *arena, const struct node *before, const struct node *patch)
{
    const char *lost = "";
    for (uint32_t i = 0; i < before->count; i++)
        if (node_is_scalar(before->items[i]) && !has_same(patch, before->items[i]))
            lost = joined_path(arena, lost, arena_format(arena, "'%s'", before->items[i]->text));
    return lost;
}

/* An empty list says itself that it takes all away, and one that has nothing of the base's is a new one. */
static const char *lost_elements(struct arena *arena, const struct node *before, const struct node *patch)
{
    if (begins_with_kind(before, NODE_MAP))
        return lost_maps(arena, before, patch);
    return begins_with_kind(before, NODE_SCALAR) && patch->count ? lost_texts(arena, before, patch) : "";
}

static bool notice_directive(const struct merge *merge, const struct node *patch, const char *lost)
{
    bool found = false;
    const char *kind = merge->resource ? merge->resource->id.gvk.kind : "this kind";
    for (uint32_t i = 0; i < patch->count; i++) {
        const struct entry *directive =
            node_is_map(patch->items[i]) ? node_entry(patch->items[i], &key_dollar_patch) : NULL;
        found = found || directive;
        if (directive)
            tell_list(merge, RA704, directive->origin ? directive->origin : patch->items[i]->origin,
                      arena_format(
                          merge->render->arena,
                          "the directive '$patch' is not obeyed but copied into the output: kustomize knows no merge "
                          "key for the list '%s' of %s, which is replaced as a whole%s%s",
                          merge->field ? merge->field : "", kind, *lost ? "; lost: " : "", lost));
    }
    return found;
}

void notice_replaced_list(const struct merge *merge, const struct node *before, const struct node *patch)
{
    struct arena *arena = merge->render->arena;
    if (!node_is_list(patch) || patch->count > MOST_ITEMS)
        return;
    enum { KEYS = 16 };
    bool counts = before != patch && node_is_list(before) && before->count <= MOST_ITEMS &&
                  notice_may(merge->render, KEYS * before->count, before->count + patch->count);
    const char *lost = counts ? lost_elements(arena, before, patch) : "";
    if (notice_directive(merge, patch, lost))
        return;
    const struct resource *resource = merge->resource;
    bool hidden = schema_set_are_chosen(merge->schemas);
    bool builtin = false;
    bool known = resource && gvk_scope_is_known(&resource->id.gvk, &builtin) && !hidden;
    if (!*lost)
        return;
    struct finding *finding =
        tell_list(merge, RA706, patch->count ? patch->items[0]->origin : patch->origin,
                  arena_format(arena, "the patch replaces the whole list '%s' of %s%s; lost: %s",
                               merge->field ? merge->field : "", resource ? resource->id.gvk.kind : "the resource",
                               hidden ? ", whose merge keys the schemas of 'openapi' do not have" : "", lost));
    if (finding && (known || begins_with_kind(before, NODE_SCALAR)))
        finding->severity = SEVERITY_NOTE;
}
