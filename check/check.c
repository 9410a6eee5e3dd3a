/* check.c: what the groups of rules share: objects, places, findings. */
#include "check/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "base/text.h"
#include "kustomize/resource/resource.h"
#include "source/kustomization_files.h"

void check_prepare(struct check_input *input)
{
    input->kept = input->arena;
    input->files = map_new(input->kept);
    input->kinds = map_new(input->kept);
    input->kustomizations = map_new(input->kept);
}

static struct check_object object_of(struct arena *arena, const struct node *root, const char *namespace)
{
    const struct node *metadata = node_get(root, &key_metadata);
    struct check_object object = {.root = root,
                                  .api_version = node_text_or(node_get(root, &key_apiVersion), ""),
                                  .kind = node_text_or(node_get(root, &key_kind), ""),
                                  .name = node_text_or(node_get(metadata, &key_name), ""),
                                  .namespace = node_text_or(node_get(metadata, &key_namespace), "")};
    struct gvk gvk = gvk_from(arena, object.api_version, object.kind);
    object.group = gvk.group;
    object.cluster_scoped = gvk_is_cluster_scoped(&gvk);
    if (object.cluster_scoped)
        object.namespace = "";
    else if (!*object.namespace && namespace)
        object.namespace = namespace;
    return object;
}

struct check_object *check_objects(struct arena *arena, const struct node *const *items, size_t count,
                                   const char *namespace)
{
    struct check_object *objects = ARENA_ARRAY(arena, count, struct check_object);
    for (size_t i = 0; i < count; i++)
        objects[i] = object_of(arena, items[i], namespace);
    return objects;
}

static struct finding finding_of(enum rule_id id, struct span place, const struct check_object *about)
{
    struct finding finding = {.rule = &rules[id], .place = place};
    if (about)
        finding.resource = (struct finding_resource){about->api_version, about->kind,
                                                     *about->namespace ? about->namespace : NULL, about->name};
    return finding;
}

/* For the caller to add to, and for nobody to see. */
static struct finding *discarded_finding(struct check_input *input)
{
    input->unheard = (struct finding){0};
    return &input->unheard;
}

static struct finding *add_finding(struct check_input *input, const struct check_target *target, struct finding finding,
                                   const char *format, va_list arguments) __attribute__((format(printf, 4, 0)));
static struct finding *add_finding(struct check_input *input, const struct check_target *target, struct finding finding,
                                   const char *format, va_list arguments)
{
    finding.message = arena_format_list(input->arena, format, arguments);
    struct finding *added = findings_add(input->findings, &finding);
    if (!added)
        return discarded_finding(input);
    if (target)
        finding_add_target(input->findings, added, target->name);
    return added;
}

struct finding *check_report_in(struct check_input *input, const struct check_target *target, enum rule_id id,
                                struct span place, const struct check_object *about, const char *format, ...)
{
    if (input->off[id])
        return discarded_finding(input);
    va_list arguments;
    va_start(arguments, format);
    struct finding *added = add_finding(input, target, finding_of(id, place, about), format, arguments);
    va_end(arguments);
    return added;
}

struct span check_place(const struct check_target *target, origin at, const struct check_object *about)
{
    struct span place = span_at(target->origins, origins_last_written(target->origins, at));
    return place.file || !about ? place : span_at(target->origins, about->root->origin);
}

struct finding *check_report(struct check_input *input, const struct check_target *target, enum rule_id id, origin at,
                             const struct check_object *about, const char *format, ...)
{
    if (input->off[id])
        return discarded_finding(input);
    struct span place = check_place(target, at, about);
    if (!place.file)
        place = check_directory_place(input, target->directory);
    va_list arguments;
    va_start(arguments, format);
    struct finding *added = add_finding(input, target, finding_of(id, place, about), format, arguments);
    va_end(arguments);
    return added;
}

static struct span find_kustomization(const struct check_input *input, const char *directory)
{
    for (const char *const *name = kustomization_file_names; *name; name++) {
        const char *path = path_join(input->kept, directory, *name);
        if (source_kind(input->source, path) == FILE_REGULAR)
            return (struct span){path, 1, 1, 0, 0};
    }
    return (struct span){directory, 0, 0, 0, 0};
}

struct span check_directory_place(const struct check_input *input, const char *directory)
{
    const struct span *known = map_get(input->kustomizations, directory, strlen(directory));
    if (known)
        return *known;
    const char *key = arena_string(input->kept, directory);
    struct span *place = ARENA_NEW(input->kept, struct span);
    *place = find_kustomization(input, key);
    *map_slot(input->kustomizations, key, strlen(key)) = place;
    return *place;
}

bool check_is_directory(const struct check_input *input, const char *path)
{
    static const bool answers[] = {false, true};
    const bool *known = map_get(input->kinds, path, strlen(path));
    if (known)
        return *known;
    const char *key = arena_string(input->kept, path);
    bool is_directory = source_kind(input->source, path) == FILE_DIRECTORY;
    *map_slot(input->kinds, key, strlen(key)) = (void *)(uintptr_t)&answers[is_directory];
    return is_directory;
}

origin check_origin(const struct node *root, const char *const *path)
{
    origin at = root->origin;
    for (const struct node *node = root; *path && (node = node_find(node, *path)); path++)
        if (node->origin)
            at = node->origin;
    return at;
}

const char *check_app_directory(struct arena *arena, const struct target *found)
{
    size_t size = strlen(found->app);
    for (const char *at = found->path; at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL)
        if (strncmp(at, found->app, size) == 0 && (at[size] == '/' || !at[size]))
            return arena_copy(arena, found->path, (size_t)(at - found->path) + size);
    return NULL;
}

/* Source: Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil */
long check_days(const char *date)
{
    long year = strtol(date, NULL, 10), month = strtol(date + 5, NULL, 10), day = strtol(date + 8, NULL, 10);
    year -= month <= 2;
    long era = year / 400, of_era = year % 400;
    long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
}

const struct file_bytes *check_known_file(const struct check_input *input, const char *path)
{
    const struct file_bytes *file = map_get(input->files, path, strlen(path));
    return file && file->bytes ? file : NULL;
}

const struct file_bytes *check_file(const struct check_input *input, const char *path)
{
    struct file_bytes *file = map_get(input->files, path, strlen(path));
    if (!file) {
        const char *key = arena_string(input->kept, path);
        struct error ignored = {0};
        file = ARENA_NEW(input->kept, struct file_bytes);
        if (!source_read(input->source, input->kept, path, file, &ignored))
            *file = (struct file_bytes){0};
        error_free(&ignored);
        *map_slot(input->files, key, strlen(key)) = file;
    }
    return file->bytes ? file : NULL;
}

bool check_is_kind(const struct check_object *object, const char *group, const char *kind)
{
    return strcmp(object->group, group) == 0 && strcmp(object->kind, kind) == 0;
}

const char *object_annotation(const struct check_object *object, const char *name)
{
    return node_text(node_find(node_find(node_find(object->root, "metadata"), "annotations"), name));
}
