/* notice.c: finds and notes what a render silently loses or ignores. */
#include "kustomize/kustomization/notice.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "yaml/scalar.h"

enum { MOST_NOTICES = 128 * 1024, DEEPEST = PARSE_DEEPEST };

enum { MOST_WORK = 10 * 1000 * 1000 }; /* a fifth of a second */

bool notice_may(struct render *render, size_t times, size_t each)
{
    if (!wants_notices(render))
        return false;
    bool few = !each || times <= (MOST_WORK - render->notice_work) / each;
    render->notice_work = few ? render->notice_work + times * each : MOST_WORK;
    return few;
}

struct findings *notices_new(struct arena *arena)
{
    struct findings *findings = findings_new(arena);
    findings->most = MOST_NOTICES;
    return findings;
}

__attribute__((format(printf, 4, 0))) static struct finding *add_notice(struct render *render, enum rule_id rule,
                                                                        struct span place, const char *format,
                                                                        va_list arguments)
{
    struct text message = {0};
    text_format_list(&message, format, arguments);
    struct finding finding = {.rule = &rules[rule], .place = place, .message = text_content(&message)};
    struct finding *added = findings_add(render->findings, &finding);
    text_free(&message);
    return added;
}

struct finding *render_notice(struct render *render, enum rule_id rule, origin at, const char *format, ...)
{
    va_list arguments;
    if (!wants_notices(render))
        return NULL;
    va_start(arguments, format);
    struct finding *added = add_notice(render, rule, span_at(render->origins, at), format, arguments);
    va_end(arguments);
    return added;
}

struct finding *render_notice_in(struct render *render, enum rule_id rule, struct span place, const char *format, ...)
{
    va_list arguments;
    if (!wants_notices(render))
        return NULL;
    va_start(arguments, format);
    struct finding *added = add_notice(render, rule, place, format, arguments);
    va_end(arguments);
    return added;
}

void notice_about(struct render *render, struct finding *finding, const struct resource *resource, const char *field)
{
    struct arena *arena = render->findings ? render->findings->arena : NULL;
    if (!finding)
        return;
    if (resource && resource->root)
        finding->resource = (struct finding_resource){
            .api_version = arena_string(arena, resource->group_version ? resource->group_version : ""),
            .kind = arena_string(arena, resource->id.gvk.kind),
            .namespace = *resource->id.namespace ? arena_string(arena, resource->id.namespace) : NULL,
            .name = arena_string(arena, resource->id.name)};
    if (field)
        finding->field = arena_string(arena, field);
}

/* Kustomization files. */

static bool may_have_documents(const struct yaml_text *text)
{
    for (const char *at = text->bytes, *end = at + text->size; (at = memchr(at, '\n', (size_t)(end - at))); at++)
        if (end - at > 3 && memcmp(at, "\n---", 4) == 0)
            return true;
    return false;
}

static void notice_deprecated(struct render *render, const struct node *root)
{
    for (uint32_t i = 0; node_is_map(root) && i < root->count; i++) {
        const char *field = root->entries[i].key->text, *successor = kustomization_successor(field);
        if (successor)
            render_notice(render, RA002, root->entries[i].origin, "'%s' is deprecated: use '%s'", field, successor);
    }
}

void notice_kustomization(struct render *render, const struct yaml_text *text, const struct node *fields, bool repeated)
{
    struct error twice = {0}, ignored = {0};
    struct node_array documents = {0};
    struct node *root = NULL;
    if (!wants_notices(render))
        return;
    notice_deprecated(render, fields);
    if (repeated && !parse_first(render->tree, text, &root, &twice) && twice.kind == ERROR_DUPLICATE_KEY)
        render_notice_in(render, RA740, span_of((struct place){twice.file, twice.line, twice.column}),
                         "%s: only the last one counts", twice.message);
    else if (may_have_documents(text) && parse_documents(render->tree, text, &documents, &ignored) &&
             documents.count > 1)
        render_notice(render, RA743, documents.items[1]->origin,
                      "the file's second document is ignored: only the first counts");
    error_free(&twice);
    error_free(&ignored);
}

void notice_joined_annotations(struct render *render, const struct resource *resource)
{
    const struct node *metadata = node_get(resource->root, &key_metadata);
    const struct node *annotations = node_get(metadata, &key_annotations);
    const struct left_out *maps = node_is_map(metadata) ? metadata->unprintable : NULL;
    const struct left_out *keys = node_is_map(annotations) ? annotations->unprintable : NULL;
    for (size_t i = 0; wants_notices(render) && maps && i < maps->count; i++)
        if (maps->entries[i].key == &key_annotations)
            render_notice(render, RA741, maps->entries[i].origin,
                          "annotations are there twice: both are joined, the first one counts");
    for (size_t i = 0; wants_notices(render) && keys && i < keys->count; i++)
        if (keys->entries[i].key)
            render_notice(render, RA742, keys->entries[i].origin,
                          "the annotation '%s' is there twice: only the last one counts", keys->entries[i].key->text);
}

/* Patches. */

static bool is_foreign_directive(const char *key)
{
    static const char *const prefixes[] = {"$retainKeys", "$setElementOrder", "$deleteFromPrimitiveList"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(key, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static void find_directives(struct render *render, const struct node *node, size_t depth)
{
    if (depth > DEEPEST || node->kind == NODE_SCALAR)
        return;
    const struct left_out *twice = node->kind == NODE_MAP ? node->unprintable : NULL;
    for (size_t i = 0; twice && i < twice->count; i++)
        if (twice->entries[i].key)
            render_notice(render, RA208, twice->entries[i].origin,
                          "the key '%s' is there twice: the patch takes the first one, and this one is lost",
                          twice->entries[i].key->text);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct entry *entry = node->kind == NODE_MAP ? &node->entries[i] : NULL;
        if (entry && is_foreign_directive(entry->key->text))
            render_notice(render, RA704, entry->origin, "the directive '%s' is not obeyed but copied into the output",
                          entry->key->text);
        find_directives(render, entry ? entry->value : node->items[i], depth + 1);
    }
}

void notice_directives(struct render *render, const struct node *patch)
{
    if (wants_notices(render) && patch)
        find_directives(render, patch, 0);
}

/* JSON patches. */

static void find_rounded(struct render *render, const struct node *node, size_t depth)
{
    char text[NUMBER_SIZE];
    if (depth > DEEPEST)
        return;
    for (uint32_t i = 0; node->kind != NODE_SCALAR && i < node->count; i++)
        find_rounded(render, node->kind == NODE_MAP ? node->entries[i].value : node->items[i], depth + 1);
    if (node->kind != NODE_SCALAR || node->count < 16 || node_tag(node) != TAG_INT ||
        strspn(node->text, "+-0123456789") != node->count)
        return;
    errno = 0;
    long long number = strtoll(node->text, NULL, 10);
    double value = strtod(node->text, NULL);
    scalar_go_float(value, text);
    if (errno || value >= 0x1p63 || (long long)value != number)
        render_notice(render, RA705, node->origin,
                      "the number %s becomes %s: a JSON patch makes every number a float of 64 bits", node->text, text);
}

void notice_rounded_numbers(struct render *render, const struct node *node)
{
    if (wants_notices(render) && node)
        find_rounded(render, node, 0);
}
