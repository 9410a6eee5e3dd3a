/* allow_empty.c: which Applications may render nothing, in Argo CD's words and in the plugin's. */
#include "generator/make.h"

static const struct node *plugin_of(const struct node *application)
{
    return node_find(node_find(node_get(application, &key_spec), "source"), "plugin");
}

static const struct node *parameter_of(const struct node *plugin)
{
    const struct node *list = node_find(plugin, "parameters");
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        if (node_equals(node_get(list->items[i], &key_name), ALLOW_EMPTY_PARAMETER))
            return list->items[i];
    return NULL;
}

bool application_refuses_nothing(const struct node *application)
{
    const struct node *plugin = plugin_of(application);
    return plugin && !node_equals(node_find(parameter_of(plugin), "string"), "true");
}

/* Argo CD's own field says it, which the plugin is not told. */
static bool is_allowed(const struct node *application)
{
    const struct node *policy = node_find(node_get(application, &key_spec), "syncPolicy");
    return node_equals(node_find(node_find(policy, "automated"), "allowEmpty"), "true");
}

static struct node *make_parameter(struct tree *tree)
{
    struct node *parameter = tree_map(tree);
    tree_set_string(tree, parameter, "name", ALLOW_EMPTY_PARAMETER);
    tree_set_string(tree, parameter, "string", "true");
    return parameter;
}

const struct node *application_pass_allow_empty(struct tree *tree, const struct node *application)
{
    struct node *changed = (struct node *)application;
    const struct node *plugin = plugin_of(application), *list = node_find(plugin, "parameters");
    if (!is_allowed(application) || !plugin || parameter_of(plugin) || (list && !node_is_list(list)))
        return application;
    struct node *spec = add_map(tree, tree_own(tree, &changed), "spec");
    struct node *own = add_map(tree, add_map(tree, spec, "source"), "plugin");
    if (!list)
        add_list(tree, own, "parameters");
    tree_append(tree, tree_own_value(tree, own, intern_string(tree->keys, "parameters")), make_parameter(tree));
    return changed;
}
