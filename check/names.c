/* names.c: names and label values that are too long for Kubernetes, or for what a controller makes of them. */
#include <string.h>

#include "check/check.h"

/* How long the name of each kind may be, and why. Sources: k8s.io/kubernetes pkg/apis/{apps,batch,core}/validation;
 * StatefulSet: kubernetes#64023 (the controller's label holds name, hash and revision). */
static const struct {
    const char *group, *kind;
    size_t longest;
    const char *why;
} limits[] = {
    {"apps", "StatefulSet", 52, "its pods' labels hold the name and a hash"},
    {"batch", "CronJob", 52, "its Jobs' names hold the name and a number"},
    {"batch", "Job", 63, "its pods' labels hold the name"},
    {"", "Service", 63, "it is a part of a host name"},
    {"", "Namespace", 63, "it is a part of host names"},
};

static const char *const name_path[] = {"metadata", "name", NULL};

static void check_name(struct check_input *input, const struct check_target *target, const struct check_object *object)
{
    size_t size = strlen(object->name);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (size > limits[i].longest && strcmp(limits[i].kind, object->kind) == 0 &&
            strcmp(limits[i].group, object->group) == 0) {
            struct finding *finding = check_report(input, target, RA103, check_origin(object->root, name_path), object,
                                                   "the name of %s '%s' has %zu characters, and may have %zu: %s",
                                                   object->kind, object->name, size, limits[i].longest, limits[i].why);
            finding->field = "metadata.name";
        }
}

static void check_labels(struct check_input *input, const struct check_target *target,
                         const struct check_object *object)
{
    enum { LONGEST_VALUE = 63 };
    const struct node *labels = node_find(node_find(object->root, "metadata"), "labels");
    for (uint32_t i = 0; node_is_map(labels) && i < labels->count; i++) {
        const struct node *value = labels->entries[i].value;
        if (!node_text(value) || value->count <= LONGEST_VALUE)
            continue;
        struct finding *finding = check_report(input, target, RA103, value->origin, object,
                                               "the label '%s' has a value of %u characters, and may have %d",
                                               labels->entries[i].key->text, value->count, LONGEST_VALUE);
        finding->field = "metadata.labels";
    }
}

static void check_names(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            check_name(input, &input->targets[i], &input->targets[i].objects[j]);
            check_labels(input, &input->targets[i], &input->targets[i].objects[j]);
        }
}

static const enum rule_id ids[] = {RA103, RULE_COUNT};
const struct check names_check = {"names", ids, check_names};
