/* A mirror's log: one JSON object a line, on standard output. Safe to be used by several threads at once. */
#ifndef PLUGIN_MIRROR_LOG_H
#define PLUGIN_MIRROR_LOG_H

#include "json/json.h"

enum log_level { LOG_INFO, LOG_WARNING };

/* Writes time, level, message and the members, which may be NULL and are freed. */
void log_line(enum log_level level, const char *message, struct json_value *members);

#endif
