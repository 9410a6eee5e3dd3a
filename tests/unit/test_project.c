/* test_project.c: AppProjects follow from the policy alone, and pass Argo CD's own validation. */
#include "base/go_values.h"
#include "generator_fixture.h"

static void setup(void)
{
    fixture_setup();
    add_overlay("apps/a/k8s/overlays/dev");
}

TestSuite(project, .init = setup, .fini = fixture_teardown);

static bool permits(const char *project, const char *namespace)
{
    return project_permits_destination(find("AppProject", project), ARGOCD_SERVER, "in-cluster", namespace);
}

Test(project, one_per_team_and_environment_whatever_exists)
{
    generate(base_policy);
    cr_expect_not_null(find("AppProject", "payments-dev"));
    cr_expect_not_null(find("AppProject", "payments-prod"));
    cr_expect_not_null(find("AppProject", "default-dev"));
    cr_expect_not_null(find("AppProject", "default-prod"));
    const char *before = arena_string(fixture.tree.arena, yaml_of(find("AppProject", "payments-dev")));
    add_overlay("apps/checkout/k8s/overlays/dev");
    generate(base_policy);
    cr_expect_str_eq(yaml_of(find("AppProject", "payments-dev")), before, "an app more changes no project");
}

Test(project, a_team_reaches_its_namespaces_and_no_others)
{
    generate(base_policy);
    cr_expect(permits("payments-dev", "checkout-dev"));
    cr_expect(permits("payments-dev", "ledger-x-dev"));
    cr_expect_not(permits("payments-dev", "ledger-x-prod"));
    cr_expect_not(permits("payments-dev", "shop-dev"));
    cr_expect(permits("default-dev", "shop-dev"));
    cr_expect_not(permits("default-dev", "checkout-dev"), "the namespaces of the teams before are denied");
    cr_expect_not(permits("default-dev", "ledger-x-dev"));
    cr_expect_not(permits("default-dev", "kube-system"), "a denial must not permit everything else");
    cr_expect_not(permits("default-dev", "argocd"));
    cr_expect_not(permits("default-dev", "shop-prod"));
    const struct node *project = find("AppProject", "default-dev");
    cr_expect_not(project_permits_destination(project, "https://other.example.com", "other", "shop-dev"));
    cr_expect_not(project_permits_destination(project, "https://other.example.com", "other", "checkout-dev"));
}

/* The trap: Argo CD takes an entry with "!namespace" as permission for every other namespace. */
Test(project, a_negated_namespace_would_permit_the_rest)
{
    struct node *project = parse("p.yaml", "spec: {destinations: [{server: '*', namespace: '!checkout-dev'}]}\n");
    cr_expect(project_permits_destination(project, ARGOCD_SERVER, "in-cluster", "kube-system"));
    project =
        parse("q.yaml", "spec: {destinations: [{server: '*', namespace: '*'}, {server: '!*://*', namespace: x}]}\n");
    cr_expect_not(project_permits_destination(project, ARGOCD_SERVER, "in-cluster", "x"));
    cr_expect(project_permits_destination(project, ARGOCD_SERVER, "in-cluster", "y"));
}

Test(project, namespaces_that_may_be_created_are_limited_to_those_names)
{
    generate(base_policy);
    cr_expect(says("AppProject", "payments-dev", "- group: \"\"\n    kind: Namespace\n    name: ledger-*-dev\n"));
    cr_expect(says("AppProject", "default-dev",
                   "clusterResourceBlacklist:\n  - group: \"\"\n    kind: Namespace\n    name: checkout-dev\n"));
    generate(with(base_policy,
                  "groups:", "clusterResources: [{group: rbac.authorization.k8s.io, kind: ClusterRole}], groups:"));
    cr_expect(says("AppProject", "payments-dev", "- group: rbac.authorization.k8s.io\n    kind: ClusterRole\n"));
    cr_expect_not(says("AppProject", "default-dev", "ClusterRole"));
    expect_refusal(with(base_policy, "groups:", "clusterResources: [{kind: Namespace}], groups:"),
                   "permitted by the destinations");
}

Test(project, only_the_repository_is_a_source)
{
    generate(base_policy);
    cr_expect(says("AppProject", "default-dev", "sourceRepos:\n  - https://example.com/gitops.git\n"));
    cr_expect(project_permits_source(find("AppProject", "default-dev"), "https://example.com/gitops.git"));
    cr_expect_not(project_permits_source(find("AppProject", "default-dev"), "https://example.com/gitops.git/x"));
}

Test(project, groups_get_a_role)
{
    generate(base_policy);
    cr_expect(
        says("AppProject", "payments-prod", "p, proj:payments-prod:team, applications, sync, payments-prod/*, allow"));
    cr_expect(says("AppProject", "payments-prod", "- example:payments"));
    cr_expect_not(says("AppProject", "default-prod", "roles"));
    generate(with(base_policy, "groups:", "permissions: ['applications, get'], groups:"));
    cr_expect_not(says("AppProject", "payments-prod", "sync, payments"));
    expect_refusal(with(base_policy, "groups:", "permissions: ['applications, fly'], groups:"), "'fly' is no action");
    expect_refusal(with(base_policy, "groups:", "permissions: ['applications, get, x, allow #'], groups:"),
                   "must be: p,");
    expect_refusal(with(base_policy, "groups:", "permissions: ['accounts, get'], groups:"), "'accounts' is none of");
}

Test(project, sync_windows)
{
    generate(with(base_policy, "{name: prod,",
                  "{name: prod, syncWindows: [{kind: deny, schedule: '0 22 * * *', duration: 8h, manualSync: true}],"));
    cr_expect(says("AppProject", "default-prod", "syncWindows:\n  - applications:\n    - '*'\n"));
    cr_expect_not(says("AppProject", "default-dev", "syncWindows"));
    expect_refusal(
        with(base_policy, "{name: prod,", "{name: prod, syncWindows: [{kind: deny, schedule: x, duration: 8h}],"),
        "argo/root/rootapp.yaml:10:32: AppProject 'payments-prod': sync window: schedule 'x' cannot be read");
}

Test(project, wave_and_pruning)
{
    generate(base_policy);
    cr_expect(says("AppProject", "default-dev", "argocd.argoproj.io/sync-wave: \"-2\""));
    cr_expect(says("AppProject", "default-dev", "argocd.argoproj.io/sync-options: PruneLast=true"));
    generate(with(base_policy, "{name: prod,", "{name: prod, deletion: keep,"));
    cr_expect(says("AppProject", "default-prod", "sync-options: Prune=false,Delete=false"),
              "Applications that stay need their project");
}

Test(project, the_template_merges_as_a_tree)
{
    generate(
        with(base_policy, "spec:\n",
             "spec:\n  projects:\n    template:\n      metadata: {labels: {cost-center: '{team}'}}\n"
             "      spec: {orphanedResources: {warn: false}, description: '{team} in {env}', roles: [{name: readers, "
             "policies: ['p, proj:{project}:readers, applications, get, {project}/*, allow']}]}\n"));
    cr_expect(says("AppProject", "payments-dev", "cost-center: payments"));
    cr_expect(says("AppProject", "payments-dev", "orphanedResources:\n    warn: false\n"));
    cr_expect(says("AppProject", "payments-dev", "description: payments in dev"));
    cr_expect(says("AppProject", "payments-dev", "name: readers"));
    cr_expect(says("AppProject", "payments-dev", "name: team"), "lists add up");
}

/* Argo CD's ValidateProject: what it refuses is refused, what it takes is taken. */

static bool is_valid(const char *spec)
{
    error_free(&fixture.error);
    struct node *node = parse("p.yaml", arena_format(fixture.tree.arena, "metadata: {name: p}\nspec: {%s}\n", spec));
    return validate_project(node, &fixture.error);
}

Test(project, validation_refuses_what_argo_cd_refuses)
{
    static const char *const bad[] = {
        "destinations: [{server: a, namespace: b}, {server: a, namespace: b}]",
        "destinations: [{name: a, namespace: b}, {server: a, namespace: b}]",
        "destinations: [{server: '!*', namespace: b}]",
        "destinations: [{name: '!*', namespace: b}]",
        "destinations: [{server: a, namespace: '!*'}]",
        "sourceNamespaces: [a, a]",
        "sourceRepos: ['!*']",
        "sourceRepos: [a, a]",
        "roles: [{name: a}, {name: a}]",
        "roles: [{name: a b}]",
        "roles: [{name: -a}]",
        "roles: [{}]",
        "roles: [{name: r, policies: ['p, proj:p:r, applications, get, p/*']}]",
        "roles: [{name: r, policies: ['g, proj:p:r, applications, get, p/*, allow']}]",
        "roles: [{name: r, policies: ['p, proj:q:r, applications, get, p/*, allow']}]",
        "roles: [{name: r, policies: ['p, proj:p:r, projects, get, p/*, allow']}]",
        "roles: [{name: r, policies: ['p, proj:p:r, applications, run, p/*, allow']}]",
        "roles: [{name: r, policies: ['p, proj:p:r, applications, get, q/*, allow']}]",
        "roles: [{name: r, policies: ['p, proj:p:r, applications, get, p, allow']}]",
        "roles: [{name: r, policies: ['p, proj:p:r, applications, get, p/a/b/c, allow']}]",
        "roles: [{name: r, policies: ['p, proj:p:r, applications, get, p/*, maybe']}]",
        "roles: [{name: r, policies: ['p, proj:p:r, applications, get, p/*, allow', 'p, proj:p:r, applications, get, "
        "p/*, "
        "allow']}]",
        "roles: [{name: r, groups: [a, a]}]",
        "roles: [{name: r, groups: ['']}]",
        "roles: [{name: r, groups: ['a,b']}]",
        "roles: [{name: r, groups: [' a']}]",
        "roles: [{name: r, groups: [\"a\\tb\"]}]",
        "roles: [{name: r, groups: ['\"\"']}]",
        "syncWindows: [{kind: maybe, schedule: '* * * * *', duration: 1h, applications: ['*']}]",
        "syncWindows: [{kind: deny, schedule: '* * * *', duration: 1h, applications: ['*']}]",
        "syncWindows: [{kind: deny, schedule: '* * * * *', duration: 1d, applications: ['*']}]",
        "syncWindows: [{kind: deny, schedule: '* * * * *', duration: 1h}]",
        "syncWindows: [{kind: deny, schedule: '* * * * *', duration: 1h, clusters: [a]}, "
        "{kind: deny, schedule: '* * * * *', duration: 1h, clusters: [a], manualSync: true}]",
        "destinationServiceAccounts: [{server: '!a', defaultServiceAccount: x}]",
        "destinationServiceAccounts: [{server: '[a', defaultServiceAccount: x}]",
        "destinationServiceAccounts: [{server: a, namespace: '!b', defaultServiceAccount: x}]",
        "destinationServiceAccounts: [{server: a, defaultServiceAccount: ' '}]",
        "destinationServiceAccounts: [{server: a, defaultServiceAccount: 'x*'}]",
        "destinationServiceAccounts: [{server: a, defaultServiceAccount: x}, {server: a, defaultServiceAccount: y}]",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_not(is_valid(bad[i]), "%s", bad[i]);
        cr_expect(fixture.error.message && strstr(fixture.error.message, "AppProject 'p': "), "%s", bad[i]);
    }
}

Test(project, validation_takes_what_argo_cd_takes)
{
    static const char *const good[] = {
        "destinations: [{server: a, namespace: b}, {server: a, namespace: c}]",
        "destinations: null",
        "roles: [{name: a_b-C, policies: ['p,proj:p:a_b-C,  logs ,get,p/ns/*,deny'], groups: ['\"a,b\"', 'a:b']}]",
        "roles: [{name: r, policies: ['p, proj:p:r, applications, action/apps/Deployment/restart, p/a.b-*, allow']}]",
        "roles: [{name: r, policies: ['p, proj:p:r, applications, delete/*/Pod/*/*, p/*, allow']}]",
        "syncWindows: [{kind: allow, schedule: '10 1 * JAN-mar sun', duration: -1.5h, namespaces: [a], timeZone: "
        "America/Port-au-Prince}]",
        "syncWindows: [null, {kind: deny, schedule: '* * * * *', duration: 1h, clusters: [a]}, "
        "{kind: deny, schedule: '* * * * *', duration: 1h, clusters: [a], timeZone: UTC}]",
        "destinationServiceAccounts: [{server: '*', namespace: 'a-{b,c}', defaultServiceAccount: 'ns:x'}]",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_expect(is_valid(good[i]), "%s: %s", good[i], fixture.error.message);
}

/* robfig/cron and time.ParseDuration; the whole tables were compared with the Go packages. */
Test(project, schedules_and_durations)
{
    static const char *const good[] = {"0 22 * * *", "5/15 * * * *",  "? ? ? ? ?",        "1,,2 * * * *",
                                       ", * * * *",  "*-5 * * * *",   "* * 31 2 *",       "+1 * * * *",
                                       "01 * * * *", "*/100 * * * *", "TZ=UTC 0 0 * * *", "  0 0 * * mon-fri "};
    static const char *const bad[] = {"",          "* * * *",   "* * * * * *",  "60 * * * *", "*/0 * * * *",
                                      "* * 0 * *", "* * * * 7", "10-5 * * * *", "@daily",     "1-2-3 * * * *",
                                      "TZ=UTC",    "L * * * *"};
    static const char *const durations[] = {"1h", "0", "-1.5h", ".5s", "1\xC2\xB5s", "1.h", "2562047h47m16.854775807s"};
    static const char *const no_durations[] = {"", "1", "1d", ".s", "+", "1h ", "9999999999h", "2562047h48m"};
    const char *why;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_expect(cron_is_valid(good[i], &why), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(cron_is_valid(bad[i], &why), "%s", bad[i]);
    static const char *const zones[] = {"", "UTC", "GMT+0", "Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT-14"};
    static const char *const no_zones[] = {"Nowhere", "/UTC", "Europe", "Europe/", "../UTC", "Europe/Ber lin", "utc"};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        cr_expect(time_zone_is_valid(zones[i]), "%s", zones[i]);
    for (size_t i = 0; i < sizeof no_zones / sizeof *no_zones; i++)
        cr_expect_not(time_zone_is_valid(no_zones[i]), "%s", no_zones[i]);
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
        cr_expect(go_read_duration(durations[i], &(int64_t){0}), "%s", durations[i]);
    for (size_t i = 0; i < sizeof no_durations / sizeof *no_durations; i++)
        cr_expect_not(go_read_duration(no_durations[i], &(int64_t){0}), "%s", no_durations[i]);
}
