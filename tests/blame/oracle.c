/* oracle.c: changes the bytes that a writer's place names, one part of one value at a time, renders again, and sees
 * whether that value changes as the bytes did.
 *
 *     oracle ROOT DIRECTORY [LoadRestrictionsNone]
 *
 * ROOT is a tree of files, DIRECTORY the kustomization in it. Prints a line for each part of each scalar, separated by
 * tabs: verdict, value's path, step, FILE:LINE:COLUMN, the byte that was changed, its old and its new character, or a
 * reason.
 *
 *     right     the value changed, and this part of it to what was written
 *     wrong     it did not
 *     together  the tree renders only where the same name, kind or apiVersion is changed elsewhere too; then it did
 *     refused   the changed tree does not render: nothing can be said
 *     computed  the value stands nowhere, or not as it is; where it has a place, changing that changed the value
 *     nowhere   no place and no reason */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "kustomize/engine.h"
#include "plugin/run/leaves.h"
#include "yaml/written.h"

struct rendering {
    struct source *source;
    struct engine *engine;
    struct rendered rendered;
    bool good;
};

struct oracle {
    const char *root, *directory;
    bool restrictions_none;
    struct arena *arena;
    struct rendering before;
    const char **files; /* of the tree */
    size_t file_count, file_room;
};

enum { MOST_FILES = 64 };

/* Changed files of a tree: one, or all that hold the same name. */
struct changed_files {
    struct changed_file {
        const char *name;
        char *text;
        size_t size;
    } items[MOST_FILES];
    size_t count;
};

/* With changes; NULL: as it is. */
static void render(const struct oracle *oracle, const struct changed_files *files, struct rendering *out)
{
    struct error error = {0};
    struct source *source = source_directory(oracle->root, &error);
    *out = (struct rendering){0};
    if (files) {
        struct source *over = source_memory();
        for (size_t i = 0; i < files->count; i++)
            source_memory_add(over, files->items[i].name, files->items[i].text, files->items[i].size);
        source = source_layered(source, over);
    }
    out->source = source;
    out->engine = engine_new(&(struct engine_options){
        .source = source, .record_writers = !files, .load_restrictions_none = oracle->restrictions_none});
    out->good = source && engine_render(out->engine, oracle->directory, &out->rendered, &error);
    error_free(&error);
}

static void close_rendering(struct rendering *rendering)
{
    rendered_free(&rendering->rendered);
    engine_free(rendering->engine);
    source_free(rendering->source);
}

/* Another character of the same kind, so that the value stays what it is; 0: there is none. */
static char other(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte == '9' ? '8' : byte == '0' ? '1' : (char)(byte + 1);
    if (byte >= 'a' && byte <= 'z')
        return byte == 'k' ? 'm' : 'k'; /* which make no boolean */
    if (byte >= 'A' && byte <= 'Z')
        return byte == 'K' ? 'M' : 'K';
    return 0;
}

struct change {
    size_t byte, size; /* what is replaced */
    char text[8];
    bool possible;
};

/* true and false become each other; of anything else the last character that can be another one, or the first. */
static struct change change_of(const struct written_part *part, bool first)
{
    const char *bytes = part->text + part->byte;
    struct change change = {0};
    if (part->byte_count == 4 && memcmp(bytes, "true", 4) == 0)
        return (struct change){part->byte, 4, "false", true};
    if (part->byte_count == 5 && memcmp(bytes, "false", 5) == 0)
        return (struct change){part->byte, 5, "true", true};
    size_t header = 0; /* of a block scalar: |2- */
    while (part->byte_count && strchr("|>", *bytes) && header < part->byte_count && bytes[header] != '\n')
        header++;
    for (size_t n = 0; n + header < part->byte_count; n++) {
        size_t i = first ? header + n : part->byte_count - 1 - n;
        if (other(bytes[i])) {
            bool escape = i && bytes[i - 1] == '\\';
            if (escape && !part->exact)
                continue;
            change = (struct change){part->byte + i, 1, {other(bytes[i])}, true};
            break;
        }
    }
    return change;
}

static char *changed_text(const struct written_part *part, const struct change *change, size_t *size)
{
    size_t added = strlen(change->text);
    char *text = malloc(part->text_size + added + 1);
    memcpy(text, part->text, change->byte);
    memcpy(text + change->byte, change->text, added);
    memcpy(text + change->byte + added, part->text + change->byte + change->size,
           part->text_size - change->byte - change->size);
    *size = part->text_size + added - change->size;
    text[*size] = '\0';
    return text;
}

static bool same_kind(const struct node *left, const struct node *right)
{
    const char *a = node_text(node_get(left, &key_kind)), *b = node_text(node_get(right, &key_kind));
    return a && b && strcmp(a, b) == 0;
}

/* Whether the value is now what the change makes of it: where the place holds the part as it is, the new character
 * stands where the old one did. */
static bool is_changed(const struct node *now, const struct leaf *leaf, const struct written_part *part,
                       const struct change *change)
{
    const struct node *before = leaf->node;
    if (!node_is_scalar(now))
        return change->size > 1; /* what is false may be left out */
    if ((now->count == before->count && memcmp(now->text, before->text, now->count) == 0))
        return false;
    if (!part->exact || change->size > 1)
        return true;
    size_t at = part->start + (change->byte - part->byte);
    return at < now->count && now->text[at] == change->text[0];
}

struct wanted {
    const struct leaf *leaf;
    const struct written_part *part;
    const struct change *change;
};

/* At the leaf's path; an item of a list may have moved, where it was merged by its name. */
static bool has_changed(const struct node *node, const struct wanted *wanted, size_t depth)
{
    if (depth == wanted->leaf->count || !node)
        return is_changed(node, wanted->leaf, wanted->part, wanted->change);
    const struct leaf_step *step = &wanted->leaf->steps[depth];
    if (step->key)
        return has_changed(node_find(node, step->key), wanted, depth + 1);
    for (uint32_t i = 0; node_is_list(node) && i < node->count; i++)
        if (has_changed(node->items[i], wanted, depth + 1))
            return true;
    return false;
}

/* The resource may have moved: where the output is sorted, by its new name. */
static bool found_changed(const struct rendering *after, size_t index, const struct node *resource,
                          const struct wanted *wanted)
{
    const struct rendered *rendered = &after->rendered;
    const char *first = wanted->leaf->steps[0].key;
    bool identity = first && (strcmp(first, "kind") == 0 || strcmp(first, "apiVersion") == 0 ||
                              strcmp(wanted->leaf->path, "metadata.name") == 0);
    if (index < rendered->count && has_changed(rendered->items[index], wanted, 0))
        return true;
    for (size_t i = 0; i < rendered->count; i++)
        if ((identity || same_kind(rendered->items[i], resource)) && has_changed(rendered->items[i], wanted, 0))
            return true;
    return false;
}

static void print(const char *verdict, const struct node *resource, const struct leaf *leaf,
                  const struct written_part *part, const struct change *change, const char *reason)
{
    const char *kind = node_text(node_get(resource, &key_kind));
    const char *name = node_text(node_get(node_get(resource, &key_metadata), &key_name));
    printf("%s\t%s/%s %s\t%s\t%s:%u:%u\t", verdict, kind ? kind : "", name ? name : "", leaf->path,
           part->step ? part->step : "-", part->place.file ? part->place.file : "-", part->place.line,
           part->place.column);
    if (change)
        printf("%zu\t%.*s\t%s\t%s\n", change->byte, (int)change->size, part->text + change->byte, change->text,
               part->exact ? "exact"
               : reason    ? reason
                           : "not as it is");
    else
        printf("-\t-\t-\t%s\n", reason ? reason : "");
}

static bool try_change(const struct oracle *oracle, const struct changed_files *files, size_t index,
                       const struct node *resource, const struct wanted *wanted, bool *good)
{
    struct rendering after;
    render(oracle, files, &after);
    *good = after.good && after.rendered.count == oracle->before.rendered.count;
    bool changed = after.good && found_changed(&after, index, resource, wanted);
    close_rendering(&after);
    return changed;
}

static const char *find(const char *text, size_t size, const char *wanted, size_t wanted_size)
{
    for (size_t i = 0; wanted_size && i + wanted_size <= size; i++)
        if (memcmp(text + i, wanted, wanted_size) == 0)
            return text + i;
    return NULL;
}

static bool continues_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '.';
}

/* Whole words: `source` is not part of `resources`. */
static void change_in(struct changed_file *file, const char *old, size_t size, size_t within, char byte)
{
    char *at = file->text, *end = file->text + file->size;
    for (const char *found; (found = find(at, (size_t)(end - at), old, size));
         at = file->text + (found - file->text) + size)
        if ((found == file->text || !continues_word(found[-1])) &&
            (found + size == end || (!continues_word(found[size]) && found[size] != ':')))
            file->text[(size_t)(found - file->text) + within] = byte;
}

/* A name, and what refers to it, changed alike in all of the file. */
static void change_all(const struct written_part *part, const struct change *change, struct changed_file *file)
{
    file->text[change->byte] = part->text[change->byte];
    change_in(file, part->text + part->byte, part->byte_count, change->byte - part->byte, change->text[0]);
}

/* The change of a name where it is referred to: the same character of the value that the name took the place of. */
static bool change_reference(const struct oracle *oracle, const struct written *written, const struct wanted *wanted,
                             struct changed_files *files)
{
    if (!written->old)
        return false;
    struct written old = written_at(engine_origins(oracle->before.engine), oracle->arena, written->before, written->old,
                                    written->old_size);
    for (size_t i = 0; i < old.count; i++) {
        const struct written_part *part = &old.parts[i];
        size_t within = wanted->change->byte - wanted->part->byte;
        const char *same = part->text && part->exact
                               ? find(part->text + part->byte, part->byte_count,
                                      wanted->part->text + wanted->part->byte, wanted->part->byte_count)
                               : NULL;
        if (!same)
            continue;
        const struct change change = {(size_t)(same - part->text) + within, 1, {wanted->change->text[0]}, true};
        bool same_file = strcmp(part->place.file, wanted->part->place.file) == 0;
        struct changed_file *file = &files->items[same_file ? 0 : 1];
        if (same_file) {
            file->text[change.byte] = change.text[0];
            return true;
        }
        file->name = part->place.file;
        file->text = changed_text(part, &change, &file->size);
        files->count = 2;
        return true;
    }
    return false;
}

/* A name, a kind or an apiVersion, changed alike wherever it stands in the tree. False: it stands nowhere else. */
static bool change_tree(const struct oracle *oracle, const struct wanted *wanted, struct changed_files *files)
{
    const struct written_part *part = wanted->part;
    change_all(part, wanted->change, &files->items[0]);
    for (size_t i = 0; i < oracle->file_count && files->count < MOST_FILES; i++) {
        const char *name = oracle->files[i];
        struct error ignored = {0};
        struct file_bytes file;
        if (strcmp(name, part->place.file) == 0 ||
            !source_read(oracle->before.source, oracle->arena, name, &file, &ignored)) {
            error_free(&ignored);
            continue;
        }
        struct changed_file *changed = &files->items[files->count++];
        changed->name = name;
        changed->size = file.size;
        changed->text = malloc(file.size + 1);
        memcpy(changed->text, file.bytes, file.size + 1);
        change_in(changed, part->text + part->byte, part->byte_count, wanted->change->byte - part->byte,
                  wanted->change->text[0]);
    }
    return true;
}

static bool try_tree(const struct oracle *oracle, size_t index, const struct node *resource, const struct leaf *leaf,
                     const struct written_part *part, struct change *change)
{
    struct changed_files files = {.count = 1};
    *change = change_of(part, false);
    const struct wanted wanted = {leaf, part, change};
    bool good = false, changed = false;
    if (!part->exact || change->size > 1)
        return false;
    files.items[0].name = part->place.file;
    files.items[0].text = changed_text(part, change, &files.items[0].size);
    if (change_tree(oracle, &wanted, &files))
        changed = try_change(oracle, &files, index, resource, &wanted, &good);
    for (size_t i = 0; i < files.count; i++)
        free(files.items[i].text);
    return changed;
}

static void judge_part(const struct oracle *oracle, size_t index, const struct node *resource, const struct leaf *leaf,
                       const struct written *written, const struct written_part *part)
{
    if (!part->text) {
        print(part->computed ? "computed" : "nowhere", resource, leaf, part, NULL, part->computed);
        return;
    }
    struct change change = change_of(part, false);
    if (!change.possible) {
        print("unchanged", resource, leaf, part, NULL, "nothing in it can be another character");
        return;
    }
    bool good = false, changed = false;
    bool name = written->step && strcmp(written->step, "name reference") == 0 && part->exact;
    for (int attempt = 0; attempt < (name ? 5 : 2) && !changed; attempt++) {
        struct changed_files files = {.count = 1};
        change = change_of(part, attempt == 1);
        const struct wanted wanted = {leaf, part, &change};
        files.items[0].name = part->place.file;
        files.items[0].text = changed_text(part, &change, &files.items[0].size);
        if (attempt > 2)
            change_all(part, &change, &files.items[0]);
        bool alone = attempt < 2 || attempt == 3;
        if (alone || change_reference(oracle, written, &wanted, &files))
            changed = try_change(oracle, &files, index, resource, &wanted, &good);
        for (size_t i = 0; i < files.count; i++)
            free(files.items[i].text);
    }
    if (!changed && !good && try_tree(oracle, index, resource, leaf, part, &change)) {
        print("together", resource, leaf, part, &change, part->computed);
        return;
    }
    print(changed ? part->computed ? "computed" : "right"
          : good  ? "wrong"
                  : "refused",
          resource, leaf, part, &change, part->computed);
}

static void judge(const struct oracle *oracle)
{
    const struct rendered *rendered = &oracle->before.rendered;
    for (size_t i = 0; i < rendered->count; i++) {
        struct leaves leaves;
        leaves_of(oracle->arena, rendered->items[i], &leaves);
        for (size_t j = 0; j < leaves.count; j++) {
            if (leaves.items[j].node->kind != NODE_SCALAR)
                continue;
            struct written written =
                written_value(engine_origins(oracle->before.engine), oracle->arena, leaves.items[j].node);
            for (size_t k = 0; k < written.count; k++)
                if (written.parts[k].size || written.count == 1)
                    judge_part(oracle, i, rendered->items[i], &leaves.items[j], &written, &written.parts[k]);
        }
    }
}

static void list_files(struct oracle *oracle, const char *directory)
{
    struct name_list names = {0};
    struct error ignored = {0};
    bool good = source_list(oracle->before.source, oracle->arena, directory, &names, &ignored);
    error_free(&ignored);
    for (size_t i = 0; good && i < names.count; i++) {
        const char *path = path_join(oracle->arena, directory, names.names[i]);
        enum file_kind kind = source_kind(oracle->before.source, path);
        if (kind == FILE_DIRECTORY)
            list_files(oracle, path);
        if (kind != FILE_REGULAR)
            continue;
        oracle->files =
            arena_grow(oracle->arena, oracle->files, oracle->file_count, &oracle->file_room, sizeof *oracle->files);
        oracle->files[oracle->file_count++] = path;
    }
}

int main(int count, char **words)
{
    if (count < 3)
        return 2;
    struct oracle oracle = {.root = words[1], .directory = words[2], .restrictions_none = count > 3};
    oracle.arena = arena_new();
    render(&oracle, NULL, &oracle.before);
    if (oracle.before.good) {
        list_files(&oracle, ".");
        judge(&oracle);
    }
    close_rendering(&oracle.before);
    arena_free(oracle.arena);
    return 0;
}
