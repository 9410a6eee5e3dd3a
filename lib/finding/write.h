/* Formats of findings, a file each. All take the same report and add to a text. */
#ifndef FINDING_WRITE_H
#define FINDING_WRITE_H

#include "base/text.h"
#include "finding/finding.h"

struct finding_report {
    const struct findings *findings; /* sorted; those that an exception permits are among them */
    size_t target_count;             /* that were checked */
    bool verbose;                    /* show what exceptions permit, too */
    const char *const *targets;      /* their names, sorted; for formats that tell what is good */

    const char *const *changed; /* files that a pull request changes; none: not known */
    size_t changed_count;
    bool (*provides)(enum rule_id id); /* whether a rule is looked at; NULL: all are */
    const char *version;               /* of this program */

    /* The text of a line of a file, without its end; NULL: not known. */
    const char *(*line)(void *context, const char *file, unsigned line);
    void *context;
};

/* How many findings of a severity are not excepted; and how many are. */
size_t report_count(const struct finding_report *report, enum severity severity);
size_t report_excepted(const struct finding_report *report);

/* For persons: the source line with a caret, targets and remedy; with colours or without. Sentences that are wider than
 * the terminal (0: none is) are broken at blanks. */
void write_findings_terminal(const struct finding_report *report, bool colours, size_t width, struct text *out);

/* For editors and logs: file:line:column: severity: message [id name] (targets), a line each, and a summary. */
void write_findings_lines(const struct finding_report *report, struct text *out);

/* For GitHub's workflows: annotations; and a table in Markdown for $GITHUB_STEP_SUMMARY. */
void write_findings_github(const struct finding_report *report, struct text *out);
void write_findings_markdown(const struct finding_report *report, struct text *out);

/* For code scanning, dashboards of tests, and other programs. */
void write_findings_sarif(const struct finding_report *report, struct text *out);
void write_findings_junit(const struct finding_report *report, struct text *out);
void write_findings_json(const struct finding_report *report, struct text *out);

/* What stays the same of a finding when lines move: 32 hexadecimal digits, in the arena. */
const char *finding_fingerprint(struct arena *arena, const struct finding *finding);

/* Removes the findings that another list has as well, by their fingerprints. Of several with one fingerprint, as many
 * are removed as the other list has. */
void findings_take_away(struct findings *findings, const struct findings *others);

/* "2 errors, 1 warning in 906 targets; 1 excepted", without a newline. */
void write_findings_summary(const struct finding_report *report, struct text *out);

#endif
