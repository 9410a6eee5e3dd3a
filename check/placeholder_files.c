/* placeholder_files.c: the template's placeholders in any file of an app, whether it is rendered or not. */
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "check/check.h"

enum { DEEPEST = 16, MOST_FILES = 2000, LARGEST = 1024 * 1024 };

/* Those that `rootapp new` fills in. */
static const char *const tokens[] = {"{APP_NAME}", "{REGISTRY_IMAGE}", "{NAMESPACE}", "{GITHUB_REPO}"};

struct search {
    struct check_input *input;
    const struct check_target *target;
    struct map *told; /* "file:line" of those that the render tells of */
    size_t files;
    struct arena *arena; /* of the file at hand, of which nothing is kept */
};

static const char *line_key(struct arena *arena, const char *file, unsigned line)
{
    return arena_format(arena, "%s:%u", file, line);
}

static void report_placeholder(struct search *search, const char *path, const char *text, const char *at,
                               const char *token)
{
    unsigned line = 1, column = 1;
    for (const char *byte = text; byte < at; byte++) {
        column = *byte == '\n' ? 1 : column + 1;
        line += *byte == '\n';
    }
    const char *key = line_key(search->input->arena, path, line);
    struct span place = {path, line, column, line, column + (unsigned)strlen(token)};
    if (!map_get(search->told, key, strlen(key)))
        check_report_in(search->input, search->target, RA108, place, NULL, "the placeholder '%s' is still there",
                        token);
}

/* ${NAME} is a shell's, {{NAME}} that of Helm and others. */
static bool is_escaped(const char *text, const char *at, size_t size)
{
    return (at > text && strchr("${", at[-1])) || at[size] == '}';
}

static void look_at_text(struct search *search, const char *path, const char *text)
{
    for (const char *at = text; (at = strchr(at, '{')); at++)
        for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
            size_t size = strlen(tokens[i]);
            if (strncmp(at, tokens[i], size) == 0 && !is_escaped(text, at, size))
                report_placeholder(search, path, text, at, tokens[i]);
        }
}

static void look_at_file(struct search *search, const char *path)
{
    struct file_bytes file;
    struct error ignored = {0};
    const struct file_bytes *known = check_known_file(search->input, path);
    if (known)
        look_at_text(search, path, known->bytes);
    else if (source_read_small(search->input->source, search->arena, path, LARGEST, &file, &ignored) &&
             !memchr(file.bytes, '\0', file.size))
        look_at_text(search, path, file.bytes);
    error_free(&ignored);
    arena_clear(search->arena);
}

/* What programs make, and what git does not keep. */
static bool is_passed_over(const char *name)
{
    static const char *const names[] = {"node_modules", "build", "dist", "target", "vendor", "venv", "__pycache__"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return *name == '.' && strcmp(name, ".github") != 0 && strncmp(name, ".env", 4) != 0;
}

static void look_below(struct search *search, const char *directory, unsigned depth)
{
    const struct check_input *input = search->input;
    struct listing names;
    struct error ignored = {0};
    bool listed = depth < DEEPEST && source_survey(input->source, input->arena, directory, &names, &ignored);
    error_free(&ignored);
    for (size_t i = 0; listed && i < names.count && search->files < MOST_FILES; i++) {
        enum file_kind kind = names.items[i].kind;
        if (is_passed_over(names.items[i].name))
            continue;
        const char *path = path_join(input->arena, directory, names.items[i].name);
        if (kind == FILE_DIRECTORY)
            look_below(search, path, depth + 1);
        else if (kind == FILE_REGULAR && ++search->files)
            look_at_file(search, path);
    }
}

static void note_told(const struct search *search)
{
    const struct findings *findings = search->input->findings;
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i]->rule == &rules[RA108] && findings->items[i]->place.file) {
            const char *key =
                line_key(search->input->arena, findings->items[i]->place.file, findings->items[i]->place.line);
            *map_slot(search->told, key, strlen(key)) = (void *)key;
        }
}

/* The targets are sorted by app: the first of each stands for it. */
static void check_placeholder_files(struct check_input *input)
{
    struct search search = {.input = input, .told = map_new(input->arena), .arena = arena_new()};
    const char *before = "";
    note_told(&search);
    for (size_t i = 0; i < input->target_count; i++) {
        search.target = &input->targets[i];
        const char *directory = search.target->found ? check_app_directory(input->arena, search.target->found) : NULL;
        if (!directory || strcmp(directory, before) == 0)
            continue;
        before = directory;
        search.files = 0;
        look_below(&search, directory, 0);
    }
    arena_free(search.arena);
}

static const enum rule_id ids[] = {RA108, RULE_COUNT};
const struct check placeholder_files_check = {"placeholder_files", ids, check_placeholder_files};
