/* A target's objects as a picture: who names or selects whom, from the left to the right. */
#ifndef PLUGIN_REPORT_PICTURE_H
#define PLUGIN_REPORT_PICTURE_H

#include "plugin/report/board.h"

/* Adds an SVG element, for within HTML; nothing where there are no objects. Its colours are the page's (style.c). */
void picture_write(struct arena *arena, const struct board_target *target, struct text *out);

#endif
