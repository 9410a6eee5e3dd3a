/* dry_commit.c: describes the commit that branches are rendered from. */
#include "plugin/change/dry_commit.h"

#include <string.h>

#include "plugin/change/remote_text.h"
#include "json/json.h"

static const char trailer[] = "Argocd-reference-commit-";

/* What a trailer says of the commit of the code, by Argo CD's name of the field. */
static const struct reference_field {
    const char *trailer, *name;
    bool is_json;
} reference_fields[] = {
    {"author", "author", false}, {"date", "date", false}, {"subject", "subject", false},
    {"body", "body", true},      {"sha", "sha", false},   {"repourl", "repoUrl", false},
};

enum { REFERENCE_FIELDS = sizeof reference_fields / sizeof *reference_fields };

static bool is_commit_id(const char *text)
{
    size_t size = strlen(text);
    return size >= 5 && size <= 64 && strspn(text, "0123456789abcdef") == size;
}

/* A body is one line of JSON. NULL: it is none. */
static const char *read_body(struct arena *arena, const char *value)
{
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct error ignored = {0};
    const char *wrapped = arena_format(arena, "{\"body\": %s}", value);
    const char *body = node_text(node_find(json_parse(&tree, "body", wrapped, strlen(wrapped), &ignored), "body"));
    error_free(&ignored);
    return body;
}

/* The field that a line is the trailer of, with its value; NULL: it is another line. */
static const struct reference_field *read_trailer(struct arena *arena, const char *line, const char **value)
{
    if (strncmp(line, trailer, sizeof trailer - 1) != 0)
        return NULL;
    line += sizeof trailer - 1;
    for (size_t i = 0; i < REFERENCE_FIELDS; i++) {
        const struct reference_field *field = &reference_fields[i];
        size_t size = strlen(field->trailer);
        if (strncmp(line, field->trailer, size) != 0 || strncmp(line + size, ": ", 2) != 0)
            continue;
        *value = field->is_json ? read_body(arena, line + size + 2) : line + size + 2;
        bool good = *value && (strcmp(field->trailer, "sha") != 0 || is_commit_id(*value));
        return good ? field : NULL;
    }
    return NULL;
}

/* The lines of a body: those that name the commit of the code go to `reference`, the others to `rest`. */
static void split_body(struct arena *arena, char *body, const char **reference, struct text *rest)
{
    for (char *end; *body; body = end) {
        size_t size = strcspn(body, "\n");
        const char *value;
        end = body + size + (body[size] == '\n');
        body[size] = '\0';
        const struct reference_field *field = read_trailer(arena, body, &value);
        if (field)
            reference[field - reference_fields] = value;
        else
            text_format(rest, "%s\n", body);
    }
}

static void put_reference(struct json_value *map, const char *const *reference)
{
    struct json_value *list = json_list_new(), *item = json_map_new(), *commit = json_map_new();
    for (size_t i = 0; i < REFERENCE_FIELDS; i++)
        json_map_put_text(commit, reference_fields[i].name, reference[i]);
    json_map_put(item, "commit", commit);
    json_list_put(list, item);
    json_map_put(map, "references", list);
}

static void put_message(struct arena *arena, struct json_value *map, char *body)
{
    const char *reference[REFERENCE_FIELDS] = {NULL};
    struct text rest = {0};
    bool refers = false;
    for (size_t size = strlen(body); size && strchr(" \t\r\n", body[size - 1]); size--)
        body[size - 1] = '\0';
    split_body(arena, body, reference, &rest);
    json_map_put_text(map, "body", strspn(text_content(&rest), "\n") < rest.size ? rest.bytes : NULL);
    for (size_t i = 0; i < REFERENCE_FIELDS; i++)
        refers = refers || reference[i];
    if (refers)
        put_reference(map, reference);
    text_free(&rest);
}

bool dry_commit_describe(struct user_git *git, const char *remote, const char *commit, struct text *out,
                         struct error *error)
{
    static const char *const names[] = {"author", "date", "subject"};
    struct arena *arena = git->history->arena;
    struct text answer = {0};
    if (!user_git_run(git,
                      GIT_WORDS("log", "-1", "--no-show-signature", "--format=%an <%ae>%x00%aI%x00%s%x00%b", commit),
                      NULL, &answer, error)) {
        text_free(&answer);
        return false;
    }
    struct json_value *map = json_map_new();
    const char *url = user_git_line(git, GIT_WORDS("remote", "get-url", remote));
    char *at = arena_copy(arena, text_content(&answer), answer.size);
    json_map_put_text(map, "repoURL", without_password(arena, url ? url : remote));
    json_map_put_text(map, "drySha", commit);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++, at += strlen(at) + 1)
        json_map_put_text(map, names[i], at);
    put_message(arena, map, at);
    json_value_write(map, out);
    json_value_free(map);
    text_free(&answer);
    return true;
}

void dry_commit_note(const char *commit, struct text *out)
{
    text_format(out, "{\"drySha\":\"%s\"}\n", commit);
}

const char *dry_commit_read(struct user_git *git, const char *id)
{
    struct arena *arena = git->history->arena;
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct text bytes = {0};
    struct error ignored = {0};
    const struct node *node = NULL;
    if (user_git_run(git, GIT_WORDS("cat-file", "blob", id), NULL, &bytes, &ignored))
        node = json_parse(&tree, "hydrator.metadata", text_content(&bytes), bytes.size, &ignored);
    const char *dry = node_text(node_find(node, "drySha"));
    dry = dry ? arena_string(arena, dry) : NULL;
    error_free(&ignored);
    text_free(&bytes);
    return dry && is_commit_id(dry) ? dry : NULL;
}
