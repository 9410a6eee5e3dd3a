/* test_source_contract.c: what every kind of source answers: one table of questions, put to all of them.
 *
 * What only some kinds can have (links, devices, damaged objects) is in test_source.c and test_source_git.c. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "source/backend.h"
#include "source/git.h"

static struct arena *arena;
static struct git_objects *objects;
static struct error error;
static char top[64]; /* holds root/, part/at/ with the same files, and empty/ */

/* The files of all sources. */
static const struct {
    const char *path, *bytes;
    size_t size;
    bool program;
} files[] = {
    {"a.yaml", "kind: A\n", 8, false},
    {"empty", "", 0, false},
    {"folder/b.yaml", "kind: B\n", 8, false},
    {"folder/deep/c.yaml", "c", 1, false},
    {"folder.d/x", "x", 1, false},
    {"program", "#!/bin/sh\n", 10, true},
    {"nul", "a\0b", 3, false},
    {"crlf", "a\r\nb\r\n", 6, false},
    {"odd/new\nline", "1", 1, false},
    {"odd/two words", "2", 1, false},
    {"odd/\xC3\xA9", "3", 1, false},
    {"odd/\xFF", "4", 1, false},
    {"odd/-f", "5", 1, false},
    {"odd/*", "6", 1, false},
    {"odd/..a", "7", 1, false},
    {"odd/.gitignore", "8", 1, false},
    {"odd/gi", "9", 1, false},
};

/* A question, and the answer of every source that is asked. */
enum question { KIND, READ, LIST, RESOLVE, SMALL };

static const char *const kinds[] = {"absent", "regular", "directory", "other", "refused"};

static const struct row {
    enum question question;
    const char *path, *answer; /* of a failing call its message */
} table[] = {
    {KIND, ".", "directory"},
    {KIND, "a.yaml", "regular"},
    {KIND, "folder", "directory"},
    {KIND, "folder/../a.yaml", "refused"},
    {KIND, "folder/deep/c.yaml", "regular"},
    {KIND, "program", "regular"},
    {KIND, "empty", "regular"},
    {KIND, "absent", "absent"},
    {KIND, "absent/below", "absent"},
    {KIND, "a.yaml/below", "absent"},
    {KIND, "A.YAML", "absent"},
    {KIND, "fold", "absent"},
    {KIND, "odd/\xFF", "regular"},
    {KIND, "odd/new\nline", "regular"},
    {KIND, "..", "refused"},
    {KIND, "../root/a.yaml", "refused"},
    {KIND, "folder/../../x", "refused"},
    {KIND, "/etc/passwd", "refused"},
    {KIND, ".git", "refused"},
    {KIND, "folder/.GIT/config", "refused"},
    {READ, "a.yaml", "kind: A\n"},
    {READ, "folder/deep/../b.yaml", "folder/deep/../b.yaml: leads out of the repository"},
    {READ, "empty", ""},
    {READ, "nul", "a"},
    {READ, "crlf", "a\r\nb\r\n"},
    {READ, "odd/new\nline", "1"},
    {READ, "odd/two words", "2"},
    {READ, "odd/\xC3\xA9", "3"},
    {READ, "odd/\xFF", "4"},
    {READ, "odd/-f", "5"},
    {READ, "odd/*", "6"},
    {READ, "odd/..a", "7"},
    {READ, "absent", "absent: no such file or directory"},
    {READ, "folder/absent", "folder/absent: no such file or directory"},
    {READ, "a.yaml/below", "a.yaml/below: no such file or directory"},
    {READ, "folder", "folder: is a directory"},
    {READ, ".", ".: is a directory"},
    {READ, "../a.yaml", "../a.yaml: leads out of the repository"},
    {READ, "/a.yaml", "/a.yaml: leads out of the repository"},
    {READ, ".git/config", ".git/config: lies in .git, which is never read"},
    {LIST, ".", "a.yaml|crlf|empty|folder|folder.d|nul|odd|program|"},
    {LIST, "folder", "b.yaml|deep|"},
    {LIST, "folder/deep", "c.yaml|"},
    {LIST, "odd", "*|-f|..a|.gitignore|gi|new\nline|two words|\xC3\xA9|\xFF|"},
    {LIST, "absent", "absent: no such file or directory"},
    {LIST, "a.yaml", "a.yaml: no such file or directory"},
    {LIST, "..", "..: leads out of the repository"},
    {LIST, ".git", ".git: lies in .git, which is never read"},
    {RESOLVE, "a.yaml", "a.yaml"},
    {RESOLVE, "folder/b.yaml", "folder/b.yaml"},
    {RESOLVE, ".", "."},
    {RESOLVE, "absent", "absent: no such file or directory"},
    {RESOLVE, "../x", "../x: leads out of the repository"},
    {SMALL, "a.yaml", "kind: A\n"},
    {SMALL, "folder/deep/c.yaml", "c"},
    {SMALL, "program", "program: is larger than 0 KiB"},
    {SMALL, "folder", "folder: is a directory"},
    {SMALL, "absent", "absent: no such file or directory"},
};

/* The same of symbolic links. */
static const struct link {
    const char *path, *target;
} links[] = {
    {"links/file", "../a.yaml"},      {"links/folder", "../folder"},
    {"links/twice", "folder/deep"},   {"links/up", ".."},
    {"links/dangling", "nowhere"},    {"links/out", "../../part/at/a.yaml"},
    {"links/absolute", "/etc/hosts"}, {"links/git", "../.git"},
    {"links/loop", "pool"},           {"links/pool", "loop"},
};

static const struct row linked[] = {
    {KIND, "links/file", "regular"},
    {KIND, "links/folder", "directory"},
    {KIND, "links/dangling", "absent"},
    {KIND, "links/out", "refused"},
    {KIND, "links/absolute", "refused"},
    {KIND, "links/loop", "refused"},
    {KIND, "links/file/below", "absent"},
    {READ, "links/file", "kind: A\n"},
    {READ, "links/folder/b.yaml", "kind: B\n"},
    {READ, "links/twice/c.yaml", "c"},
    {READ, "links/up/links/up/a.yaml", "kind: A\n"},
    {READ, "links/folder", "links/folder: is a directory"},
    {READ, "links/dangling", "links/dangling: no such file or directory"},
    {READ, "links/out", "links/out: leads out of the repository"},
    {READ, "links/absolute", "links/absolute: leads out of the repository"},
    {READ, "links/git/config", "links/git/config: lies in .git, which is never read"},
    {READ, "links/loop", "links/loop: too many symbolic links"},
    {LIST, "links", "absolute|dangling|file|folder|git|loop|out|pool|twice|up|"},
    {LIST, "links/folder", "b.yaml|deep|"},
    {LIST, "links/out", "links/out: leads out of the repository"},
    {RESOLVE, "links/file", "a.yaml"},
    {RESOLVE, "links/twice/c.yaml", "folder/deep/c.yaml"},
    {RESOLVE, "links/up", "."},
    {RESOLVE, "links/dangling", "links/dangling: no such file or directory"},
    {RESOLVE, "links/loop", "links/loop: too many symbolic links"},
    {SMALL, "links/file", "kind: A\n"},
};

enum { SMALL_SIZE = 9 };

static const char *at(const char *name)
{
    return arena_format(arena, "%s/%s", top, name);
}

static void make_parents(const char *path)
{
    char *copy = arena_copy(arena, path, strlen(path));
    for (char *slash = strchr(copy + strlen(top) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(copy, 0755);
        *slash = '/';
    }
}

static void put_files(const char *directory)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *path = at(arena_format(arena, "%s/%s", directory, files[i].path));
        make_parents(path);
        FILE *file = fopen(path, "w");
        cr_assert(file && fwrite(files[i].bytes, 1, files[i].size, file) == files[i].size && fclose(file) == 0);
        cr_assert_eq(chmod(path, files[i].program ? 0755 : 0644), 0);
    }
}

static void setup(void)
{
    arena = arena_new();
    error = (struct error){0};
    objects = NULL;
    strcpy(top, "/tmp/test-source-XXXXXX");
    cr_assert(mkdtemp(top));
    cr_assert_eq(mkdir(at("empty"), 0755), 0);
    put_files("root");
    put_files("part/at");
}

static void teardown(void)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", top);
    cr_assert_eq(system(command), 0);
    git_objects_free(objects);
    error_free(&error);
    arena_free(arena);
}

TestSuite(source_contract, .init = setup, .fini = teardown);

/* All kinds. */

static struct source *directory_at(const char *name)
{
    struct source *source = source_directory(at(name), &error);
    cr_assert(source, "%s", error.message);
    return source;
}

static struct source *open_directory(void)
{
    return directory_at("root");
}

static struct source *open_walking(void)
{
    struct source *source = directory_at("root");
    source_directory_walk(source);
    return source;
}

static struct source *open_snapshot(void)
{
    return source_snapshot(directory_at("root"), false);
}

static struct source *open_memory(void)
{
    struct source *source = source_memory();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        source_memory_add(source, files[i].path, files[i].bytes, files[i].size);
    return source;
}

/* All files in memory, over other bytes of them on the disk; and one of them alone. */
static struct source *open_layered(void)
{
    return source_layered(directory_at("empty"), open_memory());
}

static struct source *open_layered_file(void)
{
    struct source *over = source_memory();
    source_memory_add(over, "folder/deep/c.yaml", "c", 1);
    cr_assert_eq(unlink(at("root/folder/deep/c.yaml")), 0);
    return source_layered(directory_at("root"), over);
}

/* What stands in a file below counts no more, by whatever way it is reached. */
static struct source *open_layered_over(void)
{
    struct source *over = source_memory();
    source_memory_add(over, "folder/b.yaml", "kind: B\n", 8);
    FILE *file = fopen(at("root/folder/b.yaml"), "w");
    cr_assert(file && fputs("other", file) >= 0 && fclose(file) == 0);
    return source_layered(directory_at("root"), over);
}

static struct source *open_git(bool batch, bool sha256)
{
    const char *store = at("store"), *kind = sha256 ? "sha256" : "sha1";
    char line[128] = "";
    FILE *output =
        popen(arena_format(arena,
                           "export GIT_DIR='%s'; git init -q --bare --object-format=%s \"$GIT_DIR\" && "
                           "git --work-tree='%s' -c core.autocrlf=false add --all --force >&2 && git write-tree",
                           store, kind, at("root")),
              "r");
    cr_assert(output && fgets(line, sizeof line, output));
    pclose(output);
    line[strcspn(line, "\n")] = '\0';
    objects = git_objects_open(&(struct git_place){
        .directory = store, .objects = arena_format(arena, "%s/objects", store), .sha256 = sha256, .batch = batch});
    return source_git(objects, arena_string(arena, line), at("root"));
}

static struct source *open_library(void)
{
    return open_git(false, false);
}

static struct source *open_batch(void)
{
    return open_git(true, false);
}

static struct source *open_sha256(void)
{
    return open_git(false, true);
}

static struct source *open_git_snapshot(void)
{
    return source_snapshot(open_git(false, false), false);
}

static struct source *open_checkout(void)
{
    return source_checkout(open_git(false, false), directory_at("root"));
}

static const struct {
    const char *name;
    struct source *(*open)(void);
    bool links; /* it can have symbolic links */
} kinds_of_source[] = {
    {"directory", open_directory, true},
    {"directory without openat2", open_walking, true},
    {"snapshot", open_snapshot, true},
    {"memory", open_memory, false},
    {"layered", open_layered, false},
    {"layered with a new file", open_layered_file, true},
    {"layered with a changed file", open_layered_over, true},
    {"git", open_library, true},
    {"git cat-file", open_batch, true},
    {"git of sha256", open_sha256, true},
    {"snapshot of git", open_git_snapshot, true},
    {"checkout of git", open_checkout, true},
};

/* Asking. */

static const char *message_of(void)
{
    const char *copy = arena_string(arena, error.message ? error.message : "no message");
    error_free(&error);
    return copy;
}

static const char *list_of(const struct source *source, const char *path)
{
    struct name_list names = {0};
    const char *answer = "";
    if (!source_list(source, arena, path, &names, &error))
        return message_of();
    for (size_t i = 0; i < names.count; i++)
        answer = arena_format(arena, "%s%s|", answer, names.names[i]);
    return answer;
}

static const char *content_of(const struct source *source, const char *path, bool small)
{
    struct file_bytes got = {0};
    bool good = small ? source_read_small(source, arena, path, SMALL_SIZE, &got, &error)
                      : source_read(source, arena, path, &got, &error);
    if (!good)
        return message_of();
    cr_expect_eq(got.bytes[got.size], '\0', "%s: no NUL behind it", path);
    return got.bytes;
}

static const char *resolved(const struct source *source, const char *path)
{
    const char *real = source_resolve(source, arena, path, &error);
    return real ? real : message_of();
}

static const char *ask(const struct source *source, enum question question, const char *path)
{
    switch (question) {
    case KIND:
        return kinds[source_kind(source, path)];
    case READ:
        return content_of(source, path, false);
    case SMALL:
        return content_of(source, path, true);
    case LIST:
        return list_of(source, path);
    case RESOLVE:
        return resolved(source, path);
    }
    return "";
}

static const char *const questions[] = {"kind", "read", "list", "resolve", "read_small"};

static void check_sizes(const char *name, const struct source *source)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct file_bytes got = {0};
        cr_expect(source_read(source, arena, files[i].path, &got, &error), "%s: %s", name, files[i].path);
        cr_expect(got.size == files[i].size && memcmp(got.bytes, files[i].bytes, got.size) == 0, "%s: %s", name,
                  files[i].path);
        cr_expect_null(got.real, "%s: %s is no link", name, files[i].path);
    }
}

/* Reads count each time, and beyond the limit nothing is read. */
static void check_limits(const char *name, struct source *source)
{
    source_limit(source, 3, 1000);
    cr_expect_str_eq(content_of(source, "a.yaml", false), "kind: A\n", "%s", name);
    cr_expect_str_eq(content_of(source, "a.yaml", true), "kind: A\n", "%s", name);
    cr_expect_str_eq(content_of(source, "a.yaml", false), "kind: A\n", "%s", name);
    content_of(source, "absent", false);
    const char *said = content_of(source, "empty", false);
    cr_expect(strstr(said, "empty: is one file too many: at most 3 are read"), "%s: %s", name, said);
}

static void check_rows(const char *name, const struct source *source, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *answer = ask(source, rows[i].question, rows[i].path);
        cr_expect_str_eq(answer, rows[i].answer, "%s: %s(%s) is '%s', expected '%s'", name, questions[rows[i].question],
                         rows[i].path, answer, rows[i].answer);
    }
}

static void check_contract(const char *name, struct source *(*open)(void))
{
    struct source *source = open();
    check_rows(name, source, table, sizeof table / sizeof *table);
    check_sizes(name, source);
    check_limits(name, source);
    source_free(source);
}

Test(source_contract, every_kind_gives_the_same_answers)
{
    for (size_t i = 0; i < sizeof kinds_of_source / sizeof *kinds_of_source; i++) {
        teardown();
        setup();
        check_contract(kinds_of_source[i].name, kinds_of_source[i].open);
    }
}

Test(source_contract, links_lead_to_the_same_places)
{
    for (size_t i = 0; i < sizeof kinds_of_source / sizeof *kinds_of_source; i++) {
        if (!kinds_of_source[i].links)
            continue;
        teardown();
        setup();
        cr_assert_eq(mkdir(at("root/links"), 0755), 0);
        for (size_t j = 0; j < sizeof links / sizeof *links; j++)
            cr_assert_eq(symlink(links[j].target, at(arena_format(arena, "root/%s", links[j].path))), 0);
        struct source *source = kinds_of_source[i].open();
        check_rows(kinds_of_source[i].name, source, linked, sizeof linked / sizeof *linked);
        source_free(source);
    }
}

/* A part has its files at a place of the tree, and nothing of what lies beside it. */
Test(source_contract, a_part_gives_them_at_its_place)
{
    struct source *source = source_part(directory_at("part/at"), "apps/shop");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (path_is_absolute(table[i].path) || strstr(table[i].path, ".."))
            continue;
        const char *path = arena_format(arena, "apps/shop/%s", table[i].path), *wanted = table[i].answer;
        const char *answer = ask(source, table[i].question, path);
        if (table[i].question != KIND && strncmp(wanted, table[i].path, strlen(table[i].path)) == 0)
            wanted = path_clean(arena, arena_format(arena, "apps/shop/%s", wanted));
        cr_expect_str_eq(answer, wanted, "%s(%s) is '%s', expected '%s'", questions[table[i].question], path, answer,
                         wanted);
    }
    source_free(source);
}

/* No source at all has no files. */
Test(source_contract, none)
{
    cr_expect_eq(source_kind(NULL, "a.yaml"), FILE_ABSENT);
    cr_expect_str_eq(content_of(NULL, "a.yaml", false), "a.yaml: no such file or directory");
    cr_expect_str_eq(list_of(NULL, "."), ".: no such file or directory");
    source_free(NULL);
}
