/* verify_report.c: says what a comparison with kustomize has found. */
#include <string.h>

#include "base/intern.h"
#include "base/line_diff.h"
#include "kustomize/engine.h"
#include "plugin/run/version.h"
#include "plugin/verify.h"
#include "yaml/emit.h"
#include "yaml/tree.h"

/* How each verdict is called in JSON and in text. */
static const char *const verdict_names[VERDICT_COUNT] = {
    [VERDICT_SAME] = "same",
    [VERDICT_DIFFERENT] = "different",
    [VERDICT_ROOTAPP_REFUSES] = "only-rootapp-refuses",
    [VERDICT_KUSTOMIZE_REFUSES] = "only-kustomize-refuses",
    [VERDICT_BOTH_REFUSE] = "both-refuse",
    [VERDICT_NOT_COMPARED] = "not-compared",
};

static const char *const counted_names[VERDICT_COUNT] = {
    [VERDICT_SAME] = "the same",
    [VERDICT_DIFFERENT] = "different",
    [VERDICT_ROOTAPP_REFUSES] = "only rootapp refuses",
    [VERDICT_KUSTOMIZE_REFUSES] = "only kustomize refuses",
    [VERDICT_BOTH_REFUSE] = "both refuse",
    [VERDICT_NOT_COMPARED] = "with a RootApp not compared",
};

bool verdict_is_good(enum verdict verdict)
{
    return verdict == VERDICT_SAME || verdict == VERDICT_BOTH_REFUSE || verdict == VERDICT_NOT_COMPARED;
}

/* A line of a text by its number, without the line break. */
static void write_line(struct text *out, const struct text *text, size_t number)
{
    const char *at = text_content(text);
    for (size_t line = 1; line < number && at; line++) {
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    if (!at || !*at)
        text_string(out, "the end");
    else
        text_format(out, "'%.*s'", (int)strcspn(at, "\n"), at);
}

static void write_difference(const struct comparison *one, bool diff, struct text *out)
{
    text_format(out, "    %s%sline %zu: rootapp has ", one->file ? one->file : "", one->file ? ": " : "",
                one->file ? one->file_line : one->line);
    write_line(out, &one->ours, one->line);
    text_string(out, ", kustomize ");
    write_line(out, &one->theirs, one->line);
    text_byte(out, '\n');
    if (diff)
        line_diff("kustomize", &one->theirs, "rootapp", &one->ours, out);
}

static void write_comparison(const struct comparison *one, bool verbose, bool diff, struct text *out)
{
    if (verdict_is_good(one->verdict) && !verbose)
        return;
    text_format(out, "%-22s  %s%s%s\n", verdict_names[one->verdict], one->shown, *one->flags ? " " : "", one->flags);
    if (one->verdict == VERDICT_DIFFERENT)
        write_difference(one, diff, out);
    if (one->our_error)
        text_format(out, "    rootapp: %s\n", one->our_error);
    if (one->their_error)
        text_format(out, "    kustomize: %s\n", one->their_error);
}

void comparisons_write_text(const struct comparisons *all, bool verbose, bool diff, struct text *out)
{
    for (size_t i = 0; i < all->count; i++)
        write_comparison(&all->items[i], verbose, diff, out);
    text_format(out, "%zu kustomization%s", all->directory_count, all->directory_count == 1 ? "" : "s");
    if (all->count != all->directory_count)
        text_format(out, ", %zu builds", all->count);
    text_format(out, " with kustomize %s:", all->kustomize_version);
    for (int verdict = 0, written = 0; verdict < VERDICT_COUNT; verdict++)
        if (verdict <= VERDICT_DIFFERENT || all->counts[verdict])
            text_format(out, "%s %zu %s", written++ ? "," : "", all->counts[verdict], counted_names[verdict]);
    text_byte(out, '\n');
    if (all->left_out)
        text_format(out, "note: %zu that no Application reads %s not compared; --all does it\n", all->left_out,
                    all->left_out == 1 ? "was" : "were");
    if (strcmp(all->kustomize_version, KUSTOMIZE_VERSION) != 0)
        text_format(out, "note: rootapp reproduces kustomize " KUSTOMIZE_VERSION ", and this is another version\n");
}

static struct node *comparison_node(struct tree *tree, const struct comparison *one, bool diff)
{
    struct node *node = tree_map(tree);
    tree_set_string(tree, node, "directory", one->shown);
    if (*one->flags)
        tree_set_string(tree, node, "flags", one->flags);
    tree_set_string(tree, node, "result", verdict_names[one->verdict]);
    if (one->our_error)
        tree_set_string(tree, node, "rootappError", one->our_error);
    if (one->their_error)
        tree_set_string(tree, node, "kustomizeError", one->their_error);
    if (one->verdict != VERDICT_DIFFERENT)
        return node;
    if (one->file)
        tree_set_string(tree, node, "file", one->file);
    tree_set_named(tree, node, "line", tree_int(tree, (long long)(one->file ? one->file_line : one->line)));
    struct text text = {0};
    if (diff) {
        line_diff("kustomize", &one->theirs, "rootapp", &one->ours, &text);
        tree_set_string(tree, node, "diff", text_content(&text));
    }
    text_free(&text);
    return node;
}

bool comparisons_write_json(const struct comparisons *all, bool diff, struct text *out, struct error *error)
{
    struct arena *arena = arena_new();
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct node *root = tree_map(&tree), *list = tree_list(&tree), *counts = tree_map(&tree);
    for (size_t i = 0; i < all->count; i++)
        tree_append(&tree, list, comparison_node(&tree, &all->items[i], diff));
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        tree_set_named(&tree, counts, verdict_names[verdict], tree_int(&tree, (long long)all->counts[verdict]));
    tree_set_string(&tree, root, "kustomizeVersion", all->kustomize_version);
    tree_set_named(&tree, root, "kustomizations", list);
    tree_set_named(&tree, root, "counts", counts);
    bool good = emit_json(root, out, error);
    text_byte(out, '\n');
    arena_free(arena);
    return good;
}
