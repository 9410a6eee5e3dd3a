/* permit.c: what an AppProject permits, by Argo CD's own rules (pkg/apis/application/v1alpha1/app_project_types.go). */
#include <string.h>

#include "generator/glob.h"
#include "generator/make.h"

static const char *text_of(const struct node *map, const char *field)
{
    const char *text = node_text(node_find(map, field));
    return text ? text : "";
}

static bool is_denial(const char *pattern)
{
    return *pattern == '!';
}

static bool matches(const char *pattern, const char *value, char separator)
{
    if (is_denial(pattern))
        return !glob_matches(pattern + 1, value, separator);
    return strcmp(pattern, "*") == 0 || glob_matches(pattern, value, separator);
}

bool project_permits_destination(const struct node *project, const char *server, const char *name,
                                 const char *namespace)
{
    const struct node *list = node_find(node_get(project, &key_spec), "destinations");
    bool permitted = false;
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const char *item_server = text_of(list->items[i], "server"), *item_name = text_of(list->items[i], "name");
        const char *item_namespace = text_of(list->items[i], "namespace");
        bool name_matches = name && matches(item_name, name, 0),
             server_matches = server && matches(item_server, server, 0);
        bool namespace_matches = matches(item_namespace, namespace, 0);
        if ((server_matches || name_matches) && namespace_matches)
            permitted = true;
        else if ((!name_matches && is_denial(item_name)) ||
                 (!server_matches && is_denial(item_server) && namespace_matches) ||
                 (!namespace_matches && is_denial(item_namespace) && server_matches))
            return false;
    }
    return permitted;
}

bool project_permits_source(const struct node *project, const char *repo_url)
{
    const struct node *list = node_find(node_get(project, &key_spec), "sourceRepos");
    bool permitted = false;
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const char *pattern = node_text(list->items[i]);
        if (!pattern)
            continue;
        bool matched = matches(pattern, repo_url, '/');
        if (!matched && is_denial(pattern))
            return false;
        permitted = permitted || matched;
    }
    return permitted;
}
