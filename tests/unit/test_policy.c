/* test_policy.c: a policy is read strictly and refused as a whole. */
#include "generator_fixture.h"

static void setup(void)
{
    fixture_setup();
    add_overlay("apps/a/k8s/overlays/dev");
    add_overlay("apps/a/k8s/overlays/prod");
}

TestSuite(policy, .init = setup, .fini = fixture_teardown);

static const char environments[] = "  - {name: dev, destination: {name: in-cluster}}\n"
                                   "  - {name: prod, destination: {name: in-cluster}}\n";
static const char teams[] = "  - {name: payments, apps: [checkout, ledger-*], groups: ['example:payments']}\n"
                            "  - {name: default, apps: ['*']}\n";

static const char *with_spec(const char *lines)
{
    return with(base_policy, "spec:\n", arena_format(fixture.tree.arena, "spec:\n%s", lines));
}

Test(policy, unknown_fields_are_errors_with_a_place)
{
    expect_refusal(with_spec("  foo: 1\n"), "argo/root/rootapp.yaml:5:3: unknown field \"foo\" in spec");
    expect_refusal(with(base_policy, "{name: dev,", "{name: dev, destinatoin: {},"),
                   "rootapp.yaml:9:17: unknown field \"destinatoin\" in spec.environments[0] (did you mean "
                   "\"destination\"?)");
    expect_refusal(with(base_policy, "metadata: {name: apps}", "metadata: {name: apps, nmae: x}"), "unknown field");
    expect_refusal(with(base_policy, "v1alpha1", "v2"), "this program reads RootApp in version rootapp.dev/v1alpha1");
    expect_refusal(with_spec("  allowEmpty: 'yes'\n"), "spec.allowEmpty must be true or false");
    expect_refusal(with_spec("  partition: enviroment\n"), "partition: 'enviroment' is none of environment, none");
    expect_refusal(with(base_policy, "  teams:", "  tteams:"),
                   "unknown field \"tteams\" in spec (did you mean \"teams\"?)");
    expect_refusal(with(base_policy, "{name: prod,", "{name: prod, deletion: never,"), "none of auto, keep, confirm");
}

Test(policy, the_source_is_what_argo_cd_passes_unless_it_is_set)
{
    const char *without =
        with(base_policy, "  source: {repoURL: https://example.com/gitops.git, targetRevision: main}\n", "");
    expect_refusal(without, "spec.source.repoURL is missing");
    fixture.input.repo_url = "git@example.com:other.git";
    fixture.input.target_revision = "v1";
    generate(without);
    cr_expect(says("Application", "a-dev", "repoURL: git@example.com:other.git"));
    cr_expect(says("Application", "a-dev", "targetRevision: v1"));
    generate(base_policy);
    cr_expect(says("Application", "a-dev", "repoURL: https://example.com/gitops.git"));
}

Test(policy, a_repository_that_is_a_pattern_is_refused)
{
    expect_refusal(with(base_policy, "https://example.com/gitops.git", "'https://example.com/*'"), "no address");
    expect_refusal(with(base_policy, "https://example.com/gitops.git", "'!x'"), "no address");
}

/* One that begins with a dash would be an option of git's. */
Test(policy, a_revision_that_is_none_is_refused)
{
    static const char *const none[] = {"-x", "''", "\"a\\nb\""};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        const char *revision = arena_format(fixture.tree.arena, "targetRevision: %s", none[i]);
        expect_refusal(with(base_policy, "targetRevision: main", revision), "is no revision");
        expect_refusal(
            with(base_policy, "{name: prod,", arena_format(fixture.tree.arena, "{name: prod, %s,", revision)),
            "is no revision");
    }
}

Test(policy, ambiguous_environments_are_refused_without_any_collision)
{
    const char *policy =
        with(base_policy, environments,
             "  - {name: prod, destination: {name: a}}\n  - {name: eu-prod, destination: {name: b}}\n");
    expect_refusal(policy,
                   "spec.application.name '{app}-{env}' is ambiguous: an app in 'prod' and another one in 'eu-prod'");
    generate(with(policy, "spec:\n", "spec:\n  application: {name: '{env}.{app}'}\n  roots: {name: '{env}.root'}\n"));
    cr_expect_not_null(find("Application", "prod.a"));
}

Test(policy, several_clusters_need_the_cluster_in_the_name)
{
    const char *policy =
        with(base_policy, "{name: prod, destination: {name: in-cluster}}",
             "{name: prod, destinations: [{name: eu}, {server: https://us.example.com, cluster: us}]}");
    expect_refusal(policy, "environment 'prod' has several destinations, so the name needs {cluster}");
    generate(with(policy, "spec:\n", "spec:\n  application: {name: '{app}-{env}-{cluster}'}\n"));
    cr_expect(says("Application", "a-prod-eu", "name: eu"));
    cr_expect(says("Application", "a-prod-us", "server: https://us.example.com"));
    cr_expect(says("AppProject", "default-prod",
                   "- name: eu\n    namespace: '*-prod'\n  - namespace: '*-prod'\n    server: "
                   "https://us.example.com"));
    expect_refusal(
        with(with(policy, ", cluster: us", ""), "spec:\n", "spec:\n  application: {name: '{app}-{env}-{cluster}'}\n"),
        "give this destination a cluster");
}

Test(policy, named_segments_have_to_tell_names_apart)
{
    add_overlay("regions/eu/a/dev");
    const char *policy = with(base_policy, "apps/{app}/k8s/overlays/{env}", "regions/{region}/{app}/{env}");
    expect_refusal(policy, "spec.application.name does not use {region}");
    expect_refusal(with(policy, "spec:\n", "spec:\n  application: {name: '{app}-{region}-{env}'}\n"),
                   "could not be told apart");
    generate(with(policy, "spec:\n", "spec:\n  application: {name: '{region}.{app}-{env}'}\n"));
    cr_expect_not_null(find("Application", "eu.a-dev"));
    generate(with(policy, "{region}", "*"));
    cr_expect_not_null(find("Application", "a-dev"));
}

Test(policy, teams_in_names_have_to_be_told_apart)
{
    const char *policy = with(with_spec("  application: {name: '{team}-{app}-{env}'}\n"), teams,
                              "  - {name: a, apps: [x-*]}\n  - {name: a-b, apps: ['*']}\n");
    expect_refusal(policy, "apps of team 'a' and of team 'a-b' could get the same name");
    generate(with(policy, "a-b,", "b,"));
}

Test(policy, projects_need_names_of_their_own)
{
    expect_refusal(with_spec("  projects: {name: '{team}'}\n"), "the project of another team or environment");
    expect_refusal(with_spec("  projects: {name: '{team}-{env}-{app}'}\n"), "unknown placeholder {app}");
    const char *one = with(with_spec("  projects: {name: '{team}'}\n"), environments,
                           "  - {name: dev, destination: {name: in-cluster}}\n");
    expect_refusal(one, "'default', which is Argo CD's own project");
    expect_refusal(with(base_policy, teams, "  - {name: argocd, apps: ['*']}\n") == NULL
                       ? ""
                       : with(with(one, teams, "  - {name: root, apps: ['*']}\n"), "'{team}'", "'argocd-{team}'"),
                   "the project of the roots");
}

Test(policy, team_and_environment_together_must_not_collide)
{
    const char *policy = with(base_policy, environments,
                              "  - {name: b, destination: {name: x}}\n  - {name: a-b, destination: {name: y}}\n");
    policy = with(policy, teams, "  - {name: t-a, apps: [x]}\n  - {name: t, apps: ['*']}\n");
    expect_refusal(with(policy, "spec:\n", "spec:\n  application: {name: '{env}.{app}'}\n"),
                   "makes the name 't-a-b', which is the project of another team");
}

Test(policy, first_match_wins_and_the_star_comes_last)
{
    add_overlay("apps/ledger-x/k8s/overlays/dev");
    generate(with(base_policy, "ledger-*]", "'ledger-?']"));
    cr_expect(says("Application", "ledger-x-dev", "project: payments-dev"));
    expect_refusal(with(base_policy, teams, "  - {name: all, apps: ['*']}\n  - {name: late, apps: [x]}\n"),
                   "team 'late' is never reached");
    expect_refusal(with(base_policy, "ledger-*", "'led[a-z]'"), "no pattern of app names");
}

Test(policy, duplicates_and_bad_names)
{
    expect_refusal(with(base_policy, "{name: prod,", "{name: dev,"), "environment 'dev' stands here twice");
    expect_refusal(with(base_policy, "{name: prod,", "{name: Prod,"), "environment 'Prod'");
    expect_refusal(with(base_policy, "{name: default,", "{name: payments,"), "team 'payments' stands here twice");
    expect_refusal(with(base_policy, "{name: prod, destination: {name: in-cluster}}", "{name: prod}"),
                   "no destination");
    expect_refusal(with(base_policy, "destination: {name: in-cluster}}", "destination: {name: a, server: b}}"),
                   "either a name or a server");
    expect_refusal(with(base_policy, "destination: {name: in-cluster}}", "destination: {name: '*'}}"), "is no cluster");
}

Test(policy, paths)
{
    expect_refusal(with(base_policy, "apps/{app}/k8s/overlays/{env}", "apps/{app}"),
                   "needs the app and the environment");
    expect_refusal(with(base_policy, "apps/{app}/k8s/overlays/{env}", "/apps/{app}/{env}"), "remove the leading slash");
    expect_refusal(with(base_policy, "apps/{app}/k8s/overlays/{env}", "apps/{app}/{team}/{env}"),
                   "a meaning of its own");
    expect_refusal(with(base_policy, "'apps/{app}/k8s/overlays/{env}'", "'apps/x', exclude: true"), "there are none");
    expect_refusal(with(base_policy, "'apps/{app}/k8s/overlays/{env}'", "'apps/{app}', env: qa"), "'qa' is not listed");
}

/* Namespaces: no two teams share one. */

Test(policy, one_namespace_for_two_teams_is_refused)
{
    const char *shared = with(base_policy, "{name: dev, destination: {name: in-cluster}}",
                              "{name: dev, destination: {name: in-cluster, namespace: shop}}");
    expect_refusal(shared,
                   "namespaces overlap: team 'payments' in 'dev' has 'shop', team 'default' in 'dev' has 'shop'");
    generate(with(shared, teams, "  - {name: default, apps: ['*']}\n"));
}

Test(policy, environments_of_one_cluster_do_not_share_namespaces)
{
    const char *policy =
        with(base_policy, environments,
             "  - {name: dev, destination: {name: in-cluster, namespace: '{app}'}}\n"
             "  - {name: prod, destination: {server: https://kubernetes.default.svc, namespace: '{app}'}}\n");
    expect_refusal(policy, "namespaces overlap");
    generate(with(policy, "server: https://kubernetes.default.svc", "name: other"));
}

Test(policy, teams_in_namespaces_have_to_be_told_apart)
{
    const char *policy = with(base_policy, environments,
                              "  - {name: dev, destination: {name: in-cluster, namespace: '{team}-{app}'}}\n");
    generate(policy);
    expect_refusal(with(policy, teams, "  - {name: a, apps: [x-*]}\n  - {name: a-x, apps: ['*']}\n"),
                   "namespaces overlap");
}

Test(policy, reserved_namespaces)
{
    const char *plain =
        with(base_policy, environments, "  - {name: dev, destination: {name: in-cluster, namespace: '{app}'}}\n");
    add_overlay("apps/argocd/k8s/overlays/dev");
    add_overlay("apps/kube-system/k8s/overlays/dev");
    generate(plain);
    cr_expect(has_problem("apps/argocd/k8s/overlays/dev", "namespace 'argocd' is reserved"));
    cr_expect(has_problem("apps/kube-system/k8s/overlays/dev", "reserved"));
    expect_refusal(with(plain, "apps: [checkout,", "apps: [argocd,"), "namespace 'argocd' is reserved");
    generate(with(plain, "spec:\n", "spec:\n  reservedNamespaces: []\n"));
    cr_expect_not_null(find("Application", "kube-system-dev"));
    cr_expect(has_problem("apps/argocd/k8s/overlays/dev", "reserved"), "Argo CD's own namespace always is");
    expect_refusal(with(base_policy, "{name: dev, destination: {name: in-cluster}}",
                        "{name: dev, destination: {name: in-cluster, namespace: argocd}}"),
                   "namespace");
}

Test(policy, templates_may_not_set_what_the_policy_decides)
{
    static const char *const bad[] = {
        "  application: {template: {spec: {project: default}}}\n",
        "  application: {template: {spec: {destination: {namespace: argocd}}}}\n",
        "  application: {template: {spec: {source: {repoURL: x}}}}\n",
        "  application: {template: {metadata: {name: x}}}\n",
        "  application: {template: {operation: {}}}\n",
        "  application: {template: {spec: {sources: []}}}\n",
        "  projects: {template: {spec: {destinations: []}}}\n",
        "  projects: {template: {spec: {sourceRepos: ['*']}}}\n",
        "  roots: {template: {spec: {project: x}}}\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect_refusal(with_spec(bad[i]), "cannot be set");
    expect_refusal(with_spec("  application: {template: {metadata: {labels: {a: '{aap}'}}}}\n"), "did you mean {app}?");
}

Test(policy, hostile_sizes_end)
{
    struct text text = {0};
    text_string(&text, "  application: {template: {spec: ");
    for (size_t i = 0; i < 100; i++)
        text_string(&text, "{a: ");
    text_string(&text, "1");
    text_repeat(&text, '}', 100);
    text_string(&text, "}}\n");
    expect_refusal(with_spec(text.bytes), "nested more than 64 deep");
    text_free(&text);
}

Test(policy, a_template_fits_the_renderer)
{
    static const char plugin[] = "template: {spec: {source: {plugin: {parameters: []}}}}";
    static const char native[] = "template: {spec: {source: {kustomize: {namePrefix: x-}}}}";
    struct arena *arena = fixture.tree.arena;
    generate(with_spec(arena_format(arena, "  application: {%s}\n", plugin)));
    generate(with_spec(arena_format(arena, "  application: {renderer: kustomize, %s}\n", native)));
    expect_refusal(with_spec(arena_format(arena, "  application: {%s}\n", native)),
                   "spec.source.kustomize does not fit the renderer: use spec.source.plugin.parameters");
    expect_refusal(with_spec(arena_format(arena, "  application: {renderer: kustomize, %s}\n", plugin)),
                   "spec.source.plugin does not fit the renderer: use spec.source.kustomize");
    expect_refusal(with_spec(arena_format(arena, "  application: {renderer: auto, %s}\n", plugin)),
                   "choose one renderer");
    expect_refusal(with_spec(arena_format(arena, "  application: {renderer: auto, %s}\n", native)),
                   "choose one renderer");
    expect_refusal(with_spec("  application: {renderer: automatic}\n"), "none of plugin, kustomize, auto");
}
