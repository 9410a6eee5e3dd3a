/* X.509 certificates in PEM, as argo/certs/ENV.pem holds them: as much of them as sealing has to know. */
#ifndef CHECK_CERTIFICATE_H
#define CHECK_CERTIFICATE_H

#include <stdbool.h>

enum { CERTIFICATE_PRINT = 12, CERTIFICATE_TIME = 14 };

struct certificate {
    char fingerprint[CERTIFICATE_PRINT + 1]; /* the first digits of its SHA-256 */
    char until[CERTIFICATE_TIME + 1];        /* the last second of it, YYYYMMDDHHMMSS in UTC; "": it is malformed */
    unsigned bits;                           /* of its RSA key; 0: its key is another kind's */
};

/* Reads the next certificate of a text, and moves behind it. False: there is none. */
bool certificate_next(const char **at, struct certificate *out);

#endif
