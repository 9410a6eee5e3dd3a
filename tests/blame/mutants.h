/* Mutants: changes of the bytes that a part of a value was taken from, each with what the value is to become. */
#ifndef BLAME_MUTANTS_H
#define BLAME_MUTANTS_H

#include "base/arena.h"
#include "yaml/written.h"

/* A file of the tree. */
struct tree_file {
    const char *name, *text;
    size_t size;
    unsigned *marks; /* for each byte what the group at hand makes of it; 0: nothing */
};

struct tree_files {
    struct tree_file *items;
    size_t count, room;
};

/* Replaces `size` bytes of a file. */
struct edit {
    struct tree_file *file;
    size_t byte, size;
    const char *text;
};

enum expectation {
    EXPECT_ANOTHER,  /* any other value */
    EXPECT_REPLACED, /* with this character at this place of it */
    EXPECT_INSERTED, /* the same, and longer */
    EXPECT_FLIPPED,  /* another one, or none: what is false may be left out */
};

/* The first edit is at the place that is judged, all others go with it. */
struct mutant {
    struct edit *edits;
    size_t count, room;
    enum expectation expectation;
    size_t at; /* in the value */
    char byte;
    const char *word;    /* that was exchanged for another one which decides what is made; NULL: none was */
    const char *becomes; /* what a `kind` is then; NULL: not known */
};

enum { MOST_CHANGES = 12 };

/* The changes of a part's bytes alone, in the order in which they are to be tried: another character of the same kind,
 * one more, another text. */
size_t part_mutants(struct arena *arena, struct tree_files *files, const struct written_part *part,
                    struct mutant out[MOST_CHANGES]);

/* Which other places change with it, as people do it who rename something. */
enum scope {
    SCOPE_REFERENCE, /* where the value was that this one took the place of */
    SCOPE_FILE,      /* the same word in the same file */
    SCOPE_FILE_AND_REFERENCE,
    SCOPE_TREE,      /* the same word in all files */
    SCOPE_NAMES,     /* that, and the names that are made of it */
    SCOPE_ONLY_NAMES /* those alone */
};
enum { SCOPE_COUNT = SCOPE_ONLY_NAMES + 1 };

/* Adds the edits of a scope to a mutant that replaces one character. `old`: the parts of the value that was there
 * before. False: there are none. */
bool widen_mutant(struct arena *arena, struct tree_files *files, const struct written_part *part, const char *value,
                  size_t value_size, const struct written *old, enum scope scope, struct mutant *mutant);

#endif
