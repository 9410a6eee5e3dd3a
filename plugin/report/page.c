/* page.c: writes the board, the findings, and each target. */
#include "plugin/report/page.h"

#include <string.h>

#include "plugin/report/html.h"
#include "plugin/report/picture.h"
#include "plugin/run/version.h"

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* Of several clusters, the name of the first one stands for all: each further one has its number. */
static void write_id(const struct board *board, const struct board_target *target, struct text *out)
{
    size_t number = 1;
    for (const struct board_target *other = target;
         other > board->targets && other[-1].name && target->name && strcmp(other[-1].name, target->name) == 0; other--)
        number++;
    html_id(out, target->name ? target->name : target->row.target->path);
    if (number > 1)
        text_format(out, "/%zu", number);
}

static void write_badge(const char *class, const char *text, struct text *out)
{
    text_format(out, " <span class=\"badge %s\">", class);
    html_text(out, text);
    text_string(out, "</span>");
}

static void write_counts(const size_t counts[SEVERITY_ERROR + 1], struct text *out)
{
    for (int severity = SEVERITY_ERROR; severity > SEVERITY_OFF; severity--)
        if (counts[severity])
            text_format(out, " <span class=\"badge %s\">%zu %s%s</span>", severity_text((enum severity)severity),
                        counts[severity], severity_text((enum severity)severity), plural(counts[severity]));
}

static const char *standing_text(const struct board *board, const struct board_target *target)
{
    const struct board_target *before = target->before;
    const char *environment = before ? before->row.target->environment : NULL;
    switch (target->standing) {
    case STANDING_BEHIND:
        return arena_format(board->arena, "behind %s", environment);
    case STANDING_AHEAD:
        return arena_format(board->arena, "ahead of %s", environment);
    case STANDING_DIFFERENT:
        return arena_format(board->arena, "not as %s", environment);
    default:
        return NULL;
    }
}

static const char *const standing_classes[] = {"", "", "behind", "ahead", "other"};

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
                    plural(counts[severity]));
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
    const char *standing = standing_text(board, target);
    text_string(out, "<div class=\"cell\"><a href=\"#");
    write_id(board, target, out);
    text_string(out, "\">");
    html_name(out, cell_text(target));
    text_string(out, "</a>");
    if (target->replicas) {
        text_string(out, " <span class=\"replicas\">×");
        html_text(out, target->replicas);
        text_string(out, "</span>");
    }
    if (target->row.problem)
        write_badge("error", "problem", out);
    if (standing)
        write_badge(standing_classes[target->standing], standing, out);
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

static void write_command(const struct board_target *target, struct text *out)
{
    text_string(out, "<code>rootapp promote ");
    html_text(out, target->skips ? "--skip " : "");
    html_text(out, target->row.target->app);
    text_byte(out, ' ');
    html_text(out, target->before->row.target->environment);
    text_byte(out, ' ');
    html_text(out, target->row.target->environment);
    text_string(out, "</code>");
}

static void write_promotable(const struct board_target *target, struct text *out)
{
    for (size_t i = 0; i < target->promotable_count; i++) {
        const struct promotable *image = &target->promotable[i];
        text_string(out, i ? ", " : "");
        html_name(out, image->image);
        text_byte(out, ' ');
        html_name(out, *image->from ? image->from + (*image->from == ':') : "none");
        text_string(out, " → ");
        html_name(out, *image->to ? image->to + (*image->to == ':') : "none");
    }
}

static void write_next(const struct board_app *app, struct text *out)
{
    text_string(out, "<td class=\"next\">");
    for (size_t i = 0; i < app->count; i++)
        if (can_promote(&app->targets[i])) {
            text_string(out, "<div>");
            write_command(&app->targets[i], out);
            text_string(out, "<small>");
            write_promotable(&app->targets[i], out);
            text_string(out, "</small></div>");
        }
    text_string(out, "</td>");
}

/* What a row is shown for where the page is narrowed. */
static void write_row_classes(const struct board_app *app, struct text *out)
{
    bool behind = false, found = false, next = false;
    for (size_t i = 0; i < app->count; i++) {
        behind = behind || app->targets[i].standing == STANDING_BEHIND;
        found = found || app->targets[i].finding_count || app->targets[i].row.problem;
        next = next || can_promote(&app->targets[i]);
    }
    text_format(out, "<tr class=\"app%s%s%s\">", behind ? " is-behind" : "", found ? " is-found" : "",
                next ? " is-next" : "");
}

static void write_board(const struct board *board, struct text *out)
{
    text_string(out, "<div id=\"all\"><div id=\"behind\"><div id=\"found\"><div id=\"next\">\n"
                     "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"board\">\n"
                     "<table><caption id=\"board\">Which version is where</caption>\n"
                     "<thead><tr><th scope=\"col\">App</th>");
    for (size_t i = 0; i < board->environment_count; i++) {
        text_string(out, "<th scope=\"col\">");
        html_name(out, board->environments[i]);
        text_string(out, "</th>");
    }
    text_string(out, "<th scope=\"col\">Promotes next</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < board->app_count; i++) {
        write_row_classes(&board->apps[i], out);
        text_string(out, "<th scope=\"row\">");
        html_name(out, board->apps[i].name);
        text_string(out, "</th>");
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

/* Findings. */

static void write_place(const struct span *place, struct text *out)
{
    if (!place->file)
        return;
    text_string(out, " <code>");
    html_text(out, place->file);
    if (place->line)
        text_format(out, ":%u", place->line);
    if (place->line && place->column)
        text_format(out, ":%u", place->column);
    text_string(out, "</code>");
}

static void write_finding(const struct finding *finding, bool with_targets, struct text *out)
{
    const char *level = severity_text(finding->severity);
    text_format(out, "<li><span class=\"badge %s\">%s</span>", level, level);
    write_place(&finding->place, out);
    text_byte(out, ' ');
    html_name(out, finding->message);
    text_format(out, " <span class=\"rule\">%s %s</span>", finding->rule->id, finding->rule->name);
    if (finding->fix) {
        text_string(out, "<br>fix: <code>");
        html_text(out, finding->fix);
        text_string(out, "</code>");
    }
    for (size_t i = 0; with_targets && i < finding->target_count; i++) {
        text_string(out, i ? ", " : "<br>in ");
        html_name(out, finding->targets[i]);
    }
    text_string(out, "</li>\n");
}

static void write_findings(const struct board *board, struct text *out)
{
    size_t shown = 0, excepted = 0;
    text_string(out, "<section id=\"findings\"><h2>What <code>rootapp check</code> finds</h2>\n");
    for (size_t i = 0; i < board->findings->count; i++) {
        const struct finding *finding = board->findings->items[i];
        excepted += finding->exception != NULL;
        if (finding->exception)
            continue;
        text_string(out, shown++ ? "" : "<ul class=\"findings\">\n");
        write_finding(finding, true, out);
    }
    text_string(out, shown ? "</ul>\n" : "<p>Nothing.</p>\n");
    if (excepted)
        text_format(out, "<p>%zu more %s permitted by exceptions.</p>\n", excepted, excepted == 1 ? "is" : "are");
    text_string(out, "</section>\n");
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
        write_id(board, target, out);
        text_string(out, "\">");
        html_name(out, target->row.target->path);
        text_string(out, "</a> ");
        html_name(out, target->row.problem);
        text_string(out, "</li>\n");
    }
    text_string(out, shown ? "</ul></section>\n" : "");
}

/* Targets. */

static void write_fact(const char *name, const char *value, struct text *out)
{
    if (!value || !*value)
        return;
    text_format(out, "<div><dt>%s</dt><dd>", name);
    for (; *value; value += strcspn(value, "\n") + (value[strcspn(value, "\n")] == '\n')) {
        struct text line = {0};
        text_bytes(&line, value, strcspn(value, "\n"));
        html_name(out, text_content(&line));
        text_string(out, value[line.size] && value[line.size + 1] ? "<br>" : "");
        text_free(&line);
    }
    text_string(out, "</dd></div>");
}

static void write_facts(const struct target_row *row, struct text *out)
{
    text_string(out, "<dl>");
    write_fact("Application", row->target->name, out);
    write_fact("team", row->target->team, out);
    write_fact("project", row->project, out);
    write_fact("cluster", row->cluster, out);
    write_fact("namespace", row->namespace, out);
    write_fact("directory", row->target->path, out);
    write_fact("follows", row->target->target_revision, out);
    write_fact("images", row->images, out);
    write_fact("rendered by", row->renderer, out);
    write_fact("problem", row->problem, out);
    text_string(out, "</dl>\n");
}

static void write_promotion(const struct board_target *target, struct text *out)
{
    if (!target->promotable_count)
        return;
    text_string(out, "<p>");
    if (can_promote(target))
        write_command(target, out);
    text_string(out, target->hindered ? "Not promoted (" : " gives it ");
    html_name(out, target->hindered);
    text_string(out, target->hindered ? "): " : "");
    write_promotable(target, out);
    text_string(out, "</p>\n");
}

static void write_target(const struct board *board, const struct board_target *target, struct text *out)
{
    const char *standing = standing_text(board, target);
    text_string(out, "<details id=\"");
    write_id(board, target, out);
    text_string(out, "\"><summary>");
    html_name(out, target->name ? target->name : target->row.target->path);
    if (target->version) {
        text_byte(out, ' ');
        text_string(out, "<span class=\"version\">");
        html_name(out, target->version);
        text_string(out, "</span>");
    }
    if (target->row.problem)
        write_badge("error", "problem", out);
    if (standing)
        write_badge(standing_classes[target->standing], standing, out);
    write_counts(target->counts, out);
    text_string(out, "</summary>\n");
    write_facts(&target->row, out);
    write_promotion(target, out);
    if (target->object_count) {
        text_string(out, "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Resources of ");
        html_text(out, target->name);
        text_string(out, "\">");
        picture_write(board->arena, target, out);
        text_string(out, "</div>\n");
    }
    text_string(out, target->finding_count ? "<ul class=\"findings\">\n" : "");
    for (size_t i = 0; i < target->finding_count; i++)
        write_finding(target->findings[i], false, out);
    text_string(out, target->finding_count ? "</ul>\n" : "");
    text_string(out, "</details>\n");
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
    write_figures(board, out);
    write_board(board, out);
    write_problems(board, out);
    write_findings(board, out);
    text_string(out, "<section><h2>Each target</h2>\n");
    for (size_t i = 0; i < board->target_count; i++)
        write_target(board, &board->targets[i], out);
    text_string(out, "</section>\n</main>\n<footer><p>Made by rootapp " ROOTAPP_VERSION
                     ". The page loads nothing and runs nothing.</p></footer>\n</body>\n</html>\n");
}
