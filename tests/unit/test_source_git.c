/* test_source_git.c: trees of git that no directory can be like, and objects that cannot be read. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/git.h"

static struct arena *arena;
static struct error error;
static char top[64]; /* holds a bare repository, sha1 */

/* Runs a shell's commands in `top`, with git's directory there; gives the first line that they print. */
static const char *line_of(const char *commands)
{
    char line[256] = "";
    FILE *output = popen(
        arena_format(arena, "cd '%s' && export GIT_DIR='%s/sha1' && { %s\n} 2>messages", top, top, commands), "r");
    cr_assert(output && fgets(line, sizeof line, output), "%s", commands);
    pclose(output);
    line[strcspn(line, "\n")] = '\0';
    return arena_string(arena, line);
}

static void setup(void)
{
    arena = arena_new();
    error = (struct error){0};
    strcpy(top, "/tmp/test-source-XXXXXX");
    cr_assert(mkdtemp(top));
    line_of("git init -q --bare && echo made");
}

static void teardown(void)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", top);
    cr_assert_eq(system(command), 0);
    error_free(&error);
    arena_free(arena);
}

TestSuite(source_git, .init = setup, .fini = teardown);

static struct git_objects *open_objects(bool batch)
{
    const char *directory = arena_format(arena, "%s/sha1", top);
    return git_objects_open(&(struct git_place){
        .directory = directory, .objects = arena_format(arena, "%s/objects", directory), .batch = batch});
}

static void expect_problem(const struct source *source, const char *path, const char *reason)
{
    struct file_bytes got = {0};
    error_free(&error);
    cr_assert_not(source_read(source, arena, path, &got, &error), "%s was read", path);
    cr_assert_not_null(strstr(error.message, reason), "%s: '%s', expected '%s'", path, error.message, reason);
}

static void check_odd_tree(bool batch, const char *tree)
{
    struct git_objects *objects = open_objects(batch);
    struct source *source = source_git(objects, tree, "/root");
    struct file_bytes got;
    struct name_list names;
    expect_problem(source, "module/a.yaml", "module/a.yaml: lies in a submodule");
    expect_problem(source, "module", "module: lies in a submodule");
    expect_problem(source, "into", "into: lies in a submodule");
    expect_problem(source, "large", "large: is larger than 64 MiB");
    expect_problem(source, "long", "long: the name is too long");
    expect_problem(source, "elsewhere", "elsewhere: leads out of the repository");
    error_free(&error);
    cr_assert(source_read(source, arena, "small", &got, &error), "%s", error.message);
    cr_assert_str_eq(got.bytes, "small\n");
    cr_assert_eq(source_kind(source, "module"), FILE_REFUSED);
    cr_assert_eq(source_kind(source, "..name"), FILE_REGULAR);
    cr_assert_null(source_system_path(source, arena, "small"));
    cr_assert(source_list(source, arena, ".", &names, &error));
    cr_assert_eq(names.count, 7);
    source_free(source);
    git_objects_free(objects);
}

/* A submodule is a commit of another repository; .git, which git itself does not write, is not there; sizes are looked
 * at before content is read. */
Test(source_git, odd_trees)
{
    const char *tree = line_of(
        "small=$(echo small | git hash-object -w --stdin) out=$(printf /etc | git hash-object -w --stdin)\n"
        "into=$(printf module/a.yaml | git hash-object -w --stdin)\n"
        "large=$(head -c 67108865 /dev/zero | git hash-object -w --stdin)\n"
        "printf '%s\\t%s\\n' \"100644 blob $small\" small \"100644 blob $small\" ..name \"120000 blob $out\" elsewhere"
        " \"120000 blob $into\" into \"100644 blob $large\" large \"120000 blob $large\" long"
        " \"160000 commit $(echo $small | tr 1-9 a)\" module \"100644 blob $small\" .GIT | git mktree --missing");
    check_odd_tree(false, tree);
    check_odd_tree(true, tree);
}

static void expect_damage(bool batch, const char *tree, const char *object, const char *path)
{
    struct git_objects *damaged = open_objects(batch);
    struct source *source = source_git(damaged, tree, NULL);
    expect_problem(source, path, arena_format(arena, "%s: object %s cannot be read: ", path, object));
    source_free(source);
    git_objects_free(damaged);
}

/* Missing and damaged objects are named, and nothing is taken for absent on their account. */
Test(source_git, damaged_objects)
{
    const char *absent = "1234567890123456789012345678901234567890";
    const char *blob = line_of("echo content | git hash-object -w --stdin");
    const char *tree = line_of(arena_format(arena, "printf '100644 blob %s\\ta\\n' | git mktree", blob));
    line_of(arena_format(arena, "f=$GIT_DIR/objects/$(echo %s | sed s,^..,\\&/,); chmod u+w $f; echo x >$f; echo done",
                         blob));
    for (int batch = 0; batch < 2; batch++) {
        expect_damage(batch, absent, absent, "a");
        expect_damage(batch, tree, blob, "a");
    }
    struct git_objects *objects = open_objects(false);
    struct source *source = source_git(objects, absent, NULL);
    cr_assert_eq(source_kind(source, "a"), FILE_OTHER);
    source_free(source);
    source = source_git(objects, blob, NULL);
    expect_problem(source, "a", blob);
    source_free(source);
    git_objects_free(objects);
}

static void expect_tree(bool batch, const char *id, const char *tree)
{
    struct git_objects *objects = open_objects(batch);
    const char *found = git_objects_tree(objects, arena, id, &error);
    cr_assert_not_null(found, "%s: %s", id, error.message);
    cr_assert_str_eq(found, tree);
    git_objects_free(objects);
}

static void expect_no_tree(bool batch, const char *id, const char *reason)
{
    struct git_objects *objects = open_objects(batch);
    error_free(&error);
    cr_assert_null(git_objects_tree(objects, arena, id, &error), "%s", id);
    cr_assert_not_null(strstr(error.message, reason), "'%s', expected '%s'", error.message, reason);
    git_objects_free(objects);
}

/* Only a full id names a commit: what would be a branch, a short id or another object is none. */
Test(source_git, trees_of_commits)
{
    const char *tree = line_of("printf '100644 blob %s\\ta\\n' $(echo a | git hash-object -w --stdin) | git mktree");
    const char *who = "git -c user.name=x -c user.email=x@example.com";
    const char *commit = line_of(arena_format(arena, "%s commit-tree -m x %s", who, tree));
    const char *tag = line_of(arena_format(arena, "%s tag -a -m x once %s && git rev-parse once", who, commit));
    const char *twice = line_of(arena_format(arena, "%s tag -a -m x twice once && git rev-parse twice", who));
    const char *of_tree = line_of(arena_format(arena, "%s tag -a -m x tree %s && git rev-parse tree", who, tree));
    line_of(arena_format(arena, "git update-ref refs/heads/main %s && echo done", commit));
    for (int batch = 0; batch < 2; batch++) {
        expect_tree(batch, commit, tree);
        expect_tree(batch, tag, tree);
        expect_tree(batch, twice, tree);
        expect_no_tree(batch, tree, "is no commit that can be read");
        expect_no_tree(batch, of_tree, "is no commit that can be read");
        expect_no_tree(batch, "main", "object main is no commit that can be read");
        expect_no_tree(batch, arena_copy(arena, commit, 12), "is no commit that can be read");
        expect_no_tree(batch, "1234567890123456789012345678901234567890", "cannot be read: ");
    }
}

/* What was missing is found once somebody else has written it, as a mirror does. */
Test(source_git, trees_of_commits_that_come_later)
{
    const char *tree = line_of("git mktree </dev/null");
    const char *commit =
        line_of(arena_format(arena,
                             "printf 'tree %s\\nauthor x <x@y> 1 +0000\\ncommitter x <x@y> 1 +0000\\n\\nx\\n' >body; "
                             "git hash-object -t commit --stdin <body",
                             tree));
    for (int batch = 0; batch < 2; batch++) {
        line_of("rm -rf $GIT_DIR/objects/* && git mktree </dev/null");
        struct git_objects *objects = open_objects(batch);
        error_free(&error);
        cr_assert_null(git_objects_tree(objects, arena, commit, &error));
        line_of("git hash-object -w -t commit --stdin <body");
        error_free(&error);
        cr_assert_not_null(git_objects_tree(objects, arena, commit, &error), "%s", error.message);
        git_objects_free(objects);
    }
}
