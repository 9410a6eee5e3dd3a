/* Numbers and durations as Go's standard library reads them: Kubernetes, kustomize and Argo CD are written in Go. */
#ifndef BASE_GO_VALUES_H
#define BASE_GO_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* strconv.Atoi: decimal digits behind at most one sign. False, with `number` as it was: it is not that, or more than 64
 * bits.
 */
bool go_read_integer(const char *text, int64_t *number);
bool go_read_integer_part(const char *text, size_t size, int64_t *number);

/* time.ParseDuration: "1h30m", "-1.5s", "0". False, with `nanoseconds` as they were: it is none. */
bool go_read_duration(const char *text, int64_t *nanoseconds);

#endif
