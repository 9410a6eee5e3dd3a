/* What `verify` compares, and what it finds. */
#ifndef PLUGIN_VERIFY_H
#define PLUGIN_VERIFY_H

#include "base/text.h"
#include "plugin/run/session.h"

enum verdict {
    VERDICT_SAME,
    VERDICT_DIFFERENT,
    VERDICT_ROOTAPP_REFUSES,   /* kustomize renders it */
    VERDICT_KUSTOMIZE_REFUSES, /* we render it */
    VERDICT_BOTH_REFUSE,
    VERDICT_NOT_COMPARED, /* a RootApp: kustomize does not know it */
    VERDICT_COUNT
};

/* One kustomization and what came of it. Texts are kept where they differ. */
struct comparison {
    const char *directory, *shown; /* from the source's root, and as messages name it */
    size_t dimension;              /* what else is compared (verification) */
    const char *flags;             /* that both programs were given for it; "": none */
    enum verdict verdict;
    char *our_error, *their_error; /* one line each; NULL: none */
    bool shared_otherwise;         /* sharing bases changes what we render: that is our error then */
    struct text ours, theirs;
    size_t line;      /* the first that differs, from 1 */
    const char *file; /* `build -o DIRECTORY`: the one that it is in; NULL: anything else */
    size_t file_line; /* in it; 0: only one program writes it */
};

/* What is built of each kustomization: with these flags, for both programs alike. */
struct dimension {
    const char *load_restrictor, *reorder; /* NULL: the default */
    bool managed_by_label, files;
};

struct comparisons {
    struct comparison *items;
    size_t count, directory_count;
    size_t counts[VERDICT_COUNT];
    const char *kustomize_version;
    size_t left_out; /* directories that the RootApp does not find */
};

/* The judge. */
struct kustomize {
    const char *program; /* found on PATH */
    const char *prefix;  /* of the paths in its messages, which are absolute: they are shown without it */
    long seconds;        /* it is ended after these; 0: the default */
};

/* Builds a directory, given by its path, and fills `theirs` or `their_error`. */
void kustomize_build(const struct kustomize *kustomize, const struct dimension *dimension, const char *directory,
                     struct comparison *comparison);

/* The version, to be freed. To be asked for first: a program that is not there is one error, not one for each
 * directory. */
char *kustomize_ask_version(const char *program, struct error *error);

bool verdict_is_good(enum verdict verdict);

/* What `build -o DIRECTORY` writes, as one text: each file behind a line that names it. `write` writes them into a
 * directory, which is empty. */
typedef bool write_files_into(void *context, const char *directory, struct error *error);
bool files_written(write_files_into *write, void *context, struct text *out, struct error *error);
bool files_of_rendered(const struct rendered *rendered, struct text *out, struct error *error);

/* The file that a byte of such a text is in, and the number of its line there. */
const char *file_of_difference(struct arena *arena, const struct text *text, size_t byte, size_t *line);

void comparisons_write_text(const struct comparisons *all, bool verbose, bool diff, struct text *out);
bool comparisons_write_json(const struct comparisons *all, bool diff, struct text *out, struct error *error);

#endif
