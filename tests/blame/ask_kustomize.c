/* ask_kustomize.c: builds the changed trees with kustomize, many changes in one where they do not touch each other. */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"

static bool is_proven(const struct judged *judged)
{
    return judged->mutant.count && strcmp(judged->verdict, "wrong") != 0 && strcmp(judged->verdict, "refused") != 0;
}

/* The edits of a group: of each byte at most one. */
struct group {
    struct edit *edits;
    size_t count, room;
    size_t *members, member_count;
};

static unsigned mark_of(const struct edit *edit)
{
    unsigned mark = 1;
    for (const char *at = edit->text; *at; at++)
        mark = mark * 31 + (unsigned char)*at;
    return mark * 8 + (edit->size ? 1 : 2);
}

static bool fits(const struct edit *edit)
{
    for (size_t i = edit->byte; i <= edit->byte + (edit->size ? edit->size - 1 : 0); i++)
        if (edit->file->marks[i] && edit->file->marks[i] != mark_of(edit))
            return false;
    return true;
}

static void clear_group(struct oracle *oracle, struct group *group)
{
    for (size_t i = 0; i < oracle->files.count; i++)
        memset(oracle->files.items[i].marks, 0, (oracle->files.items[i].size + 2) * sizeof(unsigned));
    group->count = group->member_count = 0;
}

static void add_member(struct oracle *oracle, struct group *group, size_t index)
{
    const struct mutant *mutant = &oracle->parts[index].mutant;
    for (size_t i = 0; i < mutant->count; i++) {
        const struct edit *edit = &mutant->edits[i];
        if (edit->file->marks[edit->byte])
            continue;
        for (size_t j = edit->byte; j <= edit->byte + (edit->size ? edit->size - 1 : 0); j++)
            edit->file->marks[j] = mark_of(edit);
        group->edits = arena_grow(oracle->arena, group->edits, group->count, &group->room, sizeof *group->edits);
        group->edits[group->count++] = *edit;
    }
    group->members[group->member_count++] = index;
}

/* Of those that nothing is known of yet, as many as touch each other nowhere; one for each value. */
static void fill_group(struct oracle *oracle, struct group *group, size_t limit)
{
    size_t number = SIZE_MAX;
    clear_group(oracle, group);
    for (size_t i = 0; i < oracle->count && group->member_count < limit; i++) {
        const struct judged *judged = &oracle->parts[i];
        bool good = is_proven(judged) && !judged->asked && judged->number != number;
        for (size_t j = 0; good && j < judged->mutant.count; j++)
            good = fits(&judged->mutant.edits[j]);
        if (!good)
            continue;
        add_member(oracle, group, i);
        number = judged->number;
    }
}

static bool write_copy(const struct oracle *oracle, const struct tree_file *file, const struct text *text)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", oracle->copy, file->name);
    int descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    bool good = descriptor >= 0 && write(descriptor, text_content(text), text->size) == (ssize_t)text->size;
    if (!good)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    if (descriptor >= 0)
        close(descriptor);
    return good;
}

static bool write_copies(const struct oracle *oracle, const struct group *group, bool edited)
{
    bool good = true;
    for (size_t i = 0; i < oracle->files.count; i++) {
        const struct tree_file *file = &oracle->files.items[i];
        struct text text = {0};
        if (!is_edited(file, group->edits, group->count))
            continue;
        edit_text(file, group->edits, edited ? group->count : 0, &text);
        good = write_copy(oracle, file, &text) && good;
        text_free(&text);
    }
    return good;
}

/* What kustomize prints for the group's tree is what the engine does. */
static bool kustomize_agrees(const struct oracle *oracle, const struct group *group, const struct rendering *ours)
{
    struct process_end end;
    struct error error = {0};
    struct text expected = {0};
    char directory[4096];
    const char *arguments[16] = {oracle->kustomize, "build", directory};
    snprintf(directory, sizeof directory, "%s/%s", oracle->copy, oracle->directory);
    for (size_t i = 0; oracle->flags[i] && i < 12; i++)
        arguments[3 + i] = oracle->flags[i];
    bool good = write_copies(oracle, group, true) &&
                process_run(&(struct process){.arguments = arguments, .seconds = 60}, &end, &error);
    if (good) {
        good = end.status == 0 && rendered_write(&ours->rendered, &expected, &error) && expected.size == end.out.size &&
               memcmp(text_content(&expected), text_content(&end.out), end.out.size) == 0;
        process_end_free(&end);
    }
    good = write_copies(oracle, group, false) && good;
    text_free(&expected);
    error_free(&error);
    return good;
}

/* Renders a group here and there. How many of its members are settled now. */
static size_t judge_group(struct oracle *oracle, struct group *group)
{
    struct rendering ours;
    size_t settled = 0;
    render(oracle, group->edits, group->count, &ours);
    for (size_t i = 0; i < group->member_count; i++) {
        struct judged *judged = &oracle->parts[group->members[i]];
        judged->grouped = ours.good && shows_change(oracle, &ours, judged);
        settled += judged->grouped;
    }
    bool alone = group->member_count == 1;
    bool agrees = settled && kustomize_agrees(oracle, group, &ours);
    for (size_t i = 0; i < group->member_count; i++) {
        struct judged *judged = &oracle->parts[group->members[i]];
        judged->asked = alone || (agrees && judged->grouped);
        if (alone && !agrees)
            judged->verdict = "differs";
    }
    close_rendering(&ours);
    return agrees || alone ? settled : 0;
}

void ask_kustomize(struct oracle *oracle)
{
    struct group group = {.members = ARENA_ARRAY(oracle->arena, oracle->count + 1, size_t)};
    for (size_t limit = SIZE_MAX;;) {
        fill_group(oracle, &group, limit);
        if (!group.member_count)
            return;
        size_t settled = judge_group(oracle, &group);
        limit = settled ? SIZE_MAX : (group.member_count + 1) / 2;
    }
}
