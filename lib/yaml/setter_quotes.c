/* setter_quotes.c: which strings kyaml puts in quotes when it adds them. */
#include "yaml/setter_quotes.h"

#include <string.h>

#include "yaml/parse.h"
#include "yaml/resolve.h"

/* A plain scalar that is nothing but its text: no indicator at its start, none of its own within. */
static bool is_simple(const char *text, size_t size)
{
    if (strchr("-?:", text[0]) && (size == 1 || text[1] == ' '))
        return false;
    if (strchr(",[]{}#&*!|>'\"%@` \t.", text[0]) || text[size - 1] == ' ')
        return false;
    for (size_t i = 0; i < size; i++)
        if ((text[i] == ':' && (i + 1 == size || text[i + 1] == ' ')) || (text[i] == '#' && text[i - 1] == ' ') ||
            (unsigned char)text[i] < ' ' || strchr("\xc2\xe2\xef", text[i])) /* maybe a break, or a byte order mark */
            return false;
    return memcmp(text, "---", size < 3 ? size : 3) != 0;
}

/* Source: kyaml/yaml/compatibility.go IsValueNonString. */
static bool is_other_document(const char *text, size_t size)
{
    struct arena *arena = arena_new();
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct origins *origins = origins_new();
    struct yaml_text document = {"", text, size, origins, 0};
    struct error error = {0};
    struct node *root;
    bool other = parse_yaml11(&tree, &document, &root, &error)
                     ? !(node_is_scalar(root) && root->tag == TAG_STRING)
                     : error.kind == ERROR_BEYOND_JSON /* YAML 1.1 is read to make JSON of it */;
    error_free(&error);
    origins_free(origins);
    arena_free(arena);
    return other;
}

bool setter_quotes(const char *text, size_t size)
{
    if (!size || memchr(text, '\n', size))
        return false;
    if (!is_simple(text, size))
        return is_other_document(text, size);
    enum node_tag tag = resolve_yaml11(text, size);
    return tag != TAG_STRING && tag != TAG_TIMESTAMP && tag != TAG_MERGE;
}
