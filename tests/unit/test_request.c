/* test_request.c: what Argo CD says in the environment. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "plugin/run/parameters.h"

static struct arena *arena;
static struct error error;

static void setup(void)
{
    arena = arena_new();
}

TestSuite(request, .init = setup);

static void expect_root(const char *directory, const char *path, const char *root)
{
    const char *got = request_root(arena, directory, path);
    cr_assert_str_eq(got ? got : "none", root, "%s in %s: %s", path, directory, got);
}

Test(request, roots)
{
    expect_root("/repo/apps/shop/overlays/dev", "apps/shop/overlays/dev", "/repo");
    expect_root("/repo/apps/shop/overlays/dev", "./apps//shop/overlays/dev/", "/repo");
    expect_root("/repo", ".", "/repo");
    expect_root("/apps", "apps", "/");
    expect_root("/repo/myapps", "apps", "none");
    expect_root("/repo/apps", "other", "none");
    expect_root("/repo/apps", "../repo/apps", "none");
    expect_root("/repo/apps", "/repo/apps", "none");
}

Test(request, unpacked_by_argocd)
{
    expect_root("/tmp/_cmp_server/1a2b/apps/shop/dev", "apps/shop/dev", "/tmp/_cmp_server/1a2b");
    /* A part of the repository, or an application behind a symbolic link: the directory that it was unpacked in. */
    expect_root("/tmp/_cmp_server/1a2b/overlays/dev", "apps/shop/overlays/dev", "/tmp/_cmp_server/1a2b");
    expect_root("/tmp/_cmp_server/1a2b", "apps/shop", "/tmp/_cmp_server/1a2b");
    /* Never above it. */
    expect_root("/tmp/_cmp_server/1a2b/dev", "_cmp_server/1a2b/dev", "/tmp/_cmp_server/1a2b");
    expect_root("/tmp/_cmp_server/1a2b/dev", "1a2b/dev", "/tmp/_cmp_server/1a2b");
    expect_root("/tmp/_cmp_server", "apps", "none");
}

static void expect_part(const char *directory, const char *path, const char *part)
{
    const char *got = request_part(arena, "/nowhere/_cmp_server/1a2b", directory, path);
    cr_assert_str_eq(got ? got : "all", part, "%s in %s: %s", path, directory, got);
}

Test(request, parts)
{
    expect_part("/nowhere/_cmp_server/1a2b/apps/shop/dev", "apps/shop/dev", "all");
    expect_part("/nowhere/_cmp_server/1a2b/apps/shop/dev", "./apps/shop//dev/", "all");
    expect_part("/nowhere/_cmp_server/1a2b/dev", "apps/shop/dev", "apps/shop");
    expect_part("/nowhere/_cmp_server/1a2b/shop/dev", "apps/shop/dev", "apps");
    expect_part("/nowhere/_cmp_server/1a2b", "apps/shop", "apps/shop");
    expect_part("/nowhere/_cmp_server/1a2b", ".", "all");
    expect_part("/nowhere/_cmp_server/1a2b/ev", "apps/shop/dev", "all");
    expect_part("/nowhere/_cmp_server/1a2b/other", "apps/shop/dev", "all"); /* behind a symbolic link */
}

Test(request, behind_a_symbolic_link)
{
    char root[] = "/tmp/test-request-XXXXXX";
    cr_assert(mkdtemp(root));
    const char *link = path_join(arena, root, "apps"), *directory = path_join(arena, root, "dev");
    cr_assert_eq(mkdir(directory, 0700), 0);
    cr_assert_eq(symlink(".", link), 0);
    cr_assert_null(request_part(arena, root, directory, "apps/dev"), "all of it is there");
    cr_assert_eq(unlink(link), 0);
    cr_assert_str_eq(request_part(arena, root, directory, "apps/dev"), "apps");
    cr_assert_eq(rmdir(directory), 0);
    cr_assert_eq(rmdir(root), 0);
}

static bool read_parameters(const char *text, struct request *request)
{
    error_free(&error);
    setenv("ARGOCD_APP_PARAMETERS", text, 1);
    return request_read(arena, request, &error);
}

Test(request, variables)
{
    struct request request;
    setenv("ARGOCD_APP_NAME", "argocd_root", 1);
    setenv("ARGOCD_APP_PROJECT_NAME", "argocd-root", 1);
    cr_assert(request_read(arena, &request, &error));
    cr_assert_str_eq(request.app_name, "root");
    cr_assert_str_eq(request.project, "argocd-root");
    cr_assert_null(request.environment);
    cr_assert_null(request.repo_url);
}

Test(request, parameters)
{
    struct request request;
    cr_assert(read_parameters("null", &request));
    cr_assert(read_parameters("[]", &request));
    cr_assert(read_parameters("", &request));
    cr_assert_null(request.environment);
    cr_assert(read_parameters("[{\"name\":\"environment\",\"string\":\"prod\"}]", &request));
    cr_assert_str_eq(request.environment, "prod");
    cr_assert(read_parameters("[{\"name\":\"environment\",\"string\":\"\\u00e9\"}]", &request));
    cr_assert_str_eq(request.environment, "é");
}

static void expect_refusal(const char *text, const char *message)
{
    struct request request;
    cr_assert_not(read_parameters(text, &request), "%s", text);
    cr_assert_str_eq(error.message, message);
}

Test(request, bad_parameters)
{
    expect_refusal("[{\"name\":\"chart\",\"array\":[]}]", "unknown parameter 'chart'; 'rootapp parameters' lists them");
    expect_refusal("[{\"name\":\"images\",\"array\":[1, {}]}]", "parameter 'images' is an array of strings");
    expect_refusal("[{\"name\":\"images\",\"string\":\"a:1\"}]", "parameter 'images' needs an array");
    expect_refusal("[{\"name\":\"replicas\",\"map\":{\"a\":[]}}]", "parameter 'replicas' is a map of strings");
    expect_refusal("[{\"string\":\"x\"}]", "ARGOCD_APP_PARAMETERS: a parameter has no name");
    expect_refusal("{}", "ARGOCD_APP_PARAMETERS is no list");
    expect_refusal("[1]", "ARGOCD_APP_PARAMETERS: a parameter has no name");
    expect_refusal("[{\"name\":\"environment\"}]",
                   "parameter 'environment' has no value: set its string, or leave it out");
    expect_refusal("[{\"name\":\"environment\",\"string\":\"a\"},{\"name\":\"environment\",\"string\":\"b\"}]",
                   "parameter 'environment' is given twice");
    expect_refusal("[", "ARGOCD_APP_PARAMETERS is no JSON: line 1, column 1: ']' expected near end of file");
    expect_refusal("[{\"name\":\"a\",\"name\":\"b\"}]",
                   "ARGOCD_APP_PARAMETERS is no JSON: line 1, column 19: duplicate object key near '\"name\"'");
}

/* As Go's os.Expand does for Argo CD: pairs of a text and what becomes of it. */
Test(request, variables_in_texts)
{
    static const char *const texts[][2] = {
        {"$ARGOCD_APP_NAME", "shop"},
        {"a${ARGOCD_APP_NAME}b", "ashopb"},
        {"$ARGOCD_APP_NAMEX", ""},
        {"$HOME", ""},
        {"$$HOME", "$HOME"},
        {"${$}", "$"},
        {"a$", "a$"},
        {"a$ b", "a$ b"},
        {"$1d", "d"},
        {"${}x", "x"},
        {"${x", "x"},
        {"$-c", "c"},
        {"${ARGOCD_APP_NAME", "ARGOCD_APP_NAME"},
    };
    setenv("ARGOCD_APP_NAME", "shop", 1);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect_str_eq(expand_variables(arena, texts[i][0]), texts[i][1], "%s: %s", texts[i][0],
                         expand_variables(arena, texts[i][0]));
}
