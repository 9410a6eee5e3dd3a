/* blame_json.c: prints what blame has found as JSON. */
#include <string.h>

#include "kustomize/engine.h"
#include "plugin/blame.h"
#include "yaml/emit.h"

static void set_text(struct tree *tree, struct node *map, const char *key, const char *text)
{
    if (text && *text)
        tree_set_string(tree, map, key, text);
}

static void set_number(struct tree *tree, struct node *map, const char *key, size_t number)
{
    tree_set_named(tree, map, key, tree_int(tree, (long long)number));
}

static void set_bytes(struct tree *tree, struct node *map, const char *key, const char *text, size_t size)
{
    tree_set_named(tree, map, key, tree_scalar(tree, text, size, TAG_STRING, STYLE_PLAIN));
}

static struct node *commit_node(struct tree *tree, const struct line_commit *commit)
{
    struct node *node = tree_map(tree);
    set_text(tree, node, "id", commit->id);
    set_text(tree, node, "date", commit->id ? commit->date : NULL);
    set_text(tree, node, "author", commit->id ? commit->author : NULL);
    set_text(tree, node, "summary", commit->id ? commit->summary : NULL);
    set_text(tree, node, "file", commit->file);
    set_number(tree, node, "line", commit->line);
    tree_set_named(tree, node, "boundary", tree_bool(tree, commit->boundary));
    tree_set_named(tree, node, "committed", tree_bool(tree, commit->id != NULL));
    return node;
}

static struct node *part_node(const struct blame *blame, struct tree *tree, const struct written_part *part,
                              const char *value, bool hidden)
{
    struct node *node = tree_map(tree);
    const struct line_commit *commit = blame_commit(blame, part);
    set_bytes(tree, node, "text", hidden ? "(hidden)" : value + part->start, hidden ? strlen("(hidden)") : part->size);
    set_text(tree, node, "step", part->step);
    set_text(tree, node, "computed", blame_reason(blame, value, part));
    if (!part->place.file)
        return node;
    set_text(tree, node, "file", blame_file(blame, part));
    set_number(tree, node, "line", part->place.line);
    set_number(tree, node, "column", part->place.column);
    set_number(tree, node, "endLine", part->end.line);
    set_number(tree, node, "endColumn", part->end.column);
    set_text(tree, node, "field", blame_source(blame, part));
    tree_set_named(tree, node, "exact", tree_bool(tree, part->exact));
    if (commit)
        tree_set_named(tree, node, "commit", commit_node(tree, commit));
    return node;
}

static void add_value(const struct blame *blame, struct tree *tree, struct node *node, const struct written *written,
                      const char *value, size_t size, bool hidden)
{
    struct node *parts = tree_list(tree);
    for (size_t i = 0; i < written->count; i++)
        tree_append(tree, parts, part_node(blame, tree, &written->parts[i], value, hidden));
    set_bytes(tree, node, "value", hidden ? "(hidden)" : value, hidden ? strlen("(hidden)") : size);
    tree_set_named(tree, node, "parts", parts);
}

static struct node *before_node(const struct blame *blame, struct tree *tree, struct written written, bool hidden)
{
    struct node *list = tree_list(tree);
    while (written.old) {
        struct written old = written_at(blame->origins, blame->arena, written.before, written.old, written.old_size);
        struct node *node = tree_map(tree);
        add_value(blame, tree, node, &old, written.old, written.old_size, hidden);
        tree_append(tree, list, node);
        if (!blame->chain)
            break;
        written = old;
    }
    return list;
}

static void add_leaves(const struct blame *blame, struct tree *tree, const struct blamed *blamed, struct node *list)
{
    const char *kind = node_text(node_get(blamed->resource, &key_kind));
    const struct node *metadata = node_get(blamed->resource, &key_metadata);
    for (size_t i = 0; i < blamed->leaves.count; i++) {
        const struct leaf *leaf = &blamed->leaves.items[i];
        struct written written = blame_leaf(blame, leaf);
        struct node *node = tree_map(tree);
        size_t size;
        const char *value = blame_value(blamed, leaf, &size);
        bool scalar = leaf->node->kind == NODE_SCALAR, hidden = blame_hides(blamed, leaf);
        set_text(tree, node, "kind", kind);
        set_text(tree, node, "name", node_text(node_get(metadata, &key_name)));
        set_text(tree, node, "namespace", node_text(node_get(metadata, &key_namespace)));
        set_text(tree, node, "path", leaf->path);
        add_value(blame, tree, node, &written, scalar ? leaf->node->text : value, size, hidden);
        tree_set_named(tree, node, "before", before_node(blame, tree, written, hidden));
        tree_append(tree, list, node);
    }
}

bool blame_write_json(const struct blame *blame, const struct blamed *all, size_t count, struct text *out,
                      struct error *error)
{
    struct tree tree = {.arena = blame->arena, .keys = intern_new(blame->arena), .owner = 1};
    struct node *root = tree_map(&tree), *fields = tree_list(&tree);
    set_text(&tree, root, "target", blame->target);
    for (size_t i = 0; i < count; i++)
        add_leaves(blame, &tree, &all[i], fields);
    tree_set_named(&tree, root, "fields", fields);
    bool good = emit_json(root, out, error);
    text_byte(out, '\n');
    return good;
}
