/* What a misspelt name was probably meant to be. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

/* The known name nearest to a misspelt one, or NULL where none is near; of many, the first 5,000 are looked at. `names`
 * ends with NULL. */
const char *nearest_name(const char *name, const char *const *names);

/* Its place in a format, and what stands there; nothing where `near` is NULL:
 *     error_set(error, "no field '%s'" DID_YOU_MEAN, name, MEANT(near)) */
#define DID_YOU_MEAN "%s%s%s"
#define MEANT(near) (near) ? " (did you mean '" : "", (near) ? (near) : "", (near) ? "'?)" : ""

#endif
