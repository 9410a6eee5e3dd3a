/* Keys that the code names itself: constants that are the same pointer in every table (base/intern.h).
 * To add one, add a line to known_keys.def. */
#ifndef BASE_KNOWN_KEYS_H
#define BASE_KNOWN_KEYS_H

#include "base/intern.h"

#define KNOWN_KEY(name, string) extern const struct key key_##name;
#include "base/known_keys.def"
#undef KNOWN_KEY

#endif
