/* diff_patch.c: the rendered resources of a report as a unified diff. */
#include <string.h>

#include "base/line_diff.h"
#include "diff/mask.h"
#include "diff/show.h"
#include "yaml/emit.h"

/* A name of a file that would hold the resource, with nothing in it that a file's name cannot have. */
static void add_name(const struct application *application, const struct object_id *id, char side, struct text *out)
{
    size_t from = out->size + 2;
    text_format(out, "%c/%s/", side, application ? application->name : "argo");
    size_t name = out->size;
    text_format(out, "%s_%s.yaml", id->kind, id->name);
    for (size_t i = from; i < out->size; i++)
        if ((unsigned char)out->bytes[i] <= ' ' || (i >= name && out->bytes[i] == '/'))
            out->bytes[i] = '_';
}

static void add_resource(const struct report *report, const struct application *application,
                         const struct resource_change *change, unsigned context, struct text *out)
{
    struct text old = {0}, new = {0}, old_name = {0}, new_name = {0};
    struct error ignored = {0};
    const struct node *base = mask_resource(report->tree, change->base, NULL);
    const struct node *head = mask_resource(report->tree, change->head, change->base);
    if (base)
        emit_yaml(base, &old, &ignored);
    if (head)
        emit_yaml(head, &new, &ignored);
    add_name(application, &change->from, 'a', &old_name);
    add_name(application, &change->id, 'b', &new_name);
    line_diff_within(base ? old_name.bytes : "/dev/null", &old, head ? new_name.bytes : "/dev/null", &new, context,
                     out);
    text_free(&old);
    text_free(&new);
    text_free(&old_name);
    text_free(&new_name);
    error_free(&ignored);
}

void diff_write_patch(const struct report *report, unsigned context, struct text *out)
{
    for (size_t i = 0; i < report->root.count; i++)
        add_resource(report, NULL, &report->root.items[i], context, out);
    for (size_t i = 0; i < report->count; i++) {
        const struct application *application = &report->applications[i];
        if (application->application)
            add_resource(report, NULL, application->application, context, out);
        for (size_t j = 0; j < application->resources.count; j++)
            add_resource(report, application, &application->resources.items[j], context, out);
    }
}
