/* Whether a change is to be made where somebody else has set the same image: newer intents win, and clocks decide
 * nothing. In this order: --expect, --replace, the sequence of runs, the ancestry of the code, --no-downgrade, and
 * whether the value is still the one that was there when we began. */
#ifndef PLUGIN_CHANGE_DECIDE_H
#define PLUGIN_CHANGE_DECIDE_H

#include "plugin/change/changes.h"
#include "plugin/change/sequence.h"

struct decide_options {
    struct image_wish expect; /* name NULL: nothing is expected */
    bool no_downgrade, replace;
    bool refuses_lower; /* a lower version is a conflict */
    struct sequence sequence;
    const char *source, *source_commit; /* the clone of the code, and its commit; NULL: not known */
};

/* The values that were there when we began. */
struct began {
    struct began_value {
        const char *overlay, *image, *value;
    } * items;
    size_t count, room;
    bool noted; /* all of them */
};
void began_note(struct began *began, struct arena *arena, const struct image_change *change);

enum verdict { VERDICT_APPLY, VERDICT_SUPERSEDED, VERDICT_CONFLICT };

/* Why it is not to be applied, for people, and whose commit stands in the way; NULL: nothing, nobody is known. In the
 * arena. */
struct reason {
    const char *why;
    const struct image_setter *by;
};

/* By the values of entries: change->from. `set` and
 * `began` may be NULL; `tip` names the commit in whose history somebody else's is looked for. */
enum verdict decide(struct user_git *git, struct arena *arena, const struct image_change *change,
                    const struct decide_options *options, const struct set_images *set, const struct began *began,
                    const char *tip, struct reason *reason);

/* Whether a pair is the one that is expected. */
bool is_expected(struct arena *arena, const struct image_wish *expect, const char *pair);

/* Whether the second version is lower than the first: both of one form, but for its numbers. */
bool is_downgrade(const char *from, const char *to);

#endif
