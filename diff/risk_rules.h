/* The rules by which a change is flagged, and how bad what they find usually is. */
#ifndef DIFF_RISK_RULES_H
#define DIFF_RISK_RULES_H

enum risk_level { RISK_NOTE, RISK_WARNING, RISK_DANGER };

enum risk_number {
#define RISK(id, name, level, meaning) RISK_##id,
#include "diff/risk_rules.def"
#undef RISK
    RISK_COUNT,
};

struct risk_rule {
    const char *name; /* as --fail-on and comments name it */
    enum risk_level level;
    const char *meaning; /* a line for the documentation */
};

extern const struct risk_rule risk_rules[RISK_COUNT];

extern const char *const risk_levels[]; /* their names, by number; NULL ends them */

#endif
