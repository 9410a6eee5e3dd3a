/* sealing.c: puts sealed values into the text of a SealedSecret. */
#include "plugin/run/sealing.h"

#include <string.h>

#include "yaml/splice.h"
#include "yaml/tree.h"

#define RECORDS "rootapp.dev/sealed"

struct editing {
    struct arena *arena;
    const struct seal_edit *edit;
    struct layout layout;
    struct text *text;
    struct tree tree;
    struct error *error;
};

static bool read_layout(struct editing *editing)
{
    const char *bytes = arena_copy(editing->arena, text_content(editing->text), editing->text->size);
    return layout_read(editing->arena, editing->edit->file, bytes, editing->text->size, &editing->layout,
                       editing->error);
}

/* The SealedSecret in the text; NULL with an error. */
static const struct layout_node *find_sealed(struct editing *editing)
{
    const struct layout_node *found = NULL;
    if (!read_layout(editing))
        return NULL;
    for (size_t i = 0; i < editing->layout.count; i++) {
        const struct layout_node *document = editing->layout.documents[i];
        const char *kind = layout_text(layout_value(document, "kind"));
        const char *name = layout_text(layout_value(layout_value(document, "metadata"), "name"));
        if (kind && strcmp(kind, "SealedSecret") == 0 &&
            (!found || (name && editing->edit->name && strcmp(name, editing->edit->name) == 0)))
            found = document;
    }
    if (!found)
        error_set(editing->error, "%s: holds no SealedSecret", editing->edit->file);
    return found;
}

static bool take_edit(struct editing *editing, bool good, struct text *edited)
{
    if (good) {
        text_cut(editing->text, 0);
        text_bytes(editing->text, text_content(edited), edited->size);
    }
    text_free(edited);
    return good;
}

/* Sets an entry of a map that is the value of `field` in `parent`, which is made where it is not there. */
static bool set_entry(struct editing *editing, const struct layout_node *parent, const char *field, const char *key,
                      const char *value)
{
    struct text edited = {0};
    const struct layout_item *entry = layout_find(parent, field);
    const struct layout_node *map = entry ? entry->value : NULL, *old = layout_value(map, key);
    struct node *string = tree_string(&editing->tree, value), *made = tree_map(&editing->tree);
    tree_set_string(&editing->tree, made, key, value);
    bool good;
    if (old && old->kind == LAYOUT_NOTHING)
        good = splice_value(&editing->layout, layout_find(map, key), string, &edited, editing->error);
    else if (old)
        good = splice_string(&editing->layout, old, value, strlen(value), &edited, editing->error);
    else if (map && map->kind == LAYOUT_MAP)
        good = splice_add_entry(&editing->layout, map, key, string, &edited, editing->error);
    else if (entry)
        good = splice_value(&editing->layout, entry, made, &edited, editing->error);
    else
        good = splice_add_entry(&editing->layout, parent, field, made, &edited, editing->error);
    return take_edit(editing, good, &edited);
}

static bool remove_entry(struct editing *editing, const struct layout_node *map, const char *key)
{
    struct text edited = {0};
    for (uint32_t i = 0; map && map->kind == LAYOUT_MAP && i < map->count; i++) {
        const char *name = layout_text(map->items[i].key);
        if (name && strcmp(name, key) == 0)
            return take_edit(editing, splice_remove(&editing->layout, map, i, &edited, editing->error), &edited);
    }
    return error_set(editing->error, "%s: has no key '%s'", editing->edit->file, key);
}

static bool set_value(struct editing *editing)
{
    const struct layout_node *sealed = find_sealed(editing), *spec = layout_value(sealed, "spec");
    if (!sealed)
        return false;
    if (!spec || spec->kind != LAYOUT_MAP)
        return error_set(editing->error, "%s: the SealedSecret has no spec", editing->edit->file);
    if (!editing->edit->sealed)
        return remove_entry(editing, layout_value(spec, "encryptedData"), editing->edit->key);
    return set_entry(editing, spec, "encryptedData", editing->edit->key, editing->edit->sealed);
}

/* The records without that of the key, and with a new one. */
static const char *new_records(struct editing *editing, const char *old)
{
    struct text out = {0};
    size_t key = strlen(editing->edit->key);
    for (const char *at = old ? old : ""; *(at += strspn(at, " \t\n,")); at += strcspn(at, " \t\n,"))
        if (strncmp(at, editing->edit->key, key) != 0 || at[key] != '=')
            text_format(&out, "%s%.*s", out.size ? " " : "", (int)strcspn(at, " \t\n,"), at);
    if (editing->edit->record)
        text_format(&out, "%s%s", out.size ? " " : "", editing->edit->record);
    const char *records = arena_copy(editing->arena, text_content(&out), out.size);
    text_free(&out);
    return records;
}

static bool set_record(struct editing *editing)
{
    const struct layout_node *metadata = layout_value(find_sealed(editing), "metadata");
    const char *old = layout_text(layout_value(layout_value(metadata, "annotations"), RECORDS));
    if (!metadata || metadata->kind != LAYOUT_MAP)
        return false;
    const char *records = new_records(editing, old);
    if (!*records)
        return !old || remove_entry(editing, layout_value(metadata, "annotations"), RECORDS);
    return set_entry(editing, metadata, "annotations", RECORDS, records);
}

bool seal_edit_text(struct arena *arena, const struct seal_edit *edit, struct text *text, struct error *error)
{
    struct editing editing = {.arena = arena,
                              .edit = edit,
                              .text = text,
                              .tree = {.arena = arena, .keys = intern_new(arena), .owner = 1},
                              .error = error};
    return set_value(&editing) && set_record(&editing);
}

const char *seal_written_name(struct arena *arena, const char *file, const struct text *text, unsigned line)
{
    struct layout layout;
    struct error ignored = {0};
    const char *name = NULL;
    bool read =
        layout_read(arena, file, arena_copy(arena, text_content(text), text->size), text->size, &layout, &ignored);
    error_free(&ignored);
    for (size_t i = 0; read && i < layout.count; i++)
        if (layout_place(&layout, layout.documents[i]->start).line <= line)
            name = layout_text(layout_value(layout_value(layout.documents[i], "metadata"), "name"));
    return name;
}

void seal_new_text(const char *name, const char *scope, struct text *out)
{
    text_format(out, "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: %s\n  annotations:\n",
                name);
    if (strcmp(scope, "strict") != 0)
        text_format(out, "    sealedsecrets.bitnami.com/%s: \"true\"\n", scope);
    text_string(out, "    argocd.argoproj.io/sync-wave: \"-1\"  # before the pods that read it\nspec:\n"
                     "  encryptedData:\n  template:\n    type: Opaque\n");
}

bool seal_add_resource(struct arena *arena, const char *file, const char *resource, struct text *text,
                       struct error *error)
{
    struct seal_edit edit = {.file = file};
    struct editing editing = {.arena = arena,
                              .edit = &edit,
                              .text = text,
                              .tree = {.arena = arena, .keys = intern_new(arena), .owner = 1},
                              .error = error};
    struct text edited = {0};
    if (!read_layout(&editing))
        return false;
    const struct layout_node *root = editing.layout.count ? editing.layout.documents[0] : NULL;
    const struct layout_item *resources = layout_find(root, "resources");
    struct node *item = tree_string(&editing.tree, resource), *list = tree_list(&editing.tree);
    tree_append(&editing.tree, list, item);
    if (!root || root->kind != LAYOUT_MAP)
        return error_set(error, "%s: is no kustomization", file);
    if (resources && resources->value->kind == LAYOUT_LIST)
        return take_edit(&editing, splice_add_item(&editing.layout, resources->value, item, &edited, error), &edited);
    bool good = resources ? splice_value(&editing.layout, resources, list, &edited, error)
                          : splice_add_entry(&editing.layout, root, "resources", list, &edited, error);
    return take_edit(&editing, good, &edited);
}
