/* parse_stream.c: one document, with what stands before and behind it (go-yaml, parserc.go). */
#include "yaml/parse_stream.h"

#include <stdlib.h>
#include <string.h>

#include "yaml/parse_loader.h"

struct loader *loader_new(struct tree *tree, const struct yaml_text *text, enum dialect dialect)
{
    struct loader *loader = memory_new(sizeof *loader);
    loader->dialect = dialect;
    loader->tree = tree;
    loader->origins = text->origins;
    loader->builder = builder_new(tree, text->origins, dialect);
    return loader;
}

void loader_free(struct loader *loader)
{
    builder_free(loader->builder);
    comments_free(&loader->comments);
    scan_free(&loader->scanner);
    text_free(&loader->tag);
    free(loader);
}

static struct place place_of(const struct loader *loader, uint32_t offset)
{
    return origins_place(loader->origins, origin_of(loader, offset));
}

static bool fail_at_token(const struct loader *loader, const struct token *token, const char *problem,
                          struct error *error)
{
    return error_in(error, place_of(loader, token->start), "malformed YAML: %s", problem);
}

/* The first mark that git leaves where a merge failed. */
static const char *find_conflict(const struct part *part)
{
    static const char mark[] = "<<<<<<< ";
    enum { MARK_SIZE = sizeof mark - 1 };
    const char *at = part->bytes, *end = at + part->size;
    for (; at && (size_t)(end - at) > MARK_SIZE; at = memchr(at, '\n', (size_t)(end - at)), at = at ? at + 1 : NULL)
        if (memcmp(at, mark, MARK_SIZE) == 0)
            return at;
    return NULL;
}

static bool fail_by_conflict(const struct loader *loader, const char *mark, struct error *error)
{
    return error_in(error, place_of(loader, (uint32_t)(mark - loader->part.bytes)),
                    "malformed YAML: the mark of a merge conflict, which is to be resolved");
}

bool fail_within(const struct loader *loader, uint32_t at, const char *problem, const char *context,
                 uint32_t context_at, struct error *error)
{
    const char *conflict = find_conflict(&loader->part);
    if (conflict)
        return fail_by_conflict(loader, conflict, error);
    struct place begins = context ? place_of(loader, context_at) : (struct place){0};
    if (!begins.line)
        return error_in(error, place_of(loader, at), "malformed YAML: %s", problem);
    return error_in(error, place_of(loader, at), "malformed YAML: %s, %s that begins in line %u", problem, context,
                    begins.line);
}

static bool fail_scan(const struct loader *loader, struct error *error)
{
    const struct scan_fault *fault = &loader->scanner.fault;
    return fail_within(loader, fault->at, fault->problem, fault->context, fault->context_at, error);
}

const struct token *next_token(struct loader *loader, struct error *error)
{
    const struct token *token = scan_peek(&loader->scanner);
    if (!token)
        fail_scan(loader, error);
    return token;
}

/* What the comments between the values are to know of a token that is none. */
static void note_boundary(struct loader *loader, const struct token *token)
{
    struct stretch stretch = {
        .start = token->start, .start_line = token->line, .end = token->end, .end_line = token->end_line};
    if (loader->comments.count)
        comments_before(&loader->comments, &stretch, loader->tree, loader->builder);
}

static const struct tag_directive *find_directive(const struct loader *loader, const char *handle)
{
    for (size_t i = 0; i < loader->directive_count; i++)
        if (strcmp(loader->directives[i].handle, handle) == 0)
            return &loader->directives[i];
    return NULL;
}

static bool add_directive(struct loader *loader, const struct token *token, struct error *error)
{
    struct arena *arena = loader->tree->arena;
    const char *text = token_text(&loader->scanner, token);
    const char *handle = arena_copy(arena, text, token->handle_size);
    if (find_directive(loader, handle))
        return fail_at_token(loader, token, "found duplicate %TAG directive", error);
    if (loader->directive_count == MOST_DIRECTIVES)
        return fail_at_token(loader, token, "more than 100 %TAG directives", error);
    const char *prefix = arena_copy(arena, text + token->handle_size, token->size - token->handle_size);
    loader->directives[loader->directive_count++] = (struct tag_directive){handle, prefix};
    return true;
}

static bool is_directive(const struct token *token)
{
    return token->kind == TOKEN_VERSION_DIRECTIVE || token->kind == TOKEN_TAG_DIRECTIVE;
}

/* The token behind the directives, or NULL with an error. */
static const struct token *read_directives(struct loader *loader, struct error *error)
{
    const struct token *token;
    bool has_version = false;
    for (; (token = next_token(loader, error)) && is_directive(token); scan_skip(&loader->scanner)) {
        bool version = token->kind == TOKEN_VERSION_DIRECTIVE;
        const char *problem = !version           ? NULL
                              : has_version      ? "found duplicate %YAML directive"
                              : token->size == 0 ? "found incompatible YAML document: write '%YAML 1.1' or nothing"
                                                 : NULL;
        if (problem ? !fail_at_token(loader, token, problem, error) : !version && !add_directive(loader, token, error))
            return NULL;
        has_version |= version;
    }
    return token;
}

/* The tags "!" and "!!" where no directive says otherwise; there is room for them. */
static void add_defaults(struct loader *loader)
{
    static const struct tag_directive defaults[] = {{"!", "!"}, {"!!", "tag:yaml.org,2002:"}};
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (!find_directive(loader, defaults[i].handle))
            loader->directives[loader->directive_count++] = defaults[i];
}

static bool begins_document(const struct token *token)
{
    return is_directive(token) || token->kind == TOKEN_DOCUMENT_START;
}

/* A document that begins with directives or ---, and may be empty. */
static bool read_explicit(struct loader *loader, struct error *error)
{
    const struct token *token = read_directives(loader, error);
    if (!token)
        return false;
    if (token->kind != TOKEN_DOCUMENT_START)
        return fail_at_token(loader, token, "did not find expected <document start>", error);
    note_boundary(loader, token);
    scan_skip(&loader->scanner);
    add_defaults(loader);
    token = next_token(loader, error);
    if (!token)
        return false;
    if (begins_document(token) || token->kind == TOKEN_DOCUMENT_END || token->kind == TOKEN_STREAM_END)
        return add_nothing_at(loader, token, error);
    return read_document_value(loader, error);
}

/* go-yaml v3 has scanned two tokens beyond the one behind a document, and fails on what it finds there. */
static bool end_document(struct loader *loader, struct error *error)
{
    const struct token *token = next_token(loader, error);
    if (!token)
        return false;
    note_boundary(loader, token);
    bool good = loader->dialect == DIALECT_YAML11 || scan_ahead(&loader->scanner, 3);
    return (good && scan_finish(&loader->scanner)) || fail_scan(loader, error);
}

static bool read_document(struct loader *loader, struct error *error)
{
    const struct token *token = next_token(loader, error);
    if (!token)
        return false;
    if (token->kind == TOKEN_STREAM_END)
        return true;
    bool explicit = begins_document(token);
    if (!explicit)
        add_defaults(loader);
    return (explicit ? read_explicit(loader, error) : read_document_value(loader, error)) &&
           end_document(loader, error);
}

bool load_document(struct loader *loader, const struct part *part, struct node **out, struct error *error)
{
    static const char mark[] = "\xEF\xBB\xBF";
    enum { MARK_SIZE = sizeof mark - 1 };
    bool marked = part->size >= MARK_SIZE && memcmp(part->bytes, mark, MARK_SIZE) == 0;
    size_t skipped = marked ? MARK_SIZE : 0;
    *out = NULL;
    loader->part =
        (struct part){part->bytes + skipped, part->size - skipped, part->start ? part->start + (origin)skipped : 0};
    loader->directive_count = 0;
    builder_start(loader->builder);
    if (loader->tree->schema_comments)
        comments_find(&loader->comments, &loader->part);
    scan_start(&loader->scanner, loader->part.bytes, loader->part.size, loader->dialect != DIALECT_YAML11);
    if (!read_document(loader, error))
        return false;
    *out = builder_root(loader->builder);
    return true;
}
