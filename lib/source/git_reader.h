/* Who reads objects of git: libgit2, or a process of git. Shared by the files of source/git.c only. */
#ifndef SOURCE_GIT_READER_H
#define SOURCE_GIT_READER_H

#include "source/git.h"

enum { GIT_LARGEST_ID = 32 }; /* bytes: SHA-256 */

enum git_kind { GIT_OTHER, GIT_TREE, GIT_BLOB, GIT_COMMIT, GIT_TAG };

struct git_object {
    enum git_kind kind;
    size_t size;
    const char *bytes; /* a NUL stands behind them; NULL: it is larger than asked for */
};

struct git_reader {
    size_t id_size; /* bytes */

    /* Reads an object of at most `limit` bytes; of a larger one, what it is. False: it is missing or damaged. */
    bool (*read)(struct git_reader *reader, struct arena *arena, const unsigned char *id, size_t limit,
                 struct git_object *out, struct error *error);
    /* The id that these bytes have as a blob, in `id`. NULL: it cannot tell. */
    bool (*blob_id)(struct git_reader *reader, const void *bytes, size_t size, unsigned char *id);
    void (*release)(struct git_reader *reader);
};

/* Loads libgit2 without starting it. False: it is not there. */
bool git_library_load(void);

/* NULL: libgit2 is not there, or cannot open these objects. */
struct git_reader *git_library_open(const struct git_place *place);

struct git_reader *git_batch_open(const struct git_place *place, struct error *error);

/* An id in hexadecimal digits, with a NUL. */
void git_id_text(const unsigned char *id, size_t size, char text[2 * GIT_LARGEST_ID + 1]);

/* The remedy where an object cannot be read. */
#define GIT_FSCK "'git fsck' tells what else is broken"

#endif
