/* HTML: texts of others, so that they stay texts. */
#ifndef PLUGIN_REPORT_HTML_H
#define PLUGIN_REPORT_HTML_H

#include "base/text.h"

/* For elements, and for attributes in double quotes. Control characters become visible, as \x1b; so does what is no
 * UTF-8. NULL: nothing. */
void html_text(struct text *out, const char *string);

/* The same, kept apart from the direction of the text around it. */
void html_name(struct text *out, const char *string);

/* A value of an attribute `id`, or behind the # of a link: the characters of names, others by number. */
void html_id(struct text *out, const char *string);

#endif
