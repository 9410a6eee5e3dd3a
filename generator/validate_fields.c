/* validate_fields.c: refuses fields that Argo CD does not know, and values of another type than it reads. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "generator/argocd_fields.h"
#include "generator/make.h"
#include "generator/name.h"
#include "generator/validate.h"

enum { LONGEST_NUMBER = 18, LARGEST_ANNOTATIONS = 256 * 1024, MOST_NAMES = 32 };

#define LARGEST_NUMBER 1e15

/* A place in the resource, for messages: spec.roles[1].name. */
struct place_in_resource {
    const struct place_in_resource *above;
    const char *name; /* NULL: an item */
    uint32_t index;
    const struct node *node;
};

struct field_check {
    const struct node *resource;
    unsigned version;    /* of Argo CD; 0: any */
    bool null_is_absent; /* in metadata; in spec, a null is of a wrong type */
    struct error *error;
};

static void write_path(const struct place_in_resource *place, struct text *out)
{
    if (place->above)
        write_path(place->above, out);
    if (!place->name)
        text_format(out, "[%u]", (unsigned)place->index);
    else
        text_format(out, "%s%s", place->above ? "." : "", place->name);
}

/* "Application 'x': spec.a.b: message" at the node, or at the nearest place above that has an origin. */
static bool refuse_field(const struct field_check *check, const struct place_in_resource *place, origin at,
                         const char *message)
{
    struct text path = {0};
    const struct node *resource = check->resource;
    write_path(place, &path);
    for (const struct place_in_resource *here = place; !at && here; here = here->above)
        at = here->node->origin;
    error_at(check->error, at ? at : resource->origin, "%s '%s': %s: %s",
             node_text_or(node_get(resource, &key_kind), "?"),
             node_text_or(node_get(node_get(resource, &key_metadata), &key_name), ""), text_content(&path), message);
    text_free(&path);
    return false;
}

static bool is_text(const struct node *node)
{
    return node_is_scalar(node) && (node_tag(node) == TAG_STRING || node_tag(node) == TAG_TIMESTAMP);
}

static bool is_bool(const struct node *node)
{
    return node_is_scalar(node) && node_tag(node) == TAG_BOOL;
}

/* JSON patches write large numbers as 1.0e+12, which Argo CD reads as a whole number. */
static bool is_integer(const struct node *node)
{
    if (!node_is_scalar(node) || node->count > LONGEST_NUMBER)
        return false;
    double value = node_tag(node) == TAG_FLOAT ? strtod(node->text, NULL) : 0.5;
    return node_tag(node) == TAG_INT ||
           (value >= -LARGEST_NUMBER && value <= LARGEST_NUMBER && value == (double)(int64_t)value);
}

static bool is_integer_or_text(const struct node *node)
{
    return is_integer(node) || is_text(node);
}

/* How each type is told, and its test; for lists and maps, of their parts. */
static const struct {
    const char *what;
    bool (*fits)(const struct node *node);
} types[] = {
    [ARGOCD_TEXT] = {"must be a text", is_text},
    [ARGOCD_BOOL] = {"must be true or false", is_bool},
    [ARGOCD_INTEGER] = {"must be a whole number", is_integer},
    [ARGOCD_INTEGER_OR_TEXT] = {"must be a whole number", is_integer_or_text},
    [ARGOCD_TEXTS] = {"must be a list of texts", is_text},
    [ARGOCD_TEXT_MAP] = {"must be a map of texts", is_text},
    [ARGOCD_BOOL_MAP] = {"must be a map of true and false", is_bool},
    [ARGOCD_MAP] = {"must be a map", node_is_map},
    [ARGOCD_LIST] = {"must be a list of maps", node_is_map},
    [ARGOCD_UNCHECKED] = {"", NULL},
};

static const struct argocd_field *find_field(const struct argocd_field *fields, const char *name)
{
    for (; fields->name; fields++)
        if (strcmp(fields->name, name) == 0)
            return fields;
    return NULL;
}

static bool refuse_unknown(const struct field_check *check, const struct place_in_resource *place,
                           const struct argocd_field *fields, origin at)
{
    const char *names[MOST_NAMES + 1];
    size_t count = 0;
    for (; fields[count].name && count < MOST_NAMES; count++)
        names[count] = fields[count].name;
    names[count] = NULL;
    const char *near = nearest_name(place->name, names);
    struct text message = {0};
    text_string(&message, "Argo CD has no such field");
    if (near)
        text_format(&message, " (did you mean '%s'?)", near);
    refuse_field(check, place, at, text_content(&message));
    text_free(&message);
    return false;
}

static bool check_map(const struct field_check *check, const struct place_in_resource *place,
                      const struct argocd_field *fields);

static bool refuse_newer(const struct field_check *check, const struct place_in_resource *place,
                         const struct argocd_field *field, origin at)
{
    char message[160];
    snprintf(message, sizeof message,
             "Argo CD %u.%u has no such field and does without it: %u.%u is the first that has it",
             check->version / ARGOCD_MAJOR, check->version % ARGOCD_MAJOR, field->since / ARGOCD_MAJOR,
             field->since % ARGOCD_MAJOR);
    return refuse_field(check, place, at, message);
}

/* The parts of a list or map of scalars, or of a list of maps. */
static bool check_parts(const struct field_check *check, const struct place_in_resource *place,
                        const struct argocd_field *field)
{
    const struct node *node = place->node;
    for (uint32_t i = 0; i < node->count; i++) {
        bool in_map = node_is_map(node);
        struct place_in_resource part = {
            .above = place, .name = in_map ? node->entries[i].key->text : NULL, .index = i};
        part.node = in_map ? node->entries[i].value : node->items[i];
        if (in_map && check->null_is_absent && node_is_null(part.node))
            continue;
        if (!types[field->type].fits(part.node))
            return refuse_field(check, &part, 0, types[field->type].what);
        if (field->type == ARGOCD_LIST && !check_map(check, &part, field->fields))
            return false;
    }
    return true;
}

static bool check_value(const struct field_check *check, const struct place_in_resource *place,
                        const struct argocd_field *field)
{
    bool good = true;
    switch (field->type) {
    case ARGOCD_UNCHECKED:
        return true;
    case ARGOCD_TEXTS:
    case ARGOCD_LIST:
        good = node_is_list(place->node);
        break;
    case ARGOCD_TEXT_MAP:
    case ARGOCD_BOOL_MAP:
        good = node_is_map(place->node);
        break;
    default:
        good = types[field->type].fits(place->node);
    }
    if (!good)
        return refuse_field(check, place, 0, types[field->type].what);
    if (field->type == ARGOCD_MAP)
        return check_map(check, place, field->fields);
    return node_is_scalar(place->node) || check_parts(check, place, field);
}

static bool check_map(const struct field_check *check, const struct place_in_resource *place,
                      const struct argocd_field *fields)
{
    const struct node *map = place->node;
    for (uint32_t i = 0; i < map->count; i++) {
        const struct entry *entry = &map->entries[i];
        const struct argocd_field *field = find_field(fields, entry->key->text);
        struct place_in_resource value = {.above = place, .name = entry->key->text, .node = entry->value};
        if (!field)
            return refuse_unknown(check, &value, fields, entry->origin);
        if (check->version && field->since > check->version)
            return refuse_newer(check, &value, field, entry->origin);
        if (!(check->null_is_absent && node_is_null(value.node)) && !check_value(check, &value, field))
            return false;
    }
    for (; fields->name; fields++)
        if (fields->required && !node_find(map, fields->name)) {
            struct place_in_resource value = {.above = place, .name = fields->name, .node = map};
            return refuse_field(check, &value, 0, "it is required");
        }
    return true;
}

/* Metadata: what a policy or a patch may set of it, and Kubernetes' rules for labels, annotations and finalizers. */

static const struct argocd_field metadata_fields[] = {
    {"name", ARGOCD_TEXT, true, NULL, 0},         {"namespace", ARGOCD_TEXT, false, NULL, 0},
    {"labels", ARGOCD_TEXT_MAP, false, NULL, 0},  {"annotations", ARGOCD_TEXT_MAP, false, NULL, 0},
    {"finalizers", ARGOCD_TEXTS, false, NULL, 0}, {NULL, ARGOCD_TEXT, false, NULL, 0},
};

static bool check_labels(const struct field_check *check, const struct place_in_resource *place)
{
    for (uint32_t i = 0; node_is_map(place->node) && i < place->node->count; i++) {
        const struct entry *entry = &place->node->entries[i];
        struct place_in_resource label = {.above = place, .name = entry->key->text, .node = entry->value};
        if (!is_qualified_name(entry->key->text))
            return refuse_field(check, &label, entry->origin, "this is no name of a label");
        if (!node_is_null(entry->value) && !is_label_value(entry->value->text))
            return refuse_field(
                check, &label, 0,
                "a label's value is at most 63 letters, digits, '-', '_' and '.', and begins and ends with a "
                "letter or digit");
    }
    return true;
}

static bool check_annotations(const struct field_check *check, const struct place_in_resource *place)
{
    size_t size = 0;
    for (uint32_t i = 0; node_is_map(place->node) && i < place->node->count; i++) {
        const struct entry *entry = &place->node->entries[i];
        struct place_in_resource annotation = {.above = place, .name = entry->key->text, .node = entry->value};
        size += strlen(entry->key->text) + entry->value->count;
        if (!is_qualified_name(entry->key->text))
            return refuse_field(check, &annotation, entry->origin, "this is no name of an annotation");
    }
    return size <= LARGEST_ANNOTATIONS ||
           refuse_field(check, place, 0, "Kubernetes takes at most 256 KiB of annotations");
}

static bool check_finalizers(const struct field_check *check, const struct place_in_resource *place)
{
    for (uint32_t i = 0; node_is_list(place->node) && i < place->node->count; i++) {
        struct place_in_resource item = {.above = place, .index = i, .node = place->node->items[i]};
        if (!is_qualified_name(item.node->text))
            return refuse_field(check, &item, 0, "this is no name of a finalizer");
    }
    return true;
}

static bool check_metadata(const struct field_check *check, const struct place_in_resource *place)
{
    const struct node *node = place->node;
    struct place_in_resource labels = {.above = place, .name = "labels", .node = node_get(node, &key_labels)};
    struct place_in_resource annotations = {
        .above = place, .name = "annotations", .node = node_get(node, &key_annotations)};
    struct place_in_resource finalizers = {.above = place, .name = "finalizers", .node = node_find(node, "finalizers")};
    return check_map(check, place, metadata_fields) && check_labels(check, &labels) &&
           check_annotations(check, &annotations) && check_finalizers(check, &finalizers);
}

bool validate_fields(const struct node *resource, unsigned version, struct error *error)
{
    static const char *const known[] = {"apiVersion", "kind", "metadata", "spec"};
    struct field_check check = {.resource = resource, .version = version, .error = error};
    bool is_application = node_equals(node_get(resource, &key_kind), "Application");
    for (uint32_t i = 0; i < resource->count; i++) {
        const struct entry *entry = &resource->entries[i];
        struct place_in_resource place = {.name = entry->key->text, .node = entry->value};
        bool found = false;
        for (size_t j = 0; j < sizeof known / sizeof *known; j++)
            found = found || strcmp(known[j], entry->key->text) == 0;
        if (!found)
            return refuse_field(&check, &place, entry->origin,
                                "it cannot be set here: apiVersion, kind, metadata and spec can");
    }
    struct place_in_resource metadata = {.name = "metadata", .node = node_get(resource, &key_metadata)};
    struct place_in_resource spec = {.name = "spec", .node = node_get(resource, &key_spec)};
    if (!node_is_map(spec.node))
        return error_at(error, resource->origin, "%s '%s': spec must be a map",
                        node_text_or(node_get(resource, &key_kind), "?"),
                        node_text_or(node_get(metadata.node, &key_name), ""));
    struct field_check lenient = {.resource = resource, .null_is_absent = true, .error = error};
    return check_metadata(&lenient, &metadata) &&
           check_map(&check, &spec, is_application ? argocd_application_fields : argocd_project_fields);
}
