/* plugin_decode.c: reads the configuration of a builtin plugin, and notes the fields that kustomize passes over. */
#define _GNU_SOURCE
#include <string.h>
#include <strings.h>

#include "base/nearest.h"
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

static const struct field *field_named(const struct field *fields, const char *key)
{
    for (; fields->name; fields++)
        if (strcasecmp(fields->name, key) == 0)
            return fields;
    return NULL;
}

struct unknown_field_search {
    struct render *render;
    const struct resource *about; /* NULL: a file of its own */
    const char *what;             /* whose fields they are */
};

static void check_fields(const struct unknown_field_search *search, const struct node *node,
                         const struct struct_type *type, bool outermost)
{
    const char **names = names_of(search->render->arena, type->fields);
    for (uint32_t i = 0; node_is_list(node) && i < node->count; i++)
        check_fields(search, node->items[i], type, false);
    for (uint32_t i = 0; node_is_map(node) && i < node->count; i++) {
        const char *key = node->entries[i].key->text, *near = nearest_name(key, names);
        const struct field *field = field_named(type->fields, key);
        if (field && field->of)
            check_fields(search, node->entries[i].value, field->of, false);
        if (field || (outermost && is_known(names, key)))
            continue;
        notice_about(search->render,
                     render_notice(search->render, RA746, node->entries[i].origin,
                                   "%s has no field '%s', and kustomize passes over it" DID_YOU_MEAN, search->what, key,
                                   MEANT(near)),
                     search->about, key);
    }
}

/* The configuration as it stands in its file: what the plugin is given is a copy. */
static void notice_fields(const struct kust_target *target, const struct struct_type *type)
{
    const struct resource *plugin = target->plugin;
    if (plugin)
        check_fields(&(struct unknown_field_search){target->render, plugin, plugin->id.gvk.kind}, plugin->root, type,
                     true);
}

void notice_unknown_fields(struct render *render, const char *what, const struct node *node,
                           const struct struct_type *type)
{
    if (wants_notices(render) && node)
        check_fields(&(struct unknown_field_search){render, NULL, what}, node, type, false);
}

bool plugin_decode(struct kust_target *target, const struct node *config, const struct struct_type *type, void *out,
                   struct error *error)
{
    if (wants_notices(target->render))
        notice_fields(target, type);
    return decode(target->render->tree, config, type, DECODE_AS_GO_LENIENT, out, error);
}
