/* checksums.c: checksum annotations of pods that are not those of the files that they are named after. */
#include <string.h>

#include "base/digest.h"
#include "base/map.h"
#include "base/path.h"
#include "check/workloads.h"

#define PREFIX "checksum/"

/* SHA-256 in hexadecimal digits. */
static bool is_checksum(const char *text)
{
    return strlen(text) == 2 * DIGEST_SIZE && strspn(text, "0123456789abcdef") == 2 * DIGEST_SIZE;
}

static bool is_stale(struct check_input *input, const char *path, const char *checksum)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[DIGEST_SIZE];
    const struct file_bytes *file = check_file(input, path);
    if (!file)
        return false;
    digest_sha256(file->bytes, file->size, digest);
    for (size_t i = 0; i < DIGEST_SIZE; i++)
        if (checksum[2 * i] != digits[digest[i] >> 4] || checksum[2 * i + 1] != digits[digest[i] & 15])
            return true;
    return false;
}

/* checksum/sealed-secret is that of sealed-secret.yaml, or of a file with just this name. */
static bool is_named(const char *path, const char *name)
{
    const char *base = path_base(path);
    size_t size = strlen(name);
    return strncmp(base, name, size) == 0 &&
           (!base[size] || strcmp(base + size, ".yaml") == 0 || strcmp(base + size, ".yml") == 0);
}

/* The file of the target with this name; NULL: there is none, or several. */
static const char *find_file(const struct check_target *target, const char *name)
{
    const char *found = NULL;
    for (size_t i = 0; i < target->references.count; i++)
        if (is_named(target->references.names[i], name)) {
            if (found)
                return NULL;
            found = target->references.names[i];
        }
    return found;
}

static void check_annotations(struct check_input *input, const struct workload *workload,
                              const struct node *annotations)
{
    for (uint32_t i = 0; node_is_map(annotations) && i < annotations->count; i++) {
        const struct entry *entry = &annotations->entries[i];
        const char *key = entry->key ? entry->key->text : "", *value = node_text(entry->value);
        if (strncmp(key, PREFIX, strlen(PREFIX)) != 0 || !value || !is_checksum(value))
            continue;
        const char *path = find_file(workload->target, key + strlen(PREFIX));
        if (path && is_stale(input, path, value))
            check_report(input, workload->target, RA518, entry->value->origin, workload->object,
                         "'%s' is not the checksum of '%s': pods keep what they have read", key, path_base(path))
                ->fix = arena_format(input->findings->arena, "sha256sum %s", path);
    }
}

static void check_checksums(struct check_input *input)
{
    static const char *const path[] = {"spec", "template", "metadata", "annotations", NULL};
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            struct workload workload;
            if (workload_of(&input->targets[i], &input->targets[i].objects[j], &workload))
                check_annotations(input, &workload, node_path(workload.object->root, path));
        }
}

static const enum rule_id ids[] = {RA518, RULE_COUNT};
const struct check checksums_check = {"checksums", ids, check_checksums};
