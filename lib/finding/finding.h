/* Findings: what is wrong, or silently lost, with the place that is to be changed. Data, not text: writers of formats
 * (lib/finding/write.h) make text of them.
 *
 * Each finding is one of the rules of lib/finding/rules.def, which is the only table of them: commands, documentation
 * and formats read it. */
#ifndef FINDING_FINDING_H
#define FINDING_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/origin.h"

enum severity { SEVERITY_OFF, SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

/* What a rule has to look at: one render; one Application with its files; several Applications and the policy. */
enum rule_scope { SCOPE_RENDER, SCOPE_APPLICATION, SCOPE_APPLICATIONS };

/* The texts stand in the table itself: pointers would have to be adjusted at each start of the program. */
enum { RULE_TEXT = 320 };
struct rule {
    char id[6], name[42]; /* RA302, service-selects-no-pod */
    enum severity severity;
    enum rule_scope scope;
    char summary[RULE_TEXT], why[RULE_TEXT], fix[RULE_TEXT]; /* sentences */
    char traps[RULE_TEXT]; /* what is not meant, or where it may be wrong; "": nothing */
};

/* The ids, so that a finding of a rule that is not in the table does not compile. */
enum rule_id {
#define RULE(id, ...) id,
#include "finding/rules.def"
#undef RULE
    RULE_COUNT
};

extern const struct rule rules[RULE_COUNT]; /* sorted by id */

/* The rule of an id or a name; NULL: there is none. */
const struct rule *rule_find(const char *text);

/* Whether a rule is meant by its id, its name, or the beginning of its id (RA3). */
bool rule_matches(const struct rule *rule, const char *text);

const char *severity_text(enum severity severity);        /* error, warning, note, off */
bool severity_from(const char *text, enum severity *out); /* false: none of these */
const char *rule_scope_text(enum rule_scope scope);

/* A place and its end, which is right after the last character. Line 0: the file as a whole; end line 0: the end is not
 * known. */
struct span {
    const char *file; /* from the repository's root */
    unsigned line, column, end_line, end_column;
};

struct related {
    struct span place;
    const char *text;
};

/* Fields that are not known are NULL. */
struct finding_resource {
    const char *api_version, *kind, *namespace, *name;
};

/* What permits a finding: an entry of the policy, or a comment beside its line. */
struct exception {
    struct span place;
    const char *reason, *until; /* until: a date, or "never" */
    bool is_inline;
};

struct finding {
    const struct rule *rule;
    enum severity severity; /* the policy's; at first the rule's */
    struct span place;
    const char *message; /* one line, without place */
    const char *fix;     /* NULL: none */
    struct related *related;
    size_t related_count, related_room;
    struct finding_resource resource;
    const char *field;    /* spec.selector; NULL: none */
    const char **targets; /* shop/dev; sorted, each once */
    size_t target_count, target_room;
    const struct exception *exception; /* that permits it; NULL: none */
};

/* A list of findings in an arena, each once. */
struct findings {
    struct arena *arena;
    struct finding **items;
    size_t count, room;
    struct map *index;  /* internal: by rule, place and message */
    size_t bytes, most; /* of messages; what would go beyond `most` is not kept, 0: no limit */
    size_t dropped;
};

struct findings *findings_new(struct arena *arena);

/* Adds a copy, or gives the one of the same rule, place and message; NULL where the list is full. The severity is the
 * rule's where the given one is SEVERITY_OFF. */
struct finding *findings_add(struct findings *findings, const struct finding *finding);

/* Adds copies of all findings of another list, as seen from a target (NULL: none). */
void findings_add_all(struct findings *findings, const struct findings *other, const char *target);

void finding_add_target(struct findings *findings, struct finding *finding, const char *target);
void finding_add_related(struct findings *findings, struct finding *finding, struct span place, const char *text);

/* By file, line, column, rule and message. */
void findings_sort(struct findings *findings);

/* The span of what stands at a place of a text that was read: a scalar with its quotes, a key, one word. */
struct span span_at(const struct origins *origins, origin at);
struct span span_of(struct place place); /* without an end */

#endif
