/* Who wrote a value: noting it while a render changes values, and telling it afterwards.
 *
 * A scalar that was read from a file and that no step has changed stands at its origin. A step that gives a scalar a
 * value calls one of the first three functions, with the scalar as it still is: its origin becomes a writer
 * (base/writer.h), which knows what was there before. They do nothing unless writers are recorded. */
#ifndef YAML_WRITTEN_H
#define YAML_WRITTEN_H

#include "base/writer.h"
#include "yaml/tree.h"

void note_writer(struct tree *tree, struct node *scalar, const struct node *before, const char *step,
                 const struct writer_part *parts, size_t count); /* internal: writers are recorded */

/* The new value is put together from these parts. */
static inline void written_parts(struct tree *tree, struct node *scalar, const char *step,
                                 const struct writer_part *parts, size_t count)
{
    if (tree->writers)
        note_writer(tree, scalar, scalar, step, parts, count);
}

/* The new value is what the scalar at `from` says. */
static inline void written_from(struct tree *tree, struct node *scalar, const char *step, origin from)
{
    if (tree->writers)
        note_writer(tree, scalar, scalar, step, &(struct writer_part){.size = WHOLE_VALUE, .from = from}, 1);
}

/* The new value stands nowhere, for this reason (which outlives the table); `from` is what it was made of, or 0. */
static inline void written_computed(struct tree *tree, struct node *scalar, const char *step, origin from,
                                    const char *reason)
{
    if (tree->writers)
        note_writer(tree, scalar, scalar, step,
                    &(struct writer_part){.size = WHOLE_VALUE, .from = from, .computed = reason}, 1);
}

/* As written_parts, of a scalar that the step has made with its value. */
static inline void written_new(struct tree *tree, struct node *scalar, const char *step,
                               const struct writer_part *parts, size_t count)
{
    if (tree->writers)
        note_writer(tree, scalar, NULL, step, parts, count);
}

void note_subtree(struct tree *tree, struct node *node, const char *step);                          /* internal */
void note_replaced(struct tree *tree, struct node *node, const struct node *old, const char *step); /* internal */

/* Says of each scalar in an owned subtree that a step has taken it over from where it stands. */
static inline void written_subtree(struct tree *tree, struct node *node, const char *step)
{
    if (tree->writers)
        note_subtree(tree, node, step);
}

/* The same of a scalar that takes the place of another value; NULL: of none. */
static inline void written_over(struct tree *tree, struct node *node, const struct node *old, const char *step)
{
    if (tree->writers)
        note_replaced(tree, node, old, step);
}

/* A part of a value and where it stands. */
struct written_part {
    size_t start, size;      /* in the value's text */
    const char *step;        /* that put it there; NULL: it was read so */
    const char *computed;    /* why it stands nowhere as it is; NULL: the place says it */
    struct place place, end; /* of its first character, and behind its last one; no file: unknown */
    bool exact;              /* the place holds these characters and no others */
    const char *text;        /* of the file; NULL: unknown */
    size_t text_size, byte, byte_count;
};

/* A value: its parts in order, and the value that it took the place of. */
struct written {
    const char *step; /* the last; NULL: it was read so */
    struct written_part *parts;
    size_t count;
    const char *old; /* NULL: there was none */
    size_t old_size;
    origin before; /* the origin of `old`: pass both to written_at */
};

/* Who wrote the value of a rendered scalar; and one of this origin and text. In the arena. */
struct written written_value(const struct origins *origins, struct arena *arena, const struct node *scalar);
struct written written_at(const struct origins *origins, struct arena *arena, origin at, const char *text, size_t size);

#endif
