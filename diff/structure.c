/* structure.c: reads the structure of a text. */
#include "diff/structure.h"

#include <ctype.h>
#include <string.h>

#include "yaml/parse.h"

enum { LARGEST_TEXT = 256 * 1024, MOST_NODES = 20000 };

/* A line alone is shown as it is. */
static bool may_have_structure(const struct node *text)
{
    bool scalar = node_is_scalar(text) && text->count <= LARGEST_TEXT && strlen(text->text) == text->count;
    return scalar && (strchr(text->text, '\n') || strchr("{[", text->text[0]));
}

static bool has_documents(const char *text)
{
    const char *first = strncmp(text, "---", 3) == 0 ? text + 3 : text;
    return strstr(first, "\n---") || strstr(first, "\n...");
}

static const struct node *read_yaml(struct tree *tree, const struct node *text)
{
    struct tree own = {.arena = tree->arena, .keys = tree->keys, .owner = tree->owner, .node_limit = MOST_NODES};
    struct origins *origins = origins_new();
    struct yaml_text given = {.file = "", .bytes = text->text, .size = text->count, .origins = origins};
    struct error ignored = {0};
    struct node *root = NULL;
    if (has_documents(text->text) || !parse_first(&own, &given, &root, &ignored))
        root = NULL;
    error_free(&ignored);
    origins_free(origins);
    return root;
}

static size_t trimmed_size(const char *from, size_t size)
{
    while (size && isspace((unsigned char)from[size - 1]))
        size--;
    return size;
}

static size_t key_size(const char *line, size_t size)
{
    size_t key = 0;
    while (key < size && (isalnum((unsigned char)line[key]) || strchr("_.-/", line[key])))
        key++;
    return key;
}

/* "key = value" in a section, whose name stands before the key. False: it is no such line, or the key is there already.
 */
static bool add_property(struct tree *tree, struct node *map, const char *section, const char *line, size_t size)
{
    size_t key = key_size(line, size), sign = key;
    while (sign < size && line[sign] == ' ')
        sign++;
    if (!key || sign == size || line[sign] != '=')
        return false;
    size_t from = sign + 1;
    while (from < size && line[from] == ' ')
        from++;
    const char *name = arena_format(tree->arena, "%s%s%.*s", section, *section ? "." : "", (int)key, line);
    bool fresh = !node_find(map, name);
    tree_set_named(tree, map, name, tree_scalar(tree, line + from, size - from, TAG_STRING, STYLE_PLAIN));
    return fresh;
}

static const struct node *read_properties(struct tree *tree, const char *text)
{
    struct node *map = tree_map(tree);
    const char *section = "";
    bool good = true;
    for (size_t size; good && *text; text += size + (text[size] == '\n')) {
        size = strcspn(text, "\n");
        size_t from = strspn(text, " \t"), length = from < size ? trimmed_size(text + from, size - from) : 0;
        const char *line = text + from;
        if (!length || strchr("#;!", *line))
            continue;
        if (*line == '[' && line[length - 1] == ']')
            section = arena_copy(tree->arena, line + 1, length - 2);
        else
            good = add_property(tree, map, section, line, length);
    }
    return good && map->count ? map : NULL;
}

const struct node *structure_of(struct tree *tree, const struct node *text)
{
    if (!may_have_structure(text))
        return NULL;
    const struct node *root = read_yaml(tree, text);
    if ((node_is_map(root) || node_is_list(root)) && root->count)
        return root;
    return read_properties(tree, text->text);
}
