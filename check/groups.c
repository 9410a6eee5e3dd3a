/* groups.c: the table of the groups of rules. */
#include "base/map.h"
#include "check/policy.h"
#include "check/workloads.h"

#define CHECK(name) extern const struct check name##_check;
#include "check/checks.def"
#undef CHECK

const struct check *const checks[] = {
#define CHECK(name) &name##_check,
#include "check/checks.def"
#undef CHECK
    NULL,
};

/* What the command tells of a render, and what renders tell themselves (kustomize/kustomization/notice.h). */
static const enum rule_id of_renders[] = {
    RA001, RA002, RA004, RA005, RA208, RA701, RA702, RA703, RA704, RA705, RA706, RA707, RA708,
    RA709, RA710, RA711, RA712, RA713, RA714, RA715, RA716, RA717, RA718, RA720, RA721, RA722,
    RA723, RA724, RA726, RA730, RA731, RA732, RA733, RA734, RA735, RA736, RA737, RA738, RA739,
    RA740, RA741, RA742, RA743, RA744, RA745, RA746, RA749, RA751, RA752, RA753, RA755, RULE_COUNT};

static bool has_id(const enum rule_id *ids, enum rule_id id)
{
    for (; *ids != RULE_COUNT; ids++)
        if (*ids == id)
            return true;
    return false;
}

bool check_provides(enum rule_id id)
{
    for (size_t i = 0; checks[i]; i++)
        if (has_id(checks[i]->ids, id))
            return true;
    return has_id(of_renders, id);
}

void check_run(struct check_input *input)
{
    check_prepare(input);
    input->workloads = list_workloads(input);
    for (size_t i = 0; i < RULE_COUNT; i++)
        input->off[i] = check_policy_severity(input->policy, &rules[i]) == SEVERITY_OFF;
    struct arena *arena = input->arena;
    input->arena = arena_new();
    for (size_t i = 0; checks[i]; i++) {
        checks[i]->run(input);
        arena_clear(input->arena);
    }
    arena_free(input->arena);
    input->arena = arena;
    findings_sort(input->findings);
}
