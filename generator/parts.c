/* parts.c: the parts that generated resources share. */
#include <string.h>

#include "generator/make.h"

struct node *add_map(struct tree *tree, struct node *map, const char *key)
{
    struct node *old = node_find(map, key);
    if (node_is_map(old))
        return tree_own_value(tree, map, intern_string(tree->keys, key));
    struct node *made = tree_map(tree);
    tree_set_named(tree, map, key, made);
    return made;
}

struct node *add_list(struct tree *tree, struct node *map, const char *key)
{
    struct node *list = tree_list(tree);
    tree_set_named(tree, map, key, list);
    return list;
}

void add_string(struct tree *tree, struct node *list, const char *text)
{
    tree_append(tree, list, tree_string(tree, text));
}

void add_label(struct tree *tree, struct node *resource, const char *name, const char *value)
{
    tree_set_string(tree, add_map(tree, add_map(tree, resource, "metadata"), "labels"), name, value);
}

void add_annotation(struct tree *tree, struct node *resource, const char *name, const char *value)
{
    tree_set_string(tree, add_map(tree, add_map(tree, resource, "metadata"), "annotations"), name, value);
}

struct node *make_resource(struct tree *tree, const char *kind, const char *name, const char *namespace)
{
    struct node *resource = tree_map(tree);
    tree_set_string(tree, resource, "apiVersion", ARGOCD_API);
    tree_set_string(tree, resource, "kind", kind);
    struct node *metadata = add_map(tree, resource, "metadata");
    tree_set_string(tree, metadata, "name", name);
    tree_set_string(tree, metadata, "namespace", namespace);
    return resource;
}

void add_sync_policy(struct tree *tree, struct node *spec, const char *const *options)
{
    struct node *policy = add_map(tree, spec, "syncPolicy");
    struct node *automated = add_map(tree, policy, "automated");
    tree_set_named(tree, automated, "prune", tree_bool(tree, true));
    tree_set_named(tree, automated, "selfHeal", tree_bool(tree, true));
    struct node *list = *options ? add_list(tree, policy, "syncOptions") : NULL;
    for (; *options; options++)
        add_string(tree, list, *options);
    struct node *retry = add_map(tree, policy, "retry");
    tree_set_named(tree, retry, "limit", tree_int(tree, 5));
    struct node *backoff = add_map(tree, retry, "backoff");
    tree_set_string(tree, backoff, "duration", "10s");
    tree_set_named(tree, backoff, "factor", tree_int(tree, 2));
    tree_set_string(tree, backoff, "maxDuration", "3m");
}

/* The version is there for Argo CD's manifest cache, whose key holds the source but not the plugin's version. */
struct node *add_plugin(struct tree *tree, struct node *source, const struct policy *policy)
{
    struct node *plugin = add_map(tree, source, "plugin");
    tree_set_string(tree, plugin, "name", policy->plugin_name);
    if (!policy->engine_version)
        return plugin;
    struct node *variable = tree_map(tree);
    tree_set_string(tree, variable, "name", VERSION_VARIABLE);
    tree_set_string(tree, variable, "value", policy->engine_version);
    tree_append(tree, add_list(tree, plugin, "env"), variable);
    return plugin;
}
