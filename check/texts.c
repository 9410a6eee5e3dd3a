/* texts.c: values of ConfigMaps that were taken from files and are not the text that they should be. */
#include <string.h>

#include "check/check.h"
#include "kustomize/text/lfs_pointer.h"

static const char mark[] = "\xef\xbb\xbf";

/* In YAML these are escapes, which somebody has written on purpose. */
static bool is_written_out(const struct check_target *target, const struct check_object *object, origin at)
{
    const char *file = check_place(target, at, object).file, *dot = file ? strrchr(file, '.') : NULL;
    return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* What stands behind '>' becomes one line, and a file with one line is seldom meant. */
static bool is_file(const char *key, const char *text)
{
    static const char *const endings[] = {".sh",   ".yaml", ".yml", ".conf", ".properties", ".ini",
                                          ".toml", ".env",  ".py",  ".sql",  ".cfg",        ".hcl"};
    const char *dot = strrchr(key, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        if (strcmp(dot, endings[i]) == 0)
            return true;
    return strncmp(text, "#!", 2) == 0;
}

/* The lines of a block that begins at `>`: those that are indented as its first one, or more. */
static size_t block_lines(const char *text, size_t size)
{
    const char *end = text + size, *line = memchr(text, '\n', size);
    size_t lines = 0, indent = 0;
    while (line && ++line < end) {
        size_t blanks = 0;
        while (line + blanks < end && line[blanks] == ' ')
            blanks++;
        bool empty = line + blanks == end || line[blanks] == '\n';
        if (!indent)
            indent = blanks;
        if (!empty && (!indent || blanks < indent))
            break;
        lines += !empty;
        line = memchr(line, '\n', (size_t)(end - line));
    }
    return lines;
}

static void check_folded(struct check_input *input, const struct check_target *target,
                         const struct check_object *object, const struct entry *entry)
{
    const char *text = node_text(entry->value), *key = entry->key->text;
    size_t size = 0, lines = 0;
    bool folded = text && entry->value->style == STYLE_FOLDED && is_file(key, text);
    const char *block = folded ? origins_text(target->origins, entry->value->origin, &size) : NULL;
    for (const char *at = text; block && *at; at++)
        lines += *at == '\n' || !at[1];
    if (!block || *block != '>' || block_lines(block, size) <= lines)
        return;
    struct finding *finding =
        check_report(input, target, RA118, entry->value->origin, object,
                     "'%s' of ConfigMap '%s' stands behind '>', which joins its lines: write '|'", key, object->name);
    finding->fix = "|";
    finding->severity = SEVERITY_WARNING;
}

static void check_value(struct check_input *input, const struct check_target *target, const struct check_object *object,
                        const struct entry *entry)
{
    const char *text = node_text(entry->value), *key = entry->key->text;
    struct finding *finding = NULL;
    if (!text || is_written_out(target, object, entry->value->origin))
        return;
    if (is_lfs_pointer(text))
        finding = check_report(input, target, RA118, entry->value->origin, object,
                               "'%s' of ConfigMap '%s' is a pointer of Git LFS, not the file", key, object->name);
    else if (strstr(text, "\r\n"))
        finding =
            check_report(input, target, RA118, entry->value->origin, object,
                         "'%s' of ConfigMap '%s' has lines that end with CR LF: programs and shells of Linux take "
                         "the CR for a part of the line",
                         key, object->name);
    else if (strstr(text, mark))
        finding = check_report(input, target, RA118, entry->value->origin, object,
                               "'%s' of ConfigMap '%s' has a byte order mark in it", key, object->name);
    if (finding && !finding->fix)
        finding->fix = "commit the file itself, as UTF-8 without a byte order mark, with line feeds";
}

static void check_texts(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            const struct node *data = node_get(object->root, &key_data);
            for (uint32_t k = 0; strcmp(object->kind, "ConfigMap") == 0 && node_is_map(data) && k < data->count; k++)
                if (data->entries[k].key) {
                    check_folded(input, &input->targets[i], object, &data->entries[k]);
                    check_value(input, &input->targets[i], object, &data->entries[k]);
                }
        }
}

static const enum rule_id ids[] = {RA118, RULE_COUNT};
const struct check texts_check = {"texts", ids, check_texts};
