/* value_file.c: what a directory's own file gives to the template and the namespace of its entry of discover. */
#include <string.h>

#include "base/intern.h"
#include "base/path.h"
#include "generator/discover.h"
#include "generator/name.h"
#include "yaml/parse.h"

/* Written by tenants, as app.yaml is. */
enum { LARGEST_FILE = 16 * 1024, MOST_NODES = 1000, MOST_KEPT = 2000, MOST_SCANNED = 64 * 1024 * 1024 };

/* Words. */

static void find_words(struct arena *arena, const char *text, struct name_list *list, size_t *room)
{
    for (const char *word; (word = next_value_word(arena, &text));)
        name_list_add(arena, list, room, word);
}

static void find_tree_words(struct arena *arena, const struct node *node, struct name_list *list, size_t *room)
{
    if (node_is_scalar(node))
        find_words(arena, node->text, list, room);
    for (uint32_t i = 0; !node_is_scalar(node) && i < node->count; i++)
        find_tree_words(arena, node_is_map(node) ? node->entries[i].value : node->items[i], list, room);
}

void find_value_words(struct arena *arena, struct discover_rule *rule)
{
    size_t room = 0;
    rule->value_words = (struct name_list){0};
    if (rule->namespace)
        find_words(arena, rule->namespace, &rule->value_words, &room);
    if (rule->template)
        find_tree_words(arena, rule->template, &rule->value_words, &room);
}

/* Files. */

/* The nearest on the way from the directory up to the app's own. NULL: there is none. */
static const char *nearest_file(const struct generate_input *input, const struct found *found)
{
    struct arena *arena = input->tree->arena;
    const char *directory = found->path;
    for (;;) {
        const char *path = path_join(arena, directory, found->rule->values);
        if (source_kind(input->source, path) == FILE_REGULAR)
            return path;
        if (strlen(directory) <= strlen(found->app_path) || strcmp(directory, ".") == 0)
            return NULL;
        directory = path_directory(arena, directory);
    }
}

static const struct node *value_under(const struct node *node, const char *path)
{
    char name[VALUE_LONGEST + 1];
    while (node && *path && *path != '|') {
        size_t size = strcspn(path, ".|");
        memcpy(name, path, size);
        name[size] = '\0';
        node = node_is_map(node) ? node_find(node, name) : NULL;
        path += size + (path[size] == '.');
    }
    return node;
}

/* In the memory of what is generated: that of the file goes. Aliases could make much of little; NULL: they do. */
static struct node *keep_node(struct tree *tree, const struct node *node, size_t *left)
{
    if (!*left)
        return NULL;
    --*left;
    if (node_is_scalar(node))
        return tree_scalar(tree, node->text, node->count, node_tag(node), STYLE_PLAIN);
    struct node *out = node_is_map(node) ? tree_map(tree) : tree_list(tree);
    for (uint32_t i = 0; i < node->count; i++) {
        struct node *child = keep_node(tree, node_is_map(node) ? node->entries[i].value : node->items[i], left);
        if (!child)
            return NULL;
        if (node_is_map(node))
            tree_set_named(tree, out, node->entries[i].key->text, child);
        else
            tree_append(tree, out, child);
    }
    return out;
}

/* What a word stands for: what the file says, or what stands behind the bar. */
static struct value value_of(struct tree *tree, const struct node *root, const char *word, size_t *left)
{
    const struct node *node = value_under(root, word + strlen(VALUE_PREFIX));
    const char *bar = strchr(word, '|');
    if (node && !node_is_null(node))
        return (struct value){word, keep_node(tree, node, left)};
    return (struct value){word, bar ? tree_string(tree, bar + 1) : NULL};
}

static bool parse_file(struct tree *tree, const struct generate_input *input, const char *path, size_t *cost,
                       struct node **root, struct error *error)
{
    struct file_bytes file;
    if (!source_read_small(input->source, tree->arena, path, LARGEST_FILE, &file, error))
        return false;
    *cost = file.size;
    struct yaml_text yaml = {.file = path, .bytes = file.bytes, .size = file.size, .origins = tree->origins};
    if (!parse_first(tree, &yaml, root, error))
        return false;
    /* A git generator of an ApplicationSet makes an Application of each item. */
    if (node_is_list(*root) && (*root)->count == 1)
        *root = (*root)->items[0];
    return !*root || node_is_null(*root) || node_is_map(*root) ||
           error_at(error, (*root)->origin, "it has to be a map, or a list with one");
}

static const char *problem_text(struct arena *arena, const struct tree *tree, struct error *error)
{
    struct text message = {0};
    error_resolve(error, tree->origins);
    error_write(error, &message);
    const char *text = printable_text(arena, text_content(&message));
    text_free(&message);
    return text;
}

struct values values_of_file(struct tree *tree, const struct name_list *words, const struct node *root)
{
    struct value *items = ARENA_ARRAY(tree->arena, words->count + 1, struct value);
    size_t left = MOST_KEPT;
    for (size_t i = 0; i < words->count; i++)
        items[i] = value_of(tree, root, words->names[i], &left);
    return (struct values){
        .items = items, .count = words->count, .problem = left ? NULL : "its file has too many values"};
}

struct values read_values(const struct generate_input *input, const struct found *found)
{
    if (!found->rule->values)
        return (struct values){0};
    const char *path = nearest_file(input, found);
    struct arena *scratch = arena_new();
    struct tree tree = {
        .arena = scratch, .keys = intern_new(scratch), .owner = 1, .origins = origins_new(), .node_limit = MOST_NODES};
    struct error error = {0};
    struct node *root = NULL;
    size_t cost = 0;
    const char *problem = NULL;
    if (found->share->scanned > MOST_SCANNED)
        problem = "its values are not read: its group has too much to read";
    else if (path && !parse_file(&tree, input, path, &cost, &root, &error))
        problem = problem_text(input->tree->arena, &tree, &error);
    struct values out = values_of_file(input->tree, &found->rule->value_words, root);
    out.problem = problem ? problem : out.problem;
    found->share->scanned += cost;
    error_free(&error);
    origins_free(tree.origins);
    arena_free(scratch);
    return out;
}
