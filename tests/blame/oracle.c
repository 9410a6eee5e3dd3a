/* oracle.c: changes the bytes that a writer's place names, one part of one value at a time, renders again, and sees
 * whether that value changes as the bytes did.
 *
 *     oracle ROOT DIRECTORY [--kustomize PROGRAM COPY] [OPTION...]
 *
 * ROOT is a tree of files, DIRECTORY the kustomization in it; OPTIONs are those of kustomize build. With --kustomize,
 * that program renders what was changed too, in COPY, a copy of ROOT: as many values at once as do not touch each
 * other, and those one by one that differ then.
 *
 * Prints a line for each part of each scalar, separated by tabs: the number of the scalar, verdict, value's path, step,
 * FILE:LINE:COLUMN, the byte that was changed, its old and its new text, whether kustomize agreed, and a reason.
 *
 *     right     the value changed, and this part of it to what was written
 *     together  the tree renders only if the same name, kind or apiVersion is changed elsewhere as well; then the
 *               value changed, and without a change at this place it did not
 *     made      the value changed; it is made of what stands there, or decided by it
 *     computed  it stands nowhere, and there is a reason
 *     wrong     it did not change
 *     differs   kustomize makes something else of the changed tree than the engine does
 *     refused   no changed tree renders: nothing can be said
 *     nowhere   no place and no reason */
#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"

static bool same_text(const struct node *left, const struct node *right)
{
    return left->count == right->count && memcmp(left->text, right->text, left->count) == 0;
}

static int compare_edits(const void *left, const void *right)
{
    const struct edit *const *a = left, *const *b = right;
    return (*a)->byte < (*b)->byte ? -1 : (*a)->byte > (*b)->byte;
}

/* The text of a file with the edits of it, which do not overlap. */
void edit_text(const struct tree_file *file, const struct edit *edits, size_t count, struct text *out)
{
    const struct edit **sorted = malloc((count + 1) * sizeof *sorted);
    size_t own = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        if (edits[i].file == file)
            sorted[own++] = &edits[i];
    qsort(sorted, own, sizeof(const struct edit *), compare_edits);
    for (size_t i = 0; i < own; i++) {
        text_bytes(out, file->text + at, sorted[i]->byte - at);
        text_string(out, sorted[i]->text);
        at = sorted[i]->byte + sorted[i]->size;
    }
    text_bytes(out, file->text + at, file->size - at);
    free(sorted);
}

bool is_edited(const struct tree_file *file, const struct edit *edits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (edits[i].file == file)
            return true;
    return false;
}

void render(const struct oracle *oracle, const struct edit *edits, size_t count, struct rendering *out)
{
    struct error error = {0};
    struct source *source = source_directory(oracle->root, &error), *over = source_memory();
    *out = (struct rendering){0};
    for (size_t i = 0; i < oracle->files.count; i++) {
        const struct tree_file *file = &oracle->files.items[i];
        struct text text = {0};
        if (!is_edited(file, edits, count))
            continue;
        edit_text(file, edits, count, &text);
        source_memory_add(over, file->name, text_content(&text), text.size);
        text_free(&text);
    }
    struct engine_options options = oracle->options;
    options.source = out->source = source_layered(source, over);
    options.record_writers = !count;
    out->engine = engine_new(&options);
    struct text written = {0};
    out->good = engine_render(out->engine, oracle->directory, &out->rendered, &error) &&
                rendered_write(&out->rendered, &written, &error);
    text_free(&written);
    error_free(&error);
}

void close_rendering(struct rendering *rendering)
{
    rendered_free(&rendering->rendered);
    engine_free(rendering->engine);
    source_free(rendering->source);
}

/* Whether the value is now what the mutant makes of it. */
static bool is_changed(const struct node *now, const struct judged *judged)
{
    const struct node *before = judged->leaf->node;
    const struct mutant *mutant = &judged->mutant;
    if (!node_is_scalar(now))
        return mutant->expectation == EXPECT_FLIPPED;
    if (same_text(now, before))
        return false;
    if (mutant->expectation == EXPECT_INSERTED && now->count <= before->count)
        return false;
    bool at_place = mutant->expectation == EXPECT_REPLACED || mutant->expectation == EXPECT_INSERTED;
    return !at_place || (mutant->at < now->count && now->text[mutant->at] == mutant->byte);
}

static bool same_name(const struct node *left, const struct node *right)
{
    const char *a = node_text(node_get(left, &key_name)), *b = node_text(node_get(right, &key_name));
    return a && b && strcmp(a, b) == 0;
}

static bool has_changed(const struct node *node, const struct judged *judged, size_t depth);

/* An item may have moved, where a list is merged by the name that the mutant changes. */
static bool item_has_changed(const struct node *list, const struct judged *judged, size_t depth)
{
    const struct leaf_step *step = &judged->leaf->steps[depth];
    const struct node *item = node_is_list(list) && step->index < list->count ? list->items[step->index] : NULL;
    bool is_name = depth + 2 == judged->leaf->count && judged->leaf->steps[depth + 1].key &&
                   strcmp(judged->leaf->steps[depth + 1].key, "name") == 0;
    if (judged->mutant.expectation == EXPECT_FLIPPED || judged->at_index ||
        (item && !is_name && same_name(item, step->item)))
        return has_changed(item, judged, depth + 1);
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        if (has_changed(list->items[i], judged, depth + 1))
            return true;
    return false;
}

/* At the leaf's path. */
static bool has_changed(const struct node *node, const struct judged *judged, size_t depth)
{
    const struct leaf *leaf = judged->leaf;
    if (depth == leaf->count || !node)
        return is_changed(node, judged);
    const struct leaf_step *step = &leaf->steps[depth];
    if (step->key)
        return has_changed(node_find(node, step->key), judged, depth + 1);
    return item_has_changed(node, judged, depth);
}

static bool same_kind(const struct node *left, const struct node *right)
{
    const char *a = node_text(node_get(left, &key_kind)), *b = node_text(node_get(right, &key_kind));
    return a && b && strcmp(a, b) == 0;
}

static size_t count_kind(const struct rendered *rendered, const char *kind)
{
    size_t count = 0;
    for (size_t i = 0; i < rendered->count; i++)
        count += node_equals(node_get(rendered->items[i], &key_kind), kind);
    return count;
}

/* The resource may have moved: where the output is sorted, by its new name. */
bool shows_change(const struct oracle *oracle, const struct rendering *after, const struct judged *judged)
{
    const struct rendered *rendered = &after->rendered;
    const struct node *resource = oracle->before.rendered.items[judged->resource];
    const char *first = judged->leaf->steps[0].key;
    bool identity = first && (strcmp(first, "kind") == 0 || strcmp(first, "apiVersion") == 0 ||
                              strcmp(judged->leaf->path, "metadata.name") == 0);
    if (rendered->count != oracle->before.rendered.count)
        return false;
    if (judged->mutant.becomes && judged->leaf->count == 1 && strcmp(first, "kind") == 0)
        return count_kind(rendered, judged->mutant.becomes) >
               count_kind(&oracle->before.rendered, judged->mutant.becomes);
    if (has_changed(rendered->items[judged->resource], judged, 0))
        return true;
    for (size_t i = 0; i < rendered->count; i++)
        if ((identity || same_kind(rendered->items[i], resource)) && has_changed(rendered->items[i], judged, 0))
            return true;
    return false;
}

enum outcome {
    OUTCOME_REFUSED,
    OUTCOME_SAME,
    OUTCOME_CHANGED,
};

/* What the edits of a mutant from this one on do to the value. */
static enum outcome try_edits(const struct oracle *oracle, const struct judged *judged, size_t first)
{
    struct rendering after;
    const struct mutant *mutant = &judged->mutant;
    render(oracle, mutant->edits + first, mutant->count - first, &after);
    bool good = after.good && after.rendered.count == oracle->before.rendered.count;
    bool changed = good && shows_change(oracle, &after, judged);
    close_rendering(&after);
    return changed ? OUTCOME_CHANGED : good ? OUTCOME_SAME : OUTCOME_REFUSED;
}

/* Whether the value becomes what is expected by all other edits, too. */
static bool changes_without(const struct oracle *oracle, struct judged *judged)
{
    judged->at_index = true;
    bool changed = try_edits(oracle, judged, 1) == OUTCOME_CHANGED;
    judged->at_index = false;
    return changed;
}

static bool try_wider(const struct oracle *oracle, struct judged *judged, const struct written *old,
                      const struct mutant *alone, size_t count)
{
    const struct node *value = judged->leaf->node;
    struct tree_files files = oracle->files;
    for (int scope = 0; scope < SCOPE_COUNT; scope++)
        for (size_t i = 0; i < count; i++) {
            struct mutant *mutant = &judged->mutant;
            *mutant = alone[i];
            mutant->edits = ARENA_ARRAY(oracle->arena, 1, struct edit);
            mutant->edits[0] = alone[i].edits[0];
            mutant->count = mutant->room = 1;
            if (widen_mutant(oracle->arena, &files, judged->part, value->text, value->count, old, (enum scope)scope,
                             mutant) &&
                try_edits(oracle, judged, 0) == OUTCOME_CHANGED && !changes_without(oracle, judged))
                return true;
        }
    judged->mutant = (struct mutant){0};
    return false;
}

static void judge_part(struct oracle *oracle, const struct written *written, struct judged *judged)
{
    const struct written_part *part = judged->part;
    struct mutant alone[MOST_CHANGES];
    bool good = false;
    if (!part->text) {
        judged->verdict = part->computed ? "computed" : "nowhere";
        return;
    }
    size_t count = part_mutants(oracle->arena, &oracle->files, part, alone);
    for (size_t i = 0; i < count; i++) {
        judged->mutant = alone[i];
        enum outcome outcome = try_edits(oracle, judged, 0);
        good = good || outcome == OUTCOME_SAME;
        if (outcome == OUTCOME_CHANGED) {
            judged->verdict = part->computed ? "made" : "right";
            return;
        }
    }
    struct written old = {0};
    if (written->old)
        old = written_at(engine_origins(oracle->before.engine), oracle->arena, written->before, written->old,
                         written->old_size);
    if (try_wider(oracle, judged, &old, alone, count))
        judged->verdict = "together";
    else {
        judged->verdict = good ? "wrong" : "refused";
        judged->mutant = count ? alone[0] : (struct mutant){0};
    }
}

static void judge_leaf(struct oracle *oracle, size_t resource, const struct leaf *leaf)
{
    struct written written = written_value(engine_origins(oracle->before.engine), oracle->arena, leaf->node);
    for (size_t i = 0; i < written.count; i++) {
        if (!written.parts[i].size && written.count > 1)
            continue;
        oracle->parts = arena_grow(oracle->arena, oracle->parts, oracle->count, &oracle->room, sizeof *oracle->parts);
        struct judged *judged = &oracle->parts[oracle->count++];
        *judged = (struct judged){
            .number = oracle->leaf_count, .resource = resource, .leaf = leaf, .part = &written.parts[i]};
        judge_part(oracle, &written, judged);
    }
    oracle->leaf_count++;
}

static void judge_all(struct oracle *oracle)
{
    const struct rendered *rendered = &oracle->before.rendered;
    for (size_t i = 0; i < rendered->count; i++) {
        struct leaves *leaves = arena_zero(oracle->arena, sizeof *leaves);
        leaves_of(oracle->arena, rendered->items[i], leaves);
        for (size_t j = 0; j < leaves->count; j++)
            if (leaves->items[j].node->kind == NODE_SCALAR)
                judge_leaf(oracle, i, &leaves->items[j]);
    }
}

/* Input and output. */

static void print_part(const struct oracle *oracle, const struct judged *judged)
{
    const struct node *resource = oracle->before.rendered.items[judged->resource];
    const struct written_part *part = judged->part;
    const char *kind = node_text(node_get(resource, &key_kind));
    const char *name = node_text(node_get(node_get(resource, &key_metadata), &key_name));
    printf("%zu\t%s\t%s/%s %s\t%s\t%s:%u:%u\t", judged->number, judged->verdict, kind ? kind : "", name ? name : "",
           judged->leaf->path, part->step ? part->step : "-", part->place.file ? part->place.file : "-",
           part->place.line, part->place.column);
    const struct edit *edit = judged->mutant.count ? &judged->mutant.edits[0] : NULL;
    if (edit)
        printf("%zu\t%.*s\t%s\t", edit->byte, (int)edit->size, part->text + edit->byte, edit->text);
    else
        printf("-\t-\t-\t");
    printf("%s\t%s\n", judged->asked ? "kustomize" : "-", part->computed ? part->computed : part->exact ? "exact" : "");
}

static void add_file(struct oracle *oracle, const char *path)
{
    struct file_bytes bytes;
    struct error ignored = {0};
    bool good = source_read(oracle->before.source, oracle->arena, path, &bytes, &ignored);
    error_free(&ignored);
    if (!good)
        return;
    struct tree_files *files = &oracle->files;
    files->items = arena_grow(oracle->arena, files->items, files->count, &files->room, sizeof *files->items);
    files->items[files->count++] =
        (struct tree_file){path, bytes.bytes, bytes.size, ARENA_ARRAY(oracle->arena, bytes.size + 2, unsigned)};
}

static void add_files(struct oracle *oracle, const char *directory)
{
    struct name_list names = {0};
    struct error ignored = {0};
    bool good = source_list(oracle->before.source, oracle->arena, directory, &names, &ignored);
    error_free(&ignored);
    for (size_t i = 0; good && i < names.count; i++) {
        const char *path = path_join(oracle->arena, directory, names.names[i]);
        enum file_kind kind = source_kind(oracle->before.source, path);
        if (kind == FILE_DIRECTORY)
            add_files(oracle, path);
        if (kind == FILE_REGULAR)
            add_file(oracle, path);
    }
}

/* False: an option that is not known here. */
static bool read_options(struct oracle *oracle, char **words)
{
    for (; *words; words++) {
        const char *word = *words;
        if (strcmp(word, "LoadRestrictionsNone") == 0 || strcmp(word, "--load-restrictor=LoadRestrictionsNone") == 0)
            oracle->options.load_restrictions_none = true;
        else if (strcmp(word, "--enable-managedby-label") == 0)
            oracle->options.managed_by_label = true;
        else if (strcmp(word, "none") == 0)
            oracle->options.keeps_order = true;
        else if (strcmp(word, "--load-restrictor") != 0 && strcmp(word, "--reorder") != 0 &&
                 strcmp(word, "legacy") != 0)
            return false;
    }
    return true;
}

int main(int count, char **words)
{
    struct oracle oracle = {.arena = arena_new()};
    int used = 3;
    if (count < 3)
        return 2;
    oracle.root = words[1];
    oracle.directory = words[2];
    if (count > 5 && strcmp(words[3], "--kustomize") == 0) {
        oracle.kustomize = words[4];
        oracle.copy = words[5];
        used = 6;
    }
    oracle.flags = (const char **)words + used;
    if (!read_options(&oracle, words + used))
        return 3;
    render(&oracle, NULL, 0, &oracle.before);
    if (oracle.before.good) {
        add_files(&oracle, ".");
        judge_all(&oracle);
        if (oracle.kustomize)
            ask_kustomize(&oracle);
        for (size_t i = 0; i < oracle.count; i++)
            print_part(&oracle, &oracle.parts[i]);
    }
    close_rendering(&oracle.before);
    arena_free(oracle.arena);
    return 0;
}
