/* policy.c: reads the check policy. */
#include "check/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "yaml/parse.h"

static const struct field environment_fields[] = {
    FIELD_STRING(struct check_environment, kubernetes, "kubernetes"),
    FIELD_STRING(struct check_environment, pod_security, "podSecurity"),
    FIELD_END,
};
static const struct struct_type environment_type = {"environments", sizeof(struct check_environment),
                                                    environment_fields, offsetof(struct check_environment, node)};

static const struct field resource_fields[] = {
    FIELD_STRING(struct exception_resource, app, "app"),
    FIELD_STRING(struct exception_resource, environment, "environment"),
    FIELD_STRING(struct exception_resource, kind, "kind"),
    FIELD_STRING(struct exception_resource, name, "name"),
    FIELD_STRING(struct exception_resource, container, "container"),
    FIELD_END,
};
static const struct struct_type resource_type = {"resource", sizeof(struct exception_resource), resource_fields, -1};

static const struct field exception_fields[] = {
    FIELD_STRING(struct check_exception, rule, "rule"),
    FIELD_STRING(struct check_exception, where, "where"),
    FIELD_POINTER(struct check_exception, resource, "resource", &resource_type),
    FIELD_STRING(struct check_exception, reason, "reason"),
    FIELD_STRING(struct check_exception, until, "until"),
    FIELD_END,
};
static const struct struct_type exception_type = {"exceptions", sizeof(struct check_exception), exception_fields,
                                                  offsetof(struct check_exception, node)};

static const struct field provided_fields[] = {
    FIELD_STRING(struct provided, kind, "kind"),
    FIELD_STRING(struct provided, namespace, "namespace"),
    FIELD_STRING(struct provided, name, "name"),
    FIELD_END,
};
static const struct struct_type provided_type = {"provided", sizeof(struct provided), provided_fields, -1};

static const struct field spec_fields[] = {
    FIELD_STRING(struct check_policy, kubernetes, "kubernetes"),
    FIELD_NODE(struct check_policy, environments, "environments"),
    FIELD_STRING_MAP(struct check_policy, rules, "rules"),
    FIELD_STRINGS(struct check_policy, crds, "crds"),
    FIELD_LIST(struct check_policy, provided, "provided", &provided_type),
    FIELD_LIST(struct check_policy, exceptions, "exceptions", &exception_type),
    FIELD_STRINGS(struct check_policy, inlined, "inline"),
    FIELD_INT(struct check_policy, longest, "longest"),
    FIELD_END,
};
static const struct struct_type spec_type = {"spec", sizeof(struct check_policy), spec_fields, -1};

struct document {
    const char *api_version, *kind;
    const struct node *metadata;
    struct check_policy spec;
};

static const struct field document_fields[] = {
    FIELD_STRING(struct document, api_version, "apiVersion"),
    FIELD_STRING(struct document, kind, "kind"),
    FIELD_NODE(struct document, metadata, "metadata"),
    FIELD_STRUCT(struct document, spec, "spec", &spec_type),
    FIELD_END,
};
static const struct struct_type document_type = {"CheckPolicy", sizeof(struct document), document_fields, -1};

unsigned check_minor_version(const char *text)
{
    char *end;
    if (!text || strncmp(text, "1.", 2) != 0 || text[2] < '0' || text[2] > '9')
        return 0;
    unsigned long minor = strtoul(text + 2, &end, 10);
    return *end || minor > 999 ? 0 : (unsigned)minor;
}

static bool check_version(const struct node *node, const char *version, struct error *error)
{
    return !version || check_minor_version(version) ||
           error_at(error, field_origin(node, "kubernetes"), "'%s' is no version of Kubernetes: write \"1.37\"",
                    version);
}

static bool check_environments(struct tree *tree, const struct node *environments, struct error *error)
{
    static const char *const levels[] = {"privileged", "baseline", "restricted", NULL};
    if (environments && !node_is_map(environments) && !node_is_null(environments))
        return error_at(error, environments->origin, "environments must be a map from names to settings");
    for (uint32_t i = 0; node_is_map(environments) && i < environments->count; i++) {
        struct check_environment environment = {0};
        const struct node *value = environments->entries[i].value;
        bool known = false;
        if (!decode(tree, value, &environment_type, DECODE_EXACT, &environment, error) ||
            !check_version(value, environment.kubernetes, error))
            return false;
        for (size_t k = 0; levels[k]; k++)
            known = known || !environment.pod_security || strcmp(environment.pod_security, levels[k]) == 0;
        if (!known)
            return error_at(error, field_origin(value, "podSecurity"),
                            "podSecurity must be privileged, baseline or restricted");
    }
    return true;
}

static bool unknown_rule(origin at, const char *id, struct error *error)
{
    const char *names[RULE_COUNT + 1] = {0};
    for (size_t i = 0; i < RULE_COUNT; i++)
        names[i] = rules[i].id;
    const char *near = nearest_name(id, names);
    return error_at(error, at, "no rule '%s'" DID_YOU_MEAN "; 'rootapp check --list-rules' shows them", id,
                    MEANT(near));
}

static bool check_rules(const struct list *list, struct error *error)
{
    const struct pair *pairs = list->items;
    enum severity ignored;
    for (size_t i = 0; i < list->count; i++) {
        if (!rule_find(pairs[i].key))
            return unknown_rule(pairs[i].origin, pairs[i].key, error);
        if (!severity_from(pairs[i].value, &ignored))
            return error_at(error, pairs[i].origin, "a severity is error, warning, note or off");
    }
    return true;
}

static bool check_exceptions(const struct list *list, struct error *error)
{
    const struct check_exception *items = list->items;
    for (size_t i = 0; i < list->count; i++) {
        origin at = list_origin(list, i);
        if (!items[i].rule)
            return error_at(error, at, "an exception needs a rule");
        if (!rule_find(items[i].rule))
            return unknown_rule(field_origin(items[i].node, "rule"), items[i].rule, error);
        if (!items[i].where && !items[i].resource)
            return error_at(error, at, "an exception needs `where` (a pattern of files) or `resource`");
        if (!items[i].reason || !*items[i].reason)
            return error_at(error, at, "an exception needs a reason");
        if (!items[i].until)
            return error_at(error, at, "an exception needs a date: until: 2030-01-31");
    }
    return true;
}

static bool check_inline(const struct list *list, struct error *error)
{
    const char *const *items = list->items;
    enum severity ignored;
    for (size_t i = 0; i < list->count; i++)
        if (!severity_from(items[i], &ignored))
            return error_at(error, list_origin(list, i), "a severity is error, warning or note");
    return true;
}

static bool check_document(struct tree *tree, const struct node *root, const struct document *document,
                           struct error *error)
{
    const struct check_policy *policy = &document->spec;
    if (!document->kind || strcmp(document->kind, "CheckPolicy") != 0)
        return error_at(error, field_origin(root, "kind"), "kind must be CheckPolicy");
    if (!document->api_version || strcmp(document->api_version, "rootapp.dev/v1alpha1") != 0)
        return error_at(error, field_origin(root, "apiVersion"), "apiVersion must be rootapp.dev/v1alpha1");
    return check_version(node_find(root, "spec"), policy->kubernetes, error) &&
           check_environments(tree, policy->environments, error) && check_rules(&policy->rules, error) &&
           check_exceptions(&policy->exceptions, error) && check_inline(&policy->inlined, error);
}

bool check_policy_read(struct arena *arena, const struct source *source, const char *path, bool must_exist,
                       struct check_policy *out, struct error *error)
{
    struct file_bytes file;
    struct node *root = NULL;
    struct document document = {0};
    *out = (struct check_policy){0};
    if (!must_exist && source_kind(source, path) == FILE_ABSENT)
        return true;
    struct origins *origins = origins_new(); /* lives as long as the process: findings name its places */
    struct tree *tree = ARENA_NEW(arena, struct tree);
    *tree = (struct tree){.arena = arena, .keys = intern_new(arena), .owner = 1};
    bool good = source_read(source, arena, path, &file, error) &&
                parse_first(tree, &(struct yaml_text){path, file.bytes, file.size, origins, 0}, &root, error) &&
                (root || error_in(error, (struct place){path, 1, 1}, "the check policy is empty")) &&
                decode(tree, root, &document_type, DECODE_EXACT, &document, error) &&
                check_document(tree, root, &document, error);
    error_resolve(error, origins);
    *out = document.spec;
    out->origins = origins;
    return good;
}

enum severity check_policy_severity(const struct check_policy *policy, const struct rule *rule)
{
    const struct pair *pairs = policy ? policy->rules.items : NULL;
    enum severity severity = rule->severity;
    for (size_t i = 0; pairs && i < policy->rules.count; i++)
        if (rule_find(pairs[i].key) == rule)
            severity_from(pairs[i].value, &severity);
    return severity;
}

struct check_environment check_policy_environment(const struct check_policy *policy, const char *name)
{
    struct check_environment environment = {.kubernetes = policy->kubernetes};
    const struct node *node = name ? node_find(policy->environments, name) : NULL;
    const char *version = node_text(node_find(node, "kubernetes")), *level = node_text(node_find(node, "podSecurity"));
    if (version)
        environment.kubernetes = version;
    environment.pod_security = level;
    return environment;
}
