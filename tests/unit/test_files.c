/* test_files.c: directories are removed whole, however they look, and nothing else is. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ending.h"
#include "base/files.h"
#include "base/memory.h"

enum { DEEP = 3000, MANY = 1000 };

static char top[64];
static struct arena *arena;
static struct error error;

static void setup(void)
{
    arena = arena_new();
    strcpy(top, "/tmp/test-files-XXXXXX");
    cr_assert(mkdtemp(top));
}

static void teardown(void)
{
    directory_remove(top);
    cr_assert_neq(access(top, F_OK), 0);
    arena_free(arena);
}

TestSuite(files, .init = setup, .fini = teardown);

static const char *at(const char *name)
{
    return arena_format(arena, "%s/%s", top, name);
}

static void put(const char *path)
{
    FILE *file = fopen(path, "w");
    cr_assert(file, "%s", path);
    fclose(file);
}

static void expect_gone(const char *name)
{
    directory_remove(at(name));
    cr_assert_neq(access(at(name), F_OK), 0, "%s", name);
}

Test(files, remove_what_is_not_there)
{
    expect_gone("nothing");
    put(at("file"));
    directory_remove(at("file"));
    cr_assert_eq(access(at("file"), F_OK), 0, "a file is no directory");
}

Test(files, remove_deep)
{
    cr_assert_eq(mkdir(at("deep"), 0755), 0);
    int fd = open(at("deep"), O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < DEEP; i++) {
        cr_assert_eq(mkdirat(fd, "below", 0755), 0);
        close(openat(fd, "file", O_WRONLY | O_CREAT, 0644));
        int below = openat(fd, "below", O_RDONLY | O_DIRECTORY);
        close(fd);
        fd = below;
    }
    close(fd);
    expect_gone("deep");
}

Test(files, remove_many)
{
    cr_assert_eq(mkdir(at("many"), 0755), 0);
    for (int i = 0; i < MANY; i++) {
        cr_assert_eq(mkdir(at(arena_format(arena, "many/moved-%08d", i)), 0755), 0,
                     "the names that are used meanwhile");
        put(at(arena_format(arena, "many/moved-%08d/file", i)));
        cr_assert_eq(mkdir(at(arena_format(arena, "many/moved-%08d/below", i)), 0755), 0);
        put(at(arena_format(arena, "many/moved-%08d/below/file", i)));
    }
    expect_gone("many");
}

Test(files, remove_follows_no_link)
{
    mkdir(at("kept"), 0755);
    put(at("kept/file"));
    mkdir(at("links"), 0755);
    mkdir(at("links/below"), 0555);
    cr_assert_eq(symlink("../kept", at("links/link")), 0);
    cr_assert_eq(symlink(at("kept"), at("links/other")), 0);
    expect_gone("links");
    cr_assert_eq(access(at("kept/file"), F_OK), 0);
    cr_assert_eq(symlink("kept", at("link")), 0);
    directory_remove(at("link"));
    cr_assert_eq(access(at("kept/file"), F_OK), 0);
}

static void expect_clean_end(void (*act)(void), int status)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        ending_catch_signals();
        const char *directory = temporary_directory(arena, top, &error);
        put(arena_format(arena, "%s/file", directory));
        act();
        _exit(77);
    }
    int got = 0;
    waitpid(child, &got, 0);
    cr_assert_eq(WIFEXITED(got) ? WEXITSTATUS(got) : 128 + WTERMSIG(got), status);
    cr_assert_eq(rmdir(top), 0, "something was left");
    cr_assert_eq(mkdir(top, 0700), 0);
}

static void run_out_of_memory(void)
{
    memory_new(SIZE_MAX / 2);
}

static void be_terminated(void)
{
    raise(SIGTERM);
}

Test(files, temporary_directories_go_with_the_process)
{
    expect_clean_end(run_out_of_memory, 1);
    expect_clean_end(be_terminated, 128 + SIGTERM);
}

/* A child that makes a directory and is killed without having a chance to remove it. */
static const char *abandoned(void)
{
    int ends[2];
    char path[128] = "";
    cr_assert_eq(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        const char *directory = temporary_directory(arena, top, &error);
        put(arena_format(arena, "%s/file", directory));
        ssize_t written = write(ends[1], directory, strlen(directory));
        raise(SIGKILL);
        _exit((int)written);
    }
    waitpid(child, NULL, 0);
    cr_assert_gt(read(ends[0], path, sizeof path - 1), 0);
    close(ends[0]);
    close(ends[1]);
    cr_assert_eq(access(path, F_OK), 0, "it is there after SIGKILL");
    return arena_format(arena, "%s", path);
}

Test(files, what_the_killed_leave_goes)
{
    const char *lives = temporary_directory(arena, top, &error), *left = abandoned();
    mkdir(at("rootapp-tmp-others"), 0700);
    mkdir(at("out.backup"), 0700);
    const char *next = temporary_directory(arena, top, &error);
    cr_assert_eq(access(left, F_OK), -1, "of a maker that was killed");
    cr_assert_eq(access(lives, F_OK), 0, "its maker lives");
    cr_assert_eq(access(next, F_OK), 0);
    cr_assert_eq(access(at("out.backup"), F_OK), 0, "of another name");
    cr_assert_eq(access(at("rootapp-tmp-others"), F_OK), -1, "nobody holds it");
}

Test(files, what_is_kept_stays)
{
    const char *directory = temporary_directory(arena, top, &error);
    cr_assert(temporary_directory_keep(directory, at("kept")));
    cr_assert_not(temporary_directory_keep(directory, at("kept")));
    cr_assert_eq(access(at("kept"), F_OK), 0);
}
