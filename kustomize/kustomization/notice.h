/* Notices: where a render silently loses or ignores something that somebody wrote. Collected when
 * engine_options.warn is set; they never change the result. docs/warnings.md explains each. */
#ifndef KUSTOMIZE_NOTICE_H
#define KUSTOMIZE_NOTICE_H

#include "kustomize/kustomization/kust_target.h"

/* Whether notices are wanted: asked first where finding one costs anything. */
static inline bool wants_notices(const struct render *render)
{
    return render && render->notices;
}

/* Each adds a line, once: file:line:column: message. Nothing happens where notices are not wanted. */
void render_notice(struct render *render, origin at, const char *format, ...) __attribute__((format(printf, 3, 4)));
void render_notice_in(struct render *render, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What the reading of a kustomization file passes over: keys that stand twice, and documents behind the first. */
void notice_kustomization(struct render *render, const struct yaml_text *text);

/* A second `annotations` of a resource, which kustomize joins with the first. */
void notice_joined_annotations(struct render *render, const struct resource *resource);

/* Directives of kubectl in a patch that kustomize copies into the output. */
void notice_directives(struct render *render, const struct node *patch);

/* Whole numbers that a float of 64 bits does not hold, in a document that a JSON patch turns into JSON and back. */
void notice_rounded_numbers(struct render *render, const struct node *node);

#endif
