/* The operands of a command that compares: APP, APP/ENV or patterns, and directories where there is no RootApp. */
#ifndef PLUGIN_COMPARE_OPERANDS_H
#define PLUGIN_COMPARE_OPERANDS_H

#include "plugin/run/compare.h"

/* Whether a target is meant: each is where there are no operands. */
bool compare_chooses(const struct compare *compare, const struct compare_target *target);

/* Each operand names something on one side. The targets of both sides must have been found. */
bool compare_check_operands(const struct compare *compare, struct error *error);

#endif
