/* The newest commit of each target: the last one that changed a file or a directory that its render reads. */
#ifndef PLUGIN_REPORT_LAST_COMMITS_H
#define PLUGIN_REPORT_LAST_COMMITS_H

#include "plugin/report/board.h"
#include "plugin/run/history.h"

/* Fills `last` of the board's targets; where git does not tell, nothing. Nothing is fetched. */
void last_commits_find(struct board *board, const struct render_set *set, struct history *history);

#endif
