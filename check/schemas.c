/* schemas.c: what the API server refuses by structure: unknown, missing and mistyped fields, and versions of its API.
 */
#include <string.h>

#include "base/intern.h"
#include "base/nearest.h"
#include "base/path.h"
#include "check/policy.h"
#include "generator/glob.h"
#include "kubernetes/api.h"
#include "yaml/parse.h"

struct schema_check {
    struct check_input *input;
    const struct check_target *target;
    const struct check_object *object;
    const struct custom_kinds *custom;
    unsigned minor;                       /* the version of Kubernetes 1 that the target's cluster has */
    struct pointer_set good, *of_version; /* for one version, which is that of most targets; NULL: it is another one */
};

static void tell_unknown(const struct schema_check *check, const struct api_fault *fault)
{
    struct finding *finding =
        check_report(check->input, check->target, RA201, fault->at, check->object, "%s has no field '%s'" DID_YOU_MEAN,
                     check->object->kind, fault->path, MEANT(fault->nearest));
    if (fault->nearest)
        finding->fix = arena_string(check->input->findings->arena, fault->nearest);
    finding->field = arena_string(check->input->findings->arena, fault->path);
}

/* The value as the message shows it: short texts and numbers whole. */
static const char *shown_value(struct arena *arena, const struct node *node)
{
    enum { LONGEST = 40 };
    if (node_is_map(node))
        return "a map";
    if (node_is_list(node))
        return "a list";
    const char *mark = node_tag(node) == TAG_STRING ? "'" : "";
    if (node->count > LONGEST)
        return arena_format(arena, "%s%.*s...%s", mark, LONGEST, node->text, mark);
    return arena_format(arena, "%s%s%s", mark, node->text, mark);
}

static void tell_type(const struct schema_check *check, const struct api_fault *fault)
{
    struct arena *arena = check->input->findings->arena;
    struct finding *finding =
        check_report(check->input, check->target, RA202, fault->at, check->object, "%s must be %s, and is %s",
                     fault->path, fault->expected, shown_value(arena, fault->node));
    if (node_is_scalar(fault->node) && strcmp(fault->expected, "a string") == 0)
        finding->fix = arena_format(arena, "\"%s\"", fault->node->text);
    finding->field = arena_string(arena, fault->path);
}

/* What Kubernetes' description demands, and its server does without. Tried: tests/e2e/strict */
static bool is_forgiven(const struct check_object *object, const char *path)
{
    static const struct {
        const char *group, *kind, *path;
    } fields[] = {
        {"storage.k8s.io", "CSIDriver", "spec"},
        {"storage.k8s.io", "CSINode", "spec"},
        {"", "LimitRange", "spec.limits"},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i].group, object->group) == 0 && strcmp(fields[i].kind, object->kind) == 0 &&
            strcmp(fields[i].path, path) == 0)
            return true;
    return false;
}

static void tell_missing(const struct schema_check *check, const struct api_fault *fault)
{
    if (is_forgiven(check->object, fault->path))
        return;
    struct finding *finding = check_report(check->input, check->target, RA203, fault->at, check->object,
                                           "%s '%s' lacks %s", check->object->kind, check->object->name, fault->path);
    finding->field = arena_string(check->input->findings->arena, fault->path);
}

static void tell_new(const struct schema_check *check, const struct api_fault *fault)
{
    struct finding *finding = check_report(check->input, check->target, RA207, fault->at, check->object,
                                           "Kubernetes 1.%u does not know %s: 1.%u is the first that does",
                                           check->minor, fault->path, fault->since);
    finding->field = arena_string(check->input->findings->arena, fault->path);
}

static void tell_fault(void *context, const struct api_fault *fault)
{
    static void (*const tell[])(const struct schema_check *, const struct api_fault *) = {
        [API_UNKNOWN_FIELD] = tell_unknown,
        [API_WRONG_TYPE] = tell_type,
        [API_MISSING_FIELD] = tell_missing,
        [API_FIELD_TOO_NEW] = tell_new,
    };
    tell[fault->kind](context, fault);
}

static const char *const version_path[] = {"apiVersion", NULL};
static const char *const kind_path[] = {"kind", NULL};

/* "; use apps/v1", with the kind where that changes, too. */
static const char *replacement_of(const struct schema_check *check, const struct api_lifecycle *life)
{
    if (!life->new_version)
        return "";
    if (strcmp(life->new_kind, check->object->kind) == 0)
        return arena_format(check->input->arena, "; use %s", life->new_version);
    return arena_format(check->input->arena, "; use %s %s", life->new_version, life->new_kind);
}

static const char *planned_end(const struct schema_check *check, const struct api_lifecycle *life)
{
    return life->removed ? arena_format(check->input->arena, ", and goes away in 1.%u", life->removed) : "";
}

static void tell_lifecycle(const struct schema_check *check, const struct api_lifecycle *life)
{
    origin at = check_origin(check->object->root, version_path);
    const struct check_object *object = check->object;
    const char *replacement = replacement_of(check, life);
    struct finding *finding = NULL;
    if (life->state == API_REMOVED)
        finding = check_report(check->input, check->target, RA206, at, object, "Kubernetes 1.%u has no %s %s%s",
                               check->minor, object->api_version, object->kind, replacement);
    else if (life->state == API_NOT_YET)
        finding = check_report(check->input, check->target, RA206, at, object,
                               "Kubernetes 1.%u has no %s %s yet: 1.%u is the first that does", check->minor,
                               object->api_version, object->kind, life->since);
    else if (life->state == API_DEPRECATED)
        finding =
            check_report(check->input, check->target, RA205, at, object, "%s %s is deprecated since 1.%u%s%s",
                         object->api_version, object->kind, life->deprecated, planned_end(check, life), replacement);
    else if (life->is_alpha)
        finding = check_report(check->input, check->target, RA209, at, object,
                               "%s %s is an alpha API: clusters do not serve it unless they are asked to",
                               object->api_version, object->kind);
    if (finding && life->new_version)
        finding->fix = life->new_version;
}

/* Other rules look at sealed secrets; their definition comes with their controller. */
static bool is_sealed(const struct check_object *object)
{
    return strcmp(object->group, "bitnami.com") == 0 && strcmp(object->kind, "SealedSecret") == 0;
}

static void tell_kind(const struct schema_check *check)
{
    const struct check_object *object = check->object;
    if (is_sealed(object))
        return;
    const char *near = api_nearest(check->input->arena, check->custom, object->api_version, object->kind);
    const char *hint = near ? arena_format(check->input->arena, " (did you mean '%s'?)", near) : "";
    origin at = check_origin(object->root, kind_path);
    if (api_is_builtin(object->api_version))
        check_report(check->input, check->target, RA206, at, object, "Kubernetes has no %s %s%s", object->api_version,
                     object->kind, hint);
    else
        check_report(check->input, check->target, RA204, at, object,
                     "%s %s is not known: neither Kubernetes nor a CustomResourceDefinition here defines it%s",
                     object->api_version, object->kind, hint);
}

static void check_one(struct schema_check *check)
{
    const struct check_object *object = check->object;
    struct known_kind known = api_find(check->custom, object->api_version, object->kind);
    if (!known.kind) {
        tell_kind(check);
        return;
    }
    struct api_lifecycle life = api_lifecycle(check->input->arena, known, check->minor);
    tell_lifecycle(check, &life);
    if (life.state == API_SERVED || life.state == API_DEPRECATED)
        api_validate(known, check->minor, object->root, check->of_version, tell_fault, check);
}

/* The definitions in a file that the policy names. */
static void add_file(const struct check_input *input, struct custom_kinds *custom, const char *path)
{
    struct arena *arena = input->arena;
    struct tree *tree = ARENA_NEW(arena, struct tree);
    struct file_bytes bytes;
    struct node_array documents = {0};
    struct error ignored = {0};
    *tree = (struct tree){.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct origins *origins = origins_new();
    if (source_read(input->source, arena, path, &bytes, &ignored) &&
        parse_documents(tree, &(struct yaml_text){path, bytes.bytes, bytes.size, origins, 0}, &documents, &ignored))
        for (size_t i = 0; i < documents.count; i++)
            if (node_equals(node_get(documents.items[i], &key_kind), "CustomResourceDefinition"))
                custom_kinds_add(custom, documents.items[i]);
    error_free(&ignored);
    origins_free(origins);
}

/* Files below a directory that match a pattern. */
static void add_matching(const struct check_input *input, struct custom_kinds *custom, const char *pattern,
                         const char *directory, unsigned depth)
{
    enum { DEEPEST = 16 };
    struct name_list names;
    struct error ignored = {0};
    bool listed = depth < DEEPEST && source_list(input->source, input->arena, directory, &names, &ignored);
    error_free(&ignored);
    for (size_t i = 0; listed && i < names.count; i++) {
        const char *path = path_join(input->arena, directory, names.names[i]);
        enum file_kind kind = source_kind(input->source, path);
        if (kind == FILE_DIRECTORY)
            add_matching(input, custom, pattern, path, depth + 1);
        else if (kind == FILE_REGULAR && glob_matches(pattern, path, '/'))
            add_file(input, custom, path);
    }
}

static void add_named(const struct check_input *input, struct custom_kinds *custom)
{
    const char *const *patterns = input->policy ? input->policy->crds.items : NULL;
    for (size_t i = 0; patterns && i < input->policy->crds.count; i++) {
        size_t literal = strcspn(patterns[i], "*?[");
        while (literal && patterns[i][literal - 1] != '/')
            literal--;
        const char *directory = literal ? arena_copy(input->arena, patterns[i], literal - 1) : ".";
        if (check_is_directory(input, directory))
            add_matching(input, custom, patterns[i], directory, 0);
    }
}

/* The definitions that any target of the repository renders, and those that the policy names. */
static const struct custom_kinds *find_definitions(const struct check_input *input)
{
    struct custom_kinds *custom = custom_kinds_new(input->arena);
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++)
            if (strcmp(input->targets[i].objects[j].kind, "CustomResourceDefinition") == 0)
                custom_kinds_add(custom, input->targets[i].objects[j].root);
    add_named(input, custom);
    return custom;
}

static void check_schemas(struct check_input *input)
{
    struct schema_check check = {.input = input, .custom = find_definitions(input), .good.arena = input->arena};
    unsigned first = 0;
    for (size_t i = 0; i < input->target_count; i++) {
        check.target = &input->targets[i];
        check.minor = check.target->kubernetes ? check.target->kubernetes : api_versions().newest;
        first = first ? first : check.minor;
        check.of_version = check.minor == first ? &check.good : NULL;
        for (size_t j = 0; j < check.target->object_count; j++) {
            check.object = &check.target->objects[j];
            check_one(&check);
        }
    }
}

static const enum rule_id ids[] = {RA201, RA202, RA203, RA204, RA205, RA206, RA207, RA209, RULE_COUNT};
const struct check schemas_check = {"schemas", ids, check_schemas};
