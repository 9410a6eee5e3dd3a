/* rules.c: the table of rules, and how its rows are named. */
#include <string.h>

#include "finding/finding.h"

#define NOTE SEVERITY_NOTE
#define WARNING SEVERITY_WARNING
#define ERROR SEVERITY_ERROR
#define OFF SEVERITY_OFF
#define RENDER SCOPE_RENDER
#define APPLICATION SCOPE_APPLICATION
#define APPLICATIONS SCOPE_APPLICATIONS

const struct rule rules[RULE_COUNT] = {
#define RULE(id, ...) [id] = {#id, __VA_ARGS__},
#include "finding/rules.def"
#undef RULE
};

static const char *const severities[] = {
    [SEVERITY_OFF] = "off", [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};

static const char *const scopes[] = {[SCOPE_RENDER] = "one render",
                                     [SCOPE_APPLICATION] = "one Application and its files",
                                     [SCOPE_APPLICATIONS] = "all Applications and the policy"};

const struct rule *rule_find(const char *text)
{
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (strcmp(rules[i].id, text) == 0 || strcmp(rules[i].name, text) == 0)
            return &rules[i];
    return NULL;
}

bool rule_matches(const struct rule *rule, const char *text)
{
    size_t size = strlen(text);
    return strcmp(rule->name, text) == 0 || (size >= 2 && strncmp(rule->id, text, size) == 0);
}

const char *severity_text(enum severity severity)
{
    return severities[severity];
}

bool severity_from(const char *text, enum severity *out)
{
    for (size_t i = 0; i < sizeof severities / sizeof *severities; i++)
        if (strcmp(severities[i], text) == 0) {
            *out = (enum severity)i;
            return true;
        }
    return false;
}

const char *rule_scope_text(enum rule_scope scope)
{
    return scopes[scope];
}
