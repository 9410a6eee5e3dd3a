/* test_output_directory.c: directories of results are replaced whole, and nobody else's files are touched. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/run/output_directory.h"

static struct arena *arena;
static struct error error;
static char top[64];

static const char *at(const char *name)
{
    return arena_format(arena, "%s/%s", top, name);
}

static void setup(void)
{
    arena = arena_new();
    strcpy(top, "/tmp/test-output-XXXXXX");
    cr_assert(mkdtemp(top));
}

static void teardown(void)
{
    cr_assert_eq(system(arena_format(arena, "rm -rf '%s'", top)), 0);
    error_free(&error);
    arena_free(arena);
}

TestSuite(output_directory, .init = setup, .fini = teardown);

static void put(const char *name, const char *content)
{
    FILE *file = fopen(at(name), "w");
    cr_assert(file, "%s", name);
    fputs(content, file);
    fclose(file);
}

/* Writes files whose content is their name. */
static bool write_names(const char *directory, const char *const *names)
{
    size_t count = 0;
    struct output_directory *output = output_directory_new(directory);
    error_free(&error);
    bool good = output_directory_check(output, &error);
    for (; good && names[count]; count++) {
        struct text text = {0};
        text_string(&text, names[count]);
        output_directory_add(output, names[count], &text);
        text_free(&text);
    }
    good = good && output_directory_finish(output, names, count, 2, &error);
    output_directory_free(output);
    return good;
}

Test(output_directory, nothing_is_left_of_what_does_not_finish)
{
    struct text text = {0};
    struct output_directory *output = output_directory_new(at("a/b/out"));
    cr_assert(output_directory_check(output, &error));
    text_string(&text, "a");
    output_directory_add(output, "apps/shop/dev.yaml", &text);
    text_free(&text);
    output_directory_free(output);
    cr_assert_eq(rmdir(top), 0, "something was left");
    cr_assert_eq(mkdir(top, 0700), 0);
}

/* All files below a directory, as find(1) lists them, without the marker. */
static void expect_files(const char *directory, const char *expected)
{
    const char *command =
        arena_format(arena, "cd '%s' && find . ! -name .rootapp-render | sort | tr '\\n' ' '", at(directory));
    FILE *pipe = popen(command, "r");
    char got[512] = "";
    size_t size = fread(got, 1, sizeof got - 1, pipe);
    got[size] = '\0';
    pclose(pipe);
    cr_assert_str_eq(got, expected);
}

static const char *const first[] = {"root.yaml", "apps/shop/dev.yaml", "apps/shop/prod.yaml", NULL};
static const char *const second[] = {"root.yaml", "apps/pay/dev.yaml", NULL};

Test(output_directory, new_and_again)
{
    cr_assert(write_names(at("out"), first), "%s", error.message);
    expect_files("out", ". ./apps ./apps/shop ./apps/shop/dev.yaml ./apps/shop/prod.yaml ./root.yaml ");
    cr_assert(write_names(at("out"), second), "%s", error.message);
    expect_files("out", ". ./apps ./apps/pay ./apps/pay/dev.yaml ./root.yaml ");
    expect_files(".", ". ./out ./out/apps ./out/apps/pay ./out/apps/pay/dev.yaml ./out/root.yaml ");
}

Test(output_directory, empty_directory_and_link)
{
    mkdir(at("real"), 0755);
    cr_assert_eq(symlink("real", at("link")), 0);
    cr_assert(write_names(at("link"), second), "%s", error.message);
    expect_files("real", ". ./apps ./apps/pay ./apps/pay/dev.yaml ./root.yaml ");
}

static void expect_refusal(const char *message)
{
    cr_assert_not(write_names(at("out"), second));
    cr_assert_not_null(strstr(error.message, message), "%s", error.message);
}

Test(output_directory, foreign_files)
{
    mkdir(at("out"), 0755);
    put("out/mine", "");
    expect_refusal("holds 'mine', which rootapp did not write");
    cr_assert_eq(unlink(at("out/mine")), 0);
    cr_assert(write_names(at("out"), first));
    put("out/apps/shop/mine", "");
    expect_refusal("holds 'apps/shop/mine'");
    expect_files("out",
                 ". ./apps ./apps/shop ./apps/shop/dev.yaml ./apps/shop/mine ./apps/shop/prod.yaml ./root.yaml ");
}

Test(output_directory, forged_marker)
{
    mkdir(at("out"), 0755);
    mkdir(at("victim"), 0755);
    put("victim/file", "");
    cr_assert_eq(symlink("../victim", at("out/link")), 0);
    put("out/.rootapp-render", "# Written by rootapp render, which replaces this directory. Its files:\n"
                               "../victim/file\nlink/file\n/etc/hostname\nlink\n");
    expect_refusal("holds 'link'");
    cr_assert_eq(unlink(at("out/link")), 0);
    cr_assert(write_names(at("out"), second), "%s", error.message);
    expect_files("victim", ". ./file ");
    cr_assert_eq(access("/etc/hostname", F_OK), 0);
}

Test(output_directory, makes_the_directories_above)
{
    cr_assert(write_names(at("no/such/place"), second), "%s", error.message);
    cr_assert_eq(access(at("no/such/place/.rootapp-render"), F_OK), 0);
}

Test(output_directory, impossible_places)
{
    put("out", "");
    expect_refusal("Not a directory");
    static const char *const clash[] = {"a", "a/b", NULL};
    cr_assert_not(write_names(at("clash"), clash));
    expect_files(".", ". ./out ");
}
