/* compare.c: renders every kustomization of a directory from its files and from a tree of git, and compares.
 *
 *     build/tests/git/compare DIRECTORY REPOSITORY REVISION [batch]
 *
 * Names each that differs in output, warnings or error; prints how many were compared and how many differ. */
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "plugin/run/history.h"
#include "plugin/run/session.h"

struct side {
    struct repository repository;
    struct session session;
};

struct comparison {
    struct arena *arena;
    struct side files, tree;
    size_t compared, different;
};

static void open_side(struct side *side)
{
    session_open(&side->session, &(struct session_options){.repository = &side->repository, .share_bases = true});
}

static void close_side(struct side *side)
{
    session_close(&side->session);
    repository_close(&side->repository);
}

static void render(struct side *side, const char *directory, struct text *out)
{
    struct rendered rendered = {0};
    struct error error = {0};
    if (!session_build(&side->session, directory, &rendered, &error) ||
        !session_write(&side->session, &rendered, out, &error)) {
        error_resolve(&error, engine_origins(side->session.engine));
        error_write(&error, out);
    }
    text_bytes(out, text_content(&rendered.warnings), rendered.warnings.size);
    rendered_free(&rendered);
    error_free(&error);
}

static void compare(struct comparison *all, const char *directory)
{
    struct text files = {0}, tree = {0};
    render(&all->files, directory, &files);
    render(&all->tree, directory, &tree);
    all->compared++;
    if (files.size != tree.size || memcmp(text_content(&files), text_content(&tree), files.size) != 0) {
        all->different++;
        printf("%s differs: from files:\n%.300s\nfrom git:\n%.300s\n", directory, text_content(&files),
               text_content(&tree));
    }
    text_free(&files);
    text_free(&tree);
}

static void walk(struct comparison *all, const char *directory)
{
    const struct source *source = all->files.repository.source;
    struct error error = {0};
    struct name_list names;
    if (engine_kustomization_file(source, directory, &error) || error.message)
        compare(all, directory);
    error_free(&error);
    if (!source_list(source, all->arena, directory, &names, &error))
        names.count = 0;
    error_free(&error);
    for (size_t i = 0; i < names.count; i++) {
        const char *path = path_join(all->arena, directory, names.names[i]);
        char *real = source_resolve(source, all->arena, path, &error);
        if (real && strcmp(real, path) == 0 && source_kind(source, path) == FILE_DIRECTORY)
            walk(all, path);
        error_free(&error);
    }
}

static bool open_all(struct comparison *all, struct history *history, char **arguments, struct error *error)
{
    struct revision revision;
    if (!repository_find(all->arena, arguments[1], WITHOUT_GIT_HERE, &all->files.repository, error) ||
        !history_open(history, all->arena, arguments[2], error) ||
        !history_find(history, arguments[3], &revision, error))
        return false;
    history->place.batch = arguments[4];
    return history_open_tree(history, revision.tree, &all->tree.repository, error);
}

int main(int count, char **arguments)
{
    struct comparison all = {.arena = arena_new()};
    struct history history = {0};
    struct error error = {0};
    if (count < 4 || !open_all(&all, &history, arguments, &error)) {
        printf("%s\n", error.message ? error.message : "git_compare DIRECTORY REPOSITORY REVISION [batch]");
        return 1;
    }
    open_side(&all.files);
    open_side(&all.tree);
    walk(&all, ".");
    printf("%zu compared, %zu differ\n", all.compared, all.different);
    close_side(&all.files);
    close_side(&all.tree);
    history_close(&history);
    arena_free(all.arena);
    return all.different || !all.compared;
}
