/* Names as Kubernetes and Argo CD accept them. */
#ifndef GENERATOR_NAME_H
#define GENERATOR_NAME_H

#include <stdbool.h>

#include "base/arena.h"

enum { NAME_LONGEST = 63 };

bool is_label(const char *name);          /* DNS-1123 label: lower-case letters, digits, '-'; at most 63 */
bool is_subdomain(const char *name);      /* labels joined by '.', kept within 63 because names become label values */
bool is_role_name(const char *name);      /* Argo CD: ^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$ */
bool is_qualified_name(const char *name); /* of labels, annotations and finalizers: maybe PREFIX/, then at most 63 */
bool is_label_value(const char *text);
bool is_word(const char *name);     /* a placeholder: a letter, then letters, digits, '_' and '-' */
bool is_one_line(const char *text); /* UTF-8 without control characters: what YAML, a log and a terminal can hold */

/* A directory's name in the letters that names have: My_App.x as my-app-x. */
const char *normal_name(struct arena *arena, const char *text);

/* The text as it can be printed: each byte of what is_one_line refuses is \xHH. */
const char *printable_text(struct arena *arena, const char *text);

#endif
