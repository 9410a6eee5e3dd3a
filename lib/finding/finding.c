/* finding.c: lists of findings, each once, in a fixed order. */
#include "finding/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/text.h"

struct findings *findings_new(struct arena *arena)
{
    struct findings *findings = ARENA_NEW(arena, struct findings);
    findings->arena = arena;
    findings->index = map_new(arena);
    return findings;
}

static const char *kept_text(struct arena *arena, const char *text)
{
    return text ? arena_string(arena, text) : NULL;
}

static struct span kept_span(struct arena *arena, struct span span)
{
    span.file = kept_text(arena, span.file);
    return span;
}

static void **index_slot(struct findings *findings, const struct finding *finding)
{
    struct numbers {
        const struct rule *rule;
        unsigned line, column;
    } numbers = {finding->rule, finding->place.line, finding->place.column};
    const char *file = finding->place.file ? finding->place.file : "";
    size_t size = strlen(file) + 1, length = strlen(finding->message);
    char *key = arena_alloc(findings->arena, sizeof numbers + size + length);
    memcpy(key, &numbers, sizeof numbers);
    memcpy(key + sizeof numbers, file, size);
    memcpy(key + sizeof numbers + size, finding->message, length);
    return map_slot(findings->index, key, sizeof numbers + size + length);
}

static bool is_full(struct findings *findings, const struct finding *finding)
{
    if (!findings->most || findings->bytes <= findings->most) {
        findings->bytes += strlen(finding->message);
        return false;
    }
    findings->dropped++;
    return true;
}

static struct finding *append_finding(struct findings *findings, const struct finding *finding)
{
    struct arena *arena = findings->arena;
    struct finding *copy = ARENA_NEW(arena, struct finding);
    const struct finding_resource *resource = &finding->resource;
    *copy = (struct finding){
        .rule = finding->rule,
        .severity = finding->severity ? finding->severity : finding->rule->severity,
        .place = kept_span(arena, finding->place),
        .message = kept_text(arena, finding->message),
        .fix = kept_text(arena, finding->fix),
        .resource = {kept_text(arena, resource->api_version), kept_text(arena, resource->kind),
                     kept_text(arena, resource->namespace), kept_text(arena, resource->name)},
        .field = kept_text(arena, finding->field),
    };
    for (size_t i = 0; i < finding->related_count; i++)
        finding_add_related(findings, copy, finding->related[i].place, finding->related[i].text);
    findings->items = arena_grow(arena, findings->items, findings->count, &findings->room, sizeof(struct finding *));
    findings->items[findings->count++] = copy;
    return copy;
}

struct finding *findings_add(struct findings *findings, const struct finding *finding)
{
    void **slot = index_slot(findings, finding);
    if (!*slot && !is_full(findings, finding))
        *slot = append_finding(findings, finding);
    struct finding *found = *slot;
    for (size_t i = 0; found && i < finding->target_count; i++)
        finding_add_target(findings, found, finding->targets[i]);
    return found;
}

void findings_add_all(struct findings *findings, const struct findings *other, const char *target)
{
    for (size_t i = 0; i < other->count; i++) {
        struct finding *added = findings_add(findings, other->items[i]);
        if (added && target)
            finding_add_target(findings, added, target);
    }
    findings->dropped += other->dropped;
}

void finding_add_target(struct findings *findings, struct finding *finding, const char *target)
{
    size_t at = 0;
    int order = 1;
    while (at < finding->target_count && (order = strcmp(finding->targets[at], target)) < 0)
        at++;
    if (at < finding->target_count && order == 0)
        return;
    finding->targets = arena_grow(findings->arena, finding->targets, finding->target_count, &finding->target_room,
                                  sizeof(const char *));
    memmove(finding->targets + at + 1, finding->targets + at, (finding->target_count - at) * sizeof(const char *));
    finding->targets[at] = arena_string(findings->arena, target);
    finding->target_count++;
}

void finding_add_related(struct findings *findings, struct finding *finding, struct span place, const char *text)
{
    finding->related = arena_grow(findings->arena, finding->related, finding->related_count, &finding->related_room,
                                  sizeof(struct related));
    finding->related[finding->related_count++] =
        (struct related){kept_span(findings->arena, place), kept_text(findings->arena, text)};
}

static int compare_numbers(unsigned left, unsigned right)
{
    return (left > right) - (left < right);
}

static int compare_findings(const void *left_slot, const void *right_slot)
{
    const struct finding *left = *(struct finding *const *)left_slot, *right = *(struct finding *const *)right_slot;
    int order = string_compare(left->place.file, right->place.file);
    if (!order)
        order = compare_numbers(left->place.line, right->place.line);
    if (!order)
        order = compare_numbers(left->place.column, right->place.column);
    if (!order)
        order = strcmp(left->rule->id, right->rule->id);
    return order ? order : strcmp(left->message, right->message);
}

void findings_sort(struct findings *findings)
{
    if (findings->count)
        qsort(findings->items, findings->count, sizeof(struct finding *), compare_findings);
}
