/* test_git_remote.c: OWNER/NAME in the addresses that git takes. */
#include <criterion/criterion.h>

#include "plugin/run/git_remote.h"

static void expect(const char *url, const char *name)
{
    struct arena *arena = arena_new();
    const char *found = repository_name(arena, url);
    if (name)
        cr_expect_str_eq(found ? found : "(none)", name, "%s: %s", url, found ? found : "(none)");
    else
        cr_expect_null(found, "%s: %s", url, found);
    arena_free(arena);
}

Test(git_remote, addresses)
{
    expect("https://github.com/acme/gitops.git", "acme/gitops");
    expect("https://github.com/acme/gitops/", "acme/gitops");
    expect("https://user:secret@github.com/acme/gitops", "acme/gitops");
    expect("git@github.com:acme/gitops.git", "acme/gitops");
    expect("ssh://git@github.com:22/acme/gitops.git", "acme/gitops");
    expect("https://gitlab.com/group/sub/project.git", "sub/project");
    expect("host:/srv/acme/gitops.git", "acme/gitops");
    expect("https://github.com/gitops", NULL);
    expect("https://github.com", NULL);
    expect("/srv/git/acme/gitops.git", NULL);
    expect("file:///srv/git/acme/gitops.git", NULL);
    expect("../acme/gitops", NULL);
    expect("https://github.com/a{b}/gitops", NULL);
    expect("https://github.com/../gitops", NULL);
}

Test(git_remote, addresses_without_users)
{
    struct arena *arena = arena_new();
    cr_expect_str_eq(url_without_user(arena, "https://user:token@github.com/a/b"), "https://github.com/a/b");
    cr_expect_str_eq(url_without_user(arena, "https://github.com/a/b@c"), "https://github.com/a/b@c");
    cr_expect_str_eq(url_without_user(arena, "git@github.com:a/b"), "git@github.com:a/b");
    arena_free(arena);
}
