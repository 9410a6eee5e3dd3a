/* The rules as the options of `check` name them. */
#ifndef PLUGIN_CHECK_RULES_H
#define PLUGIN_CHECK_RULES_H

#include "finding/finding.h"
#include "plugin/options.h"

/* --list-rules and --explain: print, and give the exit status. */
int check_list_rules(struct error *error);
int check_explain(struct arena *arena, const char *id, struct error *error);

/* Whether each of a list names a rule or a group. */
bool check_rule_names(struct arena *arena, const struct option_list *list, struct error *error);

/* Leaves out what --rule (empty: all are wanted) and --skip do not choose, and what is off. */
void check_choose(const struct option_list *wanted_rules, const struct option_list *skipped, struct findings *findings);

#endif
