/* parameters.c: reads the plugin's parameters. */
#include "plugin/run/parameters.h"

#include <string.h>

#include "base/intern.h"
#include "base/nearest.h"
#include "json/json.h"

/* The names are those of an Application's source.kustomize (argo-cd pkg/apis/application/v1alpha1/types.go,
 * ApplicationSourceKustomize), and so is what they do. Argo CD gives a plugin texts, lists of texts and maps of texts.
 */
enum parameter_type { PARAMETER_TEXT, PARAMETER_SWITCH, PARAMETER_TEXTS, PARAMETER_PAIRS };

struct parameter {
    const char *name;
    enum parameter_type type;
    size_t offset; /* in struct request */
    const char *title, *tooltip;
};

#define PARAMETER(name, type, member, title, tooltip)                \
    {                                                                \
        name, type, offsetof(struct request, member), title, tooltip \
    }

static const struct parameter parameters[] = {
    PARAMETER("images", PARAMETER_TEXTS, edits.images, "Images", "NAME=NEWNAME:TAG@DIGEST, NAME:TAG and so on"),
    PARAMETER("replicas", PARAMETER_PAIRS, edits.replicas, "Replicas",
              "the number of replicas of each workload by its name"),
    PARAMETER("namespace", PARAMETER_TEXT, edits.namespace, "Namespace", "of all resources"),
    PARAMETER("namePrefix", PARAMETER_TEXT, edits.name_prefix, "Name prefix", "of all resources"),
    PARAMETER("nameSuffix", PARAMETER_TEXT, edits.name_suffix, "Name suffix", "of all resources"),
    PARAMETER("commonLabels", PARAMETER_PAIRS, edits.labels, "Labels", "of all resources, and in selectors"),
    PARAMETER("labelWithoutSelector", PARAMETER_SWITCH, edits.labels_without_selector, "Labels not in selectors",
              "true: the labels are for metadata alone"),
    PARAMETER("labelIncludeTemplates", PARAMETER_SWITCH, edits.labels_include_templates, "Labels in templates",
              "true: the labels are for the templates of pods too; needs labelWithoutSelector"),
    PARAMETER("forceCommonLabels", PARAMETER_SWITCH, edits.force_labels, "Replace labels",
              "true: labels of the kustomization may be replaced; otherwise that is an error"),
    PARAMETER("commonAnnotations", PARAMETER_PAIRS, edits.annotations, "Annotations", "of all resources"),
    PARAMETER("commonAnnotationsEnvsubst", PARAMETER_SWITCH, expand_annotations, "Variables in annotations",
              "true: $ARGOCD_APP_NAME and the like are expanded in annotations, as they are in images and labels"),
    PARAMETER("forceCommonAnnotations", PARAMETER_SWITCH, edits.force_annotations, "Replace annotations",
              "true: annotations of the kustomization may be replaced; otherwise that is an error"),
    PARAMETER("patches", PARAMETER_TEXTS, edits.patches, "Patches",
              "each the YAML of an item of patches: target, patch"),
    PARAMETER("components", PARAMETER_TEXTS, edits.components, "Components", "directories, relative to the overlay"),
    PARAMETER("ignoreMissingComponents", PARAMETER_SWITCH, edits.ignore_missing_components, "Ignore missing components",
              "true: components that are not there are left out"),
    PARAMETER("kubeVersion", PARAMETER_TEXT, kube_version, "Kubernetes version", "that Helm charts are told"),
    PARAMETER("apiVersions", PARAMETER_TEXTS, api_versions, "API versions",
              "that Helm charts are told the cluster has"),
    PARAMETER("allowEmpty", PARAMETER_SWITCH, allow_empty, "Allow empty",
              "true: a render without resources is meant, and everything is pruned; otherwise it is an error"),
    PARAMETER("environment", PARAMETER_TEXT, environment, "Environment", "narrows a RootApp to one environment"),
};
enum { PARAMETERS = sizeof parameters / sizeof *parameters };

static const struct parameter *find_parameter(const char *name)
{
    for (size_t i = 0; i < PARAMETERS; i++)
        if (strcmp(parameters[i].name, name) == 0)
            return &parameters[i];
    return NULL;
}

static bool refuse_unknown(const char *name, struct error *error)
{
    const char *names[PARAMETERS + 1];
    for (size_t i = 0; i < PARAMETERS; i++)
        names[i] = parameters[i].name;
    names[PARAMETERS] = NULL;
    const char *near = nearest_name(name, names);
    if (near)
        return error_set(error, "unknown parameter '%s' (did you mean '%s'?)", name, near);
    return error_set(error, "unknown parameter '%s'; 'rootapp parameters' lists them", name);
}

static bool read_text(struct arena *arena, const struct parameter *parameter, const struct node *node, const char **out,
                      struct error *error)
{
    const char *text = node_text(node_find(node, "string"));
    bool may_be_empty = parameter->offset != offsetof(struct request, environment);
    if (!text || (!*text && !may_be_empty))
        return error_set(error, "parameter '%s' has no value: set its string, or leave it out", parameter->name);
    *out = arena_string(arena, text);
    return true;
}

static bool read_switch(const struct parameter *parameter, const struct node *node, bool *out, struct error *error)
{
    const struct node *value = node_find(node, "string");
    *out = node_equals(value, "true");
    return *out || node_equals(value, "false") ||
           error_set(error, "parameter '%s' is a string, either true or false", parameter->name);
}

static bool read_texts(struct arena *arena, const struct parameter *parameter, const struct node *node,
                       struct edit_texts *out, struct error *error)
{
    const struct node *list = node_find(node, "array");
    if (!node_is_list(list))
        return error_set(error, "parameter '%s' needs an array", parameter->name);
    out->items = ARENA_ARRAY(arena, list->count, const char *);
    for (out->count = 0; out->count < list->count; out->count++) {
        const char *text = node_text(list->items[out->count]);
        if (!text)
            return error_set(error, "parameter '%s' is an array of strings", parameter->name);
        out->items[out->count] = arena_string(arena, text);
    }
    return true;
}

static bool read_pairs(struct arena *arena, const struct parameter *parameter, const struct node *node,
                       struct edit_pairs *out, struct error *error)
{
    const struct node *map = node_find(node, "map");
    if (!node_is_map(map))
        return error_set(error, "parameter '%s' needs a map", parameter->name);
    out->items = ARENA_ARRAY(arena, map->count, struct edit_pair);
    for (out->count = 0; out->count < map->count; out->count++) {
        const struct entry *entry = &map->entries[out->count];
        const char *value = node_text(entry->value);
        if (!value)
            return error_set(error, "parameter '%s' is a map of strings", parameter->name);
        out->items[out->count] = (struct edit_pair){arena_string(arena, entry->key->text), arena_string(arena, value)};
    }
    return true;
}

static bool read_value(struct arena *arena, const struct parameter *parameter, const struct node *node, void *out,
                       struct error *error)
{
    switch (parameter->type) {
    case PARAMETER_TEXT:
        return read_text(arena, parameter, node, out, error);
    case PARAMETER_SWITCH:
        return read_switch(parameter, node, out, error);
    case PARAMETER_TEXTS:
        return read_texts(arena, parameter, node, out, error);
    default:
        return read_pairs(arena, parameter, node, out, error);
    }
}

static bool read_parameter(struct arena *arena, const struct node *node, bool seen[PARAMETERS], struct request *out,
                           struct error *error)
{
    const char *name = node_text(node_get(node, &key_name));
    if (!name)
        return error_set(error, "%s: a parameter has no name", PARAMETERS_VARIABLE);
    const struct parameter *parameter = find_parameter(name);
    if (!parameter)
        return refuse_unknown(name, error);
    if (seen[parameter - parameters])
        return error_set(error, "parameter '%s' is given twice", name);
    seen[parameter - parameters] = true;
    return read_value(arena, parameter, node, (char *)out + parameter->offset, error);
}

static void expand_pairs(struct arena *arena, struct edit_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++)
        pairs->items[i].value = expand_variables(arena, pairs->items[i].value);
}

/* Argo CD expands images and labels always, and annotations where it is asked to. */
static void expand_request(struct arena *arena, struct request *request)
{
    struct edit_texts *images = &request->edits.images;
    for (size_t i = 0; i < images->count; i++)
        images->items[i] = expand_variables(arena, images->items[i]);
    expand_pairs(arena, &request->edits.labels);
    if (request->expand_annotations)
        expand_pairs(arena, &request->edits.annotations);
}

/* Argo CD writes null where there are none. */
bool parameters_read(struct arena *arena, const char *text, struct request *out, struct error *error)
{
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    bool seen[PARAMETERS] = {false};
    const struct node *list = json_parse(&tree, PARAMETERS_VARIABLE, text, strlen(text), error);
    if (!list)
        return false;
    if (node_is_null(list))
        return true;
    if (!node_is_list(list))
        return error_set(error, "%s is no list", PARAMETERS_VARIABLE);
    for (uint32_t i = 0; i < list->count; i++)
        if (!read_parameter(arena, list->items[i], seen, out, error))
            return false;
    expand_request(arena, out);
    return true;
}

static const char *collection_of(enum parameter_type type)
{
    return type == PARAMETER_TEXTS ? "array" : type == PARAMETER_PAIRS ? "map" : "string";
}

/* The form that argocd-cmp-server expects (reposerver/apiclient ParameterAnnouncement). */
void parameters_announce(struct text *out)
{
    for (size_t i = 0; i < PARAMETERS; i++)
        text_format(out,
                    "%s{\"name\": \"%s\", \"title\": \"%s\", \"tooltip\": \"%s\", \"itemType\": \"%s\", "
                    "\"collectionType\": \"%s\"}",
                    i ? ",\n " : "[", parameters[i].name, parameters[i].title, parameters[i].tooltip,
                    parameters[i].type == PARAMETER_SWITCH ? "boolean" : "string", collection_of(parameters[i].type));
    text_string(out, "]\n");
}
