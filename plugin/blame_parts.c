/* blame_parts.c: what there is to say of one part of a value: its file, field, commit, or why it stands nowhere. */
#include <string.h>

#include "base/map.h"
#include "kustomize/engine.h"
#include "plugin/blame.h"
#include "plugin/run/field_at.h"

struct written blame_leaf(const struct blame *blame, const struct leaf *leaf)
{
    if (leaf->node->kind == NODE_SCALAR)
        return written_value(blame->origins, blame->arena, leaf->node);
    struct written_part *part = ARENA_NEW(blame->arena, struct written_part);
    part->place = part->end = origins_place(blame->origins, leaf->node->origin);
    part->computed = part->place.file ? NULL : "it stands in no file";
    return (struct written){.parts = part, .count = 1};
}

bool blame_hides(const struct blamed *blamed, const struct leaf *leaf)
{
    const char *first = leaf->count ? leaf->steps[0].key : NULL;
    return node_equals(node_get(blamed->resource, &key_kind), "Secret") && first &&
           (strcmp(first, "data") == 0 || strcmp(first, "stringData") == 0);
}

const char *blame_value(const struct blamed *blamed, const struct leaf *leaf, size_t *size)
{
    const char *shown = leaf->node->kind == NODE_MAP ? "{}" : "[]";
    if (blame_hides(blamed, leaf))
        shown = "(hidden)";
    else if (leaf->node->kind == NODE_SCALAR) {
        *size = leaf->node->count;
        return leaf->node->text;
    }
    *size = strlen(shown);
    return shown;
}

const struct line_commit *blame_commit(const struct blame *blame, const struct written_part *part)
{
    if (!blame->commits || !part->place.file || !part->place.line)
        return NULL;
    return line_commits_find(blame->commits, part->place.file, part->place.line);
}

const char *blame_source(const struct blame *blame, const struct written_part *part)
{
    const char *field = part->text ? field_at(blame->arena, part->text, part->text_size, part->byte) : NULL;
    if (field)
        return field;
    return part->step ? part->step : "";
}

const char *blame_file(const struct blame *blame, const struct written_part *part)
{
    return part->place.file ? repository_local_path(blame->repository, blame->arena, part->place.file) : "";
}

static void add_file(const struct blame *blame, struct map *known, struct text *out, const char *file)
{
    void **slot = file ? map_slot(known, file, strlen(file)) : NULL;
    if (!slot || *slot)
        return;
    text_format(out, "%s%s", out->size ? ", " : "", repository_local_path(blame->repository, blame->arena, file));
    *slot = known;
}

/* The files that the data of a generated object came from. */
static const char *files_of(const struct blame *blame, const struct node *resource)
{
    struct leaves leaves;
    struct text files = {0};
    struct map *known = map_new(blame->arena);
    leaves_of(blame->arena, resource, &leaves);
    for (size_t i = 0; i < leaves.count; i++) {
        const char *first = leaves.items[i].steps[0].key;
        if (!first || !strstr(first, "ata") || strcmp(first, "metadata") == 0)
            continue;
        struct written written = blame_leaf(blame, &leaves.items[i]);
        for (size_t j = 0; j < written.count; j++)
            add_file(blame, known, &files, written.parts[j].place.file);
    }
    const char *copy = arena_copy(blame->arena, text_content(&files), files.size);
    text_free(&files);
    return copy;
}

const char *blame_reason(const struct blame *blame, const char *value, const struct written_part *part)
{
    if (!part->step || strcmp(part->step, "hash") != 0)
        return part->computed;
    for (size_t i = 0; i < blame->rendered->count; i++) {
        const struct node *resource = blame->rendered->items[i];
        const char *kind = node_text(node_get(resource, &key_kind));
        if (!node_equals(node_get(node_get(resource, &key_metadata), &key_name), value) || !kind ||
            (strcmp(kind, "ConfigMap") != 0 && strcmp(kind, "Secret") != 0))
            continue;
        return arena_format(blame->arena, "the content of %s %.*s (%s)", kind, (int)part->start, value,
                            files_of(blame, resource));
    }
    return part->computed;
}
