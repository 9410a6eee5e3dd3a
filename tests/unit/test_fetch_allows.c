/* test_fetch_allows.c: what may be fetched, asked of the function itself: most of these never get there as URLs. */
#include <criterion/criterion.h>
#include <string.h>

#include "kustomize/remote/remote_parts.h"

/* `reason`: what the error says; NULL: it may be fetched. */
static void expect(const struct remote_options *options, const char *url, const char *reason)
{
    struct error error = {0};
    bool local;
    bool allowed = fetch_allows(options, url, &local, &error);
    cr_expect_eq(allowed, !reason, "%s: %s", url, error.message ? error.message : "allowed");
    if (reason)
        cr_expect(error.message && strstr(error.message, reason), "%s: %s", url, error.message);
    error_free(&error);
}

/* git would take it for an option, whoever allows what. */
Test(fetch_allows, an_option_is_no_url)
{
    static const char *const hosts[] = {"example.com"};
    const struct remote_options any = {.access = REMOTE_ANYWHERE},
                                listed = {.access = REMOTE_LISTED, .hosts = hosts, .host_count = 1};
    expect(&any, "--upload-pack=touch /tmp/made", "is no URL");
    expect(&any, "-oProxyCommand=x@example.com:shop.git", "is no URL");
    expect(&listed, "-oProxyCommand=x@example.com:shop.git", "is no URL");
    expect(&any, "ssh://git@example.com/shop.git", NULL);
}

Test(fetch_allows, control_characters_are_in_no_url)
{
    const struct remote_options any = {.access = REMOTE_ANYWHERE};
    expect(&any, "https://example.com/\nshop.git", "is no URL");
    expect(&any, "https://example.com/\x7fshop.git", "is no URL");
}

Test(fetch_allows, nothing_is_fetched_unless_somebody_says_so)
{
    expect(&(struct remote_options){0}, "https://example.com/shop.git", "unless --allow-host names its host");
}
