/* sequence.c: reads the order of a pipeline's runs, from the environment and from commits. */
#include "plugin/change/sequence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/process.h"

/* How CI systems name a pipeline and number its runs. A run that is started again keeps its number. */
static const struct ci {
    const char *name, *more, *number;
} systems[] = {
    {"GITHUB_REPOSITORY", "GITHUB_WORKFLOW", "GITHUB_RUN_NUMBER"},
    {"CI_PROJECT_PATH", NULL, "CI_PIPELINE_IID"},
    {"BUILDKITE_PIPELINE_SLUG", NULL, "BUILDKITE_BUILD_NUMBER"},
    {"BITBUCKET_REPO_FULL_NAME", NULL, "BITBUCKET_BUILD_NUMBER"},
    {"SYSTEM_DEFINITIONID", NULL, "BUILD_BUILDID"},
    {"DRONE_REPO", NULL, "DRONE_BUILD_NUMBER"},
    {"CIRCLE_PROJECT_REPONAME", NULL, "CIRCLE_BUILD_NUM"},
    {"JOB_NAME", NULL, "BUILD_NUMBER"},
};

static bool read_number(const char *text, unsigned long long *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && !errno;
}

/* Trailers are lines, and the number stands behind the last blank. */
static const char *pipeline_text(struct arena *arena, const char *name, const char *more)
{
    char *text = arena_format(arena, "%s%s%s", name, more ? " " : "", more ? more : "");
    for (char *at = text; *at; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
    return text;
}

static void read_environment(struct arena *arena, struct sequence *out)
{
    for (size_t i = 0; i < sizeof systems / sizeof *systems && !out->pipeline; i++) {
        const char *name = environment_value(systems[i].name), *number = environment_value(systems[i].number);
        if (name && number && read_number(number, &out->number))
            out->pipeline = pipeline_text(arena, name, environment_value(systems[i].more));
    }
}

bool sequence_read(struct arena *arena, const char *text, struct sequence *out, struct error *error)
{
    *out = (struct sequence){0};
    if (text && strcmp(text, "none") == 0)
        return true;
    read_environment(arena, out);
    if (!text)
        return true;
    if (!out->pipeline)
        out->pipeline = "by hand";
    return read_number(text, &out->number) ||
           error_set(error, "--sequence %s: neither a whole number nor 'none'", text);
}

/* Commits. */

/* Takes what stands before a separator. */
static char *take_part(char **rest, char separator)
{
    char *part = *rest, *end = strchr(part, separator);
    *rest = end ? end + 1 : part + strlen(part);
    if (end)
        *end = '\0';
    return part;
}

static void read_sequence(struct arena *arena, const char *text, struct sequence *out)
{
    const char *blank = strrchr(text, ' ');
    if (blank && read_number(blank + 1, &out->number))
        out->pipeline = arena_copy(arena, text, (size_t)(blank - text));
}

static void add_setting(struct set_images *out, const char *text, const struct image_setter *setter)
{
    const char *blank = strrchr(text, ' ');
    if (!blank)
        return;
    out->items = arena_grow(out->arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = (struct image_setting){
        .overlay = arena_copy(out->arena, text, (size_t)(blank - text)), .image = blank + 1, .setter = setter};
}

/* The fields of one commit, each ended by \1; trailers are lines "key: value". */
static void read_commit(struct set_images *out, char *record)
{
    struct image_setter *setter = ARENA_NEW(out->arena, struct image_setter);
    setter->commit = take_part(&record, '\1');
    setter->author = take_part(&record, '\1');
    setter->subject = take_part(&record, '\1');
    char *trailers = record;
    size_t before = out->count;
    while (*trailers) {
        char *line = take_part(&trailers, '\n'), *value = strstr(line, ": ");
        if (!value)
            continue;
        *value = '\0';
        value += 2;
        if (strcmp(line, "Rootapp-Image") == 0)
            add_setting(out, value, setter);
        else if (strcmp(line, "Rootapp-Sequence") == 0)
            read_sequence(out->arena, value, &setter->sequence);
        else if (strcmp(line, "Argocd-reference-commit-sha") == 0)
            setter->source = value;
    }
    if (out->count == before)
        out->stranger = setter->commit;
}

bool set_images_read(struct user_git *git, const char *tip, struct set_images *out, struct error *error)
{
    struct text text = {0};
    *out = (struct set_images){.arena = git->history->arena, .tip = tip};
    bool good = user_git_run(git,
                             GIT_WORDS("log", "-z", "-n", "2000", "--no-show-signature",
                                       "--format=%H%x01%an%x01%s%x01%(trailers:only=true,unfold=true)", tip, "--"),
                             NULL, &text, error);
    char *copy = good ? arena_copy(out->arena, text_content(&text), text.size) : NULL;
    for (size_t at = 0; good && at < text.size;) {
        size_t size = strlen(copy + at);
        read_commit(out, copy + at);
        at += size + 1;
    }
    text_free(&text);
    return good;
}

const struct image_setter *set_images_find(const struct set_images *set, const char *overlay, const char *image)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i].overlay, overlay) == 0 && strcmp(set->items[i].image, image) == 0)
            return set->items[i].setter;
    return NULL;
}
