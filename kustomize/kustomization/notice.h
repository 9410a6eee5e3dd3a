/* Notices: where a render silently loses or ignores something that somebody wrote. Collected when
 * engine_options.warn is set, as findings of the rules RA7xx; they never change the result. docs/warnings.md explains
 * each. */
#ifndef KUSTOMIZE_NOTICE_H
#define KUSTOMIZE_NOTICE_H

#include "finding/finding.h"
#include "kustomize/kustomization/kust_target.h"

/* Whether notices are wanted: asked first where finding one costs anything. */
static inline bool wants_notices(const struct render *render)
{
    return render && render->findings;
}

/* Whether a notice may cost `times` times `each` comparisons. A render that was made large on purpose goes without some
 * notices. To be asked before all items of a list are compared with each other. */
bool notice_may(struct render *render, size_t times, size_t each);

/* A new, empty list of findings. It is bounded to as many as a person would read. */
struct findings *notices_new(struct arena *arena);

/* Each adds a finding, once, and gives it, so that the caller can add to it; NULL where notices are not wanted or there
 * are too many. */
struct finding *render_notice(struct render *render, enum rule_id rule, origin at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
struct finding *render_notice_in(struct render *render, enum rule_id rule, struct span place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Says which object and which field a finding is about. Both may be NULL. */
void notice_about(struct render *render, struct finding *finding, const struct resource *resource, const char *field);

/* What the reading of a kustomization file passes over: keys that stand twice, and documents behind the first; and
 * deprecated ones of its `fields`.
 * `repeated`: whether the tree tells of such keys (struct tree); without them the file is not read anew. */
void notice_kustomization(struct render *render, const struct yaml_text *text, const struct node *fields,
                          bool repeated);

/* A second `annotations` of a resource, which kustomize joins with the first. */
void notice_joined_annotations(struct render *render, const struct resource *resource);

/* Directives of kubectl in a patch that kustomize copies into the output. */
void notice_directives(struct render *render, const struct node *patch);

/* Whole numbers that a float of 64 bits does not hold, in a document that a JSON patch turns into JSON and back. */
void notice_rounded_numbers(struct render *render, const struct node *node);

#endif
