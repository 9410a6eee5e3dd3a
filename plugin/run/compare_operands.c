/* compare_operands.c: which Applications of two trees the operands of a command name. */
#include "plugin/run/compare_operands.h"

#include <fnmatch.h>

#include "base/path.h"
#include "plugin/run/history.h"
#include "plugin/run/target_filter.h"

static struct target_filter filter_of(const struct compare *compare, size_t first, size_t count)
{
    return (struct target_filter){
        .operands = compare->operands + first, .operand_count = count, .directory = compare->history->directory};
}

/* What stands alone is named by its directory. */
static bool is_meant(const char *operand, const struct compare_target *target)
{
    return fnmatch(operand, target->directory, 0) == 0 || path_is_within(target->directory, operand);
}

bool compare_chooses(const struct compare *compare, const struct compare_target *target)
{
    if (!compare->operand_count)
        return true;
    const struct target_filter filter = filter_of(compare, 0, compare->operand_count);
    if (target->found)
        return filter_selects(&filter, target->found);
    for (size_t i = 0; i < compare->operand_count; i++)
        if (is_meant(compare->operands[i], target))
            return true;
    return false;
}

static bool names_target(const struct compare *compare, const struct compare_side *side, size_t operand,
                         struct error *error)
{
    const struct target_filter filter = filter_of(compare, operand, 1);
    if (side->has_root)
        return filter_check(&filter, side->root.set.targets, side->root.set.target_count, compare->arena, error);
    for (size_t i = 0; i < side->count; i++)
        if (!side->targets[i].found && is_meant(compare->operands[operand], &side->targets[i]))
            return true;
    return error_set(error, "no application '%s'", compare->operands[operand]);
}

bool compare_check_operands(const struct compare *compare, struct error *error)
{
    for (size_t i = 0; i < compare->operand_count; i++) {
        struct error ignored = {0};
        bool good = names_target(compare, compare->head, i, &ignored) || names_target(compare, compare->base, i, error);
        error_free(&ignored);
        if (!good)
            return false;
    }
    return true;
}
