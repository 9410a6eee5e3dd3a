/* Where `check` writes its findings: several formats in one run, each to standard output or to a file. */
#ifndef PLUGIN_CHECK_OUTPUT_H
#define PLUGIN_CHECK_OUTPUT_H

#include "base/error.h"
#include "finding/write.h"

/* Whether FORMAT or FORMAT=FILE names a format that there is. */
bool check_output_is_known(const char *text, struct error *error);

/* Writes all of `formats` (none: text). The summary of text goes to standard error unless a person looks at it. */
bool check_output_write(const struct finding_report *report, const char *const *formats, size_t count,
                        struct error *error);

#endif
