/* odd_numbers.c: amounts and modes that are read as another number than they look. */
#include <string.h>

#include "check/quantity.h"
#include "check/workloads.h"

/* Amounts: thousandths of a byte, whole machines, bytes of CPU. */

static const char *oddity_of(const char *resource, const char *text)
{
    static const double least_memory = 4096, most_cpu = 512;
    double amount;
    if (!quantity_read(text, &amount) || amount <= 0)
        return NULL;
    bool memory = strcmp(resource, "memory") == 0 || strcmp(resource, "ephemeral-storage") == 0;
    size_t size = strlen(text);
    if (memory && size > 1 && text[size - 1] == 'm')
        return "thousandths of a byte: 'm' is for CPU; write Mi or M";
    if (memory && amount < least_memory)
        return "bytes: write a unit, as Mi or Gi";
    if (strcmp(resource, "cpu") == 0 && (strchr(text, 'i') || amount >= most_cpu))
        return "whole processors: write m for thousandths, as 500m";
    return NULL;
}

static void check_amounts(struct check_input *input, const struct workload *workload, const struct container *container)
{
    static const char *const fields[] = {"requests", "limits"};
    for (size_t i = 0; i < 2; i++) {
        const struct node *map = node_find(node_find(container->node, "resources"), fields[i]);
        for (uint32_t k = 0; node_is_map(map) && k < map->count; k++) {
            const char *text = node_text(map->entries[k].value), *resource = map->entries[k].key->text;
            const char *odd = text ? oddity_of(resource, text) : NULL;
            if (odd)
                check_report(input, workload->target, RA411, map->entries[k].value->origin, workload->object,
                             "%s of container '%s' for %s is '%s', which are %s", i ? "the limit" : "the request",
                             container->name, resource, text, odd)
                    ->field = arena_format(input->findings->arena, "resources.%s", fields[i]);
        }
    }
}

/* Modes: 0400 is octal, and 400 is 0620. */

static bool looks_octal(const char *text)
{
    static const char *const modes[] = {"400", "440", "444", "500", "550", "555", "600", "640", "644",
                                        "660", "664", "666", "700", "750", "755", "770", "775", "777"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(modes[i], text) == 0)
            return true;
    return false;
}

static void check_mode(struct check_input *input, const struct workload *workload, const struct node *mode)
{
    long value;
    const char *text = node_text(mode);
    if (!text || node_tag(mode) != TAG_INT || !node_number(mode, &value) || *text == '0' || !looks_octal(text))
        return;
    const char *read =
        value > 0777 ? "more than a mode may be" : arena_format(input->arena, "0%lo", (unsigned long)value);
    struct finding *finding = check_report(input, workload->target, RA412, mode->origin, workload->object,
                                           "the mode %s is a decimal number, and so %s: write 0%s", text, read, text);
    finding->fix = arena_format(input->findings->arena, "0%s", text);
}

static void check_items(struct check_input *input, const struct workload *workload, const struct node *source)
{
    const struct node *items = node_find(source, "items");
    check_mode(input, workload, node_find(source, "defaultMode"));
    for (uint32_t i = 0; node_is_list(items) && i < items->count; i++)
        check_mode(input, workload, node_find(items->items[i], "mode"));
}

static void check_volume(struct check_input *input, const struct workload *workload, const struct node *volume)
{
    static const char *const kinds[] = {"configMap", "secret", "downwardAPI"};
    const struct node *projected = node_find(volume, "projected"), *sources = node_find(projected, "sources");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        check_items(input, workload, node_find(volume, kinds[i]));
    check_mode(input, workload, node_find(projected, "defaultMode"));
    for (uint32_t i = 0; node_is_list(sources) && i < sources->count; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            check_items(input, workload, node_find(sources->items[i], kinds[k]));
}

static void check_odd_numbers(struct check_input *input)
{
    for (size_t i = 0; i < input->workloads->count; i++) {
        const struct workload *workload = &input->workloads->items[i];
        const struct node *volumes = node_find(workload->pod, "volumes");
        size_t count;
        struct container *containers = find_containers(input->arena, workload->pod, &count);
        for (size_t k = 0; k < count; k++)
            check_amounts(input, workload, &containers[k]);
        for (uint32_t k = 0; node_is_list(volumes) && k < volumes->count; k++)
            check_volume(input, workload, volumes->items[k]);
    }
}

static const enum rule_id ids[] = {RA411, RA412, RULE_COUNT};
const struct check odd_numbers_check = {"odd_numbers", ids, check_odd_numbers};
