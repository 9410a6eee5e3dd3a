/* Strings that kyaml quotes. */
#ifndef YAML_SETTER_QUOTES_H
#define YAML_SETTER_QUOTES_H

#include <stdbool.h>
#include <stddef.h>

/* Whether kyaml puts a string that it adds in double quotes: where YAML 1.1 reads the text, as a whole document, as
 * something else. Those quotes keep a later value in the same place a string. */
bool setter_quotes(const char *text, size_t size);

#endif
