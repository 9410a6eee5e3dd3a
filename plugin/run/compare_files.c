/* compare_files.c: finds what the files of compared targets tell. */
#include "plugin/run/compare_files.h"

#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "check/kustomization_file.h"
#include "diff/list_keys.h"
#include "yaml/parse.h"

extern const struct check pinned_check; /* check/pinned.c */

/* The names of a place without an end. */
static struct place place_of(struct span span)
{
    return (struct place){.file = span.file, .line = span.line, .column = span.column};
}

static void add_found(struct report *report, const struct application *application, enum risk_number rule,
                      struct place place, const char *message)
{
    report->found =
        arena_grow(report->arena, report->found, report->found_count, &report->found_room, sizeof *report->found);
    report->found[report->found_count++] = (struct found_risk){rule, message, place, application};
}

/* The Applications' names are at the targets', so that a finding of several tells the first. */
static const struct application *find_application(const struct compared_target *targets, size_t count,
                                                  const struct finding *finding)
{
    for (size_t i = 0; finding->target_count && i < count; i++)
        if (strcmp(targets[i].target->name, finding->targets[0]) == 0)
            return targets[i].application;
    return NULL;
}

static void add_findings(struct report *report, const struct check_input *input, const struct compared_target *targets,
                         size_t count)
{
    for (size_t i = 0; i < input->findings->count; i++) {
        const struct finding *finding = input->findings->items[i];
        size_t others = finding->target_count > 1 ? finding->target_count - 1 : 0;
        const char *message =
            others ? arena_format(report->arena, "%s (and of %zu more Applications)", finding->message, others)
                   : finding->message;
        add_found(report, find_application(targets, count, finding), RISK_UNPINNED_REMOTE, place_of(finding->place),
                  message);
    }
}

/* The name of an entry of `images` that stands in the list once more, further up. */
static const char *earlier_entry(const struct node *images, size_t index)
{
    const char *name = node_text(node_get(images->items[index], &key_name));
    for (size_t i = 0; name && i < index; i++)
        if (node_equals(node_get(images->items[i], &key_name), name))
            return name;
    return NULL;
}

static void check_images(struct report *report, const struct application *application,
                         struct kustomization_files *files, const char *directory)
{
    const char *text = kustomization_text(files, directory)->text;
    const struct node *images =
        text && strstr(text, "images") ? node_find(kustomization_tree(files, directory)->root, "images") : NULL;
    for (size_t i = 0; node_is_list(images) && i < images->count; i++) {
        const char *name = earlier_entry(images, i);
        if (name)
            add_found(
                report, application, RISK_DUPLICATE_IMAGE_ENTRY, place_of(kustomization_span(files, images->items[i])),
                arena_format(report->arena, "'%s' has two entries under `images`, and the last one counts", name));
    }
}

/* The directories among what a target reads, each once in all. */
static void check_entries(struct compare *compare, const struct check_input *input,
                          const struct compared_target *targets, struct report *report)
{
    struct kustomization_files files = kustomization_files_open(input);
    struct map *seen = map_new(compare->arena);
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].references.count; j++) {
            const char *directory = input->targets[i].references.names[j];
            void **slot = map_slot(seen, directory, strlen(directory));
            if (!*slot && source_kind(input->source, directory) == FILE_DIRECTORY)
                check_images(report, targets[i].application, &files, directory);
            *slot = compare;
        }
    kustomization_files_close(&files);
}

void compare_files_find(struct compare *compare, const struct compared_target *targets, size_t count,
                        struct report *report)
{
    struct compare_side *head = compare->head;
    struct check_target *checked = ARENA_ARRAY(compare->arena, count, struct check_target);
    struct check_input input = {.arena = report->arena,
                                .source = head->repository.source,
                                .targets = checked,
                                .target_count = count,
                                .findings = findings_new(report->arena)};
    check_prepare(&input);
    for (size_t i = 0; i < count; i++) {
        checked[i] = (struct check_target){
            .name = targets[i].target->name, .directory = targets[i].target->directory, .rendered = true};
        if (!compare_side_scan(head, checked[i].directory, &checked[i].references))
            checked[i].references = (struct name_list){.names = &checked[i].directory, .count = 1};
    }
    pinned_check.run(&input);
    add_findings(report, &input, targets, count);
    check_entries(compare, &input, targets, report);
}

/* A schema that a kustomization names, from its directory. */
static void learn_file(const struct check_input *input, const char *path, struct list_keys *keys)
{
    const struct file_bytes *file = check_file(input, path);
    struct tree tree = {.arena = input->arena, .keys = intern_new(input->arena), .owner = 1};
    struct origins *origins = origins_new();
    struct error ignored = {0};
    struct node *root = NULL;
    if (file &&
        parse_first(&tree,
                    &(struct yaml_text){.file = path, .bytes = file->bytes, .size = file->size, .origins = origins},
                    &root, &ignored))
        list_keys_learn_openapi(keys, root);
    error_free(&ignored);
    origins_free(origins);
}

static void learn_directory(const struct check_input *input, struct kustomization_files *files, const char *directory,
                            struct list_keys *keys)
{
    const char *text = kustomization_text(files, directory)->text;
    if (!text || !strstr(text, "openapi"))
        return;
    const char *path = node_text(node_find(node_find(kustomization_tree(files, directory)->root, "openapi"), "path"));
    if (path && !path_is_absolute(path))
        learn_file(input, path_join(input->arena, directory, path), keys);
}

void compare_files_learn(struct compare *compare, struct compare_side *side, struct list_keys *keys)
{
    struct check_input input = {.arena = compare->arena, .source = side->repository.source};
    check_prepare(&input);
    struct kustomization_files files = kustomization_files_open(&input);
    struct map *seen = map_new(compare->arena);
    for (size_t i = 0; i < side->render_count; i++) {
        struct name_list paths = {0};
        if (!compare_side_scan(side, side->renders[i].directory, &paths))
            continue;
        for (size_t j = 0; j < paths.count; j++) {
            void **slot = map_slot(seen, paths.names[j], strlen(paths.names[j]));
            if (!*slot && source_kind(input.source, paths.names[j]) == FILE_DIRECTORY)
                learn_directory(&input, &files, paths.names[j], keys);
            *slot = compare;
        }
    }
    kustomization_files_close(&files);
}
