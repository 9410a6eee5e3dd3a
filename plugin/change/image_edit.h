/* The edit of one kustomization file that gives an image what is wished. Every byte outside of it stays.
 *
 * The entry of `images` is the one whose name or newName is the wished name; where none is, one whose regular
 * expression matches, else a new one. All that it returns lives in the arena. */
#ifndef PLUGIN_IMAGE_EDIT_H
#define PLUGIN_IMAGE_EDIT_H

#include "base/text.h"
#include "plugin/change/image_wish.h"

/* One field that was changed; `from` NULL: it is new, `to` NULL: it was removed. */
struct entry_edit {
    unsigned line, column;
    const char *field, *from, *to;
    const char *became; /* the field whose place it takes is called so; NULL: `field` */
};

struct image_edit {
    const char *old_name, *new_name;  /* of the image as it is rendered, before and after */
    const char *old_tag, *old_digest; /* of the entry; NULL: none */
    const char *tag, *digest;         /* of the entry afterwards */
    const char *hold;                 /* why the entry is held: "" where no reason is given; NULL: it is not */
    bool is_new, is_pattern;          /* the entry was added; its name is a regular expression */
    unsigned line;                    /* of the entry */
    struct entry_edit *fields;
    size_t count, room;
};

struct edit_options {
    bool overrules;   /* an entry that is held is changed, too */
    bool all_entries; /* where several have the wished name, all of them are; else that is refused */
};

/* Changes `bytes`. `file` is for messages. Where nothing is to be done, `bytes` stay as they are. */
bool image_edit(struct arena *arena, const char *file, const struct image_wish *wish,
                const struct edit_options *options, struct text *bytes, struct image_edit *out, struct error *error);

/* What an edit did, a line each: "FILE:LINE: newTag: 1.3.0 -> 1.4.0". `before` is what a new entry wins over; NULL:
 * nothing. */
void image_edit_write(const struct image_edit *edit, const char *file, const struct image_wish *wish,
                      const char *before, struct text *out);

#endif
