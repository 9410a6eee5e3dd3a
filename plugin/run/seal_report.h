/* What `seal` prints: what it has done, or would do. No value is in it. */
#ifndef PLUGIN_SEAL_REPORT_H
#define PLUGIN_SEAL_REPORT_H

#include "plugin/run/seal_certificate.h"
#include "plugin/run/seal_files.h"
#include "plugin/run/seal_values.h"

struct seal_report {
    const struct seal_target *target;
    const struct seal_certificate *certificate;
    const struct seal_values *values;
    const struct seal_files *files;
};

/* A line for each key and each other file. */
bool seal_report_done(struct arena *arena, const struct seal_report *report, struct error *error);

/* The files as a diff, in which sealed values are shortened. */
bool seal_report_diff(const struct seal_report *report, struct error *error);

bool seal_report_fetched(const struct fetched_certificate *fetched, bool dry_run, struct error *error);

#endif
