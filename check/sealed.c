/* sealed.c: SealedSecrets whose values the controller cannot open, or that nobody reads. */
#include <string.h>

#include "base/map.h"
#include "base/pointer_set.h"
#include "base/text.h"
#include "check/workloads.h"
#include "yaml/scalar.h"

#define ANNOTATION_WIDE "sealedsecrets.bitnami.com/namespace-wide"
#define ANNOTATION_CLUSTER "sealedsecrets.bitnami.com/cluster-wide"
#define ANNOTATION_RECORDS "rootapp.dev/sealed" /* KEY=FINGERPRINT@NAMESPACE/NAME, separated by spaces */

enum { GCM_TAG_SIZE = 16, DEEPEST = 200 };

/* For whom a value can be opened. Source: sealed-secrets pkg/apis/sealedsecrets/v1alpha1, EncryptionLabel */
enum scope { STRICT, NAMESPACE_WIDE, CLUSTER_WIDE };

struct sealed_check {
    struct check_input *input;
    struct map *seen;         /* ciphertext -> where it stands first */
    struct pointer_set whole; /* values that are ones */
    struct map *read;         /* names of SealedSecrets -> bool, whether anything has them as a value */
};

struct sealed {
    const struct check_target *target;
    const struct check_object *object;
    const struct node *annotations, *template; /* of the template: its metadata */
    const struct node *values;
    enum scope scope;
};

struct sealed_value {
    const struct sealed *sealed;
    const char *key;
};

static bool is_true(const struct node *annotations, const char *name)
{
    return node_equals(node_find(annotations, name), "true");
}

static bool read_sealed(const struct check_target *target, const struct check_object *object, struct sealed *out)
{
    static const char *const annotations[] = {"metadata", "annotations", NULL};
    static const char *const template[] = {"spec", "template", "metadata", NULL};
    static const char *const values[] = {"spec", "encryptedData", NULL};
    if (strcmp(object->kind, "SealedSecret") != 0)
        return false;
    *out = (struct sealed){target,
                           object,
                           node_path(object->root, annotations),
                           node_path(object->root, template),
                           node_path(object->root, values),
                           STRICT};
    if (is_true(out->annotations, ANNOTATION_CLUSTER))
        out->scope = CLUSTER_WIDE;
    else if (is_true(out->annotations, ANNOTATION_WIDE))
        out->scope = NAMESPACE_WIDE;
    return true;
}

/* Scopes. */

static void check_scope(struct sealed_check *check, const struct sealed *sealed)
{
    const struct node *cluster = node_find(sealed->annotations, ANNOTATION_CLUSTER);
    const struct node *inner = node_find(sealed->template, "annotations");
    if (sealed->scope == CLUSTER_WIDE && is_true(sealed->annotations, ANNOTATION_WIDE))
        check_report(check->input, sealed->target, RA513, cluster->origin, sealed->object,
                     "SealedSecret '%s' is both cluster-wide and namespace-wide: the first counts",
                     sealed->object->name);
    static const char *const scopes[] = {ANNOTATION_CLUSTER, ANNOTATION_WIDE};
    for (size_t i = 0; i < 2; i++)
        if (is_true(inner, scopes[i]) && sealed->scope == STRICT)
            check_report(check->input, sealed->target, RA513, node_find(inner, scopes[i])->origin, sealed->object,
                         "'%s' stands in the template only, where it has no effect: SealedSecret '%s' is strict",
                         scopes[i], sealed->object->name);
}

/* For whom it was sealed. kubeseal writes the name and the namespace into the template, and transformers of kustomize
 * change those of the SealedSecret only. */

static void tell_elsewhere(struct sealed_check *check, const struct sealed *sealed, origin at, const char *key,
                           const char *what, const char *was, const char *is)
{
    check_report(check->input, sealed->target, RA510, at, sealed->object,
                 "%s%s%s was sealed for the %s '%s' and is rendered with '%s': the controller cannot open it",
                 key ? "key '" : "SealedSecret '", key ? key : sealed->object->name, "'", what, was, is);
}

static void check_template(struct sealed_check *check, const struct sealed *sealed)
{
    const struct node *name = node_find(sealed->template, "name"),
                      *namespace = node_find(sealed->template, "namespace");
    const struct check_object *object = sealed->object;
    if (sealed->scope == STRICT && node_text(name) && strcmp(name->text, object->name) != 0)
        tell_elsewhere(check, sealed, name->origin, NULL, "name", name->text, object->name);
    if (sealed->scope != CLUSTER_WIDE && node_text(namespace) && *object->namespace &&
        strcmp(namespace->text, object->namespace) != 0)
        tell_elsewhere(check, sealed, namespace->origin, NULL, "namespace", namespace->text, object->namespace);
}

/* What a scalar says in its file, whatever transformers have made of it; NULL: it stands in none. */
static const char *text_in_file(const struct sealed_check *check, const struct sealed *sealed, const struct node *node,
                                struct span *place)
{
    *place = span_at(sealed->target->origins, node->origin);
    const struct file_bytes *file = place->file && place->line ? check_file(check->input, place->file) : NULL;
    const char *at = file ? file->bytes : NULL;
    for (unsigned line = 1; at && line < place->line; line++)
        at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    if (!at || place->end_line != place->line || place->end_column <= place->column)
        return NULL;
    size_t size = place->end_column - place->column;
    at += place->column - 1;
    bool quoted = size > 2 && (*at == '"' || *at == '\'');
    return arena_copy(check->input->arena, at + quoted, size - (quoted ? 2 : 0));
}

/* Without a record, a file that names a namespace was sealed for that one. Its values have to stand there, too: those
 * of a patch were sealed for what the patch names. */
static void check_file_says(struct sealed_check *check, const struct sealed *sealed)
{
    const struct node *metadata = node_get(sealed->object->root, &key_metadata);
    const struct node *namespace = node_get(metadata, &key_namespace);
    struct span place;
    if (sealed->scope == CLUSTER_WIDE || !node_text(namespace) || node_find(sealed->annotations, ANNOTATION_RECORDS) ||
        node_text(node_find(sealed->template, "namespace")) || !node_is_map(sealed->values) || !sealed->values->count)
        return;
    struct place values = origins_place(sealed->target->origins, sealed->values->entries[0].value->origin);
    const char *said = text_in_file(check, sealed, namespace, &place);
    if (!said || !values.file || strcmp(values.file, place.file) != 0 || strcmp(said, namespace->text) == 0)
        return;
    check_report_in(check->input, sealed->target, RA510, place, sealed->object,
                    "SealedSecret '%s' was sealed for the namespace '%s' and is rendered with '%s': the controller "
                    "cannot open it",
                    sealed->object->name, said, namespace->text);
}

static void check_record(struct sealed_check *check, const struct sealed *sealed, origin at, const char *record,
                         size_t size)
{
    struct arena *arena = check->input->arena;
    const char *end = record + size, *equals = memchr(record, '=', size), *place = memchr(record, '@', size);
    const char *slash = place ? memchr(place, '/', (size_t)(end - place)) : NULL;
    if (!equals || !slash || equals > place)
        return;
    const char *key = arena_copy(arena, record, (size_t)(equals - record));
    const char *namespace = arena_copy(arena, place + 1, (size_t)(slash - place - 1));
    const char *name = arena_copy(arena, slash + 1, (size_t)(end - slash - 1));
    if (!node_find(sealed->values, key))
        return;
    if (sealed->scope == STRICT && *name && strcmp(name, sealed->object->name) != 0)
        tell_elsewhere(check, sealed, at, key, "name", name, sealed->object->name);
    if (sealed->scope != CLUSTER_WIDE && *namespace && *sealed->object->namespace &&
        strcmp(namespace, sealed->object->namespace) != 0)
        tell_elsewhere(check, sealed, at, key, "namespace", namespace, sealed->object->namespace);
}

static void check_records(struct sealed_check *check, const struct sealed *sealed)
{
    const struct node *records = node_find(sealed->annotations, ANNOTATION_RECORDS);
    const char *at = node_text(records);
    while (at && *(at += strspn(at, " \t\n,"))) {
        size_t size = strcspn(at, " \t\n,");
        check_record(check, sealed, records->origin, at, size);
        at += size;
    }
}

/* Values: the size of an RSA part in two bytes, that part, and AES-GCM. Source: sealed-secrets pkg/crypto */

static const char *broken_value(const char *text, size_t size)
{
    struct text bytes = {0};
    const char *why = NULL;
    if (!size)
        return "is empty";
    if (!scalar_base64(text, size, &bytes))
        why = "is not base64: a placeholder, or cut off";
    else if (bytes.size < 2)
        why = "is too short";
    size_t rsa = why ? 0 : (size_t)((unsigned char)bytes.bytes[0] << 8 | (unsigned char)bytes.bytes[1]);
    if (!why && rsa != 256 && rsa != 384 && rsa != 512)
        why = "does not begin as a sealed value does";
    else if (!why && bytes.size < 2 + rsa + GCM_TAG_SIZE)
        why = "is cut off";
    text_free(&bytes);
    return why;
}

static void check_copy(struct sealed_check *check, const struct sealed *sealed, const char *key,
                       const struct node *value)
{
    struct sealed_value **slot = (struct sealed_value **)map_slot(check->seen, value->text, value->count);
    const struct check_object *object = sealed->object;
    if (!*slot) {
        *slot = ARENA_NEW(check->input->arena, struct sealed_value);
        **slot = (struct sealed_value){sealed, key};
        return;
    }
    const struct check_object *first = (*slot)->sealed->object;
    bool same_namespace = strcmp(first->namespace, object->namespace) == 0;
    bool opens = sealed->scope == CLUSTER_WIDE || (same_namespace && sealed->scope == NAMESPACE_WIDE) ||
                 (same_namespace && strcmp(first->name, object->name) == 0);
    if (!opens)
        check_report(check->input, sealed->target, RA511, value->origin, object,
                     "key '%s' of SealedSecret '%s' is a copy of that of '%s'%s%s: it can be opened in one place only",
                     key, object->name, first->name, same_namespace ? "" : " in the namespace ",
                     same_namespace ? "" : first->namespace);
    else if (strcmp((*slot)->key, key) != 0 && (*slot)->sealed->object == object)
        check_report(check->input, sealed->target, RA511, value->origin, object,
                     "the keys '%s' and '%s' of SealedSecret '%s' have the same sealed value", (*slot)->key, key,
                     object->name)
            ->severity = SEVERITY_WARNING;
}

static void check_values(struct sealed_check *check, const struct sealed *sealed)
{
    const struct node *values = sealed->values;
    for (uint32_t i = 0; node_is_map(values) && i < values->count; i++) {
        const struct node *value = values->entries[i].value;
        const char *key = values->entries[i].key ? values->entries[i].key->text : "";
        const char *why = pointer_set_has(&check->whole, value, 0) ? NULL
                          : node_is_scalar(value)                  ? broken_value(value->text, value->count)
                                                                   : "is no text";
        if (!why)
            pointer_set_add(&check->whole, value, 0);
        if (why)
            check_report(check->input, sealed->target, RA512, value->origin, sealed->object, "the value of '%s' %s",
                         key, why);
        else
            check_copy(check, sealed, key, value);
    }
}

/* Who reads it: any other object that has its name as a value. All values are looked at once, for all names. */

enum { LONGEST_NAME = 253 };

static void add_name(struct map *names, struct arena *arena, const char *name)
{
    bool **mark = (bool **)map_slot(names, name, strlen(name));
    if (!*mark)
        *mark = ARENA_NEW(arena, bool);
}

struct name_search {
    struct map *names;
    bool sizes[LONGEST_NAME + 1]; /* whether one of them has it */
    struct pointer_set looked_at; /* what objects share is looked at once */
};

static void mark_names(struct name_search *search, const struct node *node, uint32_t above, unsigned depth)
{
    if (node->kind == NODE_SCALAR) {
        bool may = node->count <= LONGEST_NAME && search->sizes[node->count];
        bool *mark = may ? map_get(search->names, node->text, node->count) : NULL;
        if (mark)
            *mark = true;
        return;
    }
    if (depth > DEEPEST || (node->owner != above && pointer_set_has(&search->looked_at, node, 0)))
        return;
    if (node->owner != above)
        pointer_set_add(&search->looked_at, node, 0);
    for (uint32_t i = 0; i < node->count; i++)
        mark_names(search, node->kind == NODE_MAP ? node->entries[i].value : node->items[i], node->owner, depth + 1);
}

static void mark_names_in(struct name_search *search, const struct check_object *object)
{
    const struct node *metadata = node_get(object->root, &key_metadata);
    if (!node_is_map(object->root) || strcmp(object->kind, "SealedSecret") == 0)
        return;
    for (uint32_t i = 0; i < object->root->count; i++)
        if (object->root->entries[i].value != metadata)
            mark_names(search, object->root->entries[i].value, object->root->owner, 0);
}

static struct map *find_read_names(const struct check_input *input)
{
    struct name_search search = {.names = map_new(input->arena), .looked_at.arena = input->arena};
    size_t count = 0;
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const char *name = input->targets[i].objects[j].name;
            if (strcmp(input->targets[i].objects[j].kind, "SealedSecret") != 0 || strlen(name) > LONGEST_NAME)
                continue;
            count++;
            search.sizes[strlen(name)] = true;
            add_name(search.names, input->arena, name);
        }
    for (size_t i = 0; count && i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++)
            mark_names_in(&search, &input->targets[i].objects[j]);
    return search.names;
}

static bool is_read(const struct sealed_check *check, const struct sealed *sealed)
{
    const bool *mark = map_get(check->read, sealed->object->name, strlen(sealed->object->name));
    return mark && *mark;
}

static bool has_workload(const struct check_target *target)
{
    struct workload workload;
    for (size_t i = 0; i < target->object_count; i++)
        if (workload_of(target, &target->objects[i], &workload))
            return true;
    return false;
}

static void check_readers(struct sealed_check *check, const struct sealed *sealed)
{
    if (has_workload(sealed->target) && !is_read(check, sealed))
        check_report(check->input, sealed->target, RA519, sealed->object->root->origin, sealed->object,
                     "nothing reads the Secret of SealedSecret '%s'", sealed->object->name);
}

static void check_sealed(struct check_input *input)
{
    struct sealed_check check = {
        .input = input, .seen = map_new(input->arena), .whole.arena = input->arena, .read = find_read_names(input)};
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            struct sealed *sealed = ARENA_NEW(input->arena, struct sealed);
            if (!read_sealed(&input->targets[i], &input->targets[i].objects[j], sealed))
                continue;
            check_scope(&check, sealed);
            check_template(&check, sealed);
            check_records(&check, sealed);
            check_file_says(&check, sealed);
            check_values(&check, sealed);
            check_readers(&check, sealed);
        }
}

static const enum rule_id ids[] = {RA510, RA511, RA512, RA513, RA519, RULE_COUNT};
const struct check sealed_check = {"sealed", ids, check_sealed};
