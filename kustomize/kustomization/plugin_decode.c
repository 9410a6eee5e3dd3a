/* plugin_decode.c: reads the configuration of a builtin plugin, and notes the fields that kustomize passes over. */
#define _GNU_SOURCE
#include <string.h>
#include <strings.h>

#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/plugin_decode.h"

static const char **names_of(struct arena *arena, const struct field *fields)
{
    size_t count = 0;
    while (fields[count].name)
        count++;
    const char **names = ARENA_ARRAY(arena, count + 1, const char *);
    for (size_t i = 0; i < count; i++)
        names[i] = fields[i].name;
    return names;
}

static bool is_known(const char *const *names, const char *key)
{
    static const char *const common[] = {"apiVersion", "kind", "metadata"};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (strcmp(common[i], key) == 0)
            return true;
    for (; *names; names++)
        if (strcasecmp(*names, key) == 0)
            return true;
    return false;
}

/* The configuration as it stands in its file: what the plugin is given is a copy. */
static void notice_fields(struct kust_target *target, const struct struct_type *type)
{
    struct render *render = target->render;
    const struct node *root = target->plugin ? target->plugin->root : NULL;
    const char **names = names_of(render->arena, type->fields);
    for (uint32_t i = 0; node_is_map(root) && i < root->count; i++) {
        const char *key = root->entries[i].key->text, *near = nearest_name(key, names);
        if (is_known(names, key))
            continue;
        notice_about(render,
                     render_notice(render, RA746, root->entries[i].origin,
                                   "%s has no field '%s', and kustomize passes over it%s%s%s",
                                   target->plugin->id.gvk.kind, key, near ? " (did you mean '" : "", near ? near : "",
                                   near ? "'?)" : ""),
                     target->plugin, key);
    }
}

bool plugin_decode(struct kust_target *target, const struct node *config, const struct struct_type *type, void *out,
                   struct error *error)
{
    if (wants_notices(target->render))
        notice_fields(target, type);
    return decode(target->render->tree, config, type, DECODE_AS_GO_LENIENT, out, error);
}
