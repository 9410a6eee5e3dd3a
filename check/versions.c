/* versions.c: what an app runs in each environment, compared with the environment before it. */
#include <stdlib.h>
#include <string.h>

#include "check/workloads.h"
#include "generator/policy.h"

/* One app in one environment and the next one that it has. */
struct step_check {
    struct check_input *input;
    const struct check_target *earlier, *later;
};

/* An image in its parts: the repository without the tag, and the tag. */
struct image {
    const char *text, *tag;
    size_t name_size;
};

static struct image image_from(const char *text)
{
    const char *at = strchr(text, '@'), *end = at ? at : text + strlen(text), *colon = end;
    while (colon > text && *colon != ':' && *colon != '/')
        colon--;
    bool has_tag = *colon == ':';
    return (struct image){text, has_tag && !at ? colon + 1 : NULL, (size_t)((has_tag ? colon : end) - text)};
}

/* Versions of one shape have the same text between their numbers: 1.4.0 and 1.12.3, 2026-11-29 and 2026-12-01. A hash
 * has a shape only by accident, so what has other letters than a v in front is none. */
static bool is_same_shape(const char *left, const char *right)
{
    while (*left && *right) {
        size_t left_digits = strspn(left, "0123456789"), right_digits = strspn(right, "0123456789");
        if (!left_digits != !right_digits)
            return false;
        if (!left_digits && *left != *right)
            return false;
        left += left_digits ? left_digits : 1;
        right += right_digits ? right_digits : 1;
    }
    return !*left && !*right;
}

static bool is_version(const char *text)
{
    text += *text == 'v';
    return *text >= '0' && *text <= '9' && strspn(text, "0123456789.-_") == strlen(text);
}

static int compare_numbers(const char *left, size_t left_size, const char *right, size_t right_size)
{
    for (; left_size && *left == '0'; left_size--)
        left++;
    for (; right_size && *right == '0'; right_size--)
        right++;
    if (left_size != right_size)
        return left_size < right_size ? -1 : 1;
    return memcmp(left, right, left_size);
}

/* Versions of one shape, number by number. */
static int compare_versions(const char *left, const char *right)
{
    while (*left && *right) {
        size_t left_digits = strspn(left, "0123456789"), right_digits = strspn(right, "0123456789");
        int order = compare_numbers(left, left_digits, right, right_digits);
        if (order)
            return order;
        left += left_digits ? left_digits : 1;
        right += right_digits ? right_digits : 1;
    }
    return 0;
}

/* The last part of a repository's path: registries and folders may differ between environments. */
static const char *base_name(const struct image *image, size_t *size)
{
    const char *end = image->text + image->name_size, *start = end;
    while (start > image->text && start[-1] != '/')
        start--;
    *size = (size_t)(end - start);
    return start;
}

static bool is_same_image(const struct image *left, const struct image *right)
{
    size_t left_size, right_size;
    const char *left_name = base_name(left, &left_size), *right_name = base_name(right, &right_size);
    return left_size == right_size && memcmp(left_name, right_name, left_size) == 0;
}

static void relate_place(const struct step_check *step, struct finding *finding, origin at)
{
    struct span place = check_place(step->earlier, at, NULL);
    if (place.file && !finding->related_count)
        finding_add_related(step->input->findings, finding, place,
                            arena_format(step->input->arena, "%s", step->earlier->found->environment));
}

static void compare_images(const struct step_check *step, const struct node *earlier, const struct node *later,
                           const struct check_object *object)
{
    struct image before = image_from(earlier->text), after = image_from(later->text);
    const struct target *from = step->earlier->found, *to = step->later->found;
    if (!is_same_image(&before, &after)) {
        relate_place(step,
                     check_report(step->input, step->later, RA114, later->origin, object,
                                  "%s runs the image '%s', and %s '%s'", to->environment, after.text, from->environment,
                                  before.text),
                     earlier->origin);
        return;
    }
    if (!before.tag || !after.tag || !is_version(before.tag) || !is_version(after.tag) ||
        !is_same_shape(before.tag, after.tag) || compare_versions(before.tag, after.tag) >= 0)
        return;
    struct finding *finding =
        check_report(step->input, step->later, RA113, later->origin, object, "%s runs %s of '%.*s', and %s only %s",
                     to->environment, after.tag, (int)after.name_size, after.text, from->environment, before.tag);
    finding->fix = arena_format(step->input->findings->arena, "rootapp promote %s %s %s", to->app, from->environment,
                                to->environment);
    relate_place(step, finding, earlier->origin);
}

static const struct workload *find_same(const struct workload_list *workloads, const struct check_target *target,
                                        const struct workload *like)
{
    for (size_t i = 0; i < workloads->count; i++)
        if (workloads->items[i].target == target && strcmp(workloads->items[i].object->name, like->object->name) == 0 &&
            strcmp(workloads->items[i].object->kind, like->object->kind) == 0)
            return &workloads->items[i];
    return NULL;
}

static void compare_containers(const struct step_check *step, const struct workload *earlier,
                               const struct workload *later)
{
    size_t before, after;
    struct container *from = find_containers(step->input->arena, earlier->pod, &before);
    struct container *to = find_containers(step->input->arena, later->pod, &after);
    for (size_t i = 0; i < after; i++)
        for (size_t j = 0; j < before; j++) {
            const struct node *old = node_find(from[j].node, "image"), *new = node_find(to[i].node, "image");
            if (strcmp(from[j].name, to[i].name) == 0 && node_text(old) && node_text(new))
                compare_images(step, old, new, later->object);
        }
}

/* Autoscalers decide the count themselves, and batch workloads have other reasons for theirs. */
static bool is_scaled(const struct check_target *target, const struct workload *workload)
{
    for (size_t i = 0; i < target->object_count; i++) {
        const struct node *reference = node_find(node_find(target->objects[i].root, "spec"), "scaleTargetRef");
        if (node_equals(node_find(reference, "name"), workload->object->name))
            return true;
    }
    return false;
}

static void compare_replicas(const struct step_check *step, const struct workload *earlier,
                             const struct workload *later)
{
    long before, after;
    const struct node *from = node_find(node_find(earlier->object->root, "spec"), "replicas");
    const struct node *to = node_find(node_find(later->object->root, "spec"), "replicas");
    if (!node_number(from, &before) || !node_number(to, &after) || before <= after ||
        is_scaled(step->earlier, earlier) || is_scaled(step->later, later))
        return;
    relate_place(step,
                 check_report(step->input, step->later, RA112, to->origin, later->object,
                              "%s runs %ld replicas of %s '%s', and %s %ld", step->later->found->environment, after,
                              later->object->kind, later->object->name, step->earlier->found->environment, before),
                 from->origin);
}

static void check_step(const struct step_check *step, const struct workload_list *workloads)
{
    for (size_t i = 0; i < workloads->count; i++) {
        const struct workload *later = &workloads->items[i];
        const struct workload *earlier =
            later->target == step->later ? find_same(workloads, step->earlier, later) : NULL;
        if (!earlier)
            continue;
        compare_containers(step, earlier, later);
        compare_replicas(step, earlier, later);
    }
}

/* The workloads of the targets from one to another. `at`: the first that is not of an earlier one. */
static struct workload_list workloads_of(const struct check_input *input, const struct check_target *first,
                                         const struct check_target *last, size_t *at)
{
    const struct workload_list *all = input->workloads;
    while (*at < all->count && all->items[*at].target < first)
        ++*at;
    size_t end = *at;
    while (end < all->count && all->items[end].target <= last)
        end++;
    return (struct workload_list){.items = all->items + *at, .count = end - *at};
}

static bool is_next_environment(const struct check_target *earlier, const struct check_target *later)
{
    return earlier->found && later->found && strcmp(earlier->found->app, later->found->app) == 0 &&
           strcmp(earlier->found->environment, later->found->environment) != 0;
}

/* Targets are sorted by app, and by environment in the policy's order. */
static void check_versions(struct check_input *input)
{
    size_t at = 0;
    for (size_t i = 1; input->set && i < input->target_count; i++) {
        struct step_check step = {input, &input->targets[i - 1], &input->targets[i]};
        if (!is_next_environment(step.earlier, step.later))
            continue;
        struct workload_list workloads = workloads_of(input, step.earlier, step.later, &at);
        check_step(&step, &workloads);
    }
}

static const enum rule_id ids[] = {RA112, RA113, RA114, RULE_COUNT};
const struct check versions_check = {"versions", ids, check_versions};
