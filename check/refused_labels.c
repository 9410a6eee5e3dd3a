/* refused_labels.c: labels and annotations with keys or values that the API server refuses.
 *
 * Source: k8s.io/apimachinery pkg/util/validation, IsQualifiedName and IsValidLabelValue */
#include <ctype.h>
#include <string.h>

#include "check/workloads.h"

static bool is_name(const char *text, size_t size)
{
    if (!size || !isalnum((unsigned char)text[0]) || !isalnum((unsigned char)text[size - 1]))
        return false;
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr("-_.", text[i]))
            return false;
    return true;
}

/* [DOMAIN/]NAME */
static bool is_key(const char *key)
{
    const char *slash = strchr(key, '/'), *name = slash ? slash + 1 : key;
    bool domain =
        !slash || (slash > key && strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-.") == (size_t)(slash - key));
    return domain && is_name(name, strlen(name));
}

static bool is_placeholder(const char *text)
{
    return strpbrk(text, "{}<>$");
}

static void check_map(struct check_input *input, const struct check_target *target, const struct check_object *object,
                      const struct node *metadata, const char *field)
{
    const struct node *map = node_find(metadata, field);
    bool labels = strcmp(field, "labels") == 0;
    for (uint32_t i = 0; node_is_map(map) && i < map->count; i++) {
        const struct entry *entry = &map->entries[i];
        const char *key = entry->key ? entry->key->text : "", *text = node_text(entry->value);
        const char *what = labels ? "label" : "annotation";
        if (!is_key(key) && !is_placeholder(key))
            check_report(input, target, RA210, entry->origin, object,
                         "'%s' is no key for a %s: letters, digits, '-', '_' and '.', behind a domain and one '/'", key,
                         what)
                ->field = "metadata";
        if (labels && text && *text && strlen(text) <= 63 && !is_placeholder(text) && !is_name(text, strlen(text)))
            check_report(
                input, target, RA210, entry->value->origin, object,
                "'%s' is no value for the label '%s': letters, digits, '-', '_' and '.', with a letter or digit at "
                "both ends",
                text, key)
                ->field = "metadata.labels";
    }
}

static void check_refused_labels(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            check_map(input, &input->targets[i], object, node_find(object->root, "metadata"), "labels");
            check_map(input, &input->targets[i], object, node_find(object->root, "metadata"), "annotations");
        }
    for (size_t i = 0; i < input->workloads->count; i++) {
        static const char *const template[] = {"spec", "template", "metadata", NULL};
        const struct workload *workload = &input->workloads->items[i];
        const struct node *metadata = node_path(workload->object->root, template);
        check_map(input, workload->target, workload->object, metadata, "labels");
        check_map(input, workload->target, workload->object, metadata, "annotations");
    }
}

static const enum rule_id ids[] = {RA210, RULE_COUNT};
const struct check refused_labels_check = {"refused_labels", ids, check_refused_labels};
