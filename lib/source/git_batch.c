/* git_batch.c: reads git's objects through one long-lived `git cat-file --batch`. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"
#include "source/git_reader.h"

enum { ANSWER_ROOM = 64 * 1024 };

struct batch_reader {
    struct git_reader reader;
    struct process_talk talk;
    pthread_mutex_t mutex; /* one question at a time */
    char answer[ANSWER_ROOM];
    size_t at, end; /* of what was read and not yet taken */
    bool ended;     /* nothing is to be expected any more */
};

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        ssize_t written = write(fd, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

/* More of the answer; false at its end. */
static bool fill_buffer(struct batch_reader *batch)
{
    ssize_t got;
    do
        got = read(batch->talk.out, batch->answer, sizeof batch->answer);
    while (got < 0 && errno == EINTR);
    batch->at = 0;
    batch->end = got > 0 ? (size_t)got : 0;
    batch->ended = got <= 0;
    return !batch->ended;
}

/* Takes so many bytes; `out` may be NULL. */
static bool take_bytes(struct batch_reader *batch, char *out, size_t size)
{
    while (size) {
        if (batch->at == batch->end && !fill_buffer(batch))
            return false;
        size_t here = batch->end - batch->at < size ? batch->end - batch->at : size;
        if (out) {
            memcpy(out, batch->answer + batch->at, here);
            out += here;
        }
        batch->at += here;
        size -= here;
    }
    return true;
}

static bool take_line(struct batch_reader *batch, char *line, size_t room)
{
    for (size_t size = 0; size + 1 < room; size++) {
        if (!take_bytes(batch, line + size, 1))
            return false;
        if (line[size] == '\n') {
            line[size] = '\0';
            return true;
        }
    }
    batch->ended = true;
    return false;
}

static bool refuse_object(const struct batch_reader *batch, struct arena *arena, const char *id, struct error *error)
{
    char *said = process_messages(&batch->talk, arena);
    said[strcspn(said, "\n")] = '\0';
    return error_set(error, "object %s cannot be read: %s; " GIT_FSCK, id, *said ? said : "git does not have it");
}

static enum git_kind kind_of(const char *word)
{
    static const struct {
        const char *word;
        enum git_kind kind;
    } kinds[] = {{" tree ", GIT_TREE}, {" blob ", GIT_BLOB}, {" commit ", GIT_COMMIT}, {" tag ", GIT_TAG}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(word, kinds[i].word, strlen(kinds[i].word)) == 0)
            return kinds[i].kind;
    return GIT_OTHER;
}

/* "ID tree 123"; anything else ("ID missing") is no object. */
static bool read_header(const char *line, struct git_object *out)
{
    const char *kind = strchr(line, ' '), *size = kind ? strchr(kind + 1, ' ') : NULL;
    if (!size || !isdigit((unsigned char)size[1]))
        return false;
    out->kind = kind_of(kind);
    out->size = strtoull(size + 1, NULL, 10);
    return true;
}

/* What is too large has to be taken from the pipe all the same. */
static bool ask_object(struct batch_reader *batch, struct arena *arena, const char *id, size_t limit,
                       struct git_object *out)
{
    char line[256];
    size_t size = strlen(id);
    struct text question = {0};
    text_format(&question, "%s\n", id);
    bool asked = !batch->ended && write_all(batch->talk.in, question.bytes, size + 1);
    text_free(&question);
    if (!asked || !take_line(batch, line, sizeof line) || !read_header(line, out))
        return false;
    char *bytes = out->size > limit ? NULL : arena_alloc(arena, out->size + 1);
    if (!take_bytes(batch, bytes, out->size) || !take_bytes(batch, NULL, 1))
        return false;
    if (bytes)
        bytes[out->size] = '\0';
    out->bytes = bytes;
    return true;
}

static bool batch_read(struct git_reader *reader, struct arena *arena, const unsigned char *id, size_t limit,
                       struct git_object *out, struct error *error)
{
    struct batch_reader *batch = (struct batch_reader *)reader;
    char text[2 * GIT_LARGEST_ID + 1];
    git_id_text(id, reader->id_size, text);
    *out = (struct git_object){0};
    pthread_mutex_lock(&batch->mutex);
    bool good = ask_object(batch, arena, text, limit, out) || refuse_object(batch, arena, text, error);
    pthread_mutex_unlock(&batch->mutex);
    return good;
}

static void batch_release(struct git_reader *reader)
{
    struct batch_reader *batch = (struct batch_reader *)reader;
    process_stop(&batch->talk);
    pthread_mutex_destroy(&batch->mutex);
    free(batch);
}

struct git_reader *git_batch_open(const struct git_place *place, struct error *error)
{
    struct batch_reader *batch = memory_new(sizeof *batch);
    const char *const arguments[] = {"git", "--git-dir", place->directory, "cat-file", "--batch", NULL};
    struct process process = {.arguments = arguments, .environment = place->batch_environment};
    batch->reader =
        (struct git_reader){.id_size = place->sha256 ? 32 : 20, .read = batch_read, .release = batch_release};
    if (!process_start(&process, &batch->talk, error)) {
        free(batch);
        return NULL;
    }
    pthread_mutex_init(&batch->mutex, NULL);
    return &batch->reader;
}
