/* The entries of a map between being read and being kept: merge keys and duplicate keys. Inner header of the parser. */
#ifndef YAML_PARSE_MAP_H
#define YAML_PARSE_MAP_H

#include "base/hash.h"
#include "yaml/parse_stream.h"

/* A growing array of entries, used as a stack by the maps that are being read. */
struct entries {
    struct entry *items;
    size_t count, room;
};

struct entry *entries_add(struct entries *entries);

/* By the bytes of their keys, as maps are in Go's JSON; those from `first` on. */
void sort_entries(struct entries *entries, size_t first);

/* Memory for finding duplicates, and what they mean. */
struct key_check {
    enum dialect dialect;
    uint32_t *slots;
    size_t room;
    struct hash_key key;
};

void key_check_free(struct key_check *check);

/* Why merge keys cannot be resolved. */
struct merge_fault {
    const char *problem;
    origin at;
};

/* Replaces merge keys among the entries from `first` on by what they bring in, and sets `*own` to the number of entries
 * that stand in the map itself; they come first where the first entry of a key counts. `aliased`: the value of the
 * merge key is an alias. */
bool merge_keys(struct entries *entries, size_t first, enum dialect dialect, bool aliased, size_t *own,
                struct merge_fault *fault);

/* Keeps one entry per key among those from `first` on, and reports the others of the first `own`. */
struct duplicate {
    struct entry earlier;       /* the first whose key is there again */
    const struct entry *others; /* until entries are added */
    size_t count;
};

void remove_duplicates(struct entries *entries, size_t first, size_t own, struct key_check *check,
                       struct duplicate *duplicate);

#endif
