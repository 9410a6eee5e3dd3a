/* test_trust.c: which resources may go to Argo CD. */
#include <criterion/criterion.h>
#include <string.h>

#include "plugin/run/trust.h"
#include "tree_fixture.h"

TestSuite(trust, .init = tree_set_up, .fini = tree_tear_down);

static struct node *resource(const char *api_version, const char *kind)
{
    struct node *node = tree_map(&tree), *metadata = tree_map(&tree);
    tree_set_string(&tree, node, "apiVersion", api_version);
    tree_set_string(&tree, node, "kind", kind);
    tree_set_named(&tree, node, "metadata", metadata);
    tree_set_string(&tree, metadata, "name", "x");
    return node;
}

static struct node *in_list(const char *kind, struct node *item)
{
    struct node *node = resource("v1", kind), *items = tree_list(&tree);
    tree_append(&tree, items, item);
    tree_set_named(&tree, node, "items", items);
    return node;
}

static bool allowed(const struct trust *trust, const struct node *node)
{
    struct rendered rendered = {.items = &node, .count = 1};
    error_free(&error);
    return trust_check(trust, &rendered, &error);
}

static const struct trust root = {.root_project = "argocd-root", .project = "argocd-root"};
static const struct trust tenant = {.root_project = "argocd-root", .project = "team-a"};
static const struct trust nobody = {.project = "team-a"};
static const struct trust unknown = {.root_project = "argocd-root"};
static const struct trust both_empty = {.root_project = "", .project = ""};

Test(trust, root_project)
{
    const struct node *application = resource("argoproj.io/v1alpha1", "Application");
    cr_assert(allowed(&root, application));
    cr_assert_not(allowed(&tenant, application));
    cr_assert_str_eq(error.message, "Application 'x': accepted only in project 'argocd-root', and this Application's "
                                    "project is 'team-a'");
    cr_assert_not(allowed(&nobody, application));
    cr_assert_str_eq(error.message, "Application 'x': accepted in no project: the plugin's command line names none "
                                    "with --root-project");
    cr_assert_not(allowed(&unknown, application));
    cr_assert_not(allowed(&both_empty, application));
    cr_assert_not(allowed(&tenant, resource("argoproj.io/v1beta9", "Anything")));
    cr_assert(allowed(&tenant, resource("argoproj.iox/v1", "Application")));
    cr_assert(allowed(&tenant, resource("apps/v1", "Deployment")));
}

/* Argo CD takes everything apart that has a list of items, whatever its kind. */
Test(trust, hidden_in_lists)
{
    cr_assert_not(allowed(&tenant, in_list("List", resource("argoproj.io/v1alpha1", "Application"))));
    cr_assert_not(allowed(&tenant, in_list("ConfigMap", resource("argoproj.io/v1alpha1", "AppProject"))));
    cr_assert_not(allowed(&tenant, in_list("A", in_list("B", resource("argoproj.io/v1alpha1", "AppProject")))));
    cr_assert(allowed(&root, in_list("List", resource("argoproj.io/v1alpha1", "Application"))));
    struct node *deep = resource("v1", "ConfigMap");
    for (int i = 0; i < 100; i++)
        deep = in_list("List", deep);
    cr_assert_not(allowed(&tenant, deep));
    struct node *odd = in_list("List", tree_string(&tree, "text"));
    cr_assert(allowed(&tenant, odd));
}

static struct node *secret(const char *field, const char *value)
{
    struct node *node = resource("v1", "Secret"), *data = tree_map(&tree);
    if (value)
        tree_set_string(&tree, data, "password", value);
    tree_set_named(&tree, node, field, data);
    return node;
}

Test(trust, secrets)
{
    struct trust strict = root;
    strict.refuse_secrets = true;
    cr_assert(allowed(&root, secret("data", "cGFzcw==")));
    cr_assert_not(allowed(&strict, secret("data", "cGFzcw==")));
    cr_assert_not_null(strstr(error.message, "SealedSecret"));
    cr_assert_not(allowed(&strict, secret("stringData", "pass")));
    cr_assert_not(allowed(&strict, in_list("List", secret("stringData", "pass"))));
    cr_assert(allowed(&strict, secret("data", NULL)));
    cr_assert(allowed(&strict, resource("bitnami.com/v1alpha1", "SealedSecret")));
}

static bool may_print(const struct trust *trust, const char *text)
{
    error_free(&error);
    return trust_check_text(trust, text, strlen(text), &error);
}

#define MAP "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n---\n"
#define SECRET "data:\n  a: YQ==\nmetadata:\n  name: x\n"

Test(trust, printed_text)
{
    const struct trust strict = {.root_project = "argocd-root", .project = "team-a", .refuse_secrets = true};
    const struct trust strict_root = {.root_project = "argocd-root", .project = "argocd-root", .refuse_secrets = true};
    cr_assert(may_print(&tenant, ""));
    cr_assert(may_print(&tenant, MAP "apiVersion: v1\nkind: Secret\n" SECRET));
    cr_assert_not(may_print(&strict, MAP "apiVersion: v1\nkind: Secret\n" SECRET));
    cr_assert_not(may_print(&strict, MAP "apiVersion: v1\nkind: \"\\x53ecret\"\n" SECRET));
    cr_assert_not(may_print(&strict_root, MAP "apiVersion: v1\nkind: ConfigMap\n\"\\x6Bind\": Secret\n" SECRET));
    cr_assert(may_print(&strict, MAP "apiVersion: v1\nkind: ConfigMap\n" SECRET MAP));
    cr_assert_not(may_print(&tenant, "apiVersion: \"\\x61rgoproj.io/v1alpha1\"\nkind: Application\n---\n" MAP));
    cr_assert_not(may_print(&tenant, "items:\n- apiVersion: argoproj.io/v1alpha1\n  kind: AppProject\n"));
    cr_assert(may_print(&root, "items:\n- apiVersion: argoproj.io/v1alpha1\n  kind: AppProject\n"));
    cr_assert_not(may_print(&root, MAP "apiVersion: rootapp.dev/v1alpha1\nkind: RootApp\n"));
    cr_assert_not(may_print(&tenant, "a: \"\\xZZ\"\n"));
}

static bool may_print_json(const struct trust *trust, const char *text)
{
    error_free(&error);
    return trust_check_json(trust, text, strlen(text), &error);
}

#define JSON_MAP "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"}}\n"

Test(trust, printed_json)
{
    const struct trust strict = {.root_project = "argocd-root", .project = "team-a", .refuse_secrets = true};
    const char secrets[] = JSON_MAP "{\"apiVersion\":\"v1\",\"data\":{\"a\":\"YQ==\"},\"kind\":\"Secret\"}\n";
    const char disguised[] =
        JSON_MAP "{\"apiVersion\":\"v1\",\"data\":{\"a\":\"YQ==\"},\"kind\":\"\\u0053ecret\"}\n" JSON_MAP;
    const char application[] = "{\"apiVersion\":\"argoproj.io/v1alpha1\",\"kind\":\"Application\"}\n";
    cr_assert(may_print_json(&strict, JSON_MAP JSON_MAP));
    cr_assert(may_print_json(&tenant, secrets));
    cr_assert_not(may_print_json(&strict, secrets));
    cr_assert_not(may_print_json(&strict, disguised));
    cr_assert_not(may_print_json(&tenant, application));
    cr_assert(may_print_json(&root, application));
}
