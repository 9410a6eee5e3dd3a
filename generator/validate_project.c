/* validate_project.c: Argo CD's ValidateProject, which it runs only for projects made through its API. */
#include <string.h>

#include "base/go_values.h"
#include "base/map.h"
#include "base/text.h"
#include "generator/glob.h"
#include "generator/make.h"
#include "generator/name.h"
#include "generator/validate.h"

/* pkg/apis/application/v1alpha1/app_project_types.go and types.go (validatePolicy, validateRoleName, validateGroupName,
 * SyncWindow.Validate), head of 2026-08-22. Duplicates are found with maps: a project can be long. */
struct project_check {
    struct arena *arena;
    const struct node *project;
    const char *name;
    struct error *error;
};

/* A message begins with the project: "AppProject 'x': ...". */
#define REFUSE(check, node, ...) refuse_item((check), (node), arena_format((check)->arena, __VA_ARGS__))

static bool refuse_item(const struct project_check *check, const struct node *node, const char *message)
{
    origin at = node && node->origin ? node->origin : check->project->origin;
    return error_at(check->error, at, "AppProject '%s': %s", check->name, message);
}

/* The list under a field of a map: NULL where absent. False: it is something else. */
static bool list_of(const struct project_check *check, const struct node *map, const char *field,
                    const struct node **out)
{
    const struct node *value = node_find(map, field);
    *out = node_is_list(value) ? value : NULL;
    return *out || !value || node_is_null(value) || REFUSE(check, value, "%s must be a list", field);
}

static uint32_t count_of(const struct node *list)
{
    return list ? list->count : 0;
}

/* Marks a key as seen; false: it was seen before. */
static bool is_new(struct map *seen, const char *key)
{
    void **slot = map_slot(seen, key, strlen(key));
    bool fresh = !*slot;
    *slot = seen;
    return fresh;
}

static bool check_destinations(const struct project_check *check, const struct node *spec)
{
    static const char *const fields[] = {"name", "server", "namespace"};
    const struct node *list;
    struct map *seen = map_new(check->arena);
    if (!list_of(check, spec, "destinations", &list))
        return false;
    for (uint32_t i = 0; i < count_of(list); i++) {
        const struct node *item = list->items[i];
        if (!node_is_map(item))
            return REFUSE(check, item, "a destination must be a map");
        for (size_t j = 0; j < sizeof fields / sizeof *fields; j++)
            if (strcmp(node_text_or(node_find(item, fields[j]), ""), "!*") == 0)
                return REFUSE(check, item, "%s '!*' denies everything: remove it", fields[j]);
        const char *server = node_text_or(node_find(item, "server"), "");
        const char *key =
            arena_format(check->arena, "%s/%s", *server ? server : node_text_or(node_find(item, "name"), ""),
                         node_text_or(node_find(item, "namespace"), ""));
        if (!is_new(seen, key))
            return REFUSE(check, item, "destination '%s' stands there twice", key);
    }
    return true;
}

/* A list of texts without duplicates. */
static bool check_texts(const struct project_check *check, const struct node *spec, const char *field)
{
    const struct node *list;
    struct map *seen = map_new(check->arena);
    if (!list_of(check, spec, field, &list))
        return false;
    for (uint32_t i = 0; i < count_of(list); i++) {
        const char *text = node_text(list->items[i]);
        if (!text)
            return REFUSE(check, list->items[i], "%s must be a list of texts", field);
        if (strcmp(text, "!*") == 0 && strcmp(field, "sourceRepos") == 0)
            return REFUSE(check, list->items[i], "sourceRepos: '!*' denies everything: remove it");
        if (!is_new(seen, text))
            return REFUSE(check, list->items[i], "%s: '%s' stands there twice", field, text);
    }
    return true;
}

/* Roles. */

/* The text without spaces around it. */
static char *trimmed_text(struct arena *arena, const char *text, size_t size)
{
    while (size && *text == ' ') {
        text++;
        size--;
    }
    while (size && text[size - 1] == ' ')
        size--;
    return arena_copy(arena, text, size);
}

static bool is_action(const char *action)
{
    static const char *const actions[] = {"get",      "create",   "update", "delete", "sync",
                                          "override", "rollback", "*",      NULL};
    return string_in(actions, action) || strstr(action, "action/") || strstr(action, "update/") ||
           strstr(action, "delete/");
}

/* ^PROJECT(/[*\w-.]+)?/[*\w-.]+$ */
static bool is_object(const char *project, const char *object)
{
    size_t size = strlen(project), parts = 0;
    if (strncmp(object, project, size) != 0)
        return false;
    for (object += size; *object == '/'; parts++) {
        size_t part = strspn(object + 1, "*-._0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (!part)
            return false;
        object += 1 + part;
    }
    return !*object && (parts == 1 || parts == 2);
}

static bool check_policy_parts(const struct project_check *check, const struct node *node, const char *role,
                               char *const parts[6])
{
    static const char *const resources[] = {
        "applications", "applicationsets", "repositories", "exec", "logs", "clusters", NULL};
    static const char *const effects[] = {"allow", "deny", NULL};
    const char *subject = arena_format(check->arena, "proj:%s:%s", check->name, role);
    if (strcmp(parts[0], "p") != 0)
        return REFUSE(check, node, "policy '%s' must be: p, subject, resource, action, object, effect", node->text);
    if (strcmp(parts[1], subject) != 0)
        return REFUSE(check, node, "policy '%s': the subject must be '%s', not '%s'", node->text, subject, parts[1]);
    if (!string_in(resources, parts[2]))
        return REFUSE(check, node,
                      "policy '%s': '%s' is none of applications, applicationsets, repositories, exec, logs, "
                      "clusters",
                      node->text, parts[2]);
    if (!is_action(parts[3]))
        return REFUSE(check, node, "policy '%s': '%s' is no action", node->text, parts[3]);
    if (!is_object(check->name, parts[4]))
        return REFUSE(check, node, "policy '%s': the object must be '%s/*' or '%s/NAME', not '%s'", node->text,
                      check->name, check->name, parts[4]);
    return string_in(effects, parts[5]) ||
           REFUSE(check, node, "policy '%s': the effect must be allow or deny", node->text);
}

static bool check_policy(const struct project_check *check, const struct node *node, const char *role)
{
    char *parts[6];
    size_t count = 0;
    for (const char *at = node->text;; count++) {
        size_t size = strcspn(at, ",");
        if (count == 6)
            break;
        parts[count] = trimmed_text(check->arena, at, size);
        at += size;
        if (!*at)
            break;
        at++;
    }
    if (count != 5)
        return REFUSE(check, node, "policy '%s' must be: p, subject, resource, action, object, effect", node->text);
    return check_policy_parts(check, node, role, parts);
}

/* The bytes of a white space character in Unicode's sense at the start of a text; 0: none. */
static size_t space_size(const char *text)
{
    static const char *const wide[] = {"\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
                                       "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
                                       "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
                                       "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
    if (*text && strchr("\t\n\v\f\r ", *text))
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return strlen(wide[i]);
    return 0;
}

static size_t trailing_space(const char *text)
{
    size_t size = strlen(text);
    for (size_t back = 1; back <= 3 && back <= size; back++)
        if (space_size(text + size - back) == back)
            return back;
    return 0;
}

static bool check_group(const struct project_check *check, const struct node *node)
{
    const char *text = node->text;
    size_t lead = space_size(text), tail = trailing_space(text), size = strlen(text);
    if (lead || tail)
        return REFUSE(check, node, "group '%s' begins or ends with a space", text);
    bool quoted = size > 1 && text[0] == '"' && text[size - 1] == '"';
    if (!quoted && strchr(text, ','))
        return REFUSE(check, node, "group '%s' must be in double quotes, because of its comma", text);
    const char *inner = quoted ? arena_copy(check->arena, text + 1, size - 2) : text;
    if (!*inner)
        return REFUSE(check, node, "a group has no name");
    return !strpbrk(inner, "\"\n\r\t") || REFUSE(check, node, "group '%s' has characters that Argo CD refuses", text);
}

static bool check_role_lists(const struct project_check *check, const struct node *role, const char *name)
{
    const struct node *policies, *groups;
    struct map *seen_policies = map_new(check->arena), *seen_groups = map_new(check->arena);
    if (!list_of(check, role, "policies", &policies) || !list_of(check, role, "groups", &groups))
        return false;
    for (uint32_t i = 0; i < count_of(policies); i++) {
        const struct node *policy = policies->items[i];
        if (!node_is_scalar(policy))
            return REFUSE(check, policy, "policies must be a list of texts");
        if (!is_new(seen_policies, policy->text))
            return REFUSE(check, policy, "policy '%s' stands twice in role '%s'", policy->text, name);
        if (!check_policy(check, policy, name))
            return false;
    }
    for (uint32_t i = 0; i < count_of(groups); i++) {
        const struct node *group = groups->items[i];
        if (!node_is_scalar(group))
            return REFUSE(check, group, "groups must be a list of texts");
        if (!is_new(seen_groups, group->text))
            return REFUSE(check, group, "group '%s' stands twice in role '%s'", group->text, name);
        if (!check_group(check, group))
            return false;
    }
    return true;
}

static bool check_roles(const struct project_check *check, const struct node *spec)
{
    const struct node *roles;
    struct map *seen = map_new(check->arena);
    if (!list_of(check, spec, "roles", &roles))
        return false;
    for (uint32_t i = 0; i < count_of(roles); i++) {
        const char *name = node_text_or(node_find(roles->items[i], "name"), "");
        if (!is_new(seen, name))
            return REFUSE(check, roles->items[i], "role '%s' stands there twice", name);
        if (!is_role_name(name))
            return REFUSE(check, roles->items[i],
                          "role '%s': a name is letters, digits, '-' and '_', and begins and ends with "
                          "a letter or digit",
                          name);
        if (!check_role_lists(check, roles->items[i], name))
            return false;
    }
    return true;
}

/* Sync windows. */

static void add_list_identity(struct text *out, const struct node *window, const char *field)
{
    const struct node *list = node_find(window, field);
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const char *text = node_text(list->items[i]);
        text_format(out, "%zu:%s,", text ? strlen(text) : 0, text ? text : "");
    }
    text_byte(out, ';');
}

/* What Argo CD takes for the same window (HashIdentity): not manualSync, description and syncOverrun. */
static const char *window_identity(struct arena *arena, const struct node *window)
{
    static const char *const texts[] = {"kind", "schedule", "duration", "timeZone"};
    static const char *const lists[] = {"applications", "namespaces", "clusters"};
    struct text out = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_format(&out, "%zu:%s;", strlen(node_text_or(node_find(window, texts[i]), "")),
                    node_text_or(node_find(window, texts[i]), ""));
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        add_list_identity(&out, window, lists[i]);
    text_string(&out, node_equals(node_find(window, "andOperator"), "true") ? "and" : "");
    const char *identity = arena_copy(arena, out.bytes, out.size);
    text_free(&out);
    return identity;
}

static bool names_nothing(const struct node *window)
{
    return node_is_empty(node_find(window, "applications")) && node_is_empty(node_find(window, "namespaces")) &&
           node_is_empty(node_find(window, "clusters"));
}

static bool check_window(const struct project_check *check, const struct node *window)
{
    const char *kind = node_text_or(node_find(window, "kind"), ""),
               *schedule = node_text_or(node_find(window, "schedule"), ""), *why;
    if (strcmp(kind, "allow") != 0 && strcmp(kind, "deny") != 0)
        return REFUSE(check, window, "sync window: kind '%s' is neither allow nor deny", kind);
    if (!cron_is_valid(schedule, &why))
        return REFUSE(check, window, "sync window: schedule '%s' cannot be read: %s", schedule, why);
    if (!go_read_duration(node_text_or(node_find(window, "duration"), ""), &(int64_t){0}))
        return REFUSE(check, window, "sync window: duration '%s' cannot be read; write 30m or 1h30m",
                      node_text_or(node_find(window, "duration"), ""));
    if (!time_zone_is_valid(node_text_or(node_find(window, "timeZone"), "")))
        return REFUSE(check, window, "sync window: '%s' is no time zone; Argo CD would take UTC without a word",
                      node_text_or(node_find(window, "timeZone"), ""));
    if (strlen(node_text_or(node_find(window, "description"), "")) > 255)
        return REFUSE(check, window, "sync window: the description is longer than 255 bytes");
    return !names_nothing(window) ||
           REFUSE(check, window, "sync window '%s' names no applications, namespaces or clusters", schedule);
}

static bool check_windows(const struct project_check *check, const struct node *spec)
{
    const struct node *windows;
    struct map *seen = map_new(check->arena);
    if (!list_of(check, spec, "syncWindows", &windows))
        return false;
    for (uint32_t i = 0; i < count_of(windows); i++) {
        const struct node *window = windows->items[i];
        if (node_is_null(window))
            continue;
        if (!node_is_map(window))
            return REFUSE(check, window, "a sync window must be a map");
        if (!is_new(seen, window_identity(check->arena, window)))
            return REFUSE(check, window, "sync window '%s' stands there twice",
                          node_text_or(node_find(window, "schedule"), ""));
        if (!check_window(check, window))
            return false;
    }
    return true;
}

static bool check_accounts(const struct project_check *check, const struct node *spec)
{
    const struct node *list;
    struct map *seen = map_new(check->arena);
    if (!list_of(check, spec, "destinationServiceAccounts", &list))
        return false;
    for (uint32_t i = 0; i < count_of(list); i++) {
        const struct node *item = list->items[i];
        const char *server = node_text_or(node_find(item, "server"), ""),
                   *namespace = node_text_or(node_find(item, "namespace"), "");
        const char *account = node_text_or(node_find(item, "defaultServiceAccount"), "");
        if (strchr(server, '!') || !glob_is_valid(server))
            return REFUSE(check, item, "destinationServiceAccounts: server '%s' is no pattern", server);
        if (strchr(namespace, '!') || !glob_is_valid(namespace))
            return REFUSE(check, item, "destinationServiceAccounts: namespace '%s' is no pattern", namespace);
        if (strspn(account, " ") == strlen(account) || strpbrk(account, "!*[]{}\\/"))
            return REFUSE(check, item, "destinationServiceAccounts: '%s' is no service account", account);
        const char *key = arena_format(check->arena, "%s/%s", server, namespace);
        if (!is_new(seen, key))
            return REFUSE(check, item, "destinationServiceAccounts: '%s' stands there twice", key);
    }
    return true;
}

/* maxLength 255 of the custom resource definition, in characters. */
static bool check_description(const struct project_check *check, const struct node *spec)
{
    const struct node *description = node_find(spec, "description");
    size_t characters = 0;
    for (const char *at = node_text_or(node_find(spec, "description"), ""); *at; at++)
        characters += (*at & 0xC0) != 0x80;
    return characters <= 255 || REFUSE(check, description, "the description is longer than 255 characters");
}

bool validate_project(const struct node *project, struct error *error)
{
    const struct node *spec = node_get(project, &key_spec);
    struct project_check check = {.arena = arena_new(), .project = project, .error = error};
    check.name = node_text_or(node_find(node_get(project, &key_metadata), "name"), "");
    bool valid = (node_is_map(spec) || REFUSE(&check, spec, "spec must be a map")) &&
                 check_destinations(&check, spec) && check_texts(&check, spec, "sourceNamespaces") &&
                 check_texts(&check, spec, "sourceRepos") && check_roles(&check, spec) && check_windows(&check, spec) &&
                 check_accounts(&check, spec) && check_description(&check, spec);
    arena_free(check.arena);
    return valid;
}
