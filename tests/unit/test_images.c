/* test_images.c: matching image names, and what becomes of them. */
#include <criterion/criterion.h>
#include <string.h>

#include "kustomize/kustomization/image_name.h"
#include "tests/unit/tree_fixture.h"

TestSuite(images, .init = tree_set_up, .fini = tree_tear_down);

/* What an item of `images` makes of a name; NULL where it does not match. */
static const char *update(struct image image, const char *name)
{
    struct image_update update = image_update_for(tree.arena, &image);
    const struct node *scalar = tree_string(&tree, name);
    struct text out = {0};
    if (!image_matches(&update, scalar))
        return NULL;
    image_updated(&update, scalar, &out);
    const char *copy = arena_string(tree.arena, text_content(&out));
    text_free(&out);
    return copy;
}

static bool matches(const char *pattern, const char *name)
{
    return update((struct image){.name = pattern}, name) != NULL;
}

Test(images, a_name_matches_with_and_without_tag_and_digest)
{
    cr_assert(matches("nginx", "nginx"));
    cr_assert(matches("nginx", "nginx:1.2"));
    cr_assert(matches("nginx", "nginx:1.2@sha256:00"));
    cr_assert(matches("nginx", "nginx@sha512:00"));
    cr_assert(matches("host:80/a/nginx", "host:80/a/nginx:1"));
    cr_assert_not(matches("nginx", "nginx2"));
    cr_assert_not(matches("nginx", "library/nginx"));
    cr_assert_not(matches("nginx", "nginx:1/2"));
    cr_assert(matches("nginx", "nginx:"));
    cr_assert(matches("nginx", "nginx:{tag}_1.2-x"));
    cr_assert(matches("nginx", "nginx@sha256+b64u.x:"));
    cr_assert_not(matches("nginx", "nginx@"));
    cr_assert_not(matches("nginx", "nginx@sha256"));
    cr_assert_not(matches("nginx", "nginx@sha256+:00"));
    cr_assert_not(matches("nginx", "nginx@:00"));
    cr_assert_not(matches("nginx", "nginx@sha256:00:1"));
    cr_assert_not(matches("nginx", "nginx:1:2"));
    cr_assert_not(matches("nginx", "ngin"));
}

Test(images, a_name_is_a_regular_expression)
{
    cr_assert(matches("a.b", "a.b:1"));
    cr_assert(matches("a.b", "axb:1"));
    cr_assert_not(matches("a.b", "ab"));
    cr_assert_not(matches("a.b", "a"));
    cr_assert_not(matches("a.b", "a\nb"));
    cr_assert_not(matches("a.b", "a\xC3\xA9\xC3\xA9"
                                 "b:1"));
    cr_assert(matches("a.b", "a\xC3\xA9"
                             "b:1"));
    cr_assert(matches(".*/nginx", "host/lib/nginx:1"));
    cr_assert(matches("ngin?x*", "ngi:1"));
    cr_assert(matches("a|nginx", "nginx:1"));
    cr_assert(matches("ngi{1,2}nx", "ngiinx"));
    cr_assert_not(matches("[", "["));
}

Test(images, tag_and_digest_replace_each_other)
{
    cr_assert_str_eq(update((struct image){.name = "a", .new_tag = "2"}, "a:1@sha256:00"), "a:2");
    cr_assert_str_eq(update((struct image){.name = "a", .digest = "sha256:11"}, "a:1@sha256:00"), "a@sha256:11");
    cr_assert_str_eq(update((struct image){.name = "a", .new_tag = "2", .digest = "sha256:11"}, "a"), "a:2@sha256:11");
    cr_assert_str_eq(update((struct image){.name = "a", .new_name = "b"}, "a:1@sha256:00"), "b:1@sha256:00");
    cr_assert_str_eq(update((struct image){.name = "a", .new_name = "b"}, "a:"), "b");
}

Test(images, a_suffix_extends_the_tag_and_drops_the_digest)
{
    cr_assert_str_eq(update((struct image){.name = "a", .tag_suffix = "-x"}, "a:1@sha256:00"), "a:1-x");
    cr_assert_str_eq(update((struct image){.name = "a", .tag_suffix = "-x"}, "a"), "a:-x");
    cr_assert_str_eq(update((struct image){.name = "a", .tag_suffix = "-x", .new_tag = "2"}, "a"), "a:2");
}

Test(images, a_colon_before_the_slash_is_a_port)
{
    cr_assert_str_eq(update((struct image){.name = "h:80/a", .new_tag = "2"}, "h:80/a"), "h:80/a:2");
    cr_assert_str_eq(update((struct image){.name = "h:80/a", .new_tag = "2"}, "h:80/a:1"), "h:80/a:2");
}
