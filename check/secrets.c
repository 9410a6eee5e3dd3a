/* secrets.c: Secrets that are in git in plain text. */
#include <string.h>

#include "base/path.h"
#include "check/check.h"

static bool is_plain_secret(const struct check_object *object)
{
    return strcmp(object->kind, "Secret") == 0 && !*object->group &&
           (!node_is_empty(node_get(object->root, &key_data)) ||
            !node_is_empty(node_get(object->root, &key_stringData)));
}

static bool has_encrypted_value(const struct node *map)
{
    for (uint32_t i = 0; node_is_map(map) && i < map->count; i++) {
        const char *text = node_text(map->entries[i].value);
        if (text && strncmp(text, "ENC[", 4) == 0)
            return true;
    }
    return false;
}

/* Encrypted by SOPS: what is applied is the text in brackets. */
static bool is_sops(const struct check_object *object)
{
    return node_find(object->root, "sops") || has_encrypted_value(node_get(object->root, &key_data)) ||
           has_encrypted_value(node_get(object->root, &key_stringData));
}

static bool is_kustomization(const char *file)
{
    const char *name = path_base(file);
    return strcmp(name, "kustomization.yaml") == 0 || strcmp(name, "kustomization.yml") == 0 ||
           strcmp(name, "Kustomization") == 0;
}

static void look_at(struct check_input *input, const struct check_target *target, const struct check_object *object)
{
    static const char *const kind_path[] = {"kind", NULL};
    origin at = check_origin(object->root, kind_path);
    struct span place = check_place(target, at, object);
    struct finding *finding;
    if (is_sops(object))
        finding =
            check_report(input, target, RA501, at, object,
                         "Secret '%s' is encrypted by SOPS, and nothing decrypts it on the way: the cluster would "
                         "get the encrypted texts",
                         object->name);
    else if (place.file && is_kustomization(place.file))
        finding = check_report(input, target, RA502, at, object,
                               "secretGenerator makes Secret '%s' of what is in git in plain text", object->name);
    else
        finding = check_report(input, target, RA501, at, object, "Secret '%s' is in git in plain text", object->name);
    if (!finding->fix)
        finding->fix = "seal it (kubeseal) and commit the SealedSecret instead; the old value has leaked";
}

static void run(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++)
            if (is_plain_secret(&input->targets[i].objects[j]))
                look_at(input, &input->targets[i], &input->targets[i].objects[j]);
}

static const enum rule_id ids[] = {RA501, RA502, RULE_COUNT};
const struct check secrets_check = {"secrets", ids, run};
