/* What the parts of the oracle share: rendering a changed tree, and looking at a value of it. */
#ifndef BLAME_ORACLE_H
#define BLAME_ORACLE_H

#include "mutants.h"

#include "kustomize/engine.h"
#include "plugin/run/leaves.h"

struct rendering {
    struct source *source;
    struct engine *engine;
    struct rendered rendered;
    bool good;
};

/* A part of a value, and what proved its place. */
struct judged {
    size_t number, resource; /* of the scalar, and of its resource */
    const struct leaf *leaf;
    const struct written_part *part;
    const char *verdict;
    struct mutant mutant; /* no edits: nothing was proven */
    bool grouped, asked;  /* in the group at hand; kustomize was asked */
    bool at_index;        /* an item of a list counts only where it stood before */
};

struct oracle {
    const char *root, *directory, *kustomize, *copy;
    const char **flags; /* of kustomize build; NULL ends them */
    struct engine_options options;
    struct arena *arena;
    struct rendering before;
    struct tree_files files;
    struct judged *parts;
    size_t count, room, leaf_count;
};

/* The text of a file with those edits that are of it, and whether there are any. */
void edit_text(const struct tree_file *file, const struct edit *edits, size_t count, struct text *out);
bool is_edited(const struct tree_file *file, const struct edit *edits, size_t count);

/* Renders the tree with edits; writers are recorded where there are none. To be closed. */
void render(const struct oracle *oracle, const struct edit *edits, size_t count, struct rendering *out);
void close_rendering(struct rendering *rendering);

/* Whether a value is now what the part's mutant is to make of it, wherever its resource stands now. */
bool shows_change(const struct oracle *oracle, const struct rendering *after, const struct judged *judged);

/* Lets kustomize judge all parts whose places the engine has proven. */
void ask_kustomize(struct oracle *oracle);

#endif
