/* test_source.c: files of directories and of memory, and what must not be reached through them. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "source/backend.h"
#include "source/git.h"

static struct arena *arena;
static struct git_objects *objects;
static struct error error;
static char top[64]; /* holds root/ and what lies outside of it */

static const char *at(const char *name)
{
    return arena_format(arena, "%s/%s", top, name);
}

static void put(const char *name, const char *content)
{
    FILE *file = fopen(at(name), "w");
    cr_assert(file, "%s", name);
    fputs(content, file);
    fclose(file);
}

static void make_directory(const char *name)
{
    cr_assert_eq(mkdir(at(name), 0755), 0, "%s", name);
}

static void make_link(const char *target, const char *name)
{
    cr_assert_eq(symlink(target, at(name)), 0, "%s", name);
}

static void setup(void)
{
    arena = arena_new();
    error = (struct error){0};
    strcpy(top, "/tmp/test-source-XXXXXX");
    cr_assert(mkdtemp(top));
    make_directory("root");
    make_directory("root/apps");
    make_directory("root/apps/shop");
    make_directory("root/.git");
    make_directory("root/apps/.git");
    make_directory("outside");
    put("root/apps/shop/a.yaml", "kind: A\n");
    put("root/empty", "");
    put("root/.git/config", "secret");
    put("root/apps/.git/config", "secret");
    put("outside/secret", "secret");
}

static void teardown(void)
{
    char command[256];
    snprintf(command, sizeof command, "chmod -R u+rwx '%s' && rm -rf '%s'", top, top);
    cr_assert_eq(system(command), 0);
    git_objects_free(objects);
    objects = NULL;
    error_free(&error);
    arena_free(arena);
}

TestSuite(source, .init = setup, .fini = teardown);

enum opening { PLAIN, WALKING, SNAPSHOT, GIT, GIT_BATCH, GIT_SNAPSHOT, GIT_SHA256, OPENINGS };

static bool is_git(enum opening how)
{
    return how >= GIT;
}

/* Gives what a command prints, a line. */
static const char *line_of(const char *command)
{
    char line[256] = "";
    FILE *output = popen(command, "r");
    cr_assert(output && fgets(line, sizeof line, output), "%s", command);
    pclose(output);
    line[strcspn(line, "\n")] = '\0';
    return arena_string(arena, line);
}

/* What is in root, as a tree of a repository beside it. */
static struct source *open_tree(enum opening how)
{
    const char *kind = how == GIT_SHA256 ? "sha256" : "sha1", *store = at(kind);
    const char *tree = line_of(arena_format(arena,
                                            "export GIT_DIR='%s'; git init -q --bare --object-format=%s \"$GIT_DIR\" &&"
                                            "git --work-tree='%s' add --all >&2 && git write-tree",
                                            store, kind, at("root")));
    git_objects_free(objects);
    objects = git_objects_open(&(struct git_place){.directory = store,
                                                   .objects = arena_format(arena, "%s/objects", store),
                                                   .sha256 = how == GIT_SHA256,
                                                   .batch = how == GIT_BATCH});
    struct source *source = source_git(objects, tree, at("root"));
    return how == GIT_SNAPSHOT ? source_snapshot(source, false) : source;
}

static struct source *open_root(enum opening how)
{
    if (is_git(how))
        return open_tree(how);
    struct source *source = source_directory(at("root"), &error);
    cr_assert(source, "%s", error.message);
    if (how == WALKING)
        source_directory_walk(source);
    return how == SNAPSHOT ? source_snapshot(source, false) : source;
}

static void expect_content(const struct source *source, const char *path, const char *content)
{
    struct file_bytes got = {0};
    error_free(&error);
    cr_assert(source_read(source, arena, path, &got, &error), "%s: %s", path, error.message);
    cr_assert_eq(got.size, strlen(content), "%s", path);
    cr_assert_str_eq(got.bytes, content);
}

static void expect_problem(const struct source *source, const char *path, const char *reason)
{
    struct file_bytes got = {0};
    error_free(&error);
    cr_assert_not(source_read(source, arena, path, &got, &error), "%s was read", path);
    cr_assert_not_null(strstr(error.message, reason), "%s: '%s', expected '%s'", path, error.message, reason);
    cr_assert_null(strstr(error.message, top), "a path of the machine in '%s'", error.message);
    cr_assert_null(got.bytes);
}

static void expect_resolved(const struct source *source, const char *path, const char *real)
{
    error_free(&error);
    const char *got = source_resolve(source, arena, path, &error);
    cr_assert(got, "%s: %s", path, error.message);
    cr_assert_str_eq(got, real);
}

static void check_plain_files(enum opening how)
{
    struct source *source = open_root(how);
    expect_content(source, "apps/shop/a.yaml", "kind: A\n");
    expect_content(source, "empty", "");
    cr_assert_eq(source_kind(source, "."), FILE_DIRECTORY);
    cr_assert_eq(source_kind(source, "apps"), FILE_DIRECTORY);
    cr_assert_eq(source_kind(source, "empty"), FILE_REGULAR);
    cr_assert_eq(source_kind(source, "nothing"), FILE_ABSENT);
    cr_assert_eq(source_kind(source, "empty/below"), FILE_ABSENT);
    expect_resolved(source, "apps/shop", "apps/shop");
    expect_resolved(source, ".", ".");
    expect_problem(source, "nothing", "nothing: no such file or directory");
    expect_problem(source, "empty/below", "no such file or directory");
    expect_problem(source, "apps", "is a directory");
    source_free(source);
}

Test(source, plain_files)
{
    for (enum opening how = PLAIN; how < OPENINGS; how++)
        check_plain_files(how);
}

static const struct {
    const char *path, *reason;
} refused[] = {
    {"../outside/secret", "leads out of the repository"},
    {"apps/../../outside/secret", "leads out of the repository"},
    {"..", "leads out of the repository"},
    {"/etc/passwd", "leads out of the repository"},
    {"file-out", "leads out of the repository"},
    {"directory-out/secret", "leads out of the repository"},
    {"absolute-out", "leads out of the repository"},
    {"magic", "leads out of the repository"},
    {"apps/up/file-out", "leads out of the repository"},
    {".git/config", ".git"},
    {".GIT/config", ".git"},
    {"apps/.git/config", ".git"},
    {"git/config", ".git"},
    {"apps/config", ".git"},
    {"apps/up/.git/config", ".git"},
    {"apps/up/git/config", ".git"},
    {"loop-a", "too many symbolic links"},
};

static void check_refusals(enum opening how)
{
    struct source *source = open_root(how);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        expect_problem(source, refused[i].path, refused[i].reason);
        cr_assert_eq(source_kind(source, refused[i].path), FILE_REFUSED, "%s", refused[i].path);
        cr_assert_null(source_resolve(source, arena, refused[i].path, &error));
    }
    source_free(source);
}

Test(source, refusals)
{
    make_link("../outside/secret", "root/file-out");
    make_link("../outside", "root/directory-out");
    make_link(at("outside/secret"), "root/absolute-out");
    make_link("/proc/self/root/etc/passwd", "root/magic");
    make_link(".git", "root/git");
    make_link("shop/../.git/config", "root/apps/config");
    make_link("loop-b", "root/loop-a");
    make_link("loop-a", "root/loop-b");
    make_link("..", "root/apps/up");
    for (enum opening how = PLAIN; how < OPENINGS; how++)
        check_refusals(how);
}

static void check_links(enum opening how)
{
    struct source *source = open_root(how);
    expect_content(source, "link", "kind: A\n");
    expect_content(source, "apps/store/a.yaml", "kind: A\n");
    expect_content(source, "apps/detour/a.yaml", "kind: A\n");
    expect_content(source, "absolute/a.yaml", "kind: A\n");
    expect_content(source, "itself/itself/link", "kind: A\n");
    expect_resolved(source, "apps/detour/a.yaml", "apps/shop/a.yaml");
    expect_resolved(source, "itself", ".");
    cr_assert_eq(source_kind(source, "absolute"), FILE_DIRECTORY);
    cr_assert_eq(source_kind(source, "dangling"), FILE_ABSENT);
    expect_problem(source, "dangling", "no such file");
    source_free(source);
}

Test(source, links)
{
    make_link("apps/shop/a.yaml", "root/link");
    make_link("shop", "root/apps/store");
    make_link("../apps/store/../store", "root/apps/detour");
    make_link(at("root/apps/store"), "root/absolute");
    make_link(at("root"), "root/itself");
    make_link("nowhere", "root/dangling");
    for (enum opening how = PLAIN; how < OPENINGS; how++)
        check_links(how);
}

Test(source, absolute_links_by_the_given_name)
{
    make_link("root", "alias");
    make_link(at("alias/apps/shop/a.yaml"), "root/by-alias");
    struct source *source = source_directory(at("alias"), &error);
    cr_assert(source);
    expect_content(source, "by-alias", "kind: A\n");
    source_free(source);
    make_directory("root-too");
    put("root-too/secret", "secret");
    make_link(at("root-too/secret"), "root/neighbour");
    source = open_root(PLAIN);
    expect_problem(source, "neighbour", "leads out");
    source_free(source);
}

static int make_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    cr_assert_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    return listener;
}

Test(source, no_regular_files, .timeout = 60)
{
    cr_assert_eq(mkfifo(at("root/fifo"), 0644), 0);
    int listener = make_socket(at("root/socket"));
    put("root/large", "");
    cr_assert_eq(truncate(at("root/large"), (off_t)SOURCE_LARGEST_FILE + 1), 0);
    struct source *source = open_root(PLAIN);
    expect_problem(source, "fifo", "is not a regular file");
    expect_problem(source, "socket", "is not a regular file");
    expect_problem(source, "large", "is larger than 64 MiB");
    cr_assert_eq(source_kind(source, "fifo"), FILE_OTHER);
    close(listener);
    source_free(source);
}

static void check_list(const struct source *source, const char *path, const char *expected)
{
    struct name_list names;
    struct text text = {0};
    cr_assert(source_list(source, arena, path, &names, &error), "%s", error.message);
    for (size_t i = 0; i < names.count; i++)
        text_format(&text, "%s|", names.names[i]);
    cr_assert_str_eq(text_content(&text), expected);
    text_free(&text);
}

static void check_lists(enum opening how)
{
    struct source *source = open_root(how);
    check_list(source, "apps", "B|a|new\nline|shop|shop.d|");
    check_list(source, "link", "B|a|new\nline|shop|shop.d|");
    check_list(source, ".", is_git(how) ? "apps|empty|link|" : "apps|empty|link|nothing|");
    if (!is_git(how))
        check_list(source, "nothing", "");
    expect_content(source, "apps/new\nline", "odd");
    struct name_list names;
    cr_assert_not(source_list(source, arena, "empty", &names, &error));
    error_free(&error);
    cr_assert_not(source_list(source, arena, ".git", &names, &error));
    error_free(&error);
    source_free(source);
}

/* git sorts the directory shop behind shop.d, and knows no directory that is empty. */
Test(source, lists)
{
    put("root/apps/B", "");
    put("root/apps/a", "");
    put("root/apps/new\nline", "odd");
    put("root/apps/shop.d", "");
    make_link("apps", "root/link");
    make_directory("root/nothing");
    for (enum opening how = PLAIN; how < OPENINGS; how++)
        check_lists(how);
}

/* What a snapshot knows stays as it was, and it finds what a file system does that ignores case. */
Test(source, a_snapshot_lists_once)
{
    cr_assert_eq(mkfifo(at("root/fifo"), 0644), 0);
    struct source *source = open_root(SNAPSHOT);
    cr_assert_eq(source_kind(source, "later"), FILE_ABSENT);
    cr_assert_eq(source_kind(source, "fifo"), FILE_OTHER);
    cr_assert_eq(source_kind(source, "./apps//shop/"), FILE_DIRECTORY);
    cr_assert_eq(source_kind(source, "apps/nothing/below"), FILE_ABSENT);
    put("root/later", "");
    put("root/EMPTY", "other letters");
    cr_assert_eq(unlink(at("root/apps/shop/a.yaml")), 0);
    cr_assert_eq(source_kind(source, "later"), FILE_ABSENT);
    cr_assert_eq(source_kind(source, "EMPTY"), FILE_REGULAR, "asked for, since there is 'empty'");
    expect_problem(source, "apps/shop/a.yaml", "no such file");
    source_free(source);
    cr_assert_eq(source_snapshot(NULL, false), NULL);
    struct source *memory = source_memory();
    cr_assert_eq(source_snapshot(memory, false), memory);
    source_free(memory);
}

/* Where a file was read, over which links whatsoever, is said by the call that read it. */
Test(source, reading_tells_what_was_opened)
{
    struct file_bytes bytes;
    make_link("shop", "root/apps/alias");
    struct source *source = open_root(PLAIN);
    cr_assert(source_read(source, arena, "apps/alias/a.yaml", &bytes, &error), "%s", error.message);
    cr_expect_str_eq(bytes.real, "apps/shop/a.yaml");
    cr_assert(source_read(source, arena, "apps/shop/a.yaml", &bytes, &error));
    cr_expect_null(bytes.real);
    source_free(source);
}

/* The names of a large directory are found by an index, those of a small one are looked through. */
Test(source, a_snapshot_of_a_large_directory)
{
    make_directory("root/many");
    for (int i = 0; i < 100; i++)
        put(arena_format(arena, "root/many/Name-%d", i), "");
    struct source *source = open_root(SNAPSHOT);
    cr_expect_eq(source_kind(source, "many/Name-7"), FILE_REGULAR);
    cr_expect_eq(source_kind(source, "many/Name-100"), FILE_ABSENT);
    cr_expect_eq(source_kind(source, "many/Name-7/x/y"), FILE_ABSENT);
    cr_expect_eq(source_kind(source, "many/absent/x/y"), FILE_ABSENT);
    put("root/many/NAME-8", "other letters");
    put("root/many/later", "");
    cr_expect_eq(source_kind(source, "many/NAME-8"), FILE_REGULAR, "asked for, since there is 'Name-8'");
    cr_expect_eq(source_kind(source, "many/later"), FILE_ABSENT);
    source_free(source);
}

/* A path may have more segments than a stack has room for, and is longer than any that exists then. */
static void check_long_path(enum opening how)
{
    struct text path = {0};
    struct source *source = open_root(how);
    struct name_list names;
    for (size_t i = 0; i < 200000; i++)
        text_string(&path, "a/");
    text_string(&path, "a");
    cr_expect_eq(source_kind(source, path.bytes), FILE_ABSENT);
    cr_expect_not(source_list(source, arena, path.bytes, &names, &error));
    cr_expect(strstr(error.message, "the name is too long"), "%s", error.message);
    source_free(source);
    text_free(&path);
}

Test(source, long_paths)
{
    check_long_path(PLAIN);
    error_free(&error);
    check_long_path(SNAPSHOT);
}

Test(source, unreadable_files)
{
    cr_assert_eq(chmod(at("root/empty"), 0), 0);
    cr_assert_eq(chmod(at("root/apps"), 0), 0);
    cr_assert_eq(chmod(top, 0755), 0);
    if (geteuid() == 0)
        cr_assert_eq(seteuid(65534), 0);
    struct source *source = open_root(PLAIN);
    expect_problem(source, "empty", "empty: permission denied");
    expect_problem(source, "apps/shop/a.yaml", "permission denied");
    cr_assert_eq(source_kind(source, "apps/shop"), FILE_OTHER);
    source_free(source);
    if (getuid() == 0)
        cr_assert_eq(seteuid(0), 0);
}

Test(source, missing_roots)
{
    cr_assert_null(source_directory(at("nothing"), &error));
    error_free(&error);
    cr_assert_null(source_directory(at("root/empty"), &error));
    cr_assert_not_null(strstr(error.message, "is not a directory"));
    error_free(&error);
    cr_assert_null(source_directory(NULL, &error));
    error_free(&error);
    source_free(NULL);
    cr_assert_eq(source_kind(NULL, "a"), FILE_ABSENT);
    expect_problem(NULL, "a", "no such file");
    struct source *source = open_root(PLAIN);
    expect_problem(source, "", "no such file");
    expect_problem(source, NULL, "no such file");
    source_free(source);
}

/* Somebody swaps a link between a place inside and one outside, again and again. */
static void *swap_links(void *stop)
{
    for (int round = 0; !__atomic_load_n((bool *)stop, __ATOMIC_RELAXED); round++) {
        char link[128], name[128];
        snprintf(link, sizeof link, "%s/root/fresh", top);
        snprintf(name, sizeof name, "%s/root/swapped", top);
        if (symlink(round % 2 ? "../outside" : "apps", link) == 0 && rename(link, name) != 0)
            break;
    }
    return NULL;
}

static void check_races(enum opening how)
{
    put("root/apps/secret", "harmless");
    struct source *source = open_root(how);
    bool stop = false;
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, swap_links, &stop), 0);
    for (int round = 0; round < 5000; round++) {
        struct file_bytes got;
        struct error ignored = {0};
        if (source_read(source, arena, "swapped/secret", &got, &ignored))
            cr_assert_str_eq(got.bytes, "harmless");
        error_free(&ignored);
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    source_free(source);
}

Test(source, races, .timeout = 180)
{
    check_races(PLAIN);
}

Test(source, races_without_openat2, .timeout = 180)
{
    check_races(WALKING);
}

Test(source, memory_files)
{
    struct source *source = source_memory();
    source_memory_add(source, "b/c/d.yaml", "deep", 4);
    source_memory_add(source, "b/a.yaml", "a\0b", 3);
    source_memory_add(source, "z", NULL, 0);
    source_memory_add(source, "z", "again", 5);
    expect_content(source, "b/c/d.yaml", "deep");
    expect_content(source, "z", "again");
    struct file_bytes got;
    cr_assert(source_read(source, arena, "b/a.yaml", &got, &error));
    cr_assert_eq(got.size, 3);
    check_list(source, ".", "b|z|");
    check_list(source, "b", "a.yaml|c|");
    cr_assert_eq(source_kind(source, "b/c"), FILE_DIRECTORY);
    expect_resolved(source, "b/c", "b/c");
    expect_problem(source, "b", "is a directory");
    expect_problem(source, "../b", "leads out");
    expect_problem(source, "y", "y: no such file");
    source_free(source);
}

/* What lies at apps/ of a tree, of which the rest is elsewhere. */
Test(source, part_of_a_tree)
{
    make_link("shop", "root/apps/store");
    make_link("../empty", "root/apps/out");
    error_free(&error);
    struct source *whole = source_directory(at("root/apps"), &error);
    struct source *source = source_part(whole, "teams/a");
    struct name_list names;
    expect_content(source, "teams/a/shop/a.yaml", "kind: A\n");
    expect_content(source, "teams/a/./shop//a.yaml", "kind: A\n");
    expect_resolved(source, "teams/a/store/a.yaml", "teams/a/shop/a.yaml");
    expect_resolved(source, "teams/a", "teams/a");
    expect_problem(source, "teams/a/nothing", "teams/a/nothing: no such file or directory");
    expect_problem(source, "teams/a", "teams/a: is a directory");
    expect_problem(source, "teams/a/out", "teams/a/out: leads out of the repository");
    expect_problem(source, "teams/a/.git/config", "teams/a/.git/config: lies in .git");
    expect_problem(source, "teams/b/x", "teams/b/x: was not sent");
    expect_problem(source, "teams/ab", "teams/ab: was not sent");
    expect_problem(source, "../x", "../x: leads out of the repository");
    cr_assert_eq(source_kind(source, "teams/a/shop"), FILE_DIRECTORY);
    cr_assert_eq(source_kind(source, "teams/a/shop/b.yaml"), FILE_ABSENT);
    cr_assert_eq(source_kind(source, "teams/b"), FILE_REFUSED);
    cr_assert(source_list(source, arena, "teams/a", &names, &error));
    cr_assert_eq(names.count, 3);
    cr_assert_str_eq(source_system_path(source, arena, "teams/a/shop"), at("root/apps/shop"));
    cr_assert_null(source_system_path(source, arena, "teams/b"));
    error_free(&error);
    cr_assert_not(source_list(source, arena, "teams", &names, &error));
    cr_assert_str_eq(error.message, "teams: was not sent");
    source_free(source);
}

Test(source, limits_of_a_part)
{
    error_free(&error);
    struct source *source = source_part(source_directory(at("root/apps"), &error), "apps");
    source_limit(source, 2, 12);
    expect_content(source, "apps/shop/a.yaml", "kind: A\n");
    expect_problem(source, "apps/shop/nothing", "no such file");
    expect_problem(source, "apps/shop/a.yaml", "apps/shop/a.yaml: is one file too many");
    source_free(source);
}

static struct source *layers(void)
{
    struct source *over = source_memory();
    source_memory_add(over, "apps/shop/a.yaml", "kind: B\n", 8);
    source_memory_add(over, "apps/till/k8s/b.yaml", "b", 1);
    return source_layered(source_snapshot(source_directory(at("root"), &error), false), over);
}

Test(layered, files_of_both_are_there, .init = setup, .fini = teardown)
{
    struct source *source = layers();
    struct file_bytes file;
    cr_assert(source_read(source, arena, "apps/shop/a.yaml", &file, &error));
    cr_assert_str_eq(file.bytes, "kind: B\n");
    cr_assert(source_read(source, arena, "apps/shop/../till/./k8s/b.yaml", &file, &error) == false);
    error_free(&error);
    cr_assert(source_read(source, arena, "apps/till/./k8s/b.yaml", &file, &error));
    cr_assert(source_read(source, arena, "empty", &file, &error));
    cr_assert_eq(source_kind(source, "apps/till"), FILE_DIRECTORY);
    cr_assert_eq(source_kind(source, "apps/none"), FILE_ABSENT);
    cr_assert_eq(source_kind(source, ".git/config"), FILE_REFUSED);
    cr_assert_str_eq(source_resolve(source, arena, "apps/till/k8s/b.yaml", &error), "apps/till/k8s/b.yaml");
    source_free(source);
}

Test(layered, directories_of_both_are_one, .init = setup, .fini = teardown)
{
    struct source *source = layers();
    struct name_list names;
    cr_assert(source_list(source, arena, "apps", &names, &error));
    cr_assert_eq(names.count, 2);
    cr_assert_str_eq(names.names[0], "shop");
    cr_assert_str_eq(names.names[1], "till");
    cr_assert(source_list(source, arena, "apps/till", &names, &error));
    cr_assert_eq(names.count, 1);
    cr_assert_not(source_list(source, arena, "apps/none", &names, &error));
    source_free(source);
}
