/* page.c: writes what is said first, the board, and the findings. */
#include "plugin/report/page.h"

#include <string.h>

#include "plugin/report/html.h"
#include "plugin/report/page_parts.h"
#include "plugin/run/version.h"

/* The board. */

/* "2 errors, 1 note". */
static void write_count_text(const size_t counts[SEVERITY_ERROR + 1], struct text *out)
{
    bool any = false;
    for (int severity = SEVERITY_ERROR; severity > SEVERITY_OFF; severity--) {
        const char *level = severity_text((enum severity)severity);
        if (!counts[severity])
            continue;
        text_string(out, any ? ", " : "<div class=\"counts\">");
        text_format(out, "<span class=\"%s\">%zu %s%s</span>", level, counts[severity], level,
                    page_plural(counts[severity]));
        any = true;
    }
    text_string(out, any ? "</div>" : "");
}

/* As `list` has it. */
static const char *cell_text(const struct board_target *target)
{
    if (target->version)
        return target->version;
    return target->row.problem ? "!" : target->row.renderer ? target->row.renderer : "ok";
}

static void write_cell_target(const struct board *board, const struct board_target *target, struct text *out)
{
    text_string(out, "<div class=\"cell\"><a href=\"#");
    page_id(board, target, out);
    text_string(out, "\">");
    html_name(out, cell_text(target));
    text_string(out, "</a>");
    if (target->replicas) {
        text_string(out, " <span class=\"replicas\">×");
        html_text(out, target->replicas);
        text_string(out, "</span>");
    }
    if (target->row.problem)
        page_badge("error", "problem", out);
    page_standing(board, target, out);
    write_count_text(target->counts, out);
    text_string(out, "</div>");
}

static void write_cell(const struct board *board, const struct board_app *app, const char *environment,
                       struct text *out)
{
    bool found = false;
    for (size_t i = 0; i < app->count; i++)
        if (strcmp(app->targets[i].row.target->environment, environment) == 0) {
            text_string(out, found ? "" : "<td>");
            write_cell_target(board, &app->targets[i], out);
            found = true;
        }
    text_string(out, found ? "</td>" : "<td class=\"none\">–</td>");
}

static void write_next(const struct board_app *app, struct text *out)
{
    text_string(out, "<td class=\"next\">");
    for (size_t i = 0; i < app->count; i++)
        if (can_promote(&app->targets[i])) {
            text_string(out, "<div>");
            page_command(&app->targets[i], out);
            text_string(out, "<small>");
            page_promotable(&app->targets[i], out);
            text_string(out, "</small></div>");
        }
    text_string(out, "</td>");
}

static void write_board(const struct board *board, struct text *out)
{
    enum { FITTING = 4 }; /* environments: with more, the table scrolls by itself */
    text_string(out, "<div id=\"all\"><div id=\"behind\"><div id=\"found\"><div id=\"next\">\n");
    text_format(out, "<div class=\"wide%s\"", board->environment_count > FITTING ? "" : " few");
    text_string(out, " tabindex=\"0\" role=\"region\" aria-labelledby=\"board\">\n"
                     "<table><caption id=\"board\">Which version is where</caption>\n"
                     "<thead><tr><th scope=\"col\">App</th>");
    for (size_t i = 0; i < board->environment_count; i++) {
        text_string(out, "<th scope=\"col\">");
        html_name(out, board->environments[i]);
        text_string(out, "</th>");
    }
    text_string(out, "<th scope=\"col\">Promotes next</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < board->app_count; i++) {
        text_string(out, "<tr ");
        page_app_class(&board->apps[i], out);
        text_byte(out, '>');
        text_string(out, "<th scope=\"row\"><a href=\"#");
        page_app_id(&board->apps[i], out);
        text_string(out, "\">");
        html_name(out, board->apps[i].name);
        text_string(out, "</a></th>");
        for (size_t k = 0; k < board->environment_count; k++)
            write_cell(board, &board->apps[i], board->environments[k], out);
        write_next(&board->apps[i], out);
        text_string(out, "</tr>\n");
    }
    text_string(out, "</tbody></table></div></div></div></div></div>\n");
}

/* What is said first. */

static void write_figure(const char *link, size_t count, const char *what, const char *class, struct text *out)
{
    text_string(out, "<li>");
    text_format(out, "<a href=\"#%s\">", link);
    text_format(out, "<b class=\"%s\">%zu</b> %s", count ? class : "", count, what);
    text_string(out, "</a></li>");
}

static void write_figures(const struct board *board, struct text *out)
{
    size_t behind = 0, next = 0, problems = 0, counts[SEVERITY_ERROR + 1] = {0};
    for (size_t i = 0; i < board->target_count; i++) {
        behind += board->targets[i].standing == STANDING_BEHIND;
        next += can_promote(&board->targets[i]);
        problems += board->targets[i].row.problem != NULL;
    }
    for (size_t i = 0; i < board->findings->count; i++)
        counts[board->findings->items[i]->severity] += !board->findings->items[i]->exception;
    text_string(out, "<ul class=\"figures\">");
    write_figure("all", board->app_count, board->app_count == 1 ? "app" : "apps", "", out);
    write_figure("all", board->environment_count, board->environment_count == 1 ? "environment" : "environments", "",
                 out);
    write_figure("behind", behind, "behind", "behind", out);
    write_figure("next", next, "to promote", "", out);
    if (problems)
        write_figure("problems", problems, problems == 1 ? "problem" : "problems", "error", out);
    write_figure("findings", counts[SEVERITY_ERROR], counts[SEVERITY_ERROR] == 1 ? "error" : "errors", "error", out);
    write_figure("findings", counts[SEVERITY_WARNING], counts[SEVERITY_WARNING] == 1 ? "warning" : "warnings",
                 "warning", out);
    write_figure("findings", counts[SEVERITY_NOTE], counts[SEVERITY_NOTE] == 1 ? "note" : "notes", "note", out);
    text_string(out, "</ul>\n<nav aria-label=\"Which apps are shown\">Show <a href=\"#all\">all apps</a>, those that "
                     "<a href=\"#behind\">are behind</a>, that <a href=\"#next\">can be promoted</a>, that <a "
                     "href=\"#found\">something is wrong with</a>.</nav>\n");
}

/* Without its scheme, which would look like something to load, and without what may stand before an @. */
static const char *shown_address(const char *url)
{
    const char *start = strstr(url, "://") ? strstr(url, "://") + strlen("://") : url;
    const char *at = strchr(start, '@');
    return at && at < start + strcspn(start, "/") ? at + 1 : start;
}

static void write_head(const struct page_source *source, struct text *out)
{
    text_string(out, "<header><h1>Which version is where</h1><p>");
    if (source->repository)
        html_name(out, shown_address(source->repository));
    if (source->commit) {
        text_string(out, " at <code>");
        html_text(out, source->commit);
        text_string(out, "</code>");
    }
    if (source->changed)
        text_string(out, ", with changes that are not committed");
    text_string(out, "</p></header>\n");
}

/* What `list` shows as problems. */
static void write_problems(const struct board *board, struct text *out)
{
    size_t shown = 0;
    for (size_t i = 0; i < board->target_count; i++) {
        const struct board_target *target = &board->targets[i];
        if (!target->row.problem)
            continue;
        text_string(out, shown++ ? "<li>"
                                 : "<section id=\"problems\"><h2>What gets no Application, or does not "
                                   "render</h2>\n<ul class=\"findings\">\n<li>");
        text_string(out, "<a href=\"#");
        page_id(board, target, out);
        text_string(out, "\">");
        html_name(out, target->row.target->path);
        text_string(out, "</a> ");
        html_name(out, target->row.problem);
        text_string(out, "</li>\n");
    }
    text_string(out, shown ? "</ul></section>\n" : "");
}

void page_write(const struct board *board, const struct page_source *source, struct text *out)
{
    text_string(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                     "'unsafe-inline'; img-src data:\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"generator\" content=\"rootapp " ROOTAPP_VERSION "\">\n"
                     "<title>Which version is where</title>\n<style>\n");
    for (const char *const *piece = page_style; *piece; piece++)
        text_string(out, *piece);
    text_string(out, "</style>\n</head>\n<body id=\"top\">\n");
    write_head(source, out);
    text_string(out, "<main>\n");
    if (board->app_count) {
        write_figures(board, out);
        write_board(board, out);
    } else
        text_string(out, "<p>There is no app yet. <code>rootapp new APP</code> makes the first one.</p>\n");
    write_problems(board, out);
    page_findings(board, out);
    page_apps(board, out);
    text_string(out, "</main>\n<footer><p>Made by rootapp " ROOTAPP_VERSION
                     ". The page loads nothing and runs nothing.</p></footer>\n</body>\n</html>\n");
}
