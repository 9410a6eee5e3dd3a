/* page_parts.c: writes what the board and the sections of apps have in common. */
#include "plugin/report/page_parts.h"

#include <string.h>

#include "plugin/report/html.h"
#include "plugin/run/app_version.h"

const char *page_plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* Of several clusters, the name of the first one stands for all: each further one has its number. */
void page_id(const struct board *board, const struct board_target *target, struct text *out)
{
    size_t number = 1;
    for (const struct board_target *other = target;
         other > board->targets && other[-1].name && target->name && strcmp(other[-1].name, target->name) == 0; other--)
        number++;
    html_id(out, target->name ? target->name : target->row.target->path);
    if (number > 1)
        text_format(out, "/%zu", number);
}

void page_app_id(const struct board_app *app, struct text *out)
{
    text_string(out, "app:");
    html_id(out, app->name);
}

void page_app_class(const struct board_app *app, struct text *out)
{
    bool behind = false, found = false, next = false;
    for (size_t i = 0; i < app->count; i++) {
        behind = behind || app->targets[i].standing == STANDING_BEHIND;
        found = found || app->targets[i].finding_count || app->targets[i].row.problem;
        next = next || can_promote(&app->targets[i]);
    }
    text_format(out, "class=\"app%s%s%s\"", behind ? " is-behind" : "", found ? " is-found" : "",
                next ? " is-next" : "");
}

void page_badge(const char *class, const char *text, struct text *out)
{
    text_format(out, " <span class=\"badge %s\">", class);
    html_text(out, text);
    text_string(out, "</span>");
}

void page_counts(const size_t counts[SEVERITY_ERROR + 1], struct text *out)
{
    for (int severity = SEVERITY_ERROR; severity > SEVERITY_OFF; severity--)
        if (counts[severity])
            text_format(out, " <span class=\"badge %s\">%zu %s%s</span>", severity_text((enum severity)severity),
                        counts[severity], severity_text((enum severity)severity), page_plural(counts[severity]));
}

/* "2 minor behind dev", or without how far, where versions do not tell. */
static const char *behind_text(struct arena *arena, const struct board_target *target, const char *environment)
{
    const char *distance = version_distance(arena, target->version, target->before->version);
    return arena_format(arena, "%s%sbehind %s", distance ? distance : "", distance ? " " : "", environment);
}

static const char *standing_text(const struct board *board, const struct board_target *target)
{
    const struct board_target *before = target->before;
    const char *environment = before ? before->row.target->environment : NULL;
    switch (target->standing) {
    case STANDING_BEHIND:
        return behind_text(board->arena, target, environment);
    case STANDING_AHEAD:
        return arena_format(board->arena, "ahead of %s", environment);
    case STANDING_DIFFERENT:
        return arena_format(board->arena, "not as %s", environment);
    default:
        return NULL;
    }
}

void page_standing(const struct board *board, const struct board_target *target, struct text *out)
{
    static const char *const classes[] = {"", "", "behind", "ahead", "other"};
    const char *standing = standing_text(board, target);
    if (standing)
        page_badge(classes[target->standing], standing, out);
}

void page_command(const struct board_target *target, struct text *out)
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

void page_promotable(const struct board_target *target, struct text *out)
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
