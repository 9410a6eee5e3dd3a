/* Hints: what a person may have meant where a render fails, told by the text at the place of the error. */
#ifndef PLUGIN_HINTS_H
#define PLUGIN_HINTS_H

#include "plugin/run/repository.h"

/* Puts a remedy behind the message of the error of a directory's render, where one is known. `person`: one looks at it:
 * lines and a caret may follow where an indentation is wrong (error->excerpt), and what can be rendered instead. */
void error_hint(const struct repository *repository, const char *directory, bool person, struct error *error);

#endif
