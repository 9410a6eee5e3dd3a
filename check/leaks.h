/* Leaks: what a text gives away to everybody who can read it, whether anything renders it or not.
 *
 * Findings are RA501, RA502 and RA503 at the lines of the text; a message never holds a value. Everything lives in the
 * arena of the findings, and so must the text. */
#ifndef CHECK_LEAKS_H
#define CHECK_LEAKS_H

#include "check/letter_pairs.h"
#include "finding/finding.h"
#include "source/source.h"

/* All of it: what stands in documents, and what any text may hold. Binary files have none. */
void leaks_find(const char *file, const struct file_bytes *text, struct findings *findings);

/* Secrets with values, and generators of them, in YAML and JSON. What is no YAML has none. */
void leaks_in_documents(const char *file, const struct file_bytes *text, const struct letter_pairs *pairs,
                        struct findings *findings);

/* Values that a JSON patch gives a Secret: of a file that a kustomization names for one. */
void leaks_in_secret_patch(const char *file, const struct file_bytes *text, struct findings *findings);

/* Private keys, tokens with a known prefix, and passwords in URLs. */
void leaks_in_words(const char *file, const struct file_bytes *text, const struct letter_pairs *pairs,
                    struct findings *findings);

/* Settings in lines NAME=value: env files and Dockerfiles. */
void leaks_in_settings(const char *file, const struct file_bytes *text, struct findings *findings);

/* Whether a value is a stand-in for one that is not there: ${X}, <x>, {{ x }}, xxx, a word for a password. */
bool is_stand_in(const char *value, size_t size);

/* Whether a value is filled in later by another program, of which it names the place: {{ x }}, op://vault/item. */
bool is_filled_in(const char *value, size_t size);

/* Whether a setting of this name is secret, and has a value that is not a stand-in, a path or a switch. */
bool is_secret_setting(const char *name, size_t name_size, const char *value, size_t value_size);

/* Whether a text may have the name of one. */
bool may_name_secret(const struct letter_pairs *pairs);

/* Adds a finding; `size` is that of what the place points to. */
/* Whether a name ends so, in capitals or not. */
bool leak_name_ends(const char *name, size_t size, const char *ending);

void leak_add(struct findings *findings, enum rule_id id, struct place place, size_t size, const char *message);

#endif
