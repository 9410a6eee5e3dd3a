/* check_rules.c: the rules of `check` as they are told, named and chosen. */
#include "plugin/check_rules.h"

#include "base/nearest.h"
#include "base/text.h"
#include "check/check.h"
#include "plugin/run/output.h"
#include "yaml/decode.h"

/* The rules as they are told. */

int check_list_rules(struct error *error)
{
    struct text out = {0};
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (check_provides((enum rule_id)i))
            text_format(&out, "%s\t%-8s %s\t%s\n", rules[i].id, severity_text(rules[i].severity), rules[i].name,
                        rules[i].summary);
    bool good = output_print(&out, error);
    text_free(&out);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

static bool unknown_rule(struct arena *arena, const char *text, struct error *error)
{
    const char **names = ARENA_ARRAY(arena, 2 * RULE_COUNT + 1, const char *);
    for (size_t i = 0; i < RULE_COUNT; i++) {
        names[2 * i] = rules[i].id;
        names[2 * i + 1] = rules[i].name;
    }
    const char *near = nearest_name(text, names);
    return near ? error_set(error, "no rule '%s' (did you mean '%s'?)", text, near)
                : error_set(error, "no rule '%s'; 'rootapp check --list-rules' shows them", text);
}

int check_explain(struct arena *arena, const char *id, struct error *error)
{
    const struct rule *rule = rule_find(id);
    struct text out = {0};
    if (!rule) {
        unknown_rule(arena, id, error);
        return EXIT_USAGE;
    }
    text_format(&out, "%s %s (%s, looks at %s)\n%s\n%s\nWhat to do: %s\n", rule->id, rule->name,
                severity_text(rule->severity), rule_scope_text(rule->scope), rule->summary, rule->why, rule->fix);
    if (*rule->traps)
        text_format(&out, "Not meant, or to be excepted: %s\n", rule->traps);
    text_format(&out, "To permit one: '# rootapp: allow %s until YYYY-MM-DD: reason' at its line.\n", rule->id);
    bool good = output_print(&out, error);
    text_free(&out);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

/* Which findings count. */

bool check_rule_names(struct arena *arena, const struct option_list *list, struct error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        bool known = false;
        for (size_t k = 0; k < RULE_COUNT; k++)
            known = known || rule_matches(&rules[k], list->items[i]);
        if (!known)
            return unknown_rule(arena, list->items[i], error);
    }
    return true;
}

static bool is_listed(const struct option_list *list, const struct rule *rule)
{
    for (size_t i = 0; i < list->count; i++)
        if (rule_matches(rule, list->items[i]))
            return true;
    return false;
}

/* Findings of rules that nobody asks for are as if they were not there. */
void check_choose(const struct option_list *wanted_rules, const struct option_list *skipped, struct findings *findings)
{
    size_t kept = 0;
    for (size_t i = 0; i < findings->count; i++) {
        struct finding *finding = findings->items[i];
        bool wanted = !wanted_rules->count || is_listed(wanted_rules, finding->rule);
        if (wanted && !is_listed(skipped, finding->rule) && finding->severity != SEVERITY_OFF)
            findings->items[kept++] = finding;
    }
    findings->count = kept;
}
