/* page_apps.c: writes a section for each app: what its environments set differently, and each of its targets. */
#include "plugin/report/page_parts.h"

#include <string.h>

#include "plugin/report/html.h"
#include "plugin/report/picture.h"
#include "plugin/report/settings.h"

/* Targets. */

static void write_fact_as(const char *class, const char *name, const char *value, struct text *out)
{
    if (!value || !*value)
        return;
    text_format(out, "<div%s><dt>%s</dt><dd>", class, name);
    for (; *value; value += strcspn(value, "\n") + (value[strcspn(value, "\n")] == '\n')) {
        struct text line = {0};
        text_bytes(&line, value, strcspn(value, "\n"));
        html_name(out, text_content(&line));
        text_string(out, value[line.size] && value[line.size + 1] ? "<br>" : "");
        text_free(&line);
    }
    text_string(out, "</dd></div>");
}

static void write_fact(const char *name, const char *value, struct text *out)
{
    write_fact_as("", name, value, out);
}

static void write_facts(const struct target_row *row, struct text *out)
{
    write_fact("Application", row->target->name, out);
    write_fact("team", row->target->team, out);
    write_fact("project", row->project, out);
    write_fact("cluster", row->cluster, out);
    write_fact("namespace", row->namespace, out);
    write_fact("directory", row->target->path, out);
    write_fact("follows", row->target->target_revision, out);
    write_fact("images", row->images, out);
    write_fact("rendered by", row->renderer, out);
    write_fact_as(" class=\"line\"", "problem", row->problem, out);
}

static void write_promotion(const struct board_target *target, struct text *out)
{
    if (!target->promotable_count)
        return;
    text_string(out, "<p>");
    if (can_promote(target))
        page_command(target, out);
    text_string(out, target->hindered ? "Not promoted (" : " gives it ");
    if (target->hindered)
        html_name(out, target->hindered);
    text_string(out, target->hindered ? "): " : "");
    page_promotable(target, out);
    text_string(out, "</p>\n");
}

static void write_last(const struct board_target *target, struct text *out)
{
    const struct last_commit *last = target->last;
    if (target->uncommitted)
        text_string(out, "<div><dt>not committed</dt><dd>something that it reads</dd></div>");
    if (!last)
        return;
    text_string(out, "<div class=\"line\"><dt>last change</dt><dd><code>");
    html_text(out, last->id);
    text_string(out, "</code> ");
    html_text(out, last->date);
    text_byte(out, ' ');
    html_name(out, last->author);
    text_string(out, ": ");
    html_name(out, last->subject);
    text_string(out, last->is_oldest ? " (or an older one: this is the oldest that the clone has)" : "");
    text_string(out, "</dd></div>");
}

static void write_summary(const struct board *board, const struct board_target *target, struct text *out)
{
    text_string(out, "<summary>");
    html_name(out, target->name ? target->name : target->row.target->path);
    if (target->version) {
        text_string(out, " <span class=\"version\">");
        html_name(out, target->version);
        text_string(out, "</span>");
    }
    if (target->row.problem)
        page_badge("error", "problem", out);
    page_standing(board, target, out);
    page_counts(target->counts, out);
    if (target->last) {
        text_string(out, " <span class=\"when\">");
        html_text(out, target->last->date);
        text_byte(out, ' ');
        html_name(out, target->last->author);
        text_string(out, "</span>");
    }
    text_string(out, "</summary>\n");
}

static void write_target(const struct board *board, const struct board_target *target, struct text *out)
{
    text_string(out, "<details class=\"target\">");
    write_summary(board, target, out);
    text_string(out, "<div id=\"");
    page_id(board, target, out);
    text_string(out, "\">\n<dl>");
    write_facts(&target->row, out);
    write_last(target, out);
    text_string(out, "</dl>\n");
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
        page_finding(target->findings[i], out);
    text_string(out, target->finding_count ? "</ul>\n" : "");
    text_string(out, "</div></details>\n");
}

/* Settings. */

static void write_value(const struct setting *setting, size_t column, struct text *out)
{
    const char *value = setting->values[column];
    text_string(out, value ? "<td>" : "<td class=\"none\">–");
    if (value && setting->field)
        text_string(out, "<code>");
    html_name(out, value);
    if (value && setting->field)
        text_string(out, "</code>");
    text_string(out, "</td>");
}

/* The resource is named once for all of its fields. */
static void write_setting(const struct settings *settings, size_t row, struct text *out)
{
    const struct setting *setting = &settings->items[row], *above = row ? setting - 1 : NULL;
    bool same = above && strcmp(above->kind, setting->kind) == 0 && strcmp(above->name, setting->name) == 0;
    if (!same) {
        text_format(out, "<tr class=\"resource\"><th colspan=\"%zu\" scope=\"rowgroup\">", settings->column_count + 1);
        html_text(out, setting->kind);
        text_byte(out, ' ');
        html_name(out, setting->name);
        text_string(out, "</th></tr>\n");
    }
    text_string(out, "<tr><th scope=\"row\">");
    html_name(out, setting->field ? setting->field : "the whole resource");
    text_string(out, "</th>");
    for (size_t i = 0; i < settings->column_count; i++)
        write_value(setting, i, out);
    text_string(out, "</tr>\n");
}

static bool shares_environment(const struct settings *settings, size_t column)
{
    for (size_t i = 0; i < settings->column_count; i++)
        if (i != column && strcmp(settings->columns[i]->row.target->environment,
                                  settings->columns[column]->row.target->environment) == 0)
            return true;
    return false;
}

static void write_column_title(const struct settings *settings, size_t column, struct text *out)
{
    text_string(out, "<th scope=\"col\">");
    html_name(out, settings->columns[column]->row.target->environment);
    if (shares_environment(settings, column)) {
        text_byte(out, ' ');
        html_name(out, settings->columns[column]->row.cluster);
    }
    text_string(out, "</th>");
}

static void write_settings(const struct board *board, const struct board_app *app, struct text *out)
{
    struct settings settings;
    settings_find(board, app, &settings);
    if (settings.column_count < 2)
        return;
    if (!settings.count) {
        text_string(out, "<p>Besides images and replicas, its environments differ in nothing but their names.</p>\n");
        return;
    }
    text_string(out, "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Settings of ");
    html_text(out, app->name);
    text_string(out, "\"><table class=\"settings\"><caption>What its environments set differently, besides images and "
                     "replicas</caption>\n<thead><tr><th scope=\"col\">Field</th>");
    for (size_t i = 0; i < settings.column_count; i++)
        write_column_title(&settings, i, out);
    text_string(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < settings.count; i++)
        write_setting(&settings, i, out);
    text_string(out, "</tbody></table></div>\n");
    if (settings.is_cut)
        text_string(out, "<p>There are more: <code>rootapp render</code> shows all.</p>\n");
}

/* Apps. */

/* "dev 1.4.0, prod 1.3.1" */
static void write_versions(const struct board_app *app, struct text *out)
{
    text_string(out, " <span class=\"version\">");
    for (size_t i = 0; i < app->count; i++) {
        text_string(out, i ? ", " : "");
        html_name(out, app->targets[i].row.target->environment);
        text_byte(out, ' ');
        html_name(out, app->targets[i].version);
    }
    text_string(out, "</span>");
}

static void write_app(const struct board *board, const struct board_app *app, struct text *out)
{
    size_t counts[SEVERITY_ERROR + 1] = {0};
    bool problem = false;
    for (size_t i = 0; i < app->count; i++) {
        for (int severity = 0; severity <= SEVERITY_ERROR; severity++)
            counts[severity] += app->targets[i].counts[severity];
        problem = problem || app->targets[i].row.problem;
    }
    text_string(out, "<details ");
    page_app_class(app, out);
    text_string(out, "><summary>");
    html_name(out, app->name);
    write_versions(app, out);
    if (problem)
        page_badge("error", "problem", out);
    page_counts(counts, out);
    text_string(out, "</summary>\n<div id=\"");
    page_app_id(app, out);
    text_string(out, "\">\n");
    write_settings(board, app, out);
    for (size_t i = 0; i < app->count; i++)
        write_target(board, &app->targets[i], out);
    text_string(out, "</div></details>\n");
}

/* Directories that are no target come last. */
void page_apps(const struct board *board, struct text *out)
{
    if (!board->target_count)
        return;
    text_string(out, "<section class=\"apps\"><h2>Each app</h2>\n");
    for (size_t i = 0; i < board->app_count; i++)
        write_app(board, &board->apps[i], out);
    for (size_t i = 0; i < board->target_count; i++)
        if (!board->targets[i].name)
            write_target(board, &board->targets[i], out);
    text_string(out, "</section>\n");
}
