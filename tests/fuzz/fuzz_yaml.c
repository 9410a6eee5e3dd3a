/* fuzz_yaml.c: text to tree to text. What is printed reads back, and prints the same again. */
#include <string.h>

#include "fuzz.h"
#include "yaml/emit.h"
#include "yaml/parse.h"

enum { MOST_NODES = 20000, LARGEST_TEXT = 4 * 1024 * 1024 };

struct reader {
    struct arena *arena;
    struct origins *origins;
    struct schema_comments comments;
    struct tree tree;
};

static void open_reader(struct reader *reader)
{
    reader->arena = arena_new();
    reader->origins = origins_new();
    reader->comments = (struct schema_comments){.arena = reader->arena};
    reader->tree = (struct tree){.arena = reader->arena,
                                 .keys = intern_new(reader->arena),
                                 .schema_comments = &reader->comments,
                                 .owner = 1,
                                 .node_limit = MOST_NODES};
}

static void close_reader(struct reader *reader)
{
    origins_free(reader->origins);
    arena_free(reader->arena);
}

static struct yaml_text text_of(struct reader *reader, const void *bytes, size_t size)
{
    return (struct yaml_text){.file = "input.yaml",
                              .bytes = arena_copy(reader->arena, bytes, size),
                              .size = size,
                              .origins = reader->origins};
}

static void print_json(const struct node *document)
{
    struct text plain = {.limit = LARGEST_TEXT}, rounded = {.limit = LARGEST_TEXT};
    struct error error = {0};
    bool good = emit_json(document, &plain, &error);
    MUST(emit_json_rounded(document, &rounded, &error) == good);
    MUST(good == !error.message);
    error_free(&error);
    text_free(&plain);
    text_free(&rounded);
}

static bool print(const struct node *document, struct text *out)
{
    struct error error = {0};
    bool good = emit_yaml(document, out, &error);
    MUST(good == !error.message);
    error_free(&error);
    return good && !out->failed;
}

static void check_document(const struct node *document)
{
    struct reader reader;
    struct node *again = NULL;
    struct error error = {0};
    struct text once = {.limit = LARGEST_TEXT}, twice = {.limit = LARGEST_TEXT};
    open_reader(&reader);
    print_json(document);
    if (print(document, &once)) {
        struct yaml_text text = text_of(&reader, text_content(&once), once.size);
        MUST(parse_first(&reader.tree, &text, &again, &error) && again);
        MUST(print(again, &twice));
        MUST(once.size == twice.size && memcmp(once.bytes, twice.bytes, once.size) == 0);
    }
    text_free(&once);
    text_free(&twice);
    error_free(&error);
    close_reader(&reader);
}

static void check_documents(const uint8_t *data, size_t size)
{
    struct reader reader;
    struct node_array documents = {0};
    struct error error = {0};
    open_reader(&reader);
    struct yaml_text text = text_of(&reader, data, size);
    MUST(parse_documents(&reader.tree, &text, &documents, &error) == !error.message);
    for (size_t i = 0; !error.message && i < documents.count; i++)
        check_document(documents.items[i]);
    error_free(&error);
    close_reader(&reader);
}

typedef bool parse_function(struct tree *tree, const struct yaml_text *text, struct node **out, struct error *error);

static void check_one(const uint8_t *data, size_t size, parse_function *parse)
{
    struct reader reader;
    struct error error = {0};
    struct node *root = NULL;
    open_reader(&reader);
    struct yaml_text text = text_of(&reader, data, size);
    MUST(parse(&reader.tree, &text, &root, &error) == !error.message);
    error_free(&error);
    close_reader(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_documents(data, size);
    check_one(data, size, parse_first);
    check_one(data, size, parse_yaml11);
    return 0;
}
