/* refused_objects.c: what the API server's own validation refuses in objects that are no pods, and what Argo CD cannot
 * apply.
 *
 * Source: k8s.io/kubernetes pkg/apis/core/validation and pkg/apis/apps/validation, k8s.io/apimachinery
 * pkg/api/validation (TotalAnnotationSizeLimitB), in all supported versions */
#include <ctype.h>
#include <string.h>

#include "check/workloads.h"
#include "kubernetes/api.h"

enum { MOST_DATA = 1024 * 1024, MOST_ANNOTATIONS = 256 * 1024, LONGEST_KEY = 253, DEEPEST = 200 };

struct object_check {
    struct check_input *input;
    const struct check_target *target;
    const struct check_object *object;
};

static bool is_data_key(const char *key)
{
    size_t size = strlen(key);
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)key[i]) && !strchr("-_.", key[i]))
            return false;
    return size && size <= LONGEST_KEY && strcmp(key, ".") != 0 && strncmp(key, "..", 2) != 0;
}

/* Of base64, what it stands for. */
static size_t decoded_size(const struct node *value, bool encoded)
{
    return !node_is_scalar(value) ? 0 : encoded ? value->count / 4 * 3 : value->count;
}

static void check_data(const struct object_check *check)
{
    static const char *const fields[] = {"data", "binaryData", "stringData"};
    bool secret = strcmp(check->object->kind, "Secret") == 0;
    size_t size = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct node *map = node_find(check->object->root, fields[i]);
        for (uint32_t k = 0; node_is_map(map) && k < map->count; k++) {
            const struct entry *entry = &map->entries[k];
            size += decoded_size(entry->value, i == 1 || (secret && i == 0)) + entry->key->size * !secret;
            if (!is_data_key(entry->key->text))
                check_report(check->input, check->target, RA210, entry->origin ? entry->origin : entry->value->origin,
                             check->object, "'%s' is no key that a %s may have: letters, digits, '-', '_' and '.'",
                             entry->key->text, check->object->kind);
        }
    }
    if (size > MOST_DATA)
        check_report(check->input, check->target, RA210, check->object->root->origin, check->object,
                     "%s '%s' holds %zu KiB, and may hold 1024", check->object->kind, check->object->name, size / 1024);
}

/* Strategies. */

static void check_strategy(const struct object_check *check, const char *field, const char *type)
{
    const struct node *strategy = node_find(node_find(check->object->root, "spec"), field);
    const struct node *chosen = node_find(strategy, "type"), *rolling = node_find(strategy, "rollingUpdate");
    if (node_equals(chosen, type) && rolling && !node_is_null(rolling))
        check_report(check->input, check->target, RA210, chosen->origin, check->object,
                     "%s.rollingUpdate is set, and may not be where the type is %s: set it to null", field, type);
}

/* Size. */

static size_t text_size(const char *text, size_t size)
{
    size_t sum = size + 2;
    for (size_t i = 0; i < size; i++)
        sum += text[i] == '"' || text[i] == '\\' || text[i] == '\n' || text[i] == '\t';
    return sum;
}

/* As JSON without spaces. */
static size_t json_size(const struct node *node, unsigned depth)
{
    if (node->kind == NODE_SCALAR)
        return text_size(node->text, node->count);
    size_t sum = 2;
    for (uint32_t i = 0; depth < DEEPEST && i < node->count; i++)
        sum += 1 + (node->kind == NODE_MAP ? node->entries[i].key->size + 3 : 0) +
               json_size(node->kind == NODE_MAP ? node->entries[i].value : node->items[i], depth + 1);
    return sum;
}

static bool applies_on_server(const char *text)
{
    return text && (strstr(text, "ServerSideApply=true") || strstr(text, "Replace=true"));
}

static bool needs_no_annotation(const struct object_check *check)
{
    static const char *const own[] = {"metadata", "annotations", "argocd.argoproj.io/sync-options", NULL};
    static const char *const all[] = {"spec", "syncPolicy", "syncOptions", NULL};
    const struct node *options = node_path(check->target->application, all);
    for (uint32_t i = 0; node_is_list(options) && i < options->count; i++)
        if (applies_on_server(node_text(options->items[i])))
            return true;
    return applies_on_server(node_text(node_path(check->object->root, own)));
}

static void check_size(const struct object_check *check)
{
    size_t size = json_size(check->object->root, 0);
    if (size > MOST_ANNOTATIONS && !needs_no_annotation(check))
        check_report(check->input, check->target, RA211, check->object->root->origin, check->object,
                     "%s '%s' has %zu KiB, and what Argo CD applied is kept in annotations, which hold 256: the sync "
                     "needs ServerSideApply=true",
                     check->object->kind, check->object->name, size / 1024);
}

static void check_one(const struct object_check *check)
{
    const struct check_object *object = check->object;
    bool core = !*object->group && (strcmp(object->kind, "ConfigMap") == 0 || strcmp(object->kind, "Secret") == 0);
    if (core)
        check_data(check);
    if (core || !api_is_builtin(object->api_version) || strcmp(object->kind, "CustomResourceDefinition") == 0)
        check_size(check);
    if (strcmp(object->group, "apps") == 0 && strcmp(object->kind, "Deployment") == 0)
        check_strategy(check, "strategy", "Recreate");
    if (strcmp(object->group, "apps") == 0 && strcmp(object->kind, "StatefulSet") == 0)
        check_strategy(check, "updateStrategy", "OnDelete");
}

static void check_refused_objects(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++)
            check_one(&(struct object_check){input, &input->targets[i], &input->targets[i].objects[j]});
}

static const enum rule_id ids[] = {RA210, RA211, RULE_COUNT};
const struct check refused_objects_check = {"refused_objects", ids, check_refused_objects};
