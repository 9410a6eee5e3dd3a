/* memory_tree.c: files from one byte string, and renders of them. */
#define _GNU_SOURCE
#include "memory_tree.h"

#include <string.h>

#include "base/path.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "kustomize/engine.h"

enum { MOST_NODES = 20000, LARGEST_OUTPUT = 4 * 1024 * 1024, MOST_FILES = 64, LONGEST_PATH = 255 };

static const char mark[] = "=== ";

/* The next line that begins with the mark, or the end. */
static const char *next_file(const char *at, const char *end)
{
    while (at < end) {
        if ((size_t)(end - at) >= sizeof mark - 1 && memcmp(at, mark, sizeof mark - 1) == 0)
            return at;
        const char *line = memchr(at, '\n', (size_t)(end - at));
        at = line ? line + 1 : end;
    }
    return end;
}

/* A path that a source may be asked for: within the root, and a file where others have no directory. */
static bool is_usable(const struct source *source, struct arena *arena, const char *path)
{
    if (path_is_absolute(path) || !*path || strcmp(path, ".") == 0 || !path_is_within(path, "."))
        return false;
    for (const char *above = path_directory(arena, path); strcmp(above, ".") != 0; above = path_directory(arena, above))
        if (source_kind(source, above) == FILE_REGULAR)
            return false;
    return source_kind(source, path) == FILE_ABSENT;
}

static void add_file(struct source *source, const char *header, const char *next)
{
    struct arena *arena = arena_new();
    const char *line = memchr(header, '\n', (size_t)(next - header));
    const char *text = line ? line + 1 : next;
    size_t size = (size_t)((line ? line : next) - header);
    if (size <= LONGEST_PATH && !memchr(header, '\0', size)) {
        const char *path = path_clean(arena, arena_copy(arena, header, size));
        if (is_usable(source, arena, path))
            source_memory_add(source, path, text, (size_t)(next - text));
    }
    arena_free(arena);
}

struct source *memory_tree(const void *bytes, size_t size)
{
    struct source *source = source_memory();
    const char *end = (const char *)bytes + size, *at = next_file(bytes, end);
    for (size_t count = 0; at < end && count < MOST_FILES; count++) {
        const char *header = at + sizeof mark - 1, *next = next_file(header, end);
        add_file(source, header, next);
        at = next;
    }
    return source;
}

static bool render(struct engine *engine, const char *directory, struct text *out)
{
    struct rendered rendered;
    struct error error = {0};
    struct text message = {0};
    bool good = engine_render(engine, directory, &rendered, &error) && rendered_write(&rendered, out, &error);
    MUST(good == !error.message);
    if (!good)
        error_write(&error, &message);
    MUST(!message.size || !memchr(message.bytes, '\0', message.size));
    MUST(utf8_is_valid(text_content(&message), message.size));
    MUST(!good || utf8_is_valid(text_content(out), out->size));
    text_free(&message);
    rendered_free(&rendered);
    error_free(&error);
    return good;
}

void render_twice(const struct source *source, const char *directory)
{
    struct engine *engine = engine_new(&(struct engine_options){
        .source = source, .node_limit = MOST_NODES, .output_limit = LARGEST_OUTPUT, .share_bases = true});
    struct text once = {.limit = LARGEST_OUTPUT}, twice = {.limit = LARGEST_OUTPUT};
    bool good = render(engine, directory, &once);
    MUST(render(engine, directory, &twice) == good);
    MUST(!good || (once.size == twice.size && (!once.size || memcmp(once.bytes, twice.bytes, once.size) == 0)));
    text_free(&once);
    text_free(&twice);
    engine_free(engine);
}
