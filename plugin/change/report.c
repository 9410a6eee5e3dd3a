/* report.c: tells what came of changes of images. */
#include "plugin/change/report.h"

#include <string.h>

#include "base/line_diff.h"
#include "yaml/emit.h"

static void write_unchanged(const struct image_change *change, struct text *out)
{
    if (change->state == CHANGE_SUPERSEDED)
        text_format(out, "%s: %s\n", change->target->label, change->note);
    else if (change->state == CHANGE_HELD)
        text_format(out, "%s: %s is held%s%s\n", change->target->label, change->wish->name,
                    *change->edit.hold ? ": " : "", change->edit.hold);
    else
        text_format(out, "%s: %s is %s already\n", change->target->label, change->wish->name, change->to);
}

/* Whether an earlier change, of another target, is the one that this one is in the file. */
static bool is_repeated(const struct changes *changes, size_t index)
{
    const struct image_change *change = &changes->items[index];
    for (size_t i = 0; i < index; i++)
        if (strcmp(changes->items[i].file, change->file) == 0 &&
            strcmp(changes->items[i].wish->name, change->wish->name) == 0)
            return true;
    return false;
}

void report_text(const struct changes *changes, struct text *out)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct image_change *change = &changes->items[i];
        if (change->state != CHANGE_MADE) {
            write_unchanged(change, out);
            continue;
        }
        if (!is_repeated(changes, i))
            image_edit_write(&change->edit, change->file, change->wish, change->before, out);
        for (size_t k = 0; k < change->effects.count; k++) {
            const struct effect *effect = &change->effects.items[k];
            text_format(out, "%s: %s: %s -> %s\n", effect->target ? effect->target : change->target->label,
                        effect_text(changes->arena, effect->kind, effect->name, effect->path), effect->old,
                        effect->new);
        }
    }
}

void report_diff(const struct changes *changes, struct text *out)
{
    for (size_t i = 0; i < changes->file_count; i++) {
        const struct changed_file *file = &changes->files[i];
        const char *old = arena_format(changes->arena, "a/%s", file->path);
        const char *new = arena_format(changes->arena, "b/%s", file->path);
        line_diff(old, &file->old, new, &file->new, out);
    }
}

/* JSON. */

static struct node *pair_node(struct tree *tree, const char *tag, const char *digest)
{
    struct node *pair = tree_map(tree);
    tree_set_given(tree, pair, "tag", tag);
    tree_set_given(tree, pair, "digest", digest);
    return pair;
}

static struct node *resource_node(struct tree *tree, const struct effect *effect)
{
    struct node *node = tree_map(tree);
    tree_set_given(tree, node, "target", effect->target);
    tree_set_given(tree, node, "kind", effect->kind);
    tree_set_given(tree, node, "name", effect->name);
    tree_set_given(tree, node, "field", effect->path);
    tree_set_given(tree, node, "from", effect->old);
    tree_set_given(tree, node, "to", effect->new);
    return node;
}

static struct node *change_node(struct tree *tree, const struct image_change *change)
{
    static const char *const states[] = {[CHANGE_NONE] = "unchanged",
                                         [CHANGE_MADE] = "changed",
                                         [CHANGE_HELD] = "held",
                                         [CHANGE_SUPERSEDED] = "superseded"};
    const struct image_edit *edit = &change->edit;
    struct node *node = tree_map(tree), *resources = tree_list(tree);
    tree_set_given(tree, node, "app", change->target->app);
    tree_set_given(tree, node, "env", change->target->environment);
    tree_set_given(tree, node, "state", states[change->state]);
    tree_set_given(tree, node, "reason", change->note ? change->note : edit->hold && *edit->hold ? edit->hold : NULL);
    tree_set_given(tree, node, "file", change->file);
    tree_set_named(tree, node, "line", tree_int(tree, edit->count ? edit->fields[0].line : edit->line));
    if (edit->count)
        tree_set_named(tree, node, "column", tree_int(tree, edit->fields[0].column));
    tree_set_given(tree, node, "image", change->wish->name);
    tree_set_named(tree, node, "from", pair_node(tree, edit->old_tag, edit->old_digest));
    tree_set_named(tree, node, "to", pair_node(tree, edit->tag, edit->digest));
    for (size_t i = 0; i < change->effects.count; i++)
        tree_append(tree, resources, resource_node(tree, &change->effects.items[i]));
    tree_set_named(tree, node, "resources", resources);
    return node;
}

static struct node *setter_node(struct tree *tree, const struct image_setter *setter)
{
    struct node *node = tree_map(tree);
    tree_set_given(tree, node, "commit", setter->commit);
    tree_set_given(tree, node, "author", setter->author);
    tree_set_given(tree, node, "subject", setter->subject);
    return node;
}

static void set_place(struct tree *tree, struct node *node, const struct pushed_branch *branch)
{
    tree_set_given(tree, node, "branch", branch->name);
    tree_set_given(tree, node, "old", branch->old);
    tree_set_given(tree, node, "commit", branch->commit);
    tree_set_given(tree, node, "url", branch->url);
}

/* The first branch at the top, where it is alone for most; all of them in a list where there are several. */
static void set_places(struct tree *tree, struct node *root, const struct change_end *end)
{
    const struct pushed_branch here = {.name = end->branch, .old = end->old, .commit = end->commit};
    struct node *list = tree_list(tree);
    set_place(tree, root, end->pushed_count ? end->pushed : &here);
    for (size_t i = 0; i < end->pushed_count; i++) {
        struct node *node = tree_map(tree);
        set_place(tree, node, &end->pushed[i]);
        tree_append(tree, list, node);
    }
    if (end->pushed_count > 1)
        tree_set_named(tree, root, "branches", list);
}

bool report_json(struct arena *arena, const struct changes *const *all, size_t count, const struct change_end *end,
                 struct text *out, struct error *error)
{
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct node *root = tree_map(&tree), *list = tree_list(&tree);
    tree_set_given(&tree, root, "result", end->result);
    set_places(&tree, root, end);
    if (end->attempts)
        tree_set_named(&tree, root, "attempts", tree_int(&tree, end->attempts));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < all[i]->count; k++)
            tree_append(&tree, list, change_node(&tree, &all[i]->items[k]));
    tree_set_named(&tree, root, "changes", list);
    if (end->by)
        tree_set_named(&tree, root, "by", setter_node(&tree, end->by));
    tree_set_given(&tree, root, "error", end->message);
    bool good = emit_json(root, out, error);
    text_byte(out, '\n');
    return good;
}
