/* pinned.c: remote bases and charts whose next render may be another one without a commit here. */
#include <ctype.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "check/kustomization_file.h"
#include "kustomize/text/repository_url.h"

/* A commit, or a name that has a version in it, as tags have. */
static bool is_fixed(const char *ref)
{
    enum { SHORTEST_ID = 7 };
    static const char branches[] = "refs/heads/";
    size_t size = strlen(ref);
    if (strncmp(ref, branches, strlen(branches)) == 0)
        return false;
    if (size >= SHORTEST_ID && strspn(ref, "0123456789abcdef") == size)
        return true;
    for (const char *at = ref; *at; at++)
        if (isdigit((unsigned char)*at) && (at == ref || strchr("v/-_.", at[-1])))
            return true;
    return false;
}

static bool is_file_url(const char *text)
{
    size_t size = strcspn(text, "?#");
    static const char *const endings[] = {".yaml", ".yml", ".json"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t length = strlen(endings[i]);
        if (size > length && strncmp(text + size - length, endings[i], length) == 0)
            return strncmp(text, "http", 4) == 0 && !strstr(text, "?ref=");
    }
    return false;
}

/* The part of a path with this number, from 0. */
static const char *path_segment(struct arena *arena, const char *path, unsigned number)
{
    while (number-- && *path)
        path += strcspn(path, "/") + (path[strcspn(path, "/")] == '/');
    return arena_copy(arena, path, strcspn(path, "/"));
}

/* The ref in the address of a file at GitHub; NULL: it is no such address. */
static const char *file_ref(struct arena *arena, const char *url)
{
    static const char raw[] = "https://raw.githubusercontent.com/", pages[] = "https://github.com/";
    if (strncmp(url, raw, strlen(raw)) == 0) {
        const char *ref = path_segment(arena, url + strlen(raw), 2);
        return strcmp(ref, "refs") == 0 ? path_segment(arena, url + strlen(raw), 4) : ref;
    }
    if (strncmp(url, pages, strlen(pages)) != 0)
        return NULL;
    const char *kind = path_segment(arena, url + strlen(pages), 2), *next = path_segment(arena, url + strlen(pages), 3);
    if (strcmp(kind, "raw") == 0 || strcmp(kind, "blob") == 0 ||
        (strcmp(kind, "releases") == 0 && strcmp(next, "latest") == 0))
        return next;
    return NULL;
}

/* Why an entry moves; NULL: it does not, or is no remote one. */
static const char *why_moving(struct arena *arena, const char *text)
{
    struct repository_url url;
    if (is_file_url(text)) {
        const char *ref = file_ref(arena, text);
        return ref && !is_fixed(ref) ? arena_format(arena, "is taken from '%s', which moves", ref) : NULL;
    }
    if (!repository_url_parse(arena, text, &url))
        return NULL;
    if (!*url.ref)
        return "has no ref: it is whatever the default branch has";
    return is_fixed(url.ref) ? NULL : arena_format(arena, "has the ref '%s', which moves", url.ref);
}

static void check_entry(struct check_input *input, const struct check_target *target,
                        const struct kustomization_files *files, const struct node *entry)
{
    const char *why = node_text(entry) && *entry->text ? why_moving(input->arena, entry->text) : NULL;
    if (why)
        check_report_in(input, target, RA115, kustomization_span(files, entry), NULL, "'%s' %s", entry->text, why);
}

static void check_chart(struct check_input *input, const struct check_target *target,
                        const struct kustomization_files *files, const struct node *chart)
{
    const struct node *name = node_find(chart, "name"), *version = node_find(chart, "version");
    if (node_text(name) && node_text(node_find(chart, "repo")) && !(node_text(version) && *version->text))
        check_report_in(input, target, RA115, kustomization_span(files, name), NULL,
                        "the chart '%s' has no version: it is whatever its repository has newest", name->text);
}

/* Most kustomizations name nothing remote, and are not read as YAML. */
static bool may_be_remote(const char *text)
{
    static const char *const words[] = {"://", "git@", "github.com", "ref=", "git::"};
    for (size_t i = 0; text && i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]))
            return true;
    return false;
}

static void check_directory(struct check_input *input, const struct check_target *target,
                            struct kustomization_files *files, const char *directory)
{
    static const char *const fields[] = {"resources", "bases", "components", "crds"};
    if (!may_be_remote(kustomization_text(files, directory)->text))
        return;
    const struct node *root = kustomization_tree(files, directory)->root;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct node *list = node_find(root, fields[i]);
        for (uint32_t k = 0; node_is_list(list) && k < list->count; k++)
            check_entry(input, target, files, list->items[k]);
    }
    const struct node *charts = node_find(root, "helmCharts");
    for (uint32_t k = 0; node_is_list(charts) && k < charts->count; k++)
        check_chart(input, target, files, charts->items[k]);
}

static void check_pinned(struct check_input *input)
{
    struct kustomization_files files = kustomization_files_open(input);
    for (size_t i = 0; i < input->target_count; i++) {
        const struct check_target *target = &input->targets[i];
        check_directory(input, target, &files, target->directory);
        for (size_t j = 0; j < target->references.count; j++)
            if (strcmp(target->references.names[j], target->directory) != 0 &&
                check_is_directory(input, target->references.names[j]))
                check_directory(input, target, &files, target->references.names[j]);
    }
    kustomization_files_close(&files);
}

static const enum rule_id ids[] = {RA115, RULE_COUNT};
const struct check pinned_check = {"pinned", ids, check_pinned};
