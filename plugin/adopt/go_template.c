/* go_template.c: has helm put parameters into the templates of an ApplicationSet: it knows Go's language and sprig's
 * functions, as Argo CD does. */
#include <string.h>

#include "base/files.h"
#include "base/path.h"
#include "base/process.h"
#include "plugin/adopt/adoption.h"
#include "yaml/emit.h"
#include "yaml/parse.h"

enum { SECONDS = 60, MOST_OUTPUT = 64 * 1024 * 1024 };

static const char chart[] = "{\"apiVersion\": \"v2\", \"name\": \"adopt\", \"version\": \"0.0.0\"}\n";

/* The texts of a template, each once. */
struct go_fields {
    struct arena *arena;
    const char **texts;
    size_t count, room;
};

static size_t add_field(struct go_fields *fields, const char *text)
{
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->texts[i], text) == 0)
            return i;
    fields->texts = arena_grow(fields->arena, fields->texts, fields->count, &fields->room, sizeof *fields->texts);
    fields->texts[fields->count] = text;
    return fields->count++;
}

static void collect_fields(struct go_fields *fields, const struct node *node)
{
    if (node_is_scalar(node)) {
        if (strstr(node->text, "{{"))
            add_field(fields, node->text);
        return;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        if (node_is_map(node) && strstr(node->entries[i].key->text, "{{"))
            add_field(fields, node->entries[i].key->text);
        collect_fields(fields, node_is_map(node) ? node->entries[i].value : node->items[i]);
    }
}

/* Each text is a template of its own, with the parameters alone to see; a row of JSON texts for each parameters. */
static void write_chart(const struct go_fields *fields, struct text *out)
{
    for (size_t i = 0; i < fields->count; i++)
        text_format(out, "{{ define \"field %zu\" }}%s{{ end }}\n", i, fields->texts[i]);
    text_string(out, "apiVersion: v1\nkind: Rows\nrows:\n{{- range .Values.parameters }}\n- [");
    for (size_t i = 0; i < fields->count; i++)
        text_format(out, "%s{{ include \"field %zu\" . | toJson }}", i ? ", " : "", i);
    text_string(out, "]\n{{- end }}\n");
}

static bool write_values(struct adoption *adoption, const struct parameter_list *parameters, struct text *out,
                         struct error *error)
{
    struct node *root = tree_map(&adoption->tree), *list = tree_list(&adoption->tree);
    for (size_t i = 0; i < parameters->count; i++)
        tree_append(&adoption->tree, list, parameters->items[i]);
    tree_set_named(&adoption->tree, root, "parameters", list);
    return emit_json(root, out, error);
}

static bool write_files(struct adoption *adoption, const char *work, const struct go_fields *fields,
                        const struct parameter_list *parameters, struct error *error)
{
    struct text template = {0}, values = {0};
    struct arena *arena = adoption->arena;
    write_chart(fields, &template);
    bool good = write_values(adoption, parameters, &values, error) &&
                directory_make(path_join(arena, work, "templates"), error) &&
                file_replace(path_join(arena, work, "Chart.yaml"), chart, sizeof chart - 1, error) &&
                file_replace(path_join(arena, work, "values.yaml"), values.bytes, values.size, error) &&
                file_replace(path_join(arena, work, "templates/rows.yaml"), template.bytes, template.size, error);
    text_free(&template);
    text_free(&values);
    return good;
}

static const char *run_helm(struct arena *arena, const char *work, struct text *out)
{
    const char *const changes[] = {arena_format(arena, "HELM_CONFIG_HOME=%s/config", work),
                                   arena_format(arena, "HELM_CACHE_HOME=%s/cache", work),
                                   arena_format(arena, "HELM_DATA_HOME=%s/data", work), NULL};
    const char *const arguments[] = {"helm", "template", "adopt", work, NULL};
    struct process process = {.arguments = arguments,
                              .environment = process_environment(arena, changes),
                              .seconds = SECONDS,
                              .output_limit = MOST_OUTPUT};
    struct process_end end;
    struct error ignored = {0};
    if (!process_run(&process, &end, &ignored)) {
        error_free(&ignored);
        return "it needs helm, which is not on PATH";
    }
    const char *said = text_content(&end.err), *reason = NULL;
    if (end.status != 0)
        reason = arena_format(arena, "helm refuses it: %.*s", (int)strcspn(said, "\n"), said);
    else
        text_bytes(out, text_content(&end.out), end.out.size);
    process_end_free(&end);
    return reason;
}

static const char *text_for(const struct go_fields *fields, const struct node *row, const char *text)
{
    for (size_t i = 0; i < fields->count && i < row->count; i++)
        if (strcmp(fields->texts[i], text) == 0)
            return node_text(row->items[i]) ? node_text(row->items[i]) : "";
    return text;
}

static struct node *fill_node(struct tree *tree, const struct go_fields *fields, const struct node *row,
                              const struct node *node)
{
    if (node_is_scalar(node))
        return strstr(node->text, "{{") ? tree_string(tree, text_for(fields, row, node->text)) : tree_copy(tree, node);
    struct node *out = node_is_map(node) ? tree_map(tree) : tree_list(tree);
    for (uint32_t i = 0; i < node->count; i++)
        if (node_is_map(node))
            tree_set_named(tree, out, text_for(fields, row, node->entries[i].key->text),
                           fill_node(tree, fields, row, node->entries[i].value));
        else
            tree_append(tree, out, fill_node(tree, fields, row, node->items[i]));
    return out;
}

/* As a strategic merge patch of a kind without merge keys: lists are replaced. */
static void merge_patch(struct tree *tree, struct node *base, const struct node *patch)
{
    for (uint32_t i = 0; i < patch->count; i++) {
        const struct entry *entry = &patch->entries[i];
        struct node *old = node_find(base, entry->key->text);
        if (node_is_null(entry->value))
            tree_remove(base, entry->key);
        else if (node_is_map(old) && node_is_map(entry->value))
            merge_patch(tree, old, entry->value);
        else
            tree_set_named(tree, base, entry->key->text, tree_copy(tree, entry->value));
    }
}

static const char *apply_patch(struct adoption *adoption, struct node *application, const char *text)
{
    struct node *patch = NULL;
    struct error error = {0};
    struct yaml_text yaml = {
        .file = "templatePatch", .bytes = text, .size = strlen(text), .origins = adoption->origins};
    bool good = parse_first(&adoption->tree, &yaml, &patch, &error);
    const char *reason = good ? NULL : arena_format(adoption->arena, "templatePatch: %s", error.message);
    error_free(&error);
    if (good && node_is_map(patch))
        merge_patch(&adoption->tree, application, patch);
    return reason;
}

static const char *read_rows(struct adoption *adoption, const struct text *printed, const struct node **rows)
{
    struct node *root = NULL;
    struct error error = {0};
    const char *bytes = arena_copy(adoption->arena, text_content(printed), printed->size);
    struct yaml_text yaml = {.file = "helm", .bytes = bytes, .size = printed->size, .origins = adoption->origins};
    bool good = parse_first(&adoption->tree, &yaml, &root, &error);
    error_free(&error);
    *rows = good ? node_find(root, "rows") : NULL;
    return node_is_list(*rows) ? NULL : "what helm makes of it cannot be read";
}

static const char *fill_all(struct adoption *adoption, const struct go_fields *fields, const struct node *set,
                            const struct node *rows, struct parameter_list *out)
{
    const struct node *template = node_find(set, "template"), *patch = node_find(set, "templatePatch");
    const char *reason = NULL;
    for (uint32_t i = 0; i < rows->count && !reason; i++) {
        struct node *application = fill_node(&adoption->tree, fields, rows->items[i], template);
        if (patch)
            reason = apply_patch(adoption, application, text_for(fields, rows->items[i], node_text(patch)));
        out->items = arena_grow(adoption->arena, out->items, out->count, &out->room, sizeof *out->items);
        out->items[out->count++] = application;
    }
    return reason;
}

const char *go_template_expand(struct adoption *adoption, const struct node *set,
                               const struct parameter_list *parameters, struct parameter_list *out)
{
    struct go_fields fields = {.arena = adoption->arena};
    struct text printed = {0};
    struct error error = {0};
    const struct node *rows = NULL, *patch = node_find(set, "templatePatch");
    collect_fields(&fields, node_find(set, "template"));
    if (node_text(patch))
        add_field(&fields, node_text(patch));
    for (size_t i = 0; i < fields.count; i++)
        if (strstr(fields.texts[i], "normalize") || strstr(fields.texts[i], "slugify"))
            return "normalize and slugify beside functions of Go's are not understood";
    const char *work = temporary_directory(adoption->arena, NULL, &error), *reason = NULL;
    if (!work || !write_files(adoption, work, &fields, parameters, &error))
        reason = arena_string(adoption->arena, error.message);
    if (!reason)
        reason = run_helm(adoption->arena, work, &printed);
    if (!reason)
        reason = read_rows(adoption, &printed, &rows);
    if (!reason)
        reason = fill_all(adoption, &fields, set, rows, out);
    if (work)
        directory_remove(work);
    text_free(&printed);
    error_free(&error);
    return reason;
}
