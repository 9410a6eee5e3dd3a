/* texts.c: values of ConfigMaps that were taken from files and are not the text that they should be. */
#include <string.h>

#include "check/check.h"
#include "kustomize/text/lfs_pointer.h"

static const char mark[] = "\xef\xbb\xbf";

/* In YAML these are escapes, which somebody has written on purpose. */
static bool is_written_out(const struct check_target *target, const struct check_object *object, origin at)
{
    const char *file = check_place(target, at, object).file, *dot = file ? strrchr(file, '.') : NULL;
    return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

static void check_value(struct check_input *input, const struct check_target *target, const struct check_object *object,
                        const struct entry *entry)
{
    const char *text = node_text(entry->value), *key = entry->key->text;
    struct finding *finding = NULL;
    if (!text || is_written_out(target, object, entry->value->origin))
        return;
    if (is_lfs_pointer(text))
        finding = check_report(input, target, RA118, entry->value->origin, object,
                               "'%s' of ConfigMap '%s' is a pointer of Git LFS, not the file", key, object->name);
    else if (strstr(text, "\r\n"))
        finding =
            check_report(input, target, RA118, entry->value->origin, object,
                         "'%s' of ConfigMap '%s' has lines that end with CR LF: programs and shells of Linux take "
                         "the CR for a part of the line",
                         key, object->name);
    else if (strstr(text, mark))
        finding = check_report(input, target, RA118, entry->value->origin, object,
                               "'%s' of ConfigMap '%s' has a byte order mark in it", key, object->name);
    if (finding && !finding->fix)
        finding->fix = "commit the file itself, as UTF-8 without a byte order mark, with line feeds";
}

static void check_texts(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            const struct node *data = node_get(object->root, &key_data);
            for (uint32_t k = 0; strcmp(object->kind, "ConfigMap") == 0 && node_is_map(data) && k < data->count; k++)
                if (data->entries[k].key)
                    check_value(input, &input->targets[i], object, &data->entries[k]);
        }
}

static const enum rule_id ids[] = {RA118, RULE_COUNT};
const struct check texts_check = {"texts", ids, check_texts};
