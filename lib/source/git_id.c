/* git_id.c: writes the id of an object. */
#include "source/git_reader.h"

void git_id_text(const unsigned char *id, size_t size, char text[2 * GIT_LARGEST_ID + 1])
{
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = "0123456789abcdef"[id[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[id[i] & 15];
    }
    text[2 * size] = '\0';
}
