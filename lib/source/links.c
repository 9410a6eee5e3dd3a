/* links.c: follows symbolic links one by one, from the root down. */
#include "source/links.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "source/backend.h"

enum { MOST_LINKS = 40 }; /* MAXSYMLINKS of Linux, include/linux/namei.h */

struct link_walk {
    const struct root *root;
    struct text *done; /* the way so far: no symbolic link in it; empty: the root */
    struct text rest;  /* what is still to be walked */
    size_t at;         /* position in rest */
    unsigned links;
};

/* The part of an absolute path below a directory, or NULL where it is not below. */
static const char *is_below(const char *path, const char *directory)
{
    size_t size = directory ? strlen(directory) : 0;
    if (!directory)
        return NULL;
    while (size && directory[size - 1] == '/')
        size--;
    if (strncmp(path, directory, size) != 0 || (path[size] != '/' && path[size] != '\0'))
        return NULL;
    return path + size;
}

static int step_up(struct link_walk *walk)
{
    if (!walk->done->size)
        return PROBLEM_OUTSIDE;
    const char *slash = strrchr(walk->done->bytes, '/');
    text_cut(walk->done, slash ? (size_t)(slash - walk->done->bytes) : 0);
    return 0;
}

/* Puts a link's target in place of the link: `parent` is the size of the way without it. */
static int follow_link(struct link_walk *walk, char *target, size_t parent)
{
    if (++walk->links > MOST_LINKS)
        return ELOOP;
    text_cut(walk->done, parent);
    const char *inside = target;
    if (*target == '/') {
        inside = is_below(target, walk->root->real);
        if (!inside)
            inside = is_below(target, walk->root->given);
        if (!inside)
            return PROBLEM_OUTSIDE;
        text_cut(walk->done, 0);
    }
    struct text rest = {0};
    text_format(&rest, "%s/%s", inside, text_content(&walk->rest) + walk->at);
    text_free(&walk->rest);
    walk->rest = rest;
    walk->at = 0;
    return 0;
}

static int step_down(struct link_walk *walk, const char *name, size_t size)
{
    if (source_is_git(name, size))
        return PROBLEM_GIT;
    size_t parent = walk->done->size;
    if (parent)
        text_byte(walk->done, '/');
    text_bytes(walk->done, name, size);
    char target[PATH_MAX];
    size_t length = 0;
    int problem = walk->root->read_link(walk->root, walk->done->bytes, target, &length);
    if (problem || !length)
        return problem;
    target[length] = '\0';
    return follow_link(walk, target, parent);
}

static int walk_on(struct link_walk *walk)
{
    int problem = 0;
    while (!problem && walk->at < walk->rest.size) {
        const char *name = walk->rest.bytes + walk->at;
        size_t size = strcspn(name, "/");
        walk->at += size + (name[size] == '/');
        if (size == 0 || (size == 1 && *name == '.'))
            continue;
        if (size == 2 && name[0] == '.' && name[1] == '.')
            problem = step_up(walk);
        else
            problem = step_down(walk, name, size);
    }
    return problem;
}

int links_follow(const struct root *root, const char *path, struct text *out)
{
    struct link_walk walk = {.root = root, .done = out};
    text_string(&walk.rest, path);
    int problem = walk_on(&walk);
    text_free(&walk.rest);
    if (!problem && !out->size)
        text_byte(out, '.');
    return problem;
}
