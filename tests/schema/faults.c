/* faults.c: prints what kubernetes/ finds in each document of standard input, for the comparison of tests/schema/run.
 *
 *     faults MINOR <documents.yaml        a line a fault: "NUMBER KIND PATH"; "NUMBER unknown" for an unknown kind */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "kubernetes/api.h"
#include "yaml/parse.h"
#include "yaml/tree.h"

static const char *const names[] = {
    [API_UNKNOWN_FIELD] = "unknown-field",
    [API_WRONG_TYPE] = "wrong-type",
    [API_MISSING_FIELD] = "missing-field",
    [API_FIELD_TOO_NEW] = "field-too-new",
};

static void print_fault(void *context, const struct api_fault *fault)
{
    printf("%zu %s %s\n", *(const size_t *)context, names[fault->kind], fault->path);
}

static void check_document(const struct node *document, size_t number, unsigned minor)
{
    const char *version = node_text(node_find(document, "apiVersion")), *kind = node_text(node_find(document, "kind"));
    struct known_kind known = version && kind ? api_find(NULL, version, kind) : (struct known_kind){0};
    if (!api_has_fields(known))
        printf("%zu unknown\n", number);
    else
        api_validate(known, minor, document, NULL, print_fault, &number);
}

static void read_input(struct text *out)
{
    char buffer[65536];
    size_t size;
    while ((size = fread(buffer, 1, sizeof buffer, stdin)) > 0)
        text_bytes(out, buffer, size);
}

int main(int count, char **words)
{
    struct text input = {0};
    struct arena *arena = arena_new();
    struct origins *origins = origins_new();
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct node_array documents = {0};
    struct error error = {0};
    read_input(&input);
    const struct yaml_text text = {
        .file = "input", .bytes = text_content(&input), .size = input.size, .origins = origins};
    bool good = count == 2 && parse_documents(&tree, &text, &documents, &error);
    for (size_t i = 0; good && i < documents.count; i++)
        check_document(documents.items[i], i, (unsigned)strtoul(words[1], NULL, 10));
    if (!good)
        fprintf(stderr, "%s\n", error.message ? error.message : "usage: faults MINOR <documents.yaml");
    error_free(&error);
    text_free(&input);
    origins_free(origins);
    arena_free(arena);
    return good ? 0 : 1;
}
