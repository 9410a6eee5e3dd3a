/* Where a value came from: a file and a position in it, in 32 bits.
 *
 * Every text that is parsed is registered once and gets a range of numbers; an origin is the range's start plus the
 * position in bytes. Line and column are computed only when a message needs them. The names and texts are borrowed:
 * they live at least as long as the table. */
#ifndef BASE_ORIGIN_H
#define BASE_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct origins;
struct arena;
struct arena_extents;

typedef uint32_t origin; /* 0: unknown */

struct place {
    const char *file;      /* NULL: unknown */
    unsigned line, column; /* from 1; 0: the file as a whole */
};

struct origins *origins_new(void);
void origins_free(struct origins *origins); /* NULL is allowed */

/* Registers a text and returns the origin of its first character; 0 when the numbers are used up. */
origin origins_add(struct origins *origins, const char *file, const char *text, size_t size);

/* The same for a text that a scalar of another text holds: its places are those of that text. `within` is the scalar's
 * origin; where it is 0 or the scalar's lines cannot be told, the places are counted in the text itself. */
origin origins_add_within(struct origins *origins, origin within, const char *file, const char *text, size_t size);

/* The text from there to its end; NULL where it is unknown. */
const char *origins_text(const struct origins *origins, origin at, size_t *size);

struct place origins_place(const struct origins *origins, origin at);

/* The same as a byte of the file, through all texts within texts. False where the byte does not stand in the file as it
 * is, because of an escape or a folded line: then `out` is the scalar in the file that holds it. `out->text` is NULL
 * where the origin is unknown. */
struct file_bytes_at {
    const char *file, *text;
    size_t text_size, byte;
};
bool origins_file_byte(const struct origins *origins, origin at, struct file_bytes_at *out);

/* Writers: who gave a value what it says, besides where it was read (base/writer.h). Recorded only once this was
 * called. A writer is an origin of its own, from the upper end of the numbers, so that it goes wherever the value's
 * origin goes. For messages its place is the one that the value had before. */
struct writer;
void origins_record_writers(struct origins *origins);
origin origins_add_writer(struct origins *origins, const struct writer *writer); /* copied; what it names is borrowed */
const struct writer *origins_writer(const struct origins *origins, origin at);   /* NULL: a place in a text */

/* How much a table knew at a time, and: copies into an arena what it has learned since from memory that will be given
 * up. */
struct origins_mark {
    size_t texts, writers;
};
struct origins_mark origins_now(const struct origins *origins);
void origins_keep(struct origins *origins, struct origins_mark since, const struct arena_extents *given_up,
                  struct arena *arena);

/* The place in a text that is to be changed for the value to change: where the last step took from what it put in. Of
 * an image whose tag was set, the tag; of a name with a prefix, the prefix. The origin itself where there is no writer;
 * 0 where the value stands nowhere. */
origin origins_last_written(const struct origins *origins, origin at);

#endif
