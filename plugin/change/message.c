/* message.c: writes the message of a commit that sets images. */
#include "plugin/change/message.h"

#include <string.h>

#include "base/process.h"
#include "plugin/change/remote_text.h"
#include "yaml/emit.h"

const char *image_text(struct arena *arena, const char *name, const char *tag, const char *digest)
{
    return arena_format(arena, "%s%s", name, image_pair_text(arena, tag, digest));
}

static const char *run_line(struct arena *arena, const char *const *arguments, struct error *error)
{
    struct process process = {.arguments = arguments, .seconds = 60};
    struct process_end end;
    if (!process_run(&process, &end, error))
        return NULL;
    const char *text = end.status == 0 ? arena_copy(arena, text_content(&end.out), end.out.size) : NULL;
    process_end_free(&end);
    return text;
}

/* The rest of the message, as JSON, since trailers are lines. "": there is none. */
static const char *body_line(struct arena *arena, const char *directory, struct error *error)
{
    const char *const words[] = {"git", "-C", directory, "log", "-1", "--no-show-signature", "--format=%b", NULL};
    const char *body = run_line(arena, words, error);
    size_t size = body ? strlen(body) : 0;
    struct text line = {0};
    while (size && body[size - 1] == '\n')
        size--;
    text_string(&line, "Argocd-reference-commit-body: ");
    emit_json_string(body ? body : "", size, &line);
    text_byte(&line, '\n');
    const char *copy = size ? arena_string(arena, text_content(&line)) : "";
    text_free(&line);
    return copy;
}

/* Argo CD shows these in its user interface (util/git, GetReferences; hydrator's commit metadata). */
bool source_commit_read(struct arena *arena, const char *directory, struct source_commit *out, struct error *error)
{
    *out = (struct source_commit){0};
    if (!directory)
        return true;
    const char *lines = run_line(arena,
                                 (const char *const[]){"git", "-C", directory, "log", "-1", "--no-show-signature",
                                                       "--format=Argocd-reference-commit-sha: %H%n"
                                                       "Argocd-reference-commit-author: %an <%ae>%n"
                                                       "Argocd-reference-commit-subject: %s%n"
                                                       "Argocd-reference-commit-date: %aI%n",
                                                       NULL},
                                 error);
    const char *url =
        run_line(arena, (const char *const[]){"git", "-C", directory, "remote", "get-url", "origin", NULL}, error);
    if (!lines)
        return error_set(error, "--source %s: no commit is there: name a clone of the code", directory);
    const char *id = lines + strlen("Argocd-reference-commit-sha: ");
    out->id = arena_copy(arena, id, strcspn(id, "\n"));
    const char *all = arena_format(arena, "%.*s%s", (int)strlen(lines) - 1, lines, body_line(arena, directory, error));
    out->lines = url ? arena_format(arena, "%sArgocd-reference-commit-repourl: %s", all, without_password(arena, url))
                     : arena_string(arena, all);
    return true;
}

static void write_subject(const struct changes *changes, struct text *out)
{
    const struct image_change *first = NULL;
    size_t made = 0, targets = 0;
    for (size_t i = 0; i < changes->count; i++) {
        const struct image_change *change = &changes->items[i];
        if (change->state != CHANGE_MADE)
            continue;
        targets += !first || i == 0 || change->target != changes->items[i - 1].target;
        first = first ? first : change;
        made++;
    }
    if (made == 1)
        text_format(out, "%s: %s %s -> %s\n", first->target->label, first->wish->name, first->from, first->to);
    else if (targets == 1 && first)
        text_format(out, "%s: set %zu images\n", first->target->label, made);
    else
        text_format(out, "Set %zu images of %zu targets\n", made, targets);
}

static void write_images(const struct changes *changes, struct text *out)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct image_change *change = &changes->items[i];
        if (change->state == CHANGE_MADE)
            text_format(out, "Rootapp-Image: %s %s\n", change->target->path,
                        image_text(changes->arena, change->wish->name, change->edit.tag, change->edit.digest));
    }
}

bool message_write(struct user_git *git, const struct changes *changes, const struct message_options *options,
                   const struct source_commit *source, struct text *out, struct error *error)
{
    if (options->subject)
        text_format(out, "%s\n", options->subject);
    else
        write_subject(changes, out);
    text_byte(out, '\n');
    write_images(changes, out);
    if (options->sequence.pipeline)
        text_format(out, "Rootapp-Sequence: %s %llu\n", options->sequence.pipeline, options->sequence.number);
    if (source->lines)
        text_format(out, "%s\n", source->lines);
    const char *identity = options->signoff ? user_git_line(git, GIT_WORDS("var", "GIT_COMMITTER_IDENT")) : NULL;
    if (options->signoff && !identity)
        return error_set(error, "--signoff: git does not know who you are: set user.name and user.email");
    const char *end = identity ? strrchr(identity, '>') : NULL;
    if (end)
        text_format(out, "Signed-off-by: %.*s\n", (int)(end + 1 - identity), identity);
    return true;
}
