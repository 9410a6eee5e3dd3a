/* adopt_text.c: what was found, what would differ, and the steps, for people. */
#include <string.h>

#include "diff/show.h"
#include "plugin/adopt/adoption.h"

static size_t count_taken(const struct adoption *adoption)
{
    size_t count = 0;
    for (size_t i = 0; i < adoption->count; i++)
        count += !adoption->apps[i].left && adoption->apps[i].new_name;
    return count;
}

static bool is_different(const struct existing *app)
{
    return (!app->left || app->by_hand) && app->new_name &&
           (app->change.count || strcmp(app->name, app->new_name) != 0);
}

static void write_found(const struct adoption *adoption, struct text *out)
{
    show_count(adoption->count, "Application", out);
    text_string(out, ", ");
    show_count(adoption->set_count, "ApplicationSet", out);
    text_string(out, " and ");
    show_count(adoption->project_count, "AppProject", out);
    size_t same = 0, taken = count_taken(adoption), by_hand = 0;
    for (size_t i = 0; i < adoption->count; i++)
        by_hand += adoption->apps[i].by_hand;
    for (size_t i = 0; i < adoption->count; i++)
        same += !adoption->apps[i].left && adoption->apps[i].new_name && !is_different(&adoption->apps[i]);
    text_format(out, ". The policy makes %zu of the Applications: %zu as they are, %zu with differences.\n", taken,
                same, taken - same);
    if (by_hand)
        text_format(out, "%zu more, which no directory here stands for alone, are argo/root/applications.yaml.\n",
                    by_hand);
}

static void write_gaps(const struct adoption *adoption, struct text *out)
{
    if (adoption->gap_count)
        text_string(out, "\nNot understood:\n");
    for (size_t i = 0; i < adoption->gap_count; i++) {
        const struct gap *gap = &adoption->gaps[i];
        text_string(out, "  ");
        show_place(gap->place, out);
        text_format(out, "%s%s: %s\n", gap->place.file ? ": " : "", gap->what, gap->reason);
    }
}

static void write_left(const struct adoption *adoption, struct text *out)
{
    bool any = false;
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        if (!app->left || app->by_hand)
            continue;
        text_string(out, any ? "" : "\nLeft as they are:\n");
        any = true;
        text_format(out, "  %s (", app->name);
        show_place(app->place, out);
        text_format(out, "): %s\n", app->left);
    }
}

static void write_field(const struct field_change *field, struct text *out)
{
    text_format(out, "    %s: ", field->path);
    if (field->old)
        show_value(field->old, out);
    else
        text_string(out, "nothing");
    text_string(out, " -> ");
    if (field->new)
        show_value(field->new, out);
    else
        text_string(out, "nothing");
    text_byte(out, '\n');
}

static void write_differences(const struct adoption *adoption, struct text *out)
{
    bool any = false;
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        if (!is_different(app))
            continue;
        text_string(out, any ? ""
                             : "\nDifferent (labels rootapp.dev/... and manifest-generate-paths, which all of "
                               "them get, are left out):\n");
        any = true;
        text_format(out, "  %s", app->name);
        if (strcmp(app->name, app->new_name) != 0)
            text_format(out, " -> %s", app->new_name);
        text_byte(out, '\n');
        for (size_t j = 0; j < app->change.count; j++)
            write_field(&app->change.fields[j], out);
    }
}

static void write_exclusions(const struct adoption *adoption, struct text *out)
{
    if (adoption->exclusions.count)
        text_string(out, "\nFound by the policy and not deployed today, so excluded:\n");
    for (size_t i = 0; i < adoption->exclusions.count; i++)
        text_format(out, "  %s\n", adoption->exclusions.names[i]);
}

static void write_steps(const struct adoption *adoption, struct text *out)
{
    struct text steps = {0};
    size_t number = 0;
    adoption_write_steps(adoption, &steps);
    text_string(out, "\nTaking over:\n");
    for (const char *line = text_content(&steps); *line; line += strcspn(line, "\n") + 1) {
        int size = (int)strcspn(line, "\n");
        if (*line != ' ')
            text_format(out, "%2zu. %.*s\n", ++number, size, line);
        else
            text_format(out, "   %.*s\n", size, line);
    }
    text_free(&steps);
}

void adoption_write_text(const struct adoption *adoption, struct text *out)
{
    write_found(adoption, out);
    write_gaps(adoption, out);
    write_left(adoption, out);
    write_differences(adoption, out);
    write_exclusions(adoption, out);
    if (adoption->refusal)
        text_format(out, "\nThe policy would not do yet: %s\n", adoption->refusal);
    if (adoption->policy.size)
        text_format(out, "\nargo/root/rootapp.yaml:\n%s", text_content(&adoption->policy));
    if (adoption->by_hand.size)
        text_format(out, "\nargo/root/applications.yaml:\n%s", text_content(&adoption->by_hand));
    if (count_taken(adoption))
        write_steps(adoption, out);
}
