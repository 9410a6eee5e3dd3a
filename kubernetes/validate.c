/* validate.c: finds what the API server refuses in a resource by the structure of its kind alone. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "kubernetes/api.h"
#include "kubernetes/api_table.h"

/* The parser refuses deeper texts; this holds where a patch has made the tree. */
enum { DEEPEST = 1000 };

struct validation {
    const struct api_table *table;
    unsigned bit;             /* of the version, in a field's versions */
    struct text path;         /* of the value at hand */
    struct pointer_set *good; /* NULL: nothing is kept */
    size_t faults;
    uint32_t owner; /* of the map at hand */
    api_fault_found *found;
    void *context;
};

static void check_value(struct validation *walk, const struct api_table *table, uint16_t shape, const struct node *node,
                        size_t depth);

static void report_fault(struct validation *walk, struct api_fault fault)
{
    const char *dot = strrchr(text_content(&walk->path), '.');
    fault.path = text_content(&walk->path);
    fault.field = dot ? dot + 1 : fault.path;
    walk->faults++;
    walk->found(walk->context, &fault);
}

/* What each shape takes of a scalar: a set of tags. Lists and maps take none. */
#define TAG_BIT(tag) (1u << (tag))
#define TEXT_TAGS (TAG_BIT(TAG_STRING) | TAG_BIT(TAG_TIMESTAMP) | TAG_BIT(TAG_BINARY) | TAG_BIT(TAG_MERGE))

static const struct {
    unsigned tags;
    const char *expected;
} scalars[] = {
    [SHAPE_STRING] = {TEXT_TAGS, "a string"},
    [SHAPE_INTEGER] = {TAG_BIT(TAG_INT), "an integer"},
    [SHAPE_NUMBER] = {TAG_BIT(TAG_INT) | TAG_BIT(TAG_FLOAT), "a number"},
    [SHAPE_BOOLEAN] = {TAG_BIT(TAG_BOOL), "true or false"},
    [SHAPE_INT_OR_STRING] = {TAG_BIT(TAG_INT) | TEXT_TAGS, "an integer or a string"},
    [SHAPE_QUANTITY] = {TAG_BIT(TAG_INT) | TAG_BIT(TAG_FLOAT) | TEXT_TAGS, "a quantity"},
};

/* JSON does not tell 1.0 from 1. */
static bool is_whole(const struct node *node)
{
    double value = node_tag(node) == TAG_FLOAT ? strtod(node->text, NULL) : NAN;
    return value == floor(value) && value < 0x1p63 && value >= -0x1p63;
}

static void check_scalar(struct validation *walk, uint16_t kind, const struct node *node)
{
    bool is_good = node_is_scalar(node) && (scalars[kind].tags & TAG_BIT(node_tag(node)));
    bool takes_whole = kind == SHAPE_INTEGER || kind == SHAPE_INT_OR_STRING;
    if (!is_good && !(takes_whole && node_is_scalar(node) && is_whole(node)))
        report_fault(walk,
                     (struct api_fault){
                         .kind = API_WRONG_TYPE, .node = node, .at = node->origin, .expected = scalars[kind].expected});
}

static const struct api_field *find_field(const struct api_table *table, uint16_t type, const char *name)
{
    size_t low = table->starts[type], high = table->starts[type + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, api_name(table, table->fields[middle].name));
        if (order == 0)
            return &table->fields[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static const char *nearest_field(const struct api_table *table, uint16_t type, const char *name)
{
    enum { MOST_FIELDS = 256 };
    const char *names[MOST_FIELDS + 1];
    size_t count = 0;
    for (size_t i = table->starts[type]; i < table->starts[type + 1] && count < MOST_FIELDS; i++)
        names[count++] = api_name(table, table->fields[i].name);
    names[count] = NULL;
    return nearest_name(name, names);
}

static unsigned since_of(const struct api_table *table, uint8_t versions)
{
    unsigned number = 0;
    while (!(versions >> number & 1))
        number++;
    return table->oldest + number;
}

/* A field that no version has, or only one that comes later. Of one that earlier versions had nothing is said: the
 * server drops it as it drops an unknown one, so it counts as that. */
static void report_unknown(struct validation *walk, const struct api_table *table, uint16_t type,
                           const struct entry *entry, const struct api_field *field)
{
    bool is_later = field && field->versions >> walk->bit;
    report_fault(walk, (struct api_fault){.kind = is_later ? API_FIELD_TOO_NEW : API_UNKNOWN_FIELD,
                                          .node = entry->value,
                                          .at = entry->origin ? entry->origin : entry->value->origin,
                                          .since = is_later ? since_of(table, field->versions) : 0,
                                          .nearest = is_later ? NULL : nearest_field(table, type, entry->key->text)});
}

static size_t enter_key(struct validation *walk, const char *name)
{
    size_t size = walk->path.size;
    bool is_plain = !strpbrk(name, "./[]");
    if (!is_plain || size)
        text_byte(&walk->path, is_plain ? '.' : '[');
    text_string(&walk->path, name);
    if (!is_plain)
        text_byte(&walk->path, ']');
    return size;
}

/* Passed over: what the server itself writes. */
static bool is_status(const struct validation *walk, const char *name)
{
    return walk->path.size == 0 && strcmp(name, "status") == 0;
}

static void check_entry(struct validation *walk, const struct api_table *table, const struct api_shape *shape,
                        const struct entry *entry, size_t depth)
{
    const struct api_field *field = find_field(table, shape->of, entry->key->text);
    bool is_known = field && field->versions >> walk->bit & 1;
    if (is_status(walk, entry->key->text))
        return;
    size_t size = enter_key(walk, entry->key->text);
    if (is_known && !node_is_null(entry->value))
        check_value(walk, table, field->shape, entry->value, depth + 1);
    else if (!is_known && shape->kind == SHAPE_TYPE)
        report_unknown(walk, table, shape->of, entry, field);
    text_cut(&walk->path, size);
}

static void check_required(struct validation *walk, const struct api_table *table, uint16_t type,
                           const struct node *node)
{
    for (size_t i = table->starts[type]; i < table->starts[type + 1]; i++) {
        const struct node *value = node_find(node, api_name(table, table->fields[i].name));
        if (!(table->fields[i].required >> walk->bit & 1) || (value && !node_is_null(value)))
            continue;
        size_t size = enter_key(walk, api_name(table, table->fields[i].name));
        if (!is_status(walk, text_content(&walk->path)))
            report_fault(walk, (struct api_fault){.kind = API_MISSING_FIELD, .node = node, .at = node->origin});
        text_cut(&walk->path, size);
    }
}

static void check_type(struct validation *walk, const struct api_table *table, const struct api_shape *shape,
                       const struct node *node, size_t depth)
{
    size_t faults = walk->faults;
    uint32_t above = walk->owner;
    bool may_be_shared = walk->good && node->owner != above;
    if (may_be_shared && pointer_set_has(walk->good, node, shape->of))
        return;
    walk->owner = node->owner;
    for (uint32_t i = 0; i < node->count; i++)
        check_entry(walk, table, shape, &node->entries[i], depth);
    check_required(walk, table, shape->of, node);
    walk->owner = above;
    if (may_be_shared && walk->faults == faults)
        pointer_set_add(walk->good, node, shape->of);
}

static void check_map(struct validation *walk, const struct api_table *table, uint16_t of, const struct node *node,
                      size_t depth)
{
    for (uint32_t i = 0; i < node->count; i++) {
        if (node_is_null(node->entries[i].value))
            continue;
        size_t size = enter_key(walk, node->entries[i].key->text);
        check_value(walk, table, of, node->entries[i].value, depth + 1);
        text_cut(&walk->path, size);
    }
}

static void enter_item(struct validation *walk, uint32_t index)
{
    char digits[16];
    size_t first = sizeof digits;
    digits[--first] = ']';
    do
        digits[--first] = (char)('0' + index % 10);
    while (index /= 10);
    digits[--first] = '[';
    text_bytes(&walk->path, digits + first, sizeof digits - first);
}

static void check_list(struct validation *walk, const struct api_table *table, uint16_t of, const struct node *node,
                       size_t depth)
{
    for (uint32_t i = 0; i < node->count; i++) {
        size_t size = walk->path.size;
        enter_item(walk, i);
        if (!node_is_null(node->items[i]))
            check_value(walk, table, of, node->items[i], depth + 1);
        text_cut(&walk->path, size);
    }
}

static void refuse_kind(struct validation *walk, const struct node *node, const char *expected)
{
    report_fault(walk,
                 (struct api_fault){.kind = API_WRONG_TYPE, .node = node, .at = node->origin, .expected = expected});
}

static void check_value(struct validation *walk, const struct api_table *table, uint16_t number,
                        const struct node *node, size_t depth)
{
    const struct api_shape *shape = &table->shapes[number];
    if (shape->kind == SHAPE_ANY || depth > DEEPEST)
        return;
    if (shape->kind == SHAPE_LIST && !node_is_list(node))
        refuse_kind(walk, node, "a list");
    else if (shape->kind == SHAPE_LIST)
        check_list(walk, table, shape->of, node, depth);
    else if (shape->kind < SHAPE_OBJECT)
        check_scalar(walk, shape->kind, node);
    else if (!node_is_map(node))
        refuse_kind(walk, node, "a map");
    else if (shape->kind == SHAPE_MAP)
        check_map(walk, table, shape->of, node, depth);
    else if (shape->kind != SHAPE_OBJECT)
        check_type(walk, table, shape, node, depth);
}

/* Definitions of custom resources leave out what all resources have: metadata is that of the builtin kinds. */
static void check_metadata(struct validation *walk, const struct node *metadata)
{
    struct known_kind any = api_find(NULL, "v1", "ConfigMap");
    const struct api_field *field = find_field(&api_table, (uint16_t)(any.kind->type - 1), "metadata");
    size_t size = enter_key(walk, "metadata");
    walk->bit = api_table.versions - 1;
    check_value(walk, &api_table, field->shape, metadata, 1);
    walk->bit = 0;
    text_cut(&walk->path, size);
}

static void check_custom(struct validation *walk, const struct api_table *table, const struct api_shape *shape,
                         const struct node *resource)
{
    for (uint32_t i = 0; i < resource->count; i++) {
        const struct entry *entry = &resource->entries[i];
        if (strcmp(entry->key->text, "metadata") == 0)
            check_metadata(walk, entry->value);
        else if (strcmp(entry->key->text, "apiVersion") != 0 && strcmp(entry->key->text, "kind") != 0)
            check_entry(walk, table, shape, entry, 0);
    }
    check_required(walk, table, shape->of, resource);
}

/* The bit of a version: one that is older or newer than all known ones counts as the nearest of them. */
static unsigned bit_of(const struct api_table *table, unsigned minor)
{
    unsigned bit = minor < table->oldest ? 0 : minor - table->oldest;
    return bit < table->versions ? bit : table->versions - 1;
}

void api_validate(struct known_kind known, unsigned minor, const struct node *resource, struct pointer_set *good,
                  api_fault_found *found, void *context)
{
    struct validation walk = {.table = known.table, .good = good, .found = found, .context = context};
    if (!api_has_fields(known) || !node_is_map(resource))
        return;
    struct api_shape shape = {SHAPE_TYPE, (uint16_t)(known.kind->type - 1)};
    if (known.table == &api_table) {
        walk.bit = bit_of(known.table, minor);
        check_type(&walk, known.table, &shape, resource, 0);
    } else {
        walk.good = NULL;
        check_custom(&walk, known.table, &shape, resource);
    }
    text_free(&walk.path);
}
